"""What the details of a master add up to: worked out from all of them once, then kept as they come and go one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import partial
from typing import Protocol, TypeAlias

from sfmock.org.dml.plan import Row
from sfmock.org.dml.rollup_filters import Matcher
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_SMALL = 1e9
"""Below it a double keeps six decimals exactly."""
_MILLION = 1_000_000
_EXACTLY = Context(prec=700)
"""No sum of doubles takes more digits: what is added to one can be taken off again."""

Detail: TypeAlias = tuple[Value, ...]
"""The values of the fields in `Rollup.reads`."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One summary of a rollup."""

    name: str
    operation: str
    place: int | None
    """Where the summarized value is among those of a detail; None for `count`."""
    tests: tuple[tuple[int, Matcher], ...]
    """The filters, each with the place of the value that it tests."""

    def counts(self, detail: Detail) -> bool:
        """Whether a detail passes all filters."""
        return all(test(detail[place]) for place, test in self.tests)


@dataclass(frozen=True, slots=True, eq=False)
class Rollup:
    """The summaries of one master sobject over one reference of a detail sobject."""

    master: SObject
    child: SObject
    key: str
    reads: tuple[str, ...]
    """The fields of the detail that decide about the result."""
    parts: tuple[Part, ...]
    writes: bool = True
    """Whether its sums are fields of the master that follow each detail by themselves."""

    def master_of(self, detail: Detail) -> str | None:
        """The id of the master that a detail counts for; None for one in the recycle bin."""
        master = detail[self.reads.index(self.key)]
        deleted = "IsDeleted" in self.reads and detail[self.reads.index("IsDeleted")]
        return None if deleted or not isinstance(master, str) else master


class Total(Protocol):
    """One summary of one master as it stands."""

    def add(self, value: Value) -> None:
        """Count a detail with this value in."""

    def remove(self, value: Value) -> bool:
        """Take such a detail out again; False where only all details tell what is left."""
        ...

    def value(self) -> Value:
        """The summary: 0 for no details, null for the least or greatest of none."""


class Totals:
    """All summaries of one master over one rollup."""

    def __init__(self, rollup: Rollup, details: Sequence[Detail]) -> None:
        self._totals: list[tuple[Part, Total]] = []
        for part in rollup.parts:
            values = [_summed(part, each) for each in details if part.counts(each)]
            self._totals.append((part, _KINDS[part.operation](values)))

    def add(self, detail: Detail) -> None:
        """Count a detail in."""
        for part, total in self._totals:
            if part.counts(detail):
                total.add(_summed(part, detail))

    def remove(self, detail: Detail) -> bool:
        """Take a detail out; False where these totals are of no use any more."""
        return all(
            total.remove(_summed(part, detail))
            for part, total in self._totals
            if part.counts(detail)
        )

    def row(self) -> Row:
        """The values of the master's fields."""
        return {part.name: total.value() for part, total in self._totals}


def _summed(part: Part, detail: Detail) -> Value:
    return None if part.place is None else detail[part.place]


class _Count:
    def __init__(self, values: list[Value]) -> None:
        self._number = len(values)

    def add(self, value: Value) -> None:
        self._number += 1

    def remove(self, value: Value) -> bool:
        self._number -= 1
        return True

    def value(self) -> Value:
        return float(self._number)


class _Sum:
    """Added up in decimals, as Salesforce does: 0.1 + 0.2 is 0.3."""

    def __init__(self, values: list[Value]) -> None:
        self._sum = _sum([each for each in values if isinstance(each, int | float)])

    def add(self, value: Value) -> None:
        if isinstance(value, int | float):
            self._sum = _EXACTLY.add(self._sum, Decimal(str(value)))

    def remove(self, value: Value) -> bool:
        if isinstance(value, int | float):
            self._sum = _EXACTLY.subtract(self._sum, Decimal(str(value)))
        return True

    def value(self) -> Value:
        return float(self._sum)


class _Extreme:
    """The least or the greatest; of dates and times as text."""

    def __init__(
        self, choose: Callable[[Iterable[str | float]], Value], values: list[Value]
    ) -> None:
        self._choose = choose
        known = [_comparable(each) for each in values if each is not None]
        self._extreme = choose(known) if known else None

    def add(self, value: Value) -> None:
        if value is not None:
            new, old = _comparable(value), self._extreme
            self._extreme = new if old is None else self._choose((_comparable(old), new))

    def remove(self, value: Value) -> bool:
        return value is None or _comparable(value) != self._extreme

    def value(self) -> Value:
        return self._extreme


def _comparable(value: Value) -> str | float:
    return value if isinstance(value, str) else float(value or 0)


def _sum(values: list[int | float]) -> Decimal:
    if all(abs(each) < _SMALL for each in values):
        millionths = [round(each * 1e6) for each in values]
        if all(each / _MILLION == value for each, value in zip(millionths, values, strict=True)):
            return _EXACTLY.scaleb(Decimal(sum(millionths)), -6)  # the usual case, in half the time
    total = Decimal(0)
    for each in values:
        total = _EXACTLY.add(total, Decimal(str(each)))
    return total


_KINDS: Mapping[str, Callable[[list[Value]], Total]] = {
    "count": _Count,
    "sum": _Sum,
    "min": partial(_Extreme, min),
    "max": partial(_Extreme, max),
}
