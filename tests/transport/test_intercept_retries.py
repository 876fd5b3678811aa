import io
import time
from collections.abc import Callable, Iterator

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry, Timeout
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, ProtocolError, ReadTimeoutError

from sfmock.transport.intercept import intercepting
from sfmock.wire import Disconnect, Rendered, Request

URL = "https://acme.my.salesforce.com/services/data?x=1"
Step = Rendered | Exception
FINE = Rendered(200, (("Content-Length", "2"),), b"{}")
BUSY = Rendered(503, (("Content-Length", "4"),), b"busy")
RESET = Rendered(200, (), b"", reset=True)


class Org:
    """A live org that goes through a list of answers, and stays at the last one."""

    hosts = frozenset({"acme.my.salesforce.com"})

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.bodies: list[bytes] = []

    def turns_away(self, request: Request) -> bool:
        return False

    def claims(self, request: Request) -> bool:
        return True

    def exchange(self, request: Request) -> Rendered:
        self.bodies.append(request.body)
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        return step


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    return waits


@pytest.fixture
def start() -> Iterator[Callable[..., Org]]:
    """Opens an org with the answers given."""
    running = []

    def opened(*steps: Step) -> Org:
        org = Org(*steps)
        context = intercepting(org)
        context.__enter__()
        running.append(context)
        return org

    yield opened
    for context in running:
        context.__exit__(None, None, None)


def session_with(retry: Retry) -> requests.Session:
    session = requests.Session()
    session.mount("https://", HTTPAdapter(max_retries=retry))
    return session


def test_a_listed_status_is_retried(start: Callable[..., Org]) -> None:
    org = start(BUSY, BUSY, FINE)

    response = session_with(Retry(3, status_forcelist=[503])).get(URL)

    assert (response.status_code, len(org.bodies)) == (200, 3)


def test_a_status_is_not_retried_without_retry(start: Callable[..., Org]) -> None:
    org = start(BUSY, FINE)

    response = requests.get(URL)

    assert (response.status_code, response.text, len(org.bodies)) == (503, "busy", 1)


def test_too_many_bad_statuses_are_a_retry_error(start: Callable[..., Org]) -> None:
    org = start(BUSY)

    with pytest.raises(requests.exceptions.RetryError) as caught:
        session_with(Retry(2, status_forcelist=[503])).get(URL)

    assert len(org.bodies) == 3
    inner = caught.value.args[0]
    assert isinstance(inner, MaxRetryError)
    assert (inner.url, str(inner.reason)) == (
        "/services/data?x=1",
        "too many 503 error responses",
    )
    assert inner.pool is not None
    assert inner.pool.host == "acme.my.salesforce.com"
    assert caught.value.request is not None


def test_the_last_bad_reply_is_returned_where_retry_says_so(start: Callable[..., Org]) -> None:
    start(BUSY)

    response = session_with(Retry(1, status_forcelist=[503], raise_on_status=False)).get(URL)

    assert (response.status_code, response.text) == (503, "busy")


def test_retry_after_is_obeyed(start: Callable[..., Org], slept: list[float]) -> None:
    start(Rendered(503, (("Retry-After", "7"), ("Content-Length", "0")), b""), FINE)

    response = session_with(Retry(1)).get(URL)

    assert (response.status_code, slept) == (200, [7])


def test_backoff_is_obeyed(start: Callable[..., Org], slept: list[float]) -> None:
    start(RESET, RESET, RESET, FINE)

    session_with(Retry(3, backoff_factor=0.5)).get(URL)

    assert slept == [1.0, 2.0]


def test_a_post_is_not_retried_by_default(start: Callable[..., Org]) -> None:
    org = start(BUSY, FINE)

    response = session_with(Retry(3, status_forcelist=[503])).post(URL, data=b"{}")

    assert (response.status_code, len(org.bodies)) == (503, 1)


def test_a_reset_is_retried(start: Callable[..., Org]) -> None:
    org = start(RESET, Disconnect("gone"), FINE)

    response = session_with(Retry(2)).get(URL)

    assert (response.status_code, len(org.bodies)) == (200, 3)


def test_a_reset_of_a_post_is_not_retried(start: Callable[..., Org]) -> None:
    org = start(RESET, FINE)

    with pytest.raises(requests.ConnectionError) as caught:
        session_with(Retry(3)).post(URL, data=b"{}")

    assert isinstance(caught.value.args[0], ProtocolError)
    assert len(org.bodies) == 1


