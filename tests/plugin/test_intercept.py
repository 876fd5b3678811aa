"""`intercept` without the plugin: a context manager, a decorator, and its verdict at the end."""

import contextlib
import http.client
from collections.abc import Iterator

import pytest
import requests
from requests.adapters import HTTPAdapter

from sfmock import Org, Sfmock, intercept
from sfmock.control.problems import ProblemsFound


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as org:
        yield org


def _get(sf: Sfmock, path: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {sf.access_token}"}
    return requests.get(
        f"{sf.instance_url}/services/data/v{sf.api_version}/{path}", headers=headers
    )


def test_inside_the_block_the_org_answers(org: Org) -> None:
    with intercept(org, api_version="58.0") as sf:
        assert _get(sf, "limits").status_code == 200
        assert [each.path for each in sf.requests] == ["/services/data/v58.0/limits"]
        assert sf.org is org


def test_as_a_decorator_it_may_be_used_again_and_again(org: Org) -> None:
    @intercept(org)
    def versions() -> int:
        return len(requests.get(f"https://{org.my_domain}/services/data").json())

    assert versions() == versions() == 37
    assert len(org.journal) == 2


def test_the_token_is_of_the_user_that_is_named(org: Org) -> None:
    ada = org.user("Ada Lovelace")

    with intercept(org, user=ada.username) as sf:
        session = org.sessions.get(sf.access_token)

    assert session is not None
    assert session.user_id == ada.id


def test_an_unknown_user_is_an_error_when_it_is_needed(org: Org) -> None:
    with (
        intercept(org, user="nobody@example.com") as sf,
        pytest.raises(LookupError, match="nobody"),
    ):
        _ = sf.access_token


def test_a_refused_request_raises_at_the_end_of_the_block(org: Org) -> None:
    live = intercept(org)
    with (
        pytest.raises(ProblemsFound, match=r"^the fake refused GET \S+/tooling: .*/tooling "),
        live as sf,
    ):
        _get(sf, "tooling?q=x")


def test_a_refused_request_that_is_allowed_does_not(org: Org) -> None:
    with intercept(org, allow_refused=["tooling"]) as sf:
        assert _get(sf, "tooling?q=x").status_code == 501


def test_a_fault_that_was_not_met_raises_at_the_end_of_the_block(org: Org) -> None:
    with pytest.raises(ProblemsFound, match="should have fired 1 time"), intercept(org) as sf:
        sf.faults.add("slow", on="query")


def test_an_exception_on_its_way_is_not_replaced(org: Org) -> None:
    def block() -> None:
        with intercept(org) as sf:
            sf.faults.add("slow", on="query")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        block()


def test_two_orgs_are_told_apart(org: Org) -> None:
    with Org.new(seed=1) as other, intercept(org) as one, intercept(other) as two:
        _get(one, "limits")
        assert (len(one.requests), len(two.requests)) == (1, 0)


def test_one_org_cannot_be_live_twice(org: Org) -> None:
    with intercept(org), pytest.raises(ValueError, match="answers for"), intercept(org):
        pass


def test_after_the_block_nothing_is_intercepted(org: Org) -> None:
    before = HTTPAdapter.send
    with intercept(org):
        assert HTTPAdapter.send is not before
    assert HTTPAdapter.send is before


def test_a_swallowed_call_to_the_real_salesforce_raises_at_the_end_of_the_block(org: Org) -> None:
    def block() -> None:
        with intercept(org), contextlib.suppress(RuntimeError):
            http.client.HTTPSConnection("127.0.0.1", 9).set_tunnel("login.salesforce.com")

    with pytest.raises(ProblemsFound, match=r"the real Salesforce host login\.salesforce\.com"):
        block()


def test_a_crash_is_told_with_its_traceback_and_without_secrets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def crash(*_: object) -> object:
        raise KeyError(sf.access_token)

    with Org.new() as org:
        running = intercept(org)
        sf = running.__enter__()
        monkeypatch.setattr("sfmock.org.limits.Limits.body", crash)
        url = f"{sf.instance_url}/services/data/v60.0/limits"
        reply = requests.get(url, headers={"Authorization": f"Bearer {sf.access_token}"})
        assert reply.status_code == 500

        with pytest.raises(ProblemsFound) as failure:
            running.__exit__(None, None, None)

    head, _, *traceback = str(failure.value).splitlines()
    assert head == "the fake crashed on GET /services/data/v60.0/limits: KeyError: '…'"
    assert traceback[0] == "Traceback (most recent call last):"
    assert traceback[-1] == "KeyError: '…'"
    assert failure.value.__suppress_context__
