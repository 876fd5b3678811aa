"""The pages that people see who log in and approve apps: small, without script, and nothing that comes from outside is markup."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from sfmock.org.authorizing import Page, SendTo, Step
from sfmock.wire import Reply, Request

FORM_ACTION = "/setup/secur/RemoteAccessAuthorizationPage.apexp"
BROWSER_COOKIE = "oauth_browser"
SESSION_COOKIE = "sid"

_SCOPES = {
    "api": "Manage user data via APIs",
    "web": "Manage user data via Web browsers",
    "full": "Full access",
    "id": "Access the identity URL service",
    "profile": "Access the identity URL service",
    "email": "Access the identity URL service",
    "address": "Access the identity URL service",
    "phone": "Access the identity URL service",
    "openid": "Access unique user identifiers",
    "refresh_token": "Perform requests at any time",
    "offline_access": "Perform requests at any time",
    "chatter_api": "Access Connect REST API resources",
    "content": "Access content resources",
    "custom_permissions": "Access custom permissions",
    "visualforce": "Access Visualforce applications",
    "lightning": "Access Lightning applications",
    "wave_api": "Access Analytics REST API resources",
    "eclair_api": "Access Analytics REST API Charts Geodata resources",
    "pardot_api": "Manage Pardot services",
    "sfap_api": "Access the Salesforce API Platform",
}
"""What the approval page says a scope allows."""

_CSS = """
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:24px;
background:#f4f6f9;color:#181818;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{width:100%;max-width:400px;background:#fff;border:1px solid #d8dde6;border-radius:12px;padding:32px;
box-shadow:0 2px 12px rgba(0,0,0,.06)}
.popup main,.touch main,.mobile main{padding:20px;border-radius:8px}
.touch,.mobile{padding:0;justify-content:flex-start;background:#fff}
.touch main,.mobile main{max-width:none;border:0;box-shadow:none}
h1{font-size:22px;line-height:1.3;font-weight:600;margin:0 0 4px;overflow-wrap:anywhere}
p{margin:0 0 16px;overflow-wrap:anywhere}
.quiet{color:#5c5c5c;font-size:13px}
label{display:block;margin:0 0 4px;font-size:13px;color:#3e3e3c}
input{width:100%;font:inherit;padding:10px 12px;margin:0 0 16px;border:1px solid #c9c9c9;border-radius:8px;background:#fff}
input:focus{outline:2px solid #0176d3;outline-offset:-1px;border-color:#0176d3}
.code{text-align:center;letter-spacing:.25em;text-transform:uppercase;font-size:20px}
ul{margin:0 0 20px;padding:0;list-style:none;border:1px solid #e5e5e5;border-radius:8px}
li{padding:10px 14px}li+li{border-top:1px solid #e5e5e5}
.note{border-radius:8px;padding:10px 14px;background:#fdecea;color:#8e030f}
.buttons{display:flex;gap:12px}.buttons form{flex:1}
button{width:100%;font:inherit;font-weight:600;padding:10px 16px;border:1px solid #0176d3;border-radius:8px;background:#0176d3;
color:#fff;cursor:pointer}
button:hover{background:#014486;border-color:#014486}button:focus-visible{outline:2px solid #014486;outline-offset:2px}
button.second{background:#fff;color:#0176d3;border-color:#c9c9c9}button.second:hover{background:#f3f3f3}
button.link{width:auto;border:0;padding:0;background:none;color:#0176d3;font-weight:400;text-decoration:underline}
.ask{margin:0 0 20px;overflow-wrap:anywhere}form.inline{display:inline}
.account{margin:0 0 12px}.account button{text-align:left}.account small{display:block;font-weight:400;overflow-wrap:anywhere}
footer{margin-top:16px;color:#706e6b;font-size:12px}
"""


def step_reply(step: Step, request: Request, browser: str | None) -> Reply:
    """The page of a step, or its redirect; `browser`: the cookie that the browser is known by, where it has none yet."""
    cookies: list[tuple[str, str]] = []
    if browser is not None:
        cookies.append(_cookie(request, BROWSER_COOKIE, browser))
    if isinstance(step, SendTo):
        headers = (*cookies, ("Location", step.location))
        return Reply(302, headers=headers, content_type=None)
    if step.session is not None and step.session.kind == "ui":
        cookies.append(_cookie(request, SESSION_COOKIE, step.session.token))
    title, body = _PAGES[step.name](step, request)
    status = 400 if step.name == "expired" else 200
    return page_reply(title, body, status=status, display=step.display, headers=cookies)


def session_cookie(request: Request, token: str) -> tuple[str, str]:
    """The header field by which a browser gets a session."""
    return _cookie(request, SESSION_COOKIE, token)


def no_session_cookie(request: Request) -> tuple[str, str]:
    """The header field by which a browser loses it."""
    name, value = _cookie(request, SESSION_COOKIE, "")
    return name, f"{value}; Max-Age=0"


def page_reply(
    title: str,
    body: str,
    *,
    status: int = 200,
    display: str = "page",
    headers: list[tuple[str, str]] | None = None,
    frames: Sequence[str] = (),
) -> Reply:
    """A whole page; `body` is markup, the rest is text. `frames`: what of other sites is in it."""
    text = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)} | Salesforce</title>\n<style>{_CSS}</style>\n</head>\n"
        f'<body class="{escape(display)}">\n<main>\n{body}\n</main>\n'
        "<footer>A fake Salesforce for tests: pytest-sfmock</footer>\n</body>\n</html>\n"
    )
    fields = (*(headers or ()), *_security(tuple(frames)))
    return Reply(status, text, headers=fields, content_type="text/html;charset=UTF-8")


@lru_cache(maxsize=16)
def _security(frames: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Nothing loads, nothing frames; no `form-action`, for browsers apply it to the redirect to the callback, too."""
    style = b64encode(sha256(_CSS.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; frame-ancestors 'none'"
    )
    if frames:
        policy += f"; frame-src {' '.join(sorted({_origin(each) for each in frames}))}"
    return (
        ("Content-Security-Policy", policy),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "origin"),
    )


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _cookie(request: Request, name: str, value: str) -> tuple[str, str]:
    secure = "; Secure" if request.scheme == "https" else ""
    return "Set-Cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}"


def _login(step: Page, request: Request) -> tuple[str, str]:
    app = "" if step.app is None else f"<p>to continue to {escape(step.app.name)}</p>"
    note = f'<p class="note" role="alert">{escape(step.note)}</p>' if step.note else ""
    focus = ("", " autofocus") if step.login_hint else (" autofocus", "")
    return "Login", (
        f"<h1>Log In</h1>\n{app or _host(request)}\n{note}{_form(step, 'login')}"
        '<label for="username">Username</label>'
        f'<input id="username" name="username" type="text" autocomplete="username" autocapitalize="none"'
        f' spellcheck="false" value="{escape(step.login_hint)}" required{focus[0]}>\n'
        '<label for="password">Password</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        f" required{focus[1]}>\n"
        "<button>Log In</button></form>"
    )


def _accounts(step: Page, request: Request) -> tuple[str, str]:
    name, username = ("", "") if step.user is None else (step.user.name, step.user.username)
    return "Choose an Account", (
        f'<h1>Choose a Username</h1>\n{_host(request)}\n<div class="account">{_form(step, "continue")}'
        f'<button class="second">{escape(name)}<small>{escape(username)}</small></button></form></div>\n'
        f'{_form(step, "switch", "inline")}<button class="link">Log In with a Different Username</button></form>'
    )


def _code(step: Page, request: Request) -> tuple[str, str]:
    note = f'<p class="note" role="alert">{escape(step.note)}</p>' if step.note else ""
    return "Connect Your Device", (
        "<h1>Connect Your Device</h1>\n<p>Enter the code that your device shows.</p>\n"
        f'{note}{_form(step, "code")}<label for="user_code">Code</label>'
        '<input id="user_code" class="code" name="user_code" type="text" autocomplete="off" maxlength="9"'
        ' spellcheck="false" required autofocus>\n<button>Connect</button></form>'
    )


def _approval(step: Page, request: Request) -> tuple[str, str]:
    app = "" if step.app is None else step.app.name
    labels = dict.fromkeys(_SCOPES.get(each, each) for each in step.scopes)
    asked = "\n".join(f"<li>{escape(each)}</li>" for each in labels)
    username = "" if step.user is None else step.user.username
    return "Allow Access?", (
        f"<h1>Allow Access?</h1>\n<p>{escape(app)} is asking to:</p>\n<ul>\n{asked}\n</ul>\n"
        f'<div class="ask">Do you want to allow access for <strong>{escape(username)}</strong>?'
        f' {_form(step, "switch", "inline")}<button class="link">Not you?</button></form></div>\n'
        f'<div class="buttons">{_form(step, "deny")}<button class="second">Deny</button></form>'
        f"{_form(step, 'allow')}<button>Allow</button></form></div>"
    )


def _done(step: Page, request: Request) -> tuple[str, str]:
    app = "" if step.app is None else escape(step.app.name)
    if step.note == "denied":
        return "Access Denied", f"<h1>Access Denied</h1>\n<p>{app} was not connected.</p>"
    return "You're Connected", (
        f"<h1>You're Connected</h1>\n<p>{app} is connected. You can close this page and go back to your device.</p>"
    )


def _error(step: Page, request: Request) -> tuple[str, str]:
    return "Error", f'<h1>We can\'t authorize you</h1>\n<p class="note">{escape(step.note)}</p>'


def _expired(step: Page, request: Request) -> tuple[str, str]:
    return "Expired", (
        "<h1>This page has expired</h1>\n<p>Go back to the app that sent you here, and start again.</p>"
    )


_PAGES = {
    "login": _login,
    "accounts": _accounts,
    "code": _code,
    "approval": _approval,
    "done": _done,
    "error": _error,
    "expired": _expired,
}


def _host(request: Request) -> str:
    return f'<p class="quiet">{escape(request.host)}</p>'


def _form(step: Page, action: str, style: str = "") -> str:
    """The begin of a form of an interaction."""
    ticket = "" if step.interaction is None else step.interaction.ticket
    kind = f' class="{style}"' if style else ""
    return (
        f'<form method="post" action="{FORM_ACTION}"{kind}>'
        f'<input type="hidden" name="ticket" value="{escape(ticket)}">'
        f'<input type="hidden" name="action" value="{action}">'
    )
