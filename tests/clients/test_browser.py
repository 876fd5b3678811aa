"""A real browser, headless Chromium, through the pages of the web server flow and the device flow."""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import requests

from pytest_sfmock import Sfmock
from sfmock.org.apps import ConnectedApp

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
_CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
pytestmark = [
    pytest.mark.skipif(_CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.sfmock(transport="http"),
]

VERIFIER = "a-verifier-of-forty-three-characters-at-least"

Page: TypeAlias = Any
"""Playwright may not be there: its types neither."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=_CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


class _Callback(BaseHTTPRequestHandler):
    """The app that the browser comes back to."""

    def do_GET(self) -> None:
        body = b"<title>Portal</title>The app is back"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its name is the library's
        pass


@pytest.fixture(scope="module")
def callback() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Callback) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/callback"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Any) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.problems = []
    page.on("console", lambda message: page.problems.append(message.text))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    yield page
    assert page.problems == [], "the pages keep their own Content-Security-Policy"
    context.close()


@pytest.fixture
def portal(sfmock: Sfmock, callback: str) -> ConnectedApp:
    return sfmock.org.connected_app(
        "Customer Portal",
        callback_urls=[callback],
        scopes="api web refresh_token openid",
        require_pkce=True,
    )


def address(sfmock: Sfmock, app: ConnectedApp, **more: str) -> str:
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.callback_urls[0],
        "state": "x&y",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    return f"{sfmock.login_url}/services/oauth2/authorize?{urlencode(asked | more)}"


def log_in(page: Page, sfmock: Sfmock) -> None:
    page.get_by_label("Username").fill(sfmock.credentials.username)
    page.get_by_label("Password").fill(sfmock.credentials.password)
    page.get_by_role("button", name="Log In").click()


def called_with(page: Page) -> dict[str, list[str]]:
    page.wait_for_url("**/callback?*")
    assert page.title() == "Portal"
    return parse_qs(urlsplit(page.url).query)


def test_a_browser_goes_through_the_web_server_flow(
    page: Page, sfmock: Sfmock, portal: ConnectedApp
) -> None:
    page.goto(address(sfmock, portal))
    assert page.title() == "Login | Salesforce"
    log_in(page, sfmock)
    assert page.get_by_role("heading").inner_text() == "Allow Access?"
    assert page.get_by_role("listitem").all_inner_texts() == [
        "Manage user data via APIs",
        "Manage user data via Web browsers",
        "Perform requests at any time",
        "Access unique user identifiers",
    ]
    page.get_by_role("button", name="Allow").click()

    called = called_with(page)
    assert called["state"] == ["x&y"]
    form = {
        "grant_type": "authorization_code",
        "code": called["code"][0],
        "redirect_uri": portal.callback_urls[0],
        "client_id": portal.client_id,
        "client_secret": portal.client_secret,
        "code_verifier": VERIFIER,
    }
    reply = requests.post(f"{sfmock.login_url}/services/oauth2/token", data=form, timeout=10).json()
    assert reply["scope"] == "api web refresh_token openid"
    who = requests.get(
        f"{sfmock.instance_url}/services/oauth2/userinfo",
        headers={"Authorization": f"Bearer {reply['access_token']}"},
        timeout=10,
    )
    assert who.json()["preferred_username"] == sfmock.credentials.username


@pytest.mark.sfmock(transport="https")
def test_a_browser_keeps_secure_cookies_over_tls(
    page: Page, sfmock: Sfmock, portal: ConnectedApp
) -> None:
    page.goto(address(sfmock, portal))
    log_in(page, sfmock)
    kept = {each["name"]: each for each in page.context.cookies(sfmock.login_url)}
    assert [
        (kept[name]["secure"], kept[name]["httpOnly"]) for name in ("sid", "oauth_browser")
    ] == [
        (True, True),
        (True, True),
    ]
    assert page.evaluate("document.cookie").count("sid=") == 0
    page.get_by_role("button", name="Allow").click()
    assert "code" in called_with(page)


def test_a_browser_that_has_been_here_is_sent_on_at_once(
    page: Page, sfmock: Sfmock, portal: ConnectedApp
) -> None:
    page.goto(address(sfmock, portal))
    log_in(page, sfmock)
    page.get_by_role("button", name="Allow").click()
    first = called_with(page)
    page.goto("about:blank")
    page.goto(address(sfmock, portal))
    second = called_with(page)
    assert second["code"] != first["code"]


def test_a_browser_shows_a_wrong_password_and_a_refusal(
    page: Page, sfmock: Sfmock, portal: ConnectedApp
) -> None:
    page.goto(address(sfmock, portal, login_hint=sfmock.credentials.username))
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    assert "check your username and password" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Username").input_value() == sfmock.credentials.username
    log_in(page, sfmock)
    page.get_by_role("button", name="Deny").click()
    assert called_with(page) == {
        "error": ["access_denied"],
        "error_description": ["end-user denied authorization"],
        "state": ["x&y"],
    }


def test_a_browser_goes_through_the_user_agent_flow(
    page: Page, sfmock: Sfmock, portal: ConnectedApp
) -> None:
    page.goto(address(sfmock, portal, response_type="token", scope="api"))
    log_in(page, sfmock)
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("**/callback#*")
    told = parse_qs(page.evaluate("location.hash").removeprefix("#"))
    assert sfmock.org.sessions.get(told["access_token"][0]) is not None


def test_a_browser_connects_a_device(page: Page, sfmock: Sfmock, portal: ConnectedApp) -> None:
    form = {"response_type": "device_code", "client_id": portal.client_id}
    device = requests.post(f"{sfmock.login_url}/services/oauth2/token", data=form, timeout=10).json()  # fmt: skip
    page.goto(device["verification_uri"])
    log_in(page, sfmock)
    page.get_by_label("Code").fill(device["user_code"].lower())
    page.get_by_role("button", name="Connect").click()
    page.get_by_role("button", name="Allow").click()
    assert page.get_by_role("heading").inner_text() == "You're Connected"
    form = {"grant_type": "device", "client_id": portal.client_id, "code": device["device_code"]}
    reply = requests.post(f"{sfmock.login_url}/services/oauth2/token", data=form, timeout=10)
    assert reply.status_code == 200


def test_not_you_and_another_account(page: Page, sfmock: Sfmock, portal: ConnectedApp) -> None:
    page.goto(address(sfmock, portal))
    log_in(page, sfmock)
    page.get_by_role("button", name="Not you?").click()
    assert page.get_by_role("heading").inner_text() == "Log In"
    log_in(page, sfmock)
    page.get_by_role("button", name="Allow").click()
    called_with(page)
    page.goto(address(sfmock, portal, prompt="select_account"))
    page.get_by_role("button", name=sfmock.credentials.username).click()
    called_with(page)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_page_is_wider_than_its_window(
    page: Page, sfmock: Sfmock, portal: ConnectedApp, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 600})
    page.goto(address(sfmock, portal, display="touch" if width == 320 else "page"))
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    log_in(page, sfmock)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
