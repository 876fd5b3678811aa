"""Drivers of the clients that live in this process: simple-salesforce, and the HTTP libraries that people use as they are."""

from __future__ import annotations

import asyncio
import json
import ssl
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import aiohttp
import httpx
import urllib3
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceAuthenticationFailed, SalesforceError

import runtimes
from line_driver import Failed, Told
from proven import CREDENTIALS, JWT, PASSWORD, REFRESH, SOAP, SOAP_OF_ORG, TOKEN

Facts = Mapping[str, str]


class LocalDriver:
    """Calls the words; what they raise of these kinds is told by `tell`."""

    def __init__(self, words: object, raises: type[Exception], tell: Callable[[Any], Told]) -> None:
        self._words, self._raises, self._tell = words, raises, tell

    def call(self, name: str, *arguments: Any) -> Any:
        """What the client gave back."""
        try:
            return getattr(self._words, name)(*arguments)
        except self._raises as error:
            raise Failed(self._tell(error)) from error


class SimpleSalesforce:
    """simple-salesforce, whose options are `more`."""

    def __init__(self, **more: Any) -> None:
        self._more = more
        self._client: Any = None

    def login(self, flow: str, facts: Facts) -> None:
        self._client = Salesforce(**_KEYWORDS[flow](facts), **self._more)

    def create(self, sobject: str, fields: Told) -> Any:
        return getattr(self._client, sobject).create(fields)["id"]

    def read(self, sobject: str, id_: str) -> Any:
        return getattr(self._client, sobject).get(id_)

    def update(self, sobject: str, id_: str, fields: Told) -> None:
        assert getattr(self._client, sobject).update(id_, fields) == 204

    def delete(self, sobject: str, id_: str) -> None:
        assert getattr(self._client, sobject).delete(id_) == 204

    def upsert(self, sobject: str, field: str, value: str, fields: Told) -> None:
        assert getattr(self._client, sobject).upsert(f"{field}/{value}", fields) in (200, 201)

    def query(self, soql: str) -> Any:
        return [row["Name"] for row in self._client.query_all(soql)["records"]]

    def describe(self, sobject: str) -> Any:
        return [field["name"] for field in getattr(self._client, sobject).describe()["fields"]]

    def limits(self) -> Any:
        return self._client.limits()["DailyApiRequests"]


def simple_salesforce(**more: Any) -> LocalDriver:
    """simple-salesforce; its own flows are chosen by which arguments it gets."""
    return LocalDriver(SimpleSalesforce(**more), SalesforceError, _tell_simple)


def _tell_simple(error: Any) -> Told:
    told = {"type": type(error).__name__}
    if isinstance(error, SalesforceAuthenticationFailed):
        return told | {"code": error.code, "message": error.auth_message}
    return told | {"status": error.status, "content": error.content}


_KEYWORDS: Mapping[str, Callable[[Facts], dict[str, Any]]] = {
    SOAP: lambda told: _some(told, "username", "password", "security_token"),
    SOAP_OF_ORG: lambda told: (
        {"username": told["username"], "password": told["password"] + told["security_token"]}
        | {"organizationId": told["organization_id"]}
    ),
    PASSWORD: lambda told: (
        {"username": told["username"], "password": told["password"] + told["security_token"]}
        | {"consumer_key": told["client_id"], "consumer_secret": told["client_secret"]}
    ),
    CREDENTIALS: lambda told: (
        {"consumer_key": told["client_id"], "consumer_secret": told["client_secret"]}
        | {"domain": told["my_domain"].removesuffix(".salesforce.com")}
    ),
    JWT: lambda told: (
        {"username": told["username"], "consumer_key": told["client_id"]}
        | {"privatekey": told["private_key"]}
    ),
    TOKEN: lambda told: {
        "session_id": told["access_token"],
        "instance_url": told["instance_url"],
    },
}


def _some(told: Facts, *names: str) -> dict[str, Any]:
    return {name: told[name] for name in names}


class Plain(ABC):
    """The REST API by an HTTP library as it is."""

    DATA: ClassVar = "/services/data/v60.0"

    def __init__(self) -> None:
        self._host = ""
        self._headers: dict[str, str] = {}

    @abstractmethod
    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        """The parsed body; `content` is `params`, `json` or `data` (a form)."""

    def ask(self, method: str, path: str, **content: Any) -> Any:
        return self.send(method, self._host + path, self._headers, **content)

    def login(self, flow: str, facts: Facts) -> None:
        app = _some(facts, "client_id", "client_secret")
        if flow == TOKEN:
            token, self._host = facts["access_token"], facts["instance_url"]
        else:
            host = facts["instance_url" if flow == CREDENTIALS else "login_url"]
            form = app | _FORMS[flow](facts)
            granted = self.send("POST", f"{host}/services/oauth2/token", {}, data=form)
            token, self._host = granted["access_token"], granted["instance_url"]
        self._headers = {"Authorization": f"Bearer {token}"}

    def create(self, sobject: str, fields: Told) -> Any:
        return self.ask("POST", f"{self.DATA}/sobjects/{sobject}", json=fields)["id"]

    def read(self, sobject: str, id_: str) -> Any:
        return self.ask("GET", f"{self.DATA}/sobjects/{sobject}/{id_}")

    def update(self, sobject: str, id_: str, fields: Told) -> None:
        assert self.ask("PATCH", f"{self.DATA}/sobjects/{sobject}/{id_}", json=fields) is None

    def delete(self, sobject: str, id_: str) -> None:
        assert self.ask("DELETE", f"{self.DATA}/sobjects/{sobject}/{id_}") is None

    def upsert(self, sobject: str, field: str, value: str, fields: Told) -> None:
        self.ask("PATCH", f"{self.DATA}/sobjects/{sobject}/{field}/{value}", json=fields)

    def query(self, soql: str) -> Any:
        page = self.ask("GET", f"{self.DATA}/query", params={"q": soql})
        rows = page["records"]
        while not page["done"]:
            page = self.ask("GET", page["nextRecordsUrl"])
            rows += page["records"]
        return [row["Name"] for row in rows]

    def describe(self, sobject: str) -> Any:
        told = self.ask("GET", f"{self.DATA}/sobjects/{sobject}/describe")
        return [field["name"] for field in told["fields"]]

    def limits(self) -> Any:
        return self.ask("GET", f"{self.DATA}/limits")["DailyApiRequests"]


