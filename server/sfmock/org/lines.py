"""Exchanges for a reader: one line each, SOQL errors with their caret, and never a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import TYPE_CHECKING

from sfmock.org.masking import Mask

if TYPE_CHECKING:
    from sfmock.org.journal import Exchange

WIDTH = 160
"""Characters of a line: what a reader needs of a query fits, and takes two lines of a small terminal."""
_QUERIES = frozenset({"query", "queryAll"})
"""Operations of SOAP."""
_WITH_CARETS = frozenset({"query", "query_all", "search"})
_FAULT = re.compile(r"<sf:exceptionMessage>(.*?)</sf:exceptionMessage>", re.DOTALL)
_DATA = re.compile(r"/services/data/v[^/]+(?=/)")


def lines(exchanges: Iterable[Exchange], mask: Mask | None = None) -> Iterator[str]:
    """The line of each exchange, with what a SOQL error says below it."""
    exchanges = tuple(exchanges)
    mask = mask or Mask().learn(exchanges)
    for each in exchanges:
        yield line(each, mask)
        yield from caret(each, mask)


def line(exchange: Exchange, mask: Mask) -> str:
    """Status, method, path and query, error code, API cost, the fault that fired.

    What is too long loses its API's root first, then its middle.
    """
    notes = " · ".join(filter(None, (exchange.error_code, _cost(exchange), _fault(exchange))))
    member = "  " if exchange.parent is not None else ""
    head = f"{member}{exchange.status or '---'} {exchange.method:<6} "
    room = WIDTH - len(head) - len(notes) - 2
    where = target(exchange, mask)
    if len(where) > room:
        where = cut(_DATA.sub("…", where, count=1), room)
    return f"{head}{where}  {notes}".rstrip()


def target(exchange: Exchange, mask: Mask) -> str:
    """Path and query string, the latter decoded; of a SOAP call the operation, too."""
    parameters = "&".join(f"{name}={value}" for name, value in mask.query(exchange.query))
    whole = f"{mask.path(exchange.path)}?{parameters}" if parameters else mask.path(exchange.path)
    operation = f" {exchange.operation}" if exchange.operation else ""
    return one_line(f"{whole}{operation}")


def caret(exchange: Exchange, mask: Mask) -> Iterator[str]:
    """The lines of a SOQL or SOSL error's message: the query, the caret below the place, and what is wrong there."""
    for each in mask.text(_message(exchange)).splitlines():
        if each.strip():
            yield f"      {each}"


def _message(exchange: Exchange) -> str:
    """What a query's error says; empty for all else."""
    if exchange.operation in _QUERIES and exchange.status == 500:
        told = _FAULT.search(exchange.text)
        return unescape(told[1]) if told else ""
    if exchange.name not in _WITH_CARETS or exchange.status != 400:
        return ""
    try:
        body = exchange.json
    except ValueError:
        return ""
    first = body[0] if isinstance(body, list) and body else None
    message = first.get("message") if isinstance(first, dict) else None
    return str(message or "")


def one_line(text: str) -> str:
    """The text with its blanks and line breaks drawn together."""
    return " ".join(text.split())


def cut(text: str, most: int) -> str:
    """The text, at most so long: of a longer one its begin and its end."""
    if len(text) <= most:
        return text
    end = most // 3
    return f"{text[: most - end - 1]}…{text[len(text) - end :]}"


def _cost(exchange: Exchange) -> str:
    calls = exchange.api_calls
    return "" if not calls else f"{calls} API call{'s' if calls > 1 else ''}"


def _fault(exchange: Exchange) -> str:
    return f"fault {exchange.fault}" if exchange.fault else ""
