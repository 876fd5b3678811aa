"""How the reference client comes to a session, renews it once, and keeps its secrets."""

import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import parse_qsl

import pytest
import requests
import responses

from sfmock_reference import (
    AccessToken,
    ApiError,
    AuthError,
    Client,
    ClientCredentials,
    RefreshToken,
    Retry,
    Unavailable,
)

HOST = "https://acme.my.salesforce.com"
LIMITS = f"{HOST}/services/data/v60.0/limits"
LOGIN = "https://login.salesforce.com"
TOKEN = f"{LOGIN}/services/oauth2/token"

EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
WRONG_KIND = "This session is not valid for use with the REST API"
DEAD = {"error": "invalid_grant", "error_description": "expired access/refresh token"}

# Out of the tests' own lines, because a traceback shows those.
SECRETS = ("hush-secret", "5Aep-hush")
ACCESS = "00D!hush-token"

Sent = Callable[[], list[str]]
Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def auth() -> RefreshToken:
    return RefreshToken(LOGIN, "3MVG9", "hush-secret", "5Aep-first")


@pytest.fixture
def client(auth: RefreshToken, retry: Retry) -> Client:
    return Client(auth, retry=retry)


def grant(mock: responses.RequestsMock, token: str, host: str = HOST, **more: str) -> None:
    """Answer the next token request."""
    mock.post(TOKEN, json={"access_token": token, "instance_url": host, **more})


def forms(mock: responses.RequestsMock) -> list[dict[str, str]]:
    """The forms of all token requests."""
    requests = [call.request for call in mock.calls if str(call.request.url).startswith(TOKEN)]
    return [dict(parse_qsl(str(request.body))) for request in requests]


def bearers(mock: responses.RequestsMock) -> list[str]:
    """The tokens of all data requests."""
    headers = [call.request.headers for call in mock.calls]
    return [str(head["Authorization"]) for head in headers if "Authorization" in head]


def test_client_credentials_log_in_once_on_first_use(
    mock: responses.RequestsMock, sent: Sent
) -> None:
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    client = Client(ClientCredentials(LOGIN, "3MVG9", "hush-secret"))
    assert sent() == []
    client.limits()
    client.limits()
    assert sent() == [f"POST {TOKEN}", f"GET {LIMITS}", f"GET {LIMITS}"]
    assert bearers(mock) == ["Bearer 00D!one"] * 2


def test_client_credentials_send_the_form_of_that_flow_and_no_scope(
    mock: responses.RequestsMock,
) -> None:
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    Client(ClientCredentials(f"{LOGIN}/", "3MVG9", "hush-secret")).limits()
    client = {"client_id": "3MVG9", "client_secret": "hush-secret"}
    assert forms(mock) == [{"grant_type": "client_credentials", **client}]
    headers = mock.calls[0].request.headers
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert headers["Accept"] == "application/json"
    assert headers["Content-Length"] == str(len(str(mock.calls[0].request.body)))
    assert "Authorization" not in headers


def test_refresh_token_sends_the_form_of_that_flow(
    mock: responses.RequestsMock, client: Client
) -> None:
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    client.limits()
    credentials = {"client_id": "3MVG9", "client_secret": "hush-secret"}
    refresh = {"grant_type": "refresh_token", "refresh_token": "5Aep-first"}
    assert forms(mock) == [{**refresh, **credentials}]


def test_secrets_may_come_from_outside_anew_for_every_login(mock: responses.RequestsMock) -> None:
    secrets = iter(["hush-1", "hush-2"])
    client = Client(ClientCredentials(LOGIN, "3MVG9", lambda: next(secrets)))
    for token, status in (("00D!one", 401), ("00D!two", 200)):
        grant(mock, token)
        mock.get(LIMITS, status=status, json=EXPIRED if status == 401 else {})
    client.limits()
    assert [form["client_secret"] for form in forms(mock)] == ["hush-1", "hush-2"]


def test_a_dead_session_is_refreshed_once_and_the_request_replayed(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float]
) -> None:
    grant(mock, "00D!one")
    grant(mock, "00D!two")
    url = f"{HOST}/services/data/v60.0/sobjects/Account"
    mock.post(url, status=401, json=EXPIRED)
    mock.post(url, status=201, json={"id": "001"})
    assert client.create("Account", {"Name": "Acme"}) == "001"
    assert sent() == [f"POST {TOKEN}", f"POST {url}", f"POST {TOKEN}", f"POST {url}"]
    assert bearers(mock) == ["Bearer 00D!one", "Bearer 00D!two"]
    assert mock.calls[3].request.body == mock.calls[1].request.body == b'{"Name": "Acme"}'
    assert pauses == []


