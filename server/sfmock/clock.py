"""The org's clock: everything that asks for the time asks here, so a test moves all of it at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_FIRST = datetime(1700, 1, 1, tzinfo=UTC).timestamp()
_END = datetime(4001, 1, 1, tzinfo=UTC).timestamp()


class Clock:
    """`time.time()`, looked up at each call so that freezegun moves it too, plus an offset of our own.

    It stays within the years of dates in records, 1700 to 4000 (metadata.md 2.1): moving it out of them raises ValueError.
    """

    def __init__(self) -> None:
        self._offset = 0.0
        self._frozen: float | None = None
        self.moved: Callable[[], None] | None = None
        """Called after each change of course: an org that owns its file writes it down."""

    def __repr__(self) -> str:
        return f"<Clock {self.now.isoformat(timespec='seconds')}{' frozen' if self._frozen is not None else ''}>"

    @property
    def now(self) -> datetime:
        """The org's time, aware, in UTC."""
        return datetime.fromtimestamp(self.timestamp(), UTC)

    def timestamp(self) -> float:
        """The org's time in seconds since the epoch."""
        return (time.time() if self._frozen is None else self._frozen) + self._offset

    def both(self) -> tuple[float, float]:
        """The org's time and the machine's, in seconds since the epoch: what a client has signed may be right by either."""
        return self.timestamp(), time.time()

    def advance(self, delta: timedelta | None = None, /, **parts: float) -> None:
        """Move on by a timedelta or by its parts: `advance(hours=2)`; raises ValueError for going back."""
        step = (delta if delta is not None else timedelta()) + timedelta(**parts)
        if step < timedelta():
            raise ValueError("clock.advance() goes forward only; use clock.travel(to) to go back")
        _known(self.timestamp() + step.total_seconds())
        self._set(self._offset + step.total_seconds(), self._frozen)

    def freeze(self, at: datetime | None = None) -> None:
        """Stop the clock, now or at a given aware time; `advance` and `travel` still move it."""
        self._set(0.0, self.timestamp() if at is None else _known(_seconds(at)))

    def travel(self, to: datetime) -> None:
        """Jump to an aware time; a running clock runs on from there."""
        self._set(self._offset + _known(_seconds(to)) - self.timestamp(), self._frozen)

    def state(self) -> tuple[float, float | None]:
        """What `restore_state` needs to come back here."""
        return self._offset, self._frozen

    def restore_state(self, state: tuple[float, float | None]) -> None:
        """Put the clock back as `state()` saw it."""
        self._set(*state)

    def _set(self, offset: float, frozen: float | None) -> None:
        self._offset, self._frozen = offset, frozen
        if self.moved is not None:
            self.moved()


def wire_datetime(moment: datetime) -> str:
    """A moment as REST writes it: UTC, milliseconds, `+0000` (rest.md 7)."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}+0000"


def system_datetime(moment: datetime) -> str:
    """A moment as system fields hold it: whole seconds, written `.000+0000` (metadata.md 3)."""
    return wire_datetime(moment.replace(microsecond=0))


def _seconds(moment: datetime) -> float:
    if moment.tzinfo is None:
        raise ValueError(
            "the org's clock takes aware datetimes only, e.g. datetime(2026, 1, 1, tzinfo=UTC)"
        )
    return moment.timestamp()


def _known(seconds: float) -> float:
    if not _FIRST <= seconds < _END:
        raise ValueError("the clock knows the years 1700 to 4000")
    return seconds
