"""Values meet fields: which literal a type takes, and how it is compared (soql.md 5.1, 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Final

from sfmock import errors, ids
from sfmock.errors import SalesforceError
from sfmock.schema.model import REAL_TYPES, Field
from sfmock.soql import nodes
from sfmock.soql.dates import COUNTED
from sfmock.soql.errors import INVALID_DATE
from sfmock.store.database import Value

_BIGGEST = 2**63
_CURRENCY = "USD"
"""The one currency of our orgs."""
_BY_NAME = ("EntityDefinition",)
"""What references hold the name or the durable id of (metadata.md 7)."""
_TYPE_NAMES = {"datetime": "dateTime", **dict.fromkeys(REAL_TYPES, "double")}
_DATETIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:?\d\d)")


def stored_value(field: Field, literal: nodes.Constant) -> Value | nodes.DateLiteral:
    """A literal as the field's column holds it; None for null and for empty text. Raises without a place."""
    if isinstance(literal, nodes.Currency):
        if field.type != "currency" or literal.code.upper() != _CURRENCY:
            raise errors.refuse(f"SOQL currency literal {literal.code} for {field.name}")
        return float(literal.amount)
    by_name = field.reference_to == _BY_NAME
    reader = _READERS.get("string" if by_name else field.type)
    if reader is None:
        raise errors.refuse(f"SOQL filters on fields of type {field.type}")
    if isinstance(literal, nodes.Null):
        return 0 if field.type == "boolean" else None  # booleans are never null
    return reader(field, literal)


def _text(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Text):
        raise errors.VALUE_QUOTED(name=field.name)
    return literal.value or None


def _multipicklist(field: Field, literal: nodes.Constant) -> Value:
    """Values in the order of their definition, as they are stored."""
    text = _text(field, literal)
    places = {each.value.lower(): place for place, each in enumerate(field.picklist)}
    parts = str(text or "").split(";")
    parts.sort(key=lambda each: places.get(each.lower(), len(places)))
    return ";".join(parts) or None


def _id(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Text):
        raise errors.refuse(
            f"SOQL comparison of the id field {field.name} with a value that is no string"
        )
    if not literal.value:
        return None
    found = ids.canonical(literal.value)
    if found is None:
        raise errors.INVALID_ID_LITERAL(value=literal.value)
    return found


def _boolean(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Boolean):
        raise _mistyped(field)
    return int(literal.value)


def _real(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Number):
        raise _mistyped(field)
    return float(literal.text)


def _integer(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Number):
        raise _mistyped(field)
    if "." in literal.text or len(literal.text) > 20:
        return float(literal.text)
    number = int(literal.text)
    return number if -_BIGGEST <= number < _BIGGEST else float(number)


def _date(field: Field, literal: nodes.Constant) -> Value | nodes.DateLiteral:
    if isinstance(literal, nodes.DateLiteral):
        return _named(literal)
    if not isinstance(literal, nodes.Date):
        raise _mistyped(field)
    try:
        return date.fromisoformat(literal.text).isoformat()
    except ValueError:
        raise INVALID_DATE(text=literal.text) from None


def _datetime(field: Field, literal: nodes.Constant) -> Value | nodes.DateLiteral:
    if isinstance(literal, nodes.DateLiteral):
        return _named(literal)
    if not isinstance(literal, nodes.DateTime):
        raise _mistyped(field)
    match = _DATETIME.fullmatch(literal.text)
    assert match is not None, "the lexer knows the form"
    day, clock, fraction, zone = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}+00:00") - _offset(zone)
    except (ValueError, OverflowError):
        raise errors.refuse(f"SOQL date-time that does not exist: {literal.text}") from None
    if not 1700 <= moment.year <= 4000:
        raise errors.refuse("SOQL date-time outside of the years 1700 to 4000")
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{(fraction or '')[:3]:0<3}+0000"


def _named(literal: nodes.DateLiteral) -> nodes.DateLiteral:
    if (literal.count is not None) != (literal.name in COUNTED):
        number = "without a number" if literal.count is None else "with a number"
        raise errors.refuse(f"SOQL date literal {literal.name} {number}")
    return literal


def _offset(zone: str) -> timedelta:
    if zone in "Zz":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise errors.refuse(f"SOQL time zone that does not exist: {zone}")
    offset = timedelta(hours=hours, minutes=minutes)
    return -offset if zone[0] == "-" else offset


def _time(field: Field, literal: nodes.Constant) -> Value:
    if not isinstance(literal, nodes.Time):
        raise _mistyped(field)
    clock, _, fraction = literal.text[:-1].partition(".")
    hours, minutes, seconds = map(int, clock.split(":"))
    if hours > 23 or minutes > 59 or seconds > 59:
        raise errors.refuse(f"SOQL time that does not exist: {literal.text}")
    return f"{clock}.{fraction[:3]:0<3}Z"


def _mistyped(field: Field) -> SalesforceError:
    return errors.VALUE_NOT_QUOTED(name=field.name, type=_TYPE_NAMES.get(field.type, field.type))


_READERS: Final[Mapping[str, Callable[[Field, nodes.Constant], Value | nodes.DateLiteral]]] = {
    **dict.fromkeys(("string", "textarea", "picklist", "combobox", "email", "phone", "url"), _text),
    "multipicklist": _multipicklist,
    **dict.fromkeys(("id", "reference"), _id),
    "boolean": _boolean,
    **dict.fromkeys(REAL_TYPES, _real),
    **dict.fromkeys(("int", "long"), _integer),
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}
