"""Case folding as Salesforce compares and sorts text: upper case, one character for one (soql.md 8)."""

from __future__ import annotations


class _Table(dict[int, int]):
    """Upper-case forms by code point, filled when a character is first met."""

    def __missing__(self, point: int) -> int:
        upper = chr(point).upper()
        self[point] = result = (
            ord(upper) if len(upper) == 1 else point
        )  # ß, ﬁ, ŉ stay: their form is longer
        return result


_TABLE = _Table()


def fold(text: str) -> str:
    """The text as it is compared, sorted and looked up; `É` stays different from `E`."""
    return text.upper() if text.isascii() else text.translate(_TABLE)
