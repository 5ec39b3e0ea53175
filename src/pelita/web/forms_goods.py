"""What is filled in about the catalogue in WhatsApp."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from pelita.whatsapp.actions.goods import MAX_PRICE


class GoodsForm(forms.Form):
    """Which catalogue it is, and what stands as the price."""

    catalog_id = forms.CharField(
        label=_("ID katalog"),
        max_length=40,
        required=False,
        help_text=_("Angka di Pengelola Perdagangan Meta. Katalognya harus tersambung ke akun WhatsApp kantor."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    price = forms.IntegerField(
        label=_("Harga yang ditampilkan (rupiah)"),
        min_value=0,
        max_value=MAX_PRICE,
        help_text=_("WhatsApp meminta harga. Biaya yang sebenarnya tertulis di keterangan setiap layanan."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": _("Tulis angkanya saja, misalnya 0.")},
    )
    on = forms.BooleanField(label=_("Kirim layanan yang terbit ke katalog ini"), required=False)
