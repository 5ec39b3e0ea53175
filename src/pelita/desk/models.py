"""Storage of the desk: citizens, conversations, inquiries, dispositions and answers."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pelita.base.scoping import OfficeModel
from pelita.catalog.models import Service
from pelita.desk.models_deadline import Clock, Deadline, Policy, ReminderRule
from pelita.desk.models_information import Decision, InformationForm, InformationRequest
from pelita.desk.models_learning import SectionMemory
from pelita.desk.models_notes import Note, NoteKind, Notice, Referral
from pelita.desk.models_presence import Doing, Presence
from pelita.desk.models_replies import ReplyTemplate
from pelita.desk.models_search import SearchDue, SearchRow, SearchWord
from pelita.desk.models_states import Holder, InquiryKind, InquirySource, InquiryState
from pelita.desk.models_telling import (
    Channel,
    DeliveryState,
    NoticeDelivery,
    OfficerMessage,
    OfficerPhone,
    Purpose,
    TimeRequest,
)
from pelita.desk.models_views import Reach, SavedView
from pelita.offices.models import Officer, Section, Village
from pelita.whatsapp.models import Inbound, Line, Media, Outbound


class Citizen(OfficeModel):
    """A person who writes to the office. What WhatsApp calls the person lives in identities."""

    name = models.CharField(max_length=200, blank=True, help_text="As the person's own profile says")
    book_name = models.CharField(max_length=200, blank=True, help_text="In the address book of the office's phone")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", help_text="Turned out to be that person"
    )
    blocked_at = models.DateTimeField(null=True, help_text="WhatsApp lets nothing of this person through any more")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["office", "id"], name="citizen_office"),
            models.Index(
                fields=["office", "blocked_at"], condition=Q(blocked_at__isnull=False), name="citizen_blocked"
            ),
        ]


class IdentityKind(models.TextChoices):
    USER_ID = "user_id"
    PARENT_USER_ID = "parent_user_id"
    WA_ID = "wa_id"
    PHONE = "phone"  # told by the person; WhatsApp need not know it
    USERNAME = "username"


class Identity(OfficeModel):
    """One of a citizen's names on the wire. A citizen is matched by ``user_id`` first, then by ``wa_id``.

    ``retired_at``: the person gave it up then. What was written under it before is still that person's; nothing is
    written to it any more, and a number may come back with somebody else.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=16, choices=IdentityKind)
    value = models.CharField(max_length=140)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "kind", "value"], name="identity_once")]
        indexes = [models.Index(fields=["office", "citizen"], name="identity_citizen")]


class Conversation(OfficeModel):
    """One citizen with one line: a chat without end, cut into inquiries.

    Without a line it is what the citizen said at the counter, by telephone or through another channel: nothing can be
    sent in it.
    """

    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+")
    last_inbound_at = models.DateTimeField(null=True, help_text="Opens 24 hours of free answers")
    last_entry_at = models.DateTimeField()
    unread = models.PositiveIntegerField(default=0, help_text="Messages since the admin last opened the thread")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "line", "citizen"], name="conversation_once"),
            models.UniqueConstraint(
                fields=["office", "citizen"], condition=Q(line__isnull=True), name="conversation_offline_once"
            ),
        ]
        indexes = [models.Index(fields=["office", "id"], name="conversation_office")]

    @property
    def wire(self) -> Line:
        """The number of the conversation. Raises ValueError when it is held outside WhatsApp."""
        if self.line is None:
            raise ValueError("this conversation has no number")
        return self.line


