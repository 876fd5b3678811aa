"""The journal: what was asked, what was answered, and what the test must hear of.

It lives beside the database, not in it: a restore of the data must keep it, and each exchange holds live objects (the
exception of a crash) that no row could hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import overload

from sfmock.org.patterns import parse, target_of
from sfmock.wire import JSON, Headers

BODY_KEPT = 64 * 1024
"""Bytes of a body that are kept; of a longer one the head and a digest."""
KEPT = 10_000
"""Exchanges that are kept; of more, the oldest go."""


@dataclass(frozen=True)
class Exchange:
    """One request and its reply."""

    method: str
    path: str
    url: str
    headers: Headers
    body: bytes
    status: int
    reply_headers: Headers
    reply: bytes
    started: datetime
    elapsed: float
    name: str | None = None
    """The shortcut name of the route, e.g. `query`."""
    sobject: str | None = None
    user: str | None = None
    """The id of the calling user."""
    error_code: str | None = None
    soql: str | None = None
    fault: str | None = None
    """The kind of the fault that fired."""
    api_calls: int = 0
    refused: str | None = None
    """The feature that the fake lacks, where it answered 501."""
    crash: BaseException | None = field(default=None, compare=False)
    parent: Exchange | None = None

    @property
    def query(self) -> str:
        """The query string as sent."""
        return self.url.partition("?")[2]

    @cached_property
    def text(self) -> str:
        """The reply's body as text."""
        return self.reply.decode("utf-8", "replace")

    @cached_property
    def json(self) -> JSON:
        """The reply's body, parsed; raises ValueError where it is no JSON."""
        value: JSON = json.loads(self.reply)
        return value

    def matches(self, pattern: str, names: frozenset[str]) -> bool:
        """Whether the request fits a pattern (see `sfmock.org.patterns`)."""
        target = target_of(self.path, self.query)
        return parse(pattern, names).matches(self.method, target, self.name, self.sobject)

    def __repr__(self) -> str:
        code = f" {self.error_code}" if self.error_code else ""
        return f"<Exchange {self.method} {self.path} {self.status}{code}>"


class Journal(Sequence[Exchange]):
    """The exchanges of one org, oldest first. The last `KEPT` are kept."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self.names: frozenset[str] = frozenset()
        """The shortcut names that patterns may use; the app sets them."""
        self.problems: list[Exchange] = []
        """Refused and crashed exchanges: they fail the test even where `clear()` was called."""

    @overload
    def __getitem__(self, index: int) -> Exchange: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Exchange]: ...
    def __getitem__(self, index: int | slice) -> Exchange | Sequence[Exchange]:
        """One exchange or several."""
        return self._exchanges[index]

    def __len__(self) -> int:
        return len(self._exchanges)

    def __iter__(self) -> Iterator[Exchange]:
        return iter(tuple(self._exchanges))

    def __repr__(self) -> str:
        return f"<Journal {len(self)} exchanges, {self.api_calls} API calls>"

    def add(self, exchange: Exchange) -> None:
        """Write an exchange down."""
        self._exchanges.append(exchange)
        if exchange.refused is not None or exchange.crash is not None:
            self.problems.append(exchange)
        if len(self._exchanges) > KEPT:
            del self._exchanges[: KEPT // 10]

    def matching(self, pattern: str) -> list[Exchange]:
        """The exchanges whose request fits a pattern; raises ValueError for an unknown shortcut."""
        parse(pattern, self.names)
        return [each for each in self._exchanges if each.matches(pattern, self.names)]

    def count(self, value: object) -> int:
        """How many exchanges fit a pattern."""
        return len(self.matching(str(value)))

    @property
    def last(self) -> Exchange | None:
        """The latest exchange."""
        return self._exchanges[-1] if self._exchanges else None

    @property
    def errors(self) -> list[Exchange]:
        """The exchanges that ended with status 400 or more."""
        return [each for each in self._exchanges if each.status >= 400]

    @property
    def api_calls(self) -> int:
        """How many calls against the daily cap they made."""
        return sum(each.api_calls for each in self._exchanges)

    def clear(self) -> None:
        """Forget the exchanges; problems are kept, for they still fail the test."""
        self._exchanges.clear()

    def state(self) -> tuple[list[Exchange], list[Exchange]]:
        """What `put_back` takes to come back here."""
        return self._exchanges[:], self.problems[:]

    def put_back(self, state: tuple[list[Exchange], list[Exchange]]) -> None:
        """Be as `state()` saw it."""
        self._exchanges[:], self.problems[:] = state

    def rewind(self) -> None:
        """Forget everything, problems too: a new test begins."""
        self._exchanges.clear()
        self.problems.clear()


def kept(body: bytes) -> bytes:
    """A body as the journal keeps it: whole up to 64 KiB, else its head and a digest."""
    if len(body) <= BODY_KEPT:
        return body
    note = f"… {len(body)} bytes, sha256 {sha256(body).hexdigest()}"
    return body[:BODY_KEPT] + note.encode()
