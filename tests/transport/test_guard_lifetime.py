import functools
import http.client
import inspect
import os
import socket
import ssl
import threading
import urllib.request
from collections.abc import Callable
from typing import cast

import pytest
from requests.adapters import HTTPAdapter

from sfmock.transport.guard import GUARD, Guard, RealSalesforceBlocked, guarding

HOST = "login.salesforce.com"
CLOSED_PORT = "http://127.0.0.1:9"


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The names that got past the guard. No test asks the network for them."""
    names: list[object] = []

    def find(host: object, *_: object, **__: object) -> list[object]:
        names.append(host)
        raise socket.gaierror(socket.EAI_NONAME, f"{host!r} is not looked up in tests")

    for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex"):
        monkeypatch.setattr(socket, name, find)
    return names


def test_everything_is_given_back(looked_up: list[object]) -> None:
    before = _state()

    with guarding(), guarding():
        inside = _state()
    after = _state()

    assert after == before
    assert inside.keys() != before.keys() or inside != before
    assert "connect" not in vars(socket.socket)
    assert "connect_ex" not in vars(socket.socket)


def _state() -> dict[str, object]:
    owners = (socket, socket.socket, ssl.SSLContext, http.client.HTTPConnection, HTTPAdapter)
    return {
        f"{owner.__name__}.{name}": id(value)
        for owner in owners
        for name, value in vars(owner).items()
        if not name.startswith("__")
    }


def test_nested_guards_end_with_the_outermost(looked_up: list[object]) -> None:
    with guarding() as guard:
        with guarding():
            pass
        with pytest.raises(RealSalesforceBlocked):
            socket.gethostbyname(HOST)
        guard.drain()

    assert not GUARD.active


def test_a_hook_of_somebody_else_is_left_alone_and_ours_turns_inert(
    monkeypatch: pytest.MonkeyPatch, looked_up: list[object]
) -> None:
    guard = Guard()
    guard.start()
    ours = socket.gethostbyname

    def theirs(host: str) -> str:
        return ours(host)

    monkeypatch.setattr(socket, "gethostbyname", theirs)
    guard.stop()

    assert socket.gethostbyname is theirs
    with pytest.raises(socket.gaierror):
        socket.gethostbyname(HOST)
    assert looked_up == [HOST]


def test_what_somebody_puts_back_after_the_end_goes_with_the_next_guard() -> None:
    """As with `def test(monkeypatch, sfmock)`: fixtures end the other way round."""
    before = _state()
    for _ in range(2):
        guard, theirs = Guard(), pytest.MonkeyPatch()
        guard.start()
        for owner, name in ((socket, "getaddrinfo"), (socket.socket, "connect")):
            theirs.setattr(owner, name, functools.wraps(getattr(owner, name))(lambda *_: None))
        guard.stop()
        theirs.undo()  # puts back what it found: ours

    with guarding():
        assert getattr(socket.getaddrinfo, "__wrapped__") is _genuine(socket.getaddrinfo)  # noqa: B009
    assert _state() == before
    assert "connect" not in vars(socket.socket)


def _genuine(function: object) -> object:
    return inspect.unwrap(cast(Callable[..., object], function))


def test_a_guard_that_is_not_started_cannot_be_stopped() -> None:
    guard = Guard()

    with pytest.raises(RuntimeError, match="not started"):
        guard.stop()

    assert repr(guard) == "<Guard off, 0 blocked>"


def test_a_thread_that_outlives_the_last_org_is_stopped() -> None:
    with pytest.raises(RealSalesforceBlocked, match="nothing listens"):
        Guard().listener()


def test_doors_that_others_opened_are_closed_again(looked_up: list[object]) -> None:
    before = socket.gethostbyname
    with guarding() as guard:
        socket.gethostbyname = before
        guard.renew()
        with pytest.raises(RealSalesforceBlocked):
            socket.gethostbyname(HOST)
        guard.drain()

    assert socket.gethostbyname is before


def test_salesforce_goes_past_proxies_for_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("NO_PROXY", "localhost,.corp.example")
    monkeypatch.setenv("HTTPS_PROXY", CLOSED_PORT)

    with guarding():
        inside = urllib.request.proxy_bypass(HOST)
        still = urllib.request.proxy_bypass("api.corp.example")

    assert (bool(inside), bool(still)) == (True, True)
    assert os.environ["NO_PROXY"] == "localhost,.corp.example"
    assert "no_proxy" not in os.environ


def test_no_proxy_for_anything_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NO_PROXY", "*")

    with guarding():
        inside = os.environ["no_proxy"], os.environ["NO_PROXY"]

    assert inside == ("*", "*")


def test_no_proxy_that_the_test_sets_is_not_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "before")

    with guarding():
        monkeypatch.setenv("NO_PROXY", "theirs")

    assert os.environ["NO_PROXY"] == "theirs"


def test_threads_start_and_stop_it_together(looked_up: list[object]) -> None:
    before = _state()
    refused: list[bool] = []

    def use() -> None:
        for _ in range(10):
            with guarding():
                try:
                    socket.gethostbyname(HOST)
                except RealSalesforceBlocked:
                    refused.append(True)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    GUARD.drain()

    assert len(refused) == 80
    assert looked_up == []
    assert _state() == before
