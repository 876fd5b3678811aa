"""The verdict on a test that passed: what went wrong behind its client's back makes it FAILED while it is called."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_sfmock.handle import Sfmock
    from sfmock.control.problems import Problem
    from sfmock.org.journal import Exchange


@dataclass
class Watch:
    """The fakes of one test, whether it was called yet, and what a report shows of it."""

    handles: list[Sfmock] = field(default_factory=list)
    called: bool = False
    outranked: list[Problem] = field(default_factory=list)
    """Problems of a test that failed by itself."""
    ended: list[tuple[str, list[Exchange]]] = field(default_factory=list)
    """Address and requests of the fakes that are gone already."""


WATCH = pytest.StashKey[Watch]()


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Fail a test that passed although the fake has problems to report; one that failed only shows them."""
    __tracebackhide__ = _has_cause
    try:
        result = yield
    except BaseException:
        watch = item.stash.get(WATCH, None)
        if watch is not None:
            watch.called = True
            watch.outranked += _problems(watch.handles)
        raise
    watch = item.stash.get(WATCH, None)
    if watch is not None:
        watch.called = True
        _fail_with(_problems(watch.handles))
    return result


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
    watch.handles.remove(handle)
    watch.ended.append((handle.instance_url, list(handle.requests)))
    if watch.called:
        _fail_with(_problems([handle], faults=False))


def hear_guard(handle: Sfmock) -> None:
    """What the guard has stopped since the last test is told with what this handle has to tell."""
    from sfmock.control.problems import Problem

    handle.remember(Problem(note) for note in _guard_notes())


def fail_with_late(handle: Sfmock) -> None:
    """Raise what went wrong outside of every test, in the set-up or the end of a class."""
    __tracebackhide__ = _has_cause
    _fail_with(_problems([handle], faults=False))


def _problems(handles: list[Sfmock], *, faults: bool = True) -> list[Problem]:
    if not handles:
        return []
    from sfmock.control.problems import Problem

    found = [problem for handle in handles for problem in handle.problems(faults=faults)]
    return [*found, *(Problem(note) for note in _guard_notes())]


def _guard_notes() -> list[str]:
    from sfmock.transport.guard import GUARD

    return GUARD.drain()


def _has_cause(error: pytest.ExceptionInfo[BaseException]) -> bool:
    return error.value.__cause__ is not None  # then that one's traceback is what the reader needs


def _fail_with(problems: list[Problem]) -> None:
    __tracebackhide__ = _has_cause
    if not problems:
        return
    from sfmock.control.problems import message

    cause = next((each.cause for each in problems if each.cause is not None), None)
    raise pytest.fail.Exception(message(problems), pytrace=cause is not None) from cause
