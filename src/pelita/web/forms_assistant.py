"""The form of one text of the assistant."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.web.forms_office import OfficeForm


class TextForm(OfficeForm):
    """The office's own words, and whether they are said at all. Empty: the packaged words."""

    text = forms.CharField(label=_("Kalimat"), required=False, widget=forms.Textarea(attrs={"rows": 5}))
    active = forms.BooleanField(label=_("Kirim kalimat ini"), required=False)
