"""Who may call the control API, and what calls leave behind: nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest

from controlling import TOKEN, Remote
from sfmock.app import App
from sfmock.control.remote.door import ControlApi
from sfmock.control.remote.operation import Operation
from sfmock.control.remote.table import OPERATIONS
from sfmock.org.org import Org
from sfmock.wire import MAX_BODY


def _call(operation: Operation) -> str:
    """A call of the operation, in which names stand for themselves."""
    path = operation.path.replace("{", "").replace("}", "")
    return f"{operation.method} {path}"


CALLS = [*map(_call, OPERATIONS), "GET /openapi.json", "GET /nope"]


@pytest.fixture(scope="module")
def closed() -> Iterator[Remote]:
    """An org that no call of these tests gets into."""
    with Org.new() as org:
        yield Remote(org)


@pytest.mark.parametrize("call", CALLS)
def test_a_call_without_the_token_is_refused(closed: Remote, call: str) -> None:
    before = closed.org.digest()
    tokens = [None, "", "x", TOKEN[:-1], f"{TOKEN}x", "Ü", closed.handle.access_token]
    for each in tokens:
        told = closed(call, {"count": 1}, token=each)
        assert told.status == 401
        assert told.json["error"] == "wrong_token"
        assert told.headers["WWW-Authenticate"] == 'Bearer realm="sfmock control"'
    assert closed(call, token=TOKEN, scheme="Basic").status == 401
    assert closed.org.digest() == before


@pytest.mark.parametrize("call", CALLS)
def test_a_call_to_a_foreign_host_or_from_another_machine_is_refused(
    closed: Remote, call: str
) -> None:
    hosts = [
        None,
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8765",
        "192.168.1.2",
        "[::2]",
        closed.org.my_domain,
    ]
    for host in hosts:
        told = closed(call, host=host)
        assert (told.status, told.json["error"]) == (403, "foreign_host")
    for address in ("", "10.0.0.1", "::2", "fe80::1%eth0", "::ffff:10.0.0.1", "nonsense"):
        told = closed(call, address=address)
        assert (told.status, told.json["error"]) == (403, "not_local")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("localhost", "127.0.0.1"),
        ("LOCALHOST:8765", "127.0.0.1"),
        ("127.0.0.1", "127.4.5.6"),
        ("127.1.2.3:1", "127.0.0.1"),
        ("[::1]:8765", "::1"),
        ("[::1]", "::ffff:127.0.0.1"),
    ],
)
def test_callers_of_this_machine_are_answered(remote: Remote, host: str, address: str) -> None:
    assert remote("GET /", host=host, address=address).status == 200


def test_a_stranger_does_not_have_the_body_read(remote: Remote) -> None:
    class Untouched:
        def read(self, *_: int) -> bytes:
            raise AssertionError("the body was read")

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/__sfmock__/load",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "CONTENT_LENGTH": "1000000",
        "wsgi.input": Untouched(),
    }
    told: list[str] = []
    b"".join(remote.api(environ, lambda status, _headers, _info=None: told.append(status)))  # type: ignore[arg-type]
    assert told == ["401 Unauthorized"]


def test_a_body_that_is_too_large_is_refused(remote: Remote) -> None:
    told = remote("POST /reset", raw=b" " * (MAX_BODY + 1))
    assert told.status == 413
    assert told.json == {"error": "too_large", "message": "a body has 67108864 bytes at most"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.name for each in OPERATIONS])
def test_calls_cost_nothing_meet_no_fault_and_are_in_no_journal(
    remote: Remote, operation: Operation
) -> None:
    fault = remote.org.faults.add("server_unavailable", times=None, optional=True)
    told = remote(_call(operation))
    assert told.status in (200, 201, 400, 404, 422, 501)
    assert fault.fired == 0
    assert len(remote.org.journal) == 0
    assert remote.org.journal.api_calls == 0
    assert remote.org.limits["DailyApiRequests"].used == 0


def test_what_is_told_of_requests_holds_no_secret(remote: Remote) -> None:
    login = remote.handle.credentials
    form = {
        "grant_type": "password",
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "username": login.username,
        "password": login.password + login.security_token,
    }
    answer = remote(
        "POST /oauth2/token", raw=urlencode(form).encode(), root="/services", token=None, form=True
    )
    token = answer.json["access_token"]
    remote(f"GET /limits?access_token={token}", root="/services/data/v60.0", token=token)
    remote("GET /chatter/feeds", root=f"/services/data/v60.0/{token}", token=token)
    remote.as_client(f"GET /query?q=SELECT+Id+FROM+Account+WHERE+Name='{token}'")

    told = [
        remote(call, body).body.decode()
        for call, body in (
            ("GET /requests", None),
            ("GET /sessions", None),
            ("GET /problems", None),
            ("POST /requests/expect", {"expected": []}),
            ("GET /faults", None),
        )
    ]

    assert len(json.loads(told[0])["requests"]) == 4
    secrets = [token, remote.handle.access_token, login.password, login.security_token, TOKEN]
    secrets += [login.client_secret, login.refresh_token]
    assert [each for each in secrets if any(each in text for text in told)] == []


def test_a_journal_that_has_dropped_requests_says_so(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfmock.org.journal.KEPT", 3)
    for _ in range(5):
        remote.as_client("GET /limits")

    told = remote("GET /requests?bodies=false").json
    assert (told["total"], told["dropped"]) == (5, 2)
    assert [each["number"] for each in told["requests"]] == [3, 4, 5]
    for call, body in (
        ("GET /requests?pattern=limits", None),
        ("GET /requests/count", None),
        ("POST /requests/expect", {"expected": {"limits": 5}}),
    ):
        answer = remote(call, body)
        assert (answer.status, answer.json["error"]) == (409, "journal_incomplete")
        assert answer.json["message"].startswith("the journal keeps the last 3 of 5 requests")


def test_calls_and_requests_of_many_threads_lose_nothing(remote: Remote) -> None:
    token = remote.handle.access_token

    def work(number: int) -> list[int]:
        name = f"thread {number}"
        body = {"Name": name}
        return [
            remote("POST /sobjects/Account/insert", {"fields": body}).status,
            remote("POST /sobjects/Account", body, token=token, root="/services/data/v60.0").status,
            remote("POST /faults", {"kind": "slow", "on": "token", "optional": True}).status,
            remote("GET /requests").status,
            remote("PATCH /limits/FileStorageMB", {"used": number}).status,
        ]

    with ThreadPoolExecutor(6) as pool:
        done = [*pool.map(work, range(12))]

    assert done == [[201, 201, 201, 200, 200]] * 12
    assert remote("GET /sobjects/Account/count").json == {"count": 24}
    assert remote("GET /requests/count?pattern=create").json == {"count": 12}
    names = [each["fault"] for each in remote("GET /faults").json["faults"]]
    assert len(set(names)) == 12


def test_other_paths_go_to_the_org(remote: Remote) -> None:
    told = remote("GET /", root="/services/data")
    assert told.status != 404 or "control API" not in told.body.decode()
    assert remote("GET /", root="/__sfmock__x").status == 404
    assert len(remote.org.journal) == 2


def test_before_an_org_is_connected_calls_are_told_so(remote: Remote) -> None:
    remote.api = ControlApi(App(remote.org), TOKEN)
    told = remote("GET /")
    assert (told.status, told.json["error"]) == (503, "not_ready")


def test_a_token_is_made_up_where_none_is_given(remote: Remote) -> None:
    made = {ControlApi(App(remote.org)).token for _ in range(3)}
    assert len(made) == 3
    assert all(len(each) >= 40 for each in made)
    assert not any(each in repr(ControlApi(App(remote.org), each)) for each in made)


def test_an_org_that_owns_its_file_has_no_start_and_keeps_what_calls_write(tmp_path: Path) -> None:
    path = tmp_path / "my.org"
    with Org.new() as org:
        org.save(path)
    with Org.open(path, durable=True) as org:
        remote = Remote(org)
        told = remote("POST /reset")
        assert told.status == 409
        assert told.json == {
            "error": "no_start",
            "message": "this org owns its file, so it has no start to go back to: take a snapshot and restore it, or serve a"
            " pack, which `sfmock org export` makes of the file",
        }
        name = remote("POST /snapshots").json["snapshot"]
        remote("POST /sobjects/Account/insert", {"fields": {"Name": "Gone"}})
        assert remote(f"POST /snapshots/{name}/restore").status == 200
        remote("POST /sobjects/Account/insert", {"fields": {"Name": "Kept"}})
        assert remote("GET /").json["durable"] is True
    with Org.open(path) as org:
        assert [each["Name"] for each in _rows(org)] == ["Kept"]


def _rows(org: Org) -> list[dict[str, str]]:
    found = org.query("SELECT Name FROM Account")
    assert not isinstance(found, int)
    return [dict(each) for each in found]
