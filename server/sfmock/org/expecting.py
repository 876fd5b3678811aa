"""What `requests.expect()` compares: the patterns that a test expects and the requests that came, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sfmock.org.lines import line
from sfmock.org.masking import Mask
from sfmock.org.patterns import parse

if TYPE_CHECKING:
    from sfmock.org.journal import Exchange

Expected: TypeAlias = "str | tuple[str, int]"
"""A pattern, or one with the status of the reply."""

_HEAD = "the requests are not those that were expected (- did not come, + was not expected):"
_TOLD = 10
"""So many requests in a row that agree, or that nobody expected, are told; of more the first and the last."""


class _Wanted(NamedTuple):
    pattern: str
    status: int | None
    names: frozenset[str]

    def is_met_by(self, exchange: Exchange) -> bool:
        return self.status in (None, exchange.status) and exchange.matches(self.pattern, self.names)

    def __str__(self) -> str:
        return self.pattern if self.status is None else f"{self.pattern} → {self.status}"


class _Row(NamedTuple):
    """One row of the comparison: `mark` is `-` for what did not come, `+` for what was not expected."""

    mark: str
    pattern: str
    exchange: Exchange | None = None


def in_order(
    expected: Sequence[Expected],
    exchanges: Sequence[Exchange],
    names: frozenset[str],
    *,
    others: bool,
) -> list[Exchange]:
    """The exchanges that the patterns mean, in order; raises AssertionError with both sides unless they agree."""
    __tracebackhide__ = True
    wanted = [_read(each, names) for each in expected]
    rest = iter(exchanges)
    met = [next((it for it in rest if each.is_met_by(it)), None) for each in wanted]
    found = [each for each in met if each is not None]
    if len(found) == len(wanted) and (others or len(found) == len(exchanges)):
        return found
    rows = _align(wanted, exchanges)
    if others:
        rows = [each._replace(mark=" ") if each.mark == "+" else each for each in rows]
    raise AssertionError(_text(rows, exchanges))


def by_count(
    expected: Mapping[str, int],
    exchanges: Sequence[Exchange],
    names: frozenset[str],
    *,
    others: bool,
) -> list[Exchange]:
    """The exchanges that any of the patterns means; raises AssertionError unless each came so often."""
    __tracebackhide__ = True
    wanted = [_read(each, names) for each in expected]
    groups = [[it for it in exchanges if each.is_met_by(it)] for each in wanted]
    numbers = {id(it) for group in groups for it in group}
    met = [each for each in exchanges if id(each) in numbers]
    strange = [] if others else [each for each in exchanges if id(each) not in numbers]
    if not strange and [len(group) for group in groups] == list(expected.values()):
        return met
    rows: list[_Row] = []
    for each, count, group in zip(wanted, expected.values(), groups, strict=True):
        mark = " " if len(group) == count else "-" if len(group) < count else "+"
        rows.append(_Row(mark, f"{each}: {count} expected, {len(group)} came"))
    rows += (_Row("+", each.shortcut, each) for each in strange)
    raise AssertionError(_text(rows, exchanges))


def _read(expected: Expected, names: frozenset[str]) -> _Wanted:
    match expected:
        case str():
            pattern, status = expected, None
        case (str() as pattern, int() as status):
            pass
        case _:
            raise TypeError(
                f"expect() takes patterns, and pairs of pattern and status: {expected!r}"
            )
    parse(pattern, names)
    return _Wanted(pattern, status, names)


def _align(wanted: Sequence[_Wanted], exchanges: Sequence[Exchange]) -> list[_Row]:
    """Both sides in one list, with as many pairs as their order allows."""
    fits = [[each.is_met_by(it) for it in exchanges] for each in wanted]
    pairs = _most_pairs(fits, len(exchanges))
    rows: list[_Row] = []
    left = right = 0
    while left < len(wanted) or right < len(exchanges):
        there = left < len(wanted) and right < len(exchanges) and fits[left][right]
        if there and pairs[left][right] == pairs[left + 1][right + 1] + 1:
            rows.append(_Row(" ", str(wanted[left]), exchanges[right]))
            left, right = left + 1, right + 1
        elif left < len(wanted) and pairs[left][right] == pairs[left + 1][right]:
            rows.append(_Row("-", str(wanted[left])))
            left += 1
        else:
            rows.append(_Row("+", exchanges[right].shortcut, exchanges[right]))
            right += 1
    return rows


def _most_pairs(fits: Sequence[Sequence[bool]], width: int) -> list[list[int]]:
    """How many pairs there can be from a place on, for each place on both sides."""
    pairs = [[0] * (width + 1) for _ in range(len(fits) + 1)]
    for left in reversed(range(len(fits))):
        for right in reversed(range(width)):
            pair = pairs[left + 1][right + 1] + 1 if fits[left][right] else 0
            pairs[left][right] = max(pair, pairs[left + 1][right], pairs[left][right + 1])
    return pairs


def _text(rows: Sequence[_Row], exchanges: Sequence[Exchange]) -> str:
    mask = Mask().learn(exchanges)
    column = min(max(len(each.pattern) for each in rows), 40)
    return "\n".join((_HEAD, *_told(rows, mask, column)))


def _told(rows: Sequence[_Row], mask: Mask, column: int) -> Iterator[str]:
    for mark, run in groupby(rows, key=lambda each: each.mark):
        group = list(run)
        skipped = 0 if mark == "-" else max(0, len(group) - _TOLD)
        first = _TOLD // 2 if skipped else len(group)
        for row in group[:first]:
            yield _row(row, mask, column)
        if skipped:
            yield f"  {mark} … {skipped} more"
            for row in group[first + skipped :]:
                yield _row(row, mask, column)


def _row(row: _Row, mask: Mask, column: int) -> str:
    came = line(row.exchange, mask) if row.exchange is not None else ""
    return f"  {row.mark} {mask.text(row.pattern):<{column}}  {came}".rstrip()
