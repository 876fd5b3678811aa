"""Fields of person accounts, in a schema whose describe of Account has them (metadata.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator

from sfmock.schema.model import SObject

_NAMES = ("FirstName", "LastName", "MiddleName", "Salutation", "Suffix")


def personal_fields(sobject: SObject) -> Iterator[str]:
    """The fields that have a value in person accounts only; none where there are no such accounts."""
    if sobject.name == "Account" and sobject.find("IsPersonAccount") is not None:
        for field in sobject.fields:
            name = field.name
            if name in _NAMES or name.startswith("Person") or name.endswith("__pc"):
                yield name
