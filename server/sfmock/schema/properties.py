"""The properties given for a custom field, read by kind; a wrong kind is a TypeError that names the field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sfmock.errors import refuse
from sfmock.schema.model import PicklistValue

_ENTRY_KEYS = frozenset({"value", "label", "active", "default"})


class Properties:
    """What a test said about one field."""

    def __init__(self, owner: str, given: Mapping[str, object]) -> None:
        self.owner = owner
        self._given = given

    def __contains__(self, key: str) -> bool:
        return self._given.get(key) is not None

    def raw(self, key: str) -> object:
        """A property as it was given, None if it was not."""
        return self._given.get(key)

    def text(self, key: str) -> str | None:
        """A text, None if it was not given."""
        value = self._given.get(key)
        if value is not None and not isinstance(value, str):
            raise self.wrong(key, "text")
        return value

    def needed(self, key: str) -> str:
        """A text that cannot be left out."""
        value = self.text(key)
        if not value:
            raise TypeError(f"{self.owner} needs {key}")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """True or False."""
        value = self._given.get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "True or False")
        return value

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        """A whole number between two bounds."""
        value = self._given.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.wrong(key, "a whole number")
        if not low <= value <= high:
            raise ValueError(f"{self.owner}: {key} is {low} to {high}, not {value}")
        return value

    def number(self, key: str) -> float | None:
        """Any number, None if it was not given."""
        value = self._given.get(key)
        if value is None:
            return None
        if not isinstance(value, int | float | Decimal) or isinstance(value, bool):
            raise self.wrong(key, "a number")
        return float(value)

    def choice(self, key: str, default: str, allowed: Sequence[str]) -> str:
        """One of some words."""
        value = self._given.get(key, default)
        if value not in allowed:
            raise ValueError(f"{self.owner}: {key} is one of {', '.join(allowed)}, not {value!r}")
        return str(value)

    def one(self, key: str) -> str:
        """The name of one sobject, alone or as a list of one."""
        value = self._given.get(key)
        if isinstance(value, list | tuple) and len(value) == 1:
            value = value[0]
        if not isinstance(value, str):
            raise self.wrong(key, "the name of one sobject")
        return value

    def function(self, key: str) -> Callable[..., Any]:
        """A Python callable; text in its place is a formula of Salesforce, which nothing here can compute."""
        value = self._given.get(key)
        if isinstance(value, str):
            raise refuse(f"formula text: give {key} of {self.owner} as a Python callable")
        if not callable(value):
            raise self.wrong(key, "a callable that takes the record")
        return value

    def entries(self) -> tuple[PicklistValue, ...]:
        """The values of a picklist: texts, mappings or `PicklistValue`, each value once."""
        value = self._given.get("values", ())
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise self.wrong("values", "a list")
        entries = tuple(self._entry(each) for each in value)
        names = [each.value.lower() for each in entries]
        twice = sorted({each for each in names if names.count(each) > 1})
        if twice:
            raise ValueError(f"{self.owner}: values has {', '.join(twice)} twice")
        return entries

    def _entry(self, value: object) -> PicklistValue:
        if isinstance(value, PicklistValue):
            return value
        if isinstance(value, str) and value:
            return PicklistValue(value, value)
        if isinstance(value, Mapping) and "value" in value and value.keys() <= _ENTRY_KEYS:
            return PicklistValue(
                str(value["value"]),
                str(value.get("label", value["value"])),
                active=value.get("active", True) is True,
                default=value.get("default", False) is True,
            )
        raise self.wrong("values", "a list of texts, mappings with a value, or PicklistValue")

    def wrong(self, key: str, wanted: str) -> TypeError:
        """The error for a property of a wrong kind."""
        return TypeError(f"{self.owner}: {key} is {wanted}, not {self._given.get(key)!r}")
