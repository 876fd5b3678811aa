"""Which requests a planned fault is meant for: by pattern, user, sobject, path, body, and by the org's clock."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sfmock import ids
from sfmock.org.patterns import Pattern, parse, target_of
from sfmock.org.users import User

Body: TypeAlias = "str | re.Pattern[str] | Mapping[str, Any]"
"""A text that a request's body holds, an expression that is found in it, or keys and values of its JSON object."""


@dataclass(frozen=True, slots=True)
class Target:
    """What of a request the filters look at; what has to be worked out first is asked for only where it counts."""

    method: str
    path: str
    query: str = field(repr=False)
    name: str | None
    sobject: str | None
    body: bytes = field(default=b"", repr=False)
    users: Callable[[], Collection[str]] = field(default=frozenset, repr=False)
    """The caller's id, and usernames in lower case."""
    sobjects: Callable[[], Collection[str]] = field(default=frozenset, repr=False)
    """The sobject of the path or of the query, in lower case."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a fault may fire, in seconds of the org's clock after it was planned; `every`: again and again."""

    start: float = 0.0
    lasts: float | None = None
    every: float | None = None

    def __post_init__(self) -> None:
        """Check the three; raises ValueError."""
        if self.start < 0 or (self.lasts is not None and self.lasts <= 0):
            raise ValueError("start= is 0 or more seconds, lasts= is more than 0")
        if self.every is not None and (self.lasts is None or self.every < self.lasts):
            raise ValueError("every= is at least lasts=, which it needs")

    def __str__(self) -> str:
        """A sentence for who waits in vain; empty for a window that is always open."""
        if self == Window():
            return ""
        parts = (f"start={self.start:g}", f"lasts={self.lasts}", f"every={self.every}")
        return f" Did the org's clock come to {', '.join(parts)}?"

    def is_open(self, seconds: float) -> bool:
        """Whether a fault that was planned so many seconds ago may fire now."""
        since = seconds - self.start
        if since < 0 or self.lasts is None:
            return since >= 0
        return (since if self.every is None else since % self.every) < self.lasts


@dataclass(frozen=True, slots=True)
class Filter:
    """The requests that a plan is about; a part that is None lets every request pass."""

    on: str = "*"
    when: Callable[[Any], bool] | None = None
    user: str | None = None
    sobject: str | None = None
    path: str | None = None
    body: Body | None = None
    window: Window = Window()

    def check(self, names: frozenset[str]) -> None:
        """Raise ValueError for a pattern that means nothing."""
        parse(self.on, names)

    def takes(self, target: Target, names: frozenset[str]) -> bool:
        """Whether a request is meant, `when` aside; what costs least is asked first."""
        if not self._fits(parse(self.on, names), target):
            return False
        if self.path is not None and not self._fits(parse(f"* {self.path}", names), target):
            return False
        if self.user is not None and self.user not in target.users():
            return False
        if self.sobject is not None and self.sobject not in target.sobjects():
            return False
        return self.body is None or _holds(target.body, self.body)

    def _fits(self, pattern: Pattern, target: Target) -> bool:
        where = target_of(target.path, target.query)
        return pattern.matches(target.method, where, target.name, target.sobject)


def read_filter(
    *,
    on: str,
    when: Callable[[Any], bool] | None,
    user: str | User | None,
    sobject: str | None,
    path: str | None,
    body: Body | None,
    start: float,
    lasts: float | None,
    every: float | None,
) -> Filter:
    """The filter of what a plan was given."""
    return Filter(
        on=on,
        when=when,
        user=None if user is None else _user(user),
        sobject=None if sobject is None else sobject.lower(),
        path=path,
        body=body,
        window=Window(start, lasts, every),
    )


def _user(user: str | User) -> str:
    """A user's id, or a username in lower case."""
    if isinstance(user, User):
        return user.id
    return (ids.canonical(user) if user.startswith("005") else None) or user.lower()


def _holds(body: bytes, wanted: Body) -> bool:
    text = body.decode("utf-8", "replace")
    if isinstance(wanted, str):
        return wanted in text
    if isinstance(wanted, re.Pattern):
        return wanted.search(text) is not None
    try:
        sent = json.loads(text)
    except ValueError:
        return False
    return isinstance(sent, dict) and all(
        name in sent and sent[name] == value for name, value in wanted.items()
    )