def test_a_replay_that_is_refused_too_is_an_auth_error_without_another_refresh(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    grant(mock, "00D!one")
    grant(mock, "00D!two")
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, status=401, json=[{**EXPIRED[0], "message": "the second"}])
    with pytest.raises(AuthError) as caught:
        client.limits()
    assert (caught.value.code, caught.value.message) == ("INVALID_SESSION_ID", "the second")
    assert sent() == [f"POST {TOKEN}", f"GET {LIMITS}", f"POST {TOKEN}", f"GET {LIMITS}"]


def test_the_next_request_after_a_renewal_uses_the_new_token(
    mock: responses.RequestsMock, client: Client
) -> None:
    grant(mock, "00D!one")
    grant(mock, "00D!two")
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, json={})
    client.limits()
    client.limits()
    assert bearers(mock) == ["Bearer 00D!one", "Bearer 00D!two", "Bearer 00D!two"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (WRONG_KIND, "INVALID_SESSION_ID"),
        ("Connected app is not attached to Agent", "INVALID_SESSION_ID"),
        ("INVALID_HEADER_TYPE", "INVALID_AUTH_HEADER"),
        ("Your password has expired.", "INVALID_OPERATION_WITH_EXPIRED_PASSWORD"),
    ],
)
def test_a_401_that_no_new_session_can_cure_is_not_refreshed(
    mock: responses.RequestsMock, sent: Sent, client: Client, message: str, code: str
) -> None:
    grant(mock, "00D!one")
    mock.get(LIMITS, status=401, json=[{"message": message, "errorCode": code}])
    with pytest.raises(AuthError) as caught:
        client.limits()
    assert (caught.value.code, caught.value.message) == (code, message)
    assert sent() == [f"POST {TOKEN}", f"GET {LIMITS}"]


def test_a_jwt_based_token_that_has_expired_is_renewed(
    mock: responses.RequestsMock, client: Client
) -> None:
    grant(mock, "eyJ0bmsi.one")
    grant(mock, "eyJ0bmsi.two")
    expired = [{"message": "INVALID_JWT_FORMAT", "errorCode": "INVALID_AUTH_HEADER"}]
    mock.get(LIMITS, status=401, json=expired)
    mock.get(LIMITS, json={})
    client.limits()
    assert bearers(mock) == ["Bearer eyJ0bmsi.one", "Bearer eyJ0bmsi.two"]


def test_the_instance_url_of_each_token_reply_is_used(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    moved = "https://acme-moved.my.salesforce.com"
    grant(mock, "00D!one")
    grant(mock, "00D!two", host=moved)
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(f"{moved}/services/data/v60.0/limits", json={})
    client.limits()
    assert sent()[1::2] == [f"GET {LIMITS}", f"GET {moved}/services/data/v60.0/limits"]


def test_a_rotated_refresh_token_is_kept_before_the_access_token_is_used(
    mock: responses.RequestsMock, auth: RefreshToken, retry: Retry
) -> None:
    known: list[tuple[str, int]] = []
    auth.keep = lambda rotated: known.append((rotated, len(bearers(mock))))
    grant(mock, "00D!one", refresh_token="5Aep-second")
    grant(mock, "00D!two")
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, json={})
    Client(auth, retry=retry).limits()
    assert [form["refresh_token"] for form in forms(mock)] == ["5Aep-first", "5Aep-second"]
    assert auth.refresh_token == "5Aep-second"
    assert known == [("5Aep-second", 0)]


def test_a_rotated_refresh_token_is_kept_though_its_access_token_fails(
    mock: responses.RequestsMock, auth: RefreshToken, client: Client
) -> None:
    grant(mock, "00D!one", refresh_token="5Aep-second")
    mock.get(LIMITS, status=401, json=[{"message": WRONG_KIND, "errorCode": "INVALID_SESSION_ID"}])
    with pytest.raises(AuthError):
        client.limits()
    assert auth.refresh_token == "5Aep-second"


def test_a_dead_refresh_token_ends_the_matter(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float]
) -> None:
    grant(mock, "00D!one")
    mock.post(TOKEN, status=400, json=DEAD)
    mock.get(LIMITS, status=401, json=EXPIRED)
    with pytest.raises(AuthError) as caught:
        client.limits()
    assert str(caught.value) == "400 invalid_grant: expired access/refresh token"
    assert sent() == [f"POST {TOKEN}", f"GET {LIMITS}", f"POST {TOKEN}"]
    assert pauses == []


@pytest.mark.parametrize(
    ("error", "description"),
    [
        ("unknown_error", "retry your request"),
        ("invalid_grant", "token request is already being processed"),
    ],
)
def test_a_token_request_that_came_at_a_bad_moment_is_repeated(
    mock: responses.RequestsMock, client: Client, pauses: list[float], error: str, description: str
) -> None:
    mock.post(TOKEN, status=400, json={"error": error, "error_description": description})
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    client.limits()
    assert (len(forms(mock)), pauses) == (2, [0.5])


