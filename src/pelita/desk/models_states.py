"""What an inquiry can be: its kind, its source, its state and its holder."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class InquiryKind(models.TextChoices):
    QUESTION = "question", _("Pertanyaan")
    REQUEST = "request", _("Permohonan")
    COMPLAINT = "complaint", _("Pengaduan")
    ASPIRATION = "aspiration", _("Aspirasi")
    INFORMATION = "information", _("Informasi publik")  # UU 14/2008: has a register of its own


class InquirySource(models.TextChoices):
    """How the matter reached the office."""

    WHATSAPP = "whatsapp", _("WhatsApp")
    COUNTER = "counter", _("Datang ke loket")
    TELEPHONE = "telephone", _("Telepon")
    DAMARMOJO = "damarmojo", _("Damarmojo")
    LAPOR = "lapor", _("SP4N-LAPOR!")
    LETTER = "letter", _("Surat")


class InquiryState(models.TextChoices):
    NEW = "new", _("Perlu disposisi")
    DISPOSITIONED = "dispositioned", _("Di seksi")
    ANSWERED = "answered", _("Siap dikirim")
    RETURNED = "returned", _("Dikembalikan")
    DELIVERED = "delivered", _("Terkirim")
    WAITING_CITIZEN = "waiting_citizen", _("Menunggu warga")
    REOPENED = "reopened", _("Dibuka lagi")
    CLOSED = "closed", _("Selesai")
    MERGED = "merged", _("Digabung")
    SPAM = "spam", _("Bukan pertanyaan")


class Holder(models.TextChoices):
    """Who must act now. ``nobody``: an answer is on its way to the phone, or the matter is finished."""

    ADMIN = "admin", _("Admin")
    SECTION = "section", _("Seksi")
    CITIZEN = "citizen", _("Warga")
    NOBODY = "nobody", _("Tidak ada")
