"""Calls to an org's app without sockets: what the engine's tests are written in."""

from __future__ import annotations

import json as json_module
from dataclasses import dataclass

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.wire import JSON, Headers, Rendered, Request


@dataclass(frozen=True)
class Answer:
    """A rendered reply, read."""

    rendered: Rendered

    @property
    def status(self) -> int:
        return self.rendered.status

    @property
    def text(self) -> str:
        return self.rendered.body.decode()

    @property
    def json(self) -> JSON:
        value: JSON = json_module.loads(self.rendered.body)
        return value

    @property
    def headers(self) -> Headers:
        return Headers(self.rendered.headers)


class Caller:
    """Calls an app as the org's first administrator."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.app = App(org)
        self._token: str | None = None

    @property
    def token(self) -> str:
        if self._token is None:
            self._token = self.org.sessions.open(self.org.admin_id).token
        return self._token

    def __call__(
        self,
        method: str,
        path: str,
        json: JSON = None,
        *,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        token: str | None = "",
        version: str = "60.0",
        host: str | None = None,
        scheme: str = "https",
    ) -> Answer:
        """`path` may be short (`/query?q=…`): the version's root goes before it. `token=None` sends none."""
        fields = dict(headers or {})
        if token is not None:
            fields.setdefault("Authorization", f"Bearer {token or self.token}")
        if json is not None:
            body = json_module.dumps(json).encode()
            fields.setdefault("Content-Type", "application/json")
        if not path.startswith(
            ("/services", "//services", "/id/", "/.well-known", "/secur", "/setup")
        ):
            path = f"/services/data/v{version}{path}"
        path, _, query = path.partition("?")
        return Answer(
            self.app.exchange(
                Request(
                    method=method,
                    path=path,
                    query=query,
                    headers=Headers(fields.items()),
                    body=body,
                    host=host or self.org.my_domain,
                    scheme=scheme,
                )
            )
        )