def test_a_reset_of_a_post_is_retried_where_retry_allows_posts(start: Callable[..., Org]) -> None:
    org = start(RESET, FINE)

    response = session_with(Retry(1, allowed_methods=None)).post(URL, data=b"{}")

    assert (response.status_code, org.bodies) == (200, [b"{}", b"{}"])


@pytest.mark.parametrize("broken", [RESET, Disconnect("gone")])
def test_a_reset_without_retry_is_a_connection_error(
    start: Callable[..., Org], broken: Step
) -> None:
    org = start(broken, FINE)

    with pytest.raises(requests.ConnectionError) as caught:
        requests.get(URL)

    assert type(caught.value) is requests.ConnectionError
    assert str(caught.value) == (
        "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"
    )
    assert len(org.bodies) == 1


def test_too_many_resets_are_a_connection_error(start: Callable[..., Org]) -> None:
    org = start(RESET)

    with pytest.raises(requests.ConnectionError) as caught:
        session_with(Retry(2)).get(URL)

    assert isinstance(caught.value.args[0], MaxRetryError)
    assert "Max retries exceeded with url: /services/data?x=1" in str(caught.value)
    assert len(org.bodies) == 3


def test_an_answer_after_the_timeout_is_a_read_timeout_at_once(
    start: Callable[..., Org], slept: list[float]
) -> None:
    org = start(Rendered(200, (), b"late", delay=5))

    with pytest.raises(requests.exceptions.ReadTimeout) as caught:
        requests.get(URL, timeout=1)

    assert isinstance(caught.value.args[0], ReadTimeoutError)
    assert "Read timed out. (read timeout=1)" in str(caught.value)
    assert (slept, len(org.bodies)) == ([], 1)


def test_a_timeout_is_retried_as_retry_says(start: Callable[..., Org], slept: list[float]) -> None:
    org = start(Rendered(200, (), b"late", delay=5), FINE)

    response = session_with(Retry(1)).get(URL, timeout=1)

    assert (response.status_code, len(org.bodies), slept) == (200, 2, [])


@pytest.mark.parametrize("timeout", [None, 6, 5, (0.1, 6), (0.1, None), Timeout(read=6)])
def test_an_answer_within_the_timeout_is_waited_for(
    start: Callable[..., Org],
    slept: list[float],
    timeout: float | tuple[float, float | None] | None,
) -> None:
    start(Rendered(200, (("Content-Length", "4"),), b"late", delay=5))

    assert requests.get(URL, timeout=timeout).text == "late"
    assert slept == [5]


@pytest.mark.parametrize("timeout", [4, (60, 4), Timeout(connect=60, read=4), Timeout(total=4)])
def test_the_read_part_of_a_timeout_counts(
    start: Callable[..., Org],
    slept: list[float],
    timeout: float | tuple[float, float],
) -> None:
    start(Rendered(200, (), b"late", delay=5))

    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(URL, timeout=timeout)

    assert slept == []


@pytest.mark.parametrize("timeout", [0, -1, (1, 2, 3)])
def test_a_timeout_that_requests_refuses_is_refused(
    start: Callable[..., Org], timeout: float
) -> None:
    org = start(FINE)

    with pytest.raises(ValueError, match=r"(?i)timeout"):
        requests.get(URL, timeout=timeout)

    assert org.bodies == []


def test_a_delayed_reset_waits_first(start: Callable[..., Org], slept: list[float]) -> None:
    start(Rendered(200, (), b"", delay=2, reset=True))

    with pytest.raises(requests.ConnectionError):
        requests.get(URL)

    assert slept == [2]


def test_a_connect_timeout_is_mapped_as_requests_does(start: Callable[..., Org]) -> None:
    start(ConnectTimeoutError("no answer"))

    with pytest.raises(requests.exceptions.ConnectTimeout):
        requests.get(URL, timeout=1)


def test_a_file_is_rewound_for_the_next_attempt(start: Callable[..., Org]) -> None:
    org = start(BUSY, FINE)
    file = io.BytesIO(b"skipped,sent")
    file.seek(8)

    session_with(Retry(1, status_forcelist=[503])).put(URL, data=file)

    assert org.bodies == [b"sent", b"sent"]


def test_a_generator_is_used_up_by_the_first_attempt_as_in_urllib3(
    start: Callable[..., Org],
) -> None:
    org = start(BUSY, FINE)

    session_with(Retry(1, status_forcelist=[503])).put(URL, data=iter([b"once"]))

    assert org.bodies == [b"once", b""]
