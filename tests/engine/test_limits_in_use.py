"""Limits as they are met: the recorded body, long requests at once, quotas of apps, and the counter that is none."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from calling import Caller
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org
from waiting import wait_until

TOO_MANY = (
    '[{"message":"ConcurrentRequests (Concurrent API Requests) Limit exceeded.",'
    '"errorCode":"REQUEST_LIMIT_EXCEEDED"}]'
)
QUERY = "/query?q=SELECT+Id+FROM+Account"


def hold(call: Caller, count: int, seconds: float = 600) -> None:
    """So many requests that are under way for so long."""
    call.org.faults.add("slow", on="query", times=count, seconds=seconds)
    for _ in range(count):
        assert call("GET", QUERY).rendered.delay == seconds


def test_the_body_is_the_recorded_one(org: Org, call: Caller) -> None:
    recorded = (Path(__file__).parent / "recorded/limits.json").read_text("utf-8")
    org.limits["DailyApiRequests"].used = 23
    org.limits["MaxContentDocumentsLimit"].used = 1
    org.limits["PermissionSets"].used = 2
    answer = call("GET", "/limits")
    assert answer.text == json.dumps(json.loads(recorded), separators=(",", ":"))
    assert answer.headers.get("Sforce-Limit-Info") == "api-usage=24/15000"


@pytest.mark.parametrize(
    ("version", "has", "lacks"),
    [
        ("36.0", [], ["DurableStreamingApiConcurrentClients", "DailyBulkV2QueryJobs"]),
        ("46.0", ["DailyBulkApiRequests"], ["DailyBulkApiBatches", "DailyBulkV2QueryJobs"]),
        ("48.0", ["DailyBulkApiRequests", "DailyBulkV2QueryJobs"], ["DailyBulkApiBatches"]),
        ("49.0", ["DailyBulkApiBatches"], ["DailyBulkApiRequests", "DailyAsyncApexTests"]),
        ("56.0", ["DailyAsyncApexTests"], ["DailyBulkApiRequests"]),
    ],
)
def test_keys_come_and_go_with_versions(
    call: Caller, version: str, has: list[str], lacks: list[str]
) -> None:
    body = call("GET", "/limits", version=version).json
    assert isinstance(body, dict)
    assert set(has) <= set(body)
    assert not set(lacks) & set(body)
    assert list(body) == sorted(body)


def test_a_held_request_counts_after_twenty_seconds_of_the_clock(call: Caller, org: Org) -> None:
    org.clock.freeze()
    hold(call, 5)
    assert (len(org.limits.running), call("GET", "/limits").status) == (0, 200)
    org.clock.advance(seconds=19)
    assert call("GET", "/limits").status == 200
    org.clock.advance(seconds=1)
    used = org.limits["DailyApiRequests"].used
    answer = call("GET", "/limits")
    assert (answer.status, answer.text) == (403, TOO_MANY)
    assert answer.headers.get("Retry-After") is None
    assert (len(org.limits.running), org.limits["DailyApiRequests"].used) == (5, used)
    assert call("GET", "/services/data", token=None).status == 200
    org.clock.advance(seconds=580)
    assert (len(org.limits.running), call("GET", "/limits").status) == (0, 200)


def test_four_are_not_too_many(call: Caller, org: Org) -> None:
    hold(call, 4)
    org.clock.advance(seconds=30)
    assert call("GET", "/limits").status == 200


def test_short_ones_and_uncounted_ones_never_count(call: Caller, org: Org) -> None:
    org.clock.freeze()
    hold(call, 5, seconds=19)
    org.faults.add("slow", on="GET /services/data", times=5, seconds=100)
    for _ in range(5):
        call("GET", "/services/data", token=None)
    org.clock.advance(seconds=20)
    assert (len(org.limits.running), call("GET", "/limits").status) == (0, 200)


def test_five_in_developer_and_trial_orgs_else_twenty_five(org: Org, call: Caller) -> None:
    assert org.limits.concurrent_requests == 5
    for values, expected in (
        ("OrganizationType = 'Enterprise Edition'", 25),
        ("TrialExpirationDate = '2030-01-01T00:00:00.000+0000'", 5),
        ("TrialExpirationDate = NULL", 25),
        ("OrganizationType = 'Developer Edition'", 5),
    ):
        org.db.execute(f"UPDATE Organization SET {values}")
        assert org.limits.concurrent_requests == expected
    org.limits.concurrent_requests = 1
    hold(call, 1)
    org.clock.advance(seconds=20)
    assert call("GET", "/limits").status == 403
    with Org.new("bare") as bare:
        assert bare.limits.concurrent_requests == 5
    with pytest.raises(ValueError, match="whole number"):
        org.limits.concurrent_requests = -1


def test_twenty_five_long_requests_on_threads_of_their_own(call: Caller, org: Org) -> None:
    """They wait outside the org's lock, and all of them end when the clock has passed their time."""
    org.limits.concurrent_requests = 25
    org.faults.add("slow", on="query", times=25, seconds=60)
    token = call.token

    def long(_: int) -> int:
        answer = call("GET", QUERY, token=token)
        answer.rendered.wait(time.sleep)
        return answer.status

    with ThreadPoolExecutor(25) as pool:
        running = [pool.submit(long, each) for each in range(25)]
        wait_until(lambda: len(org.journal) >= 25)
        assert call("GET", "/limits", token=token).status == 200
        org.clock.advance(seconds=20)
        assert call("GET", "/limits", token=token).status == 403
        assert not any(each.done() for each in running)
        org.clock.advance(seconds=40)
        assert [each.result(10) for each in running] == [200] * 25
    assert call("GET", "/limits", token=token).status == 200


