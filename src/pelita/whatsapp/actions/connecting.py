"""Setting a number up: who serves it, by which secrets, and what an examination of it found."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.base import phone
from pelita.journal import actions as journal
from pelita.offices.rules import Place
from pelita.whatsapp import jobs, rules
from pelita.whatsapp.actions.adopting import expect_earlier
from pelita.whatsapp.actions.enqueue import enqueue_text
from pelita.whatsapp.actions.lines import ensure_app, resume_line
from pelita.whatsapp.checks import Check
from pelita.whatsapp.errors import BadLineError, NotAllowedError
from pelita.whatsapp.models import App, Bucket, Line, Outbound
from pelita.whatsapp.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Connection:
    """What a person fills in. An empty secret keeps the present one; ``display_phone`` as people write it."""

    phone_number_id: str
    business_account_id: str
    display_phone: str
    app_id: str
    base_url: str
    api_version: str
    auth_header: str = "Authorization"
    auth_scheme: str = "Bearer"
    coexistence: bool = False
    app_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


def require_keeper(by: Place) -> None:
    """Whoever looks after the number: admin and operator."""
    if not by.keeps_line:
        raise NotAllowedError


def _require(by: Place, line: Line) -> None:
    require_keeper(by)
    if by.office.pk != line.office_id:
        raise NotAllowedError


@transaction.atomic
def save_connection(*, line: Line | None, connection: Connection, by: Place, now: datetime) -> Line:
    """Make the office's number known, or change how it is reached. Returns the line.

    A new token lets a number go on that had stopped for its token. Raises NotAllowedError, and BadLineError with a
    sentence about what cannot be used.
    """
    require_keeper(by)
    if line is not None:
        _require(by, line)
        line = Line.objects.select_for_update().get(office=by.office, pk=line.pk)
    _check_free(line, connection)
    app = _app(line, connection, by)
    wanted = _columns(line, connection, app)
    made = line is None
    line = line or Line(office=by.office)
    changed = {name for name, value in wanted.items() if made or getattr(line, name) != value}
    if not changed:
        return line
    for name in changed:
        setattr(line, name, wanted[name])
    line.save(update_fields=None if made else sorted(changed))
    if made or "number_rate" in changed:
        _fill_bucket(line, now)
    verb = "line.registered" if made else "line.changed"
    journal.record(
        office=by.office, verb=verb, subject=("line", line.pk), by=by.officer, now=now, fields=sorted(changed)
    )
    expect_earlier(line=line, changed=changed, now=now)
    if "token" in changed and line.stop_reason == Outcome.TOKEN_INVALID.value:
        resume_line(line=line, by=by, now=now)
    return line


def _check_free(line: Line | None, connection: Connection) -> None:
    """One number belongs to one office of the whole installation."""
    same = Line.objects.across_offices("a number belongs to one office of the whole installation").filter(
        phone_number_id=connection.phone_number_id
    )
    if (same.exclude(pk=line.pk) if line else same).exists():
        raise BadLineError(_("ID nomor telepon ini sudah dipakai nomor lain di pemasangan ini."))


def _app(line: Line | None, connection: Connection, by: Place) -> App:
    """The Meta application. Its secret is everybody's who uses it, so one office alone may change it."""
    known = App.objects.select_for_update().filter(app_id=connection.app_id).first()
    if known is None:
        if not connection.app_secret.strip():
            raise BadLineError(_("Isi rahasia aplikasi (App Secret) dari halaman aplikasi di Meta."))
        return ensure_app(
            app_id=connection.app_id,
            name=by.office.name[:80],
            app_secret=connection.app_secret,
            verify_token=secrets.token_urlsafe(24),
        )
    mine = line is not None and line.app_id == known.pk
    users = set(
        Line.objects.across_offices("an application may serve several offices")
        .filter(app=known)
        .values_list("office_id", flat=True)
    )
    # One that nobody uses yet was made by the central operator, for somebody.
    alone = users == {by.office.pk}
    if connection.app_secret.strip():
        if not alone:
            raise BadLineError(_("Aplikasi Meta ini dipakai kantor lain juga; rahasianya diganti operator pusat."))
        return ensure_app(
            app_id=known.app_id, name=known.name, app_secret=connection.app_secret, verify_token=known.verify_token
        )
    if not (mine or alone):
        raise BadLineError(_("Aplikasi Meta ini dipakai kantor lain. Minta operator pusat menyambungkan nomor ini."))
    return known


