"""Structured data of public pages (schema.org), so that search engines say hours, costs and papers right. Pure."""

from __future__ import annotations

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from pelita.catalog.rules import Content, item_words
from pelita.offices.models import Office
from pelita.web.present.public import cost

# What would end the script element or begin another one.
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def script(content: dict[str, Any]) -> SafeString:
    """The data as a script element. Browsers do not run it, so the content security policy lets it pass."""
    text = json.dumps({"@context": "https://schema.org", **content}, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def _office(office: Office, frame: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"@type": "GovernmentOffice", "name": office.name}
    if office.address:
        found["address"] = office.address
    if frame["digits"]:
        found["telephone"] = f"+{frame['digits']}"
    found["areaServed"] = office.regency
    return found


def office_of(office: Office, frame: dict[str, Any]) -> SafeString:
    """An office as a place."""
    return script({**_office(office, frame), "url": frame["canonical"]})


def service_of(office: Office, content: Content, frame: dict[str, Any]) -> SafeString:
    """A service of government: who provides it, what it costs, what is brought."""
    free, _more = cost(content.cost)
    found: dict[str, Any] = {
        "@type": "GovernmentService",
        "name": content.name,
        "alternateName": content.short_name,
        "url": frame["canonical"],
        "serviceOperator": _office(office, frame),
        "areaServed": office.name,
        "availableChannel": {"@type": "ServiceChannel", "serviceUrl": frame["chat"] or frame["canonical"]},
        "description": "; ".join(item_words(one) for one in content.requirements),
    }
    if free:
        found["isAccessibleForFree"] = True
        found["offers"] = {"@type": "Offer", "price": 0, "priceCurrency": "IDR"}
    if content.product:
        found["serviceOutput"] = {"@type": "Thing", "name": content.product}
    return script(found)
