"""What the reference client promises whatever happens: drawn troubles, a clock of its own, sixteen threads."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from pytest_sfmock import Sfmock
from sfmock_reference import AccessToken, ApiError, Client, RefreshToken, Retry

DONE = ("fine", "lost after", "502 after")
"""What happens to a request that is carried out."""
FINAL = {
    "400": (400, "UNABLE_TO_LOCK_ROW"),
    "404": (404, "NOT_FOUND"),
    "daily": (403, "REQUEST_LIMIT_EXCEEDED"),
    "403": (403, "INSUFFICIENT_ACCESS_OR_READONLY"),
}
ABSENT = {"message": "The requested resource does not exist", "errorCode": "NOT_FOUND"}
PASSING = ("lost before", "502 before", "503", "busy", "Retry-After")
EVENTS = st.lists(st.sampled_from((*DONE, *PASSING, *FINAL)), max_size=12)


@dataclass
class Org(requests.Session):
    """A session that answers itself: each request meets the next event, and those after the last are fine."""

    events: list[str]
    seconds: float = 0.0
    clock: list[float] = field(default_factory=lambda: [0.0])
    begun: list[tuple[float, str]] = field(default_factory=list)
    records: list[str] = field(default_factory=list)

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        event = self.events[len(self.begun)] if len(self.begun) < len(self.events) else "fine"
        self.begun.append((self.clock[0], f"{method} {event}"))
        self.clock[0] += self.seconds
        if event in DONE and method == "POST":
            self.records.append(more["json"]["Key__c"])
        if event.startswith("lost"):
            raise requests.ConnectionError("reset")
        if event.startswith("502"):
            return _reply(502, "<html>Error Page</html>")
        if event in FINAL:
            status, code = FINAL[event]
            message = "TotalRequests Limit exceeded." if event == "daily" else "no"
            return _reply(status, json.dumps([{"message": message, "errorCode": code}]))
        if event == "busy":
            said = {"message": "Server too busy", "errorCode": "SERVER_UNAVAILABLE"}
            return _reply(503, json.dumps([said]))
        if event != "fine":
            return _reply(503, "<html></html>", {"Retry-After": "9"} if event != "503" else {})
        if method == "GET" and not self.records:
            return _reply(404, json.dumps([ABSENT]))
        return _reply(201, '{"id": "001", "Id": "001"}')

    def sleep(self, seconds: float) -> None:
        self.clock[0] += seconds


def _reply(status: int, body: str, headers: dict[str, str] | None = None) -> requests.Response:
    reply = requests.Response()
    reply.status_code, reply._content = status, body.encode()
    reply.headers.update(headers or {})
    return reply


def client_of(org: Org, **options: Any) -> Client:
    retry = Retry(sleep=org.sleep, clock=lambda: org.clock[0], **options)
    return Client(
        AccessToken("00D!token", "https://acme.my.salesforce.com"), retry=retry, session=org
    )


def outcome_of(call: Callable[[], object]) -> object:
    try:
        return call()
    except ApiError as error:
        return error


@given(
    events=EVENTS,
    seconds=st.sampled_from([0.0, 1.0, 30.0]),
    attempts=st.integers(1, 6),
    budget=st.floats(0, 60),
    method=st.sampled_from(["GET", "POST", "PATCH", "DELETE"]),
    draw=st.floats(0, 1),
)
def test_number_and_time_of_tries_are_bounded_and_final_answers_final(
    events: list[str], seconds: float, attempts: int, budget: float, method: str, draw: float
) -> None:
    org = Org(events, seconds)
    client = client_of(org, attempts=attempts, budget=budget, random=lambda: draw)

    outcome_of(lambda: client.request(method, "sobjects/X", json={"Key__c": "k"}))

    assert 1 <= len(org.begun) <= attempts
    assert all(at <= budget for at, _ in org.begun)
    met = [event.partition(" ")[2] for _, event in org.begun]
    assert not {"fine", *FINAL}.intersection(met[:-1])  # nothing follows an answer that is final
    pauses = [b - a - seconds for (a, _), (b, _) in zip(org.begun, org.begun[1:], strict=False)]
    for event, pause in zip(met, pauses, strict=False):
        assert pause >= (9 - 1e-9 if event == "Retry-After" else 0)
        assert pause <= 9 + 1e-9
    if method == "POST":
        assert set(met[:-1]) <= {"busy"}  # nothing else says that no work was done


@given(events=EVENTS)
def test_a_create_without_external_id_is_carried_out_once_at_most(events: list[str]) -> None:
    org = Org(events)
    client = client_of(org)

    made = outcome_of(lambda: client.create("Account", {"Key__c": "k"}))

    assert len(org.records) <= 1
    if made == "001":
        assert org.records == ["k"]


@given(events=EVENTS)
def test_a_create_with_external_id_ends_with_one_record_or_with_an_error(
    events: list[str],
) -> None:
    org = Org(events)
    client = client_of(org)

    made = outcome_of(lambda: client.create("Account", {"Key__c": "k"}, external_id="Key__c"))

    assert len(org.records) <= 1
    assert made == "001" or isinstance(made, ApiError)
    if made == "001":
        assert org.records == ["k"]


THREADS = 16


@pytest.mark.parametrize("rotation", [False, True])
def test_sixteen_threads_with_an_expired_token_make_one_refresh(
    sfmock: Sfmock, rotation: bool
) -> None:
    sfmock.org.apps.change("pytest-sfmock", refresh_token_rotation=rotation)
    login = sfmock.credentials
    app = (sfmock.login_url, login.client_id, login.client_secret)
    client = sfmock.client(auth=RefreshToken(*app, login.refresh_token))
    client.limits()
    [old] = sfmock.org.sessions
    sfmock.org.sessions.expire()
    together = threading.Barrier(THREADS, timeout=30)

    def meet(request: Any) -> bool:
        """Hold each request with the old token until all are there: nobody learns of its end earlier."""
        if old.token in str(request.headers.get("Authorization")):
            together.wait()
        return False

    sfmock.faults.add("server_unavailable", on="limits", when=meet, optional=True)
    with ThreadPoolExecutor(THREADS) as pool:
        replies = list(pool.map(lambda _: client.limits(), range(THREADS)))

    assert len(replies) == THREADS
    assert sfmock.requests.count("token") == 2  # the login, and one refresh for all
    assert [each.status for each in sfmock.requests.matching("limits")].count(401) == THREADS
    assert sfmock.requests.count("limits") == 1 + 2 * THREADS


def test_sixteen_threads_without_a_token_make_one_login(sfmock: Sfmock) -> None:
    client = sfmock.client()
    together = threading.Barrier(THREADS, timeout=30)

    def work(_: int) -> None:
        together.wait()
        client.limits()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))

    assert sfmock.requests.count("token") == 1


def test_the_budget_is_kept_on_the_clock_of_the_org(sfmock: Sfmock) -> None:
    sfmock.clock.freeze()
    sfmock.faults.add("server_unavailable", on="limits", times=None)
    retry = Retry(
        attempts=100,
        budget=45,
        sleep=lambda seconds: sfmock.clock.advance(seconds=seconds),
        clock=sfmock.clock.timestamp,
        random=lambda: 1.0,
    )
    start = sfmock.clock.now

    outcome_of(sfmock.client(retry=retry).limits)

    tries = [(each.started - start).total_seconds() for each in sfmock.requests.matching("limits")]
    assert tries == [0.0, 0.5, 1.5, 3.5, 7.5, 15.5, 23.5, 31.5, 39.5]


def test_a_lost_reply_to_a_create_leaves_one_record_and_its_id(sfmock: Sfmock) -> None:
    sfmock.org.schema.add_field("Account", "Key__c", "string", external_id=True, unique=True)
    sfmock.faults.add("connection_reset", on="create", at="after")
    made = sfmock.client().create("Account", {"Name": "Acme", "Key__c": "k"}, external_id="Key__c")
    assert (sfmock.org.count("Account"), sfmock.org.get(made)["Key__c"]) == (1, "k")
    assert sfmock.requests.count("create") == 1


def test_a_create_that_never_arrived_is_made_good(sfmock: Sfmock) -> None:
    sfmock.org.schema.add_field("Account", "Key__c", "string", external_id=True, unique=True)
    sfmock.faults.add("connection_reset", on="create", at="before")
    made = sfmock.client().create("Account", {"Name": "Acme", "Key__c": "k"}, external_id="Key__c")
    assert (sfmock.org.count("Account"), sfmock.org.get(made)["Key__c"]) == (1, "k")
    assert sfmock.requests.count("create") == 2


def test_a_create_without_external_id_leaves_the_question_to_its_caller(sfmock: Sfmock) -> None:
    sfmock.faults.add("connection_reset", on="create", at="after")
    error = outcome_of(lambda: sfmock.client().create("Account", {"Name": "Acme"}))
    assert isinstance(error, ApiError)
    assert sfmock.org.count("Account") == 1
