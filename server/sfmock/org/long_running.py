"""Requests that take long: those that a fault holds back, and how many of them the org's clock has seen for 20 s.

All others are answered at once, so none of them is ever long. What is held waits in the transport, outside the org's lock.
"""

from __future__ import annotations

import itertools
import time

from sfmock.clock import Clock
from sfmock.wire import Sleep

LONG = 20.0
"""Seconds after which a request counts as a long-running one (rest.md 5.2)."""
_SLICE = 0.02
"""How long a held request takes to notice that the clock was moved."""


class LongRunning:
    """The held requests of one org. It lives beside the database: no restore ends what is under way."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._held: dict[int, tuple[float, float]] = {}

    def __repr__(self) -> str:
        return f"<LongRunning {len(self)}>"

    def __len__(self) -> int:
        """How many requests began at least 20 s ago and have not ended."""
        if not self._held:
            return 0
        now = self._clock.timestamp()
        return sum(1 for began, ends in tuple(self._held.values()) if began + LONG <= now < ends)

    def hold(self, seconds: float, *, counted: bool, moves_clock: bool = False) -> Held:
        """A request that takes so many seconds from now on; `counted`: it is a call of the API."""
        began = self._clock.timestamp()
        number = next(self._numbers)
        if counted:
            self._forget_ended(began)
            self._held[number] = (began, began + seconds)
        return Held(self, number, seconds, began + seconds, moves_clock=moves_clock)

    def over(self, ends: float) -> bool:
        """Whether the clock has come to this moment."""
        return self._clock.timestamp() >= ends

    def pass_until(self, ends: float) -> None:
        """Move the clock on to this moment, unless it is there."""
        self._clock.advance(seconds=max(0.0, ends - self._clock.timestamp()))

    def end(self, number: int) -> None:
        """The request has got its reply."""
        self._held.pop(number, None)

    def clear(self) -> None:
        """Nothing is under way: a test begins anew."""
        self._held.clear()

    def _forget_ended(self, now: float) -> None:
        """Those whose clients gave up were never ended: the clock has done it."""
        for number, (_, ends) in tuple(self._held.items()):
            if ends <= now:
                self.end(number)


class Held:
    """One held request; calling it passes the time that it takes, by the org's clock or by that on the wall."""

    def __init__(
        self, running: LongRunning, number: int, seconds: float, ends: float, *, moves_clock: bool
    ) -> None:
        self._running = running
        self._number = number
        self._seconds = seconds
        self._ends = ends
        self._moves_clock = moves_clock

    def __repr__(self) -> str:
        return f"<Held for {self._seconds:g} s>"

    def __call__(self, sleep: Sleep) -> None:
        """Wait; `sleep` passes a part of the time, and answers true when nobody waits for the reply any more."""
        if self._moves_clock:
            self._running.pass_until(self._ends)
        else:
            self._sleep(sleep)
        self._running.end(self._number)

    def _sleep(self, sleep: Sleep) -> None:
        left, until = self._seconds, time.monotonic() + self._seconds
        while left > 0 and not self._running.over(self._ends) and time.monotonic() < until:
            if sleep(min(left, _SLICE)):
                break
            left -= _SLICE
