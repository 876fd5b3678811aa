"""The reply is as usual and warns that its version will be retired."""

from __future__ import annotations

from typing import Any

from sfmock.faultkind import FaultKind, door_of
from sfmock.routing import Call
from sfmock.wire import Effect

_TEXT = (
    "299 - \"This API is deprecated and will be removed by Summer '22. Please see"
    ' https://help.salesforce.com/articleView?id=000351312 for details."'
)


def _has_version(call: Call, options: Any) -> bool:
    """Only a REST path with a version in it."""
    return door_of(call) == "rest" and "version" in call.params


def _warn(call: Call, options: Any) -> Effect | None:
    """Add the field."""
    return Effect(headers=(("Warning", _TEXT),))


KIND = FaultKind(
    name="deprecated_version",
    group="service",
    happens=str(__doc__),
    wire='`Warning: 299 - "This API is deprecated and will be removed by ..."`',
    state="carried out",
    reaction="put the warning into the log, raise the version",
    source="rest.md 1.4; error-catalogue.md 6",
    suffers=_has_version,
    behind=_warn,
)