def test_a_reply_that_was_waited_for_counts_no_more(call: Caller, org: Org) -> None:
    org.clock.freeze()
    org.faults.add("slow", on="query", seconds=600)
    rendered = call("GET", QUERY).rendered
    org.clock.advance(seconds=100)
    assert len(org.limits.running) == 1
    slept: list[float] = []

    def sleep(seconds: float) -> bool:
        slept.append(seconds)
        return len(slept) == 3  # nobody waits any longer

    rendered.wait(sleep)
    assert (slept, len(org.limits.running)) == ([0.02] * 3, 0)


def test_a_reset_ends_what_is_under_way(call: Caller, org: Org) -> None:
    assert call("GET", "/limits").status == 200
    start = Baseline(org)
    hold(call, 5)
    org.clock.advance(seconds=20)
    assert len(org.limits.running) == 5
    start.restore()
    org.clock.advance(seconds=20)
    assert (len(org.limits.running), call("GET", "/limits").status) == (0, 200)


def of_app(call: Caller, name: str) -> str:
    app = call.org.connected_app(name, run_as=call.org.admin_id)
    return call.org.sessions.open(call.org.admin_id, kind="oauth", app_id=app.id).token


def test_an_app_with_a_quota_is_told_of_it(call: Caller, org: Org) -> None:
    ours, other = of_app(call, "sample-connected-app"), of_app(call, "other")
    quota = org.limits.apps.allot("sample-connected-app", 250)
    quota.used = 16
    org.limits["DailyApiRequests"].max = 5000
    org.limits["DailyApiRequests"].used = 24

    def header(token: str) -> str | None:
        return call("GET", "/sobjects/Account", token=token).headers.get("Sforce-Limit-Info")

    assert header(ours) == (
        "api-usage=25/5000; per-app-api-usage=17/250(appName=sample-connected-app)"
    )
    assert header(other) == "api-usage=26/5000"
    assert header("") == "api-usage=27/5000"
    body = call("GET", "/limits", token=other).json
    assert isinstance(body, dict)
    assert body["DailyApiRequests"] == {
        "Max": 5000,
        "Remaining": 4972,
        "sample-connected-app": {"Max": 250, "Remaining": 233},
    }
    assert repr(org.limits.apps) == "<AppLimits sample-connected-app>"
    assert repr(quota) == "<AppLimit 'sample-connected-app' 17/250>"


def test_a_call_beyond_a_quota_is_refused_for_nobody_knows_the_answer(
    call: Caller, org: Org
) -> None:
    token = of_app(call, "sample-connected-app")
    quota = org.limits.apps.allot("sample-connected-app", 2)
    assert [call("GET", "/sobjects/Account", token=token).status for _ in range(3)] == [
        200,
        200,
        501,
    ]
    assert [each.refused for each in org.journal.problems] == [
        "a call of the connected app 'sample-connected-app' beyond its own quota"
    ]
    assert (quota.remaining, org.limits["DailyApiRequests"].used) == (0, 2)
    org.clock.advance(hours=25)
    token = of_app(call, "sample-connected-app")
    assert (quota.remaining, call("GET", "/sobjects/Account", token=token).status) == (2, 200)


