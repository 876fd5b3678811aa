"""What the reference client sends again, how often, and after which pauses."""

from collections.abc import Callable

import pytest
import requests
import responses

from sfmock_reference import (
    AccessToken,
    ApiError,
    Client,
    LimitExceeded,
    NotFound,
    Retry,
    Unavailable,
)

HOST = "https://acme.my.salesforce.com"
DATA = f"{HOST}/services/data/v60.0"
ROW = "sobjects/Account/001000000000001AAA"

BUSY = ("Server too busy", "SERVER_UNAVAILABLE")
INTERNAL = ("An unexpected error occurred. ErrorId: 1-2 (3)", "UNKNOWN_EXCEPTION")
CONCURRENT = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
LONG = "ConcurrentPerOrgLongTxn Limit exceeded."
DAILY = "TotalRequests Limit exceeded."

Sent = Callable[[], list[str]]
Reply = tuple[int, tuple[str, str] | str] | Exception


def queue(mock: responses.RequestsMock, method: str, path: str, *replies: Reply) -> None:
    """Answer one after the other; a pair of texts is message and code, a text a page."""
    for reply in replies:
        if isinstance(reply, Exception):
            mock.add(method, f"{DATA}/{path}", body=reply)
        elif isinstance(reply[1], str):
            mock.add(method, f"{DATA}/{path}", status=reply[0], body=reply[1])
        else:
            message, code = reply[1]
            error = [{"message": message, "errorCode": code}]
            mock.add(method, f"{DATA}/{path}", status=reply[0], json=error)


def test_a_read_is_tried_four_times_with_doubling_pauses(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float]
) -> None:
    queue(mock, "GET", "limits", *[(503, BUSY)] * 4)
    with pytest.raises(Unavailable, match="503 SERVER_UNAVAILABLE: Server too busy") as caught:
        client.limits()
    assert sent() == [f"GET {DATA}/limits"] * 4
    assert pauses == [0.5, 1.0, 2.0]
    assert caught.value.tries == 4


def test_jitter_draws_from_the_whole_pause_and_the_pause_has_a_cap(
    mock: responses.RequestsMock,
) -> None:
    pauses: list[float] = []
    draws = iter([0.0, 0.5, 0.25, 1.0])
    retry = Retry(attempts=5, base=1, cap=3, sleep=pauses.append, random=lambda: next(draws))
    queue(mock, "GET", "limits", *[(503, BUSY)] * 4, (200, "{}"))
    client = Client(AccessToken("00D!token", HOST), retry=retry)
    assert client.limits() == {}
    assert pauses == [0.0, 1.0, 0.75, 3.0]


def test_a_single_attempt_means_no_second_try(
    mock: responses.RequestsMock, sent: Sent, pauses: list[float]
) -> None:
    queue(mock, "GET", "limits", (503, BUSY))
    client = Client(AccessToken("00D!token", HOST), retry=Retry(attempts=1, sleep=pauses.append))
    with pytest.raises(Unavailable):
        client.limits()
    assert (len(sent()), pauses) == (1, [])


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "patch"])
@pytest.mark.parametrize(
    "trouble",
    [
        (406, ""),
        (420, "<html>We are setting things up.</html>"),
        (429, ("slow down", "X")),
        (500, INTERNAL),
        (500, "<html>An internal server error has occurred</html>"),
        (502, "<html>Bad Gateway</html>"),
        (503, "<html>Down for Maintenance</html>"),
        (503, ("upstream reset", "X")),
        (504, ""),
        requests.ConnectionError("reset"),
        requests.ReadTimeout("slow"),
        requests.exceptions.ChunkedEncodingError("cut"),
        requests.exceptions.ContentDecodingError("gzip in name only"),
    ],
    ids=str,
)
def test_a_request_that_may_come_twice_is_sent_again(
    mock: responses.RequestsMock,
    sent: Sent,
    client: Client,
    pauses: list[float],
    method: str,
    trouble: Reply,
) -> None:
    queue(mock, method.upper(), ROW, trouble, (200, ""))
    assert client.request(method, ROW) is None
    assert sent() == [f"{method.upper()} {DATA}/{ROW}"] * 2
    assert pauses == [0.5]


