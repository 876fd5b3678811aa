"""The journal for a reader: one line an exchange, SOQL errors with their caret, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sfmock.org.journal import Exchange

_TARGET = 100
"""Characters of path and query that are shown."""
_SECRET = re.compile(
    r"(?i)((?:^|[?&])(?:token|[a-z_]*_token|oauth_token|sid|client_secret|password|pw|code|code_verifier|"
    r"assertion|client_assertion)=)[^&]*"
)
_SESSION_ID = re.compile(
    r"\b(?:00D[0-9A-Za-z]{12}(?:!|%21)[0-9A-Za-z._%]+|eyJ[\w-]+\.[\w-]+\.[\w-]+)"
)


def lines(exchanges: Iterable[Exchange]) -> Iterator[str]:
    """One line for each exchange: status, method, path and query, error code, API cost, the fault that fired."""
    for each in exchanges:
        notes = [note for note in (each.error_code, _cost(each), _fault(each)) if note]
        yield f"{each.status or '---'} {each.method:<6} {_target(each)}  {' · '.join(notes)}".rstrip()
        yield from (f"      {line}" for line in _caret(each))


def _target(exchange: Exchange) -> str:
    query = _SECRET.sub(r"\1…", f"?{exchange.query}") if exchange.query else ""
    text = _SESSION_ID.sub("…", f"{exchange.path}{query}")
    return text if len(text) <= _TARGET else f"{text[: _TARGET - 1]}…"


def _cost(exchange: Exchange) -> str:
    calls = exchange.api_calls
    return "" if not calls else f"{calls} API call{'s' if calls > 1 else ''}"


def _fault(exchange: Exchange) -> str:
    return f"fault {exchange.fault}" if exchange.fault else ""


def _caret(exchange: Exchange) -> list[str]:
    """The lines of a SOQL error's message: the query, the caret below the place, and what is wrong there."""
    if exchange.soql is None or exchange.error_code is None:
        return []
    try:
        body = exchange.json
    except ValueError:
        return []
    first = body[0] if isinstance(body, list) and body else None
    message = first.get("message") if isinstance(first, dict) else None
    return [line for line in str(message or "").splitlines() if line.strip()]
