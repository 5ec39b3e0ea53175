"""Setting a number up: whose it may be, what is kept, what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pelita.journal.models import Fact
from pelita.offices.models import Duty, Office, Officer, Role
from pelita.offices.queries import place_of
from pelita.offices.rules import Place
from pelita.whatsapp.actions import connecting
from pelita.whatsapp.actions.connecting import Connection, save_connection
from pelita.whatsapp.actions.lines import ensure_app
from pelita.whatsapp.checks import Check, Verdict
from pelita.whatsapp.errors import BadLineError, NotAllowedError
from pelita.whatsapp.models import App, Bucket, Line, LineState
from tests.whatsapp.outbox.support import World

NEW = Connection(
    phone_number_id="555", business_account_id="777", display_phone="0812-1111-2222", app_id="999",
    base_url="https://graph.facebook.com/", api_version="v26.0", app_secret="rahasia-baru", token="kunci-baru",
)  # fmt: skip


def elsewhere(world: World) -> Place:
    office = Office.objects.create(code="lain", name="Lain", regency="R", region_code="2", code_prefix="LAN")
    officer = Officer.objects.create(office=office, username="lain", full_name="Orang Lain")
    Duty.objects.create(office=office, officer=officer, role=Role.ADMIN, starts_on=world.now.date())
    return place_of(officer, now=world.now)


def save(world: World, connection: Connection, line: Line | None = None, by: Place | None = None) -> Line:
    return save_connection(line=line, connection=connection, by=by or world.place("operator"), now=world.now)


def of(world: World, **changes: object) -> Connection:
    """The present connection of the world's line, with changes; secrets empty as in the form."""
    line = world.line
    present = Connection(
        line.phone_number_id, line.business_account_id, line.display_phone, line.app.app_id, line.base_url,
        line.api_version,
    )  # fmt: skip
    return replace(present, **changes)  # type: ignore[arg-type]  # fields of a dataclass


def test_a_new_number_is_known_with_secrets_and_rate(world: World) -> None:
    line = save(world, replace(NEW, coexistence=True))
    line.refresh_from_db()
    assert (line.display_phone, line.base_url, line.number_rate) == ("6281211112222", "https://graph.facebook.com", 20)
    assert (line.token, line.app.app_secret) == ("kunci-baru", "rahasia-baru")
    assert len(line.app.verify_token) >= 24
    assert Bucket.objects.get(office=world.office, line=line, recipient="").tokens == 5
    fact = Fact.objects.filter(office=world.office, verb="line.registered").order_by("-id")[0]
    assert "kunci-baru" not in str(fact.data)


def test_empty_secrets_keep_what_is_there(world: World) -> None:
    line = save(world, of(world, api_version="v27.0"), world.line)
    line.refresh_from_db()
    assert (line.api_version, line.token, line.app.app_secret) == ("v27.0", world.line.token, "rahasia-aplikasi")
    assert line.number_rate == world.line.number_rate


def test_the_same_again_changes_nothing(world: World) -> None:
    before = Fact.objects.filter(office=world.office).count()
    save(world, of(world), world.line)
    assert Fact.objects.filter(office=world.office).count() == before


def test_a_new_token_lets_a_stopped_number_go_on(world: World) -> None:
    world.set_line(state=LineState.STOPPED, stop_reason="token_invalid")
    line = save(world, of(world, token="kunci-segar"), world.line)
    line.refresh_from_db()
    assert (line.state, line.token) == (LineState.ACTIVE, "kunci-segar")


