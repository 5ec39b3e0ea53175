"""Pure decisions of the desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from pelita.base.text import words
from pelita.desk.models import Holder, Inquiry, InquiryState
from pelita.offices import rules as office_rules
from pelita.offices.models import OpenHours
from pelita.offices.rules import Place
from pelita.whatsapp.models import Inbound

WINDOW = timedelta(hours=24)  # WhatsApp: each citizen message opens 24 hours of free-form answers
FOLLOW_UP = timedelta(hours=24)
# How long an answer may be under way while the citizen goes on writing, before the new message gets an owner.
ON_ITS_WAY = timedelta(minutes=10)
MAX_ANSWER = 4096  # WhatsApp: longest text message
MAX_CAPTION = 1024  # and longest caption of a file


def may_handle(place: Place, inquiry: Inquiry) -> bool:
    """Whether the officer does the admin's part with this inquiry: the admin, or a leader when it is secret."""
    if place.office.pk != inquiry.office_id:
        return False
    return place.is_leader if inquiry.secret else place.is_admin


class Placement(StrEnum):
    """Where a citizen's message belongs."""

    NEW = "new"
    JOIN = "join"
    REOPEN = "reopen"
    THANKS = "thanks"
    ENOUGH = "enough"  # the automatic answer was one


# Words that close a talk, and words that may stand around them. A message made of both asks for nothing; one made of
# fillers alone ("info kak", "min") is somebody knocking.
_FILLERS = frozenset(
    (  # noqa: SIM905  # sixty words read better as text than as sixty strings
        "pak bu buk bapak ibu mas mbak min admin kak banyak sekali sanget info infonya informasinya atas jawaban "
        "jawabannya penjelasannya bantuannya sudah terima trima matur mtur mator sembah sami sama"
    ).split()
)
_THANKS = frozenset(
    (  # noqa: SIM905  # as above
        "kasih makasih makasi mksh trims tks thanks thx suwun nuwun ok oke okay siap baik sip nggih njih inggih "
        "enggih ya iya jelas alhamdulillah"
    ).split()
)
_MARKS = re.compile(r"[^\w\s]|_")


def is_thanks(text: str) -> bool:
    """Whether the text only thanks or agrees ("nggih pak, matur nuwun 🙏") and so opens nothing."""
    if "?" in text or re.search(r"\d", text):
        return False
    found = words(text)
    if not found:
        return bool(text.strip()) and not _MARKS.sub("", text).strip()
    closing = [word for word in found if word in _THANKS]
    return bool(closing) and len(found) <= 10 and all(word in _THANKS or word in _FILLERS for word in found)


# Under an automatic answer stand two buttons; whoever types the same words says the same.
ENOUGH, NOT_YET = "Sudah", "Belum menjawab"
_ENOUGH = frozenset("sudah udah dah sampun mpun wis uwis cukup".split())  # noqa: SIM905  # as above
_NOT_YET = frozenset("belum blm blom durung dereng".split())  # noqa: SIM905  # as above
_ABOUT_IT = frozenset(
    (  # noqa: SIM905  # as above
        "menjawab njawab jawab terjawab kejawab dijawab mangsuli paham ngerti mengerti jelas ini itu iki niki masih "
        "tasik ijik kok to"
    ).split()
)
_KNOCKS = frozenset(  # what comes before a question
    (  # noqa: SIM905  # as above
        "halo hallo hai hi hei p permisi nyuwun sewu punten mau ingin pengin pingin badhe arep tanya nanya bertanya "
        "tanglet takon takok selamat met pagi siang sore malam enjing dalu assalamualaikum assalamu aslm alaikum wr wb"
    ).split()
)
KNOCKING = timedelta(minutes=1)


def _made_of(found: Sequence[str], core: frozenset[str], *around: frozenset[str]) -> bool:
    others = frozenset().union(*around)
    return (
        0 < len(found) <= 8
        and any(word in core for word in found)
        and all(word in core or word in others for word in found)
    )


def is_enough(text: str) -> bool:
    """Whether the text says no more than that an automatic answer was enough ("sudah pak")."""
    return "?" not in text and _made_of(words(text), _ENOUGH, _ABOUT_IT, _FILLERS, _THANKS)


def is_not_yet(text: str) -> bool:
    """Whether the text says no more than that an automatic answer was none ("belum menjawab bu")."""
    return _made_of(words(text), _NOT_YET, _ABOUT_IT, _FILLERS, _THANKS)


