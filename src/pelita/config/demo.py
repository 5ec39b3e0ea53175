"""The demonstration that `up` starts with: a seeded Kecamatan Kemlagi whose line talks to the emulator."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from pelita.assistant import actions as assistant
from pelita.catalog.actions_evaluation import seed_sentences
from pelita.catalog.seeding import seed_services
from pelita.config import env
from pelita.desk.actions.policies import seed_deadlines
from pelita.desk.actions.ready_replies import seed_replies
from pelita.desk.officers.phones import register
from pelita.desk.queries.officer_phones import phone_of
from pelita.offices.actions import seed_definition, seed_office
from pelita.offices.models import Office, Officer, Role
from pelita.offices.queries import place_of
from pelita.whatsapp.actions.goods import ensure as ensure_goods
from pelita.whatsapp.actions.lines import ensure_app, ensure_line

DISPLAY_PHONE = "6285155565667"  # Kecamatan Kemlagi's own number; the emulator plays it
APP_ID = "351600000000100"  # the emulator's application
CATALOG_ID = "354160437058781"  # and its catalogue


def logins() -> list[tuple[str, str]]:
    """Login names of the sample officers with the words for what they do, in the order of the seed file."""
    definition = seed_definition()
    sections = {row["code"]: row["short_name"] for row in definition["sections"]}
    found = []
    for officer in definition["officers"]:
        words = [
            " ".join(filter(None, (str(Role(duty["role"]).label), sections.get(duty.get("section", "")))))
            for duty in officer["duties"]
        ]
        found.append((officer["username"], ", ".join(words)))
    return found


# Whose phones the emulator plays, so that one can be an officer there at once. Nobody's real numbers.
PHONES = {"admin": "6281200000101", "pelayanan": "6281200000102"}


def people(office: Office, *, now: datetime) -> list[dict[str, str]]:
    """Phones of sample officers as the emulator takes them. One that is not connected yet sends its code at once.

    PELITA_DEMO_PHONES=0 leaves them out: measurements and drills count every message.
    """
    found: list[dict[str, str]] = []
    if not env.flag("PELITA_DEMO_PHONES", default=True):
        return found
    for username, number in PHONES.items():
        officer = Officer.objects.select_related("office").filter(office=office, username=username).first()
        if officer is None:
            continue
        duties = place_of(officer, now=now)
        role = _("Admin") if duties.is_admin else _("petugas seksi")
        one = {"name": f"{officer.full_name} ({role})", "phone": number}
        known = phone_of(officer)
        if known is None or (known.number == number and known.confirmed_at is None):
            one["says"] = f"PETUGAS {register(officer=officer, number=number, by=duties, now=now)}"
        found.append(one)
    return found


def seed(*, now: datetime) -> Office:
    """Make the sample office and point its line at the emulator of this start. Safe to repeat.

    Reads PELITA_DEMO_PASSWORD, PELITA_APP_SECRET, PELITA_VERIFY_TOKEN, PELITA_LINE_TOKEN, PELITA_LINE_BASE_URL,
    PELITA_PHONE_NUMBER_ID and PELITA_WABA_ID. PELITA_DEMO_ASSISTANT=0 leaves the assistant switched off: measurements
    and drills count every message.
    """
    office = seed_office(password=env.text("PELITA_DEMO_PASSWORD"), now=now)
    seed_replies(office=office, now=now)
    seed_services(office=office, now=now, approved=True)
    seed_sentences(office=office, now=now)
    if env.flag("PELITA_DEMO_ASSISTANT", default=True):
        assistant.begin(office=office, now=now)
    app = ensure_app(
        app_id=APP_ID,
        name="Peraga WhatsApp",
        app_secret=env.text("PELITA_APP_SECRET"),
        verify_token=env.text("PELITA_VERIFY_TOKEN"),
    )
    line = ensure_line(
        office=office,
        app=app,
        phone_number_id=env.text("PELITA_PHONE_NUMBER_ID", "351600000000001"),
        business_account_id=env.text("PELITA_WABA_ID", "351600000000000"),
        display_phone=DISPLAY_PHONE,
        base_url=env.text("PELITA_LINE_BASE_URL"),
        api_version="v26.0",
        token=env.text("PELITA_LINE_TOKEN"),
        now=now,
    )
    ensure_goods(line=line, catalog_id=CATALOG_ID, now=now)
    seed_deadlines(office=office)
    return office
