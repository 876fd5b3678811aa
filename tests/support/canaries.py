"""Secrets planted in every place of requests and replies, and what is looked for in all that is printed."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from urllib.parse import parse_qs, quote, quote_plus, urlencode, urlsplit
from xml.sax.saxutils import escape

import requests

from oauth_calls import PARTNER, login_operation
from pytest_sfmock import Sfmock

_XML = {"Content-Type": "text/xml", "SOAPAction": "x"}
_SOAP = (
    '<env:Envelope xmlns:env="http://schemas.xmlsoap.org/soap/envelope/"><env:Header>{header}</env:Header>'
    "<env:Body>{body}</env:Body></env:Envelope>"
)


def canary(place: str) -> str:
    """The secret for a place: with characters that every encoding writes in another way."""
    return f'Canary <{place}> & "28" \'ä+/'


def token(place: str) -> str:
    """One for places that take plain characters only."""
    return f"canary.{place}-31/+="


def plant(sf: Sfmock) -> list[str]:
    """Send them; answers those that were sent, and those that the org made."""
    org, url = sf.org, sf.instance_url
    org.schema.add_field("Account", "Tax_Number__c", "encryptedstring", length=80, mask_type="all")
    org.schema.add_field("Account", "Api_Token__c", "string", length=80)
    with requests.Session() as http:
        http.trust_env = False
        http.verify = str(sf.ca_file) if sf.ca_file else True
        ours = [*_in_urls(http, url), *_in_forms(http, url), *_in_headers(http, url)]
        ours += [*_in_bodies(sf, http), *_in_soap(sf, http)]
        made = [*_of_browsers(sf, http), *_made_by_the_org(sf, http)]
    return [*ours, *made]


def _in_urls(http: requests.Session, url: str) -> Iterable[str]:
    for name in ("access_token", "oauth_token", "token", "sid"):
        http.get(f"{url}/services/oauth2/userinfo", params={name: canary(name)})
        yield canary(name)
    http.get(f"{url}/services/data/v60.0/limits/{quote(canary('sid'), safe='')}")
    http.get(f"{url}/services/oauth2/userinfo?next=https://me:canary-inside@x.example/")
    yield "me:canary-inside"


def _in_forms(http: requests.Session, url: str) -> Iterable[str]:
    names = ("password", "client_secret", "refresh_token", "assertion", "client_assertion", "code")
    for name in (*names, "code_verifier", "subject_token", "device_code"):
        fields = {"grant_type": "password", "username": "x@example.com", name: canary(name)}
        http.post(f"{url}/services/oauth2/token", data=fields)
        yield canary(name)


def _in_headers(http: requests.Session, url: str) -> Iterable[str]:
    target = f"{url}/services/data/v60.0/limits"
    for name in ("X-Api-Key", "X-Forwarded-Access", "Proxy-Authorization"):
        http.get(target, headers={name: token(name)})
        yield token(name)
    http.get(target, headers={"Authorization": f"Bearer {token('bearer')}"})
    http.get(target, headers={"Cookie": f"theme=dark; sid={token('cookie')}"})
    http.get(target, headers={"Referer": f"{url}/secur/frontdoor.jsp?sid={token('referer')}"})
    http.post(f"{url}/services/oauth2/token", auth=("x", token("basic")))
    yield from (token(each) for each in ("bearer", "cookie", "referer", "basic"))
    yield base64.b64encode(f"x:{token('basic')}".encode()).decode()


def _in_bodies(sf: Sfmock, http: requests.Session) -> Iterable[str]:
    root = f"{sf.instance_url}/services/data/v60.0"
    auth = {"Authorization": f"Bearer {sf.access_token}"}
    accounts = f"{root}/sobjects/Account"
    http.post(accounts, headers=auth, json={"Name": "x", "Tax_Number__c": canary("encrypted")})
    http.post(accounts, headers=auth, json={"Name": "x", "Api_Token__c": canary("field")})
    http.post(accounts, headers=auth, json={"credentials": {"mine": [canary("nested")]}})
    soql = f"SELECT Id FROM Account WHERE Api_Token__c = '{token('soql')}'"
    http.get(f"{root}/query", headers=auth, params={"q": soql})
    broken = json.dumps({"client_secret": canary("broken")})[:-2]
    http.post(accounts, headers={**auth, "Content-Type": "application/json"}, data=broken)
    form = {"password": (None, canary("multipart"))}
    http.post(f"{sf.instance_url}/services/oauth2/token", files=form)
    key = f"-----BEGIN PRIVATE KEY-----\n{token('pem')}\n-----END PRIVATE KEY-----"
    http.post(accounts, headers=auth, data=key.encode())
    long = json.dumps({"Description": "x" * 70_000, "Api_Token__c": canary("long")})
    http.post(accounts, headers={**auth, "Content-Type": "application/json"}, data=long)
    for place in ("encrypted", "field", "nested", "broken", "multipart", "long"):
        yield canary(place)
    yield from (token("soql"), token("pem"))


def _in_soap(sf: Sfmock, http: requests.Session) -> Iterable[str]:
    target = f"{sf.instance_url}/services/Soap/u/60.0"
    header = f"<SessionHeader><sessionId>{escape(canary('session'))}</sessionId></SessionHeader>"
    login = login_operation("x@example.com", canary("soap"))
    for envelope in (_SOAP.format(header="", body=login), _SOAP.format(header=header, body="<x/>")):
        http.post(target, envelope.encode(), headers=_XML)
    yield from (canary("session"), canary("soap"))
    live = f"<SessionHeader><sessionId>{sf.access_token}</sessionId></SessionHeader>"
    record = "<type>Account</type><Name>x</Name>"
    for name in ("Tax_Number__c", "Api_Token__c"):
        record += f"<{name}>{escape(canary(f'soap {name}'))}</{name}>"
    where = f"SELECT Name, Tax_Number__c, Api_Token__c FROM Account WHERE Api_Token__c != '{token('soap where')}'"
    jane = sf.org.user("Jane Doe")
    password = f"<userId>{jane.id}</userId><password>{escape(canary('soap set'))}</password>"
    for operation in (
        f"<create xmlns='{PARTNER}'><sObjects>{record}</sObjects></create>",
        f"<query xmlns='{PARTNER}'><queryString>{escape(where)}</queryString></query>",
        f"<setPassword xmlns='{PARTNER}'>{password}</setPassword>",
    ):
        http.post(target, _SOAP.format(header=live, body=operation).encode(), headers=_XML)
    yield from (canary("soap Tax_Number__c"), canary("soap Api_Token__c"), canary("soap set"))
    yield token("soap where")


def _of_browsers(sf: Sfmock, http: requests.Session) -> Iterable[str]:
    callback = "https://portal.example/callback"
    app = sf.org.connected_app("Portal", callback_urls=[callback], scopes=["full", "refresh_token"])
    url = f"{sf.instance_url}/services/oauth2"
    keys = {"client_id": app.client_id, "client_secret": app.client_secret}
    asked = {"response_type": "code", "redirect_uri": callback, **keys}
    called = sf.authorize(f"{url}/authorize?{urlencode(asked)}")
    code = parse_qs(urlsplit(called).query)["code"][0]
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback, **keys}
    granted = http.post(f"{url}/token", data=form).json()
    auth = {"Authorization": f"Bearer {granted['access_token']}"}
    opened = http.post(f"{url}/singleaccess", headers=auth).json()["frontdoor_uri"]
    http.get(opened, allow_redirects=False)
    device = http.post(f"{url}/token", data={"response_type": "device_code", **keys}).json()
    http.get(device["verification_uri"], params={"user_code": device["user_code"]})
    http.post(f"{url}/token", data={"grant_type": "device", "code": device["device_code"], **keys})
    yield from (app.client_secret, code, granted["access_token"], granted["refresh_token"])
    yield from (
        device["device_code"],
        device["user_code"],
        parse_qs(urlsplit(opened).query)["otp"][0],
    )
    for each in sf.requests:
        yield from re.findall(r'name="ticket" value="([^"]+)"', each.text)
        for name, value in each.reply_headers:
            if name.lower() == "set-cookie" and "CookieConsentPolicy=" not in value:  # that is 0:1
                yield value.partition(";")[0].partition("=")[2]


def _made_by_the_org(sf: Sfmock, http: requests.Session) -> Iterable[str]:
    keys, url = sf.credentials, sf.instance_url
    first = sf.access_token
    target = f"{url}/services/data/v60.0/sobjects/User/{sf.user.id}/password"
    granted = http.post(
        f"{url}/services/oauth2/token",
        data={
            "grant_type": "client_credentials",
            "client_id": keys.client_id,
            "client_secret": keys.client_secret,
        },
    ).json()
    http.get(f"{url}/services/data/v60.0/limits/{granted['access_token']}")
    login = login_operation(keys.username, keys.password + keys.security_token)
    logged_in = http.post(
        f"{url}/services/Soap/u/60.0",
        _SOAP.format(header="", body=login).encode(),
        headers=_XML,
    )
    [session] = re.findall("<sessionId>([^<]+)", logged_in.text)
    auth = {"Authorization": f"Bearer {first}"}
    http.post(target, headers=auth, json={"NewPassword": canary("new") + "1A"})
    auth = {"Authorization": f"Bearer {sf.access_token}"}  # a new password ends all sessions
    reset = http.delete(target, headers=auth).json()["NewPassword"]
    yield from (
        first,
        sf.access_token,
        granted["access_token"],
        granted["signature"],
        session,
        reset,
    )
    yield from (keys.password, keys.security_token, keys.client_secret, keys.refresh_token)
    yield canary("new")


def found_in(text: str, secrets: Iterable[str]) -> list[str]:
    """Which secrets a text holds, however they are written."""
    return [each for each in secrets if any(form in text for form in _forms(each))]


def _forms(secret: str) -> set[str]:
    encoded = {quote(secret), quote(secret, safe=""), quote_plus(secret), escape(secret)}
    quoted = {json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return {secret, repr(secret)[1:-1], *encoded, *quoted}
