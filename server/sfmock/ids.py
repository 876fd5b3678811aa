"""Record ids: 15 characters, three more that carry their case, and the counter behind them (metadata.md 1.1)."""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
EMPTY_ID = "000000000000000AAA"
MASTER_RECORD_TYPE = "012000000000000AAA"

_UPPER_BITS = "".join("1" if chr(point).isupper() else "0" for point in range(128))
"""By code point, as `str.translate` takes it: 1 for an upper-case letter."""

_BY_BITS = {f"{place:05b}"[::-1]: char for place, char in enumerate(CHECK)}


def suffix(id15: str) -> str:
    """The three characters that make a 15-character id safe where case is lost."""
    bits = id15.translate(_UPPER_BITS)
    return _BY_BITS[bits[:5]] + _BY_BITS[bits[5:10]] + _BY_BITS[bits[10:]]


def canonical(text: object) -> str | None:
    """The 18-character form of a well-formed id, or None.

    An 18-character id may come in any case: its suffix restores the case of the first 15.
    """
    if not isinstance(text, str) or not (text.isascii() and text.isalnum()):
        return None
    if len(text) == 15:
        return text + suffix(text)
    if len(text) != 18:
        return None
    if suffix(text[:15]) == text[15:]:  # the usual case, as every reply wrote it
        return text
    return _restore(text)


def make(prefix: str, pod: str, number: int) -> str:
    """The 18-character id of the n-th row under a key prefix; `pod` is the org's three characters."""
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    id15 = f"{prefix}{pod}{digits:0>9}"
    return id15 + suffix(id15)


def _restore(text: str) -> str | None:
    """Rebuild the case of the first 15 characters from the suffix, or None where the two disagree."""
    restored = []
    for group in range(3):
        check = text[15 + group].upper()
        bits = CHECK.find(check)
        if bits < 0:
            return None
        for bit, char in enumerate(text[group * 5 : group * 5 + 5]):
            if bits >> bit & 1:
                if not char.isalpha():
                    return None
                restored.append(char.upper())
            else:
                restored.append(char.lower())
    id15 = "".join(restored)
    return id15 + suffix(id15)