def test_another_reason_needs_a_person(world: World) -> None:
    world.set_line(state=LineState.STOPPED, stop_reason="payment")
    line = save(world, of(world, token="kunci-segar"), world.line)
    line.refresh_from_db()
    assert line.state == LineState.STOPPED


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"display_phone": "12"}, "Nomor WhatsApp kantor"),
        ({"token": ""}, "Kunci akses"),
        ({"app_secret": ""}, "App Secret"),
        ({"base_url": "http://10.0.0.1"}, "https://"),
        ({"base_url": "http://127.0.0.1:9"}, "https://"),
        ({"base_url": "https://x:y@graph.facebook.com"}, "nama pengguna"),
        ({"phone_number_id": "351600000000001"}, "sudah dipakai"),
    ],
)
def test_what_cannot_be_used_is_said(world: World, changes: dict[str, str], words: str) -> None:
    with pytest.raises(BadLineError, match=words):
        save(world, replace(NEW, **changes))  # type: ignore[arg-type]  # fields of a dataclass
    assert Line.objects.filter(office=world.office).count() == 1


def test_a_number_that_plays_on_this_machine_may_stay_there(world: World) -> None:
    assert save(world, of(world, coexistence=True), world.line).base_url == "http://127.0.0.1:9"


def test_one_office_cannot_change_the_secret_of_another(world: World) -> None:
    stranger = elsewhere(world)
    taken = replace(NEW, app_id="app")
    with pytest.raises(BadLineError, match="kantor lain"):
        save(world, taken, by=stranger)
    with pytest.raises(BadLineError, match="kantor lain"):
        save(world, replace(taken, app_secret=""), by=stranger)
    assert App.objects.get(app_id="app").app_secret == "rahasia-aplikasi"


def test_nobody_takes_over_an_application_that_waits_for_its_office(world: World) -> None:
    ensure_app(app_id="888", name="Pusat", app_secret="rahasia-pusat", verify_token="cocok")
    for secret in ("rahasia-baru", ""):
        with pytest.raises(BadLineError, match="kantor lain"):
            save(world, replace(NEW, app_id="888", app_secret=secret))
    assert App.objects.get(app_id="888").app_secret == "rahasia-pusat"


def test_another_server_does_not_get_the_stored_token(world: World) -> None:
    with pytest.raises(BadLineError, match="isi kunci aksesnya sekali lagi"):
        save(world, of(world, base_url="https://mitra.example"), world.line)
    line = save(world, of(world, base_url="https://mitra.example", token="kunci-mitra"), world.line)
    assert (line.base_url, line.token) == ("https://mitra.example", "kunci-mitra")
    assert save(world, of(world, base_url="https://mitra.example/v2"), line).base_url == "https://mitra.example/v2"


def test_only_who_looks_after_the_number(world: World) -> None:
    for by in (world.place("pelayanan"), world.place("camat")):
        with pytest.raises(NotAllowedError):
            save(world, NEW, by=by)
    for deed in (
        lambda: save(world, of(world), world.line, by=elsewhere(world)),
        lambda: connecting.ask_examination(line=world.line, by=world.place("camat"), now=world.now),
        lambda: connecting.send_test(line=world.line, to="081234567890", by=world.place("camat"), now=world.now),
    ):
        with pytest.raises(NotAllowedError):
            deed()


def test_a_test_message_waits_behind_nobody(world: World) -> None:
    with pytest.raises(BadLineError, match="Nomor HP"):
        connecting.send_test(line=world.line, to="nol", by=world.place("admin"), now=world.now)
    sent = connecting.send_test(line=world.line, to="0812-3456-7890", by=world.place("admin"), now=world.now)
    world.line.refresh_from_db()
    assert (sent.to_phone, sent.thread, world.line.test_id) == ("6281234567890", -world.line.pk, sent.pk)


def test_an_examination_is_kept_without_words_in_the_journal(world: World) -> None:
    connecting.ask_examination(line=world.line, by=world.place("admin"), now=world.now)
    checks = [Check("token", Verdict.OK, "Baik."), Check("app", Verdict.PROBLEM, "Tidak cocok.")]
    connecting.record_examination(line=world.line, checks=checks, now=world.now)
    world.line.refresh_from_db()
    assert world.line.checks == [check.as_dict() for check in checks]
    assert (world.line.checked_at, world.line.checking_since) == (world.now, None)
    assert Fact.objects.get(office=world.office, verb="line.checked").data == {"open": 1}