def test_quotas_survive_a_restore_and_are_forgotten_by_a_reset(call: Caller, org: Org) -> None:
    token = of_app(call, "app")
    start, snapshot = Baseline(org), org.snapshot()
    quota = org.limits.apps.allot("app", 10)
    call("GET", "/sobjects/Account", token=token)
    org.restore(snapshot)
    assert (quota.max, quota.used, quota.remaining) == (10, 1, 9)
    quota.remaining = 3
    quota.max = 8
    assert quota.used == 7
    start.restore()
    assert list(org.limits.apps) == []
    assert call("GET", "/sobjects/Account", token=token).headers.get("Sforce-Limit-Info") == (
        "api-usage=1/15000"
    )
    with pytest.raises(KeyError, match="the app 'app' has no quota"):
        org.limits.apps["app"]
    with pytest.raises(ValueError, match="0 or more"):
        org.limits.apps.allot("app", -1)


def test_settings_of_limits_are_saved_with_the_org(tmp_path: Path) -> None:
    with Org.new() as org:
        org.limits.concurrent_requests = 7
        org.limits.stale_counter = True
        org.limits.apps.allot("app", 10).used = 4
        org.save(tmp_path / "org.sqlite")
    with Org.open(tmp_path / "org.sqlite") as org:
        assert (org.limits.concurrent_requests, org.limits.stale_counter) == (7, True)
        assert (org.limits.apps["app"].max, org.limits.apps["app"].used) == (10, 4)


def test_settings_that_make_no_sense_are_refused(org: Org) -> None:
    with pytest.raises(ValueError, match="concurrent_requests is a whole number of 1 or more"):
        org.limits.concurrent_requests = 0
    with pytest.raises(ValueError, match="stale_counter is True or False, not 'often'"):
        org.limits.stale_counter = "often"  # type: ignore[assignment]
    assert (org.limits.concurrent_requests, org.limits.stale_counter) == (5, False)


def test_the_stale_counter_repeats_jumps_and_falls(call: Caller, org: Org) -> None:
    org.limits.stale_counter = True
    steps: Counter[str] = Counter()
    shown: list[int] = []
    for number in range(1, 401):
        value = call("GET", "/sobjects/Account").headers.get("Sforce-Limit-Info") or ""
        used = int(value.removeprefix("api-usage=").removesuffix("/15000"))
        assert number - 6 <= used <= number
        if shown:
            step = used - shown[-1]
            steps[
                "same" if step == 0 else "one" if step == 1 else "up" if step > 0 else "down"
            ] += 1
        shown.append(used)
    assert min(steps.values()) >= 20
    assert steps["same"] + steps["down"] > 120
    assert org.limits["DailyApiRequests"].used == 400
    body = call("GET", "/limits").json
    assert isinstance(body, dict)
    remaining = body["DailyApiRequests"]
    assert isinstance(remaining, dict)
    assert 14_599 <= int(str(remaining["Remaining"])) <= 14_605
    org.limits.stale_counter = False
    assert (
        call("GET", "/sobjects/Account").headers.get("Sforce-Limit-Info") == "api-usage=402/15000"
    )


def test_equal_orgs_have_equal_stale_counters() -> None:
    found = []
    for _ in range(2):
        with Org.new() as org:
            call = Caller(org)
            org.limits.stale_counter = True
            start = Baseline(org)
            for _ in range(2):
                start.restore()
                found.append(
                    [call("GET", "/limits").headers.get("Sforce-Limit-Info") for _ in range(20)]
                )
                call = Caller(org)
    assert found[0] == found[1] == found[2] == found[3]


def test_the_cap_is_cut_exactly_under_threads(call: Caller, org: Org) -> None:
    org.limits["DailyApiRequests"].max = 30
    token, start = call.token, threading.Barrier(8)

    def asks(_: int) -> list[int]:
        start.wait()
        return [call("GET", "/sobjects/Account", token=token).status for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        found = [status for each in pool.map(asks, range(8)) for status in each]
    assert Counter(found) == {200: 30, 403: 50}
    assert [each.used for each in org.limits.history] == list(range(1, 31))


def test_capacity_comes_back_as_the_window_rolls(call: Caller, org: Org) -> None:
    org.clock.freeze()
    org.limits["DailyApiRequests"].max = 3
    org.sessions.lifetime = 10**6
    token = org.sessions.open(org.admin_id).token
    found = []
    for hour in range(0, 30, 6):
        found.append((hour, call("GET", "/sobjects/Account", token=token).status))
        org.clock.advance(hours=6)
    assert found == [(0, 200), (6, 200), (12, 200), (18, 403), (24, 200)]
