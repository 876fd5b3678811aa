"""Refreshes that are under way: of two at once with one token, the later one is turned away (oauth.md 3.10).

It lives beside the database, for a request is under way before it has a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

_GRANTS = frozenset({"refresh_token", "hybrid_refresh"})


class Underway:
    """The refresh tokens that requests of this moment refresh with."""

    def __init__(self) -> None:
        self._tokens: set[str] = set()
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"<Underway {len(self._tokens)}>"

    def __len__(self) -> int:
        return len(self._tokens)

    def begin(self, token: str) -> bool:
        """A request begins; answers whether it is the only one with this token."""
        with self._lock:
            if token in self._tokens:
                return False
            self._tokens.add(token)
            return True

    def end(self, token: str) -> None:
        """The request that was the only one has got its reply."""
        with self._lock:
            self._tokens.discard(token)


def refreshed_with(form: Mapping[str, str]) -> str | None:
    """The refresh token of a token request that refreshes, or None."""
    return form.get("refresh_token") if form.get("grant_type") in _GRANTS else None
