"""The markers: what each takes, how it is read, and what makes one a usage error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple  # the keywords of a marker are checked where they are used

import pytest

from pytest_sfmock import options, records

FOR_ONE_TEST = frozenset({"sfmock", "sfmock_client", "make_sfmock", "sfmock_settings"})
FOR_SEVERAL: Mapping[str, type[pytest.Collector]] = {
    "sfmock_class": pytest.Class,
    "sfmock_module": pytest.Module,
}
"""The fixtures of a wider scope, and what that scope is."""
FIXTURES = FOR_ONE_TEST | FOR_SEVERAL.keys()
"""A test that asks for one of these, directly or not, runs against the fake: markers are for it."""
_FIXED = ("org", "seed", "transport")
"""Settings that an org which serves several tests cannot change for one of them."""


class Marker(NamedTuple):
    """One marker; `check` raises UsageError for what it cannot take."""

    name: str
    signature: str
    help: str
    check: Callable[[pytest.Mark], object]


def settings_of(node: pytest.Item | pytest.Collector) -> dict[str, object]:
    """What the `sfmock` markers of a test or of its class say: the nearest one wins, key by key."""
    return _nearest_wins(node.iter_markers("sfmock"))


def settings_within(item: pytest.Item, scope: pytest.Item | pytest.Collector) -> dict[str, object]:
    """What the `sfmock` markers say that are nearer to a test than its class or module."""
    return _nearest_wins(_marks_within(item, scope, "sfmock"))


def rows_of(node: pytest.Item | pytest.Collector) -> list[records.Row]:
    """The rows of all `sfmock_records` markers, outermost first, each after those that it points to."""
    return records.in_order(_rows(node.iter_markers("sfmock_records")))


def rows_within(
    item: pytest.Item, scope: pytest.Item | pytest.Collector, known: Iterable[str]
) -> list[records.Row]:
    """The rows of the markers that are nearer to a test than its class or module; they may point to `known` names."""
    return records.in_order(_rows(_marks_within(item, scope, "sfmock_records")), known)


def faults_of(item: pytest.Item) -> list[tuple[str, Mapping[str, Any]]]:
    """Kind and options of all `sfmock_fault` markers of a test, outermost first."""
    marks = reversed(list(item.iter_markers("sfmock_fault")))
    return [(mark.args[0], mark.kwargs) for mark in marks]


def _marks_within(
    item: pytest.Item, scope: pytest.Item | pytest.Collector, name: str
) -> Iterator[pytest.Mark]:
    outside = scope.listchain()
    return (mark for node, mark in item.iter_markers_with_node(name) if node not in outside)


def _nearest_wins(marks: Iterable[pytest.Mark]) -> dict[str, object]:
    values: dict[str, object] = {}
    for mark in marks:  # nearest first
        for name, value in mark.kwargs.items():
            values.setdefault(name, value)
    return values


def _rows(marks: Iterable[pytest.Mark]) -> list[records.Row]:
    return [row for mark in reversed(list(marks)) for row in records.read(mark.args[0])]


def check(item: pytest.Item) -> None:
    """Raise UsageError for a marker of ours that is wrong, or that stands on a test which does not use the fake."""
    uses = not FIXTURES.isdisjoint(getattr(item, "fixturenames", ()))
    for node, mark in item.iter_markers_with_node():
        marker = BY_NAME.get(mark.name)
        if marker is None:
            continue
        if not uses and node is item:
            raise pytest.UsageError(
                f"marker {mark.name} stands on a test that uses no fixture of pytest-sfmock;"
                f" ask for one of {', '.join(sorted(FIXTURES))}"
            )
        marker.check(mark)
    if uses:
        rows_of(item)
        _check_scope(item)


def _check_scope(item: pytest.Item) -> None:
    """Raise UsageError for a setting that comes too late: the org of the class or module is there by then."""
    fixtures = getattr(item, "fixturenames", ())
    if not FOR_ONE_TEST.isdisjoint(fixtures):
        return  # it is for the org of that fixture
    for fixture, kind in FOR_SEVERAL.items():
        scope = item.getparent(kind)
        if fixture not in fixtures or scope is None:
            continue
        for name in settings_within(item, scope):
            if name in _FIXED:
                raise pytest.UsageError(
                    f"marker sfmock({name}) comes too late for {fixture}, whose org is there before the test:"
                    f" put it on the {kind.__name__.lower()}"
                )


def _check_sfmock(mark: pytest.Mark) -> None:
    if mark.args:
        raise pytest.UsageError(f"marker sfmock takes keywords only: {_keys()}")
    for name, value in mark.kwargs.items():
        read(name, value)


def read(name: str, value: object) -> None:
    """Raise UsageError unless `name` is a key of the `sfmock` marker and takes this value."""
    setting = options.BY_NAME.get(name)
    if setting is None or not setting.marker:
        raise pytest.UsageError(f"marker sfmock has no key {name!r}; allowed are {_keys()}")
    options.read(setting, value, f"marker sfmock({name})")


def _keys() -> str:
    return ", ".join(each.name for each in options.SETTINGS if each.marker)


def _check_records(mark: pytest.Mark) -> None:
    if len(mark.args) != 1 or mark.kwargs:
        raise pytest.UsageError("marker sfmock_records takes one mapping: {sobject: [fields, …]}")
    records.read(mark.args[0])


def _check_fault(mark: pytest.Mark) -> None:
    from sfmock.clock import Clock
    from sfmock.discovery import fault_kinds, routes
    from sfmock.org.faultplans import FaultPlans

    if len(mark.args) != 1 or not isinstance(mark.args[0], str):
        raise pytest.UsageError(
            "marker sfmock_fault takes the kind of a fault or the name of a scenario, then keywords"
        )
    plans = FaultPlans(0, Clock())
    plans.kinds, plans.names = fault_kinds(), routes().names
    try:
        plans.plan(mark.args[0], **mark.kwargs)
    except (TypeError, ValueError) as error:
        raise pytest.UsageError(f"marker sfmock_fault: {error}") from None


def _signature() -> Iterator[str]:
    yield from (f"{each.name}=" for each in options.SETTINGS if each.marker)


MARKERS = (
    Marker(
        "sfmock",
        f"sfmock({', '.join(_signature())})",
        "settings of the fake for this test; the nearest marker wins, key by key",
        _check_sfmock,
    ),
    Marker(
        "sfmock_records",
        "sfmock_records({sobject: [fields, ...]})",
        'records that the org holds when the test starts; a row may name itself "@ref": "acme",'
        ' another may point to it by "@acme"',
        _check_records,
    ),
    Marker(
        "sfmock_fault",
        "sfmock_fault(kind, *, on='*', after=0, times=1, ...)",
        "a failure planned for this test, as sfmock.faults.add() takes it, or a scenario by its name",
        _check_fault,
    ),
)
BY_NAME = {each.name: each for each in MARKERS}
