"""What a person fills in for a new template message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.base import phone
from pelita.whatsapp.errors import BadTemplateError
from pelita.whatsapp.models import Line
from pelita.whatsapp.templates import BUTTONS, CATEGORIES, LANGUAGES, PURPOSES, Draft

_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
# Codes to sign in have rules of their own and nothing to do with an office's letters.
_CATEGORIES = [(key, words) for key, words in CATEGORIES.items() if key != "AUTHENTICATION"]


def lines_of(text: str) -> list[str]:
    """One value a line; empty lines are none."""
    return [line.strip() for line in text.splitlines() if line.strip()]


class TemplateForm(forms.Form):
    """A new template. Shape only; what WhatsApp takes is checked by whatsapp/templates.py."""

    line = forms.ChoiceField(label=_("Nomor"))
    name = forms.CharField(
        label=_("Nama"),
        max_length=512,
        help_text=_("Huruf kecil, angka, garis bawah. Warga tidak melihatnya."),
        widget=forms.TextInput(attrs=_PLAIN),
    )
    purpose = forms.ChoiceField(
        label=_("Dipakai untuk"),
        required=False,
        choices=[("", _("Lain-lain")), *PURPOSES.items()],
    )
    language = forms.ChoiceField(label=_("Bahasa"), choices=list(LANGUAGES.items()))
    category = forms.ChoiceField(
        label=_("Jenis"),
        choices=_CATEGORIES,
        help_text=_("Pelayanan: tentang urusan warga itu sendiri. Yang lain dihitung promosi dan lebih mahal."),
    )
    header = forms.CharField(label=_("Judul"), required=False)
    body = forms.CharField(
        label=_("Isi pesan"),
        help_text=_("Bagian yang berubah ditulis {{1}}, {{2}}, berurutan, tidak di awal atau akhir."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    examples = forms.CharField(
        label=_("Contoh isian"),
        required=False,
        help_text=_("Satu baris untuk tiap {{…}}. WhatsApp memeriksanya; warga tidak melihatnya."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    footer = forms.CharField(label=_("Catatan kaki"), required=False)
    buttons = forms.CharField(
        label=_("Tombol"),
        required=False,
        help_text=_("Satu baris satu tombol, paling banyak {most}.").format(most=BUTTONS),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = forms.ChoiceField(
            label=_("Nomor"), choices=[(str(line.pk), phone.local(line.display_phone)) for line in lines]
        )
        self.fields["line"] = offered

    def draft(self) -> Draft:
        """The template as written. What is not valid stands as it was typed, for the preview."""
        said = {name: self[name].value() or "" for name in self.fields} | self.cleaned_data
        return Draft(
            name=said.get("name", ""),
            language=said.get("language", ""),
            category=said.get("category", ""),
            body=said.get("body", ""),
            examples=lines_of(said.get("examples", "")),
            header=said.get("header", ""),
            footer=said.get("footer", ""),
            buttons=lines_of(said.get("buttons", "")),
            purpose=said.get("purpose", ""),
        )

    def refuse(self, error: BadTemplateError) -> None:
        """Put the objection beside the field that it speaks of."""
        self.add_error(error.field if error.field in self.fields else None, str(error))