def is_choice(text: str) -> bool:
    """Whether the text is no more than the number of a row, as old phones answer a list ("3.")."""
    return re.fullmatch(r"\s*\d{1,2}\s*[.)]?\s*", text) is not None


def is_knock(text: str) -> bool:
    """Whether the text only comes before a question ("permisi mau tanya")."""
    return _made_of(words(text), _KNOCKS, _FILLERS, _THANKS)


def window_ends(last_inbound_at: datetime | None) -> datetime | None:
    return last_inbound_at + WINDOW if last_inbound_at else None


def window_open(last_inbound_at: datetime | None, now: datetime) -> bool:
    ends = window_ends(last_inbound_at)
    return ends is not None and now < ends


def item_of(message: Inbound) -> str:
    """The id of the catalogue item that the message is about; empty for none, and for an order of several."""
    if message.product:
        return message.product
    order = message.content.get("order")
    lines = order if isinstance(order, list) else []
    ids = {str(line.get("product", "")) for line in lines if isinstance(line, dict)}
    return ids.pop() if len(ids) == 1 else ""


def from_item(name: str) -> str:
    """Why it lies at the section, instead of an officer's instruction."""
    return _("Warga bertanya dari katalog WhatsApp: {name}.").format(name=name)


def own_matter(latest: Inquiry, service: int, placement: Placement) -> bool:
    """Whether a question from the item of ``service`` is a matter of its own beside the citizen's latest one.

    It is, unless that one is about the same service and still open. What is secret keeps what its citizen goes on
    writing, and thanks ask for nothing. ``placement``: what rules.place_message says.
    """
    if latest.secret or placement in {Placement.THANKS, Placement.ENOUGH}:
        return False
    return latest.service_id != service or latest.state in {InquiryState.DELIVERED, InquiryState.CLOSED}


TAP = "jawaban:"


def tap_payload(code: str) -> str:
    """What the button of a notice carries; it comes back when the citizen taps it."""
    return f"{TAP}{code}"


def tapped_code(message: Inbound) -> str:
    """The code of the inquiry whose answer the message asks for; empty for any other message."""
    reply = message.content.get("reply")
    payload = reply.get("id") if isinstance(reply, dict) else None
    if message.type != "button" or not isinstance(payload, str) or not payload.startswith(TAP):
        return ""
    return payload.removeprefix(TAP)


def still_theirs(retired_at: datetime | None, written_at: datetime) -> bool:
    """Whether an id meant its recorded owner when something was written under it."""
    return retired_at is None or written_at <= retired_at


# WhatsApp takes a number for given out again when its account was silent so long and then appears on another phone
# (faq.whatsapp.com, "About your phone number already on WhatsApp").
RECYCLED_AFTER = timedelta(days=45)


def given_out_again(last_seen: Sequence[datetime], written_at: datetime, one_account_since: datetime | None) -> bool:
    """Whether a number under an id that nobody knows has a new owner, when its owner has ids in use.

    ``last_seen``: when each of those was last met; ``one_account_since``: whatsapp.queries.one_account_since. An id
    that was met before may be the same person's in another account (docs/decisions/0021).
    """
    if not last_seen or one_account_since is None:
        return False
    return max(last_seen) < written_at - RECYCLED_AFTER and min(last_seen) >= one_account_since


@dataclass(frozen=True, slots=True)
class Latest:
    """What the placement must know of the inquiry that a message may belong to. ``since``: when its state began.

    ``automatic``: the answer that it has is the assistant's.
    """

    state: str
    holder: str
    since: datetime
    closed_at: datetime | None
    automatic: bool = False


def latest_of(inquiry: Inquiry) -> Latest:
    return Latest(inquiry.state, inquiry.holder, inquiry.held_since, inquiry.closed_at, inquiry.automatic)