def _columns(line: Line | None, connection: Connection, app: App) -> dict[str, Any]:
    display = phone.digits(connection.display_phone)
    if display is None:
        raise BadLineError(_("Nomor WhatsApp kantor belum benar. Tulis seperti 0851-5556-5667."))
    token = connection.token.strip() or (line.token if line else "")
    if not token:
        raise BadLineError(_("Kunci akses nomor WhatsApp tidak boleh kosong."))
    base = rules.checked_base_url(connection.base_url)
    if base.startswith("http://") and (line is None or base != line.base_url):
        # A person at a browser must not make our worker call what only this machine can reach.
        raise BadLineError(_("Alamat layanan WhatsApp harus diawali https://."))
    if line is not None and not connection.token.strip() and _host(base) != _host(line.base_url):
        # What is stored was given to the present server; another one gets it only from whoever holds it.
        raise BadLineError(_("Alamat layanan berubah, jadi isi kunci aksesnya sekali lagi."))
    found = {
        "app_id": app.pk,
        "phone_number_id": connection.phone_number_id,
        "business_account_id": connection.business_account_id,
        "display_phone": display,
        "base_url": base,
        "api_version": connection.api_version.strip(),
        "auth_header": connection.auth_header.strip(),
        "auth_scheme": connection.auth_scheme.strip(),
        "coexistence": connection.coexistence,
        "token": token,
    }
    if line is None or line.coexistence != connection.coexistence:
        found["number_rate"] = rules.COEXISTENCE_RATE if connection.coexistence else rules.USUAL_RATE
    return found


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _fill_bucket(line: Line, now: datetime) -> None:
    full = rules.number_burst(line.number_rate)
    Bucket.objects.update_or_create(
        office=line.office, line=line, recipient="", defaults={"tokens": full, "refilled_at": now}
    )


@transaction.atomic
def ask_examination(*, line: Line, by: Place, now: datetime) -> None:
    """Have the worker look whether the number is set up. Raises NotAllowedError."""
    _require(by, line)
    Line.objects.filter(office=line.office_id, pk=line.pk).update(checking_since=now)
    jobs.wake_examination(line.pk)


@transaction.atomic
def record_examination(*, line: Line, checks: Sequence[Check], now: datetime) -> None:
    """Keep what an examination found, for the number's page, and tell whoever looks at it."""
    Line.objects.filter(office=line.office_id, pk=line.pk).update(
        checks=[check.as_dict() for check in checks], checked_at=now, checking_since=None
    )
    bad = sum(check.state != "ok" for check in checks)
    journal.record(office=line.office_id, verb="line.checked", subject=("line", line.pk), by=None, now=now, open=bad)


@transaction.atomic
def send_test(*, line: Line, to: str, by: Place, now: datetime) -> Outbound:
    """Send a test message to a phone of the office's own. Raises NotAllowedError and BadLineError.

    It goes through the outbox like any answer, in a thread that no conversation has.
    """
    _require(by, line)
    recipient = phone.digits(to)
    if recipient is None:
        raise BadLineError(_("Nomor HP belum benar. Tulis seperti 0812-3456-7890."))
    outbound = enqueue_text(
        line=line,
        thread=-line.pk,
        to_phone=recipient,
        to_user_id="",
        text=_("Pesan uji dari {office}. Nomor ini sudah tersambung.").format(office=by.office.name),
        now=now,
    )
    Line.objects.filter(office=line.office_id, pk=line.pk).update(test=outbound)
    journal.record(office=line.office_id, verb="line.tested", subject=("line", line.pk), by=by.officer, now=now)
    return outbound
