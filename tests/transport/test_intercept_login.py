"""Two live orgs, one seed: who answers on the login hosts that they share, and when nobody can."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Event
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests

from sfmock.app import App
from sfmock.control.handle import Sfmock
from sfmock.org.org import Org
from sfmock.routing import Call
from sfmock.transport.guard import GUARD
from sfmock.transport.switchboard import OrgNotFound
from sfmock.transport.wiring import intercept
from sfmock.wire import Headers, Reply, Request

LOGIN = "https://login.salesforce.com"
TOKEN = f"{LOGIN}/services/oauth2/token"


@pytest.fixture
def twins() -> Iterator[tuple[Sfmock, Sfmock]]:
    with ExitStack() as stack:
        orgs = [stack.enter_context(Org.new(seed=7)) for _ in range(2)]
        one, two = (stack.enter_context(intercept(each, allow_refused=["*"])) for each in orgs)
        yield one, two
        GUARD.drain()


def refresh(sf: Sfmock) -> str:
    keys = sf.credentials
    form = {
        "grant_type": "refresh_token", "refresh_token": keys.refresh_token,
        "client_id": keys.client_id, "client_secret": keys.client_secret,
    }  # fmt: skip
    return str(requests.post(TOKEN, data=form, timeout=5).json()["instance_url"])


def refresh_by_basic(sf: Sfmock) -> str:
    keys = sf.credentials
    form = {"grant_type": "refresh_token", "refresh_token": keys.refresh_token}
    answer = requests.post(TOKEN, data=form, auth=(keys.client_id, keys.client_secret), timeout=5)
    return str(answer.json()["instance_url"])


def password(sf: Sfmock) -> str:
    keys = sf.credentials
    form = {
        "grant_type": "password", "username": keys.username, "client_id": keys.client_id,
        "client_secret": keys.client_secret, "password": keys.password + keys.security_token,
    }  # fmt: skip
    return str(requests.post(TOKEN, data=form, timeout=5).json()["instance_url"])


def soap_login(sf: Sfmock) -> str:
    keys = sf.credentials
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        f'<login xmlns="urn:partner.soap.sforce.com"><username>{keys.username}</username>'
        f"<password>{keys.password}{keys.security_token}</password></login></e:Body></e:Envelope>"
    )
    headers = {"SOAPAction": '""', "Content-Type": "text/xml"}
    url = f"{LOGIN}/services/Soap/u/59.0"
    text = requests.post(url, data=body, headers=headers, timeout=5).text
    return text.partition("<serverUrl>")[2].partition("/services")[0]


def userinfo(sf: Sfmock) -> str:
    headers = {"Authorization": f"Bearer {sf.access_token}"}
    url = f"{LOGIN}/services/oauth2/userinfo"
    profile = str(requests.get(url, headers=headers, timeout=5).json()["profile"])
    return profile.rpartition("/")[0]


CALLBACK = "https://portal.example/callback"


def web_server(sf: Sfmock) -> str:
    """The app of each twin has the same keys: the code tells which one is meant."""
    app = sf.org.connected_app("Portal", callback_urls=[CALLBACK])
    asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": CALLBACK}
    called = sf.authorize(f"{LOGIN}/services/oauth2/authorize?{urlencode(asked)}")
    form = {
        "grant_type": "authorization_code", "code": parse_qs(urlsplit(called).query)["code"][0], "redirect_uri": CALLBACK,
        "client_id": app.client_id, "client_secret": app.client_secret,
    }  # fmt: skip
    return str(requests.post(TOKEN, data=form, timeout=5).json()["instance_url"])


def device(sf: Sfmock) -> str:
    app = sf.org.connected_app("Portal", callback_urls=[CALLBACK])
    form = {"response_type": "device_code", "client_id": app.client_id}
    own = f"{sf.instance_url}/services/oauth2/token"
    codes = requests.post(own, data=form, timeout=5).json()
    page = requests.get(
        f"{LOGIN}/setup/connect", params={"user_code": codes["user_code"]}, timeout=5
    )
    assert "<h1>Log In</h1>" in page.text
    sf.connect_device(codes["user_code"])
    form = {"grant_type": "device", "client_id": app.client_id, "code": codes["device_code"]}
    return str(requests.post(TOKEN, data=form, timeout=5).json()["instance_url"])


@pytest.mark.parametrize(
    "ask", [refresh, refresh_by_basic, password, soap_login, userinfo, web_server, device]
)
def test_a_shared_login_host_finds_the_right_one_of_twins(
    twins: tuple[Sfmock, Sfmock], ask: Callable[[Sfmock], str]
) -> None:
    assert [ask(each) for each in twins] == [each.instance_url for each in twins]


def test_a_token_of_one_twin_is_dead_in_the_other(twins: tuple[Sfmock, Sfmock]) -> None:
    one, two = twins
    headers = {"Authorization": f"Bearer {one.access_token}"}
    url = f"{two.instance_url}/services/data/v60.0/limits"
    assert requests.get(url, headers=headers, timeout=5).status_code == 401


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ({"username": "nobody@example.com"}, "none of 2 live orgs claims .* 'nobody@example.com'"),
        ({}, "none of 2 live orgs claims"),
    ],
)
def test_nobody_is_an_error(twins: tuple[Sfmock, Sfmock], form: dict[str, str], text: str) -> None:
    with pytest.raises(OrgNotFound, match=text):
        requests.post(TOKEN, data=form, timeout=5)


def test_a_client_id_that_both_have_is_an_error(twins: tuple[Sfmock, Sfmock]) -> None:
    keys = twins[0].credentials
    assert keys.client_id == twins[1].credentials.client_id
    form = {"grant_type": "client_credentials"}
    with pytest.raises(OrgNotFound, match="several live orgs claim"):
        requests.post(TOKEN, data=form, auth=(keys.client_id, keys.client_secret), timeout=5)


def jwt_bearer(sf: Sfmock) -> str:
    return str(requests.post(TOKEN, data=jwt_form(sf), timeout=5).json()["instance_url"])


def jwt_form(sf: Sfmock, **changes: str) -> dict[str, str]:
    keys = sf.credentials
    claims = {
        "iss": keys.client_id, "sub": keys.username, "aud": LOGIN, "exp": str(int(time.time()) + 180), **changes,
    }  # fmt: skip
    return {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, keys.private_key, algorithm="RS256"),
    }


def test_an_assertion_finds_its_org_by_its_user(twins: tuple[Sfmock, Sfmock]) -> None:
    assert [jwt_bearer(each) for each in twins] == [each.instance_url for each in twins]


def test_an_assertion_of_nobody_is_an_error_that_names_user_and_orgs(
    twins: tuple[Sfmock, Sfmock],
) -> None:
    form = jwt_form(twins[0], sub="nobody@example.com")
    with pytest.raises(OrgNotFound) as caught:
        requests.post(TOKEN, data=form, timeout=5)
    assert "for user 'nobody@example.com'" in str(caught.value)
    assert all(each.org.my_domain in str(caught.value) for each in twins)
    assert form["assertion"] not in str(caught.value)


def test_production_and_sandbox_are_each_found_at_their_own_login_host_alone() -> None:
    with ExitStack() as stack:
        orgs = [
            stack.enter_context(Org.new(seed=7, my_domain=each))
            for each in ("acme", "acme--uat.sandbox")
        ]
        production, sandbox = (stack.enter_context(intercept(each)) for each in orgs)
        assert production.login_url == "https://login.salesforce.com"
        assert sandbox.login_url == "https://test.salesforce.com"
        assert jwt_bearer(production) == "https://acme.my.salesforce.com"
        form = jwt_form(sandbox, aud="https://test.salesforce.com")
        url = TOKEN.replace("login", "test")
        found = requests.post(url, data=form, timeout=5).json()
        assert found["instance_url"] == "https://acme--uat.sandbox.my.salesforce.com"
        with pytest.raises(OrgNotFound, match="none of 2 live orgs claims"):
            requests.post(TOKEN, data=form, timeout=5)
        GUARD.drain()


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/id/keys"])
def test_what_is_the_same_for_all_orgs_any_of_them_answers(
    twins: tuple[Sfmock, Sfmock], path: str
) -> None:
    assert requests.get(f"{LOGIN}{path}", timeout=5).status_code == 200


@pytest.mark.parametrize("query", ["?_HttpMethod=", "?q=" + "x" * 20_000])
def test_an_odd_request_to_a_login_host_is_nobodys(
    twins: tuple[Sfmock, Sfmock], query: str
) -> None:
    with pytest.raises(OrgNotFound):
        requests.post(f"{LOGIN}/services/data/v60.0/limits{query}", timeout=5)


def test_one_org_cannot_be_intercepted_twice() -> None:
    with Org.new() as org, intercept(org) as sf:
        with pytest.raises(ValueError, match=r"answers for .* already"), intercept(org):
            pass
        headers = {"Authorization": f"Bearer {sf.access_token}"}
        url = f"{sf.instance_url}/services/data/v60.0/limits"
        assert requests.get(url, headers=headers, timeout=5).status_code == 200


def test_closing_an_org_waits_for_the_request_that_is_being_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entered, leave = Event(), Event()
    org = Org.new()
    app = App(org)

    def slowly(call: Call) -> Reply:
        entered.set()
        leave.wait(5)
        call.org.admin_id  # noqa: B018 - reads the database
        return Reply(body={})

    monkeypatch.setattr("sfmock.backends.fake.answer", slowly)
    token = org.sessions.open(org.admin_id).token
    request = Request("GET", "/services/data/v60.0/limits", headers=Headers([("Authorization", f"Bearer {token}")]))  # fmt: skip
    with ThreadPoolExecutor(2) as pool:
        answer = pool.submit(app.exchange, request)
        assert entered.wait(5)
        closing = pool.submit(org.close)
        leave.set()
        closing.result(5)
        assert answer.result(5).status in (200, 500)  # the header's number may find it closed
    assert all(each.crash is None or "closed" in str(each.crash) for each in org.journal)
