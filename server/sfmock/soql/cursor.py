"""The cursor: the parser's place in the tokens, and the three forms of its complaints (soql.md 13.1)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.soql.errors import TOO_COMPLICATED, at_token, unknown_character
from sfmock.soql.lexer import RESERVED, Token, tokenize

MAX_DEPTH = 100
"""Queries and conditions inside one another: every pass behind the parser goes down there by recursion."""
_CLAUSE_WORDS = RESERVED | {"ORDER", "GROUP", "OFFSET"}


class Cursor:
    """Tokens and a position. `here` is the token that nobody has taken yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokenize(text)
        self._index = 0
        self._depth = 0
        self.here: Token = self._tokens[0]
        self.word = self.here.word
        self.binds = False
        """A bind variable was met: an error, but only once the syntax has proved right."""
        self.too_deep = False
        """So were conditions nested beyond every use."""

    def peek(self, ahead: int = 1) -> Token:
        """A token further on; the end token again behind the end."""
        return self._tokens[min(self._index + ahead, len(self._tokens) - 1)]

    def take(self) -> Token:
        """Take the token that is here; the cursor moves on."""
        taken = self.here
        self._index = min(self._index + 1, len(self._tokens) - 1)
        self.here = self._tokens[self._index]
        self.word = self.here.word
        return taken

    def accept(self, *words: str) -> str | None:
        """Take one of these keywords if it is here; answers which one."""
        word = self.word
        if word and word in words:
            self.take()
            return word
        return None

    def at_mark(self, mark: str) -> bool:
        """Whether this punctuation mark is here."""
        return self.here.kind == "mark" and self.here.text == mark

    def accept_mark(self, mark: str) -> bool:
        """Take this punctuation mark if it is here."""
        if self.at_mark(mark):
            self.take()
            return True
        return False

    def expect(self, *words: str) -> str:
        """Take one of these keywords; anything else is unexpected."""
        word = self.accept(*words)
        if word is None:
            raise self.unexpected()
        return word

    def expect_name(self) -> Token:
        """Take a name or path that is no reserved word."""
        if not self.here.name:
            raise self.unexpected()
        return self.take()

    def alias(self) -> str | None:
        """Take an alias if one is here."""
        return self.take().text if self.here.name else None

    def expect_mark(self, mark: str) -> None:
        """Take this mark; where a clause goes on as if it had been there, it is missing, not unexpected."""
        if self.accept_mark(mark):
            return
        if mark == "(":
            raise self.missing() if self.here.kind == "text" else self.unexpected()
        raise self.missing() if self.clause_goes_on else self.unexpected()

    @property
    def clause_goes_on(self) -> bool:
        """Whether the text ends here or a keyword follows: what an absent token would have been followed by."""
        return self.here.kind == "end" or self.word in _CLAUSE_WORDS

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

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """One query inside another; far beyond every level that is allowed it is too complicated."""
        if self._depth >= MAX_DEPTH:
            raise TOO_COMPLICATED()
        self._depth += 1
        yield
        self._depth -= 1
