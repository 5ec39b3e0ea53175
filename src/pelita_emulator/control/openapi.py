"""The OpenAPI document, made from the same table as the routes."""

import re
from collections.abc import Iterable
from typing import Any

from pelita_emulator.records import Json

from .operations import Operation

ERROR: Json = {
    "type": "object",
    "properties": {"error": {"type": "object", "properties": {"message": {"type": "string"}}}},
}
LIVE: Json = {
    "get": {
        "summary": "Everything that changes, as server-sent events",
        "operationId": "get_control_live",
        "responses": {"200": {"description": "An endless stream", "content": {"text/event-stream": {}}}},
    }
}


def document(operations: Iterable[Operation]) -> Json:
    paths: dict[str, Any] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    paths["/control/live"] = LIVE
    paths["/control/openapi.json"] = {
        "get": {
            "summary": "This document",
            "operationId": "get_control_openapi",
            "responses": {"200": {"description": "OpenAPI 3.1"}},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "WhatsApp emulator: control API",
            "version": "1",
            "description": "Plays citizens, moves the clock, asks for faults. Loopback only, no login; calls "
            "from other web pages are refused. The Graph API itself is under /v{N}/{phone_number_id}/messages.",
        },
        "paths": paths,
    }


def _operation(operation: Operation) -> Json:
    made: Json = {
        "summary": operation.summary,
        "operationId": _operation_id(operation),
        "responses": {
            str(operation.status): _content("Done", {}, {"example": operation.answer}),
            "400": _content("The request is wrong; the message says how", ERROR, {}),
            "403": _content("Not from this computer", ERROR, {}),
        },
    }
    if operation.about:
        made["description"] = operation.about
    names = re.findall(r"{(\w+)}", operation.path)
    if names:
        made["responses"]["404"] = _content("Not there", ERROR, {})
    parameters = [_parameter(name, "path", "") for name in names]
    parameters += [_parameter(name, "query", about) for name, about in operation.query.items()]
    if parameters:
        made["parameters"] = parameters
    if operation.body is not None:
        examples = {name: {"value": value} for name, value in operation.examples.items()}
        made["requestBody"] = {
            "required": operation.body_required,
            "content": {"application/json": {"schema": operation.body, "examples": examples}},
        }
    return made


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"\w+", operation.path)
    return "_".join([operation.method.lower(), *words])


def _parameter(name: str, where: str, about: str) -> Json:
    return {
        "name": name,
        "in": where,
        "required": where == "path",
        "schema": {"type": "string"},
        "description": about,
    }


def _content(about: str, schema: Json, more: Json) -> Json:
    return {"description": about, "content": {"application/json": {"schema": schema, **more}}}
