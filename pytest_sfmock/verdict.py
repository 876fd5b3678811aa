"""The verdict on a test that passed: what went wrong behind its client's back makes it FAILED while it is called."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_sfmock.handle import Sfmock
    from sfmock.control.evidence import Evidence
    from sfmock.control.problems import Problem
    from sfmock.control.tally import Tally


@dataclass
class Watch:
    """The fakes of one test, whether it was called yet, and what a report shows of it."""

    handles: list[Sfmock] = field(default_factory=list)
    called: bool = False
    raised: BaseException | None = None
    """What made the test fail although its code saw nothing wrong."""
    problems: list[Problem] = field(default_factory=list)
    """What that tells."""
    outranked: list[Problem] = field(default_factory=list)
    """Problems of a test that failed by itself."""
    ended: list[Evidence] = field(default_factory=list)
    """What is left of the fakes that are gone already."""
    tallies: list[Tally] = field(default_factory=list)
    """Their numbers."""

    def evidence(self, *, plans: bool = False) -> list[Evidence]:
        """What a report can show; `plans`: with those of queries, where a fake is still there."""
        from sfmock.control.evidence import evidence

        return [*(evidence(each, plans=plans) for each in self.handles), *self.ended]

    def tally(self) -> Tally:
        """The numbers of all fakes."""
        from sfmock.control.tally import Tally, add_up

        return add_up([Tally(), *(each.tally() for each in self.handles), *self.tallies])

    def seeds(self) -> list[int]:
        """The seeds of all fakes, each once."""
        live, ended = {each.seed for each in self.handles}, {each.seed for each in self.ended}
        return sorted(live | ended)


WATCH = pytest.StashKey[Watch]()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed although the fake has problems to report; one that failed only shows them."""
    try:
        result = yield
    except BaseException:
        watch = item.stash.get(WATCH, None)
        if watch is not None:
            watch.called = True
            watch.outranked += _problems(watch.handles)
        _without_org(item, watch)
        raise
    watch = item.stash.get(WATCH, None)
    if watch is not None:
        watch.called = True
        watch.problems = _problems(watch.handles)
        try:
            _fail_with(watch.problems)
        except pytest.fail.Exception as failure:
            watch.raised = failure
            raise
    _fail_with(_without_org(item, watch))
    return result


def settle(watch: Watch, call: pytest.CallInfo[None]) -> None:
    """Where a test's own failure took the place of ours, as in unittest classes, ours only stands in the section."""
    reported = None if call.excinfo is None else call.excinfo.value
    if watch.raised is not None and reported is not watch.raised:
        watch.outranked += watch.problems
        watch.raised = None


def watch_of(item: pytest.Item) -> Watch | None:
    """The watch over a test that has a fake, or had one."""
    watch = item.stash.get(WATCH, None)
    return watch if watch is not None and (watch.handles or watch.ended) else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let go of what was kept for the reports of a test."""
    try:
        return (yield)
    finally:
        item.stash[WATCH] = Watch()


@contextmanager
def watching(item: pytest.Item, handle: Sfmock) -> Iterator[None]:
    """Count a handle to a test; what happens after the call, in another fixture's teardown, is an error of that."""
    watch = item.stash.get(WATCH, None)
    if watch is None or not watch.handles:  # the first of this run of the test
        watch = item.stash[WATCH] = Watch()
        _guard_notes()  # nobody is left to tell what an earlier test's threads have tried since
    watch.handles.append(handle)
    yield
    watch.ended += Watch([handle]).evidence()
    watch.tallies.append(handle.tally())
    watch.handles.remove(handle)
    if watch.called:
        _fail_with(_problems([handle], faults=False))


def hear_guard(handle: Sfmock) -> None:
    """What the guard has stopped since the last test is told with what this handle has to tell."""
    from sfmock.control.problems import Problem

    handle.remember(Problem(note) for note in _guard_notes())


def fail_with_late(handle: Sfmock) -> None:
    """Raise what went wrong outside of every test, in the set-up or the end of a class."""
    _fail_with(_problems([handle], faults=False))


def _without_org(item: pytest.Item, watch: Watch | None) -> list[Problem]:
    """What a test that has no fake has asked `sfmock_server` for."""
    if watch is not None and watch.handles:
        return []
    if "sfmock_server" not in getattr(item, "fixturenames", ()):
        return []
    from sfmock.control.problems import Problem

    return [Problem(note) for note in _guard_notes()]


def _problems(handles: list[Sfmock], *, faults: bool = True) -> list[Problem]:
    if not handles:
        return []
    from sfmock.control.problems import Problem

    found = [problem for handle in handles for problem in handle.problems(faults=faults)]
    return [*found, *(Problem(note) for note in _guard_notes())]


def _guard_notes() -> list[str]:
    from sfmock.transport.guard import GUARD

    return GUARD.drain()


def _fail_with(problems: list[Problem]) -> None:
    """Raise what the problems tell."""
    if not problems:
        return
    from sfmock.control.problems import message

    raise pytest.fail.Exception(message(problems), pytrace=False)
