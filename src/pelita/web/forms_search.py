"""What officers look for and narrow lists by."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from pelita.desk.models import InquiryKind
from pelita.desk.queries.narrowing import Narrowing
from pelita.desk.queries.queue import Due
from pelita.desk.search_words import LONGEST_QUERY
from pelita.offices import queries as offices
from pelita.offices.rules import Place
from pelita.web.present.saved import DUE_WORDS, state_choices

SELECTED = SafeString(" selected")


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class QuickSelect(forms.Select):
    """A list of choices that is drawn in one go: Django's own makes a template of every option."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        """As Django's, with groups."""
        chosen = self.format_value(value)
        parts = [
            format_html('<optgroup label="{}">{}</optgroup>', first, _options(second, chosen))
            if isinstance(second, list | tuple)
            else _options([(first, second)], chosen)
            for first, second in self.choices
        ]
        own = self.build_attrs(self.attrs, {"name": name, **(attrs or {})})
        return format_html("<select{}>{}</select>", flatatt(own), SafeString("".join(parts)))


def _options(choices: Any, chosen: Any) -> SafeString:
    found = ((pk, SELECTED if str(pk) in chosen else "", label) for pk, label in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', found)


class NarrowingForm(forms.Form):
    """Section (for those who see several), kind, state and village."""

    section = forms.TypedChoiceField(label=_("Seksi"), required=False, coerce=int, empty_value=None, widget=QuickSelect)
    kind = forms.ChoiceField(label=_("Jenis"), required=False, widget=QuickSelect)
    state = forms.ChoiceField(label=_("Keadaan"), required=False, widget=QuickSelect)
    village = forms.TypedChoiceField(label=_("Desa"), required=False, coerce=int, empty_value=None, widget=QuickSelect)

    def __init__(self, data: Any = None, *, place: Place, **more: Any) -> None:
        super().__init__(data, **more)
        everything = [("", _("Semua"))]
        self._choose("kind", [*everything, *InquiryKind.choices])
        self._choose("state", state_choices())
        villages = [(one.pk, one.name) for one in offices.villages(place.office)]
        self._choose("village", [*everything, *villages])
        own = [one for one in offices.sections(place.office) if place.sees_section(one.pk)]
        self._choose("section", [*everything, *((one.pk, one.name) for one in own)])
        if len(own) < 2:
            del self.fields["section"]

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def narrowing(self) -> Narrowing:
        """What a valid form says. Fields of other forms than this one's may be missing."""
        found = self.cleaned_data
        return Narrowing(
            section=found.get("section"),
            kind=found["kind"],
            state=found["state"],
            village=found["village"],
            since=found.get("since"),
            until=found.get("until"),
            due=found.get("due", ""),
        )


class SearchForm(NarrowingForm):
    """Words, and the days between which an inquiry was opened."""

    words = forms.CharField(
        label=_("Kata, nama, nomor, atau kode"),
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
    )
    since = day_field(_("Dari tanggal"))
    until = day_field(_("Sampai tanggal"))
    due = forms.ChoiceField(
        label=_("Tenggat"),
        required=False,
        initial="",
        choices=[("", _("Semua")), *((str(one), DUE_WORDS[one]) for one in Due)],
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", _("Tanggal akhir mendahului tanggal awal."))
        return found
