"""Cases of logging in and out, as data: one line of tests/engine/cases/oauth/*.jsonl is a small story of requests.

A case has `name`, and where it needs them `apps` and `users` (names to options of `org.connected_app` and `org.user`), then
`steps`; a case of one step may have it among its own keys. A step is a request with what it answers, or one of ACTIONS.

    {"request": ["POST", "/services/oauth2/token", {"grant_type": ...}], "status": 200, "body": {...}}

Beside `request` (method, path, form or, for other bodies, text): `host` (`login`, `test`, `my` or a host), `scheme`, `headers`,
`bearer` (a token). What it answers: `status`, and `body` (JSON, compared as text, so with the order of its keys), `text`,
`location`, `contains` (texts of a page), `reply_headers`, or `refused` (the feature). `"page": "k"` names what a page's form needs:
`{k}` is its ticket, `{k.browser}` and `{k.sid}` are cookies. A request that fails leaves the org as it was,
tokens included, unless the step says `"leaves": true`.

Names in braces are filled in: `{org}`, `{org15}`, `{my}` (the My Domain), `{admin}`, `{now}` and `{now_ms}` by the org's clock,
`{app.client_id}`, `{app.client_secret}`, `{ann.id}`, `{ann.username}`, `{ann.password}` (with `{ann.security_token}` in its own name).
What a reply has new is kept under a name: `{?t1:access_token}` fits what has that form (FORMS), and is `{t1}` from then on, `{t1.plain}`
where it was percent-encoded.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus, urlencode

import pytest

from calling import Answer, Caller
from sfmock.control.browser import NotAuthorized, Visitor
from sfmock.org.org import Org
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE

NOW = datetime(2026, 1, 5, 12, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
FORMS = {
    "access_token": r"00D[0-9A-Za-z]{12}!A[QR][A-Za-z0-9]AQ[A-Za-z0-9._]{91}",
    "code": r"aPrx[A-Za-z0-9._]{70}%3D%3D",
    "device_code": r"M04xMj[A-Za-z0-9]{154}",
    "quoted_access_token": r"00D[0-9A-Za-z]{12}%21A[QR][A-Za-z0-9]AQ[A-Za-z0-9._]{91}",
    "user_code": r"[A-Z0-9]{8}",
    "refresh_token": r"5Aep861[A-Za-z0-9._]{80}",
    "signature": r"[A-Za-z0-9+/]{43}=",
    "jwt": r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+",
    "text": r"[^\"&]+",
    "utc": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "system": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000\+0000",
}
"""What new values look like, as regular expressions; other modules may add to it."""

_NAME = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[a-z_]+)?)\}")
_NEW = re.compile(r"\{\?(\w+):(\w+)\}")
HOSTS = {"login": "login.salesforce.com", "test": "test.salesforce.com"}
_STATE = ("sf_session", "sf_refresh")
_FOOTER = "A fake Salesforce for tests: pytest-sfmock"
_LIMITS = "/services/data/v60.0/limits"


def cases(folder: Path) -> Iterator[Any]:
    """Each case of each file."""
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_text().splitlines():
            case = json.loads(line)
            yield pytest.param(case, id=f"{file.stem}-{case['name'].replace(' ', '_')}")


class Story:
    """One case in one org: what its names stand for."""

    def __init__(self, org: Org, case: Mapping[str, Any]) -> None:
        org.clock.freeze(NOW)
        self.org = org
        self.call = Caller(org)
        self.case = case
        self.visitors: dict[str, Visitor] = {}
        self.names: dict[str, str] = {"org": org.id, "org15": org.id[:15], "my": org.my_domain}
        self.names["certificate"] = CLIENT_CERTIFICATE
        self.names["profile"] = org.users.find(org.admin_id).profile_id
        self.names |= {"domain": org.domain, "org11": org.id[4:15], "admin11": org.admin_id[4:15]}
        self._name_user("admin", org.admin_id)
        for name, options in case.get("users", {}).items():
            self._name_user(name, org.user(name, **self.fill(options)).id)
        for name, options in case.get("apps", {}).items():
            self.name_app(name, org.connected_app(name, **self.fill(options)).name)

    def run(self) -> None:
        """Carry out all steps, and look at what each answers."""
        for step in self.case.get("steps", [self.case]):
            known = len(self.org.journal.problems)
            name = next((key for key in step if key in ACTIONS), None)
            if name is None:
                _request(self, step)
            else:
                ACTIONS[name](self, self.fill(step[name]))
            new = self.org.journal.problems[known:]
            assert [each.crash for each in new if each.refused is None] == []
            assert len(new) == ("refused" in step)

    def fill(self, value: Any) -> Any:
        """The value with the names in braces replaced; what no name stands for stays."""
        if isinstance(value, str):
            return _NAME.sub(lambda found: self._named(found[1], found[0]), value)
        if isinstance(value, dict):
            return {self.fill(key): self.fill(each) for key, each in value.items()}
        return [self.fill(each) for each in value] if isinstance(value, list) else value

    def expect(self, expected: str, actual: str) -> None:
        """The text is as expected; the new values in it get their names."""
        expected = self.fill(expected)
        parts = _NEW.split(expected)
        pattern = "".join(
            re.escape(text) + (f"(?P<{name}>{FORMS[form]})" if name else "")
            for text, name, form in _triples(parts)
        )
        found = re.fullmatch(pattern, actual)
        assert found is not None, f"\nexpected: {expected}\nanswered: {actual}"
        new = found.groupdict()
        self.names |= new | {f"{name}.plain": unquote_plus(value) for name, value in new.items()}

    def name_app(self, name: str, app_name: str) -> None:
        """Let `{name.client_id}` and `{name.client_secret}` stand for the keys of an app."""
        app = self.org.connected_app(app_name)
        self.names |= {
            f"{name}.client_id": app.client_id,
            f"{name}.client_secret": app.client_secret,
        }

    def secrets(self) -> list[str]:
        """The client secrets of the case's apps."""
        return [value for name, value in self.names.items() if name.endswith(".client_secret")]

    def state(self) -> object:
        """What a failed request must not change."""
        tables = [self.org.db.rows(f"SELECT * FROM {each} ORDER BY rowid") for each in _STATE]
        return self.org.digest(), tables

    def _named(self, name: str, otherwise: str) -> str:
        now = self.org.clock.timestamp()
        times = {"now": f"{now:.0f}", "now_ms": f"{now * 1000:.0f}"}
        return times.get(name) or self.names.get(name, otherwise)

    def _name_user(self, name: str, user_id: str) -> None:
        user, secrets = self.org.users.find(user_id), self.org.users.secrets(user_id)
        self.names |= {
            name: user.id,
            f"{name}.id": user.id,
            f"{name}.username": user.username,
            f"{name}.password": secrets.password + secrets.security_token,
            f"{name}.security_token": secrets.security_token,
            f"{name}.bare": secrets.password,
        }


