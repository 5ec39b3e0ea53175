"""Forms of what is put in order about an inquiry, and of what is entered by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.desk.actions.information import COLUMNS, Details, stamp
from pelita.desk.models import (
    Citizen,
    Decision,
    InformationForm,
    InformationRequest,
    Inquiry,
    InquiryKind,
    InquirySource,
)
from pelita.offices.models import Village
from pelita.web.forms import SeenForm

OUTSIDE = [choice for choice in InquirySource.choices if choice[0] != InquirySource.WHATSAPP]
SOMEBODY_NEW = "baru"


class KindForm(SeenForm):
    """What the inquiry is."""

    kind = forms.ChoiceField(label=_("Jenis"), choices=InquiryKind.choices)


class VillageForm(SeenForm):
    """Where the citizen lives."""

    def __init__(self, *args: Any, villages: Sequence[Village], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.villages = {str(one.pk): one for one in villages}
        choices = [("", _("belum diketahui")), *((key, one.name) for key, one in self.villages.items())]
        self.fields["village"] = forms.ChoiceField(label=_("Desa"), required=False, choices=choices)

    def chosen(self) -> Village | None:
        """The village that was picked."""
        return self.villages.get(self.cleaned_data["village"])


class RequestForm(SeenForm):
    """What the register of public information holds beside the question. ``stamp``: of what was on the screen."""

    stamp = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    address = forms.CharField(label=_("Alamat pemohon"), required=False, max_length=200)
    purpose = forms.CharField(label=_("Tujuan penggunaan"), required=False, max_length=300)
    form = forms.ChoiceField(
        label=_("Bentuk yang diminta"), required=False, choices=[("", _("belum ditentukan")), *InformationForm.choices]
    )
    decision = forms.ChoiceField(
        label=_("Keputusan"), required=False, choices=[("", _("belum ada")), *Decision.choices]
    )
    reason = forms.CharField(
        label=_("Alasan penolakan"),
        required=False,
        max_length=300,
        help_text=_("Wajib bila ditolak, seluruhnya atau sebagian."),
    )

    @staticmethod
    def first(found: InformationRequest | None) -> dict[str, str]:
        """What the form begins with."""
        return {"stamp": stamp(found), **({name: getattr(found, name) for name in COLUMNS} if found else {})}

    @classmethod
    def told(cls, found: InformationRequest | None) -> list[tuple[str, str]]:
        """Label and words of each column as it is kept."""
        told = found or InformationRequest()
        words = {"form": told.get_form_display(), "decision": told.get_decision_display()}
        return [(str(cls.base_fields[name].label), str(words.get(name, getattr(told, name)))) for name in COLUMNS]

    def catch_up(self, found: InformationRequest | None) -> bool:
        """Take the stamp of what is kept now: whoever has been shown it may write over it. Returns whether it is
        another one than the form had."""
        now = stamp(found)
        newer: bool = self["stamp"].value() != now
        self.data = {**{name: self.data.get(name, "") for name in self.fields}, "stamp": now}
        return newer

    def details(self) -> Details:
        """What was written."""
        return Details(**{name: self.cleaned_data[name] for name in COLUMNS})


class ExtensionForm(SeenForm):
    """Why the ten working days are not enough."""

    extension_reason = forms.CharField(
        label=_("Alasan"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ToldForm(SeenForm):
    """What was said to the citizen, and how."""

    text = forms.CharField(
        label=_("Yang disampaikan kepada warga"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    how = forms.ChoiceField(label=_("Disampaikan lewat"), choices=OUTSIDE)


def follow_up_field(label: Any, *, required: bool = True) -> forms.DateField:
    """When a referral is asked about next."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d"],
        error_messages={"required": _("Pilih tanggalnya."), "invalid": _("Pilih tanggalnya.")},
    )


class ReferralForm(SeenForm):
    """Where the matter lies now."""

    body = forms.CharField(
        label=_("Lembaga"),
        required=False,
        max_length=120,
        help_text=_("Misalnya Dispendukcapil, Polsek, desa, Damarmojo, SP4N-LAPOR!"),
    )
    number = forms.CharField(label=_("Nomor di sana"), required=False, max_length=60)
    follow_up_on = follow_up_field(_("Tanyakan lagi tanggal"))
    note = forms.CharField(label=_("Keterangan"), required=False, widget=forms.Textarea(attrs={"rows": 2}))


class OutcomeForm(SeenForm):
    """What became of a referral, or when it is asked about next."""

    referral = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    outcome = forms.CharField(label=_("Hasilnya"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    number = forms.CharField(label=_("Nomor di sana"), required=False, max_length=60)
    follow_up_on = follow_up_field(_("Belum ada hasil? Tanyakan lagi tanggal"), required=False)


class SplitForm(SeenForm):
    """Messages that become an inquiry of their own."""

    def __init__(self, *args: Any, entries: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entries"] = forms.MultipleChoiceField(
            label=_("Pesan"), required=False, choices=entries, widget=forms.CheckboxSelectMultiple
        )


class JoinForm(SeenForm):
    """Another inquiry of the same citizen."""

    def __init__(self, *args: Any, others: Sequence[Inquiry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(
            label=_("Gabungkan ke"), choices=[(one.code, f"{one.code} · {one.summary[:60]}") for one in others]
        )


class SameForm(SeenForm):
    """The code of an inquiry about the same matter; empty takes the link away."""

    same = forms.CharField(label=_("Kode"), required=False, max_length=12)


class RecordForm(forms.Form):
    """What a citizen brought past WhatsApp."""

    source = forms.ChoiceField(label=_("Datang lewat"), choices=OUTSIDE)
    kind = forms.ChoiceField(label=_("Jenis"), choices=InquiryKind.choices)
    name = forms.CharField(label=_("Nama warga"), required=False, max_length=200)
    number = forms.CharField(
        label=_("Nomor HP"),
        required=False,
        max_length=30,
        help_text=_("Boleh kosong. Dengan nomor, percakapan WhatsApp-nya ditemukan."),
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    text = forms.CharField(label=_("Yang disampaikan"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    outside_number = forms.CharField(label=_("Nomor di kanal asal"), required=False, max_length=60)

    def __init__(
        self, *args: Any, villages: Sequence[Village], people: Sequence[tuple[Citizen, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        known = [(str(village.pk), village.name) for village in villages]
        self.fields["village"] = forms.ChoiceField(
            label=_("Desa"), required=False, choices=[("", _("belum diketahui")), *known]
        )
        if people:
            choices = [(str(citizen.pk), words) for citizen, words in people]
            self.fields["citizen"] = forms.ChoiceField(
                label=_("Warga yang mana?"),
                choices=[*choices, (SOMEBODY_NEW, _("Warga baru"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Pilih warganya, atau “Warga baru”.")},
            )
