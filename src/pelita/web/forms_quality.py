"""The forms of the sentences that the understanding is judged by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.base.errors import InvalidError
from pelita.catalog.sentences import Written
from pelita.web.forms_office import OfficeForm

Choices = Sequence[tuple[str, str]]
MOST_BYTES = 1_000_000


class SentenceForm(OfficeForm):
    """One sentence with what is right. ``services``, ``sections``: pairs of code and name."""

    text = forms.CharField(label=_("Kalimat warga"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    service = forms.ChoiceField(label=_("Layanan yang benar"), required=False)
    second = forms.ChoiceField(label=_("Layanan kedua"), required=False)
    section = forms.ChoiceField(label=_("Seksi"), required=False)
    answer = forms.BooleanField(label=_("Syarat layanan ini sudah menjawabnya"), required=False, initial=True)

    def __init__(self, *args: Any, services: Choices = (), sections: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, none, choices in (
            ("service", _("tidak ada"), services), ("second", _("tidak ada"), services),
            ("section", _("ikut layanannya"), sections),
        ):  # fmt: skip
            self.fields[name] = forms.ChoiceField(
                label=self.fields[name].label, required=False, choices=[("", none), *choices]
            )

    def written(self, section_of: dict[str, str]) -> Written:
        """What was filled in. Where no section was chosen it is the first service's own, ``section_of`` its code."""
        said = self.cleaned_data
        services = tuple(dict.fromkeys(code for code in (said["service"], said["second"]) if code))
        section = said["section"] or (section_of.get(services[0], "") if services else "")
        answer = bool(said["answer"] and services)
        return Written(said["text"], services, (section,) if section else (), answer)


class FileForm(OfficeForm):
    """A file of sentences."""

    file = forms.FileField(label=_("Berkas CSV"))

    def clean_file(self) -> str:
        """Its text."""
        given = self.cleaned_data["file"]
        if given.size > MOST_BYTES:
            raise forms.ValidationError(_("Paling besar 1 MB."))
        try:
            return str(given.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("Simpan berkasnya sebagai CSV dengan UTF-8.")) from None


class LearnForm(OfficeForm):
    """What a question teaches: an alias of a service, and a sentence of the set. ``proposed``: a first guess."""

    service = forms.ChoiceField(label=_("Layanan yang benar"), required=False)
    alias = forms.CharField(label=_("Sebutan warga"), required=False, max_length=200)
    text = forms.CharField(label=_("Kalimat uji"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    answer = forms.BooleanField(label=_("Syarat layanan ini menjawabnya"), required=False, initial=True)

    def __init__(self, *args: Any, services: Choices = (), proposed: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.update(proposed or {})
        choices = [("", _("tidak ada, oleh petugas")), *services]
        self.fields["service"] = forms.ChoiceField(label=self.fields["service"].label, required=False, choices=choices)

    def chosen(self) -> str:
        """The service of an alias. Raises InvalidError when there is none."""
        code = str(self.cleaned_data["service"])
        if not code:
            raise InvalidError("service", str(_("Pilih layanannya.")))
        return code

    def written(self, section_of: Mapping[str, str]) -> Written:
        """The sentence. ``section_of``: sections by services, under the empty code the one that has the inquiry."""
        code = self.cleaned_data["service"]
        section = section_of.get(code, "")
        return Written(
            self.cleaned_data["text"], (code,) if code else (), (section,) if section else (),
            answer=bool(code and self.cleaned_data["answer"]),
        )  # fmt: skip
