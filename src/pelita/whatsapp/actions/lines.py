"""Lines and applications: making them known, keeping their secrets right, letting a stopped number go on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pelita.journal import actions as journal
from pelita.offices.models import Office, Role
from pelita.offices.rules import Place
from pelita.whatsapp import jobs, rules
from pelita.whatsapp.actions.adopting import expect_earlier
from pelita.whatsapp.errors import BadLineError, NotAllowedError
from pelita.whatsapp.models import App, Bucket, Line, LineState
from pelita.whatsapp.outcomes import Outcome


@transaction.atomic
def ensure_app(*, app_id: str, name: str, app_secret: str, verify_token: str) -> App:
    """The Meta application with these secrets; makes it or updates what differs. Again changes nothing.

    It belongs to no office, so no journal has a place for it. Raises BadLineError for an empty secret: an empty
    key would let anybody sign webhooks.
    """
    if not (app_secret.strip() and verify_token.strip()):
        raise BadLineError(_("Rahasia aplikasi dan token verifikasi WhatsApp tidak boleh kosong."))
    app = App.objects.select_for_update().filter(app_id=app_id).first() or App(app_id=app_id)
    wanted = {"name": name, "app_secret": app_secret.strip(), "verify_token": verify_token.strip()}
    _save_changes(app, wanted)
    return app


@transaction.atomic
def ensure_line(  # noqa: PLR0913  # a line is its nine fields; a class for them would only repeat the table
    *,
    office: Office,
    app: App,
    phone_number_id: str,
    business_account_id: str,
    display_phone: str,
    base_url: str,
    api_version: str,
    token: str,
    now: datetime,
) -> Line:
    """The office's number with this address and token; makes it or updates what differs. Again changes nothing.

    A number that was stopped because its token had become invalid goes on when it gets another token.
    Raises BadLineError for a bad address or an empty token, or when the number belongs to another office.
    """
    if not token.strip():
        raise BadLineError(_("Kunci akses nomor WhatsApp tidak boleh kosong."))
    line = (
        Line.objects.across_offices("a number belongs to one office of the whole installation")
        .select_for_update()
        .filter(phone_number_id=phone_number_id)
        .first()
    )
    if line is not None and line.office_id != office.pk:
        raise BadLineError(_("Nomor WhatsApp ini sudah dipakai kantor lain."))
    line = line or Line(office=office, phone_number_id=phone_number_id)
    wanted: dict[str, Any] = {
        "app_id": app.pk,
        "business_account_id": business_account_id,
        "display_phone": display_phone,
        "base_url": rules.checked_base_url(base_url),
        "api_version": api_version,
        "token": token.strip(),
    }
    made = line.pk is None
    changed = _save_changes(line, wanted)
    if made:
        full = rules.number_burst(line.number_rate)
        Bucket.objects.create(office=office, line=line, recipient="", tokens=full, refilled_at=now)
    if changed:
        verb = "line.registered" if made else "line.changed"
        journal.record(office=office, verb=verb, subject=("line", line.pk), by=None, now=now, fields=sorted(changed))
        expect_earlier(line=line, changed=changed, now=now)
    if "token" in changed and line.stop_reason == Outcome.TOKEN_INVALID.value:
        resume_line(line=line, by=None, now=now)
    return line


@transaction.atomic
def resume_line(*, line: Line, by: Place | None, now: datetime) -> bool:
    """Let a stopped number send again; its queue leaves in order. False when it was not stopped.

    Raises NotAllowedError. None stands for the operator's command line.
    """
    if by is not None and (by.office.pk != line.office_id or not by.roles & {Role.ADMIN, Role.OPERATOR}):
        raise NotAllowedError
    moved = Line.objects.filter(office=line.office_id, pk=line.pk, state=LineState.STOPPED).update(
        state=LineState.ACTIVE, stop_reason=""
    )
    if not moved:
        return False
    line.state, line.stop_reason = LineState.ACTIVE, ""
    journal.record(
        office=line.office_id,
        verb="line.resumed",
        subject=("line", line.pk),
        by=by.officer if by else None,
        now=now,
    )
    jobs.wake_outbox(line.pk)
    return True


def _save_changes(row: App | Line, wanted: dict[str, Any]) -> set[str]:
    """Write what differs. Secrets are compared in the plain, so that an equal one is not sealed anew."""
    changed = {name for name, value in wanted.items() if row.pk is None or getattr(row, name) != value}
    if changed:
        for name in changed:
            setattr(row, name, wanted[name])
        row.save(update_fields=None if row.pk is None else changed)
    return changed
