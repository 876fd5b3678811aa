"""What a value of a field must satisfy beyond its type: length, picklist, email, range (metadata.md 2.2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TypeAlias

from sfmock import errors
from sfmock.org.dml.rich_text import check_rich_text
from sfmock.org.dml.values import echo
from sfmock.schema.masking import fits_mask
from sfmock.schema.model import Field
from sfmock.store.database import Value

Check: TypeAlias = Callable[[Value, object], Value]
"""Takes the parsed value and the one that was sent; answers what to store or raises the row's error."""

EMAIL = re.compile(
    r"""[^\s@<>()\[\],;:\\"]+@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W_](?:[\w-]*[^\W_])?""",
)
"""The form of an email address."""
_LARGEST_INT = 2**63 - 1
_BOUNDS = (("Latitude", -90.0, 90.0), ("Longitude", -180.0, 180.0), ("Probability", 0.0, 100.0))
"""Ends of field names whose numbers have a meaning of their own, and the least and the greatest of them."""


def check_of(field: Field) -> Check | None:
    """The check of a field, or None where every value of the type will do."""
    if field.type == "multipicklist":
        return _multipicklist(field)
    if field.type == "picklist":
        return _restricted(field) if field.restricted_picklist else _unrestricted(field)
    if field.type == "email":
        return _email(field)
    if field.html_formatted:
        return _rich_text(field)
    if field.type == "encryptedstring":
        return _encrypted(field)
    if field.is_text:
        return _length(field) if field.length else None
    if field.type in ("int", "long"):
        return _digits(field)
    if field.type in ("double", "currency", "percent") and field.precision:
        return _range(field)
    return None


def _length(field: Field) -> Check:
    length = field.length

    def check(value: Value, raw: object) -> Value:
        if isinstance(value, str) and len(value) > length:
            raise errors.STRING_TOO_LONG(
                label=field.label, value=value, length=length, fields=[field.name]
            )
        if isinstance(value, str) and not value.isascii() and _java_length(value) > length:
            raise errors.refuse("text that is too long only if surrogate pairs count as two")
        return value

    return check


def _java_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _restricted(field: Field) -> Check:
    allowed = frozenset(each.value for each in field.picklist if each.active)
    spelled = {each.lower() for each in allowed}

    def check(value: Value, raw: object) -> Value:
        if value not in allowed:
            _refuse_other_case(field, value, spelled)
            raise _bad_choice(field, value)
        return value

    return check


def _unrestricted(field: Field) -> Check:
    """All values, but not in all spellings: one that is listed keeps its letter case (Help 000386557)."""
    listed = {each.value.lower(): each.value for each in reversed(field.picklist)}
    values = frozenset(each.value for each in field.picklist)
    too_long = _length(field)

    def check(value: Value, raw: object) -> Value:
        if value in values:
            return value
        return too_long(listed.get(str(value).lower(), value), raw)

    return check


def _refuse_other_case(field: Field, value: Value, spelled: Collection[str]) -> None:
    """Refuse what is listed but for its letter case: whether a restricted picklist takes it is not known."""
    if str(value).lower() in spelled:
        raise errors.refuse(f"{field.label} {value!r}, which is listed in another letter case")


def _multipicklist(field: Field) -> Check:
    order = {each.value: place for place, each in enumerate(field.picklist)}
    allowed = {each.value for each in field.picklist if each.active}
    spelled = {each.lower() for each in order}
    too_long = _length(field)

    def check(value: Value, raw: object) -> Value:
        parts = [each.strip() for each in str(value).split(";")]
        chosen = list(dict.fromkeys(each for each in parts if each))
        for each in chosen:
            if each not in order:
                _refuse_other_case(field, each, spelled)
        if field.restricted_picklist:
            bad = next((each for each in chosen if each not in allowed), None)
            if bad is not None:
                raise _bad_choice(field, bad)
        chosen.sort(key=lambda each: order.get(each, len(order)))
        return too_long(";".join(chosen) or None, raw)

    return check


def _bad_choice(field: Field, value: Value) -> errors.SalesforceError:
    return errors.BAD_PICKLIST_VALUE(label=field.label, value=value, fields=[field.name])


def _email(field: Field) -> Check:
    too_long = _length(field)

    def check(value: Value, raw: object) -> Value:
        too_long(value, raw)
        if not EMAIL.fullmatch(str(value)):
            raise errors.INVALID_EMAIL(label=field.label, value=value, fields=[field.name])
        return value

    return check


def _rich_text(field: Field) -> Check:
    too_long = _length(field)

    def check(value: Value, raw: object) -> Value:
        check_rich_text(str(value))
        return too_long(value, raw)

    return check


def _encrypted(field: Field) -> Check:
    too_long = _length(field)

    def check(value: Value, raw: object) -> Value:
        too_long(value, raw)
        if not fits_mask(field, str(value)):
            raise errors.refuse(
                f"{len(str(value))} characters in a field with the mask {field.mask_type}"
            )
        return value

    return check


def _digits(field: Field) -> Check:
    largest = 10**field.digits - 1 if field.digits else _LARGEST_INT

    def check(value: Value, raw: object) -> Value:
        if isinstance(value, int) and abs(value) > largest:
            raise _out_of_range(field, raw)
        return value

    return check


def _range(field: Field) -> Check:
    limit = 10.0 ** (field.precision - field.scale)  # decimals are neither counted nor rounded
    name = field.name.removesuffix("__s")
    bounds = next(
        (each for each in _BOUNDS if name.endswith(each[0]) and not name.endswith("__c")), None
    )

    def check(value: Value, raw: object) -> Value:
        if not isinstance(value, float):
            return value
        if abs(value) >= limit:
            raise _out_of_range(field, raw)
        if bounds is not None and not bounds[1] <= value <= bounds[2]:
            raise errors.refuse(f"the error for a {bounds[0].lower()} out of range")
        return value

    return check


def _out_of_range(field: Field, raw: object) -> errors.SalesforceError:
    return errors.NUMBER_OUT_OF_RANGE(label=field.label, value=echo(raw), fields=[field.name])
