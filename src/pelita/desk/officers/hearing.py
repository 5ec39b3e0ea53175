"""What comes in from officers' own phones: it opens no inquiry and stands in no citizen's thread.

Only confirmed numbers of active officers of the office that was written to are officers' (docs/decisions/0031).
Everybody else is a citizen, whatever is quoted or tapped.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from pelita.base import bulk
from pelita.desk.models import (
    AnswerState,
    Channel,
    DeliveryState,
    DispositionState,
    Holder,
    NoticeDelivery,
    OfficerMessage,
    OfficerPhone,
    Purpose,
)
from pelita.desk.officers import filing, phones, words
from pelita.desk.officers.acting import ASKS, QUOTED, Acting, helps
from pelita.desk.officers.saying import Matter, new_token, open_now, say
from pelita.desk.queries.access import visible
from pelita.whatsapp import types
from pelita.whatsapp.messages import Message
from pelita.whatsapp.models import Inbound, Media, Outbound, OutboundKind

ASKED_LATELY = timedelta(days=14)  # of what is still open; whatever is found is asked about, never done
LOOK_BACK = 30
NODS = frozenset(
    {"👍", "👌", "🙏", "✅", "👍🏻", "👍🏼", "👍🏽", "👍🏾", "👍🏿", "🙏🏻", "🙏🏼", "🙏🏽", "🙏🏾", "🙏🏿"}
)

# By the id that WhatsApp gives the person, and by number. Whose a number is under another id, phones.held_by decides.
_PHONES = f"""
JOIN offices_officer o ON o.id = t.officer_id AND o.is_active
WHERE t.confirmed_at IS NOT NULL AND t.id IN (
    SELECT p.id FROM {bulk.given(office="bigint", user_id="text", wa_id="text")}
    JOIN desk_officerphone p ON p.office_id = u.office AND p.user_id = u.user_id WHERE u.user_id <> ''
    UNION
    SELECT p.id FROM {bulk.given(office="bigint", user_id="text", wa_id="text")}
    JOIN desk_officerphone p ON p.office_id = u.office AND p.wa_id = u.wa_id WHERE u.wa_id <> ''
) ORDER BY t.id FOR UPDATE OF t
"""  # noqa: S608 (constants)


def take_officers(messages: Sequence[Inbound], *, now: datetime) -> Collection[int]:
    """Take what officers sent from their own phones. One query for a set in which there is nothing of theirs."""
    taken = _confirmations(messages, now)
    known = _phones(messages)
    for message in messages if known else ():
        phone = _phone_of(message, known, now)
        if phone is not None and message.pk not in taken and _hear(phone, message, now):
            taken.add(message.pk)
    return taken


Known = dict[tuple[int, str, str], OfficerPhone]


def _phone_of(message: Inbound, known: Known, now: datetime) -> OfficerPhone | None:
    """The sender's, whoever else's messages lie in the same set. A number that somebody else has now is let go."""
    by_id = known.get((message.office_id, "u", message.user_id))
    by_number = known.get((message.office_id, "w", message.wa_id))
    if by_id is not None and by_number in (None, by_id):
        return by_id
    if by_number is None:
        return None
    if by_id is None and phones.held_by(by_number, message.user_id, line=message.line, at=message.sent_at):
        return by_number
    phones.number_went_on(by_number, at=message.sent_at, now=now)
    for key in [key for key, phone in known.items() if phone is by_number]:
        del known[key]
    return by_id


def _confirmations(messages: Sequence[Inbound], now: datetime) -> set[int]:
    """Messages that hold nothing but a code which was awaited from that phone."""
    taken = set()
    for message in messages:
        code = words.told_code(message.text) if message.type == "text" else ""
        phone = phones.confirm(message, code, now=now) if code else None
        if phone is not None:
            _keep(phone, message, None, now)
            say(phone, words.connected(), now=now, reply_to=message.wamid)
            taken.add(message.pk)
    return taken


def _phones(messages: Sequence[Inbound]) -> Known:
    who = bulk.columns(list({(one.office_id, one.user_id, one.wa_id) for one in messages}), 3)
    found: Known = {}
    for phone in bulk.load(OfficerPhone, _PHONES, [*who, *who]):
        if phone.user_id:
            found[phone.office_id, "u", phone.user_id] = phone
        if phone.wa_id:
            found[phone.office_id, "w", phone.wa_id] = phone
    return found


def _hear(phone: OfficerPhone, message: Inbound, now: datetime) -> bool:
    """One message of an officer. False: the officer writes as a citizen."""
    said, citizens = _quoted(phone, message)
    if citizens or _begins_with_citizen(phone, message, said, now):
        return False
    _learn(phone, message, now)
    _keep(phone, message, said, now)
    if types.speaks(message):
        _answer(Acting(phone, message, now=now), said)
    elif types.of(message.type).decorates and message.supported:
        _mark(phone, message, said, now)
    return True


def _begins_with_citizen(phone: OfficerPhone, message: Inbound, said: OfficerMessage | None, now: datetime) -> bool:
    """Whether WARGA at the beginning means that the officer asks as a citizen. An answer may begin with that word too:
    a quotation of a matter always is one, and while matters are open an unquoted "Warga silakan …" is asked about."""
    if words.tapped(message.content) is not None or types.of(message.type).decorates:
        return False  # a button, or what changes another message and belongs where that stands
    if not words.as_citizen(message.text):
        return False
    if said is not None and said.purpose in QUOTED:
        return False
    return words.plainly_as_citizen(message.text) or not _lately(Acting(phone, message, now=now))


def _mark(phone: OfficerPhone, message: Inbound, said: OfficerMessage | None, now: datetime) -> None:
    """A reaction to a hand-over is a nod; an edit or a deletion may come after the words were handed in."""
    if message.type == "reaction":
        if said is not None and said.purpose == Purpose.DISPOSITION and message.content.get("emoji") in NODS:
            Acting(phone, message, now=now).notice(said, silently=True)
        return
    rows = OfficerMessage.objects.filter(office=phone.office_id, officer=phone.officer_id)
    original = rows.filter(inbound__line=message.line_id, inbound__wamid=message.target_wamid).select_related(
        "inquiry", "about"
    )
    found = original.first()
    if found is not None:
        Acting(phone, message, now=now).changed(found, deleted=message.type == "revoke")


def _learn(phone: OfficerPhone, message: Inbound, now: datetime) -> None:
    """The window that the message opens, on the number that it came to, and the id that the officer has there. What
    waits for the window follows, unless it is closed still: a message may come late, and a system message opens none.
    """
    phone.user_id = phone.user_id or message.user_id
    if message.type != "system":
        phone.unreached_at = None
        phone.line_id = message.line_id
        phone.user_id = message.user_id or phone.user_id
        phone.last_inbound_at = max(filter(None, (phone.last_inbound_at, message.sent_at)))
    phone.save(update_fields=["line", "last_inbound_at", "user_id", "unreached_at"])
    if not open_now(phone, now):
        return
    mine = NoticeDelivery.objects.filter(office=phone.office_id, officer=phone.officer_id, channel=Channel.WHATSAPP)
    waits = Q(state=DeliveryState.ANNOUNCED) | Q(state=DeliveryState.WAITING, next_at__gt=message.received_at)
    mine.filter(waits).update(state=DeliveryState.WAITING, next_at=message.received_at)


def _keep(phone: OfficerPhone, message: Inbound, said: OfficerMessage | None, now: datetime) -> None:
    OfficerMessage.objects.create(
        office_id=phone.office_id, officer_id=phone.officer_id, inbound=message, purpose=Purpose.HEARD,
        inquiry=said.inquiry if said else None, about=said, created_at=now,
    )  # fmt: skip


def _quoted(phone: OfficerPhone, message: Inbound) -> tuple[OfficerMessage | None, bool]:
    """The office's message to this officer that is quoted or whose button is tapped; and whether what is quoted
    belongs to the officer's own thread as a citizen."""
    rows = OfficerMessage.objects.filter(office=phone.office_id, officer=phone.officer_id).select_related(
        "inquiry", "disposition", "answer", "held__media"
    )
    tap = words.tapped(message.content)
    if tap is not None:
        return (rows.filter(token=tap[0]).first() if tap[0] else None), False
    wamid = message.context_wamid or message.target_wamid
    if not wamid:
        # Any other button is one of those that citizens get.
        return None, "reply" in message.content
    of_line = {"office": phone.office_id, "line": message.line_id, "wamid": wamid}
    sent = Outbound.objects.filter(**of_line).exclude(kind=OutboundKind.READ_MARK).values_list("pk", "thread").first()
    if sent is not None:
        found = rows.filter(outbound=sent[0]).first()
        return found, found is None and sent[1] > 0
    written = Inbound.objects.filter(**of_line).values_list("pk", flat=True).first()
    return None, written is not None and not rows.filter(inbound=written).exists()


