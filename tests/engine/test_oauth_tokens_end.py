"""Revoking and introspecting tokens, and the identity service that reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from calling import Caller
from oauth_calls import TOKEN, basic, post_form
from sfmock.control.credentials import Credentials, make_credentials
from sfmock.org.org import Org

REVOKE = "/services/oauth2/revoke"
INTROSPECT = "/services/oauth2/introspect"
USERINFO = "/services/oauth2/userinfo"


@pytest.fixture
def keys(org: Org) -> Credentials:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    return make_credentials(org, org.users.find(org.admin_id))


def refreshed(call: Caller, keys: Credentials) -> str:
    fields = {
        "grant_type": "refresh_token",
        "refresh_token": keys.refresh_token,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
    }
    reply = post_form(call, TOKEN, fields).json
    assert isinstance(reply, dict)
    return str(reply["access_token"])


def statuses(call: Caller, *tokens: str) -> list[int]:
    return [call("GET", "/limits", token=token).status for token in tokens]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_revoked_access_token_dies_alone(call: Caller, keys: Credentials, method: str) -> None:
    first, second = refreshed(call, keys), refreshed(call, keys)
    if method == "GET":
        answer = call("GET", f"{REVOKE}?token={first}", token=None, host="login.salesforce.com")
    else:
        answer = post_form(call, REVOKE, {"token": first})
    assert (answer.status, answer.text, answer.headers.get("Content-Type")) == (200, "", None)
    assert statuses(call, first, second) == [401, 200]
    assert statuses(call, refreshed(call, keys)) == [200]


def test_a_revoked_refresh_token_takes_its_access_tokens_along(
    call: Caller, org: Org, keys: Credentials
) -> None:
    first, other = refreshed(call, keys), org.sessions.open(org.admin_id).token
    assert post_form(call, REVOKE, {"token": keys.refresh_token}).status == 200
    assert statuses(call, first, other) == [401, 200]
    assert org.sessions.find_refresh(keys.refresh_token) is None
    assert post_form(call, REVOKE, {"token": keys.refresh_token}).status == 400


@pytest.mark.parametrize("token", ["00Dxx!AQ.no/such token", ""])
def test_revoking_an_unknown_token_answers_a_form(call: Caller, token: str) -> None:
    answer = post_form(call, REVOKE, {"token": token})
    quoted = token.replace("!", "%21").replace("/", "%2F").replace(" ", "%20")
    assert answer.status == 400
    assert answer.text == (f"error=invalid_token&error_description=invalid%20token%3A%20{quoted}")


def test_revoking_an_unknown_token_answers_json_where_asked(call: Caller) -> None:
    answer = post_form(call, REVOKE, {"token": "x"}, headers={"Accept": "application/json"})
    assert answer.status == 400
    assert answer.text == '{"error":"invalid_token","error_description":"invalid token: x"}'


def test_introspection_of_a_live_token(call: Caller, org: Org, keys: Credentials) -> None:
    fields = {"token": refreshed(call, keys), "token_type_hint": "access_token"}
    headers = basic(keys.client_id, keys.client_secret)
    answer = post_form(call, INTROSPECT, fields, headers=headers)
    assert answer.text == (
        f'{{"active":true,"scope":"api id refresh_token","client_id":"{keys.client_id}",'
        f'"username":"{keys.username}",'
        f'"sub":"https://login.salesforce.com/id/{org.id}/{org.admin_id}",'
        '"token_type":"access_token","exp":1767621600,"iat":1767614400,"nbf":1767614400}'
    )


def test_introspection_of_anything_else_is_not_active(
    call: Caller, org: Org, keys: Credentials
) -> None:
    other = org.apps.add("Other")
    token = refreshed(call, keys)
    not_mine = post_form(
        call, INTROSPECT, {"token": token}, headers=basic(other.client_id, other.client_secret)
    )
    mine = basic(keys.client_id, keys.client_secret)
    unknown = post_form(call, INTROSPECT, {"token": "x"}, headers=mine)
    org.sessions.expire()
    dead = post_form(call, INTROSPECT, {"token": token}, headers=mine)
    assert {answer.text for answer in (not_mine, unknown, dead)} == {'{"active":false}'}


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_introspection_needs_the_client(call: Caller, keys: Credentials, secret: str) -> None:
    fields = {"token": "x", "client_id": keys.client_id, "client_secret": secret}
    answer = post_form(call, INTROSPECT, fields)
    assert (answer.status, answer.text) == (
        401,
        '{"error":"invalid_client","error_description":"invalid client credentials"}',
    )


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_userinfo_in_full(call: Caller, org: Org, keys: Credentials, method: str) -> None:
    answer = call(method, USERINFO, token=refreshed(call, keys))
    home, org15, user = f"https://{org.my_domain}", org.id[:15], org.admin_id
    modified = org.users.row(user)["LastModifiedDate"]
    data = f"{home}/services/data/v{{version}}"
    assert answer.status == 200
    assert answer.text == (
        f'{{"sub":"https://login.salesforce.com/id/{org.id}/{user}","user_id":"{user}",'
        f'"organization_id":"{org.id}","preferred_username":"{keys.username}","nickname":"admin",'
        f'"name":"Ada Admin","email":"{keys.username}","email_verified":true,"given_name":"Ada",'
        '"family_name":"Admin","zoneinfo":"America/Los_Angeles",'
        f'"photos":{{"picture":"{home}/profilephoto/005/F","thumbnail":"{home}/profilephoto/005/T"}},'
        f'"profile":"{home}/{user}","picture":"{home}/profilephoto/005/F","address":{{}},'
        '"is_salesforce_integration_user":false,"urls":{'
        f'"enterprise":"{home}/services/Soap/c/{{version}}/{org15}",'
        f'"metadata":"{home}/services/Soap/m/{{version}}/{org15}",'
        f'"partner":"{home}/services/Soap/u/{{version}}/{org15}",'
        f'"rest":"{data}/","sobjects":"{data}/sobjects/","search":"{data}/search/",'
        f'"query":"{data}/query/","recent":"{data}/recent/",'
        f'"tooling_soap":"{home}/services/Soap/T/{{version}}/{org15}",'
        f'"tooling_rest":"{data}/tooling/","profile":"{home}/{user}",'
        f'"feeds":"{data}/chatter/feeds","groups":"{data}/chatter/groups",'
        f'"users":"{data}/chatter/users","feed_items":"{data}/chatter/feed-items",'
        f'"feed_elements":"{data}/chatter/feed-elements","custom_domain":"{home}"}},'
        '"active":true,"user_type":"STANDARD","language":"en_US","locale":"en_US",'
        f'"utcOffset":-28800000,"updated_at":"{str(modified)[:19]}Z"}}'
    )


def test_the_utc_offset_leaves_daylight_saving_out(
    call: Caller, org: Org, keys: Credentials
) -> None:
    org.clock.travel(datetime(2026, 7, 1, tzinfo=UTC))
    body = call("GET", USERINFO, token=org.sessions.open(org.admin_id).token).json
    assert isinstance(body, dict)
    assert body["utcOffset"] == -28800000


def test_userinfo_without_a_good_token(call: Caller, org: Org) -> None:
    soap = org.sessions.open(org.admin_id, kind="soap").token
    rest_only = org.sessions.open(org.admin_id, kind="oauth", scopes=["api"]).token
    for token in ("00Dgarbage!AQ", soap, rest_only):
        answer = call("GET", USERINFO, token=token)
        assert (answer.status, answer.text) == (403, "Bad_OAuth_Token")
        assert (answer.headers.get("Content-Type") or "").startswith("text/plain")
    answer = call("GET", USERINFO, token=None)
    assert (answer.status, answer.text) == (403, "Missing_OAuth_Token")


def test_the_identity_document(call: Caller, org: Org) -> None:
    user = org.users.add("Zoë Öst", Country="AT", TimeZoneSidKey="Europe/Vienna")
    app = org.apps.default()
    token = org.sessions.open(user.id, kind="oauth", app_id=app.id, scopes=["id"]).token
    path = f"/id/{org.id}/{user.id}?version=latest&oauth_token={token}"
    body = call("GET", path, token=None, host="127.0.0.1:81", scheme="http").json
    assert isinstance(body, dict)
    assert list(body) == [
        "id", "asserted_user", "user_id", "organization_id", "username", "nick_name", "display_name", "email",
        "email_verified", "first_name", "last_name", "timezone", "photos", "addr_street", "addr_city", "addr_state",
        "addr_country", "addr_zip", "mobile_phone", "mobile_phone_verified", "is_lightning_login_user", "status",
        "urls", "active", "user_type", "language", "locale", "utcOffset", "last_modified_date", "is_app_installed",
    ]  # fmt: skip
    assert body["id"] == f"http://127.0.0.1:81/id/{org.id}/{user.id}"
    assert (body["display_name"], body["addr_country"], body["utcOffset"]) == (
        "Zoë Öst",
        "AT",
        3600000,
    )
    assert isinstance(body["urls"], dict)
    assert body["urls"]["rest"] == "http://127.0.0.1:81/services/data/v67.0/"


def test_the_login_host_sends_identity_requests_on(call: Caller, org: Org) -> None:
    path = f"/id/{org.id}/{org.admin_id}"
    answer = call("GET", f"{path}?version=60.0", host="login.salesforce.com")
    assert answer.status == 302
    assert answer.headers.get("Location") == f"https://{org.my_domain}{path}?version=60.0"


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("/id/00D000000000001AAA/{user}", "Wrong_Org"),
        ("/id/{org}/005000000000001AAA", "Bad_Id"),
    ],
)
def test_identity_of_somebody_else(call: Caller, org: Org, path: str, word: str) -> None:
    answer = call("GET", path.format(org=org.id, user=org.admin_id))
    assert (answer.status, answer.text) == (403, word)
