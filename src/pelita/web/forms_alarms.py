"""What is filled in about an emergency: little, because minutes count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pelita.news.alarms import CHOICES, Alarm
from pelita.news.models import Way
from pelita.news.rules import MAX_PLACE, MAX_TEXT, MAX_TITLE
from pelita.offices.models import Section, Village
from pelita.web.forms_office import OfficeForm

ALL = gettext_lazy("Seluruh kecamatan")


def hours_words(hours: int) -> str:
    """``6 jam``, ``2 hari``."""
    return _("{n} hari").format(n=hours // 24) if hours >= 24 else _("{n} jam").format(n=hours)


class HoursForm(OfficeForm):
    """How much longer it holds, from now."""

    hours = forms.TypedChoiceField(label=gettext_lazy("Berlaku selama"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = forms.TypedChoiceField(
            label=self.fields["hours"].label, coerce=int, choices=[(n, hours_words(n)) for n in CHOICES]
        )
        self.fields["hours"] = offered


class AlarmForm(HoursForm):
    """An emergency. An empty title is made of what it is and where. ``key``: of the device, against a second tap."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Judul"), max_length=MAX_TITLE, required=False)
    village = forms.TypedChoiceField(label=gettext_lazy("Di mana"), required=False, coerce=int, empty_value=None)
    place = forms.CharField(
        label=gettext_lazy("Tempat tepatnya"), max_length=MAX_PLACE, required=False,
        help_text=gettext_lazy("Boleh kosong. Misalnya: jalan raya depan pasar."),
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Pesan untuk warga"), max_length=MAX_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )
    section = forms.TypedChoiceField(label=gettext_lazy("Atas nama"), coerce=int)
    ways = forms.MultipleChoiceField(
        label=gettext_lazy("Disiarkan lewat"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(way.value, way.label) for way in (Way.SHARE, Way.BROADCAST)],
    )  # fmt: skip
    field_order = ("key", "village", "place", "hours", "text", "title", "section", "ways")

    def __init__(
        self, *args: Any, alarm: Alarm, sections: Sequence[Section], villages: Sequence[Village], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sections, self.villages = {one.pk: one for one in sections}, {one.pk: one for one in villages}
        self._choose("village", [("", ALL), *((one.pk, one.name) for one in villages)])
        self._choose("section", [(one.pk, one.name) for one in sections])
        if len(sections) == 1:
            self.fields["section"].widget = forms.HiddenInput()
        self.fields["section"].initial = next((one.pk for one in sections if one.code == "TRANTIB"), sections[0].pk)
        self.fields["text"].initial, self.fields["hours"].initial = str(alarm.text), alarm.hours
        self.fields["ways"].initial = [Way.SHARE, Way.BROADCAST]

    def _choose(self, name: str, choices: Sequence[tuple[Any, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)  # noqa: S101 (as it stands above)
        field.choices = list(choices)
