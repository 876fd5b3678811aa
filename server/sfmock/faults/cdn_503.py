"""503 from the content network before Salesforce: a gzipped page."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind, everywhere
from sfmock.represent import edge
from sfmock.routing import Call
from sfmock.wire import Effect


def _answer(call: Call, options: Any) -> Effect | None:
    """The page, packed."""
    return Effect(reply=edge.CDN_UNAVAILABLE, gzip="packed")


KIND = FaultKind(
    name="cdn_503",
    group="service",
    happens=str(__doc__),
    answers=everywhere(edge.CDN_UNAVAILABLE),
    wire="gzipped, `Server: AkamaiNetStorage`",
    state="nothing is written",
    reaction="repeat",
    source="error-catalogue.md 9, fault 23",
    unverified="the page, of which one sentence is quoted",
    ahead=_answer,
)
