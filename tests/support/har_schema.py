"""HAR 1.2 as a JSON schema, written after its specification: every field that it names, and custom ones behind a `_`."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MOMENT: Schema = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?([+-]\d{2}:\d{2}|Z)$",
}
TIME: Schema = {"type": "number", "minimum": 0}
TIME_OR_NONE: Schema = {"type": "number", "minimum": -1}
SIZE: Schema = {"type": "integer", "minimum": -1}
URL: Schema = {"type": "string", "pattern": r"^https?://[!-~]+$"}


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {}), "comment": TEXT},
        "required": list(required),
        "patternProperties": {"^_": {}},
        "additionalProperties": False,
    }


def _list(item: Schema) -> Schema:
    return {"type": "array", "items": item}


PAIR = _object({"name": TEXT, "value": TEXT})
COOKIE = _object(
    {"name": TEXT, "value": TEXT},
    {
        "path": TEXT,
        "domain": TEXT,
        "expires": MOMENT,
        "httpOnly": {"type": "boolean"},
        "secure": {"type": "boolean"},
    },
)
POST_DATA = _object({"mimeType": TEXT, "text": TEXT}, {"params": _list(PAIR)})
REQUEST = _object(
    {
        "method": TEXT,
        "url": URL,
        "httpVersion": TEXT,
        "cookies": _list(COOKIE),
        "headers": _list(PAIR),
        "queryString": _list(PAIR),
        "headersSize": SIZE,
        "bodySize": SIZE,
    },
    {"postData": POST_DATA},
)
CONTENT = _object(
    {"size": {"type": "integer", "minimum": 0}, "mimeType": TEXT},
    {"compression": {"type": "integer"}, "text": TEXT, "encoding": TEXT},
)
RESPONSE = _object(
    {
        "status": {"type": "integer", "minimum": 0, "maximum": 599},
        "statusText": TEXT,
        "httpVersion": TEXT,
        "cookies": _list(COOKIE),
        "headers": _list(PAIR),
        "content": CONTENT,
        "redirectURL": TEXT,
        "headersSize": SIZE,
        "bodySize": SIZE,
    }
)
TIMINGS = _object(
    {"send": TIME, "wait": TIME, "receive": TIME},
    {"blocked": TIME_OR_NONE, "dns": TIME_OR_NONE, "connect": TIME_OR_NONE, "ssl": TIME_OR_NONE},
)
ENTRY = _object(
    {
        "startedDateTime": MOMENT,
        "time": TIME,
        "request": REQUEST,
        "response": RESPONSE,
        "cache": _object({}, {"beforeRequest": {}, "afterRequest": {}}),
        "timings": TIMINGS,
    },
    {"pageref": TEXT, "serverIPAddress": TEXT, "connection": TEXT},
)
PAGE = _object(
    {
        "startedDateTime": MOMENT,
        "id": TEXT,
        "title": TEXT,
        "pageTimings": _object({}, {"onContentLoad": TIME_OR_NONE, "onLoad": TIME_OR_NONE}),
    }
)
PROGRAM = _object({"name": TEXT, "version": TEXT})
LOG = _object(
    {"version": {"const": "1.2"}, "creator": PROGRAM, "entries": _list(ENTRY)},
    {"browser": PROGRAM, "pages": _list(PAGE)},
)
HAR: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"log": LOG},
    "required": ["log"],
    "additionalProperties": False,
}
