"""An inquiry in which every text holds a word that occurs nowhere else: where such a word is seen, something leaked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponseBase

from pelita.desk.actions import more_time, noting, referring, secrecy, section
from pelita.desk.actions.ready_replies import seed_replies
from pelita.desk.models import Inquiry
from pelita.whatsapp.models import Template
from tests.web.conftest import World, stranger_office
from tests.web.media import stored_photo

NUMBER = "6281377001199"
MARKED = "tandarahasia"  # begins nothing in our own words
QUESTION = f"{MARKED}tanya jalan dekat sawah"
CITIZEN = f"{MARKED}nama Rahayu"


@dataclass(frozen=True, slots=True)
class Marked:
    """The inquiry, and what no page of somebody who may not see it says."""

    inquiry: Inquiry

    def leaks(self, said: str, *, asked: str = "") -> list[str]:
        """The marks in what was said. ``asked``: what the request itself named may be said back."""
        marks = (MARKED, NUMBER, NUMBER[4:], f"•-{NUMBER[-4:]}", self.inquiry.code)
        return [mark for mark in marks if mark.lower() in said.lower() and mark.lower() not in asked.lower()]


def marked(world: World, *, secret: bool) -> Marked:
    """At Kesra, with a photo, instruction, note, draft, referral and a wish for time; or the same marked secret."""
    stranger_office(world.now)
    media = stored_photo(world)
    who = {"who": "ID.tanda", "name": CITIZEN, "wa_id": NUMBER}
    inquiry = world.at_section("KESRA", QUESTION, type="image", media=media, **who)
    admin, kesra, now = world.place("admin"), world.place("kesra"), world.now
    noting.write_note(inquiry=inquiry, text=f"{MARKED}catatan", by=kesra, now=now)
    section.save_draft(inquiry=world.fresh(inquiry), text=f"{MARKED}draf", by=kesra, now=now)
    more_time.ask_time(inquiry=world.fresh(inquiry), until=now + timedelta(days=3), by=kesra, now=now)
    day = (now + timedelta(days=2)).date()
    referring.refer(
        inquiry=world.fresh(inquiry), body=f"{MARKED}dinas", number=f"{MARKED}nomor", by=admin, now=now,
        follow_up_on=day,
    )  # fmt: skip
    if secret:
        secrecy.hide(inquiry=world.fresh(inquiry), by=admin, now=now)
    Template.objects.create(
        office=world.office, line=world.line, name="templat", language="id", category="UTILITY",
        created_at=now, changed_at=now,
    )  # fmt: skip
    seed_replies(office=world.office, now=now)
    return Marked(world.fresh(inquiry))


def told(response: HttpResponseBase) -> str:
    """Everything that an answer carries: body and headers."""
    streamed = getattr(response, "streaming", False)
    body = b"".join(response) if streamed else response.content  # type: ignore[attr-defined]  # one of both
    return body.decode(errors="replace") + str(dict(response.headers))