def place_message(latest: Latest | None, text: str, quotes_latest: bool, now: datetime) -> Placement:  # noqa: FBT001, PLR0911  # one line a case reads best
    """Where a new message belongs. ``quotes_latest``: it quotes a message of the latest inquiry.

    A repeat joins the open inquiry and loses no place. After an answer, thanks change nothing; anything else within
    FOLLOW_UP, or a quotation however late, opens the same inquiry again, because it is about that answer. After an
    automatic one the citizen may also say that it was enough.
    """
    if latest is None or latest.state in {InquiryState.MERGED, InquiryState.SPAM}:
        return Placement.NEW
    if latest.state == InquiryState.WAITING_CITIZEN:
        # Only what opens no window comes to this: the rest has let the answer go before.
        return Placement.THANKS if is_thanks(text) else Placement.REOPEN
    if latest.state == InquiryState.ANSWERED and latest.holder == Holder.NOBODY:
        if is_thanks(text):
            return Placement.THANKS
        # Whoever writes is online. An answer that such a phone did not report for so long may never have come.
        return Placement.REOPEN if now - latest.since > ON_ITS_WAY else Placement.JOIN
    if latest.state not in {InquiryState.DELIVERED, InquiryState.CLOSED}:
        return Placement.JOIN
    recent = latest.closed_at is None or now - latest.closed_at <= FOLLOW_UP
    if recent and is_thanks(text):
        return Placement.THANKS
    if latest.automatic:
        if is_enough(text) and (recent or quotes_latest):
            return Placement.ENOUGH
        # "Halo", a greeting at once, "mau tanya": the question itself is still to come.
        if is_knock(text) and now - latest.since <= KNOCKING:
            return Placement.THANKS
    return Placement.REOPEN if recent or quotes_latest else Placement.NEW


@dataclass(frozen=True, slots=True)
class DueChoice:
    """A deadline that the admin can pick with one tap."""

    key: str
    at: datetime
    today: bool


def due_choices(
    now: datetime, hours: Sequence[OpenHours], tz: ZoneInfo, works: Callable[[date], bool] = lambda _day: True
) -> list[DueChoice]:
    """Up to three deadlines inside counter time: in two hours, one hour before closing today, next working day 10.00.

    Those that the clock has overtaken are left out; at night only the next working day remains. ``works`` as with
    next_working_day.
    """
    local = now.astimezone(tz)
    found: list[DueChoice] = []
    today = office_rules.day_hours(hours, local.date(), tz)
    if today and works(local.date()):
        soon = local + timedelta(hours=2)
        if today.opens <= local and soon <= today.closes:
            found.append(DueChoice("soon", soon, today=True))
        end = today.closes - timedelta(hours=1)
        if local < end and not (found and abs(end - soon) < timedelta(minutes=20)):
            found.append(DueChoice("today", end, today=True))
    following = office_rules.next_working_day(hours, local.date(), tz, works)
    if following:
        ten = office_rules.at(following.opens.date(), time(10), tz)
        found.append(DueChoice("next", max(ten, following.opens), today=False))
    return found


def with_usual(choices: Sequence[DueChoice], usual: datetime | None, now: datetime, tz: ZoneInfo) -> list[DueChoice]:
    """The policy's deadline among the others by time; what lies close to it says nothing new and is left out."""
    if usual is None or usual <= now:
        return list(choices)
    today = usual.astimezone(tz).date() == now.astimezone(tz).date()
    others = [choice for choice in choices if abs(choice.at - usual) >= timedelta(minutes=20)]
    return sorted([DueChoice("usual", usual, today), *others], key=lambda choice: choice.at)


def default_due(choices: Sequence[DueChoice]) -> DueChoice | None:
    """The policy's; without one today when there is still time, else the next working day."""
    by_key = {choice.key: choice for choice in choices}
    return by_key.get("usual") or by_key.get("today") or next(reversed(choices), None)


def called_names(text: str, names: Iterable[str]) -> list[str]:
    """The names that stand behind an ``@`` in the text, in their order, each once. The longest name that fits wins."""
    longest_first = sorted(names, key=len, reverse=True)
    if not longest_first:
        return []
    spelled = {name.casefold(): name for name in longest_first}
    pattern = "|".join(re.escape(name) for name in longest_first)
    calls = re.findall(rf"(?<!\w)@({pattern})(?!\w)", text, flags=re.IGNORECASE)
    return list(dict.fromkeys(spelled[call.casefold()] for call in calls))


def compose(text: str, section_name: str, code: str) -> str:
    """The answer as the citizen gets it: the text, then who says it and the code to quote."""
    return f"{text.strip()}\n\n{section_name} · {code}"


def max_text(section_name: str, code: str, *, with_file: bool = False) -> int:
    """How long the answer's own text may be so that the whole still fits into one message, or a file's caption."""
    return (MAX_CAPTION if with_file else MAX_ANSWER) - len(compose("", section_name, code))