_FORMS: Mapping[str, Callable[[Facts], dict[str, str]]] = {
    CREDENTIALS: lambda _: {"grant_type": "client_credentials"},
    REFRESH: lambda told: ({"grant_type": "refresh_token", "refresh_token": told["refresh_token"]}),
    PASSWORD: lambda told: {
        "grant_type": "password",
        "username": told["username"],
        "password": told["password"] + told["security_token"],
    },
}


class Httpx(Plain):
    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self._client = client

    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        reply = self._client.request(method, url, headers=headers, **content)
        reply.raise_for_status()
        return reply.json() if reply.content else None


class AsyncHttpx(Plain):
    def __init__(self, client: httpx.AsyncClient, loop: asyncio.Runner) -> None:
        super().__init__()
        self._client, self._loop = client, loop

    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        reply = self._loop.run(self._client.request(method, url, headers=headers, **content))
        reply.raise_for_status()
        return reply.json() if reply.content else None


def httpx_driver(words: Httpx | AsyncHttpx) -> LocalDriver:
    """httpx, which is asked to raise for the status."""

    def tell(error: httpx.HTTPStatusError) -> Told:
        reply = error.response
        return {
            "message": str(error).partition(" for url")[0],
            "status": reply.status_code,
            "body": reply.json(),
        }

    return LocalDriver(words, httpx.HTTPStatusError, tell)


class Aiohttp(Plain):
    """aiohttp, in an event loop of its own."""

    def __init__(self, session: aiohttp.ClientSession, loop: asyncio.Runner) -> None:
        super().__init__()
        self._session, self._loop = session, loop

    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        return self._loop.run(self._send(method, url, headers, content))

    async def _send(self, method: str, url: str, headers: Facts, content: Told) -> Any:
        async with self._session.request(method, url, headers=headers, **content) as reply:
            body = await reply.read()
            if not reply.ok:
                raise Answered(reply.status, reply.reason, body)
            return json.loads(body) if body else None


class Answered(Exception):
    """An error that a library leaves to its user: status, reason and body."""

    def __init__(self, status: int, reason: str | None, body: bytes) -> None:
        super().__init__(status, reason, body)
        self.told = {"status": status, "reason": reason, "body": json.loads(body)}


class Urllib3(Plain):
    def __init__(self, pool: urllib3.PoolManager) -> None:
        super().__init__()
        self._pool = pool

    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        if "params" in content:
            content = {"fields": content["params"]}
        elif "data" in content:
            content = {"fields": content["data"], "encode_multipart": False}
        reply = self._pool.request(method, url, headers=headers, **content)
        if reply.status >= 400:
            raise Answered(reply.status, reply.reason, reply.data)
        return reply.json() if reply.data else None


class CurlFailed(Exception):
    """curl ended with a code, words, and the body that it got."""

    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        super().__init__(done.stderr)
        body = json.loads(done.stdout) if done.stdout else None
        self.told = {"exit": done.returncode, "message": done.stderr.strip(), "body": body}


class Curl(Plain):
    def __init__(self, env: Facts) -> None:
        super().__init__()
        self._program, self._env = runtimes.program("curl"), env

    def send(self, method: str, url: str, headers: Facts, **content: Any) -> Any:
        command: list[str | Path] = [self._program, "-sS", "--fail-with-body", "-X", method, url]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        if "json" in content:
            command += ["-H", "Content-Type: application/json"]
            command += ["--data-binary", json.dumps(content["json"])]
        for name, value in (content.get("params") or content.get("data") or {}).items():
            command += ["--data-urlencode", f"{name}={value}"]
        if "params" in content:
            command.append("-G")
        done = subprocess.run(
            command, capture_output=True, text=True, env=dict(self._env), timeout=60, check=False
        )
        if done.returncode:
            raise CurlFailed(done)
        return json.loads(done.stdout) if done.stdout else None


def plain_driver(words: Plain) -> LocalDriver:
    """A library that leaves errors to its user, or a program that ends."""
    raises = CurlFailed if isinstance(words, Curl) else Answered
    return LocalDriver(words, raises, lambda error: error.told)


def trusting(authority: Path) -> ssl.SSLContext:
    """A context that trusts this authority too."""
    context = ssl.create_default_context()
    context.load_verify_locations(authority)
    return context
