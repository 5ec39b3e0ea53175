"""The one way an inquiry changes its state: a conditional update that exactly one of two officers wins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F

from pelita.desk import deadlines, rules, workflow
from pelita.desk.actions.telling import tell_of_move
from pelita.desk.errors import NotAllowedError, TakenError
from pelita.desk.models import Conversation, Disposition, DispositionState, Inquiry
from pelita.desk.queries.access import HELPED
from pelita.desk.queries.clockwork import clockwork
from pelita.desk.workflow import Actor, Move
from pelita.journal import actions as journal
from pelita.journal import queries as facts
from pelita.offices.models import Officer
from pelita.offices.rules import Place, zone

PHRASES = {
    "inquiry.dispositioned": "meneruskan pertanyaan ini ke seksi",
    "inquiry.recalled": "menarik pertanyaan ini dari seksi",
    "inquiry.refused": "mengembalikan pertanyaan ini sebagai bukan tupoksi",
    "inquiry.closed": "menyelesaikan pertanyaan ini",
    "answer.submitted": "menyerahkan jawaban",
    "answer.returned": "mengembalikan jawaban ke seksi",
    "answer.sent": "mengirim jawaban",
    "answer.announced": "memberi tahu warga bahwa jawabannya ada",
    "answer.withdrawn": "menarik jawaban yang menunggu dibuka warga",
    "inquiry.reclaimed": "menandai pertanyaan ini masih perlu dijawab",
    "inquiry.merged": "menggabungkan pertanyaan ini",
    "inquiry.split": "memisahkan pesan dari pertanyaan ini",
    "inquiry.resumed": "membuka pertanyaan ini lagi",
    "inquiry.put_away": "menandai ini bukan pertanyaan",
    "inquiry.taken_back": "mengembalikan pertanyaan ini ke meja",
    "answer.told": "menyampaikan jawaban langsung kepada warga",
    "inquiry.hidden": "menandai pertanyaan ini rahasia",
    "inquiry.revealed": "membuka pertanyaan rahasia ini",
}
PHONED = "inquiry.phoned"
RELEASED = "answer.released"
JOINED = ("inquiry.joined", "inquiry.reopened")


def taken(inquiry: Inquiry) -> TakenError:
    """Who was first and what that person did, from the journal."""
    told = facts.of_subject(inquiry.office, "inquiry", inquiry.pk).filter(
        verb__in=[*PHRASES, *JOINED, RELEASED, PHONED]
    )
    done = told.order_by("-id").first()
    if done is not None and done.verb in JOINED:
        return TakenError("Warga baru saja menulis lagi. Baca pesannya, lalu ulangi bila masih sesuai.")
    if done is not None and done.verb == PHONED:
        return TakenError("Warga baru saja dijawab dari HP kantor. Baca pesannya, lalu ulangi bila masih perlu.")
    if done is not None and done.verb == RELEASED:
        return TakenError("Warga baru saja membuka jawabannya, jadi jawaban itu sedang dikirim.")
    if done is None or done.actor is None:
        return TakenError("Pertanyaan ini baru saja berubah. Lihat keadaan terbarunya, lalu coba lagi.")
    clock = done.at.astimezone(zone(inquiry.office)).strftime("%H.%M")
    who = done.actor.full_name
    return TakenError(f"{who} sudah {PHRASES[done.verb]} pukul {clock}.", who=who, at=done.at)


def require_admin(place: Place, inquiry: Inquiry) -> Officer:
    """Whoever does the admin's part with it (rules.may_handle), or NotAllowedError."""
    if not rules.may_handle(place, inquiry):
        raise NotAllowedError
    return place.officer


def require_section(place: Place, inquiry: Inquiry) -> Officer:
    """Somebody of the section that coordinates, or NotAllowedError."""
    mine = inquiry.section_id in place.section_ids and place.office.pk == inquiry.office_id
    if not mine or inquiry.secret:
        raise NotAllowedError
    return place.officer


