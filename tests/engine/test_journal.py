"""The journal: what it keeps, what it says of what it does not keep, and what `expect()` tells."""

from __future__ import annotations

import threading
from collections.abc import Callable
from hashlib import sha256
from textwrap import dedent, indent

import pytest

from calling import Caller
from sfmock.org import journal
from sfmock.org.expecting import Expected
from sfmock.org.org import Org


@pytest.fixture
def traffic(call: Caller, org: Org) -> Org:
    """A query, an account, limits."""
    call("GET", "/query?q=SELECT+Id+FROM+Account")
    call("POST", "/sobjects/Account", {"Name": "Acme"})
    call("GET", "/limits")
    return org


def test_an_exchange_has_all_that_was_asked_and_answered(call: Caller, org: Org) -> None:
    org.faults.add("slow", on="query_all", seconds=3)
    call("GET", "/queryAll/?q=SELECT+Id+FROM+Account", headers={"X-One": "1"})

    [found] = org.journal
    assert (found.method, found.path) == ("GET", "/services/data/v60.0/queryAll/")
    assert found.url == f"https://{org.my_domain}/services/data/v60.0/queryAll/?{found.query}"
    assert found.query == "q=SELECT+Id+FROM+Account"
    assert (found.headers.get("x-one"), found.body) == ("1", b"")
    assert (found.status, found.reply_headers.get("Sforce-Limit-Info")) == (
        200,
        "api-usage=1/15000",
    )
    assert found.text == '{"totalSize":0,"done":true,"records":[]}'
    assert found.json == {"totalSize": 0, "done": True, "records": []}
    assert (found.error_code, found.soql) == (None, "SELECT Id FROM Account")
    assert (found.fault, found.api_calls, found.user) == ("slow", 1, org.admin_id)
    assert (found.parent, found.refused, found.crash) == (None, None, None)
    assert found.started <= org.clock.now
    assert found.elapsed > 0
    assert found.shortcut == "query_all"


def test_a_long_body_is_kept_as_head_and_digest(call: Caller, org: Org) -> None:
    body = b'{"Name": "' + b"x" * 65_530 + b'"}'
    call("POST", "/sobjects/Account", body=body, headers={"Content-Type": "application/json"})
    call("POST", "/sobjects/Account", body=body[:65_536])

    note = f"… 65542 bytes, sha256 {sha256(body).hexdigest()}"
    assert org.journal[0].body == body[:65_536] + note.encode()
    assert org.journal[1].body == body[:65_536]


def test_of_many_exchanges_the_last_are_kept_and_questions_about_all_fail(
    traffic: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "KEPT", 10)
    for _ in range(18):
        traffic.journal.add(traffic.journal[2])

    kept = traffic.journal
    assert (len(kept), kept.dropped, kept.api_calls) == (10, 11, 21)
    assert repr(kept) == "<Journal 10 exchanges, 11 more no longer kept, 21 API calls>"
    questions: list[Callable[[], object]] = [
        lambda: kept.count("limits"),
        lambda: kept.matching("limits"),
        lambda: kept.errors,
        lambda: kept.expect(["limits"]),
    ]
    for ask in questions:
        with pytest.raises(LookupError, match="keeps the last 10 of 21 requests: ask sooner, or"):
            ask()
    kept.clear()
    assert (kept.count("limits"), kept.dropped, kept.api_calls) == (0, 0, 0)


