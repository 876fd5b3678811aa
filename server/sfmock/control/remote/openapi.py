"""The OpenAPI 3.1 document of the control API, written from the table of operations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from sfmock.control.remote.operation import Missing, Operation, Parameter
from sfmock.control.remote.schemas import COUNT, TEXT_SCHEMA, listed, reference, schema
from sfmock.control.remote.table import GROUPS, ROOT
from sfmock.control.remote.values import Schema
from sfmock.wire import JSON

_OF_EVERY_CALL = {
    400: "The body is no JSON.",
    401: "The control token is missing or wrong.",
    403: "The caller is not on this machine, or named another host.",
    404: "Nothing has this name.",
    422: "A value is missing, unknown, or of a wrong type: `field` names it.",
    501: "pytest-sfmock does not implement this.",
}
_OWN = {409: "Not in this state; the message says why."}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}


def _object(properties: Mapping[str, Schema], *optional: str) -> Schema:
    required: list[JSON] = [name for name in properties if name not in optional]
    return {"type": "object", "properties": dict(properties), "required": required}


_MESSAGE = _object(
    {"headers": listed(_object({"name": TEXT_SCHEMA, "value": TEXT_SCHEMA})), "body": TEXT_SCHEMA}
)
_COMPONENTS: Mapping[str, Schema] = {
    "Error": {
        **_object(
            {
                "error": schema("string", "a code: one of ours in small letters, or Salesforce's"),
                "message": TEXT_SCHEMA,
                "field": schema("string", "the parameter that is wrong"),
                "fields": listed(
                    schema("string", "fields of a record that Salesforce's error names")
                ),
                "routes": listed(schema("string", "what there is, where a path is unknown")),
            },
            "field",
            "fields",
            "routes",
        ),
    },
    "Record": {
        "type": "object",
        "description": "Fields by name; `attributes.type` is the sobject. Parents are records, children lists of those.",
        "properties": {"attributes": _object({"type": TEXT_SCHEMA})},
        "required": ["attributes"],
        "additionalProperties": True,
    },
    "Fault": _object(
        {
            "fault": schema("string", "its name"),
            "kind": TEXT_SCHEMA,
            "on": TEXT_SCHEMA,
            "optional": schema("boolean"),
            "fired": schema("integer", "how often it has fired"),
            "met": schema("boolean", "whether it has fired as planned"),
            "user": _MAYBE_TEXT,
            "sobject": _MAYBE_TEXT,
            "path": _MAYBE_TEXT,
            "body": {"type": ["string", "object", "null"]},
            "start": schema("number"),
            "lasts": _MAYBE_NUMBER,
            "every": _MAYBE_NUMBER,
            "after": COUNT,
            "times": {"type": ["integer", "null"]},
            "rate": _MAYBE_NUMBER,
            "options": schema("object"),
        },
        "after",
        "times",
        "rate",
        "options",
    ),
    "Usage": _object({"at": TEXT_SCHEMA, "limit": TEXT_SCHEMA, "used": COUNT}),
    "Exchange": _object(
        {
            "number": schema("integer", "1 is the first one of the journal"),
            "method": TEXT_SCHEMA,
            "target": schema("string", "path and query string, decoded"),
            "status": schema("integer", "0 where no reply reached the client"),
            "name": {**_MAYBE_TEXT, "description": "the name that patterns use"},
            "sobject": _MAYBE_TEXT,
            "user": _MAYBE_TEXT,
            "error_code": _MAYBE_TEXT,
            "soql": _MAYBE_TEXT,
            "fault": {**_MAYBE_TEXT, "description": "the kind of the fault that fired"},
            "api_calls": COUNT,
            "refused": {**_MAYBE_TEXT, "description": "what the fake lacks"},
            "crash": _MAYBE_TEXT,
            "started": TEXT_SCHEMA,
            "elapsed": schema("number", "seconds"),
            "request": _MESSAGE,
            "reply": _MESSAGE,
        },
        "request",
        "reply",
    ),
    "Problem": _object(
        {"text": TEXT_SCHEMA, "traceback": schema("string", "of a crash of the fake, else empty")}
    ),
}


@cache
def document() -> dict[str, JSON]:
    """The whole document; nobody may change it."""
    paths: dict[str, JSON] = {}
    for group, operations in GROUPS.items():
        for each in operations:
            item = paths.setdefault(each.path, {})
            assert isinstance(item, dict)
            item[each.method.lower()] = _operation(each, group)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "The control API of pytest-sfmock",
            "summary": "Does from any language what the handle does in Python.",
            "version": "1",
        },
        "servers": [{"url": ROOT}],
        "security": [{"control": []}],
        "tags": [{"name": name} for name in GROUPS],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "control": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "SFMOCK_CONTROL_TOKEN of the environment file.",
                }
            },
            "schemas": dict(_COMPONENTS),
        },
    }


def _operation(operation: Operation, group: str) -> JSON:
    places: list[JSON] = [
        _parameter(each) for each in (*operation.at("path"), *operation.at("query"))
    ]
    described: dict[str, JSON] = {
        "operationId": operation.name,
        "tags": [group],
        "summary": operation.summary,
    }
    if places:
        described["parameters"] = places
    if operation.at("body"):
        described["requestBody"] = _body(operation)
    return {**described, "responses": dict(_responses(operation))}


def _parameter(parameter: Parameter) -> JSON:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.meaning,
        "required": parameter.place == "path",
        "schema": _schema(parameter),
    }


def _schema(parameter: Parameter) -> Schema:
    default = parameter.default
    return {
        **parameter.type.schema,
        **({} if isinstance(default, Missing) else {"default": default}),
    }


def _body(operation: Operation) -> JSON:
    properties: dict[str, JSON] = {
        each.name: {**_schema(each), "description": each.meaning} for each in operation.at("body")
    }
    required: list[JSON] = [
        each.name for each in operation.at("body") if each.default is Missing.REQUIRED
    ]
    whole: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if required:
        whole["required"] = required
    return {"required": bool(required), "content": {"application/json": {"schema": whole}}}


def _responses(operation: Operation) -> Iterator[tuple[str, JSON]]:
    answer = _object(operation.answer or {})
    yield str(operation.status), {"description": operation.summary, "content": _content(answer)}
    for status, words in _OF_EVERY_CALL.items():
        yield str(status), _error(words)
    for status in operation.refusals:
        yield str(status), _error(_OWN[status])


def _error(words: str) -> JSON:
    return {"description": words, "content": _content(reference("Error"))}


def _content(found: Schema) -> JSON:
    return {"application/json": {"schema": found}}
