"""`server_unavailable`: 503, the service is too busy; nothing is carried out.

Wire: REST 503 `SERVER_UNAVAILABLE` `Server too busy`, SOAP fault of the same code, OAuth and identity an HTML page. No
`Retry-After`: none was ever recorded. Right reaction: back off with jitter, repeat. Source: error-catalogue.md 9, fault 26.
"""

from __future__ import annotations

from dataclasses import dataclass

from sfmock import errors
from sfmock.routing import Call
from sfmock.wire import Effect

NAME = "server_unavailable"


@dataclass(frozen=True, slots=True)
class Options:
    """No options."""


def applies(call: Call) -> bool:
    """Any request can meet it."""
    return True


def before(call: Call, options: Options) -> Effect | None:
    """Answer 503 instead of the resource."""
    return Effect(error=errors.SERVER_UNAVAILABLE())


def after(call: Call, options: Options) -> Effect | None:
    """Nothing more."""
    return None
