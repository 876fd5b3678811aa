"""Values of any type, as histories hold them: stored as JSON text, so each keeps its kind (metadata.md 2.1)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TypeAlias

from sfmock.schema.model import REAL_TYPES, Field
from sfmock.schema.numbers import java_double

Scalar: TypeAlias = str | int | float | bool | None


def encode(field: Field, value: str | int | float | None) -> str | None:
    """The text of a stored value of this field."""
    if value is None:
        return None
    if field.type == "boolean":
        return "true" if value else "false"
    if field.type in REAL_TYPES:
        return java_double(float(value))
    return json.dumps(value, ensure_ascii=False)


def encode_given(value: object) -> str:
    """The text of a value that a test gives; raises ValueError for what no field holds."""
    if isinstance(value, Decimal):
        return java_double(float(value))
    if not isinstance(value, str | int | float):
        raise ValueError(f"no field holds {value!r}")
    return java_double(value) if isinstance(value, float) else json.dumps(value, ensure_ascii=False)


def decode(text: str) -> Scalar:
    """The value behind a text, as JSON has it."""
    value: Scalar = json.loads(text)
    return value


def decode_exact(text: str) -> str | int | bool | Decimal | None:
    """The value behind a text, as Python code meets it."""
    value: str | int | bool | Decimal | None = json.loads(text, parse_float=Decimal)
    return value
