"""The reply says that it is gzipped, and is not."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind
from sfmock.routing import Call
from sfmock.wire import Effect


def _lie(call: Call, options: Any) -> Effect | None:
    """Name the coding, leave the body."""
    return Effect(gzip="claimed")


KIND = FaultKind(
    name="gzip_lie",
    group="transport",
    happens=str(__doc__),
    wire="`Content-Encoding: gzip`, plain body",
    state="carried out",
    reaction="look at the first bytes, or fetch it again",
    source="error-catalogue.md 9, fault 30",
    behind=_lie,
)
