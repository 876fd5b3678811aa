"""Tokens and signatures, verified by libraries that know nothing of this project (oauth.md 4)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
import pytest

from calling import Caller
from oauth_calls import TOKEN, post_form
from sfmock.control.browser import Visitor
from sfmock.org.apps import ConnectedApp
from sfmock.org.org import Org

LOGIN = "login.salesforce.com"


@pytest.fixture
def app(org: Org) -> ConnectedApp:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    return org.connected_app(
        "Signed", run_as=org.admin_id, scopes="api id openid refresh_token",
        custom_attributes={"region": "EMEA"}, id_token_lifetime=600,
    )  # fmt: skip


def reply(call: Caller, app: ConnectedApp, host: str | None = None) -> dict[str, Any]:
    fields = {"client_id": app.client_id, "client_secret": app.client_secret}
    if host is None:
        fields["grant_type"] = "client_credentials"
    else:
        token = call.org.sessions.refresh_token(call.org.admin_id, app.id, app.scopes).token
        fields |= {"grant_type": "refresh_token", "refresh_token": token}
    found = post_form(call, TOKEN, fields, host=host).json
    assert isinstance(found, dict)
    return found


def key_of(call: Caller, token: str, host: str | None = None) -> jwt.PyJWK:
    """The published key that the token names."""
    keys = jwt.PyJWKSet.from_dict(published(call, host))
    return keys[jwt.get_unverified_header(token)["kid"]]


def published(call: Caller, host: str | None = None) -> dict[str, Any]:
    found = call("GET", "/id/keys", token=None, host=host).json
    assert isinstance(found, dict)
    return found


def verified(call: Caller, token: str, audience: str, host: str | None = None) -> dict[str, Any]:
    key = key_of(call, token, host)
    options: Any = {
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
    }  # the org's clock stands still
    return jwt.decode(token, key, algorithms=["RS256"], audience=audience, options=options)


def test_the_signature_of_a_token_reply_is_the_hmac_of_id_and_issued_at(
    call: Caller, app: ConnectedApp
) -> None:
    found = reply(call, app)
    message = (found["id"] + found["issued_at"]).encode()
    digest = hmac.new(app.client_secret.encode(), message, hashlib.sha256).digest()
    assert base64.b64decode(found["signature"]) == digest


@pytest.mark.parametrize("host", [None, LOGIN])
def test_an_id_token_verifies_against_the_published_keys_of_its_issuer(
    call: Caller, org: Org, app: ConnectedApp, host: str | None
) -> None:
    found = reply(call, app, host)
    claims = verified(call, found["id_token"], app.client_id, host)
    half = hashlib.sha256(found["access_token"].encode()).digest()[:16]
    assert claims == {
        "iss": f"https://{host or org.my_domain}",
        "sub": found["id"],
        "aud": app.client_id,
        "exp": 1767614400 + 600,
        "iat": 1767614400,
        "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        "auth_time": 1767614400,
        "custom_attributes": {"region": "EMEA"},
    }
    assert jwt.get_unverified_header(found["id_token"]) == {
        "kid": "262",
        "typ": "JWT",
        "alg": "RS256",
    }


def test_the_first_published_key_is_not_the_one_that_signs(call: Caller, app: ConnectedApp) -> None:
    token = reply(call, app)["id_token"]
    first = jwt.PyJWKSet.from_dict(published(call)).keys[0]
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, first, algorithms=["RS256"], audience=app.client_id)


def test_a_changed_id_token_does_not_verify(call: Caller, app: ConnectedApp) -> None:
    head, _, tail = reply(call, app)["id_token"].split(".")
    forged = f"{head}.{base64.urlsafe_b64encode(b'{}').decode().rstrip('=')}.{tail}"
    with pytest.raises(jwt.InvalidSignatureError):
        verified(call, forged, app.client_id)


def test_an_access_token_in_jwt_format_verifies_against_the_keys_of_the_my_domain(
    call: Caller, org: Org
) -> None:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    app = org.connected_app("JWTs", run_as=org.admin_id, scopes="api id", jwt_access_tokens=True)
    token = reply(call, app)["access_token"]
    home = f"https://{org.my_domain}"
    claims = verified(call, token, home)
    assert claims == {
        "scp": "api id",
        "aud": [home],
        "sub": f"uid:{org.admin_id}",
        "nbf": 1767614400 - 15,
        "mty": "oauth",
        "sfi": claims["sfi"],
        "roles": [],
        "iss": home,
        "hsc": False,
        "exp": 1767614400 + 7200,
        "iat": 1767614400,
        "client_id": app.client_id,
    }
    assert jwt.get_unverified_header(token) == {
        "tnk": f"core/prod/{org.id}",
        "ver": "1.0",
        "kid": f"CORE_ATJWT.{org.id[:15]}.1577836800000",
        "tty": "sfdc-core-token",
        "typ": "JWT",
        "alg": "RS256",
    }
    assert token.startswith("eyJ0bmsi")


def test_the_keys_are_published_in_the_recorded_form(call: Caller, org: Org) -> None:
    keys = published(call, LOGIN)["keys"]
    assert [list(each) for each in keys] == [["kty", "n", "e", "alg", "use", "kid"]] * 8
    assert [each["kid"] for each in keys] == [str(each) for each in range(248, 263, 2)]
    assert {len(each["n"]) for each in keys} == {683}
    assert {(each["kty"], each["e"], each["alg"], each["use"]) for each in keys} == {
        ("RSA", "AQAB", "RS256", "sig")
    }
    assert published(call)["keys"][:-1] == keys


def test_equal_orgs_sign_with_one_key(call: Caller) -> None:
    with Org.new(seed=3) as other:
        assert published(Caller(other), LOGIN) == published(call, LOGIN)


def test_an_id_token_has_the_nonce_of_the_authorize_request_and_when_the_user_logged_in(
    call: Caller, org: Org
) -> None:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    app = org.connected_app("Web", callback_urls=["https://p.example/cb"], scopes="api openid")
    secrets = org.users.secrets(org.admin_id)
    ada = Visitor(
        call.app, org.users.find(org.admin_id).username, secrets.password + secrets.security_token
    )
    asked = {"response_type": "code", "client_id": app.client_id, "redirect_uri": "https://p.example/cb", "nonce": "n-1"}  # fmt: skip
    back = ada.visit(f"https://{org.my_domain}/services/oauth2/authorize?{urlencode(asked)}")
    code = dict(parse_qsl(urlsplit(back).query))["code"]
    org.clock.advance(seconds=60)
    fields = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": "https://p.example/cb",
        "client_id": app.client_id, "client_secret": app.client_secret,
    }  # fmt: skip
    found = post_form(call, TOKEN, fields).json
    assert isinstance(found, dict)
    claims = verified(call, str(found["id_token"]), app.client_id)
    assert (claims["nonce"], claims["auth_time"], claims["iat"]) == ("n-1", 1767614400, 1767614460)