def test_of_many_bytes_the_last_exchanges_are_kept(
    traffic: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = traffic.journal
    limits = kept[2]
    kept.clear()
    monkeypatch.setattr(journal, "BYTES_KEPT", 5 * len(limits.reply))
    for _ in range(5):
        kept.add(limits)
    assert (len(kept), kept.dropped) == (5, 0)
    kept.add(limits)
    assert (len(kept), kept.dropped, kept.api_calls) == (5, 1, 6)
    kept.rewind()
    kept.add(limits)
    assert (len(kept), kept.dropped, kept.api_calls) == (1, 0, 1)


def test_problems_are_bounded_too(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "PROBLEMS_KEPT", 2)
    for _ in range(3):
        call("GET", "/tooling?q=x")

    assert len(call.org.journal.problems) == 2


def test_threads_lose_no_count(traffic: Org) -> None:
    kept, limits = traffic.journal, traffic.journal[2]
    kept.clear()

    def add() -> None:
        for _ in range(500):
            kept.add(limits)

    threads = [threading.Thread(target=add) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    assert (len(kept), kept.api_calls) == (4_000, 4_000)


def test_an_exchange_says_which_pattern_means_it(traffic: Org, call: Caller) -> None:
    call("GET", "/nonsense")

    shortcuts = [each.shortcut for each in traffic.journal]
    assert shortcuts == ["query", "create Account", "limits", "GET /services/data/v60.0/nonsense"]
    for each in traffic.journal:
        assert each in traffic.journal.matching(each.shortcut)


def test_the_repr_of_an_exchange_masks_its_path(call: Caller, org: Org) -> None:
    call("GET", f"/limits/{call.token}")

    assert repr(org.journal[0]) == "<Exchange GET /services/data/v60.0/limits/… 404 NOT_FOUND>"


@pytest.mark.parametrize(
    ("expected", "others", "found"),
    [
        (["query", "create Account", "limits"], False, [0, 1, 2]),
        (["GET */query?*", "*", ("limits", 200)], False, [0, 1, 2]),
        (["query", "limits"], True, [0, 2]),
        ([], True, []),
        ({"create": 1, "query": 1, "GET *": 2}, False, [0, 1, 2]),
        ({"limits": 1, "describe": 0}, True, [2]),
    ],
)
def test_expect_answers_what_it_asserts(
    traffic: Org, expected: list[Expected], others: bool, found: list[int]
) -> None:
    journal = traffic.journal

    assert journal.expect(expected, others=others) == [journal[each] for each in found]


QUERY = "200 GET    /services/data/v60.0/query?q=SELECT Id FROM Account  1 API call"
CREATE = "201 POST   /services/data/v60.0/sobjects/Account  1 API call"
LIMITS = "200 GET    /services/data/v60.0/limits  1 API call"


@pytest.mark.parametrize(
    ("expected", "others", "told"),
    [
        (
            ["token", "query", "limits"],
            False,
            f"""\
              - token
                query           {QUERY}
              + create Account  {CREATE}
                limits          {LIMITS}""",
        ),
        (
            ["limits", "query"],
            True,
            f"""\
              - limits
                query           {QUERY}
                create Account  {CREATE}
                limits          {LIMITS}""",
        ),
        (
            ["query", ("create Account", 500), "limits"],
            False,
            f"""\
                query                 {QUERY}
              - create Account → 500
              + create Account        {CREATE}
                limits                {LIMITS}""",
        ),
        (
            [],
            False,
            f"""\
              + query           {QUERY}
              + create Account  {CREATE}
              + limits          {LIMITS}""",
        ),
        (
            {"query": 2, "create": 0, "token": 0},
            False,
            f"""\
              - query: 2 expected, 1 came
              + create: 0 expected, 1 came
                token: 0 expected, 0 came
              + limits                      {LIMITS}""",
        ),
    ],
)
def test_expect_tells_both_sides(
    traffic: Org, expected: list[Expected], others: bool, told: str
) -> None:
    with pytest.raises(AssertionError) as failure:
        traffic.journal.expect(expected, others=others)

    head = "the requests are not those that were expected (- did not come, + was not expected):"
    assert str(failure.value).splitlines() == [head, *indent(dedent(told), "  ").splitlines()]


def test_expect_tells_of_many_requests_the_first_and_the_last(traffic: Org) -> None:
    for _ in range(30):
        traffic.journal.add(traffic.journal[2])

    with pytest.raises(AssertionError) as failure:
        traffic.journal.expect(["query", "create", "limits"])

    _, *rows = str(failure.value).splitlines()
    assert rows[:4] == [
        f"    query   {QUERY}",
        f"    create  {CREATE}",
        f"    limits  {LIMITS}",
        f"  + limits  {LIMITS}",
    ]
    assert rows[8] == "  + … 20 more"
    assert rows[9:] == [f"  + limits  {LIMITS}"] * 5


def test_expect_takes_patterns_only(traffic: Org) -> None:
    with pytest.raises(ValueError, match="unknown request pattern 'nonsense'"):
        traffic.journal.expect(["nonsense"])
    with pytest.raises(ValueError, match="unknown request pattern 'nonsense'"):
        traffic.journal.expect({"nonsense": 1})
    with pytest.raises(TypeError, match=r"takes a list of patterns, or their counts: \['query'\]"):
        traffic.journal.expect("query")
    for pair in (("query",), ("query", "200"), ("query", 200, 1), 5):
        with pytest.raises(TypeError, match="takes patterns, and pairs of pattern and status: "):
            traffic.journal.expect([pair])  # type: ignore[list-item]  # wrong values are the point


def test_what_expect_tells_holds_no_secret(call: Caller, org: Org) -> None:
    call("GET", f"/limits?access_token={call.token}")
    call("GET", f"/limits/{call.token}")

    with pytest.raises(AssertionError) as failure:
        org.journal.expect([f"GET */limits/{call.token}"] * 2)

    assert call.token not in str(failure.value)