class Inquiry(OfficeModel):
    """One matter of one citizen, with a code that the citizen can quote.

    ``waiting_since`` is the first message that nobody has answered yet: the queue is ordered by it and a repeat
    does not move it, nor does an automatic answer. ``holder`` follows from the state (workflow.py) and is stored for
    the lists' indexes.
    """

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="+", db_index=False)
    citizen = models.ForeignKey(Citizen, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=InquiryKind, default=InquiryKind.QUESTION)
    state = models.CharField(max_length=16, choices=InquiryState, default=InquiryState.NEW)
    holder = models.CharField(max_length=8, choices=Holder, default=Holder.ADMIN)
    held_since = models.DateTimeField()
    source = models.CharField(max_length=12, choices=InquirySource, default=InquirySource.WHATSAPP)
    question = models.ForeignKey(
        Inbound, on_delete=models.PROTECT, null=True, related_name="+", help_text="None when an officer entered it"
    )
    account = models.TextField(blank=True, help_text="What the citizen said, as the officer wrote it down")
    outside_number = models.CharField(max_length=60, blank=True, help_text="Its number in the channel it came from")
    secret = models.BooleanField(default=False, help_text="Seen by Camat and Sekcam only")
    register_number = models.PositiveIntegerField(null=True, help_text="In the register of public information")
    register_year = models.PositiveSmallIntegerField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    same_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="About the same; of another citizen",
    )  # fmt: skip
    summary = models.CharField(max_length=200, help_text="First unanswered line, as the queue shows it")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, null=True, related_name="+", db_index=False,
        help_text="What it is about: asked from its item, or an officer put its requirements into an answer",
    )  # fmt: skip
    routed = models.BooleanField(default=False, help_text="Went to its section by itself, by a catalogue item")
    due_at = models.DateTimeField(null=True, help_text="When the one who holds it should have acted")
    first_due_at = models.DateTimeField(null=True, help_text="First response to the citizen")
    answer_due_at = models.DateTimeField(null=True, help_text="The citizen has the answer")
    paused_since = models.DateTimeField(null=True, help_text="Deadlines stand still while the citizen must act")
    remind_at = models.DateTimeField(null=True, help_text="When somebody has to be told of a deadline next")
    closes_at = models.DateTimeField(null=True, help_text="Closes by itself then, unless the citizen reacts")
    first_response_at = models.DateTimeField(null=True, help_text="A person's first word to the citizen")
    automatic = models.BooleanField(
        default=False, help_text="What the citizen has is the assistant's answer; nobody of the office gave one since"
    )
    opened_at = models.DateTimeField()
    waiting_since = models.DateTimeField(null=True)
    unread = models.PositiveIntegerField(default=0, help_text="Messages that came since the holder last acted")
    delivered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0, help_text="Counts the moves; a form carries the one it saw")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "code"], name="inquiry_code_once"),
            models.UniqueConstraint(
                fields=["office", "register_year", "register_number"],
                condition=Q(register_number__isnull=False),
                name="inquiry_register_once",
            ),
        ]
        indexes = [
            # What came through another channel is entered once.
            models.Index(fields=["office", "outside_number"], condition=~Q(outside_number=""), name="inquiry_outside"),
            models.Index(fields=["office", "same_as"], condition=Q(same_as__isnull=False), name="inquiry_same"),
            models.Index(
                fields=["office", "state", "waiting_since", "id"],
                condition=~Q(state__in=["closed", "merged", "spam"]),
                name="inquiry_queue",
            ),
            models.Index(
                fields=["office", "section", "state", "waiting_since", "id"],
                condition=~Q(state__in=["closed", "merged", "spam"]),
                name="inquiry_section_queue",
            ),
            models.Index(
                fields=["office", "due_at", "id"],
                condition=Q(state__in=["new", "dispositioned", "returned", "answered", "reopened"]),
                name="inquiry_due",
            ),
            # What the assistant answered, for the admin's glance.
            models.Index(
                fields=["office", "-held_since", "-id"],
                condition=Q(state="delivered", automatic=True),
                name="inquiry_automatic",
            ),
            # Both serve the clock, which looks at every office at once.
            models.Index(fields=["remind_at", "id"], condition=Q(remind_at__isnull=False), name="inquiry_remind"),
            models.Index(fields=["closes_at", "id"], condition=Q(closes_at__isnull=False), name="inquiry_closes"),
            models.Index(
                fields=["office", "state", "-closed_at", "-id"],
                condition=Q(state__in=["closed", "merged", "spam"]),
                name="inquiry_closed",
            ),
            # What a section finished: its own tab, newest first.
            models.Index(
                fields=["office", "section", "-closed_at", "-id"],
                condition=Q(state="closed"),
                name="inquiry_section_done",
            ),
            models.Index(fields=["conversation", "office", "-id"], name="inquiry_conversation"),
        ]

    @property
    def message(self) -> Inbound:
        """The question's message. Raises ValueError for what an officer entered by hand."""
        if self.question is None:
            raise ValueError("this inquiry has no message")
        return self.question

    @property
    def asked(self) -> str:
        """What the citizen asks, in the citizen's or in the officer's words."""
        return self.question.shown if self.question else self.account

    @property
    def asked_at(self) -> datetime:
        """When, by the citizen's own clock."""
        return self.question.sent_at if self.question else self.opened_at


