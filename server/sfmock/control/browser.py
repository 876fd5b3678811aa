"""A browser that is driven by one call: it logs in, says yes or no, and answers where it was sent (docs/how-to/web-server-flow.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from sfmock.app import App
from sfmock.represent.interaction_pages import FORM_ACTION
from sfmock.wire import Headers, Rendered, Request

_MOST_STEPS = 12


class NotAuthorized(ValueError):
    """The org did not send the browser back to the app: the message is what it showed instead."""


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser, who has these log-in data and this opinion."""

    app: App
    username: str
    password: str = field(repr=False)
    allow: bool = True
    user_code: str = field(default="", repr=False)
    _cookies: dict[str, str] = field(default_factory=dict, repr=False)
    _logged_in: bool = False

    def visit(self, url: str) -> str:
        """Go there, fill in what is asked, and answer where the org sends the browser; raises NotAuthorized where it does not."""
        self._logged_in = False
        reply, here = self._get(url), url
        for _ in range(_MOST_STEPS):
            location = Headers(reply.headers).get("Location")
            if location is not None:
                return urljoin(here, location)
            forms = _forms(reply.body.decode("utf-8", "replace"))
            if reply.status != 200 or not forms:
                raise NotAuthorized(f"{reply.status} {_shown(reply)}")
            here = urljoin(here, FORM_ACTION)
            reply = self._send(here, self._filled(forms))
        raise NotAuthorized("the org goes on asking")

    def connect(self, url: str) -> str:
        """The same for a device's page, which is the last one; answers what it says."""
        self._logged_in = typed = False
        reply = self._get(url)
        for _ in range(_MOST_STEPS):
            forms = _forms(reply.body.decode("utf-8", "replace"))
            asked = any(each["action"] == "code" for each in forms)
            if reply.status != 200 or not forms or (asked and typed):
                return _shown(reply)
            typed = typed or asked
            reply = self._send(urljoin(url, FORM_ACTION), self._filled(forms))
        raise NotAuthorized("the org goes on asking")

    def _filled(self, forms: list[dict[str, str]]) -> dict[str, str]:
        """The form that this visitor sends of those on the page."""
        by_action = {each["action"]: each for each in forms}
        if "login" in by_action:
            if self._logged_in:
                raise NotAuthorized(f"{self.username} was not let in")
            self._logged_in = True
            typed = {"username": self.username, "password": self.password}
            return by_action["login"] | typed
        if "code" in by_action:
            return by_action["code"] | {"user_code": self.user_code}
        wanted = "allow" if self.allow else "deny"
        return by_action.get(wanted) or by_action.get("switch") or forms[0]

    def _get(self, url: str) -> Rendered:
        return self._exchange("GET", url, b"")

    def _send(self, url: str, form: dict[str, str]) -> Rendered:
        return self._exchange("POST", url, urlencode(form).encode())

    def _exchange(self, method: str, url: str, body: bytes) -> Rendered:
        parts = urlsplit(url)
        fields = {"Accept": "text/html"}
        if self._cookies:
            fields["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if body:
            fields["Content-Type"] = "application/x-www-form-urlencoded"
        request = Request(
            method=method,
            path=parts.path,
            query=parts.query,
            headers=Headers(fields.items()),
            body=body,
            host=parts.netloc,
            scheme=parts.scheme,
        )
        reply = self.app.exchange(request)
        for name, value in reply.headers:
            if name == "Set-Cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self._cookies[cookie] = content
        return reply


class _FormReader(HTMLParser):
    """The fields of all forms of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self.text: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append({})
        elif tag == "input" and self.forms and "name" in given:
            self.forms[-1][given["name"]] = given.get("value", "")
        self._hidden = tag in ("style", "title")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.text.append(" ".join(data.split()))


def _forms(page: str) -> list[dict[str, str]]:
    reader = _FormReader()
    reader.feed(page)
    return [each for each in reader.forms if "action" in each]


def _shown(reply: Rendered) -> str:
    """What a person reads."""
    text = reply.body.decode("utf-8", "replace")
    if "<" not in text:
        return "; ".join(f"{name}={value}" for name, value in parse_qsl(text)) or text
    reader = _FormReader()
    reader.feed(text)
    return " ".join(reader.text)
