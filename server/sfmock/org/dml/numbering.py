"""Auto-numbers of custom objects and fields: counted up on create, in their display format (metadata.md 6.1)."""

from __future__ import annotations

import re

from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.sequences import Sequences
from sfmock.schema.model import Field

_PLACE = re.compile(r"\{(YYYY|YY|MM|DD|0+)\}")


def give_numbers(plan: Plan, values: Row, sequences: Sequences, now: str) -> None:
    """Give a new row the next number of each series, unless it has one already (`load`)."""
    for field in plan.auto_numbers:
        if values.get(field.name) is None:
            number = sequences.next(_series(plan, field), after=field.starting_number - 1)
            values[field.name] = number_text(field, number, now)


def note_numbers(plan: Plan, row: Row, sequences: Sequences) -> None:
    """Take note of numbers that a loaded row brings: the series goes on behind them."""
    for field in plan.auto_numbers:
        found = re.fullmatch(_pattern(field), str(row.get(field.name, "")), re.ASCII)
        if found is not None:
            number = int(found["counter"])
            sequences.skip(_series(plan, field), number, after=field.starting_number - 1)


def number_text(field: Field, number: int, now: str) -> str:
    """A number as it is shown; the date is that of the create, in GMT (whose day it is is unverified)."""
    parts = {"YYYY": now[:4], "YY": now[2:4], "MM": now[5:7], "DD": now[8:10]}
    return _PLACE.sub(
        lambda place: parts.get(place[1]) or str(number).zfill(len(place[1])),
        str(field.display_format),
    )


def _pattern(field: Field) -> str:
    pieces = _PLACE.split(str(field.display_format))
    written = [
        re.escape(piece) if index % 2 == 0 else _written(piece)
        for index, piece in enumerate(pieces)
    ]
    return "".join(written)


def _written(place: str) -> str:
    return r"(?P<counter>\d+)" if place.startswith("0") else rf"\d{{{len(place)}}}"


def _series(plan: Plan, field: Field) -> str:
    return f"{plan.sobject.name}.{field.name}"
