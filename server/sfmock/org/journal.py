"""The journal: what was asked, what was answered, and what the test must hear of.

It lives beside the database, not in it: a restore of the data must keep it, and each exchange holds live objects (the
exception of a crash) that no row could hold.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, overload

from sfmock.org.masking import Mask
from sfmock.org.patterns import parse, target_of
from sfmock.org.secret_places import MASK
from sfmock.wire import JSON, Headers

if TYPE_CHECKING:
    from sfmock.org.expecting import Expected

BODY_KEPT = 64 * 1024
"""Bytes of a body that are kept; of a longer one the head and a digest."""
KEPT = 10_000
"""Exchanges that are kept; of more, the oldest go."""
BYTES_KEPT = 128 * 1024 * 1024
"""Bytes of bodies that are kept in all; beyond it, the oldest exchanges go."""
PROBLEMS_KEPT = 1_000
_PLAIN = re.compile(r"[\w.-]{0,32}", re.ASCII)
"""A segment of a path that a repr shows: one that is longer, or encoded, may be anything."""


@dataclass(frozen=True)
class Exchange:
    """One request and its reply."""

    method: str
    path: str
    url: str
    headers: Headers
    body: bytes
    status: int
    """0 where a fault kept the reply from the client."""
    reply_headers: Headers
    reply: bytes
    started: datetime
    elapsed: float
    name: str | None = None
    """The shortcut name of the route, e.g. `query`."""
    sobject: str | None = None
    operation: str | None = None
    """The name of the SOAP operation, e.g. `create`."""
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
    """The request that this one was a member of."""

    @property
    def shortcut(self) -> str:
        """The pattern that means requests like this one: `create Account`, or method and path where no route has a name."""
        if self.name is None:
            return f"{self.method} {self.path}"
        subject = self.sobject or self.operation
        return f"{self.name} {subject}" if subject else self.name

    @property
    def failed(self) -> bool:
        """Whether it ended with status 400 or more, or without a reply."""
        return self.status == 0 or self.status >= 400

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
        """The reply's body, parsed; raises ValueError where it is no JSON, or was too long to be kept."""
        value: JSON = json.loads(self.reply)
        return value

    def matches(self, pattern: str, names: frozenset[str]) -> bool:
        """Whether the request fits a pattern (see `sfmock.org.patterns`)."""
        target = target_of(self.path, self.query)
        return parse(pattern, names).matches(
            self.method, target, self.name, self.sobject or self.operation
        )

    def __repr__(self) -> str:
        code = f" {self.error_code}" if self.error_code else ""
        path = Mask().learn([self]).path(self.path)
        shown = "/".join(each if _PLAIN.fullmatch(each) else MASK for each in path.split("/"))
        return f"<Exchange {self.method} {shown} {self.status}{code}>"


class State(NamedTuple):
    """What a journal holds at a moment."""

    exchanges: list[Exchange]
    problems: list[Exchange]
    dropped: int
    api_calls: int


class Journal(Sequence[Exchange]):
    """The exchanges of one org, oldest first. Of many the last ones are kept; what is asked of all of them then fails."""

    def __init__(self) -> None:
        self._exchanges: list[Exchange] = []
        self._bytes = 0
        self._adding = threading.Lock()
        self._mask: Mask | None = None
        self.dropped = 0
        """How many exchanges are no longer kept."""
        self.api_calls = 0
        """How many calls against the daily cap were made, those that are no longer kept too."""
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
        dropped = f", {self.dropped} more no longer kept" if self.dropped else ""
        return f"<Journal {len(self)} exchanges{dropped}, {self.api_calls} API calls>"

    def add(self, exchange: Exchange) -> None:
        """Write an exchange down."""
        failed = exchange.refused is not None or exchange.crash is not None
        with self._adding:  # servers have several threads
            self._exchanges.append(exchange)
            self._bytes += len(exchange.body) + len(exchange.reply)
            self.api_calls += exchange.api_calls
            if failed and len(self.problems) < PROBLEMS_KEPT:
                self.problems.append(exchange)
            if len(self._exchanges) > KEPT or self._bytes > BYTES_KEPT:
                self._drop(max(1, len(self._exchanges) // 10))

    def matching(self, pattern: str) -> list[Exchange]:
        """The exchanges whose request fits a pattern; raises ValueError for an unknown shortcut."""
        parse(pattern, self.names)
        return [each for each in self._all() if each.matches(pattern, self.names)]

    def count(self, value: object) -> int:
        """How many exchanges fit a pattern."""
        return len(self.matching(str(value)))

    def expect(
        self, expected: Sequence[Expected] | Mapping[str, int], *, others: bool = False
    ) -> list[Exchange]:
        """Assert that these requests came, and answer them.

        A list of patterns means their order, and `("query", 503)` a status as well; `{"token": 1, "query": 3}` how often
        each came. No other request may have come, unless `others`. Raises AssertionError with both sides.
        """
        __tracebackhide__ = True
        from sfmock.org import expecting  # what few tests ask for

        if isinstance(expected, Mapping):
            return expecting.by_count(expected, self._all(), self.names, others=others)
        if isinstance(expected, str):
            raise TypeError(f"expect() takes a list of patterns, or their counts: [{expected!r}]")
        return expecting.in_order(expected, self._all(), self.names, others=others)

    @property
    def last(self) -> Exchange | None:
        """The latest exchange."""
        return self._exchanges[-1] if self._exchanges else None

    @property
    def errors(self) -> list[Exchange]:
        """The exchanges that ended with status 400 or more, or without a reply."""
        return [each for each in self._all() if each.failed]

    def mask(self) -> Mask:
        """What takes the secrets of these exchanges out of texts; it has to learn those that come later."""
        if self._mask is None:
            self._mask = Mask().learn(self)
        return self._mask

    def clear(self) -> None:
        """Forget the exchanges; problems are kept, for they still fail the test."""
        self._be(State([], self.problems, 0, 0))

    def state(self) -> State:
        """What `put_back` takes to come back here."""
        return State(self._exchanges[:], self.problems[:], self.dropped, self.api_calls)

    def put_back(self, state: State) -> None:
        """Be as `state()` saw it."""
        self._be(state)

    def rewind(self) -> None:
        """Forget everything, problems too: a new test begins."""
        self._be(State([], [], 0, 0))

    def _be(self, state: State) -> None:
        self._exchanges[:], self.problems[:] = state.exchanges, state.problems
        self.dropped, self.api_calls = state.dropped, state.api_calls
        self._bytes = sum(len(each.body) + len(each.reply) for each in self._exchanges)
        self._mask = None

    def _all(self) -> list[Exchange]:
        """The exchanges; raises LookupError where some are missing, for the answer would be wrong."""
        if self.dropped:
            raise LookupError(
                f"the journal keeps the last {len(self)} of {len(self) + self.dropped} requests:"
                " ask sooner, or clear() it in between"
            )
        return self._exchanges

    def _drop(self, count: int) -> None:
        self._bytes -= sum(len(each.body) + len(each.reply) for each in self._exchanges[:count])
        del self._exchanges[:count]
        self.dropped += count


def kept(body: bytes) -> bytes:
    """A body as the journal keeps it: whole up to 64 KiB, else its head and a digest."""
    if len(body) <= BODY_KEPT:
        return body
    note = f"… {len(body)} bytes, sha256 {sha256(body).hexdigest()}"
    return body[:BODY_KEPT] + note.encode()
