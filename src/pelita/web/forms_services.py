"""The forms of a service: what a version says, and the steps on its way."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.base.errors import InvalidError
from pelita.catalog.models import Origin
from pelita.catalog.rules import MAX_ITEMS, Content, Item
from pelita.offices.models import Section
from pelita.web.forms import SeenForm

_CASE = re.compile(r"\s*\(bila perlu\)\s*$", re.IGNORECASE)


def to_lines(items: Iterable[Item]) -> str:
    """Requirements or steps as people edit them: one a line, ``text (bila perlu) | catatan``."""
    return "\n".join(
        f"{one.text}{' (bila perlu)' if one.by_case else ''}{f' | {one.note}' if one.note else ''}" for one in items
    )


def from_lines(text: str) -> tuple[Item, ...]:
    """The other way round. Empty lines say nothing; a number in front of a line is the list's own."""
    found = []
    for line in text.splitlines():
        said, _bar, note = line.partition("|")
        said = re.sub(r"^\s*(\d{1,2}[.)]|[-•*])\s+", "", said).strip()
        bare = _CASE.sub("", said)
        if bare:
            found.append(Item(bare, by_case=bare != said, note=note.strip()))
    return tuple(found)


def _text(label: Any, rows: int = 2, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), **more)


class ContentForm(SeenForm):
    """Everything that a version says."""

    name = forms.CharField(label=_("Nama layanan"), required=False, max_length=400)
    short_name = forms.CharField(label=_("Nama singkat, untuk pesan"), required=False, max_length=400)
    aliases = _text(_("Sebutan warga, satu per baris"), 3)
    requirements = _text(
        _("Persyaratan, satu per baris"), 6, help_text=_("Akhiri dengan (bila perlu) untuk yang tidak selalu diminta.")
    )
    steps = _text(_("Langkah-langkah, satu per baris"), 5)
    duration = _text(_("Jangka waktu"))
    cost = _text(_("Biaya"))
    product = _text(_("Produk layanan"))
    complaints = _text(_("Pengaduan, saran, dan masukan"))
    decided_by = forms.CharField(label=_("Yang memutuskan"), required=False, max_length=400)
    requires_presence = forms.BooleanField(label=_("Harus datang sendiri"), required=False)
    note = _text(_("Catatan untuk warga"))
    legal_basis = _text(_("Dasar hukum, satu per baris"), 4)
    source = _text(_("Sumber"))
    facilities = _text(_("Sarana dan prasarana"))
    competence = _text(_("Kompetensi pelaksana"))
    supervision = _text(_("Pengawasan internal"))
    staff = _text(_("Jumlah pelaksana"))
    guarantee = _text(_("Jaminan pelayanan"))
    safety = _text(_("Jaminan keamanan dan keselamatan"))
    evaluation = _text(_("Evaluasi kinerja"))
    remark = _text(_("Catatan untuk petugas"))
    origin = forms.ChoiceField(label=_("Asal sumber"), choices=Origin.choices, initial=Origin.OFFICE)

    # As the page shows them: what citizens read, what the office keeps, and what the standard asks of its inside.
    PUBLIC = (
        "name", "short_name", "aliases", "requirements", "steps", "duration", "cost", "product", "complaints",
        "decided_by",
    )  # fmt: skip
    OFFICE = ("legal_basis", "source", "remark")
    INSIDE = ("facilities", "competence", "supervision", "staff", "guarantee", "safety", "evaluation")

    @classmethod
    def of(cls, content: Content, seen: int) -> ContentForm:
        """The form filled with a version."""
        values = {one.name: getattr(content, one.name) for one in fields(content)}
        return cls(
            initial={
                **values,
                "aliases": "\n".join(content.aliases),
                "requirements": to_lines(content.requirements),
                "steps": to_lines(content.steps),
                "seen": seen,
            }
        )

    def content(self) -> Content:
        """What was filled in. The form is valid."""
        found = {key: value for key, value in self.cleaned_data.items() if key in {one.name for one in fields(Content)}}
        return Content(
            **{
                **found,
                "aliases": tuple(re.split(r"[\n,;]", found["aliases"])),
                "requirements": from_lines(found["requirements"]),
                "steps": from_lines(found["steps"]),
            }
        )

    def group(self, names: Sequence[str]) -> list[Any]:
        """Bound fields in that order."""
        return [self[name] for name in names]


class NewServiceForm(ContentForm):
    """A first version, with the code and the section that the service keeps."""

    code = forms.CharField(label=_("Kode, misalnya KTP-HILANG"), required=False, max_length=60)
    section = forms.ChoiceField(label=_("Seksi"))

    def __init__(self, *args: Any, sections: Sequence[Section] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.short_name) for one in sections]
        self.fields["section"] = forms.ChoiceField(
            label=_("Seksi"), choices=choices, initial=choices[0][0] if choices else ""
        )


class StepForm(SeenForm):
    """One step of a version."""

    number = forms.IntegerField(min_value=1)
    step = forms.CharField(max_length=12)
    reason = forms.CharField(label=_("Apa yang perlu diperbaiki?"), required=False, max_length=2000)
    worse_ok = forms.BooleanField(required=False)

    def refuse(self, error: InvalidError) -> None:
        """Its page shows one sentence above everything."""
        self.add_error(None, str(error))


class ExampleForm(SeenForm):
    """A file beside one requirement, counted from 1; or none any more."""

    number = forms.IntegerField(min_value=1)
    position = forms.IntegerField(min_value=1, max_value=MAX_ITEMS)
    file = forms.FileField(label=_("Foto atau PDF"), required=False, max_length=200)
    remove = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """A file, unless one is taken away."""
        said = super().clean() or {}
        if not said.get("remove") and not said.get("file") and "file" not in self.errors:
            self.add_error("file", _("Pilih foto atau PDF."))
        return said
