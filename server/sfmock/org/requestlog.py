"""The log `sfmock.requests`: one line a request, and never a secret.

DEBUG: every request. INFO: what a planned fault met, what the fake refused, and a crash of it. Nothing is above that, for
pytest shows warnings below a failed test, where all of it stands already.
"""

from __future__ import annotations

import logging

from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import known_secrets
from sfmock.org.lines import line
from sfmock.org.masking import Mask
from sfmock.org.org import Org

_log = logging.getLogger("sfmock.requests")


def write(org: Org, exchange: Exchange) -> None:
    """Log an exchange; its line is made only where somebody reads it."""
    level = _level(exchange)
    if not _log.isEnabledFor(level):
        return
    mask = org.journal.mask().know(known_secrets(org).secrets).learn([exchange])
    _log.log(level, "%s", text(exchange, mask))


def text(exchange: Exchange, mask: Mask) -> str:
    """The line of an exchange, with what the fake lacks or failed with."""
    shown = line(exchange, mask)
    if exchange.crash is not None:
        error = exchange.crash
        shown += f" · the fake crashed: {type(error).__name__}: {mask.text(str(error))}"
    elif exchange.refused is not None:
        shown += f" · refused: {mask.text(exchange.refused)}"
    return shown


def _level(exchange: Exchange) -> int:
    odd = (exchange.fault, exchange.refused, exchange.crash)
    return logging.DEBUG if odd == (None, None, None) else logging.INFO
