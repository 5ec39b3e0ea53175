"""The form of a ready reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.offices.models import Section
from pelita.web.forms import SeenForm

SHARED = "bersama"


class ReplyForm(SeenForm):
    """Title and text; for a new one also who keeps it."""

    title = forms.CharField(label=_("Judul"), required=False, max_length=200)
    text = forms.CharField(label=_("Isi"), required=False, widget=forms.Textarea(attrs={"rows": 7}))
    keeper = forms.ChoiceField(label=_("Untuk"), required=False)

    def __init__(self, *args: Any, sections: Sequence[Section] = (), shared: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(SHARED, _("Semua seksi"))] if shared else []
        choices += [(str(section.pk), section.short_name) for section in sections]
        if choices:
            keeper = forms.ChoiceField(label=_("Untuk"), choices=choices)
            keeper.initial = choices[0][0]
            self.fields["keeper"] = keeper
        else:
            del self.fields["keeper"]