class Entry(OfficeModel):
    """One line of a conversation's thread, in the order in which the office saw it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+", db_index=False)
    inquiry = models.ForeignKey(Inquiry, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    inbound = models.OneToOneField(Inbound, on_delete=models.PROTECT, null=True, related_name="+")
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.OneToOneField(Note, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    automatic = models.BooleanField(default=False, help_text="Said by the assistant")

    class Meta:
        indexes = [
            # The conversation first: deleting one looks for it without the office.
            models.Index(fields=["conversation", "office", "-at", "-id"], name="entry_thread"),
            models.Index(fields=["office", "inquiry", "at", "id"], name="entry_inquiry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(inbound__isnull=False, outbound__isnull=True, note__isnull=True)
                | Q(inbound__isnull=True, outbound__isnull=False, note__isnull=True)
                | Q(inbound__isnull=True, outbound__isnull=True, note__isnull=False),
                name="entry_one_thing",
            )
        ]


class DispositionState(models.TextChoices):
    OPEN = "open", _("Di seksi")
    ANSWERED = "answered", _("Dijawab")
    REFUSED = "refused", _("Bukan tupoksi")
    WITHDRAWN = "withdrawn", _("Ditarik")


class Disposition(OfficeModel):
    """One hand-over to a section. Rows are only added; the chain of them is the inquiry's way through the office.

    Several sections may have an inquiry at once. One coordinates: it holds the inquiry and hands in the answer; the
    others help it with a note (``Note.kind`` contribution).
    """

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    instruction = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    given_by = models.ForeignKey(
        Officer, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: an item of the catalogue"
    )
    given_at = models.DateTimeField()
    coordinating = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, help_text="Somebody of the section first opened it")
    read_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, help_text="Somebody of the section said: mine")
    accepted_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=DispositionState, default=DispositionState.OPEN)
    reason = models.TextField(blank=True, help_text="Why the section gave it back")
    ended_by = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["office", "inquiry", "id"], name="disposition_chain"),
            models.Index(
                fields=["office", "section", "inquiry"],
                condition=Q(state__in=["open", "answered"], coordinating=False),
                name="disposition_helping",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "inquiry"], condition=Q(state="open", coordinating=True), name="disposition_one_open"
            ),
            models.UniqueConstraint(
                fields=["office", "inquiry", "section"], condition=Q(state="open"), name="disposition_section_once"
            ),
        ]


class AnswerState(models.TextChoices):
    DRAFT = "draft", _("Draf")
    SUBMITTED = "submitted", _("Diserahkan")
    RETURNED = "returned", _("Dikembalikan")
    WAITING = "waiting", _("Menunggu warga membuka")  # the window is closed; a template said that it is there
    APPROVED = "approved", _("Dikirim")
    DELIVERED = "delivered", _("Sampai")


class Answer(OfficeModel):
    """What the office says to the citizen, from draft to delivery. ``final_text`` is what was really sent."""

    inquiry = models.ForeignKey(Inquiry, on_delete=models.PROTECT, related_name="+")
    disposition = models.ForeignKey(Disposition, on_delete=models.PROTECT, null=True, related_name="+")
    author = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(help_text="As the author wrote it")
    note = models.TextField(blank=True, help_text="For the admin only; the citizen never sees it")
    final_text = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=AnswerState, default=AnswerState.DRAFT)
    reviewer = models.ForeignKey(Officer, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField(blank=True, help_text="Why the admin returned it")
    file = models.ForeignKey(
        Media, on_delete=models.PROTECT, null=True, related_name="+", help_text="Goes along; the text is its caption"
    )
    outbound = models.OneToOneField(Outbound, on_delete=models.PROTECT, null=True, related_name="+")
    notice = models.ForeignKey(
        Outbound, on_delete=models.PROTECT, null=True, related_name="+", help_text="The template that announced it"
    )
    version = models.PositiveIntegerField(default=0, help_text="Counts the savings of a draft")
    page = models.CharField(max_length=40, blank=True, help_text="Random id of the page that last saved the draft")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["office", "inquiry", "id"], name="answer_inquiry")]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "disposition"], condition=Q(state="draft"), name="answer_one_draft"
            ),
            models.UniqueConstraint(
                fields=["office", "inquiry"],
                condition=Q(state="draft", disposition__isnull=True),
                name="answer_one_desk_draft",
            ),
            models.UniqueConstraint(
                fields=["office", "inquiry"], condition=Q(state="submitted"), name="answer_one_submitted"
            ),
        ]


__all__ = [
    "Answer", "AnswerState", "Channel", "Citizen", "Clock", "Conversation", "Deadline", "Decision", "DeliveryState",
    "Disposition", "DispositionState", "Doing", "Entry", "Holder", "Identity", "IdentityKind", "InformationForm",
    "InformationRequest", "Inquiry", "InquiryKind",
    "InquirySource", "InquiryState", "Note", "NoteKind", "Notice", "NoticeDelivery", "OfficerMessage", "OfficerPhone",
    "Policy", "Presence", "Purpose", "Reach", "Referral", "ReminderRule", "ReplyTemplate", "SavedView", "SearchDue",
    "SearchRow", "SearchWord", "SectionMemory", "TimeRequest",
]  # fmt: skip
