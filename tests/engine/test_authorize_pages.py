"""The pages of the web server flow: what they let nobody do, and how they say what comes from outside."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from calling import Answer, Caller
from oauth_calls import FORM, TOKEN, post_form
from sfmock.control.browser import NotAuthorized, Visitor
from sfmock.org.apps import ConnectedApp
from sfmock.org.authorizing import Authorizing, SendTo
from sfmock.org.org import Org
from sfmock.wire import Request

AUTHORIZE = "/services/oauth2/authorize"
ANSWER = "/setup/secur/RemoteAccessAuthorizationPage.apexp"
CALLBACK = "https://portal.example/callback"


@pytest.fixture
def portal(org: Org) -> ConnectedApp:
    return org.connected_app("Portal", callback_urls=[CALLBACK])


class Tab:
    """A browser's tab: it keeps cookies, follows nothing, and sends what it is told."""

    def __init__(self, call: Caller) -> None:
        self.call = call
        self.cookies: dict[str, str] = {}

    def open(self, app: ConnectedApp, **more: str) -> Answer:
        asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": CALLBACK}
        return self._kept(
            self.call(
                "GET", f"{AUTHORIZE}?{urlencode(asked | more)}", token=None, headers=self._headers()
            )
        )

    def send(self, page: Answer, action: str, **fields: str) -> Answer:
        form = urlencode({"ticket": ticket(page), "action": action, **fields})
        headers = {"Content-Type": FORM} | self._headers()
        return self._kept(
            self.call("POST", ANSWER, body=form.encode(), headers=headers, token=None)
        )

    def log_in(self, page: Answer, org: Org, username: str = "") -> Answer:
        user = org.users.find(username or org.admin_id)
        password = org.users.secrets(user.id).password
        return self.send(page, "login", username=user.username, password=password)

    def _headers(self) -> dict[str, str]:
        text = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": text} if text else {}

    def _kept(self, answer: Answer) -> Answer:
        for name, value in answer.headers:
            if name == "Set-Cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer


@pytest.fixture
def tab(call: Caller) -> Tab:
    return Tab(call)


def ticket(page: Answer) -> str:
    found = re.search(r'name="ticket" value="(\w+)"', page.text)
    assert found is not None, page.text
    return found[1]


def heading(page: Answer) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found is not None, page.text
    return unescape(found[1])


