"""Custom fields of text: string, textarea, rich text, email, phone, url, encrypted text (metadata.md 6.2)."""

from __future__ import annotations

from dataclasses import replace

from sfmock.schema.model import Field
from sfmock.schema.properties import Properties

LENGTHS = {"string": 255, "textarea": 255, "email": 80, "phone": 40, "url": 255, "encryptedstring": 175}  # fmt: skip
"""The types of text, each with the length that it has unless another is given."""
LONGEST_TEXT = 131_072
_LONGEST = {"string": 255, "textarea": LONGEST_TEXT, "encryptedstring": 175}
_SHORT = 255
"""Longer text can be neither filtered nor sorted (metadata.md 2.1)."""
_RICH_LENGTH = 32_768
MASK_TYPES = ("all", "creditCard", "ssn", "lastFour", "sin", "nino")
_MASK_CHARS = {"asterisk": "*", "X": "X"}


def text_field(field: Field, given: Properties) -> Field:
    """A field of one of these types."""
    if field.type == "encryptedstring":
        return _encrypted(field, given)
    rich = given.flag("html", False)
    if rich and "default" in given:
        raise ValueError(f"{given.owner}: rich text has no default")
    default = given.text("default")
    unique, external = given.flag("unique", False), given.flag("external_id", False)
    length = _RICH_LENGTH if rich else LENGTHS[field.type]
    if field.type in _LONGEST:
        length = given.whole("length", length, 256 if rich else 1, _LONGEST[field.type])
    if default is not None and len(default) > length:
        raise ValueError(f"{given.owner}: its default is longer than {length} characters")
    field = replace(
        field,
        length=length,
        unique=unique,
        external_id=external,
        id_lookup=unique or external,
        case_sensitive=given.flag("case_sensitive", False),
        html_formatted=rich,
        extra_type_info=_kind_of_area(rich) if field.type == "textarea" else None,
        default=default,
        defaulted_on_create=default is not None,
    )
    return _opaque(field) if length > _SHORT else field


def _kind_of_area(rich: bool) -> str:
    return "richtextarea" if rich else "plaintextarea"


def _encrypted(field: Field, given: Properties) -> Field:
    return _opaque(
        replace(
            field,
            length=given.whole("length", LENGTHS[field.type], 1, _LONGEST[field.type]),
            encrypted=True,
            mask=_MASK_CHARS[given.choice("mask_char", "asterisk", tuple(_MASK_CHARS))],
            mask_type=given.choice("mask_type", "all", MASK_TYPES),
        )
    )


def _opaque(field: Field) -> Field:
    return replace(field, filterable=False, sortable=False, groupable=False, aggregatable=False)
