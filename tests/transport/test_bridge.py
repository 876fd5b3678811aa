"""`bridge`: orgs in a user's own mock of `responses`, beside what that registers itself."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator

import pytest
import requests
import responses
from requests.adapters import HTTPAdapter
from responses.registries import OrderedRegistry
from simple_salesforce.api import Salesforce
from urllib3 import Retry

from sfmock import Org, Sfmock, bridge

ELSEWHERE = "https://api.example.com/things"


@pytest.fixture
def mock() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as org:
        yield org


@pytest.fixture
def sf(mock: responses.RequestsMock, org: Org) -> Sfmock:
    return bridge(mock, org)


@pytest.fixture
def session(sf: Sfmock) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {sf.access_token}"
        yield session


def _url(sf: Sfmock, path: str) -> str:
    return f"{sf.instance_url}/services/data/v60.0/{path}"


def test_a_mock_needs_no_call_of_the_org(mock: responses.RequestsMock, sf: Sfmock) -> None:
    assert mock.assert_all_requests_are_fired
    assert sf.transport == "bridge"
    assert len(sf.requests) == 0


def test_what_is_not_called_of_the_user_s_own_is_still_told(org: Org) -> None:
    def leave_one_uncalled() -> None:
        with responses.RequestsMock() as mock:
            bridge(mock, org)
            mock.get(ELSEWHERE)

    with pytest.raises(AssertionError, match=r"Not all requests.*api\.example\.com"):
        leave_one_uncalled()


def test_every_method_and_query_string_reaches_the_org(
    sf: Sfmock, session: requests.Session
) -> None:
    made = session.post(_url(sf, "sobjects/Account"), json={"Name": "Acme"}).json()["id"]
    account = _url(sf, f"sobjects/Account/{made}")
    assert session.patch(account, json={"Industry": "Energy"}).status_code == 204
    found = session.get(account, params={"fields": "Name,Industry"}).json()
    assert (found["Name"], found["Industry"]) == ("Acme", "Energy")
    head = session.head(account)
    assert (head.status_code, head.content) == (200, b"")
    assert session.request("PROPFIND", account).status_code == 405
    assert session.delete(account).status_code == 204
    assert [each.method for each in sf.requests] == [
        "POST", "PATCH", "GET", "HEAD", "PROPFIND", "DELETE",
    ]  # fmt: skip


def test_bodies_of_every_kind_are_sent(sf: Sfmock, session: requests.Session) -> None:
    body = json.dumps({"Name": "Acme"}).encode()
    session.headers["Content-Type"] = "application/json"
    for data in (body, body.decode(), io.BytesIO(body), iter([body[:5], body[5:]])):
        assert session.post(_url(sf, "sobjects/Account"), data=data).status_code == 201
    assert sf.org.count("Account", "Name = 'Acme'") == 4


def test_replies_may_be_streamed_and_bodies_compressed(
    sf: Sfmock, session: requests.Session
) -> None:
    with session.get(_url(sf, "sobjects/Account/describe"), stream=True) as reply:
        assert json.loads(b"".join(reply.iter_content(1000)))["name"] == "Account"
    made = session.post(
        _url(sf, "sobjects/Account"),
        data=gzip.compress(b'{"Name": "Acme"}'),
        headers={"Content-Type": "application/json", "Content-Encoding": "gzip"},
    )
    assert made.status_code == 201


def test_cookies_are_kept(sf: Sfmock, session: requests.Session) -> None:
    session.get(_url(sf, "limits"))
    assert "BrowserId" in session.cookies


def test_the_user_s_own_go_first_whatever_the_order(
    mock: responses.RequestsMock, sf: Sfmock, session: requests.Session
) -> None:
    mine = mock.get(_url(sf, "limits"), json={"mine": True})
    mock.get(ELSEWHERE, json={"else": True})
    for _ in range(2):
        assert session.get(_url(sf, "limits")).json() == {"mine": True}
    assert session.get(ELSEWHERE).json() == {"else": True}
    assert session.get(_url(sf, "")).status_code == 200
    assert mine.call_count == 2
    assert len(mock.calls) == 4
    assert len(sf.requests) == 1


def test_another_host_is_refused_by_the_mock(sf: Sfmock, session: requests.Session) -> None:
    for url in (ELSEWHERE, "https://other.my.salesforce.com/services/data"):
        with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
            session.get(url)
    assert len(sf.requests) == 0


def test_faults_are_the_exceptions_of_requests(sf: Sfmock, session: requests.Session) -> None:
    sf.faults.add("connection_reset", on="limits")
    with pytest.raises(requests.ConnectionError, match="reset by peer"):
        session.get(_url(sf, "limits"))
    sf.faults.add("slow", on="limits", seconds=60)
    with pytest.raises(requests.ReadTimeout, match=r"read timeout=0\.5"):
        session.get(_url(sf, "limits"), timeout=0.5)
    sf.faults.add("server_unavailable", on="limits")
    assert session.get(_url(sf, "limits")).status_code == 503
    assert sf.problems() == []


def test_replies_are_repeated_under_retry(sf: Sfmock, session: requests.Session) -> None:
    session.mount("https://", HTTPAdapter(max_retries=Retry(2, status_forcelist=[503])))
    sf.faults.add("server_unavailable", on="limits", times=2)
    assert session.get(_url(sf, "limits")).status_code == 200
    assert [each.status for each in sf.requests] == [503, 503, 200]


def test_simple_salesforce_logs_in_by_password(sf: Sfmock) -> None:
    login = sf.credentials
    client = Salesforce(
        username=login.username, password=login.password, security_token=login.security_token
    )
    assert client.sf_instance == sf.org.my_domain
    assert client.query("SELECT COUNT() FROM Account")["totalSize"] == 0


def test_a_mock_has_several_orgs_and_a_log_in_finds_its_own(
    mock: responses.RequestsMock, sf: Sfmock
) -> None:
    with Org.new(seed=1) as other:
        two = bridge(mock, other, user="admin@" + other.domain + ".sfmock.example")
        for each in (two, sf):
            login = each.credentials
            reply = requests.post(
                f"{each.login_url}/services/oauth2/token",
                data={
                    "grant_type": "password",
                    "client_id": login.client_id,
                    "client_secret": login.client_secret,
                    "username": login.username,
                    "password": login.password + login.security_token,
                },
            )
            assert reply.json()["instance_url"] == each.instance_url
        with pytest.raises(ValueError, match="answers for"):
            bridge(mock, other)


def test_what_the_fake_refused_stands_in_the_problems(
    sf: Sfmock, session: requests.Session
) -> None:
    assert session.get(_url(sf, "tooling")).status_code == 501
    [problem] = sf.problems()
    assert "the fake refused GET" in problem.text


def test_a_reset_of_the_mock_takes_the_org_away(
    mock: responses.RequestsMock, sf: Sfmock, session: requests.Session
) -> None:
    mock.reset()
    with pytest.raises(requests.ConnectionError, match="Connection refused by Responses"):
        session.get(_url(sf, "limits"))
    bridge(mock, Org.new(seed=2)).org.close()


def test_an_ordered_mock_is_refused(org: Org) -> None:
    with (
        responses.RequestsMock(registry=OrderedRegistry) as mock,
        pytest.raises(ValueError, match="OrderedRegistry"),
    ):
        bridge(mock, org)


@responses.activate
def test_the_default_mock_takes_an_org_as_well() -> None:
    with Org.new() as org:
        sf = bridge(responses.mock, org)
        assert requests.get(f"{sf.instance_url}/services/data").status_code == 200
