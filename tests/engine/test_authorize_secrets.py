"""Codes, tickets, cookies and passwords of the flows with a browser stand in nothing that a reader sees."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from calling import Caller
from oauth_calls import TOKEN, post_form
from sfmock.control.browser import Visitor
from sfmock.org.journal import Exchange
from sfmock.org.known_secrets import mask_of
from sfmock.org.org import Org

CALLBACK = "https://portal.example/callback"


def shown(org: Org) -> str:
    """All of the journal, as masks let it through, and every repr."""
    mask = mask_of(org)
    texts: list[str] = [repr(org), repr(org.journal), repr(list(org.journal))]
    for each in org.journal:
        texts += [mask.text(each.url), str(mask.query(each.query)), mask.path(each.path)]
        texts += [str(mask.headers(each.headers)), str(mask.headers(each.reply_headers))]
        texts += [mask.body(each.headers, each.body), mask.body(each.reply_headers, each.reply)]
    return "\n".join(texts)


def cookies(exchanges: list[Exchange]) -> set[str]:
    values = (
        value.partition(";")[0].partition("=")[2]
        for each in exchanges
        for name, value in each.reply_headers
        if name == "Set-Cookie" and value.startswith(("sid=", "oauth_browser="))
    )
    return {each for each in values if each}


def test_nothing_secret_of_the_flows_is_shown(call: Caller, org: Org) -> None:
    app = org.connected_app(
        "Portal", callback_urls=[CALLBACK, "myapp://done"], scopes="api web refresh_token openid"
    )
    user = org.users.find(org.admin_id)
    password = org.users.secrets(user.id).password
    visitor = Visitor(call.app, user.username, password)
    base = f"https://{org.my_domain}/services/oauth2/authorize?"
    asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": CALLBACK}
    called = visitor.visit(base + urlencode(asked))
    agent = visitor.visit(
        base + urlencode(asked | {"response_type": "token", "redirect_uri": "myapp://done"})
    )
    code = parse_qs(urlsplit(called).query)["code"][0]
    keys = {"client_id": app.client_id, "client_secret": app.client_secret}
    exchanged = post_form(
        call, TOKEN, {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **keys}
    ).json  # fmt: skip
    assert isinstance(exchanged, dict)
    device = post_form(call, TOKEN, {"response_type": "device_code", **keys}).json
    assert isinstance(device, dict)
    visitor.user_code = str(device["user_code"])
    visitor.connect(f"https://{org.my_domain}/setup/connect")
    polled = post_form(call, TOKEN, {"grant_type": "device", "code": str(device["device_code"]), **keys}).json  # fmt: skip
    assert isinstance(polled, dict)
    access = call("GET", "/services/oauth2/singleaccess", token=str(exchanged["access_token"]))
    assert isinstance(access.json, dict)
    frontdoor = urlsplit(str(access.json["frontdoor_uri"]))
    assert call("GET", f"{frontdoor.path}?{frontdoor.query}", token=None).status == 302
    assert call("GET", "/secur/logout.jsp", token=None).status == 200

    tickets = {
        found for each in org.journal for found in re.findall(r'"ticket" value="(\w+)"', each.text)
    }
    told = parse_qs(urlsplit(agent).fragment)
    secrets = {
        password, code, app.client_secret, str(device["user_code"]), str(device["device_code"]),
        parse_qs(frontdoor.query)["otp"][0], told["access_token"][0], told["refresh_token"][0],
        *(str(reply[key]) for reply in (exchanged, polled) for key in ("access_token", "refresh_token", "id_token", "signature")),
        *tickets, *cookies(list(org.journal)),
    }  # fmt: skip
    assert len(tickets) == 3
    assert len(secrets) >= 20
    text = shown(org)
    assert [each for each in secrets if each in text] == []
    assert "Portal" in text
    assert user.username in text
