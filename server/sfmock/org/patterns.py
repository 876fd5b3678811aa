"""Patterns over requests: a shortcut name (`"query"`, `"create Account"`) or `"METHOD glob"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "*"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern. `*` alone matches every request."""

    text: str
    name: str | None = None
    sobject: str | None = None
    method: str = "*"
    glob: re.Pattern[str] | None = None

    def matches(self, method: str, target: str, name: str | None, sobject: str | None) -> bool:
        """Whether a request fits; `target` is path and query string without trailing slash."""
        if self.glob is not None:
            return self.method in ("*", method) and self.glob.fullmatch(target) is not None
        if self.name is None:
            return True
        return self.name == name and (
            self.sobject is None or (sobject is not None and self.sobject == sobject.lower())
        )


def parse(text: str, names: frozenset[str]) -> Pattern:
    """The pattern of a text; `names` are the shortcut names. Raises ValueError for an unknown name."""
    return _parse(text.strip(), names)


@lru_cache(maxsize=256)
def _parse(text: str, names: frozenset[str]) -> Pattern:
    first, _, rest = text.partition(" ")
    rest = rest.strip()
    if text == "*":
        return Pattern(text)
    if first in _METHODS and rest:
        glob = ".*".join(re.escape(part) for part in rest.split("*"))
        return Pattern(text, method=first, glob=re.compile(glob))
    if first in names:
        return Pattern(text, name=first, sobject=rest.lower() or None)
    raise ValueError(
        f"unknown request pattern {text!r}: use a shortcut ({', '.join(sorted(names))}),"
        " one with an sobject ('create Account'), or 'METHOD glob' ('GET /services/data/*')"
    )


def target_of(path: str, query: str) -> str:
    """What a glob is matched against."""
    path = path[:-1] if len(path) > 1 and path.endswith("/") else path
    return f"{path}?{query}" if query else path
