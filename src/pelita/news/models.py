"""Storage of posts: what the office tells, its pictures, and where every way out stands."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from pelita.base.scoping import OfficeModel
from pelita.news.models_broadcast import Broadcast, Consent, Recipient, Subscription
from pelita.news.models_figures import PostReply, PostVisit
from pelita.news.models_states import (
    STATUS_WAYS,
    Approval,
    CardLook,
    PictureKind,
    PostKind,
    PostState,
    PublicationState,
    Way,
)
from pelita.offices.models import Officer, Section, Village


class Post(OfficeModel):
    """One activity, announcement, date or emergency. ``code`` stands in its public address.

    ``draft_key`` is made by the device that wrote it: a draft that was kept there without a connection and sent twice
    is one post. ``lock`` counts writings: who saves an older one is told. ``village`` empty: the whole kecamatan.
    ``starts_at``/``ends_at``: when it happens; of an emergency, until when it holds.
    """

    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=PostKind, default=PostKind.ACTIVITY)
    state = models.CharField(max_length=12, choices=PostState, default=PostState.DRAFT)
    title = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+", db_index=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    place = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ways = ArrayField(models.CharField(max_length=12, choices=Way), default=list)
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    draft_key = models.UUIDField(default=uuid.uuid4)
    lock = models.PositiveIntegerField(default=1)
    words = models.TextField(blank=True, help_text="All its words in their one form, to find it")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=300, blank=True)
    publish_at = models.DateTimeField(null=True, help_text="Not before then; empty: at once")
    published_at = models.DateTimeField(null=True)
    revision = models.PositiveSmallIntegerField(default=0, help_text="How often it was corrected")
    corrected_at = models.DateTimeField(null=True)
    correction = models.CharField(max_length=300, blank=True, help_text="What was put right, shown to everybody")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    withdraw_reason = models.CharField(max_length=300, blank=True, help_text="Shown where the post stood")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "code"], name="post_code_once"),
            models.UniqueConstraint(fields=["office", "draft_key"], name="post_draft_once"),
        ]
        indexes = [
            # The officers' list, of all states and of one.
            models.Index(fields=["office", "-changed_at", "-id"], name="post_changed"),
            models.Index(fields=["office", "state", "-changed_at", "-id"], name="post_state"),
            # The public list, its search (an office has some thousand posts), its narrowings by kind and village.
            models.Index(
                fields=["office", "-published_at", "-id"], condition=Q(state="published"), name="post_published"
            ),
            models.Index(
                fields=["office", "kind", "-published_at", "-id"], condition=Q(state="published"), name="post_kind"
            ),
            models.Index(
                fields=["office", "village", "-published_at", "-id"],
                condition=Q(state="published"),
                name="post_village",
            ),
            # What is to come, and emergencies that hold.
            models.Index(
                fields=["office", "kind", "starts_at", "id"], condition=Q(state="published"), name="post_agenda"
            ),
            models.Index(
                fields=["office", "ends_at", "id"],
                condition=Q(state="published", kind="emergency"),
                name="post_emergency",
            ),
            # The clock, which looks at every office at once.
            models.Index(fields=["publish_at", "id"], condition=Q(state="approved"), name="post_due"),
        ]


class PostPicture(OfficeModel):
    """A photo or short video of a post, by ``position`` from 0. Paths are of ``whatsapp.media.store``.

    ``path`` is the upright file without metadata, blurred as ``blurs`` says; ``small_path`` a small copy of it, of a
    video one of its pictures. ``original_path``: the unblurred file while the post is a draft, so that a blur can be
    taken back; empty afterwards, when that file is gone. ``blurs``: circles as [x, y, radius], each 0..1 of the width,
    height and width. ``key`` is made by the device, as a post's ``draft_key`` is.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=PictureKind, default=PictureKind.PHOTO)
    path = models.CharField(max_length=120)
    small_path = models.CharField(max_length=120)
    original_path = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, help_text="Hexadecimal, of the file at ``path``")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField(help_text="Bytes")
    seconds = models.FloatField(null=True, help_text="Of a video")
    alt = models.CharField(max_length=300, blank=True, help_text="What is to be seen, for those who do not see it")
    blurs = models.JSONField(default=list)
    key = models.UUIDField(default=uuid.uuid4)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "key"], name="post_picture_once")]
        indexes = [models.Index(fields=["post", "office", "position", "id"], name="post_picture_post")]


class PostRevision(OfficeModel):
    """What a published post said before it was corrected: for the audit, newest by ``number``."""

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "post", "number"], name="post_revision_once")]


class Publication(OfficeModel):
    """One way of one post: where it stands and the proof of it.

    ``proof`` holds what that way knows (an address, an outgoing message's id, counts), never a person's number.
    ``revision``: how many corrections the way has carried; less than the post has means that it is behind.
    """

    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+", db_index=False)
    way = models.CharField(max_length=12, choices=Way)
    state = models.CharField(max_length=12, choices=PublicationState, default=PublicationState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, help_text="A sentence for the officer")
    proof = models.JSONField(default=dict)
    by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(null=True, help_text="When it went out, or failed")
    next_at = models.DateTimeField(help_text="The worker looks at it from then on")
    revision = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "post", "way"], name="publication_once")]
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=Q(state__in=["waiting", "running"]), name="publication_due"
            ),
            models.Index(fields=["office", "way", "state", "-at", "-id"], name="publication_way"),
        ]


class StatusPublication(Publication):
    """A publication that ends in WhatsApp Status (``STATUS_WAYS``)."""

    class Meta:
        proxy = True


class NewsPolicy(OfficeModel):
    """How an office publishes. Without a row the defaults hold (``queries.policy``)."""

    approval = models.CharField(max_length=8, choices=Approval, default=Approval.ALL)
    card_look = models.CharField(max_length=8, choices=CardLook, default=CardLook.FULL)
    card_colour = models.CharField(max_length=7, default="#0f6b5c", help_text="#rrggbb of the picture card")
    broadcast_cap = models.PositiveSmallIntegerField(default=3, help_text="Broadcasts a week to one citizen")
    broadcast_first = models.PositiveSmallIntegerField(default=50, help_text="So many first, then somebody looks")
    changed_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office"], name="news_policy_once")]


__all__ = [
    "STATUS_WAYS", "Approval", "Broadcast", "CardLook", "Consent", "NewsPolicy", "PictureKind", "Post", "PostKind",
    "PostPicture", "PostReply", "PostRevision", "PostState", "PostVisit", "Publication", "PublicationState",
    "Recipient", "StatusPublication", "Subscription", "Way",
]  # fmt: skip
