"""The reply ends in the middle of its body."""

from __future__ import annotations

from dataclasses import dataclass

from sfmock.faultkind import FaultKind, Options, option
from sfmock.routing import Call
from sfmock.wire import Effect, Travel


@dataclass(frozen=True, slots=True)
class CutOptions(Options):
    """Where it ends."""

    part: float = option(0.5, "how much of the body arrives", at_least=0, at_most=0.99)


def _cut(call: Call, options: CutOptions) -> Effect | None:
    """Cut it."""
    return Effect(travel=Travel(cut=options.part))


KIND = FaultKind(
    name="body_cut",
    group="transport",
    happens=str(__doc__),
    wire="the usual head and `part` of the body, then the end of the connection",
    state="carried out",
    reaction="fetch it again: the repetition has to enclose the reading",
    source="error-catalogue.md 9, fault 29",
    options=CutOptions,
    behind=_cut,
)