def _triples(parts: list[str]) -> Iterator[tuple[str, str, str]]:
    """Text, and name and form of the new value that follows it; the last text is followed by none."""
    for place in range(0, len(parts), 3):
        name, form = parts[place + 1 : place + 3] or ("", "")
        yield parts[place], name, form


def _request(story: Story, step: Mapping[str, Any]) -> None:
    must_stay = step.get("status", 501) >= 400 and not step.get("leaves")
    before = story.state() if must_stay else None
    answer = _send(story, step)
    _check(story, step, answer)
    if must_stay:
        assert story.state() == before, "a failed request changed the org"


def _send(story: Story, step: Mapping[str, Any]) -> Answer:
    method, path, *rest = story.fill(step["request"])
    headers = dict(story.fill(step.get("headers", {})))
    if step.get("basic"):
        text = ":".join(story.fill(step["basic"]))
        headers["Authorization"] = f"Basic {base64.b64encode(text.encode()).decode()}"
    body = ""
    if rest:
        body = rest[0] if isinstance(rest[0], str) else urlencode(rest[0])
        headers.setdefault("Content-Type", FORM)
    host = step.get("host", "my")
    return story.call(
        method,
        path,
        body=body.encode(),
        headers=headers,
        token=story.fill(step["bearer"]) if "bearer" in step else None,
        host=None if host == "my" else HOSTS.get(host, story.fill(host)),
        scheme=step.get("scheme", "https"),
    )


def _check(story: Story, step: Mapping[str, Any], answer: Answer) -> None:
    if "refused" in step:
        assert answer.status == 501, answer.text
        assert answer.text.count(f"does not implement this yet: {step['refused']}") == 1
        return
    assert answer.status == step["status"], answer.text
    if "body" in step:
        text = json.dumps(step["body"], separators=(",", ":"), ensure_ascii=False)
        story.expect(text, answer.text)
    if "text" in step:
        story.expect(step["text"], answer.text)
    for each in story.fill(step.get("contains", [])):
        assert each in answer.text
    if "page" in step:
        _keep_page(story, step["page"], answer)
    if "location" in step:
        story.expect(step["location"], answer.headers.get("Location") or "")
    for name, value in step.get("reply_headers", {}).items():
        if value is None:
            assert answer.headers.get(name) is None
        else:
            story.expect(value, answer.headers.get(name) or "")
    if answer.status == 200 and step["request"][1].startswith("/services/oauth2/token"):
        _check_signature(story, answer.text)


def _keep_page(story: Story, name: str, answer: Answer) -> None:
    found = re.search(r'name="ticket" value="(\w+)"', answer.text)
    assert found is not None
    story.names[name] = found[1]
    for header, value in answer.headers:
        cookie, _, content = value.partition(";")[0].partition("=")
        if header == "Set-Cookie" and cookie in ("oauth_browser", "sid"):
            story.names[f"{name}.{cookie.removeprefix('oauth_')}"] = content