@pytest.mark.parametrize(
    "trouble",
    [
        (500, INTERNAL),
        (502, "<html>Bad Gateway</html>"),
        (503, "<html>Down for Maintenance</html>"),
        (503, ("upstream reset", "SERVER_UNAVAILABLE")),
        (504, ""),
        requests.ConnectionError("reset"),
        requests.ReadTimeout("slow"),
    ],
    ids=str,
)
def test_a_create_whose_reply_may_be_lost_is_never_sent_again(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float], trouble: Reply
) -> None:
    queue(mock, "POST", "sobjects/Account", trouble)
    with pytest.raises(Unavailable):
        client.create("Account", {"Name": "Acme"})
    assert (sent(), pauses) == ([f"POST {DATA}/sobjects/Account"], [])


@pytest.mark.parametrize(
    "refusal",
    [
        (503, BUSY),
        (403, (CONCURRENT, "REQUEST_LIMIT_EXCEEDED")),
        (403, (LONG, "REQUEST_LIMIT_EXCEEDED")),
    ],
)
def test_a_create_refused_before_any_work_is_sent_again(
    mock: responses.RequestsMock, client: Client, pauses: list[float], refusal: Reply
) -> None:
    queue(mock, "POST", "sobjects/Account", refusal, refusal, (201, '{"id": "001"}'))
    assert client.create("Account", {"Name": "Acme"}) == "001"
    assert [call.request.body for call in mock.calls] == [b'{"Name": "Acme"}'] * 3
    assert pauses == [0.5, 1.0]


@pytest.mark.parametrize("message", [CONCURRENT, LONG])
def test_congestion_that_stays_ends_as_limit_exceeded(
    mock: responses.RequestsMock, sent: Sent, client: Client, message: str
) -> None:
    queue(mock, "GET", "limits", *[(403, (message, "REQUEST_LIMIT_EXCEEDED"))] * 4)
    with pytest.raises(LimitExceeded) as caught:
        client.limits()
    assert (caught.value.message, len(sent())) == (message, 4)


def test_the_daily_limit_is_reported_at_once(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float]
) -> None:
    queue(mock, "GET", "limits", (403, (DAILY, "REQUEST_LIMIT_EXCEEDED")))
    with pytest.raises(LimitExceeded) as caught:
        client.limits()
    assert caught.value.message == DAILY
    assert (len(sent()), pauses) == (1, [])


@pytest.mark.parametrize(
    "answer",
    [
        (400, ("unable to obtain exclusive access to this record", "UNABLE_TO_LOCK_ROW")),
        (400, ("invalid query locator", "INVALID_QUERY_LOCATOR")),
        (400, ("hidden", "UNKNOWN_EXCEPTION")),
        (403, ("no", "INSUFFICIENT_ACCESS_OR_READONLY")),
        (404, ("The requested resource does not exist", "NOT_FOUND")),
        (500, ("System.DmlException: x", "APEX_ERROR")),
        (501, ("no such feature", "SFMOCK_NOT_IMPLEMENTED")),
        (200, "<html>Log in</html>"),
    ],
)
def test_an_answer_that_waiting_cannot_change_is_final(
    mock: responses.RequestsMock, sent: Sent, client: Client, pauses: list[float], answer: Reply
) -> None:
    queue(mock, "GET", ROW, answer)
    with pytest.raises(ApiError):
        client.request("GET", ROW)
    assert (len(sent()), pauses) == (1, [])


