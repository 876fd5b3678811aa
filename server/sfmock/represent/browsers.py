"""Who the browser is that sends a request: what it is known by, and the session that it has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sfmock.org.authorizing import Authorizing
from sfmock.org.org import Org
from sfmock.represent.cookies import cookies
from sfmock.represent.interaction_pages import BROWSER_COOKIE, SESSION_COOKIE
from sfmock.wire import Request

_KNOWN = re.compile(r"[0-9A-Za-z]{40}")


@dataclass(frozen=True, slots=True)
class Browser:
    """A browser before the org; `new` is the cookie that it has to be given."""

    authorizing: Authorizing
    new: str | None = field(default=None, repr=False)


def browser_of(org: Org, request: Request) -> Browser:
    """The browser behind a request."""
    sent = cookies(request)
    session = org.sessions.find(sent.get(SESSION_COOKIE, ""))
    if session is not None and not session.allows_browser:
        session = None
    known = sent.get(BROWSER_COOKIE, "")
    if _KNOWN.fullmatch(known):
        return Browser(Authorizing(org, request, known, session))
    made = org.interactions.new_browser()
    return Browser(Authorizing(org, request, made, session), made)
