"""The names that tests import and annotate with; each is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_sfmock.handle import Sfmock
    from sfmock.errors import SalesforceError
    from sfmock.org.journal import Exchange
    from sfmock.org.org import Org
    from sfmock.org.planned import Fault
    from sfmock.org.record import Record
    from sfmock.transport.bridge import bridge
    from sfmock.transport.serving import serve
    from sfmock.transport.standing import SfmockServer
    from sfmock.transport.wiring import intercept

__all__ = [
    "Exchange",
    "Fault",
    "Org",
    "Record",
    "SalesforceError",
    "Sfmock",
    "SfmockServer",
    "bridge",
    "intercept",
    "serve",
]

_HOMES = {
    "Exchange": "sfmock.org.journal",
    "Fault": "sfmock.org.planned",
    "Org": "sfmock.org.org",
    "Record": "sfmock.org.record",
    "SalesforceError": "sfmock.errors",
    "Sfmock": "pytest_sfmock.handle",
    "SfmockServer": "sfmock.transport.standing",
    "bridge": "sfmock.transport.bridge",
    "intercept": "sfmock.transport.wiring",
    "serve": "sfmock.transport.serving",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