@pytest.mark.parametrize(
    ("status", "body"), [(503, "<html>Maintenance</html>"), (200, "<html>Hi</html>"), (420, "")]
)
def test_a_page_from_the_token_endpoint_is_waited_out(
    mock: responses.RequestsMock, client: Client, pauses: list[float], status: int, body: str
) -> None:
    mock.post(TOKEN, status=status, body=body or "-", content_type="text/html")
    mock.post(TOKEN, body=requests.ConnectionError("reset"))
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    client.limits()
    assert (len(forms(mock)), pauses) == (3, [0.5, 1.0])


def test_a_token_endpoint_that_stays_down_is_unavailable_not_a_bad_login(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.post(TOKEN, status=503, body="<html>Maintenance</html>")
    with pytest.raises(Unavailable):
        client.limits()
    assert len(forms(mock)) == 4


def test_a_server_error_in_the_form_of_the_token_endpoint_is_unavailable(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.post(TOKEN, status=500, json={"error": "server_error", "error_description": "x"})
    with pytest.raises(Unavailable, match="500 server_error: x"):
        client.limits()


@pytest.mark.parametrize("reply", ["{}", "[]", "", '{"access_token": "00D!one"}'])
def test_a_token_reply_without_token_or_host_is_an_auth_error(
    mock: responses.RequestsMock, client: Client, reply: str
) -> None:
    mock.post(TOKEN, body=reply)
    with pytest.raises(AuthError, match="no access_token or instance_url"):
        client.limits()


def test_a_fixed_access_token_cannot_be_renewed(mock: responses.RequestsMock, sent: Sent) -> None:
    mock.get(LIMITS, status=401, json=EXPIRED)
    with pytest.raises(AuthError, match="Session expired or invalid"):
        Client(AccessToken("00D!one", HOST)).limits()
    assert sent() == [f"GET {LIMITS}"]


def test_an_access_token_from_outside_is_asked_for_again(mock: responses.RequestsMock) -> None:
    tokens = iter(["00D!one", "00D!two"])
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, json={})
    Client(AccessToken(lambda: next(tokens), HOST)).limits()
    assert bearers(mock) == ["Bearer 00D!one", "Bearer 00D!two"]


def test_threads_that_meet_a_dead_session_together_share_one_refresh(
    mock: responses.RequestsMock, client: Client
) -> None:
    together = threading.Barrier(8, timeout=10)

    def limits(request: requests.PreparedRequest) -> Answer:
        if request.headers["Authorization"] == "Bearer 00D!one":
            if armed.is_set():
                together.wait()  # nobody learns of the end before all have asked
                return 401, {}, '[{"message": "x", "errorCode": "INVALID_SESSION_ID"}]'
            return 200, {}, "{}"
        return 200, {}, '{"DailyApiRequests": {}}'

    armed = threading.Event()
    grant(mock, "00D!one")
    grant(mock, "00D!two", refresh_token="5Aep-second")
    mock.add_callback("GET", LIMITS, limits)
    client.limits()
    armed.set()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: client.limits(), range(8)))
    assert results == [{"DailyApiRequests": {}}] * 8
    assert [form["refresh_token"] for form in forms(mock)] == ["5Aep-first"] * 2
    assert sorted(bearers(mock)) == ["Bearer 00D!one"] * 9 + ["Bearer 00D!two"] * 8


def test_a_thread_with_an_old_token_takes_the_one_another_thread_has_renewed(
    mock: responses.RequestsMock, client: Client
) -> None:
    renewed = threading.Event()
    waiting = threading.Event()

    def slow(_: requests.PreparedRequest) -> Answer:
        if not waiting.is_set():
            waiting.set()
            assert renewed.wait(timeout=10)
            return 401, {}, '[{"message": "x", "errorCode": "INVALID_SESSION_ID"}]'
        return 200, {}, "{}"

    grant(mock, "00D!one")
    grant(mock, "00D!two")
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, json={})
    mock.add_callback("GET", f"{HOST}/services/data/v60.0/slow", slow)
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(client.request, "GET", "slow")
        assert waiting.wait(timeout=10)
        client.limits()
        renewed.set()
        assert late.result(timeout=10) == {}
    assert len(forms(mock)) == 2
    assert bearers(mock)[-1] == "Bearer 00D!two"


