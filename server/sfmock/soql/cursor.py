"""The cursor: the parser's place in the tokens, and the three forms of its complaints (soql.md 13.1)."""

from __future__ import annotations

from collections.abc import Callable, Collection

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.soql.errors import TOO_COMPLICATED, at_token, unknown_character
from sfmock.soql.lexer import USED, Token, tokenize

MAX_DEPTH = 100
"""Queries and conditions inside one another: every pass behind the parser goes down there by recursion."""
_AHEAD = 3
_PART = 2_000
"""How many tokens are cut at once: of a long text that goes wrong early the rest is never looked at."""


class Cursor:
    """Tokens and a position. `here` is the token that nobody has taken yet, `word` its text in capitals."""

    __slots__ = ("_depth", "_pop", "binds", "coming", "here", "text", "too_deep", "word")

    def __init__(self, text: str) -> None:
        self.text = text
        tokens = tokenize(text, most=_PART)
        tokens += tokens[-1:] * _AHEAD  # so that nobody looks behind the end
        tokens.reverse()
        self.coming = tokens
        """What comes, the next one last: it costs least to take from there."""
        self._pop = tokens.pop if tokens[0].kind == "end" else _in_parts(text, tokens)
        self._depth = 0
        self.here: Token = self._pop()
        self.word = self.here.word
        self.binds = False
        """A bind variable was met: an error, but only once the syntax has proved right."""
        self.too_deep = False
        """So were conditions nested beyond every use."""

    def peek(self, ahead: int = 1) -> Token:
        """A token further on, at most three; the end token again behind the end."""
        return self.coming[-ahead]

    def take(self) -> Token:
        """Take the token that is here; the cursor moves on. The end is never taken."""
        taken = self.here
        self.here = here = self._pop()
        self.word = here.word
        return taken

    def accept(self, word: str) -> bool:
        """Take this keyword or mark if it is here."""
        if self.word != word:
            return False
        self.here = here = self._pop()
        self.word = here.word
        return True

    def accept_any(self, words: Collection[str]) -> str | None:
        """Take one of these keywords if it is here; answers which one."""
        word = self.word
        if word not in words:
            return None
        self.take()
        return word

    def expect(self, word: str, follow: Collection[str] = ()) -> None:
        """Take this keyword or mark; see `absent` for what is raised otherwise."""
        if self.word != word:
            raise self.absent((word,), follow)
        self.here = here = self._pop()
        self.word = here.word

    def expect_any(self, words: Collection[str], follow: Collection[str] = ()) -> str:
        """Take one of these keywords."""
        word = self.accept_any(words)
        if word is None:
            raise self.absent(words, follow)
        return word

    def expect_name(self) -> Token:
        """Take a name or path that is no reserved word."""
        if self.here.kind != "path":
            raise self.unexpected()
        return self.take()

    def expect_plain_name(self, follow: Collection[str]) -> Token:
        """Take a name or path that is no word of the language at all."""
        if self.here.kind != "path" or self.word in USED:
            raise self.absent(("path",), follow)
        return self.take()

    def alias(self) -> str | None:
        """Take an alias if one is here."""
        return self.take().text if self.here.kind == "path" else None

    def absent(self, words: Collection[str], follow: Collection[str]) -> SalesforceError:
        """One of the words should be here: it is missing if what follows it is here already, else this is unexpected.

        Both hold words and kinds of tokens. A token too many, with the word behind it, is unexpected, too. So do
        ANTLR's parsers, of which Salesforce's is one.
        """
        if self.word not in follow and self.here.kind not in follow:
            return self.unexpected()
        if self.here.kind == "end":
            return self.unexpected() if self._depth else self.missing()
        behind = self.peek()
        return self.unexpected() if behind.word in words or behind.kind in words else self.missing()

    def unexpected(self) -> SalesforceError:
        """A token that does not fit."""
        return self._complain(f"unexpected token: '{self.here.shown}'")

    def missing(self) -> SalesforceError:
        """A token that would fit if one had stood before it."""
        return self._complain(f"missing value at '{self.here.shown}'")

    def no_alternative(self, start: int) -> SalesforceError:
        """No rule fits: the message quotes everything from the start of the attempt to this token."""
        end = self.here.at + (0 if self.here.kind == "end" else len(self.here.shown))
        return self._complain(f"unexpected token: '{self.text[start:end].rstrip()}'")

    def _complain(self, message: str) -> SalesforceError:
        if self.here.kind == "other":
            return unknown_character(self.text, self.here.at)
        if self.here.kind == "begun":
            return unknown_character(self.text, self.here.end)
        return at_token(self.text, self.here.at, errors.MALFORMED_QUERY(text=message))

    def enter(self) -> None:
        """One query inside another; far beyond every level that is allowed it is too complicated."""
        if self._depth >= MAX_DEPTH:
            raise TOO_COMPLICATED()
        self._depth += 1

    def leave(self) -> None:
        """Back in the outer query."""
        self._depth -= 1


def _in_parts(text: str, coming: list[Token]) -> Callable[[], Token]:
    """Takes the next token of a long text; the following part of it is cut in time for looking ahead."""
    del coming[:_AHEAD]

    def pop() -> Token:
        while len(coming) <= _AHEAD + 1 and coming[0].kind != "end":
            part = tokenize(text, coming[0].end, _PART)
            if part[-1].kind == "end":
                part += part[-1:] * _AHEAD
            part.reverse()
            coming[:0] = part
        return coming.pop()

    return pop
