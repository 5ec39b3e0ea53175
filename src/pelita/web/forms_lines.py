"""What the operator fills in about the number."""

from __future__ import annotations

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.web.present.lines import CATEGORIES


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