def test_threads_that_wait_for_a_login_share_its_failure(
    mock: responses.RequestsMock, auth: RefreshToken, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived = threading.Semaphore(0)
    lock = threading.Lock()

    class CountedLock:
        """Lets the stub know how many threads stand before the login."""

        def __enter__(self) -> None:
            arrived.release()
            lock.acquire()

        def __exit__(self, *_: object) -> None:
            lock.release()

    def refuse(_: requests.PreparedRequest) -> Answer:
        assert all(arrived.acquire(timeout=10) for _ in range(8))
        return 400, {}, '{"error": "invalid_grant", "error_description": "inactive user"}'

    monkeypatch.setattr("sfmock_reference.auth.threading", SimpleNamespace(Lock=CountedLock))
    client = Client(auth)
    mock.add_callback("POST", TOKEN, refuse)

    def failure(_: int) -> str:
        with pytest.raises(AuthError) as caught:
            client.limits()
        return str(caught.value)

    with ThreadPoolExecutor(8) as pool:
        failures = list(pool.map(failure, range(8)))
    assert failures == ["400 invalid_grant: inactive user"] * 8
    assert len(forms(mock)) == 1


def test_a_login_that_failed_is_tried_anew_by_the_next_call(
    mock: responses.RequestsMock, client: Client
) -> None:
    mock.post(TOKEN, status=400, json=DEAD)
    grant(mock, "00D!one")
    mock.get(LIMITS, json={})
    with pytest.raises(AuthError):
        client.limits()
    assert client.limits() == {}


@pytest.mark.parametrize(
    "auth",
    [
        AccessToken("00D!hush-token", HOST),
        AccessToken(lambda: "00D!hush-token", HOST),
        ClientCredentials(LOGIN, "3MVG9", "hush-secret"),
        RefreshToken(LOGIN, "3MVG9", "hush-secret", "5Aep-hush", keep=lambda _: None),
    ],
)
def test_no_secret_is_in_a_repr(
    mock: responses.RequestsMock, auth: AccessToken | ClientCredentials | RefreshToken
) -> None:
    client = Client(auth)
    if not isinstance(auth, AccessToken):
        grant(mock, "00D!hush-token", refresh_token="5Aep-hush-two")
    mock.get(LIMITS, json={})
    client.limits()
    for text in (repr(auth), str(auth), repr(client), str(client)):
        assert "hush" not in text
        assert "\n" not in text
    assert repr(client) == f"Client({auth!r}, api_version='60.0')"


@pytest.mark.parametrize("url", [TOKEN, LIMITS])
@pytest.mark.parametrize(
    "trouble", [(401, ""), (400, "[]"), (503, "echo"), (502, "[1]"), requests.ReadTimeout("x")]
)
def test_no_secret_is_in_an_error_or_its_traceback(
    mock: responses.RequestsMock, retry: Retry, url: str, trouble: tuple[int, str] | Exception
) -> None:
    def answer(request: requests.PreparedRequest) -> Answer:
        if isinstance(trouble, Exception):
            raise trouble
        status, body = trouble
        echo = f"{request.headers} {request.body!r}"  # what a bad proxy writes on its page
        return status, {}, echo if body == "echo" else body

    if url == LIMITS:
        grant(mock, ACCESS)
    mock.add_callback("POST" if url == TOKEN else "GET", url, answer)
    client = Client(RefreshToken(LOGIN, "3MVG9", *SECRETS), retry=retry)
    with pytest.raises(ApiError) as caught:
        client.limits()
    assert "hush" not in f"{caught.value} {caught.value!r}"
    assert "hush" not in str(caught.getrepr(style="long", funcargs=True))


def test_no_secret_is_in_our_part_of_the_traceback_of_a_keep_that_fails(
    mock: responses.RequestsMock,
) -> None:
    grant(mock, ACCESS, refresh_token=SECRETS[1])
    client = Client(RefreshToken(LOGIN, "3MVG9", *SECRETS, keep=fail))
    with pytest.raises(OSError, match="the disk is full") as caught:
        client.limits()
    ours = caught.traceback[1:-1]  # without the test and `fail`, which has it as an argument
    assert [entry.name for entry in ours][-1] == "_keep"
    assert not [entry for entry in ours if "hush" in str(entry.frame.f_locals)]


def fail(token: str) -> None:
    raise OSError("the disk is full")


@pytest.mark.parametrize("login_first", [True, False])
def test_no_secret_is_in_the_traceback_of_a_refused_connection(
    retry: Retry, login_first: bool
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and not listening
        host = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        credentials = RefreshToken(host, "3MVG9", *SECRETS)
        client = Client(credentials if login_first else AccessToken(ACCESS, host), retry=retry)
        with pytest.raises(Unavailable) as caught:
            client.limits()
        client.close()
    assert caught.value.message.startswith("ConnectionError: HTTPConnectionPool(host='127.0.0.1'")
    assert "hush" not in str(caught.getrepr(style="long", funcargs=True))
