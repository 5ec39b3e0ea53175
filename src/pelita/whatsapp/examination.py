"""Examining a number: what our tables know, what the provider says, what follows. No transaction during the calls."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

from pelita.whatsapp import checks, quota
from pelita.whatsapp.checks import Check, Known
from pelita.whatsapp.gateways.examining import Credentials, ExaminerFactory
from pelita.whatsapp.models import Line, Template
from pelita.whatsapp.queries import costs
from pelita.whatsapp.sending import access_of
from pelita.whatsapp.templates import ANSWER_READY

TIMEOUT = 10.0


def examine(line: Line, *, examiners: Mapping[str, ExaminerFactory], webhook: str, now: datetime) -> list[Check]:
    """Every finding about the line. ``webhook``: our address as the internet reaches it.

    Raises KeyError for a gateway that cannot be examined, BadLineError for an address that cannot be used, and
    SecretUnreadableError when a secret was sealed with another key.
    """
    known = _known(line, now)
    credentials = Credentials(
        account_id=line.business_account_id,
        app_id=line.app.app_id,
        app_secret=line.app.app_secret,
        verify_token=line.app.verify_token,
        webhook=webhook,
    )
    examiner = examiners[line.gateway](access_of(line), credentials)
    return checks.judge(asyncio.run(examiner.ask()), known, now=now)


def _known(line: Line, now: datetime) -> Known:
    states = Template.objects.filter(office=line.office_id, line=line, purpose=ANSWER_READY)
    month = costs.month_costs(line, quota.month_of(now), now=now)
    found = set(states.values_list("state", flat=True))
    return Known(
        phone_number_id=line.phone_number_id,
        app_id=line.app.app_id,
        template_state="APPROVED" if "APPROVED" in found else next(iter(sorted(found)), ""),
        coexistence=line.coexistence,
        link=line.link,
        phone_seen_at=line.phone_seen_at,
        level=month.level,
        silent=month.silent,
    )
