"""The OpenAPI document, made from the same table as the routes."""

import re
from collections.abc import Iterable
from typing import Any

from pelita_emulator.graph.routes import ROUTES, TOKEN, Route
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
    paths |= graph_paths()
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
            "title": "WhatsApp emulator",
            "version": "1",
            "description": "Under /control: play citizens, move the clock, ask for faults; loopback only, no login; "
            "calls from other web pages are refused. Under /v{version}: Meta's Graph API with a bearer token.",
        },
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
        "paths": paths,
    }


def graph_paths() -> dict[str, Json]:
    """The Graph API from its own table; objects that share a path share an operation."""
    paths: dict[str, Json] = {}
    for route in ROUTES:
        name = "debug_token" if route.owner == TOKEN else "{id}"
        path = "/".join(filter(None, ("/v{version}", name, route.edge)))
        operation = paths.setdefault(path, {}).setdefault(route.method.lower(), _graph_operation(path, route))
        about = f"{route.summary} ({route.owner})"
        operation["summary"] = "; ".join(filter(None, (operation["summary"], about)))
    return paths


def _graph_operation(path: str, route: Route) -> Json:
    operation: Json = {
        "summary": "",
        "operationId": "_".join(["graph", route.method.lower(), *re.findall(r"[a-z_]+", path)[1:]]),
        "security": [{"bearer": []}],
        "parameters": [_parameter(name, "path", "") for name in re.findall(r"{(\w+)}", path)],
        "responses": {
            "200": _content("As Meta answers", {"type": "object"}, {}),
            "400": _content("Meta's error body, with code and error_data.details", ERROR, {}),
            "401": _content("Code 190: no token, a wrong or an expired one", ERROR, {}),
        },
    }
    if route.method == "POST":
        kind = "application/json" if route.parsed else "multipart/form-data"
        operation["requestBody"] = {"content": {kind: {"schema": {"type": "object"}}}}
    return operation


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
            "content": {operation.content_type: {"schema": operation.body, "examples": examples}},
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
