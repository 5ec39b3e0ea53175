"""Messages that still wait follow a person to another id, or into another thread."""

from __future__ import annotations

from collections.abc import Sequence

from pelita.whatsapp.models import Outbound, OutboundState

OPEN = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNKNOWN)


def follow(
    *,
    office_id: int,
    threads: Sequence[int],
    old_phone: str,
    old_user_id: str,
    new_phone: str,
    new_user_id: str,
) -> int:
    """Address what waits in these threads for the old ids to the new ones.

    What is under way cannot be caught; but when that call fails, the next one goes to the new ids too. Without a new
    phone number the business-scoped id carries it alone. Returns how many.
    """
    waiting = Outbound.objects.filter(office=office_id, thread__in=threads, state__in=OPEN)
    changed = 0
    if old_phone and (new_phone or new_user_id):
        changed += waiting.filter(to_phone=old_phone).update(to_phone=new_phone, to_user_id=new_user_id)
    if old_user_id and new_user_id:
        changed += waiting.filter(to_user_id=old_user_id).update(to_user_id=new_user_id, to_phone=new_phone)
    return changed


def move_thread(*, office_id: int, old: int, new: int) -> int:
    """What is not settled keeps its order, now behind and before the other thread's. Returns how many."""
    return Outbound.objects.filter(office=office_id, thread=old, state__in=OPEN).update(thread=new)
