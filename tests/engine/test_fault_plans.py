"""Plans of faults: sequences, filters, windows of the clock, scenarios, and faults whose effect lasts."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from calling import Caller
from fault_asks import Asker
from oauth_calls import TOKEN, post_form
from sfmock.control.baseline import Baseline
from sfmock.org.fault_filters import Window
from sfmock.org.org import Org
from sfmock.org.planned import UnmetFault
from sfmock.org.scenarios import SCENARIOS
from sfmock.wire import JSON
from sfmock.wsdl_codes import EXCEPTION_CODES, STATUS_CODES


def statuses(call: Caller, count: int, path: str = "/limits") -> list[int]:
    return [call("GET", path).status for _ in range(count)]


def test_a_sequence_takes_a_step_for_each_matching_request(call: Caller, org: Org) -> None:
    plan = org.faults.sequence(
        "server_unavailable", None, ("edge_420", {"form": "page"}), "internal_error", on="limits"
    )
    assert call("GET", "/nope").status == 404
    assert statuses(call, 6) == [503, 200, 420, 500, 200, 200]
    assert (plan.met, plan.fired) == (True, 3)
    assert repr(plan).startswith("<FaultSequence server_unavailable, none, edge_420, internal_erro")


def test_a_sequence_waits_for_a_request_that_can_suffer_its_step(call: Caller, org: Org) -> None:
    org.faults.sequence("session_expired", "server_unavailable")
    assert call("GET", "/services/data", token=None).status == 200
    token = call.token
    assert [call("GET", "/limits", token=token).status for _ in range(3)] == [401, 503, 401]


def test_a_sequence_that_is_not_at_its_end_is_unmet(call: Caller, org: Org) -> None:
    with (
        pytest.raises(UnmetFault, match="should have taken 2 steps and took 1"),
        org.faults.sequence("server_unavailable", None, on="limits"),
    ):
        statuses(call, 1)
    with org.faults.sequence("server_unavailable", "slow", on="limits", optional=True):
        statuses(call, 1)
    with pytest.raises(TypeError, match="one step at least"):
        org.faults.sequence()
    with pytest.raises(TypeError, match="unknown fault 'nap'"):
        org.faults.sequence("slow", "nap")
    with pytest.raises(ValueError, match="more than 0"):
        org.faults.sequence(("slow", {"seconds": 0}))


def test_eight_threads_share_a_sequence(call: Caller, org: Org) -> None:
    token, start = call.token, threading.Barrier(8)
    plan = org.faults.sequence(*["server_unavailable", None] * 20, on="limits")

    def asks(_: int) -> list[int]:
        start.wait()
        return [call("GET", "/limits", token=token).status for _ in range(10)]

    with ThreadPoolExecutor(8) as pool:
        found = [status for each in pool.map(asks, range(8)) for status in each]
    assert (found.count(503), plan.met) == (20, True)


def test_the_first_plan_that_fires_takes_the_request(call: Caller, org: Org) -> None:
    first = org.faults.add("server_unavailable", on="limits", times=2)
    second = org.faults.add("edge_406", after=1, times=1)
    assert statuses(call, 5) == [503, 503, 200, 406, 200]
    assert (first.met, second.met) == (True, True)


@pytest.mark.parametrize(
    ("filters", "hit"),
    [
        ({"user": "ada"}, ["ada"]),
        ({"user": "ADA@example.com"}, ["ada"]),
        ({"sobject": "account"}, ["create", "read", "query", "ada"]),
        ({"sobject": "Contact"}, ["contact", "subquery"]),
        ({"path": "*/sobjects/Account/*"}, ["read"]),
        ({"path": "*/query?q=*Contact*"}, ["contact", "query", "subquery"]),
        ({"body": "Umbrella"}, ["create"]),
        ({"body": re.compile('"Name": ?"Umb')}, ["create"]),
        ({"body": {"Name": "Umbrella"}}, ["create"]),
        ({"body": {"Name": "Umbrella", "Site": "x"}}, []),
        ({"body": {"Name": "Acme"}}, []),
        ({"on": "query", "sobject": "Contact"}, ["contact", "subquery"]),
        ({"when": lambda request: request.method == "POST"}, ["create"]),
    ],
)
def test_filters_choose_the_requests(
    call: Caller, org: Org, filters: dict[str, Any], hit: list[str]
) -> None:
    ada = org.user("ada@example.com", profile="System Administrator")
    account = org.insert("Account", {"Name": "Acme"})
    token = org.sessions.open(ada.id).token
    if filters.get("user") == "ada":
        filters = {"user": ada}
    asks: Mapping[str, Callable[[], object]] = {
        "create": lambda: call("POST", "/sobjects/Account", {"Name": "Umbrella"}),
        "read": lambda: call("GET", f"/sobjects/Account/{account.id}"),
        "query": lambda: call("GET", "/query?q=SELECT+Id,(SELECT+Id+FROM+Contacts)+FROM+Account"),
        "contact": lambda: call("GET", "/query?q=select+Id+from+Contact"),
        "subquery": lambda: call(
            "GET", "/query?q=SELECT+Id+FROM+Contact+WHERE+AccountId+IN+(SELECT+Id+FROM+Account)"
        ),
        "broken": lambda: call("GET", "/query?q=SELECT+FROM"),
        "ada": lambda: call("GET", "/sobjects/Account", token=token),
        "limits": lambda: call("GET", "/limits"),
    }
    org.faults.add("server_unavailable", times=None, optional=True, **filters)

    for ask in asks.values():
        ask()

    found = [name for name, each in zip(asks, org.journal, strict=True) if each.fault]
    assert sorted(found) == sorted(hit)


def test_a_user_is_found_in_what_a_log_in_names(call: Caller, org: Org) -> None:
    asker = Asker(call)
    org.faults.add("retry_your_request", user=asker.keys.username, on="token")
    assert asker("token client_credentials").status == 200
    assert asker("token password").status == 400
    org.faults.add("login_rate", user=org.admin_id)
    assert [asker("login").status for _ in range(2)] == [500, 200]
    org.faults.add("server_unavailable", user="nobody@example.com")
    form = {"grant_type": "password", "username": "nobody@example.com"}
    assert post_form(call, TOKEN, form).status == 503


def test_a_burst_comes_again_by_the_clock(call: Caller, org: Org) -> None:
    fault = org.faults.add("server_unavailable", times=None, start=60, lasts=30, every=600)
    found = []
    for _ in range(50):
        found += statuses(call, 1)
        org.clock.advance(seconds=30)
    assert [number for number, status in enumerate(found) if status == 503] == [2, 22, 42]
    assert fault.fired == 3


def test_an_outage_begins_and_ends_by_the_clock(call: Caller, org: Org) -> None:
    org.faults.add("maintenance", times=None, start=10, lasts=20)
    found = []
    for _ in range(4):
        found += statuses(call, 1)
        org.clock.advance(seconds=10)
    assert found == [200, 503, 503, 200]


def test_a_search_by_post_is_no_write(call: Caller, org: Org) -> None:
    org.faults.add("read_only", times=None, optional=True)
    body: JSON = {"q": "Acme", "sobjects": [{"name": "Account", "fields": ["Id"]}]}
    assert call("POST", "/parameterizedSearch", body).status == 200
    assert call("POST", "/sobjects/Account", {"Name": "Acme"}).status == 400


def test_an_unmet_window_is_named(call: Caller, org: Org) -> None:
    fault = org.faults.add("maintenance", start=60, lasts=30)
    assert "Did the org's clock come to start=60, lasts=30, every=None?" in fault.complaint()
    assert "clock" not in org.faults.add("maintenance").complaint()


def test_windows() -> None:
    assert [Window(5).is_open(each) for each in (4, 5, 500)] == [False, True, True]
    assert [Window(0, 2, 3).is_open(each) for each in (0, 1.9, 2, 3, 5)] == [
        True, True, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("window", "text"),
    [
        ({"start": -1}, "start= is 0 or more"),
        ({"lasts": 0}, "lasts= is more than 0"),
        ({"every": 60}, "every= is at least lasts="),
        ({"lasts": 60, "every": 30}, "every= is at least lasts="),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(
    org: Org, call: Caller, window: dict[str, float], text: str
) -> None:
    with pytest.raises(ValueError, match=text):
        org.faults.add("slow", **window)  # type: ignore[arg-type]  # wrong values are the point


def test_a_reset_lets_the_clock_of_a_plan_start_anew(call: Caller, org: Org) -> None:
    org.clock.freeze()
    assert statuses(call, 1) == [200]
    org.faults.add("server_unavailable", times=None, start=60)
    start = Baseline(org)
    org.clock.advance(seconds=60)
    assert statuses(call, 1) == [503]
    start.restore()
    org.clock.advance(seconds=59)
    assert statuses(call, 1) == [200]


def test_no_scenario_lets_a_test_sleep() -> None:
    plans = [plan for scenario in SCENARIOS.values() for plan in scenario.plans]
    assert [plan.get("moves_clock") for plan in plans if plan["kind"] == "slow"] == [True]


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_scenario_goes_the_same_way_for_the_same_seed(name: str) -> None:
    ways = []
    for seed in (3, 3, 4):
        with Org.new(seed=seed) as org:
            ways.append(_one_hour(Caller(org), name))
    assert ways[0] == ways[1] != ways[2]
    assert sum(status not in (200, 201) for status in ways[0]) > 5


def _one_hour(call: Caller, name: str) -> list[int]:
    """What a client meets that reads and writes each ten seconds, and logs in when it is sent away."""
    org, found = call.org, []
    asker = Asker(call)
    with org.faults.scenario(name) as scenario:
        for _ in range(180):
            for ask in ("query", "create"):
                answer = asker(ask)
                found.append(0 if answer.rendered.reset else answer.status)
                if answer.status == 401:
                    reply = asker("token client_credentials")
                    found.append(reply.status)
                    if reply.status == 200:
                        assert isinstance(reply.json, dict)
                        asker.token = str(reply.json["access_token"])
            org.clock.advance(seconds=20)
    assert scenario.fired > 5
    assert len(org.faults) == 0
    return found


def test_a_weekend_of_a_release_in_its_order(call: Caller, org: Org) -> None:
    scenario = org.faults.scenario("release_weekend")
    row = "/sobjects/Account"
    assert [call("POST", row, {"Name": "x"}).status, call("GET", "/limits").status] == [400, 200]
    org.clock.advance(minutes=5)
    assert statuses(call, 2) == [503, 503]
    org.clock.advance(minutes=5)
    assert statuses(call, 1) == [401]
    assert repr(scenario) == "<Scenario release_weekend, fired 4>"


def test_scenarios_have_names_and_no_options(org: Org, call: Caller) -> None:
    known = "bad_afternoon, release_weekend, token_storm"
    with pytest.raises(TypeError, match=f"unknown scenario 'monday': use one of {known}"):
        org.faults.scenario("monday")
    with pytest.raises(TypeError, match="'token_storm' takes no options, not rate"):
        org.faults.plan("token_storm", rate=1)
    org.faults.plan("token_storm")
    assert len(org.faults) == len(SCENARIOS["token_storm"].plans)
    assert all(each.met for each in org.faults)


def test_a_dead_refresh_token_is_dead_with_its_sessions(call: Caller, org: Org) -> None:
    asker = Asker(call)
    reply = asker("token refresh_token").json
    assert isinstance(reply, dict)
    asker.token = str(reply["access_token"])
    assert asker("rest").status == 200
    org.faults.add("refresh_token_dead")
    assert [asker("token refresh_token").status for _ in range(2)] == [400, 400]
    assert asker("rest").status == 401
    assert asker("token client_credentials").status == 200


def test_a_lost_locator_stays_lost(call: Caller, org: Org) -> None:
    asker = Asker(call)
    asker.prepare("next page")
    org.faults.add("locator_gone")
    assert [asker("next page").status for _ in range(2)] == [400, 400]
    asker.prepare("next page")
    assert asker("next page").status == 200


def test_a_cache_answers_an_old_page_for_the_same_url(call: Caller, org: Org) -> None:
    asker = Asker(call)
    asker.prepare("next page")
    fault = org.faults.add("locator_cached", times=2)
    first = asker("next page")
    used = org.limits["DailyApiRequests"].used
    org.update(asker.acme.id, Name="Zeta")
    assert [asker("next page").text for _ in range(2)] == [first.text] * 2
    assert (fault.fired, org.limits["DailyApiRequests"].used) == (2, used)
    assert asker("next page").json == first.json


def test_short_pages_lose_no_row_whatever_their_size(call: Caller, org: Org) -> None:
    accounts = {each.id for each in org.create("Account", 7)}
    org.faults.add("short_pages", size=3, times=2)
    pages, path = [], "/query?q=SELECT+Id+FROM+Account"
    while path:
        page = call("GET", path).json
        assert isinstance(page, dict)
        assert page["totalSize"] == 7
        pages.append([each["Id"] for each in page["records"]])  # type: ignore[index,union-attr,call-overload]
        path = str(page.get("nextRecordsUrl", ""))
        assert page["done"] is not bool(path)
    assert [len(each) for each in pages] == [3, 3, 1]
    assert {each for page in pages for each in page} == accounts


def test_a_short_page_does_not_cut_a_result_that_has_no_next_page(call: Caller, org: Org) -> None:
    org.create("Account", 4)
    org.faults.add("short_pages", times=2)
    page = call("GET", "/query?q=SELECT+Id+FROM+Account+ORDER+BY+Id+OFFSET+1").json
    assert isinstance(page, dict)
    assert (page["totalSize"], page["done"]) == (3, True)
    count = call("GET", "/query?q=SELECT+COUNT()+FROM+Account").json
    assert count == {"totalSize": 4, "done": True, "records": []}


def test_a_refusal_is_told_even_where_a_fault_takes_the_place_of_the_reply(
    call: Caller, org: Org
) -> None:
    org.faults.add("committed_then_error")
    assert call("POST", "/composite", {}).status == 501
    assert [each.refused for each in org.journal.problems] == ["the resource /composite"]


def test_the_work_of_a_committed_write_is_counted(call: Caller, org: Org) -> None:
    org.faults.add("committed_then_error", answer="edge_502")
    assert call("POST", "/sobjects/Account", {"Name": "Acme"}).status == 502
    assert (org.limits["DailyApiRequests"].used, org.journal[0].api_calls) == (1, 1)


def test_a_failed_write_stays_an_error_behind_a_late_fault(call: Caller, org: Org) -> None:
    org.faults.add("committed_then_error", answer="server_unavailable")
    assert call("POST", "/sobjects/Account", {"Nome": "Acme"}).status == 503
    assert org.count("Account") == 0


def test_chances_of_faults_leave_generated_records_alone(call: Caller, org: Org) -> None:
    with Org.new() as other:
        expected = other.create("Account", 3)
    org.faults.add("server_unavailable", rate=0.5)
    statuses(call, 5)
    for made, other_one in zip(org.create("Account", 3), expected, strict=True):
        assert (made.id, made["Name"], made["Phone"]) == (
            other_one.id, other_one["Name"], other_one["Phone"],
        )  # fmt: skip


def test_a_reset_lets_chances_come_again(call: Caller, org: Org) -> None:
    statuses(call, 1)
    org.faults.add("server_unavailable", rate=0.5)
    start = Baseline(org)
    ways = []
    for _ in range(2):
        start.restore()
        ways.append(statuses(call, 30))
    assert ways[0] == ways[1]


def test_faults_are_known_once_an_app_serves_the_org() -> None:
    with (
        Org.new() as org,
        pytest.raises(TypeError, match="no fault is known before this org is reachable"),
    ):
        org.faults.add("slow")


def test_any_code_of_the_wsdl_can_be_injected_and_no_other(call: Caller, org: Org) -> None:
    for code in sorted(EXCEPTION_CODES | STATUS_CODES):
        org.faults.add("any_error", code=code, message="as you say")
        assert call("GET", "/limits").json == [{"message": "as you say", "errorCode": code}]
    assert (len(EXCEPTION_CODES), len(STATUS_CODES)) == (205, 370)
    with pytest.raises(ValueError, match="not 'UNABLE_TO_LOCK'; near it are UNABLE_TO_LOCK_ROW"):
        org.faults.add("any_error", code="UNABLE_TO_LOCK")
    org.faults.add("any_error", on="create", code="FIELD_INTEGRITY_EXCEPTION", fields="A, B__c")
    answer = call("POST", "/sobjects/Account", {"Name": "Acme"})
    assert answer.json == [
        {"message": "", "errorCode": "FIELD_INTEGRITY_EXCEPTION", "fields": ["A", "B__c"]}
    ]


def test_an_unused_stage_asks_nothing(call: Caller, org: Org) -> None:
    plan = org.faults.add("slow", on="token")
    org.faults.remove(plan)
    org.faults.remove(plan)
    assert (len(org.faults), repr(org.faults)) == (0, "<FaultPlans none>")
