"""Planned faults: which request they meet, what it looks like, and what it leaves in the org."""

from __future__ import annotations

import pytest

from calling import Caller
from sfmock.org.org import Org
from sfmock.org.planned import Plan, UnmetFault

BUSY = '[{"message":"Server too busy","errorCode":"SERVER_UNAVAILABLE"}]'


def unmet(org: Org) -> list[Plan]:
    return [fault for fault in org.faults if not fault.met]


def statuses(call: Caller, count: int, path: str = "/limits") -> list[int]:
    return [call("GET", path).status for _ in range(count)]


def test_a_fault_fires_after_so_many_matching_requests_and_so_many_times(
    call: Caller, org: Org
) -> None:
    fault = org.faults.add("server_unavailable", on="limits", after=1, times=2)
    assert call("GET", "/nope").status == 404
    assert statuses(call, 5) == [200, 503, 503, 200, 200]
    assert fault.fired == 2
    assert unmet(org) == []
    assert [each.fault for each in org.journal][:4] == [None, None, *["server_unavailable"] * 2]


def test_503_looks_as_salesforce_writes_it_and_is_not_counted(call: Caller, org: Org) -> None:
    org.faults.add("server_unavailable")
    answer = call("GET", "/limits")
    assert answer.text == BUSY
    assert answer.headers.get("Retry-After") is None
    assert org.limits["DailyApiRequests"].used == 0


def test_an_expired_session_stays_expired(call: Caller, org: Org) -> None:
    org.faults.add("session_expired")
    assert statuses(call, 2) == [401, 401]
    assert org.sessions.find(call.token) is None


def test_a_request_without_a_session_cannot_find_it_expired(call: Caller, org: Org) -> None:
    fault = org.faults.add("session_expired")
    assert call("GET", "/services/data", token=None).status == 200
    assert fault.fired == 0


def test_the_daily_limit_fault_leaves_the_counter_alone(call: Caller, org: Org) -> None:
    org.faults.add("daily_limit")
    answer = call("GET", "/limits")
    assert (answer.status, answer.text) == (
        403,
        '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]',
    )
    assert org.limits["DailyApiRequests"].used == 0


def test_a_slow_reply_is_carried_out_at_once_and_told_to_the_transport(
    call: Caller, org: Org
) -> None:
    org.faults.add("slow", on="create", seconds=7)
    answer = call("POST", "/sobjects/Account", {"Name": "Acme"})
    assert (answer.status, answer.rendered.delay) == (201, 7)
    assert org.count("Account") == 1


@pytest.mark.parametrize(("at", "rows"), [("before", 0), ("after", 1)])
def test_a_reset_before_or_after_the_commit(call: Caller, org: Org, at: str, rows: int) -> None:
    org.faults.add("connection_reset", on="create Account", at=at)
    answer = call("POST", "/sobjects/Account", {"Name": "Acme"})
    assert answer.rendered.reset is True
    assert org.count("Account") == rows


def test_a_pattern_may_name_method_and_path(call: Caller, org: Org) -> None:
    org.faults.add("server_unavailable", on="GET /services/data/*/limits")
    assert call("GET", "/nope").status == 404
    assert statuses(call, 2) == [503, 200]


def test_when_decides_by_the_request(call: Caller, org: Org) -> None:
    org.faults.add("server_unavailable", when=lambda request: "x=2" in request.query)
    assert [call("GET", f"/limits?x={x}").status for x in (1, 2)] == [200, 503]


def test_a_rate_is_seeded_and_need_not_fire(call: Caller, org: Org) -> None:
    fault = org.faults.add("server_unavailable", rate=0.5)
    found = statuses(call, 40)
    assert 5 < found.count(503) < 35
    assert fault.fired == found.count(503)
    org.faults.clear()
    org.faults.add("server_unavailable", rate=0)
    assert unmet(org) == []


def test_a_block_takes_its_fault_away_and_checks_it(call: Caller, org: Org) -> None:
    with org.faults.add("server_unavailable", times=None):
        assert statuses(call, 2) == [503, 503]
    assert statuses(call, 1) == [200]
    with (
        pytest.raises(
            UnmetFault, match=r"'slow' on 'query' should have fired 1 time\(s\) and fired 0"
        ),
        org.faults.add("slow", on="query"),
    ):
        pass


def test_an_error_on_its_way_is_not_hidden_by_an_unmet_fault(org: Org, call: Caller) -> None:
    with pytest.raises(KeyError), org.faults.add("slow"):
        raise KeyError("the real one")


def test_an_unmet_fault_is_listed_unless_it_is_optional(org: Org, call: Caller) -> None:
    fault = org.faults.add("slow")
    org.faults.add("slow", optional=True)
    assert unmet(org) == [fault]


@pytest.mark.parametrize(
    ("kind", "options", "error", "text"),
    [
        (
            "slowness",
            {},
            TypeError,
            "unknown fault 'slowness': use one of any_error, api_disabled, .*, wrong_length$",
        ),
        (
            "slow",
            {"secs": 1},
            TypeError,
            "unknown option 'secs' of the fault 'slow': use on, after, .*seconds",
        ),
        ("slow", {"seconds": -1}, ValueError, "more than 0 and at most 600"),
        ("slow", {"seconds": "5"}, TypeError, "seconds= is a number, not '5'"),
        ("drip", {"pieces": 2.5}, TypeError, "pieces= is a whole number, not 2.5"),
        ("slow", {"times": 0}, ValueError, "times= is 1 or more"),
        ("slow", {"rate": 2.0}, ValueError, "between 0 and 1"),
        ("slow", {"on": "querys"}, ValueError, "unknown request pattern 'querys'"),
        (
            "connection_reset",
            {"at": "later"},
            ValueError,
            "at= is 'send', 'before' or 'after', not 'later'",
        ),
    ],
)
def test_a_wrong_plan_names_what_is_allowed(
    org: Org, call: Caller, kind: str, options: dict[str, object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        org.faults.add(kind, **options)  # type: ignore[arg-type]  # wrong values are the point
