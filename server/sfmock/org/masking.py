"""What a reader may see of requests and replies: everything but secrets.

A secret is known by its place (a header, parameter, key, element or field that holds one), by its form (a session id, a JWT,
a private key), and wherever else it stands, once it was seen in such a place.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, unquote, unquote_plus
from xml.sax.saxutils import escape

from sfmock.org.secret_places import (
    MASK,
    SESSION_ID,
    is_plain_header,
    is_secret,
    json_secrets,
    masked_json,
)
from sfmock.org.spotting import Texts
from sfmock.store.fold import fold
from sfmock.wire import Headers

if TYPE_CHECKING:
    from sfmock.org.journal import Exchange

_FORMS = re.compile(
    rf"{SESSION_ID.pattern}"
    r"|\b5Aep861[0-9A-Za-z._%]+"  # a refresh token
    r"|\beyJ[\w-]{5,}(?:\.[\w-]+){1,4}"  # a JWT
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-(?!----END))*(?:-----END [A-Z ]*PRIVATE KEY-----)?"
    r"|(?<=://)[^/\s@?#\"'<>]+(?=@)"  # user and password in a URL
)
# Each begins where a word does, lest a long one be read again from each of its letters.
_PARAMETER = re.compile(r"(?<![\w.%-])([\w.%-]+)=([^&\s\"'<>#;]+)")
_LITERALS = re.compile(
    r"(?i)(?<![\w.])([\w.]+)(\s*(?:!?=|<>|\blike\b)\s*|\s+(?:not\s+)?in\s*\()('(?:[^'\\]|\\.)*'(?:\s*,\s*'(?:[^'\\]|\\.)*')*)"
)
"""What SOQL compares a field with."""
_LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'")
_ELEMENT = re.compile(r"(<(?:[\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>)([^<]+)")
_INPUT = re.compile(r"(?i)(<input\b[^<>]{0,500}?\bvalue\s*=\s*)(\"[^\"]*\"|'[^']*')")
_HIDDEN = re.compile(
    r"(?i)<input\b[^<>]{0,250}?\btype=[\"']?hidden[^<>]{0,250}?\bvalue=[\"']([^\"'<>]+)"
)
_OPAQUE = ("multipart/", "image/", "audio/", "video/", "application/octet-stream", "text/csv")


class Mask:
    """Takes secrets out of texts; `secrets` are known from elsewhere, `names` are fields that hold some."""

    def __init__(self, secrets: Iterable[str] = (), names: Iterable[str] = ()) -> None:
        self._names = frozenset(each.lower() for each in names)
        self._values = Texts()
        self.know(secrets)

    def __repr__(self) -> str:
        return f"<Mask {len(self._values)} values>"

    def knows_names(self, names: Iterable[str]) -> bool:
        """Whether these are the fields that it knows to hold secrets."""
        return self._names == frozenset(each.lower() for each in names)

    def know(self, secrets: Iterable[str]) -> Mask:
        """Know further secrets; answers itself."""
        for each in secrets:
            self._add(each)
        return self

    def learn(self, exchanges: Iterable[Exchange]) -> Mask:
        """Know what exchanges hold in their secret places, to mask it everywhere; answers itself."""
        for each in exchanges:
            self._learn_form(each.query)
            for match in _LITERALS.finditer(each.soql or ""):
                for literal in _LITERAL.findall(match[3]):
                    self._learn_pair(match[1].rpartition(".")[2], literal)
            self._learn_message(each.headers, each.body)
            self._learn_message(each.reply_headers, each.reply)
        return self

    def text(self, text: str) -> str:
        """A text without secrets, whatever it is."""
        text = _LITERALS.sub(self._literal, text)
        return self.known(_PARAMETER.sub(self._parameter, text))

    def known(self, text: str) -> str:
        """A text without secrets that were seen before, or show what they are: fit for source code, too."""
        return self._values.replaced(_FORMS.sub(MASK, text), MASK)

    def path(self, path: str) -> str:
        """A path as sent; a segment that is a secret, percent-encoded or not, is masked."""
        return "/".join(map(self._segment, path.split("/")))

    def query(self, query: str) -> list[tuple[str, str]]:
        """The parameters of a query string or of a form, decoded."""
        return [(self.text(name), self._value(name, value)) for name, value in _parameters(query)]

    def headers(self, headers: Headers) -> list[tuple[str, str]]:
        """Headers, of which only the well-known ones keep their value."""
        return [
            (name, self.text(value) if is_plain_header(name) else MASK) for name, value in headers
        ]

    def body(self, headers: Headers, body: bytes) -> str:
        """A body as text; one that is no text only says what it is."""
        if not body:
            return ""
        kind = _kind(headers)
        if kind.startswith(_OPAQUE) or b"\0" in body:
            return f"<{kind or 'bytes'}, {len(body)} bytes>"
        text = body.decode("utf-8", "replace")
        if kind == "application/x-www-form-urlencoded":
            return "&".join(f"{name}={value}" for name, value in self.query(text))
        if _starts(text, "{["):
            return self.text(masked_json(text, self._is_secret))
        return self.text(_INPUT.sub(rf'\1"{MASK}"', _ELEMENT.sub(self._element, text)))

    def _is_secret(self, name: str) -> bool:
        return is_secret(name) or name.lower() in self._names

    def _value(self, name: str, value: str) -> str:
        return MASK if value and self._is_secret(name) else self.text(value)

    def _segment(self, segment: str) -> str:
        decoded = unquote(segment)
        shown = self.text(decoded)
        return segment if shown == decoded else shown

    def _parameter(self, match: re.Match[str]) -> str:
        return f"{match[1]}={MASK}" if self._is_secret(unquote_plus(match[1])) else match[0]

    def _literal(self, match: re.Match[str]) -> str:
        field = match[1].rpartition(".")[2]
        return f"{match[1]}{match[2]}'{MASK}'" if self._is_secret(field) else match[0]

    def _element(self, match: re.Match[str]) -> str:
        plain = match[3].strip() in ("", "true", "false")
        return match[0] if plain or not self._is_secret(match[2]) else f"{match[1]}{MASK}"

    def _learn_message(self, headers: Headers, body: bytes) -> None:
        for name, value in headers:
            if name.lower() == "set-cookie":
                self._add(value.partition(";")[0].partition("=")[2].strip())
            elif is_secret(name):
                self._learn_header(value)
        if not body or b"\0" in body:
            return
        text = body.decode("utf-8", "replace")
        if _kind(headers) == "application/x-www-form-urlencoded":
            self._learn_form(text)
        elif _starts(text, "{["):
            for value in json_secrets(text, self._is_secret):
                self._add(value)
        elif _starts(text, "<"):
            for match in _ELEMENT.finditer(text):
                self._learn_pair(match[2], match[3].strip())
            self.know(_HIDDEN.findall(text))

    def _learn_header(self, value: str) -> None:
        """Credentials of a scheme, those inside of Basic, the values of cookies."""
        scheme, _, rest = value.strip().partition(" ")
        self._add(rest or scheme)
        if scheme.lower() == "basic":
            try:
                login = base64.b64decode(rest, validate=True).decode()
            except ValueError:
                return
            self._add(login.partition(":")[2])
        for cookie in value.split(";"):
            self._add(cookie.partition("=")[2].strip())

    def _learn_form(self, text: str) -> None:
        for name, value in _parameters(text):
            self._learn_pair(name, value)

    def _learn_pair(self, name: str, value: str) -> None:
        if self._is_secret(name):
            self._add(value)

    def _add(self, secret: str) -> None:
        """Know a secret, and the ways to write it; a word that is too plain would blot out half of a text."""
        if secret in self._values or not _is_telling(secret):
            return
        escaped = json.dumps(secret)[1:-1], escape(secret), repr(secret)[1:-1], fold(secret)
        self._values.add((secret, quote(secret, safe=""), quote_plus(secret), *escaped))


def _is_telling(secret: str) -> bool:
    if len(secret) >= 16:
        return True
    return len(secret) >= 6 and not secret.isalpha() and not secret.isdigit()


def _kind(headers: Headers) -> str:
    return (headers.get("Content-Type") or "").partition(";")[0].strip().lower()


def _starts(text: str, marks: str) -> bool:
    return text.lstrip("\ufeff \t\r\n")[:1] in tuple(marks)


def _parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True) if query else []
