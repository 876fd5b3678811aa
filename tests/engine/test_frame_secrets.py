"""No secret in what is printed: the repr of everything that may hold a token, a password or a body."""

from __future__ import annotations

import dataclasses

import pytest

from calling import Caller
from oauth_calls import TOKEN, basic, login_operation, post_form, soap
from sfmock.app import App
from sfmock.control.credentials import make_credentials
from sfmock.control.handle import Sfmock
from sfmock.org.fault_filters import Target
from sfmock.org.lines import lines
from sfmock.org.org import Org
from sfmock.routing import Call
from sfmock.transport.head import Head
from sfmock.wire import Headers, RawJson, Rendered, Reply, Request

SECRET = "s3cr3t"
QUERY = "&".join(
    f"{name}={SECRET}"
    for name in ("token", "password", "client_secret", "refresh_token", "access_token", "oauth_token",
                 "sid", "code", "assertion", "client_assertion", "code_verifier")
)  # fmt: skip
REQUEST = Request(
    method="POST",
    path="/services/oauth2/token",
    query=QUERY,
    headers=Headers([("Authorization", f"Bearer {SECRET}"), ("Cookie", f"sid={SECRET}")]),
    body=QUERY.encode(),
)


@pytest.mark.parametrize(
    "value",
    [
        REQUEST,
        REQUEST.headers,
        REQUEST.args(),
        Reply(body={"access_token": SECRET}),
        Reply(body=RawJson(SECRET)),
        RawJson(SECRET),
        Rendered(200, (("X", SECRET),), SECRET.encode()),
        Target("GET", "/x", QUERY, None, None),
        Head("GET", f"/x?{QUERY}", "/x", QUERY, "HTTP/1.1", {"authorization": SECRET}, 0),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_repr_of_a_value_shows_no_secret(value: object) -> None:
    assert SECRET not in repr(value)


def test_the_repr_of_a_call_shows_no_secret(org: Org) -> None:
    form = dataclasses.replace(
        REQUEST, headers=Headers([("Content-Type", "application/x-www-form-urlencoded")])
    )
    call = Call(REQUEST, org, authorization=("bearer", SECRET))
    assert SECRET not in repr(call)
    assert SECRET not in repr(Call(form, org).form())
    assert Call(form, org).form()["password"] == SECRET


def test_the_reprs_around_an_org_show_no_secret(call: Caller, org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    session = org.sessions.open(org.admin_id)
    refresh = org.sessions.find_refresh(keys.refresh_token)
    app = org.apps.default()
    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    secrets = (
        keys.password, keys.security_token, keys.client_secret, keys.refresh_token, session.token,
        handle.access_token,
    )  # fmt: skip
    things = (
        keys, session, refresh, app, handle, org, org.sessions, org.users, org.apps, org.journal, org.limits,
        org.users.secrets(org.admin_id), handle.app, handle.user, org.faults, list(org.sessions),
    )  # fmt: skip
    text = " ".join(map(repr, things))
    assert [each for each in secrets if each in text] == []


def test_exchanges_and_their_lines_show_no_secret(call: Caller, org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    whole = keys.password + keys.security_token
    post_form(call, f"{TOKEN}?{QUERY}", {"grant_type": "nope"}, headers=basic("x", SECRET))
    call("GET", f"/services/oauth2/revoke?token={call.token}")
    call("GET", f"/id/{org.id}/{org.admin_id}?oauth_token={SECRET}", token=None)
    soap(call, login_operation(keys.username, whole))
    text = " ".join([*map(repr, org.journal), *lines(org.journal)])
    assert SECRET not in text
    assert whole not in text
    assert call.token not in text
