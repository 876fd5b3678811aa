"""The access log of `sfmock serve`: a line for each request, made beside them, and never a secret."""

from __future__ import annotations

import io
import json
import logging
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest
from werkzeug.test import Client

from sfmock import Org
from sfmock.app import App
from sfmock.cli.access_log import AccessLog
from sfmock.control.credentials import find_user, make_credentials

Ask = Callable[..., list[str]]


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as org:
        yield org


def _log(org: Org, form: str, ask: Callable[[Client], object]) -> list[str]:
    stream = io.StringIO()
    with AccessLog(org, stream, form) as log:
        app = App(org)
        app.tell = log.tell
        ask(Client(app))
    return stream.getvalue().splitlines()


def test_each_request_has_its_line_in_order(org: Org) -> None:
    def ask(client: Client) -> None:
        for number in range(300):
            client.get(f"/services/data/v60.0/{number}")

    lines = _log(org, "text", ask)
    assert [line.split()[4].rpartition("/")[2] for line in lines] == list(map(str, range(300)))
    assert all(" 401 GET " in line and line.endswith(" ms") for line in lines)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_in_a_line_wherever_it_was_sent(org: Org, form: str) -> None:
    login = make_credentials(org, find_user(org, None))
    token = org.sessions.open(org.admin_id).token
    secrets = (
        token, login.password, login.security_token, login.client_secret, login.refresh_token,
    )  # fmt: skip
    mistaken = "what-somebody-took-for-a-secret-1"

    def ask(client: Client) -> None:
        for each in secrets:
            client.get(f"/services/data/v60.0/sobjects/{quote(each, safe='')}")
            client.get("/services/data/v60.0/query", query_string={"q": f"SELECT '{each}'"})
        client.get("/services/data", query_string={"password": mistaken})
        client.get(f"/{mistaken}", headers={"Authorization": f"Bearer {mistaken}"})

    lines = _log(org, form, ask)
    text = "\n".join(lines)
    assert len(lines) == 2 * len(secrets) + 2
    for secret in (*secrets, mistaken):
        assert secret not in text
        assert quote(secret, safe="") not in text


def test_a_crash_of_the_fake_has_its_traceback(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    token = org.sessions.open(org.admin_id).token

    def crash(_: object) -> None:
        raise LookupError(f"a bug with {token}")

    monkeypatch.setattr("sfmock.backends.fake.answer", crash)
    [text] = _log(org, "json", lambda client: client.get("/services/data"))
    told: dict[str, Any] = json.loads(text)
    assert told["status"] == 500
    assert told["traceback"].startswith("Traceback (most recent call last)")
    assert "LookupError: a bug with" in told["traceback"]
    assert token not in text
    first, *rest = _log(org, "text", lambda client: client.get("/services/data"))
    assert " 500 GET " in first
    assert "the fake crashed: LookupError" in first
    assert rest[0] == "Traceback (most recent call last):"


def test_warnings_of_python_s_loggers_are_lines_as_well(org: Org) -> None:
    def ask(_: Client) -> None:
        logging.getLogger("anything").warning("the %s is full", "disk")
        logging.getLogger("anything").info("nothing to see")

    [text] = _log(org, "json", ask)
    told = json.loads(text)
    assert (told["level"], told["message"]) == ("WARNING", "the disk is full")
    [line] = _log(org, "text", ask)
    assert line.endswith(" WARNING the disk is full")
    assert not any(isinstance(each, AccessLog) for each in logging.getLogger().handlers)


def test_a_log_that_nobody_reads_any_more_stops_nothing(org: Org) -> None:
    class Closed(io.StringIO):
        def write(self, text: str, /) -> int:
            raise BrokenPipeError

    with AccessLog(org, Closed(), "text") as log:
        app = App(org)
        app.tell = log.tell
        assert [Client(app).get("/services/data").status_code for _ in range(3)] == [200] * 3


def test_a_request_does_not_wait_for_its_line(org: Org) -> None:
    read = threading.Event()

    class Slow(io.StringIO):
        def write(self, text: str, /) -> int:
            read.wait(30)
            return super().write(text)

    stream = Slow()
    with AccessLog(org, stream, "text") as log:
        app = App(org)
        app.tell = log.tell
        for _ in range(5):
            Client(app).get("/services/data")
        assert stream.getvalue() == ""
        read.set()
    assert len(stream.getvalue().splitlines()) == 5
