"""`slow`: the request is carried out at once and the reply comes late.

Wire: the usual reply after `seconds`. State: carried out, even where the client has given up. In process, a client whose
read time-out is shorter gets its time-out at once and nobody waits. Right reaction: a time-out, then look before
repeating a write. Source: error-catalogue.md 9, fault 27.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.routing import Call
from sfmock.wire import Effect

NAME = "slow"


@dataclass(frozen=True, slots=True)
class Options:
    """`seconds`: how late the reply is."""

    seconds: float = 5.0

    def __post_init__(self) -> None:
        """Check the value; raises ValueError."""
        if not 0 < self.seconds <= 600:
            raise ValueError("seconds= is more than 0 and at most 600, a request's longest life")


def applies(call: Call) -> bool:
    """Any request can meet it."""
    return True


def before(call: Call, options: Options) -> Effect | None:
    """Nothing yet: the work is done first."""
    return None


def after(call: Call, options: Options) -> Effect | None:
    """Hold the reply back."""
    return Effect(delay=options.seconds)
