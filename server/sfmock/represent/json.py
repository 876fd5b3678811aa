"""The one JSON encoder: compact or as `X-PrettyPrint: 1` asks for it, with Java's number forms (wire-facts.md 2)."""

from __future__ import annotations

import json
from json.encoder import encode_basestring

from sfmock.schema.numbers import java_double
from sfmock.wire import JSON, RawJson


def encode(value: JSON | RawJson, *, pretty: bool = False) -> str:
    """A value as JSON text: no blank without `pretty`, Jackson's default layout with it."""
    if not isinstance(value, RawJson):
        return _pretty(value, "\n") if pretty else _compact(value)
    return _pretty(json.loads(value.text), "\n") if pretty else value.text


def _compact(value: JSON) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if isinstance(value, dict):
        return (
            "{"
            + ",".join([f"{encode_basestring(k)}:{_compact(v)}" for k, v in value.items()])
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join([_compact(each) for each in value]) + "]"
    return _scalar(value)


def _pretty(value: JSON, newline: str) -> str:
    """Two blanks a level, ` : ` between key and value, `[ {` and `}, {` on one line, no final newline."""
    if isinstance(value, dict):
        if not value:
            return "{ }"
        inner = newline + "  "
        items = [f"{encode_basestring(k)} : {_pretty(v, inner)}" for k, v in value.items()]
        return "{" + inner + f",{inner}".join(items) + newline + "}"
    if isinstance(value, list):
        if not value:
            return "[ ]"
        return "[ " + ", ".join([_pretty(each, newline) for each in value]) + " ]"
    return encode_basestring(value) if isinstance(value, str) else _scalar(value)


def _scalar(value: bool | int | float | None) -> str:
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    return java_double(value) if isinstance(value, float) else str(value)
