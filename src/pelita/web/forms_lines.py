"""What the operator fills in about the number."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.base import phone
from pelita.web.present.lines import CATEGORIES
from pelita.whatsapp.actions.connecting import Connection
from pelita.whatsapp.models import Line


class PriceForm(forms.Form):
    """Price of one charged message from a day on."""

    category = forms.ChoiceField(label=_("Jenis pesan"), choices=list(CATEGORIES.items()))
    amount = forms.DecimalField(
        label=_("Harga satu pesan (rupiah)"),
        min_value=Decimal(0),
        max_digits=10,
        decimal_places=4,
        localize=True,
        error_messages={
            "invalid": _("Tulis angkanya saja, misalnya 350."),
            "min_value": _("Harga tidak bisa negatif."),
        },
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    starts_on = forms.DateField(
        label=_("Berlaku mulai"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Pilih tanggalnya.")},
    )
    source = forms.CharField(
        label=_("Sumber"),
        required=False,
        max_length=200,
        help_text=_("Misalnya: daftar harga di WhatsApp Manager."),
    )


class FreeForm(forms.Form):
    """The free replies of a month."""

    free = forms.IntegerField(
        label=_("Jatah balasan gratis sebulan"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("Menurut aturan WhatsApp sejak Oktober 2026: 1.000."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Tulis angkanya saja, misalnya 1000.")},
    )


ID = r"^[0-9A-Za-z_.-]{1,40}$"
_PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
_SECRET = forms.PasswordInput(attrs={"autocomplete": "new-password"})


def _id_field(label: Any, hint: Any) -> forms.RegexField:
    return forms.RegexField(
        regex=ID,
        label=label,
        help_text=hint,
        error_messages={"invalid": _("Salin ID-nya saja, tanpa spasi.")},
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "numeric"}),
    )


class ConnectionForm(forms.Form):
    """Everything by which a number is reached. Secrets are never shown; an empty one keeps what is there."""

    display_phone = forms.CharField(
        label=_("Nomor WhatsApp kantor"),
        max_length=30,
        help_text=_("Seperti 0851-5556-5667."),
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "tel"}),
    )
    phone_number_id = _id_field(_("ID nomor telepon"), _("WhatsApp Manager, Nomor telepon. Bukan nomornya."))
    business_account_id = _id_field(_("ID akun WhatsApp Business"), _("WhatsApp Manager, di bawah nama akun."))
    token = forms.CharField(label=_("Kunci akses"), required=False, max_length=1000, strip=True, widget=_SECRET)
    app_id = _id_field(_("ID aplikasi"), _("Halaman aplikasi di Meta, App ID."))
    app_secret = forms.CharField(
        label=_("Rahasia aplikasi"), required=False, max_length=200, strip=True, widget=_SECRET
    )
    coexistence = forms.BooleanField(
        label=_("Nomor ini tetap dipakai di aplikasi WhatsApp Business pada HP kantor"), required=False
    )
    base_url = forms.CharField(
        label=_("Alamat layanan"),
        max_length=200,
        initial="https://graph.facebook.com",
        widget=forms.TextInput(attrs=_PLAIN),
    )
    api_version = forms.RegexField(
        regex=r"^(v\d{1,3}\.\d{1,3})?$",
        label=_("Versi API"),
        required=False,
        initial="v26.0",
        help_text=_("Kosongkan bila mitra tidak memakainya."),
        error_messages={"invalid": _("Tulis seperti v26.0.")},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    auth_header = forms.RegexField(
        regex=r"^[A-Za-z0-9-]{1,40}$",
        label=_("Nama tajuk kunci akses"),
        initial="Authorization",
        error_messages={"invalid": _("Hanya huruf, angka, dan tanda hubung.")},
        widget=forms.TextInput(attrs=_PLAIN),
    )
    auth_scheme = forms.RegexField(
        regex=r"^[A-Za-z0-9-]{0,20}$",
        label=_("Kata di depan kunci akses"),
        required=False,
        initial="Bearer",
        help_text=_("Kosongkan bila mitra meminta kuncinya saja."),
        error_messages={"invalid": _("Hanya huruf, angka, dan tanda hubung.")},
        widget=forms.TextInput(attrs=_PLAIN),
    )

    PARTNER = ("base_url", "api_version", "auth_header", "auth_scheme")

    @classmethod
    def of(cls, line: Line) -> ConnectionForm:
        """The form with what is stored, secrets left out."""
        names = [name for name in cls.base_fields if name not in {"token", "app_id", "app_secret"}]
        known = {name: getattr(line, name) for name in names}
        return cls(initial={**known, "display_phone": phone.local(line.display_phone), "app_id": line.app.app_id})

    def connection(self) -> Connection:
        return Connection(**self.cleaned_data)

    @property
    def partner_open(self) -> bool:
        """Whether the part for partners differs from Meta's own, or has something wrong in it."""
        usual = all(self[name].value() == self.fields[name].initial for name in self.PARTNER)
        return not usual or any(name in self.errors for name in self.PARTNER)


class TestForm(forms.Form):
    """Where the test message goes."""

    to = forms.CharField(
        label=_("Nomor HP Anda"),
        max_length=30,
        widget=forms.TextInput(attrs={**_PLAIN, "inputmode": "tel"}),
        error_messages={"required": _("Tulis nomor HP yang menerima pesan uji.")},
    )
