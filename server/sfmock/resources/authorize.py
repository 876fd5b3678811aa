"""`/services/oauth2/authorize`: where apps send the browsers of their users, and the page that answers without an app (oauth.md 3.3)."""

from __future__ import annotations

from sfmock.org import authorize_requests
from sfmock.represent.browsers import browser_of
from sfmock.represent.interaction_pages import page_reply, step_reply
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router(family="oauth")


@router.route("GET,POST", "/services/oauth2/authorize", name="authorize", auth=False, counted=False)
def authorize(call: Call) -> Reply:
    """The login page, the approval page, or at once the redirect to the app."""
    asked = authorize_requests.read(call.form(), call.org.apps)
    browser = browser_of(call.org, call.request)
    return step_reply(browser.authorizing.authorize(asked), call.request, browser.new)


@router.route("GET", "/setup/connect", name="connect_device", auth=False, counted=False)
def connect(call: Call) -> Reply:
    """Where the user of a device types its code (oauth.md 3.5)."""
    browser = browser_of(call.org, call.request)
    step = browser.authorizing.connect(call.args().get("user_code", ""))
    return step_reply(step, call.request, browser.new)


@router.route(
    "POST",
    "/setup/secur/RemoteAccessAuthorizationPage.apexp",
    name="approval",
    auth=False,
    counted=False,
)
def approval(call: Call) -> Reply:
    """What a user says on one of these pages: a log-in, a code, yes or no."""
    browser = browser_of(call.org, call.request)
    return step_reply(browser.authorizing.go_on(call.form()), call.request, browser.new)


@router.route(
    "GET", "/services/oauth2/success", name="authorize_success", auth=False, counted=False
)
def success(call: Call) -> Reply:
    """The callback of apps that read the address of their browser (oauth.md 3.4)."""
    return page_reply("Success", "<h1>Remote access application authorization</h1>")
