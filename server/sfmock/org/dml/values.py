"""From a JSON (or Python) value to the value that is stored, type by type (metadata.md 2.1, rest.md 7)."""

from __future__ import annotations

import binascii
import math
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TypeAlias, TypeVar

from sfmock import errors
from sfmock.clock import system_datetime
from sfmock.errors import SalesforceError
from sfmock.schema.anytype import encode_given
from sfmock.schema.model import Field
from sfmock.schema.numbers import java_double
from sfmock.store.database import Value

BLANK = "".join(map(chr, range(33)))
"""What Java's `trim` takes off: space and all control characters."""

Parser: TypeAlias = Callable[[object], Value]
"""Turns a value that is not None into the stored one; raises Unfit for a value of the wrong kind."""
_Day = TypeVar("_Day", date, datetime)
Place: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DATETIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):?(\d\d))", re.ASCII
)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?Z", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_YEARS = range(1700, 4001)
"""The years that dates may have (soql.md 2)."""
_BOOLEANS = {"true": 1, "false": 0}
_LONGEST_BASE64 = 50_000_000
"""Characters; larger files come as multipart forms (rest.md 2.8)."""


class Unfit(Exception):
    """The value's kind does not fit the field's type; the caller words it as JSON_PARSER_ERROR."""


def parser_of(field: Field) -> Parser:
    """The function that reads values of this field's type."""
    known = _PARSERS.get(field.type)
    return known if known is not None else _refused(field)


def parser_error(type_name: str, value: object, place: Place) -> SalesforceError:
    """JSON_PARSER_ERROR as Salesforce's parser words it: shorter for lists (rest.md 6.2, error-catalogue.md 2)."""
    token, text = _token(value)
    line, column = place
    told = (
        "value"
        if token == "START_ARRAY"
        else f"value {text} or request may be missing a required field at"
    )
    return errors.JSON_PARSER_ERROR(
        text=f"Cannot deserialize instance of {type_name} from {token} {told} [line:{line}, column:{column}]"
    )


def echo(value: object) -> str:
    """A value as error messages quote it."""
    return java_double(value) if isinstance(value, float) else str(value)


def _text(value: object) -> Value:
    if isinstance(value, str):
        value = value.strip(BLANK)
        if not value.isascii() or "\0" in value:
            _check_storable(value)
        return str(value) or None  # `str` drops subclasses, which the database driver is slow with
    if isinstance(value, float | Decimal):
        raise errors.refuse("a number with a fraction as the value of a text field")
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit
    return str(value)


def _check_storable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise errors.refuse("text with half of a surrogate pair") from None
    if "\0" in text:
        raise errors.refuse("text with a NUL character")


def _boolean(value: object) -> Value:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.lower() in _BOOLEANS:
        return _BOOLEANS[value.lower()]
    raise Unfit


def _integer(value: object) -> Value:
    if isinstance(value, int) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and len(value) < 4000:
        value = value.strip(BLANK)
        if _INTEGER.fullmatch(value):
            return int(value)
    raise Unfit


def _real(value: object) -> Value:
    if isinstance(value, str):
        value = value.strip(BLANK)
        if not _NUMBER.fullmatch(value):
            raise Unfit
    elif isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unfit
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if math.isnan(number):
        raise Unfit
    if math.isinf(number):
        raise errors.refuse("a number that no double holds")
    return number + 0.0  # -0.0 becomes 0.0


def _date(value: object) -> Value:
    if isinstance(value, datetime):
        raise Unfit
    if isinstance(value, date):
        return _in_range(value).isoformat()
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unfit
    try:
        found = date(*map(int, match.groups()))
    except ValueError:
        raise Unfit from None
    return _in_range(found).isoformat()


def _datetime(value: object) -> Value:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"datetimes must be aware, e.g. {value!r} with tzinfo=UTC")
        return system_datetime(_in_range(value))
    match = _DATETIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unfit
    *parts, sign, hours, minutes = match.groups()
    try:
        zone = timezone(_offset(sign, hours, minutes)) if sign else UTC
        found = datetime(*map(int, parts), tzinfo=zone)  # type: ignore[misc,arg-type]  # six integers
    except ValueError:
        raise Unfit from None
    return system_datetime(_in_range(found))


def _in_range(moment: _Day) -> _Day:
    if moment.year not in _YEARS:
        raise errors.refuse("the error for a date before 1700 or after 4000")
    return moment


def _offset(sign: str, hours: str, minutes: str) -> timedelta:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if sign == "-" else offset


def _time(value: object) -> Value:
    if isinstance(value, time):
        return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Unfit
    hour, minute, second, fraction = match.groups()
    if int(hour) > 23 or int(minute) > 59 or int(second) > 59:
        raise Unfit
    return f"{hour}:{minute}:{second}.{fraction or '':0<3}Z"


def _id(value: object) -> Value:
    if not isinstance(value, str):
        raise Unfit
    return str(value.strip(BLANK)) or None


def _base64(value: object) -> Value:
    """Base64 text, as REST sends it; Python code may give the bytes themselves."""
    if isinstance(value, bytes):
        return b64encode(value).decode() or None
    if not isinstance(value, str):
        raise errors.refuse("the error for a value of a base64 field that is no text")
    if len(value) > _LONGEST_BASE64:
        raise errors.refuse("the error for base64 text of more than 50 MB")
    try:
        b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise errors.refuse("the error for text that is no base64") from None
    return value or None


def _refused(field: Field) -> Parser:
    def refused(value: object) -> Value:
        raise errors.refuse(f"writing fields of type {field.type}")

    return refused


def _any(value: object) -> Value:
    try:
        return encode_given(value)
    except ValueError:
        raise Unfit from None


_PARSERS: Mapping[str, Parser] = {
    "anyType": _any,
    **dict.fromkeys(
        (
            "string",
            "textarea",
            "picklist",
            "multipicklist",
            "combobox",
            "email",
            "phone",
            "url",
            "encryptedstring",
        ),
        _text,
    ),
    **dict.fromkeys(("double", "currency", "percent"), _real),
    **dict.fromkeys(("id", "reference"), _id),
    "base64": _base64,
    "boolean": _boolean,
    "int": _integer,
    "long": _integer,
    "date": _date,
    "datetime": _datetime,
    "time": _time,
}


def _token(value: object) -> tuple[str, str]:
    """Jackson's name of a value's first token, and the text of it."""
    if isinstance(value, bool):
        return ("VALUE_TRUE", "true") if value else ("VALUE_FALSE", "false")
    if isinstance(value, int):
        return "VALUE_NUMBER_INT", str(value)
    if isinstance(value, float):
        return "VALUE_NUMBER_FLOAT", repr(value)
    if isinstance(value, dict):
        return "START_OBJECT", "{"
    if isinstance(value, list):
        return "START_ARRAY", "["
    return "VALUE_STRING", str(value)