def hold(inquiry: Inquiry) -> None:
    """Lock the inquiry's row before anything that hangs on it.

    Every action locks in one order, conversation, inquiry, the rest, so that no two of them wait for each other.
    The lock orders them; the conditional update in ``move`` decides.
    """
    Inquiry.objects.select_for_update().only("pk").filter(office=inquiry.office_id).get(pk=inquiry.pk)


def hold_conversation(inquiry: Inquiry) -> Conversation:
    """Lock the conversation, then the inquiry. For actions that add to the thread.

    Raises TakenError when a merge has moved the inquiry to another conversation since it was loaded.
    """
    found = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("line")
        .filter(office=inquiry.office_id, pk=inquiry.conversation_id)
        .first()
    )
    if found is None:
        raise taken(inquiry)
    hold(inquiry)
    return found


def move(
    *, inquiry: Inquiry, move: Move, actor: Actor, now: datetime, seen: int | None = None, **changes: Any
) -> Inquiry:
    """Make ``move`` from the place where ``inquiry`` was loaded, or raise TakenError.

    ``seen`` is the version on the person's screen (the loaded one when None). ``changes`` are further columns that
    change in the same statement. The instance is brought up to date. Deadlines follow the move (deadlines.moved).
    """
    spot = workflow.spot_of(inquiry.state, inquiry.holder)
    version = inquiry.version if seen is None else seen
    if not workflow.allowed(move, spot, actor):
        raise taken(inquiry)
    state, holder = workflow.MOVES[move].target
    changes["automatic"] = workflow.automatic_after(move, before=inquiry.automatic)
    timed = deadlines.moved(clockwork(inquiry.office_id, now), inquiry, (state, holder), changes, now)
    values: dict[str, Any] = {"state": state, "holder": holder, "held_since": now, **changes, **timed}
    won = Inquiry.objects.filter(
        office=inquiry.office_id, pk=inquiry.pk, state=spot[0], holder=spot[1], version=version
    ).update(version=F("version") + 1, **values)
    if won != 1:
        raise taken(inquiry)
    for name, value in values.items():
        setattr(inquiry, name, value)
    inquiry.version = version + 1
    return inquiry


def hearers(inquiry: Inquiry | None) -> list[int]:
    """Sections that hear live of what happens to the inquiry: the one that coordinates, and those that help it."""
    if inquiry is None:
        return []
    rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, coordinating=False, state__in=HELPED)
    return [*([inquiry.section_id] if inquiry.section_id else []), *rows.values_list("section", flat=True)]


def note(
    *,
    inquiry: Inquiry,
    verb: str,
    by: Officer | None,
    now: datetime,
    sections: tuple[int | None, ...] = (),
    **data: Any,
) -> None:
    """The journal fact of a move. The sections that have the inquiry, and those in ``sections``, hear of it live;
    whom the move concerns gets a notice."""
    concerned = [pk for pk in (inquiry.section_id, *sections) if pk]
    tell_of_move(inquiry=inquiry, verb=verb, by=by, now=now, sections=concerned)
    journal.record(
        office=inquiry.office_id,
        verb=verb,
        subject=("inquiry", inquiry.pk),
        by=by,
        now=now,
        audience=[*hearers(inquiry), *(pk for pk in sections if pk)],
        code=inquiry.code,
        state=inquiry.state,
        holder=inquiry.holder,
        **data,
    )


def end_disposition(
    *, inquiry: Inquiry, state: DispositionState, by: Officer | None, now: datetime, reason: str = ""
) -> list[int]:
    """Close the open hand-over, if there is one. Help that is still open ends with it, but for a refusal: the next
    section needs that help as well. Returns the sections whose help ended, which hear of the move with it."""
    rows = Disposition.objects.filter(office=inquiry.office_id, inquiry=inquiry, state=DispositionState.OPEN)
    rows.filter(coordinating=True).update(state=state, reason=reason, ended_by=by, ended_at=now)
    if state == DispositionState.REFUSED:
        return []
    help_given = rows.filter(coordinating=False)
    sections = list(help_given.values_list("section", flat=True))
    if sections:
        help_given.update(state=DispositionState.WITHDRAWN, ended_by=by, ended_at=now)
    return sections
