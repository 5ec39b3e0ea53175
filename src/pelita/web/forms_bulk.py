"""One step for several inquiries."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.desk.actions.bulk import MOST, Seen
from pelita.offices import queries as offices
from pelita.offices.models import Office

DISPOSE, CLOSE = "disposisi", "selesai"
_CHOSEN = re.compile(r"([A-Z]{2,5}-[0-9A-Z]{4,6}):(\d{1,9})")


class BulkForm(forms.Form):
    """``chosen`` are ``code:version`` of the rows as they were on the screen."""

    step = forms.ChoiceField(choices=[(DISPOSE, DISPOSE), (CLOSE, CLOSE)])
    section = forms.TypedChoiceField(label=_("Seksi"), required=False, coerce=int, empty_value=None)
    instruction = forms.CharField(
        label=_("Instruksi"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 1})
    )

    def __init__(self, *args: Any, office: Office, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(one.pk, one.name) for one in offices.sections(office)]
        self.fields["section"] = forms.TypedChoiceField(
            label=_("Seksi"), required=False, coerce=int, empty_value=None, choices=[("", _("Pilih seksi")), *names]
        )

    @property
    def chosen(self) -> list[Seen]:
        """Of the posted rows those that are well formed, each once."""
        posted = self.data.getlist("pilih") if hasattr(self.data, "getlist") else []
        found = [match for one in dict.fromkeys(posted) if (match := _CHOSEN.fullmatch(one))]
        return [(match[1], int(match[2])) for match in found[:MOST]]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.chosen:
            raise forms.ValidationError(_("Pilih dulu percakapannya."))
        if found.get("step") == DISPOSE and not found.get("section") and "section" not in self.errors:
            self.add_error("section", _("Pilih seksi yang menangani."))
        return found
