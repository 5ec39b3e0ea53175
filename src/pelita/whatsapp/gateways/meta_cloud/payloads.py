"""Outgoing messages as the Cloud API wants them."""

from __future__ import annotations

from typing import Any

from pelita.whatsapp.gateways.base import READ_MARK, Outgoing

Json = dict[str, Any]


def payload_of(outgoing: Outgoing) -> Json:
    """The JSON body of POST /{phone_number_id}/messages."""
    if outgoing.kind == READ_MARK:
        return {"messaging_product": "whatsapp", "status": "read", "message_id": outgoing.reply_to}
    body: Json = {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_address(outgoing),
        "type": "text",
        # A preview would fetch whatever address a text holds and show its picture as if the office had sent it.
        "text": {"body": outgoing.text, "preview_url": False},
        # The only thing of ours that statuses bring back: it settles calls whose answer was lost.
        "biz_opaque_callback_data": outgoing.key,
    }
    if outgoing.reply_to:
        body["context"] = {"message_id": outgoing.reply_to}
    return body


def _address(outgoing: Outgoing) -> Json:
    """``to`` in E.164 with its plus; the business-scoped id only without a phone (with both, Meta takes ``to``)."""
    if outgoing.to_phone:
        return {"to": "+" + outgoing.to_phone}
    return {"recipient": outgoing.to_user_id}
