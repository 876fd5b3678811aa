"""Many texts looked for in another one at once: in a long run, every reply has set a cookie of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_FEW: Final = 64
"""So many alternatives of an expression are tried one by one sooner than a text is cut at each of its letters."""
_START: Final = 6
"""Letters by which a text is looked up."""


class Texts:
    """Texts that are told in any case; of several that begin at one place the longest counts."""

    def __init__(self) -> None:
        self._all: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self._lower: set[str] = set()
        self._lengths: dict[str, list[int]] = {}
        """By their first letters how long they are, the longest first."""
        self._starts: set[int] = set()

    def __len__(self) -> int:
        return len(self._all)

    def __contains__(self, text: str) -> bool:
        return text in self._all

    def add(self, texts: Iterable[str]) -> None:
        """Look for these, too."""
        for each in texts:
            if each not in self._all:
                self._all.add(each)
                self._index(_lower(each))
        self._pattern = None

    def replaced(self, text: str, by: str) -> str:
        """A text with `by` in the place of each one that is found."""
        if not self._all:
            return text
        if len(self._all) > _FEW:
            return self._looked_up(text, by)
        if self._pattern is None:
            longest_first = sorted(self._all, key=len, reverse=True)
            self._pattern = re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)
        return self._pattern.sub(lambda _: by, text)

    def _index(self, text: str) -> None:
        start = text[:_START]
        self._lower.add(text)
        self._starts.add(len(start))
        lengths = self._lengths.setdefault(start, [])
        if len(text) not in lengths:
            lengths.append(len(text))
            lengths.sort(reverse=True)

    def _looked_up(self, text: str, by: str) -> str:
        lower, pieces = _lower(text), list[str]()
        done = at = 0
        while at < len(lower):
            length = self._length_at(lower, at)
            if length:
                pieces += (text[done:at], by)
                done = at = at + length
            else:
                at += 1
        return "".join([*pieces, text[done:]])

    def _length_at(self, lower: str, at: int) -> int:
        """The length of the longest one that begins here, or 0."""
        longest = 0
        for start in self._starts:
            for length in self._lengths.get(lower[at : at + start], ()):
                if length > longest and lower[at : at + length] in self._lower:
                    longest = length
        return longest


def _lower(text: str) -> str:
    """In small letters, each at its place: of a letter that would become two, nothing changes."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(each.lower() if len(each.lower()) == 1 else each for each in text)