def _answer(acting: Acting, said: OfficerMessage | None) -> None:
    message = acting.message
    tap = words.tapped(message.content)
    if tap is not None:
        if said is None:
            acting.not_yours()
        else:
            acting.tap(said, tap[1], tap[2])
    elif message.type == "text" or filing.carries(message):
        if said is not None:
            acting.quote(said, message)
        elif message.type != "text" or not words.nods(message.text):
            _ask_which(acting)
    elif said is not None and said.purpose == Purpose.DISPOSITION and types.of(message.type).nods:
        acting.notice(said)
    elif said is not None or not types.of(message.type).nods:
        acting.reply(words.text_or_file(str(types.of(message.type).label)))


def files_changed(files: Sequence[Media], *, now: datetime) -> None:
    """Files were fetched, or could not be: answers that wait for one are handed in, or their officers told."""
    for media in files:
        row = filing.awaited(media) if media.incoming else None
        if row is None:
            continue
        phone = _phone(row)
        row = filing.awaited(media)  # again, now that nobody else hears the officer
        if row is None or row.inbound is None:
            continue
        if phone is None:
            filing.use(row, now)  # who wrote it has let the number go, or left
        else:
            filing.settle(Acting(phone, row.inbound, now=now), row, media, row.inquiry)


def _phone(row: OfficerMessage) -> OfficerPhone | None:
    rows = OfficerPhone.objects.filter(office=row.office_id, officer=row.officer_id, officer__is_active=True)
    rows = rows.filter(confirmed_at__isnull=False, line__isnull=False)
    return rows.select_related("officer__office", "line").select_for_update(of=("self",)).first()


