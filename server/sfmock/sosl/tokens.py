"""How text is cut into tokens, for the index and for terms alike (sosl.md 3)."""

from __future__ import annotations

import re
from typing import Final

from sfmock.store.fold import fold

_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
"""A run of letters and digits, or one character of punctuation."""


def tokens(text: str) -> list[str]:
    """All tokens of a text, folded, in order."""
    return _TOKEN.findall(fold(text))


def is_word(token: str) -> bool:
    """Whether a token is more than punctuation, which counts in phrases alone."""
    return token[0].isalnum()
