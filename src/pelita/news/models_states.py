"""Kinds and states of posts and of their ways out."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostKind(models.TextChoices):
    """What a post is about. The same four are the topics that a citizen may subscribe to."""

    ACTIVITY = "activity", _("Kegiatan")
    ANNOUNCEMENT = "announcement", _("Pengumuman")
    AGENDA = "agenda", _("Agenda")
    EMERGENCY = "emergency", _("Darurat")


class PostState(models.TextChoices):
    """Where a post stands. ``approved`` waits for its time; ``withdrawn`` was published and is no more."""

    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Menunggu persetujuan")
    APPROVED = "approved", _("Terjadwal")
    PUBLISHED = "published", _("Tayang")
    WITHDRAWN = "withdrawn", _("Ditarik")


class Way(models.TextChoices):
    """Ways out. No official interface posts a WhatsApp Status, so three of them lead there."""

    PAGE = "page", _("Halaman publik")
    SHARE = "share", _("Status dari HP kantor")
    PHONE = "phone", _("Kirim ke HP kantor")
    LINKED = "linked", _("Perangkat tertaut")
    BROADCAST = "broadcast", _("Siaran")


# What ends in WhatsApp Status.
STATUS_WAYS = (Way.SHARE, Way.PHONE, Way.LINKED)


class PublicationState(models.TextChoices):
    """Where one way of one post stands. ``hand``: a person has to do it."""

    WAITING = "waiting", _("Menunggu")
    HAND = "hand", _("Perlu Anda")
    RUNNING = "running", _("Sedang dikirim")
    DONE = "done", _("Sudah tayang")
    FAILED = "failed", _("Gagal")
    WITHDRAWN = "withdrawn", _("Ditarik")


class PictureKind(models.TextChoices):
    PHOTO = "photo", _("Foto")
    VIDEO = "video", _("Video")


class Approval(models.TextChoices):
    """Whose posts go out without somebody else's look. The admin and the leaders never wait for one."""

    ALL = "all", _("Setiap kiriman diperiksa Admin atau pimpinan")
    HEADS = "heads", _("Kiriman kepala seksi langsung tayang")
    NONE = "none", _("Semua petugas boleh menayangkan")


class CardLook(models.TextChoices):
    FULL = "full", _("Foto penuh")
    FRAME = "frame", _("Foto berbingkai")
