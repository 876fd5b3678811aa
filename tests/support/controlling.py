"""Calls of the control API without sockets, and cases of them: requests in, status and body out."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.control.remote.door import ControlApi
from sfmock.org.org import Org

TOKEN = "control-token-of-a-test"
_NAME = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Told:
    """What a call was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Remote:
    """Calls of one org's control API, and of the org behind it."""

    def __init__(self, org: Org) -> None:
        self.org = org
        app = App(org)
        self.handle = Sfmock(
            app,
            instance_url="http://127.0.0.1:8765",
            login_url="http://127.0.0.1:8765",
            transport="http",
        )
        self.handle.start()
        self.api = ControlApi(app, TOKEN)
        self.api.connect(self.handle)

    def __call__(
        self,
        call: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        token: str | None = TOKEN,
        host: str | None = "127.0.0.1:8765",
        address: str = "127.0.0.1",
        root: str = "/__sfmock__",
        scheme: str = "Bearer",
        form: bool = False,
    ) -> Told:
        """`call` is method and path below the root: `POST /reset`."""
        method, target = call.split(" ", 1)
        parts = urlsplit(root + target)
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        environ: dict[str, Any] = {
            "REQUEST_METHOD": method,
            "PATH_INFO": parts.path,
            "REQUEST_URI": root + target,
            "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8765",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": address,
            "CONTENT_LENGTH": str(len(data)),
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if form else "application/json",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(data),
        }
        if host is not None:
            environ["HTTP_HOST"] = host
        if token is not None:
            environ["HTTP_AUTHORIZATION"] = f"{scheme} {token}"
        told: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> Any:
            told.extend((int(status.split()[0]), dict(headers)))

        answer = b"".join(self.api(environ, start_response))
        return Told(told[0], told[1], answer)

    def as_client(self, call: str, body: Any = None) -> Told:
        """A call of Salesforce's API by the user who is served."""
        return self(call, body, token=self.handle.access_token, root="/services/data/v60.0")


@dataclass
class Story:
    """The calls of a case, and the names that its answers were given."""

    remote: Remote
    names: dict[str, str] = field(default_factory=dict)

    def tell(self, step: dict[str, Any]) -> None:
        """Make a call and compare: `as` client, or the control API; `keep` names parts of the answer."""
        call = self._filled(step["client" if "client" in step else "call"])
        body = self._filled(step.get("body"))
        if "client" in step:
            told = self.remote.as_client(call, body)
        elif "raw" in step:
            told = self.remote(call, raw=step["raw"].encode("latin-1"))
        else:
            told = self.remote(call, body)
        shown = f"{call}: {told.status} {told.body[:1000]!r}"
        assert told.status == step["status"], shown
        if "answer" in step:
            found = told.json
            expected = self._filled(step["answer"])
            assert _as_expected(found, expected) == expected, shown
        for name, path in step.get("keep", {}).items():
            self.names[name] = str(_at(told.json, path))

    def _filled(self, value: Any) -> Any:
        text = json.dumps(value)
        filled = _NAME.sub(lambda match: self.names.get(match[1], match[0]), text)
        return json.loads(filled)


def _at(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


def _as_expected(found: Any, expected: Any) -> Any:
    """What was found, without the keys that an object with the key "..." leaves open; "*" is any text
    that is not empty, "#" any number."""
    if expected == "*" and isinstance(found, str) and found:
        return "*"
    if expected == "#" and isinstance(found, float):
        return "#"
    if isinstance(expected, dict) and isinstance(found, dict):
        open_ = "..." in expected
        shown = {
            name: _as_expected(each, expected.get(name))
            for name, each in found.items()
            if not open_ or name in expected
        }
        return {"...": expected["..."], **shown} if open_ else shown
    if isinstance(expected, list) and isinstance(found, list) and len(found) == len(expected):
        return [_as_expected(*pair) for pair in zip(found, expected, strict=True)]
    return found
