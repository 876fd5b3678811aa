"""Canaries: secrets of log-ins planted in every place of requests and replies, and none in anything that is printed."""

from __future__ import annotations

import json
import logging

import pytest

import assertion_cases
from calling import Caller
from oauth_calls import TOKEN, basic, login_operation, post_form, soap
from sfmock.app import App
from sfmock.control.credentials import make_credentials
from sfmock.control.evidence import evidence
from sfmock.control.handle import Sfmock
from sfmock.control.har import archive
from sfmock.control.section import section
from sfmock.org import assertions, jws
from sfmock.org.grants import Grants
from sfmock.org.org import Org
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE, client_key_pem
from sfmock.org.token_replies import Granted
from sfmock.wire import Headers, Request

GRANT = "urn:ietf:params:oauth:grant-type:"


class Canaries:
    """The secrets that were planted, by where."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def plant(self, place: str, secret: str | None = None) -> str:
        self.found[place] = secret or f"canary-{place.replace(' ', '-')}-Zx9"
        return self.found[place]

    def seen_in(self, text: str) -> list[str]:
        return [place for place, secret in self.found.items() if secret in text]


@pytest.fixture
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture
def told(call: Caller, org: Org, canaries: Canaries) -> list[object]:
    """Everything that knows of the requests, after all of them."""
    plant = canaries.plant
    user = org.user(
        "ann@acme.example", password=plant("password"), security_token=plant("security token")
    )
    whole = f"{canaries.found['password']}{canaries.found['security token']}"
    app = org.connected_app(
        "Canary", client_secret=plant("old client secret"), run_as=user, certificate=CLIENT_CERTIFICATE,
        scopes="api id openid refresh_token",
    )  # fmt: skip
    app = org.apps.change("Canary", client_secret=plant("client secret"))
    client = {"client_id": app.client_id, "client_secret": app.client_secret}
    refresh = org.sessions.refresh_token(user.id, app.id, app.scopes)
    plant("refresh token", refresh.token)

    def send(form: dict[str, str], *, query: str = "", **headers: str) -> dict[str, str]:
        answer = post_form(call, f"{TOKEN}{query}", form, headers=headers)
        found: dict[str, str] = json.loads(answer.text)
        for name in ("access_token", "id_token", "signature", "refresh_token"):
            if name in found and found[name] not in canaries.found.values():
                plant(f"{name} {len(canaries.found)}", found[name])
        return found

    send({"grant_type": "password", "username": user.username, "password": whole, **client})
    send(
        {
            "grant_type": "password",
            "username": user.username,
            "password": plant("wrong password"),
            **client,
        }
    )
    token = send({"grant_type": "refresh_token", "refresh_token": refresh.token, **client})[
        "access_token"
    ]
    send({"grant_type": "client_credentials"}, **basic(app.client_id, app.client_secret))
    send({"grant_type": "client_credentials"}, **basic(app.client_id, plant("secret in Basic")))
    claims = {
        "iss": app.client_id,
        "sub": user.username,
        "aud": "https://login.salesforce.com",
        "exp": 9 * 10**9,
    }
    assertion = plant("assertion", assertion_cases.signed(claims, {}))
    send({"grant_type": f"{GRANT}jwt-bearer", "assertion": assertion})
    send({"grant_type": f"{GRANT}jwt-bearer"}, query=f"?assertion={plant('assertion in the URL')}")
    own = {**claims, "sub": app.client_id}
    proof = plant("client assertion", assertion_cases.signed(own, {}))
    send({"grant_type": "client_credentials", "client_assertion": proof, "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"})  # fmt: skip
    send({"grant_type": f"{GRANT}saml2-bearer", "assertion": plant("SAML assertion")})
    send({"grant_type": f"{GRANT}token-exchange", "subject_token": plant("subject token"), "subject_token_type": "urn:ietf:params:oauth:token-type:jwt", **client})  # fmt: skip
    org.apps.change("Canary", jwt_access_tokens=True)
    jwt_token = send({"grant_type": "client_credentials", **client})["access_token"]
    for path in (
        "/services/data/v60.0/limits",
        "/services/oauth2/userinfo",
        f"/id/{org.id}/{user.id}",
    ):
        for each in (token, jwt_token, plant(f"garbage at {path}")):
            call("GET", path, token=each)
    for name in ("oauth_token", "access_token"):
        call("GET", f"/id/{org.id}/{user.id}?{name}={token}", token=None)
    post_form(call, "/services/oauth2/introspect", {"token": token, **client})
    call("GET", f"/services/oauth2/revoke?token={plant('revoked garbage')}", token=None)
    call("GET", f"/services/oauth2/revoke?token={token}&callback=done", token=None)
    session = soap(call, login_operation(user.username, whole)).text
    plant("session id", session.partition("<sessionId>")[2].partition("<")[0])
    soap(call, login_operation(user.username, plant("wrong SOAP password")))
    dead = plant("dead session id", "00D551000000001!AQ" + "x" * 90)
    soap(call, '<logout xmlns="urn:partner.soap.sforce.com"/>', header=f"<SessionHeader><sessionId>{dead}</sessionId></SessionHeader>")  # fmt: skip
    call(
        "POST",
        f"/sobjects/User/{user.id}/password",
        {"NewPassword": plant("new password", "canary-New-1")},
    )
    plant("private key", client_key_pem())
    request = Request(
        "POST",
        TOKEN,
        query=f"token={dead}",
        headers=Headers([("Authorization", dead)]),
        body=dead.encode(),
    )
    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    granted = Granted(app, org.sessions.open(user.id), refresh_token=refresh.token, nonce="n")
    return [
        org, user, app, refresh, request, handle, granted, Grants(org, request), org.apps, org.users, org.sessions, org.logins,
        org.logins.policy, org.passwords, org.token_exchanges, org.users.secrets(user.id), make_credentials(org, user),
        jws.read(assertion), assertions.read(proof), org.journal, *org.journal, *org.sessions, org.journal.problems,
    ]  # fmt: skip


def test_twenty_secrets_and_more_were_planted(told: list[object], canaries: Canaries) -> None:
    assert len(set(canaries.found.values())) >= 20
    assert all(len(each) > 10 for each in canaries.found.values())


def test_no_repr_shows_one(told: list[object], canaries: Canaries) -> None:
    assert canaries.seen_in(" ".join(map(repr, told))) == []


@pytest.mark.parametrize("detail", [0, 1, 2])
def test_no_line_of_the_report_shows_one(
    told: list[object], canaries: Canaries, org: Org, detail: int
) -> None:
    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    problems = handle.problems()
    text = "\n".join(section([evidence(handle, plans=True)], problems, detail=detail))
    assert "/services/oauth2/token" in text
    assert len(problems) > 0
    assert canaries.seen_in(text) == []


def test_no_archive_shows_one(told: list[object], canaries: Canaries, org: Org) -> None:
    handle = Sfmock(App(org), instance_url="x", login_url="x", transport="http")
    assert canaries.seen_in(json.dumps(archive("canaries", [evidence(handle)]))) == []


def test_nothing_is_logged_that_holds_one(
    caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest, canaries: Canaries
) -> None:
    with caplog.at_level(logging.DEBUG):
        request.getfixturevalue("told")
    assert canaries.seen_in(caplog.text) == []


def test_the_exchanges_hold_them_for_the_test_to_look_at(
    told: list[object], canaries: Canaries, org: Org
) -> None:
    sent = b" ".join(each.body for each in org.journal).decode()
    assert "subject token" in canaries.seen_in(sent.replace("+", " ").replace("%20", " "))