def _ask_which(acting: Acting) -> None:
    """What quotes nothing: is it for the one matter that is open, for which of several?"""
    file = filing.carries(acting.message)
    matters = _lately(acting)
    if file:
        if _asked_about_album(acting):
            return
        matters = [one for one in matters if one.purpose in ASKS and not helps(one)]
    token = new_token()
    question: Message
    if not matters:
        acting.reply(words.help_text())
        return
    if len(matters) == 1:
        (about,) = matters
        inquiry = about.inquiry
        if inquiry is None:
            return
        what = words.becomes(Purpose(about.purpose), helps=helps(about))
        question = words.confirm(inquiry.code, what, token=token, about=about.pk, file=file)
    else:
        pairs = [(one.pk, one.inquiry) for one in matters if one.inquiry]
        question = words.choose(pairs, token=token)
    say(
        acting.phone, question, now=acting.now, purpose=Purpose.CONFIRM, token=token,
        matter=Matter(held=acting.message), reply_to=acting.message.wamid,
    )  # fmt: skip


def _asked_about_album(acting: Acting) -> bool:
    """Whether the picture belongs to some of which the first was asked about just now; one answer has one file."""
    return OfficerMessage.objects.filter(
        office=acting.phone.office_id, officer=acting.phone.officer_id, purpose=Purpose.CONFIRM,
        held__type__in=filing.TYPES, created_at__gt=acting.now - filing.ALBUM,
    ).exists()  # fmt: skip


def _lately(acting: Acting) -> list[OfficerMessage]:
    """The newest question about each matter that is still open, and that the officer still sees, newest first."""
    rows = OfficerMessage.objects.filter(
        office=acting.phone.office_id, officer=acting.phone.officer_id, purpose__in=QUOTED,
        created_at__gte=acting.now - ASKED_LATELY, inquiry__in=visible(acting.place).values("pk"),
    )  # fmt: skip
    at_section = Q(disposition__state=DispositionState.OPEN, inquiry__holder=Holder.SECTION)
    rows = rows.filter(at_section | Q(answer__state=AnswerState.SUBMITTED))
    found: dict[int | None, OfficerMessage] = {}
    for one in rows.select_related("inquiry__question", "disposition").order_by("-id")[:LOOK_BACK]:
        found.setdefault(one.inquiry_id, one)
    return list(found.values())
