"""From a token to a browser's session and out again: singleaccess, `frontdoor.jsp` and `logout.jsp` (oauth.md 2, 5.5)."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, urlsplit

from sfmock import errors, login_errors
from sfmock.org.grants import bearer
from sfmock.org.identity import instance_url, on_login_host
from sfmock.org.sessions import Session
from sfmock.represent.cookies import cookies
from sfmock.represent.interaction_pages import (
    SESSION_COOKIE,
    no_session_cookie,
    page_reply,
    session_cookie,
)
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router(family="identity")

_API_ONLY = "PermissionsApiUserOnly"


@router.route(
    "GET,POST", "/services/oauth2/singleaccess", name="singleaccess", auth=False, counted=False
)
def singleaccess(call: Call) -> Reply:
    """An address that opens a browser's session once, for a minute."""
    token = bearer(call.request.headers)
    if not token:
        raise login_errors.MISSING_OAUTH_TOKEN()
    session = call.org.sessions.find(token)
    if session is None or session.kind not in ("oauth", "api"):
        raise login_errors.BAD_OAUTH_TOKEN()
    if on_login_host(call.request):
        raise errors.refuse("singleaccess on a login host")
    if not session.allows_browser:
        raise errors.refuse("singleaccess for a token with neither of the scopes web and full")
    if call.org.users.has_permission(session.user_id, _API_ONLY):
        raise errors.refuse("singleaccess for an API-only user")
    start = call.form().get("redirect_uri")
    if start is not None and not _is_local(f"/{start.removeprefix('/')}"):
        raise errors.refuse("singleaccess with a redirect_uri that is no relative path")
    otp = call.org.passes.issue(call.org.sessions.random, call.org.id, session.user_id)
    query = f"otp={quote(otp, safe='')}"
    if start is not None:
        query += f"&startURL={quote(start, safe='')}"
    # Seen in the URLs of `sf org open`: parts of the ids of user and org.
    query += f"&cshc={session.user_id[4:15]}{call.org.id[4:15]}"
    base = instance_url(call.org, call.request)
    return Reply(body={"frontdoor_uri": f"{base}/secur/frontdoor.jsp?{query}"})


@router.route("GET,POST", "/secur/frontdoor.jsp", name="frontdoor", auth=False, counted=False)
def frontdoor(call: Call) -> Reply:
    """A browser's session for a session id or a one-time password, and on to a page."""
    form = call.form()
    session = (
        _by_password(call, form["otp"]) if "otp" in form else _by_id(call, form.get("sid", ""))
    )
    target = form.get("startURL", form.get("retURL", "/"))
    path = f"/{target.removeprefix('/')}"
    base = instance_url(call.org, call.request)
    location = f"{base}{path if _is_local(path) else '/'}"
    headers = (session_cookie(call.request, session.token), ("Location", location))
    return Reply(302, headers=headers, content_type=None)


@router.route("GET", "/secur/logout.jsp", name="logout", auth=False, counted=False)
def logout(call: Call) -> Reply:
    """The browser's session ends, with those of the other domains; apps with a Single Logout URL are told by the browser."""
    org = call.org
    session = org.sessions.get(cookies(call.request).get(SESSION_COOKIE, ""))
    urls: list[str] = []
    if session is not None:
        used = {each.app_id for each in org.sessions if each.user_id == session.user_id}
        apps = [org.apps.by_id(each) for each in sorted(filter(None, used))]
        urls = [each.logout_url for each in apps if each is not None and each.logout_url]
        org.sessions.expire(session.token)
    frames = "".join(f'<iframe hidden src="{escape(each)}"></iframe>' for each in urls)
    return page_reply(
        "Logged Out",
        f"<h1>You're logged out</h1>\n<p>You can close this page.</p>{frames}",
        headers=[no_session_cookie(call.request)],
        frames=urls,
    )


def _by_password(call: Call, otp: str) -> Session:
    user_id = call.org.passes.take(otp)
    if user_id is None or not call.org.users.active(user_id):
        raise errors.refuse("frontdoor.jsp with an otp that is used, over or unknown")
    return call.org.sessions.open(user_id, kind="ui")


def _by_id(call: Call, session_id: str) -> Session:
    session = call.org.sessions.find(session_id)
    if session is None or not session.allows_browser:
        raise errors.refuse("frontdoor.jsp with a session that is over or not for browsers")
    return session


def _is_local(path: str) -> bool:
    """Whether a path stays on the host, whatever a browser makes of it."""
    parts = urlsplit(path)
    return not (parts.scheme or parts.netloc or path.startswith(("//", "/\\")) or "\\" in path)
