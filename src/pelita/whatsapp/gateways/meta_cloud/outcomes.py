"""From the Cloud API's answer, or its absence, to an outcome."""

from __future__ import annotations

from typing import Any

import httpx
import orjson

from pelita.whatsapp.gateways.base import READ_MARK, Outgoing, Reply, scrubbed
from pelita.whatsapp.gateways.meta_cloud.pipe import NeverLeftError
from pelita.whatsapp.outcomes import Outcome, of_code

# The connection was never there, so nobody can have taken the message.
_NEVER_LEFT = (
    NeverLeftError, httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol
)  # fmt: skip


def of_answer(status: int, body: bytes, outgoing: Outgoing) -> Reply:
    """The outcome of an HTTP answer. Only a body of Meta's own may say yes or no for good.

    - 2xx without a message id: somebody said yes, perhaps Meta with a body that was cut. UNCERTAIN.
    - 5xx without Meta's error body (a proxy's HTML page, 504 above all): the proxy lost its upstream, which may
      have taken the message before. An answer sent twice is worse than a late one, so this waits for a status
      like a time-out does, and is not tried again at once.
    - 4xx and 3xx without Meta's body: a proxy, a firewall or a sign-in page stopped the call before Meta. It was
      not sent, and it is no verdict on the message, the token or the number.
    """
    document = document_of(body)
    error = document.get("error")
    if isinstance(error, dict) and isinstance(error.get("code"), int):
        return _of_error(status, error, outgoing)
    if 200 <= status < 300:
        return _of_success(status, document, outgoing)
    if status == 429:
        return Reply(Outcome.RATE_LIMITED, http_status=status)
    uncertain = status >= 500 or status == 408
    return Reply(Outcome.UNCERTAIN if uncertain else Outcome.NOT_SENT, http_status=status)


def of_failure(failure: Exception) -> Reply:
    """The outcome of a call without an answer: not sent when no connection came about, else nobody knows.

    A connection that breaks while the request is written is no proof either: the answer's loss and the request's
    loss look the same from here.
    """
    outcome = Outcome.NOT_SENT if isinstance(failure, _NEVER_LEFT) else Outcome.UNCERTAIN
    return Reply(outcome, details=type(failure).__name__)


def _of_success(status: int, document: dict[str, Any], outgoing: Outgoing) -> Reply:
    if outgoing.kind == READ_MARK:
        taken = document.get("success") is True
        return Reply(Outcome.ACCEPTED if taken else Outcome.UNCERTAIN, http_status=status)
    messages = document.get("messages")
    first = messages[0] if isinstance(messages, list) and messages else None
    wamid = first.get("id") if isinstance(first, dict) else None
    if not isinstance(wamid, str) or not 0 < len(wamid) <= 200:
        return Reply(Outcome.UNCERTAIN, http_status=status)
    return Reply(Outcome.ACCEPTED, wamid=wamid, http_status=status)


def _verdict(status: int, error: dict[str, Any]) -> Outcome:
    """The shared table, and the two things that only an answer's body tells."""
    if error["code"] == 100 and error.get("error_subcode") == 33:
        # The phone number's id is wrong or hidden from this token: no message of this line can pass.
        return Outcome.PERMISSION
    outcome = of_code(error["code"], status)
    if outcome is Outcome.REJECTED and error.get("is_transient") is True:
        return Outcome.TEMPORARY
    return outcome


def _of_error(status: int, error: dict[str, Any], outgoing: Outgoing) -> Reply:
    code: int = error["code"]
    data = error.get("error_data")
    details = data.get("details") if isinstance(data, dict) else None
    return Reply(
        _verdict(status, error),
        http_status=status,
        code=code if abs(code) < 2**31 else None,
        details=scrubbed(details, outgoing) if isinstance(details, str) else "",
    )


def document_of(body: bytes) -> dict[str, Any]:
    """The answer's JSON object, empty for anything else."""
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