def test_no_reply_at_all_is_unavailable_with_status_zero(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    queue(mock, "GET", "limits", *[requests.ConnectTimeout("took too long\nsecond line")] * 4)
    with pytest.raises(Unavailable) as caught:
        client.limits()
    assert str(caught.value) == "0 NO_REPLY: ConnectTimeout: took too long"
    assert len(sent()) == 4


def test_a_page_of_a_query_is_fetched_again_from_the_same_locator(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    more = '"nextRecordsUrl": "/services/data/v60.0/query/0r8-1"'
    queue(mock, "GET", "query", (200, '{"done": false, "records": [{"n": 1}], ' + more + "}"))
    queue(mock, "GET", "query/0r8-1", (502, ""), (200, '{"done": true, "records": [{"n": 2}]}'))
    assert [record["n"] for record in client.query("SELECT n FROM X")] == [1, 2]
    assert sent()[1:] == [f"GET {DATA}/query/0r8-1"] * 2


def test_delete_whose_first_reply_was_lost_takes_deleted_for_done(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    deleted = (404, ("entity is deleted", "ENTITY_IS_DELETED"))
    queue(mock, "DELETE", ROW, requests.ConnectionError("reset"), deleted)
    client.delete("Account", "001000000000001AAA")
    assert sent() == [f"DELETE {DATA}/{ROW}"] * 2


@pytest.mark.parametrize("code", ["ENTITY_IS_DELETED", "INVALID_CROSS_REFERENCE_KEY"])
def test_delete_of_a_record_that_is_gone_is_not_found(
    mock: responses.RequestsMock, client: Client, code: str
) -> None:
    queue(mock, "DELETE", ROW, (404, ("gone", code)))
    with pytest.raises(NotFound) as caught:
        client.delete("Account", "001000000000001AAA")
    assert caught.value.code == code


def test_delete_of_a_record_that_never_was_stays_not_found_after_a_lost_reply(
    mock: responses.RequestsMock, client: Client
) -> None:
    queue(mock, "DELETE", ROW, (502, ""), (404, ("x", "INVALID_CROSS_REFERENCE_KEY")))
    with pytest.raises(NotFound):
        client.delete("Account", "001000000000001AAA")


@pytest.mark.parametrize(
    ("headers", "pauses_at_most"),
    [
        ({"Retry-After": "30"}, [30.0, 30.0, 30.0]),
        ({"Retry-After": "1"}, [1.0, 1.0, 2.0]),  # longer pauses of ours are as good
        ({"Retry-After": "0"}, [0.5, 1.0, 2.0]),
        (
            {
                "Retry-After": "Wed, 21 Oct 2026 07:28:20 GMT",
                "Date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            [20.0, 20.0, 20.0],
        ),
        (
            {
                "Retry-After": "Wed, 21 Oct 2026 07:27:00 GMT",
                "Date": "Wed, 21 Oct 2026 07:28:00 GMT",
            },
            [0.5, 1.0, 2.0],
        ),
        ({"Retry-After": "Wed, 21 Oct 2026 07:28:20 GMT"}, [0.5, 1.0, 2.0]),
        ({"Retry-After": "soon"}, [0.5, 1.0, 2.0]),
        ({"Retry-After": "-5"}, [0.5, 1.0, 2.0]),
    ],
)
def test_nobody_comes_earlier_than_the_service_says(
    mock: responses.RequestsMock,
    client: Client,
    pauses: list[float],
    headers: dict[str, str],
    pauses_at_most: list[float],
) -> None:
    mock.get(f"{DATA}/limits", status=503, body="<html>Maintenance</html>", headers=headers)
    with pytest.raises(Unavailable):
        client.limits()
    assert pauses == pauses_at_most


def clocked(**options: float) -> tuple[Retry, list[float]]:
    """A retry whose pauses pass on a clock of its own, and what that clock has shown."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now.append(now[-1] + seconds)

    return Retry(sleep=sleep, clock=lambda: now[-1], random=lambda: 1.0, **options), now  # type: ignore[arg-type]  # attempts is whole


def test_no_try_begins_after_the_budget_is_spent(mock: responses.RequestsMock, sent: Sent) -> None:
    retry, now = clocked(attempts=10, budget=5)
    queue(mock, "GET", "limits", (503, BUSY))
    with pytest.raises(Unavailable) as caught:
        Client(AccessToken("00D!token", HOST), retry=retry).limits()
    assert now == [0.0, 0.5, 1.5, 3.5]  # the next would begin at 7.5
    assert (len(sent()), caught.value.tries) == (4, 4)


def test_a_service_that_wants_peace_for_longer_than_the_budget_is_left_alone(
    mock: responses.RequestsMock, sent: Sent
) -> None:
    retry, now = clocked(budget=60)
    mock.get(f"{DATA}/limits", status=503, headers={"Retry-After": "61"})
    with pytest.raises(Unavailable) as caught:
        Client(AccessToken("00D!token", HOST), retry=retry).limits()
    assert (len(sent()), now, caught.value.retry_after) == (1, [0.0], 61.0)


def test_slow_tries_spend_the_budget_as_pauses_do(mock: responses.RequestsMock, sent: Sent) -> None:
    retry, now = clocked(budget=100)

    def slow(_: object) -> tuple[int, dict[str, str], str]:
        now.append(now[-1] + 60)
        return 504, {}, ""

    mock.add_callback("GET", f"{DATA}/limits", slow)
    with pytest.raises(Unavailable):
        Client(AccessToken("00D!token", HOST), retry=retry).limits()
    assert (len(sent()), now) == (2, [0.0, 60.0, 60.5, 120.5])


KEYED = {"Name": "Acme", "Key__c": "a/1"}
LOOK_UP = f"GET {DATA}/sobjects/Account/Key__c/a%2F1"
CREATE = f"POST {DATA}/sobjects/Account"
LOST: list[Reply] = [
    requests.ConnectionError("reset"),
    requests.ReadTimeout("slow"),
    (502, "<html>Bad Gateway</html>"),
    (500, INTERNAL),
    (504, ""),
]


@pytest.mark.parametrize("trouble", LOST, ids=str)
def test_a_create_whose_reply_was_lost_is_looked_up_by_its_external_id(
    mock: responses.RequestsMock, sent: Sent, client: Client, trouble: Reply
) -> None:
    queue(mock, "POST", "sobjects/Account", trouble)
    queue(mock, "GET", "sobjects/Account/Key__c/a%2F1", (200, '{"Id": "001"}'))
    assert client.create("Account", KEYED, external_id="Key__c") == "001"
    assert sent() == [CREATE, LOOK_UP]


def test_a_create_that_never_arrived_is_sent_again_after_the_look_up(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    absent = (404, ("The requested resource does not exist", "NOT_FOUND"))
    queue(mock, "POST", "sobjects/Account", LOST[0], (201, '{"id": "001"}'))
    queue(mock, "GET", "sobjects/Account/Key__c/a%2F1", absent)
    assert client.create("Account", KEYED, external_id="Key__c") == "001"
    assert sent() == [CREATE, LOOK_UP, CREATE]


def test_a_create_that_is_lost_twice_is_told(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    absent = (404, ("The requested resource does not exist", "NOT_FOUND"))
    queue(mock, "POST", "sobjects/Account", LOST[0], LOST[0])
    queue(mock, "GET", "sobjects/Account/Key__c/a%2F1", absent)
    with pytest.raises(Unavailable):
        client.create("Account", KEYED, external_id="Key__c")
    assert sent() == [CREATE, LOOK_UP, CREATE]


def test_a_look_up_that_fails_leaves_the_question_open(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    queue(mock, "POST", "sobjects/Account", LOST[0])
    queue(mock, "GET", "sobjects/Account/Key__c/a%2F1", (502, ""))
    with pytest.raises(Unavailable, match="502"):
        client.create("Account", KEYED, external_id="Key__c")
    assert sent() == [CREATE] + [LOOK_UP] * 4


def test_a_look_up_by_what_is_no_external_id_does_not_pass_for_absence(
    mock: responses.RequestsMock, sent: Sent, client: Client
) -> None:
    message = "Provided external ID field does not exist or is not accessible: Key__c"
    queue(mock, "POST", "sobjects/Account", LOST[0])
    queue(mock, "GET", "sobjects/Account/Key__c/a%2F1", (404, (message, "NOT_FOUND")))
    with pytest.raises(NotFound, match="external ID field"):
        client.create("Account", KEYED, external_id="Key__c")
    assert sent() == [CREATE, LOOK_UP]


@pytest.mark.parametrize(
    "answer", [(503, BUSY), (400, ("m", "REQUIRED_FIELD_MISSING")), (404, ("m", "NOT_FOUND"))]
)
def test_a_create_that_was_answered_is_not_looked_up(
    mock: responses.RequestsMock, sent: Sent, client: Client, answer: Reply
) -> None:
    queue(mock, "POST", "sobjects/Account", answer)
    with pytest.raises(ApiError):
        client.create("Account", KEYED, external_id="Key__c")
    assert set(sent()) == {CREATE}


def test_retry_is_a_value_with_these_defaults() -> None:
    retry = Retry()
    assert (retry.attempts, retry.base, retry.cap, retry.budget) == (4, 0.5, 8.0, 120.0)
    assert retry == Retry()
    with pytest.raises(AttributeError):
        retry.attempts = 5  # type: ignore[misc]  # frozen, which is the point
