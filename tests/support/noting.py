"""What Org.create sends to the rules: every write by the way, and as a client would send it over REST."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple
from unittest.mock import patch

from sfmock.clock import wire_datetime
from sfmock.org.org import Org
from sfmock.schema.model import SObject
from sfmock.wire import JSON


class Write(NamedTuple):
    """A row that was inserted: what it is, its fields, and the id that it got."""

    sobject: str
    fields: dict[str, JSON]
    record_id: str


@contextmanager
def noting(org: Org) -> Iterator[list[Write]]:
    """Every insert below, in the order in which the rows are made."""
    written: list[Write] = []
    insert = org.records.insert

    def note(sobject: SObject, fields: Mapping[str, object], *, user_id: str) -> str:
        sent = {name: as_json(each) for name, each in fields.items()}
        made = insert(sobject, fields, user_id=user_id)
        written.append(Write(sobject.name, sent, made))
        return made

    with patch.object(org.records, "insert", note):
        yield written


def as_json(value: object) -> JSON:
    """A value as a client sends it."""
    if isinstance(value, datetime):
        return wire_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}.000Z"
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"no client sends {value!r}")
