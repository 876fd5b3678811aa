"""A test's own Python code that runs while a request is answered: it may ask the org, but send no request to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_AT_ONCE = 64
"""So many threads may run one callable; more are a callable that calls itself over sockets, each time in a new thread."""
_running: ContextVar[str | None] = ContextVar("sfmock_running", default=None)


class CalledBack(RuntimeError):
    """A callable of the test sent a request to the fake from inside of one. Not an OSError: clients would retry those."""


class Running:
    """How often one callable runs at this moment."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0

    @contextmanager
    def noted(self, what: str) -> Iterator[None]:
        """Inside, this thread sends no requests; raises CalledBack where the callable seems to call itself."""
        with self._lock:
            self._count += 1
            count = self._count
        token = _running.set(what)
        try:
            if count > _AT_ONCE:
                raise CalledBack(_text(what))
            yield
        finally:
            _running.reset(token)
            with self._lock:
                self._count -= 1


def refuse_call_back() -> None:
    """Raise CalledBack where this thread runs a callable of the test."""
    what = _running.get()
    if what is not None:
        raise CalledBack(_text(what))


def _text(what: str) -> str:
    return (
        f"{what} sent a request to the fake while a request is being answered, which would not end:"
        " ask the handle or the org there instead"
    )
