"""/gaya: every component in every state, light and dark side by side. Sample data only; it asks no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from pelita.web.views import styleguide_samples as samples

ZONE = ZoneInfo("Asia/Jakarta")
NOW = datetime(2025, 11, 25, 9, 41, tzinfo=ZONE)
# Order on the page: id of the section (also its partial), its title.
SECTIONS = (
    ("warna", "Warna, huruf, lambang"),
    ("tombol", "Tombol"),
    ("isian", "Isian dan pilihan"),
    ("tanda", "Tanda"),
    ("antrean", "Antrean"),
    ("utas", "Percakapan"),
    ("panel", "Panel dan perjalanan"),
    ("seksi", "Tugas seksi"),
    ("periksa", "Periksa jawaban"),
    ("lembar", "Lembar, pesan singkat, pita"),
    ("keadaan", "Kosong, memuat, tabel"),
    ("rangka", "Menu, kepala, masuk"),
)


class SampleForm(forms.Form):
    """Fields in their states; bound with a mistake so that the error shows."""

    service = forms.CharField(label="Nama layanan", required=False)
    instruction = forms.CharField(label="Instruksi", widget=forms.Textarea(attrs={"rows": 2}))
    due = forms.CharField(label="Tenggat", help_text="Jam kerja saja")
    phone = forms.CharField(label="Nomor warga", required=False, disabled=True, initial="0812-••••-7890")
    village = forms.ChoiceField(
        label="Desa", choices=[("", "Pilih desa"), ("mojogebang", "Mojogebang")], required=False
    )
    tell = forms.BooleanField(label="Kabari saya lewat WhatsApp", required=False)

    def clean_due(self) -> str:
        raise forms.ValidationError("Tenggat sudah lewat.")


def _form(theme: str) -> SampleForm:
    data = {"instruction": "Cek data desa", "due": "24 Nov, 10.00", "tell": "on"}
    form = SampleForm(data, prefix=theme, auto_id=f"id_{theme}_%s")
    form.data = {f"{theme}-{name}": value for name, value in data.items()}
    return form


def _theme(name: str) -> dict[str, Any]:
    """What differs between the two halves: ids, so that nothing on the page has the same one."""
    return {"name": name, "form": _form(name), "nav": samples.nav(name), **samples.choices(name)}


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """The style guide. No login: it holds no data."""
    context = {
        "sections": [(f"web/styleguide/{key}.html", key, title) for key, title in SECTIONS],
        "themes": [_theme("light"), _theme("dark")],
        "now": NOW,
        "soon": NOW + timedelta(minutes=40),
        "in_two_hours": NOW + timedelta(hours=2),
        "in_five_hours": NOW + timedelta(hours=5, minutes=19),
        "tomorrow": NOW.replace(day=26, hour=10, minute=0),
        "in_two_days": NOW + timedelta(days=2),
        "late_minutes": NOW - timedelta(minutes=40),
        "late_days": NOW - timedelta(days=1, hours=3),
        "closes": NOW + timedelta(hours=22, minutes=48),
        "closed": NOW - timedelta(hours=1, minutes=12),
        "waiting_since": NOW - timedelta(hours=1, minutes=29),
        **samples.everything(NOW),
    }
    return render(request, "web/styleguide.html", context)
