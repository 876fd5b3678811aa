"""`connection_reset`: the connection breaks, before the work or after it was committed.

Wire: TCP reset, no byte of a reply. State: `at="before"` nothing written, `at="after"` written although the client saw
a failure. Right reaction: reads repeat; a write is looked up by its external id first. Source: error-catalogue.md 9,
faults 27 and 28.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.routing import Call
from sfmock.wire import Effect

NAME = "connection_reset"


@dataclass(frozen=True, slots=True)
class Options:
    """`at`: `before` the request is carried out, or `after` it was committed."""

    at: str = "before"

    def __post_init__(self) -> None:
        """Check the value; raises ValueError."""
        if self.at not in ("before", "after"):
            raise ValueError(f"at= is 'before' or 'after', not {self.at!r}")


def applies(call: Call) -> bool:
    """Any request can meet it."""
    return True


def before(call: Call, options: Options) -> Effect | None:
    """Break the connection, nothing done."""
    return Effect(reset=True) if options.at == "before" else None


def after(call: Call, options: Options) -> Effect | None:
    """Break the connection, all done."""
    return Effect(reset=True) if options.at == "after" else None
