"""How text is cut into tokens, for the index and for terms alike (sosl.md 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from sfmock.store.fold import fold

_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
"""A run of letters and digits, or one character of punctuation."""

_MARKUP: Final = re.compile(r"<[^<>]*>")


def tokens(text: str) -> list[str]:
    """All tokens of a text, folded, in order."""
    return _TOKEN.findall(fold(text))


def places(text: str) -> Iterator[tuple[str, int, int]]:
    """The same, each with the offsets where it begins and ends: folding keeps lengths."""
    for each in _TOKEN.finditer(fold(text)):
        yield each[0], each.start(), each.end()


def plain(text: str) -> str:
    """Rich text without its markup, which nobody searches."""
    return unescape(_MARKUP.sub(" ", text))


def is_word(token: str) -> bool:
    """Whether a token is more than punctuation, which counts in phrases alone."""
    return token[0].isalnum()
