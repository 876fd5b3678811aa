"""The search term: words, phrases, wildcards and operators (sosl.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sfmock import errors
from sfmock.sosl.errors import SHORT_TERM
from sfmock.sosl.nodes import Both, Either, Phrase, Term, Without, Word, inside, is_join
from sfmock.sosl.tokens import is_word, tokens
from sfmock.store.fold import fold

_WITHOUT_OPERATORS: Final = 4_000
_NOTHING: Final = 10_000
_RESERVED: Final = frozenset("!{}[]^~:'")
_RESERVED_INSIDE: Final = _RESERVED | frozenset("()*?")
"""The same within quotation marks."""
_OPERATORS: Final = frozenset({"AND", "OR", "NOT"})
_MOST_NESTED: Final = 100


@dataclass(frozen=True, slots=True)
class _Piece:
    kind: Literal["word", "phrase", "(", ")"]
    text: str
    wild: bool = False
    escaped: bool = False


def parse_term(text: str) -> Term | None:
    """The term between the braces; None for one of more than 10,000 characters, which finds nothing.

    Raises INVALID_SEARCH for less than two characters, and refuses what nobody has recorded an answer for.
    """
    if len(text) > _NOTHING:
        return None
    pieces = _pieces(text)
    bare = "".join(each.text for each in pieces if each.kind in ("word", "phrase"))
    bare = bare.replace("*", "").replace("?", "").strip()
    if len(bare) < 2:
        raise SHORT_TERM(term=bare)
    if len(text) > _WITHOUT_OPERATORS:  # all operators are dropped: any word will do
        words = [each for each in pieces if not _is_operator(each)]
        leaves = [leaf for each in words if (leaf := _leaf(each)) is not None]
        return _any_of(list(dict.fromkeys(leaves)))
    reader = _Reader(pieces)
    found = reader.either()
    if reader.here is not None:
        raise errors.refuse("SOSL parentheses that do not match")
    return found


def any_word(term: Term) -> Term:
    """The term where any of the words that stand side by side will do; refused where operators stand among them, too."""
    parts = inside(term)
    joins = {isinstance(each, Both) and not each.written for each in parts if is_join(each)}
    if True not in joins:
        return term
    if False in joins:
        raise errors.refuse("SOSL with words and operators on documents and solutions")
    return _any_of([each for each in reversed(parts) if not is_join(each)]) or term


def _any_of(leaves: list[Term]) -> Term | None:
    while len(leaves) > 1:
        pairs: list[Term] = [
            Either(leaves[at], leaves[at + 1]) for at in range(0, len(leaves) - 1, 2)
        ]
        leaves = pairs + leaves[len(pairs) * 2 :]
    return leaves[0] if leaves else None


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    word, wild, escaped, quoted = "", False, False, False

    def flush() -> None:
        nonlocal word, wild, escaped
        if word:
            pieces.append(_Piece("word", word, wild, escaped))
        word, wild, escaped = "", False, False

    place = 0
    while place < len(text):
        char = text[place]
        place += 1
        if char == "\\" and place < len(text):
            word, escaped = word + text[place], True
            place += 1
        elif char == '"':
            if quoted:
                pieces.append(_Piece("phrase", word))
                word, wild, escaped = "", False, False
            else:
                flush()
            quoted = not quoted
        elif quoted:
            if char in _RESERVED_INSIDE:
                raise errors.refuse(f"SOSL with an unescaped {char} in quotation marks")
            word += char
        elif char.isspace():
            flush()
        elif char in "()":
            flush()
            pieces.append(_Piece("(" if char == "(" else ")", char))
        elif char in _RESERVED:
            raise errors.refuse(f"SOSL with an unescaped {char}")
        else:
            word, wild = word + char, wild or char in "*?"
    if quoted:
        raise errors.refuse("SOSL with a quotation mark that nothing closes")
    flush()
    return pieces


def _is_operator(piece: _Piece) -> bool:
    return piece.kind == "word" and not piece.escaped and piece.text.upper() in _OPERATORS


def _leaf(piece: _Piece) -> Term | None:
    """What a word or a phrase looks for; None for punctuation alone."""
    if piece.kind in ("(", ")"):
        return None
    if piece.wild:
        pattern = fold(piece.text).lstrip("*?")  # a leading wildcard is ignored (unverified)
        if pattern and all(each in "*?" or is_word(each) for each in pattern):
            return Word(pattern, wild=True)
        raise errors.refuse(f"SOSL wildcards beside punctuation: {piece.text}")
    found = tokens(piece.text)
    words = [each for each in found if is_word(each)]
    if not words:
        return None
    return Word(words[0]) if len(found) == 1 else Phrase(tuple(found))


class _Reader:
    """Terms by the order of evaluation: parentheses, AND and AND NOT from the right, OR."""

    def __init__(self, pieces: list[_Piece]) -> None:
        self._pieces = pieces
        self._place = 0
        self._depth = 0

    @property
    def here(self) -> _Piece | None:
        return self._pieces[self._place] if self._place < len(self._pieces) else None

    def either(self) -> Term:
        found = self._both()
        while self._accept("OR"):
            found = Either(found, self._both())
        return found

    def _both(self) -> Term:
        """Terms joined by AND, AND NOT or nothing, from the right; without recursion over their number."""
        parts: list[tuple[Term, str]] = [(self._one(), "")]
        while self.here is not None and self.here.kind != ")" and not self._is("OR"):
            word = "AND" if self._accept("AND") else ""
            if word and self._accept("NOT"):
                word = "NOT"
            parts.append((self._one(), word))
        found, word = parts.pop()
        while parts:
            left, before = parts.pop()
            found = Without(left, found) if word == "NOT" else Both(left, found, written=word != "")
            word = before
        return found

    def _one(self) -> Term:
        piece = self.here
        if piece is None or piece.kind == ")":
            raise errors.refuse("SOSL operators without a term")
        if self._is("NOT"):
            raise errors.refuse("SOSL NOT without an AND before it")
        self._place += 1
        if piece.kind == "(":
            self._depth += 1
            if self._depth > _MOST_NESTED:
                raise errors.refuse(f"SOSL of more than {_MOST_NESTED} parentheses")
            found = self.either()
            if self.here is None or self.here.kind != ")":
                raise errors.refuse("SOSL parentheses that do not match")
            self._place += 1
            self._depth -= 1
            return found
        leaf = _leaf(piece)
        if leaf is None:
            raise errors.refuse(f"SOSL of punctuation alone: {piece.text}")
        return leaf

    def _is(self, word: str) -> bool:
        piece = self.here
        plain = piece is not None and piece.kind == "word" and not piece.escaped
        return plain and piece is not None and piece.text.upper() == word

    def _accept(self, word: str) -> bool:
        found = self._is(word)
        self._place += found
        return found
