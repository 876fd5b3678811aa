"""What the reference client tells while it works: the use of the daily calls, and an audit line a request."""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import responses

from sfmock_reference import (
    AccessToken,
    ApiError,
    Client,
    LimitsWatch,
    NotFound,
    RefreshToken,
    Retry,
    Unavailable,
)

HOST = "https://acme.my.salesforce.com"
DATA = f"{HOST}/services/data/v60.0"
TOKEN = "https://login.salesforce.com/services/oauth2/token"


def used(watch: LimitsWatch, *counts: int, allowed: int = 100) -> None:
    for count in counts:
        watch.read(f"api-usage={count}/{allowed}")


@pytest.fixture
def alerts() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def watch(alerts: list[tuple[int, int]]) -> LimitsWatch:
    return LimitsWatch(lambda used, allowed: alerts.append((used, allowed)))


def test_the_alert_comes_once_when_the_threshold_is_reached(
    watch: LimitsWatch, alerts: list[tuple[int, int]]
) -> None:
    used(watch, 78, 79, 80, 81, 95, 100)
    assert alerts == [(80, 100)]


def test_a_counter_that_jumps_about_the_threshold_alerts_once(
    watch: LimitsWatch, alerts: list[tuple[int, int]]
) -> None:
    used(watch, 81, 75, 82, 79, 73, 90)
    assert alerts == [(81, 100)]


def test_the_alert_comes_again_after_use_has_fallen_well_below(
    watch: LimitsWatch, alerts: list[tuple[int, int]]
) -> None:
    used(watch, 81, 71, 79, 82)
    assert alerts == [(81, 100), (82, 100)]


@pytest.mark.parametrize(
    ("limit_info", "expected"),
    [
        ("api-usage=90/100", [(90, 100)]),
        ("api-usage=90/100; per-app-api-usage=17/250(appName=sample-app)", [(90, 100)]),
        ("per-app-api-usage=249/250(appName=x); api-usage=90/100", [(90, 100)]),
        ("per-app-api-usage=249/250(appName=x)", []),
        ("api-usage=unknown", []),
        ("", []),
    ],
)
def test_the_use_of_the_whole_org_is_read(
    watch: LimitsWatch, alerts: list[tuple[int, int]], limit_info: str, expected: list[object]
) -> None:
    watch.read(limit_info)
    assert alerts == expected


def test_threads_that_cross_the_threshold_together_alert_once(
    watch: LimitsWatch, alerts: list[tuple[int, int]]
) -> None:
    together = threading.Barrier(8, timeout=10)

    def cross(count: int) -> None:
        together.wait()
        used(watch, count)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(cross, range(80, 88)))
    assert len(alerts) == 1


def test_every_reply_is_read_and_an_alert_may_call_the_client(
    mock: responses.RequestsMock,
) -> None:
    left: list[object] = []
    client = Client(
        AccessToken("00D!token", HOST),
        limits_watch=LimitsWatch(lambda *_: left.append(client.limits()), threshold=0.5),
    )
    header = {"Sforce-Limit-Info": "api-usage=51/100"}
    mock.get(f"{DATA}/limits", json={"n": 1}, headers=header)
    mock.get(f"{DATA}/x", status=404, json=[], headers=header)
    with pytest.raises(NotFound):
        client.request("GET", "x")
    assert left == [{"n": 1}]


Line = tuple[str, str, int, float]


def test_every_try_is_audited_with_method_path_status_and_seconds(
    mock: responses.RequestsMock,
) -> None:
    now = [0.0]

    def pass_on(seconds: float) -> None:
        now[0] += seconds

    def answer(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        pass_on(0.25)
        return 200, {}, "{}"

    audited: list[Line] = []
    client = Client(
        RefreshToken("https://login.salesforce.com", "3MVG9", "hush", "5Aep-hush"),
        retry=Retry(sleep=pass_on, clock=lambda: now[0], random=lambda: 1.0),
        audit=lambda *line: audited.append(line),
    )
    mock.post(TOKEN, json={"access_token": "00D!hush", "instance_url": HOST})
    mock.get(f"{DATA}/query", body=requests.ConnectionError("reset"))
    mock.get(f"{DATA}/query", status=503, body="<html></html>")
    mock.add_callback("GET", f"{DATA}/query", answer)
    client.request("get", "query", params={"q": "SELECT Id FROM Contact WHERE Email = 'a@b.c'"})
    path = "/services/data/v60.0/query"
    assert audited == [
        ("POST", "/services/oauth2/token", 200, 0.0),
        ("GET", path, 0, 0.0),
        ("GET", path, 503, 0.0),
        ("GET", path, 200, 0.25),
    ]


# Out of the tests' own lines, because a traceback shows those.
SECRETS = ("hush-secret", "5Aep-hush")
ACCESS = "00D!hush-token"


@pytest.mark.parametrize("status", [200, 400, 401, 503])
def test_no_secret_is_audited_logged_or_in_a_url(
    mock: responses.RequestsMock,
    retry: Retry,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    audited: list[Line] = []
    client = Client(
        RefreshToken("https://login.salesforce.com", "3MVG9", *SECRETS),
        retry=retry,
        audit=lambda *line: audited.append(line),
    )
    mock.post(TOKEN, json={"access_token": ACCESS, "instance_url": HOST})
    mock.get(f"{DATA}/limits", status=status, json={})
    said = []
    try:
        client.limits()
    except ApiError as error:
        said = [str(error), repr(error)]
    assert "hush" not in "".join(said)
    assert len(audited) == len(mock.calls) >= 2
    assert "hush" not in f"{audited} {[call.request.url for call in mock.calls]} {caplog.text}"
    assert "hush" not in f"{client!r} {client.auth!r}"


def test_an_audit_that_fails_is_not_hidden(mock: responses.RequestsMock) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    mock.get(f"{DATA}/limits", json={})
    with pytest.raises(OSError, match="the disk is full"):
        Client(AccessToken("00D!token", HOST), audit=fail).limits()


def test_a_client_without_watch_and_audit_says_nothing(
    mock: responses.RequestsMock, retry: Retry
) -> None:
    mock.get(f"{DATA}/limits", status=503, headers={"Sforce-Limit-Info": "api-usage=100/100"})
    with pytest.raises(Unavailable):
        Client(AccessToken("00D!token", HOST), retry=retry).limits()
