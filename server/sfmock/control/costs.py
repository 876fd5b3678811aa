"""What calls cost: those that one call could have done (N+1), and which ones ate a budget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sfmock.control.shapes import Alike, Shape, shape_of
from sfmock.org.journal import Exchange
from sfmock.org.lines import cut
from sfmock.org.masking import Mask

_WIDTH = 120
_ROWS = 10
_IN_ONE = {
    "GET": "one query with IN (…), or a composite request",
    "PATCH": "sObject Collections, which take 200 records a call, or a composite request",
    "DELETE": "sObject Collections, which take 200 records a call, or a composite request",
}


def repeated(exchanges: Iterable[Exchange], threshold: int, mask: Mask) -> list[str]:
    """A line for each call that came in so many variants which differ in one literal only; 0 looks for none."""
    if threshold < 1:
        return []
    found: dict[Alike, list[Shape]] = {}
    for each in exchanges:
        if each.api_calls and not each.failed:
            shape = shape_of(each)
            for place in range(len(shape.literals)):
                found.setdefault(shape.without(place), []).append(shape)
    return [
        _repeated(alike, shapes, mask)
        for alike, shapes in found.items()
        if len({each.literals[alike.place] for each in shapes}) >= threshold
    ]


def over_budget(exchanges: Iterable[Exchange], budget: int, spent: int, mask: Mask) -> str:
    """What a spent budget says: how many calls each shape of call has cost, the dearest first."""
    costs: Counter[tuple[str, str]] = Counter()
    for each in exchanges:
        if each.api_calls:
            shape = shape_of(each)
            text = shape.written(mask, *range(len(shape.literals)))
            costs[each.method if not shape.soql else "query", text] += each.api_calls
    rows = [f"  {cost:>5}  {kind:<6} {text}" for (kind, text), cost in costs.most_common()]
    left = spent - sum(cost for _, cost in costs.most_common(_ROWS))
    if left:  # more shapes than are told, or requests that are no longer kept
        rows[_ROWS:] = [f"  {left:>5}  others"]
    head = f"the test made {spent} API calls, its budget is {budget} (api_budget):"
    return "\n".join([head, *(cut(row, _WIDTH) for row in rows)])


def _repeated(alike: Alike, shapes: list[Shape], mask: Mask) -> str:
    text = cut(shapes[0].written(mask, alike.place), _WIDTH)
    if alike.soql:
        return f"N+1: {len(shapes)} queries differ in one literal: {text}: consider one query with IN (…)"
    advice = _IN_ONE.get(alike.method, "a composite request")
    return (
        f"N+1: {len(shapes)} requests differ in one value: {alike.method} {text}: consider {advice}"
    )