def test_login_approval_and_the_way_back(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    login = tab.open(portal, state="s")
    assert (login.status, heading(login)) == (200, "Log In")
    approval = tab.log_in(login, org)
    assert (approval.status, heading(approval)) == (200, "Allow Access?")
    assert "<li>Manage user data via APIs</li>" in approval.text
    assert f"access for <strong>{org.users.find(org.admin_id).username}</strong>?" in approval.text
    done = tab.send(approval, "allow")
    location = done.headers.get("Location") or ""
    assert done.status == 302
    assert done.text == ""
    assert re.fullmatch(r"https://portal\.example/callback\?code=aPrx[\w.]{70}%3D%3D&state=s", location)  # fmt: skip


def test_a_page_works_in_its_own_browser_only(
    tab: Tab, call: Caller, org: Org, portal: ConnectedApp
) -> None:
    approval = tab.log_in(tab.open(portal), org)
    before = org.db.rows("SELECT * FROM sf_code")
    for stranger in (Tab(call), Tab(call)):
        answer = stranger.send(approval, "allow")
        assert (answer.status, heading(answer)) == (400, "This page has expired")
        stranger.open(portal)  # now it has a cookie of its own
        assert stranger.send(approval, "allow").status == 400
    assert org.db.rows("SELECT * FROM sf_code") == before
    assert tab.send(approval, "allow").status == 302


def test_a_form_of_another_site_has_no_ticket(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    tab.log_in(tab.open(portal), org)
    form = urlencode({"action": "allow", "client_id": portal.client_id}).encode()
    headers = {"Content-Type": FORM} | tab._headers()
    answer = tab.call("POST", ANSWER, body=form, headers=headers, token=None)
    assert answer.status == 400
    assert org.db.rows("SELECT * FROM sf_code") == []


def test_a_page_answers_once(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    approval = tab.log_in(tab.open(portal), org)
    assert tab.send(approval, "allow").status == 302
    again = tab.send(approval, "allow")
    assert (again.status, heading(again)) == (400, "This page has expired")


def test_a_page_expires_after_half_an_hour(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    org.clock.freeze()
    login = tab.open(portal)
    org.clock.advance(minutes=29)
    assert heading(tab.log_in(login, org)) == "Allow Access?"
    org.clock.advance(minutes=1)
    assert tab.log_in(login, org).status == 400


def test_yes_counts_for_nobody_who_has_not_logged_in(
    tab: Tab, org: Org, portal: ConnectedApp
) -> None:
    login = tab.open(portal)
    assert heading(tab.send(login, "allow")) == "Log In"
    approval = tab.log_in(login, org)
    org.sessions.expire()  # meanwhile her session ended
    assert heading(tab.send(approval, "allow")) == "Log In"
    assert org.db.rows("SELECT * FROM sf_code") == []


def test_yes_counts_for_nobody_else(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    ann = org.user("Ann Other")
    approval = tab.log_in(tab.open(portal), org)
    tab.cookies["sid"] = org.sessions.open(ann.id, kind="ui").token
    assert heading(tab.send(approval, "allow")) == "Log In"


def test_not_you_lets_another_user_log_in(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    ann = org.user("Ann Other")
    approval = tab.log_in(tab.open(portal), org)
    login = tab.send(approval, "switch")
    assert heading(login) == "Log In"
    approval = tab.log_in(login, org, ann.username)
    assert f"access for <strong>{ann.username}</strong>?" in approval.text


def test_a_wrong_password_is_told_and_the_name_kept(
    tab: Tab, org: Org, portal: ConnectedApp
) -> None:
    login = tab.open(portal)
    wrong = tab.send(login, "login", username='a"><script>', password="secret-pw")
    assert "Please check your username and password." in wrong.text
    assert 'value="a&quot;&gt;&lt;script&gt;"' in wrong.text
    assert "secret-pw" not in wrong.text
    assert "sid" not in tab.cookies
    assert heading(tab.log_in(wrong, org)) == "Allow Access?"


def test_login_hint_fills_in_the_name(tab: Tab, portal: ConnectedApp) -> None:
    assert 'value="me@acme.com" required>' in tab.open(portal, login_hint="me@acme.com").text


@pytest.mark.parametrize("display", ["page", "popup", "touch", "mobile"])
def test_display_says_how_the_page_looks(tab: Tab, portal: ConnectedApp, display: str) -> None:
    assert f'<body class="{display}">' in tab.open(portal, display=display).text


def test_nothing_from_outside_is_markup(tab: Tab, org: Org) -> None:
    evil = '"><img src=x onerror=alert(1)>'
    app = org.connected_app(f"App {evil}", callback_urls=[CALLBACK])
    login = tab.open(app, login_hint=evil, display=evil, state=evil)
    approval = tab.log_in(login, org)
    for page in (login, approval):
        assert "<img" not in page.text
        assert "App &quot;&gt;&lt;img" in page.text


def test_pages_load_nothing_and_stand_in_no_frame(tab: Tab, portal: ConnectedApp) -> None:
    page = tab.open(portal)
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]{44}'; base-uri 'none'; frame-ancestors 'none'",
        page.headers.get("Content-Security-Policy") or "",
    )
    assert page.headers.get("X-Frame-Options") == "DENY"
    assert page.headers.get("Content-Type") == "text/html;charset=UTF-8"
    assert (
        page.headers.get("Cache-Control") == "no-cache,must-revalidate,max-age=0,no-store,private"
    )
    assert not re.search(r"(?:src|href)=", page.text)


def test_cookies_are_out_of_reach_of_scripts(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    answer = tab.log_in(tab.open(portal), org)
    (cookie,) = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert re.fullmatch(r"sid=00D\w{12}![\w.]+; Path=/; HttpOnly; SameSite=Lax; Secure", cookie)


def test_over_plain_http_cookies_are_not_secure(call: Caller, portal: ConnectedApp) -> None:
    path = f"{AUTHORIZE}?{urlencode({'response_type': 'code', 'client_id': portal.client_id, 'redirect_uri': CALLBACK})}"
    answer = call("GET", path, token=None, host="127.0.0.1:8080", scheme="http")
    (cookie,) = [value for name, value in answer.headers if name == "Set-Cookie"]
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")


def test_a_browser_that_is_known_gets_no_new_cookie(tab: Tab, portal: ConnectedApp) -> None:
    tab.open(portal)
    known = tab.cookies["oauth_browser"]
    answer = tab.open(portal)
    assert "oauth_browser=" not in str([value for _, value in answer.headers])
    tab.cookies["oauth_browser"] = "x"  # nobody else's words become its name
    tab.open(portal)
    assert tab.cookies["oauth_browser"] not in ("x", known)


def test_two_tabs_of_a_browser_go_their_own_ways(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    first, second = tab.open(portal, state="1"), tab.open(portal, state="2")
    approval = tab.log_in(first, org)
    assert (tab.send(approval, "allow").headers.get("Location") or "").endswith("&state=1")
    assert (tab.log_in(second, org).headers.get("Location") or "").endswith("&state=2")


def test_the_session_of_a_token_does_not_log_a_browser_in(
    tab: Tab, org: Org, portal: ConnectedApp
) -> None:
    tab.cookies["sid"] = org.sessions.open(org.admin_id, kind="oauth", scopes=("api",)).token
    assert heading(tab.open(portal)) == "Log In"


def test_select_account_asks_who(tab: Tab, org: Org, portal: ConnectedApp) -> None:
    tab.log_in(tab.open(portal), org)
    page = tab.open(portal, prompt="select_account")
    assert heading(page) == "Choose a Username"
    assert org.users.find(org.admin_id).username in page.text
    assert heading(tab.send(page, "continue")) == "Allow Access?"
    assert heading(tab.send(page, "switch")) == "Log In"


def test_an_api_only_user_sees_an_error_page(call: Caller, org: Org, portal: ConnectedApp) -> None:
    user = org.user("Ann Api", profile="Standard User")
    org.update(user.profile_id, PermissionsApiUserOnly=True)
    visitor = Visitor(call.app, user.username, org.users.secrets(user.id).password)
    asked = {"response_type": "code", "client_id": portal.client_id, "redirect_uri": CALLBACK}
    with pytest.raises(NotAuthorized, match=r"^200 OAUTH_APPROVAL_ERROR_GENERIC : An unexpected"):
        visitor.visit(f"https://{org.my_domain}{AUTHORIZE}?{urlencode(asked)}")


def test_what_a_visitor_and_an_interaction_know_is_not_shown(call: Caller, org: Org) -> None:
    visitor = Visitor(call.app, "me@acme.com", "secret-pw", user_code="SECRET01")
    assert "secret" not in repr(visitor).lower().replace("<class", "")
    made = org.interactions.begin("device", "SECRET01", "b" * 40, None)
    assert made.ticket not in repr(made)
    assert "SECRET01" not in repr(made)
    step = Authorizing(org, Request("GET", "/"), "b" * 40, None)
    assert "bbbb" not in repr(step)
    assert "code" not in repr(SendTo("https://portal.example/?code=aPrx"))


def test_the_id_token_says_who_logged_in_when_and_for_which_request(
    tab: Tab, call: Caller, org: Org
) -> None:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    app = org.connected_app("Portal", callback_urls=[CALLBACK], scopes="openid api refresh_token")
    approval = tab.log_in(tab.open(app, nonce="n-1"), org)
    org.clock.advance(minutes=5)
    code = parse_qs(
        urlsplit(tab.send(approval, "allow").headers.get("Location") or "").query
    )["code"][0]  # fmt: skip
    org.clock.advance(minutes=5)
    form = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
        "client_id": app.client_id, "client_secret": app.client_secret,
    }  # fmt: skip
    reply = post_form(call, TOKEN, form).json
    assert isinstance(reply, dict)
    claims = jwt.decode(str(reply["id_token"]), options={"verify_signature": False})
    identity = f"https://login.salesforce.com/id/{org.id}/{org.admin_id}"
    digest = hashlib.sha256(str(reply["access_token"]).encode()).digest()[:16]
    assert claims == {
        "iss": f"https://{org.my_domain}",
        "sub": identity,
        "aud": app.client_id,
        "exp": 1767615000 + 120,
        "iat": 1767615000,
        "auth_time": 1767614400,
        "nonce": "n-1",
        "at_hash": base64.urlsafe_b64encode(digest).decode().rstrip("="),
    }
    again = post_form(
        call,
        TOKEN,
        {
            "grant_type": "refresh_token",
            "refresh_token": str(reply["refresh_token"]),
            "client_id": app.client_id,
            "client_secret": app.client_secret,
        },
    ).json
    assert isinstance(again, dict)
    assert "nonce" not in jwt.decode(str(again["id_token"]), options={"verify_signature": False})


def test_the_device_flow_takes_multipart_forms_as_the_sf_cli_sends_them(
    call: Caller, portal: ConnectedApp
) -> None:
    fields = {"client_id": portal.client_id, "response_type": "device_code", "scope": "api"}
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = call("POST", TOKEN, body=f"{parts}--b--\r\n".encode(), headers=headers, token=None)
    assert answer.status == 200
    assert isinstance(answer.json, dict)
    assert list(answer.json) == ["device_code", "user_code", "verification_uri", "interval"]


def test_the_sf_cli_logs_in_by_its_own_app(call: Caller, org: Org) -> None:
    redirect = "http://localhost:1717/OauthRedirect"
    org.connected_app(
        "Salesforce CLI", client_id="PlatformCLI", callback_urls=[redirect], require_secret=False,
        scopes="refresh_token api web",
    )  # fmt: skip
    asked = {
        "response_type": "code", "client_id": "PlatformCLI", "redirect_uri": redirect, "state": "972475373f51",
        "prompt": "login", "scope": "refresh_token api web", "code_challenge": challenge("v" * 43),
    }  # fmt: skip
    user = org.users.find(org.admin_id)
    visitor = Visitor(call.app, user.username, org.users.secrets(user.id).password)
    called = visitor.visit(f"https://login.salesforce.com{AUTHORIZE}?{urlencode(asked)}")
    code = parse_qs(urlsplit(called).query)["code"][0]
    form = {
        "grant_type": "authorization_code", "code": code, "client_id": "PlatformCLI", "redirect_uri": redirect,
        "code_verifier": "v" * 43, "client_secret": "",
    }  # fmt: skip
    answer = post_form(call, TOKEN, form, host="login.salesforce.com")
    assert answer.status == 200


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def test_a_code_and_a_page_outlive_the_process_of_an_org_that_owns_its_file(
    org: Org, tmp_path: Path
) -> None:
    file = tmp_path / "kept.org"
    app = org.connected_app("Portal", callback_urls=[CALLBACK])
    org.save(file)
    with Org.open(file, durable=True) as first:
        tab = Tab(Caller(first))
        page, other = tab.open(app), tab.open(app, state="2")
        done = tab.send(tab.log_in(page, first), "allow")
    with Org.open(file, durable=True) as second:
        call = Caller(second)
        code = parse_qs(urlsplit(done.headers.get("Location") or "").query)["code"][0]
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK,
            "client_id": app.client_id, "client_secret": app.client_secret,
        }  # fmt: skip
        assert post_form(call, TOKEN, form).status == 200
        assert post_form(call, TOKEN, form).status == 400
        tab.call = call
        assert (tab.log_in(other, second).headers.get("Location") or "").endswith("&state=2")
