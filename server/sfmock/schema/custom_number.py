"""Custom fields that are no text: numbers, checkboxes, moments and places (metadata.md 2.1, 6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from sfmock.schema.model import Field
from sfmock.schema.properties import Properties

_DIGITS = 18
"""All digits of a number together."""
_DEGREES = 3
"""The digits before the point of a latitude or longitude."""


def number_field(field: Field, given: Properties) -> Field:
    """A double, currency or percent."""
    precision = given.whole("precision", _DIGITS, 1, _DIGITS)
    unique, external = given.flag("unique", False), given.flag("external_id", False)
    default = given.number("default")
    usual = 2 if field.type == "currency" and precision > 1 else 0
    field = replace(
        field,
        precision=precision,
        scale=given.whole("scale", usual, 0, precision),
        unique=unique,
        external_id=external,
        id_lookup=unique or external,
        default=default,
        defaulted_on_create=default is not None,
    )
    if default is not None and abs(default) >= 10.0 ** (field.precision - field.scale):
        raise ValueError(f"{given.owner}: its default has too many digits before the point")
    return field


def checkbox_field(field: Field, given: Properties) -> Field:
    """A boolean: never null, so never missing."""
    return replace(
        field, nillable=False, defaulted_on_create=True, default=given.flag("default", False)
    )


def moment_field(field: Field, given: Properties) -> Field:
    """A date, datetime or time; its default is one moment, for what is relative would be a formula."""
    default = _moment(field.type, given) if "default" in given else None
    return replace(field, default=default, defaulted_on_create=default is not None)


def location_fields(field: Field, given: Properties) -> tuple[Field, ...]:
    """The two parts of a geolocation, and then the whole."""
    scale = given.whole("scale", 6, 0, 15)
    stem = field.name.removesuffix("__c")
    parts = tuple(
        replace(
            field,
            name=f"{stem}__{part}__s",
            label=f"{field.label} ({part})",
            type="double",
            precision=scale + _DEGREES,
            scale=scale,
            sortable=True,
            aggregatable=True,
            compound=field.name,
        )
        for part in ("Latitude", "Longitude")
    )
    whole = replace(field, createable=False, updateable=False, query_by_distance=True)
    return *parts, replace(whole, nillable=True)


def _moment(type_: str, given: Properties) -> str:
    value = given.raw("default")
    if type_ == "datetime":
        if not isinstance(value, datetime) or value.tzinfo is None:
            raise given.wrong("default", "an aware datetime")
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000+0000"
    if type_ == "time":
        if not isinstance(value, time):
            raise given.wrong("default", "a time")
        return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    if not isinstance(value, date) or isinstance(value, datetime):
        raise given.wrong("default", "a date")
    return value.isoformat()