def _check_signature(story: Story, text: str) -> None:
    """A signature is the HMAC of `id` and `issued_at` under the secret of an app of the case."""
    if not text.startswith('{"'):
        return
    reply = json.loads(text)
    if "signature" in reply:
        message = f"{reply['id']}{reply['issued_at']}".encode()
        digests = [hmac.digest(each.encode(), message, "sha256") for each in story.secrets()]
        assert reply["signature"] in [base64.b64encode(each).decode() for each in digests]


def _advance(story: Story, seconds: float) -> None:
    story.org.clock.advance(seconds=seconds)


def _live(story: Story, tokens: Mapping[str, int]) -> None:
    """The data API answers each token with this status."""
    found = {each: story.call("GET", _LIMITS, token=each).status for each in tokens}
    assert found == tokens


def _update(story: Story, changes: Mapping[str, Mapping[str, Any]]) -> None:
    for record_id, fields in changes.items():
        story.org.update(record_id, **fields)


def _insert(story: Story, rows: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
    """Insert rows; their ids get these names."""
    for name, (sobject, fields) in rows.items():
        story.names[name] = story.org.insert(sobject, fields).id


def _change_app(story: Story, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """Change apps; the names of the old keys stay, those of the new ones are `{app2.client_id}`."""
    for name, options in changes.items():
        story.org.apps.change(name, **options)
        app = story.org.connected_app(name)
        story.names[f"{name}2.client_id"] = app.client_id
        story.names[f"{name}2.client_secret"] = app.client_secret


def _give(story: Story, gifts: Mapping[str, list[str]]) -> None:
    """Give a refresh token of an app to a user, who has approved it: name, app, user id."""
    for name, (app_name, user_id) in gifts.items():
        app = story.org.connected_app(app_name)
        story.names[name] = story.org.sessions.refresh_token(user_id, app.id, app.scopes).token


def _authorize(story: Story, visit: Mapping[str, Any]) -> None:
    """Somebody goes to an authorize URL (`of`: an app, `ask`: parameters) and is sent to `location`, or sees `shown`."""
    visitor = _visitor(story, visit)
    asked = {"response_type": "code", "client_id": story.names[f"{visit['of']}.client_id"]}
    parameters = {name: value for name, value in (asked | visit["ask"]).items() if value}
    host = HOSTS.get(visit.get("host", ""), story.org.my_domain)
    url = f"https://{host}/services/oauth2/authorize?{urlencode(parameters)}"
    if "shown" in visit:
        with pytest.raises(NotAuthorized) as caught:
            visitor.visit(url)
        assert str(caught.value) == visit["shown"]
    else:
        story.expect(visit["location"], visitor.visit(url))
    story.visitors[visit.get("user", "admin")] = visitor


def _connect(story: Story, visit: Mapping[str, Any]) -> None:
    """Somebody types the code of a device, and reads `shown`."""
    visitor = _visitor(story, visit)
    visitor.user_code = visit["code"]
    shown = visitor.connect(f"https://{story.org.my_domain}/setup/connect")
    assert shown.removesuffix(f" {_FOOTER}") == visit["shown"]


def _visitor(story: Story, visit: Mapping[str, Any]) -> Visitor:
    """A browser of a user of the case; `again`: the one that she used before, with its cookies."""
    user = visit.get("user", "admin")
    if visit.get("again"):
        again = story.visitors[user]
        again.allow = visit.get("allow", True)
        return again
    username = visit.get("username", story.names[f"{user}.username"])
    password = story.names[f"{user}.password"].removesuffix(story.names[f"{user}.security_token"])
    password = visit.get("password", password)
    return Visitor(story.call.app, username, password, allow=visit.get("allow", True))


def _sessions(story: Story, number: int) -> None:
    """So many sessions live."""
    assert len(story.org.sessions) == number


def _share_sessions(story: Story, shared: bool) -> None:
    """Whether log-ins share sessions."""
    story.org.sessions.shared = shared


def _profile_sessions(story: Story, lifetimes: Mapping[str, float | None]) -> None:
    """How long sessions of profiles live."""
    for profile, seconds in lifetimes.items():
        story.org.sessions.set_profile_lifetime(profile, seconds)


ACTIONS: dict[str, Callable[[Story, Any], None]] = {
    "advance": _advance,
    "authorize": _authorize,
    "change app": _change_app,
    "connect": _connect,
    "give": _give,
    "insert": _insert,
    "live": _live,
    "profile sessions": _profile_sessions,
    "sessions": _sessions,
    "share sessions": _share_sessions,
    "update": _update,
}
"""Steps that are no requests, by their key; what they take has its names filled in."""
