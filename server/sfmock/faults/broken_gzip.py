"""The gzipped body is damaged on its way."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect


def _damage(call: Call, options: Any) -> Effect | None:
    """Pack it, and turn bits over."""
    return Effect(gzip="broken")


KIND = FaultKind(
    name="broken_gzip",
    group="transport",
    happens=str(__doc__),
    wire="`Content-Encoding: gzip`, wrong data and a wrong checksum",
    state="carried out",
    reaction="fetch it again",
    source="error-catalogue.md 9, fault 30",
    behind=_damage,
)
