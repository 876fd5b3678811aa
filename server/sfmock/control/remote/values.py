"""The types of what a call of the control API is given: each checks a JSON value, and says in a schema what it takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias

from sfmock.wire import JSON

Schema: TypeAlias = "dict[str, JSON]"
MOST_WHOLE = 2**53 - 1
"""The greatest whole number that every language's JSON keeps."""


class WrongValueError(ValueError):
    """A value of another type than the parameter's; the message says what is taken."""


@dataclass(frozen=True)
class Type:
    """What a parameter takes."""

    words: str
    schema: Schema
    read: Callable[[JSON], Any]
    """The value for Python; raises WrongValueError."""

    def from_text(self, text: str) -> JSON:
        """The JSON value that a text in a path or query string means."""
        kind = self.schema.get("type")
        if kind == "boolean":
            return {"true": True, "false": False}.get(text, text)
        if kind == "integer" and text.isascii() and text.isdigit() and len(text) <= 16:
            return int(text)
        return text


def _checked(words: str, is_right: Callable[[JSON], bool], value: JSON) -> JSON:
    if not is_right(value):
        raise WrongValueError(f"is {words}")
    return value


def _type(words: str, schema: Schema, is_right: Callable[[JSON], bool]) -> Type:
    return Type(words, schema, partial(_checked, words, is_right))


def _is_number(value: JSON) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and math.isfinite(value)
        and abs(value) <= MOST_WHOLE
    )


def _real(value: JSON) -> float:
    return value if isinstance(value, int | float) else math.nan


def _is_whole(value: JSON, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _are_objects(value: JSON) -> bool:
    return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _are_texts(value: JSON) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _moment(words: str, value: JSON) -> datetime:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise WrongValueError(f"is {words}")
    return found


TEXT = _type("a text", {"type": "string"}, lambda value: isinstance(value, str))
YES = _type("true or false", {"type": "boolean"}, lambda value: isinstance(value, bool))
NUMBER = _type("a number", {"type": "number"}, _is_number)
OBJECT = _type("an object", {"type": "object"}, lambda value: isinstance(value, dict))
OBJECTS = _type("a list of objects", {"type": "array", "items": {"type": "object"}}, _are_objects)
TEXTS = _type("a list of texts", {"type": "array", "items": {"type": "string"}}, _are_texts)
LIST = _type("a list", {"type": "array", "items": {}}, lambda value: isinstance(value, list))
_WHEN = "a moment with its offset, e.g. 2026-01-31T12:00:00Z"
MOMENT = Type(_WHEN, {"type": "string", "format": "date-time"}, partial(_moment, _WHEN))


def number(above: float, most: float) -> Type:
    """A number between two bounds, of which it cannot be the lower one."""
    schema: Schema = {"type": "number", "exclusiveMinimum": above, "maximum": most}
    words = f"a number above {above:g}, {most:g} at most"
    return _type(words, schema, lambda value: _is_number(value) and above < _real(value) <= most)


def whole(least: int = 0, most: int = MOST_WHOLE) -> Type:
    """A whole number between two bounds."""
    words = f"a whole number of {least} or more" + (
        f", {most} at most" if most < MOST_WHOLE else ""
    )
    schema: Schema = {"type": "integer", "minimum": least, "maximum": most}
    return _type(words, schema, lambda value: _is_whole(value, least, most))


def either(first: Type, *others: Type) -> Type:
    """What any of several types takes."""
    every = (first, *others)
    words = " or ".join(each.words for each in every)

    def read(value: JSON) -> Any:
        for each in every:
            try:
                return each.read(value)
            except WrongValueError:
                continue
        raise WrongValueError(f"is {words}")

    return Type(words, {"anyOf": [each.schema for each in every]}, read)


NOTHING = _type("null", {"type": "null"}, lambda value: value is None)
