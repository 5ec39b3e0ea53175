"""What is filled in about the office itself: who is away, how long things may take."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.catalog.models import Service
from pelita.desk.actions.ladder import REMINDED
from pelita.desk.actions.policies import LONGEST, Wanted
from pelita.desk.errors import InvalidError
from pelita.desk.models import Clock, Deadline, InquiryKind
from pelita.desk.models_deadline import Audience, When
from pelita.offices.models import Officer, Section, Timetable
from pelita.offices.worktime import Span
from pelita.web.words import weekdays


def day_field(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Pilih tanggalnya."), "required": _("Pilih tanggalnya.")},
    )


class OfficeForm(forms.Form):
    """A form whose action may object to one of its fields."""

    def refuse(self, error: InvalidError) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error))


class AbsenceForm(OfficeForm):
    """Who is away, from when to when, and who stands in. ``officer`` only where there is a choice."""

    officer = forms.ChoiceField(label=_("Siapa"))
    starts_on = day_field(_("Hari pertama"))
    ends_on = day_field(_("Hari terakhir"))
    substitute = forms.ChoiceField(
        label=_("Pengganti"),
        required=False,
        help_text=_("Pengganti mendapat tugas dan kabarnya selama itu."),
    )
    reason = forms.CharField(
        label=_("Keterangan"), required=False, max_length=200, help_text=_("Misalnya: cuti, dinas luar, diklat.")
    )

    def __init__(self, *args: Any, people: Sequence[Officer], absent: Sequence[Officer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(one.pk): one for one in people}
        self._choices("officer", [(str(one.pk), one.full_name) for one in absent])
        self._choices("substitute", [("", _("Belum ada")), *((str(one.pk), one.full_name) for one in people)])
        self.fields["officer"].initial = str(absent[0].pk)
        if len(absent) == 1:
            self.fields["officer"].widget = forms.HiddenInput()

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        offered = forms.ChoiceField(choices=choices, required=field.required, help_text=field.help_text)
        offered.label = field.label
        self.fields[name] = offered

    def chosen(self, name: str) -> Officer | None:
        """The officer that a field names."""
        return self.people.get(self.cleaned_data[name])


UNITS = (("m", _("menit")), ("h", _("jam")), ("d", _("hari")))


def count_field(*, required: bool = True, help_text: Any = "") -> forms.IntegerField:
    """How many minutes, hours or days."""
    return forms.IntegerField(
        label=_("Lama"),
        required=required,
        min_value=1,
        max_value=LONGEST,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Tulis angkanya saja, misalnya 3."), "required": _("Tulis lamanya.")},
    )


class PolicyForm(OfficeForm):
    """How long one thing may take from a day on."""

    deadline = forms.ChoiceField(label=_("Yang diatur"), choices=Deadline.choices)
    kind = forms.ChoiceField(label=_("Jenis"), required=False, choices=[("", _("Semua jenis")), *InquiryKind.choices])
    section = forms.ChoiceField(label=_("Seksi"), required=False)
    service = forms.ChoiceField(label=_("Layanan"), required=False)
    count = count_field()
    unit = forms.ChoiceField(label=_("Satuan"), choices=UNITS, initial="d")
    clock = forms.ChoiceField(label=_("Dihitung dalam"), choices=Clock.choices, initial=Clock.WORKING)
    valid_from = day_field(_("Berlaku mulai"))
    source = forms.CharField(
        label=_("Dasar"),
        required=False,
        max_length=200,
        help_text=_("Misalnya: keputusan Camat, nomor dan tanggalnya."),
    )

    def __init__(self, *args: Any, sections: Sequence[Section], services: Sequence[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sections = {str(one.pk): one for one in sections}
        self.services = {str(one.pk): one for one in services}
        self._offer("section", _("Semua seksi"), [(key, one.short_name) for key, one in self.sections.items()])
        self._offer("service", _("Semua layanan"), [(key, one.name) for key, one in self.services.items()])

    def _offer(self, name: str, every: Any, choices: Sequence[tuple[str, Any]]) -> None:
        offered = forms.ChoiceField(required=False, choices=[("", every), *choices])
        offered.label = self.fields[name].label
        self.fields[name] = offered

    def wanted(self) -> Wanted:
        """The policy that was filled in."""
        found = self.cleaned_data
        return Wanted(
            deadline=found["deadline"], term=f"{found['count']}{found['unit']}", kind=found["kind"],
            section=self.sections.get(found["section"]), service=self.services.get(found["service"]),
            clock=found["clock"], valid_from=found["valid_from"], source=found["source"],
        )  # fmt: skip


class ReminderForm(OfficeForm):
    """One rung: whether it is told, and whether in quiet hours too."""

    rung = forms.CharField(max_length=60)
    active = forms.BooleanField(required=False)
    urgent = forms.BooleanField(required=False)


class RungForm(OfficeForm):
    """One more rung of the ladder."""

    deadline = forms.ChoiceField(label=_("Tenggat"), choices=[(one.value, one.label) for one in REMINDED])
    to = forms.ChoiceField(label=_("Siapa"), choices=Audience.choices)
    when = forms.ChoiceField(label=_("Kapan"), choices=When.choices, initial=When.AFTER)
    count = count_field(required=False, help_text=_("Dalam jam kerja. Kosong bila saat tenggat."))
    unit = forms.ChoiceField(label=_("Satuan"), choices=UNITS, initial="h")
    urgent = forms.BooleanField(label=_("Juga di jam tenang"), required=False)

    def wanted(self) -> dict[str, Any]:
        """What the action takes."""
        found = self.cleaned_data
        term = f"{found['count']}{found['unit']}" if found["count"] else ""
        return {name: found[name] for name in ("deadline", "to", "when", "urgent")} | {"term": term}


class RowForm(OfficeForm):
    """One policy, or one rung, by its name."""

    row = forms.CharField(max_length=80)


class QuietForm(OfficeForm):
    """When nobody is disturbed."""

    quiet_from = forms.TimeField(label=_("Mulai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    quiet_until = forms.TimeField(label=_("Sampai"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


STRETCH = re.compile(r"(\d{1,2})[.:](\d{2})\s*[-–]\s*(\d{1,2})[.:](\d{2})")


def spans_of(text: str) -> list[Span]:
    """``07.30-12.00, 13.00-16.00`` as stretches; 24.00 is midnight. Raises ValidationError."""
    found: list[Span] = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = STRETCH.fullmatch(part)
        hours = [int(one) for one in match.groups()] if match else [99] * 4
        try:
            found.append((time(hours[0], hours[1]), time(hours[2] % 24, hours[3])))
        except ValueError as error:
            raise forms.ValidationError(_("Tulis seperti 07.30-12.00, 13.00-16.00.")) from error
    return found


def span_words(spans: Sequence[Span]) -> str:
    """The same in the way it is typed."""
    return ", ".join(f"{opens:%H.%M}-{'24.00' if closes == time.min else f'{closes:%H.%M}'}" for opens, closes in spans)


class SpansField(forms.CharField):
    """Stretches of work of one day; empty: none."""

    def __init__(self, *, label: Any) -> None:
        super().__init__(
            label=label, required=False, max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"})
        )

    def clean(self, value: Any) -> Any:
        return spans_of(super().clean(value))


class WeekForm(OfficeForm):
    """One weekly table."""

    season = forms.ChoiceField(choices=Timetable.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day, name in enumerate(weekdays()):
            self.fields[f"day_{day}"] = SpansField(label=name)

    @property
    def days(self) -> list[forms.BoundField]:
        return [self[f"day_{day}"] for day in range(7)]

    def week(self) -> list[list[Span]]:
        return [self.cleaned_data[f"day_{day}"] for day in range(7)]


class DayForm(OfficeForm):
    """One day that is unlike others, or several."""

    day = day_field(_("Hari"))
    until = day_field(_("Sampai"), required=False)
    name = forms.CharField(
        label=_("Sebab"),
        max_length=120,
        help_text=_("Misalnya: libur daerah, masuk pengganti."),
        error_messages={"required": _("Tulis sebabnya.")},
    )
    spans = SpansField(label=_("Jam kerja"))


class SeasonForm(OfficeForm):
    """The days on which the Ramadan table holds. ``season``: which one is changed; empty for a new one."""

    season = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    starts_on = day_field(_("Hari pertama"))
    ends_on = day_field(_("Hari terakhir"))
    source = forms.CharField(
        label=_("Dasar"),
        max_length=200,
        help_text=_("Misalnya: surat edaran bupati, penetapan Kementerian Agama."),
        error_messages={"required": _("Tulis dasarnya.")},
    )
