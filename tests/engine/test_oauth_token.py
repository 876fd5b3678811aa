"""The token endpoint: who gets a token, its exact form, and the exact error for everybody else."""

from __future__ import annotations

import base64
import hmac
import re
from datetime import UTC, datetime

import pytest

from calling import Answer, Caller
from oauth_calls import TOKEN, basic, post_form
from sfmock.control.credentials import Credentials, make_credentials
from sfmock.org.apps import ConnectedApp
from sfmock.org.org import Org

LOGIN = "login.salesforce.com"


@pytest.fixture
def keys(org: Org) -> Credentials:
    org.clock.freeze(datetime(2026, 1, 5, 12, tzinfo=UTC))
    return make_credentials(org, org.users.find(org.admin_id))


def grant(keys: Credentials, grant_type: str, **changes: str) -> dict[str, str]:
    """The form of a good token request, changed; an empty text leaves a field out."""
    fields = {
        "grant_type": grant_type,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
    }
    if grant_type == "password":
        fields |= {
            "username": keys.username,
            "password": keys.password + keys.security_token,
        }
    if grant_type == "refresh_token":
        fields["refresh_token"] = keys.refresh_token
    return {name: value for name, value in (fields | changes).items() if value}


def text(answer: Answer, key: str) -> str:
    assert isinstance(answer.json, dict)
    return str(answer.json[key])


def sign(keys: Credentials, message: str) -> str:
    digest = hmac.digest(keys.client_secret.encode(), message.encode(), "sha256")
    return base64.b64encode(digest).decode()


def test_client_credentials_reply_in_full(call: Caller, org: Org, keys: Credentials) -> None:
    answer = post_form(call, TOKEN, grant(keys, "client_credentials"))
    identity = f"https://login.salesforce.com/id/{org.id}/{org.admin_id}"
    token = text(answer, "access_token")
    assert answer.status == 200
    assert answer.text == (
        f'{{"access_token":"{token}","signature":"{sign(keys, identity + "1767614400000")}",'
        f'"token_format":"opaque","scope":"api id","instance_url":"https://{org.my_domain}",'
        f'"id":"{identity}","token_type":"Bearer","issued_at":"1767614400000"}}'
    )
    assert re.fullmatch(re.escape(org.id[:15]) + r"!A[QR][A-Za-z0-9]AQ[A-Za-z0-9._]{91}", token)
    assert len(token) == 112


def test_password_reply_has_six_keys_and_no_scope(
    call: Caller, org: Org, keys: Credentials
) -> None:
    answer = post_form(call, TOKEN, grant(keys, "password"), host=LOGIN)
    identity = f"https://login.salesforce.com/id/{org.id}/{org.admin_id}"
    assert answer.text == (
        f'{{"access_token":"{text(answer, "access_token")}","instance_url":"https://{org.my_domain}",'
        f'"id":"{identity}","token_type":"Bearer","issued_at":"1767614400000",'
        f'"signature":"{sign(keys, identity + "1767614400000")}"}}'
    )


def test_refresh_reply_has_no_refresh_token(call: Caller, org: Org, keys: Credentials) -> None:
    answer = post_form(call, TOKEN, grant(keys, "refresh_token"), host=LOGIN)
    identity = f"https://login.salesforce.com/id/{org.id}/{org.admin_id}"
    assert answer.text == (
        f'{{"access_token":"{text(answer, "access_token")}",'
        f'"signature":"{sign(keys, identity + "1767614400000")}","scope":"api id refresh_token",'
        f'"instance_url":"https://{org.my_domain}","id":"{identity}","token_type":"Bearer",'
        '"issued_at":"1767614400000"}'
    )


def test_the_same_refresh_token_works_again(call: Caller, keys: Credentials) -> None:
    first = post_form(call, TOKEN, grant(keys, "refresh_token"))
    second = post_form(call, TOKEN, grant(keys, "refresh_token"))
    assert (first.status, second.status) == (200, 200)
    assert text(first, "access_token") != text(second, "access_token")


@pytest.mark.parametrize("grant_type", ["client_credentials", "password", "refresh_token"])
def test_the_access_token_opens_the_rest_api(
    call: Caller, keys: Credentials, grant_type: str
) -> None:
    token = text(post_form(call, TOKEN, grant(keys, grant_type)), "access_token")
    assert call("GET", "/limits", token=token).status == 200


def test_headers_of_the_token_endpoint(call: Caller, keys: Credentials) -> None:
    headers = post_form(call, TOKEN, grant(keys, "client_credentials")).headers
    assert headers.get("Content-Type") == "application/json;charset=UTF-8"
    assert headers.get("Cache-Control") == "no-cache,must-revalidate,max-age=0,no-store,private"
    assert headers.get("Expires") == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert headers.get("X-ReadOnlyMode") == "false"
    for absent in ("WWW-Authenticate", "Sforce-Limit-Info", "Server"):
        assert headers.get(absent) is None


@pytest.mark.parametrize(
    ("scheme", "host"),
    [("http", "127.0.0.1:8081"), ("https", "localhost:8443"), ("http", "[::1]:99")],
)
def test_a_local_address_comes_back_as_the_caller_wrote_it(
    call: Caller, org: Org, keys: Credentials, scheme: str, host: str
) -> None:
    answer = post_form(call, TOKEN, grant(keys, "client_credentials"), host=host, scheme=scheme)
    assert text(answer, "instance_url") == f"{scheme}://{host}"
    assert text(answer, "id") == f"{scheme}://{host}/id/{org.id}/{org.admin_id}"


def test_test_salesforce_com_stands_in_the_identity_url(
    call: Caller, org: Org, keys: Credentials
) -> None:
    answer = post_form(call, TOKEN, grant(keys, "password"), host="test.salesforce.com")
    assert text(answer, "id") == f"https://test.salesforce.com/id/{org.id}/{org.admin_id}"
    assert text(answer, "instance_url") == f"https://{org.my_domain}"


def test_client_authentication_by_basic(call: Caller, keys: Credentials) -> None:
    headers = basic(keys.client_id, keys.client_secret)
    answer = post_form(call, TOKEN, {"grant_type": "client_credentials"}, headers=headers)
    assert answer.status == 200


def test_parameters_in_the_query_string_work(call: Caller, keys: Credentials) -> None:
    path = f"{TOKEN}?grant_type=client_credentials&client_id={keys.client_id}"
    answer = post_form(call, path, {"client_secret": keys.client_secret, "format": "json"})
    assert answer.status == 200


def test_multipart_forms_work(call: Caller, keys: Credentials) -> None:
    parts = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in grant(keys, "password").items()
    )
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = call("POST", TOKEN, body=f"{parts}--b--\r\n".encode(), headers=headers, token=None)
    assert answer.status == 200


AUTHENTICATION = ("invalid_grant", "authentication failure")
CLIENT_ID = ("invalid_client_id", "client identifier invalid")
SECRET = ("invalid_client", "invalid client credentials")
SCOPE = ("invalid_request", "scope parameter not supported")
GRANT = ("unsupported_grant_type", "grant type not supported")
EXPIRED = ("invalid_grant", "expired access/refresh token")


@pytest.mark.parametrize(
    ("grant_type", "changes", "error"),
    [
        ("password", {"password": "wrong"}, AUTHENTICATION),
        ("password", {"password": ""}, AUTHENTICATION),
        ("password", {"username": "nobody@example.com"}, AUTHENTICATION),
        ("password", {"username": ""}, AUTHENTICATION),
        ("password", {"client_id": "3MVG9unknown"}, CLIENT_ID),
        ("password", {"client_id": ""}, CLIENT_ID),
        ("password", {"client_secret": "wrong"}, SECRET),
        ("refresh_token", {"client_secret": ""}, SECRET),
        ("refresh_token", {"refresh_token": "5Aep861unknown"}, EXPIRED),
        ("refresh_token", {"refresh_token": ""}, EXPIRED),
        ("refresh_token", {"scope": "api"}, SCOPE),
        ("client_credentials", {"scope": "api"}, SCOPE),
        ("client_credentials", {"client_secret": "wrong"}, SECRET),
        ("", {}, GRANT),
        ("urn:ietf:params:oauth:grant-type:device_code", {}, GRANT),
        ("Password", {}, GRANT),
    ],
)  # fmt: skip
def test_a_refused_token_request(
    call: Caller,
    keys: Credentials,
    grant_type: str,
    changes: dict[str, str],
    error: tuple[str, str],
) -> None:
    answer = post_form(call, TOKEN, grant(keys, grant_type, **changes))
    assert answer.status == 400
    assert answer.text == f'{{"error":"{error[0]}","error_description":"{error[1]}"}}'


def test_the_password_without_security_token_is_an_authentication_failure(
    call: Caller, keys: Credentials
) -> None:
    answer = post_form(call, TOKEN, grant(keys, "password", password=keys.password))
    assert answer.json == {"error": "invalid_grant", "error_description": "authentication failure"}


def test_a_user_without_security_token_logs_in_by_password_alone(
    call: Caller, org: Org, keys: Credentials
) -> None:
    org.users.add("ann@acme.example", password="s3cret pw", security_token="")
    fields = grant(keys, "password", username="ANN@acme.example", password="s3cret pw")
    assert post_form(call, TOKEN, fields).status == 200


@pytest.mark.parametrize("host", [LOGIN, "test.salesforce.com", "LOGIN.salesforce.com:443"])
def test_client_credentials_need_the_my_domain(call: Caller, keys: Credentials, host: str) -> None:
    answer = post_form(call, TOKEN, grant(keys, "client_credentials"), host=host)
    assert answer.status == 400
    assert answer.text == (
        '{"error":"invalid_grant","error_description":"request not supported on this domain"}'
    )


def of(app: ConnectedApp) -> dict[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": app.client_id,
        "client_secret": app.client_secret,
    }


def test_client_credentials_without_run_as_user(call: Caller, org: Org) -> None:
    answer = post_form(call, TOKEN, of(org.apps.add("No user")))
    assert text(answer, "error_description") == "no client credentials user enabled"


def test_client_credentials_without_a_usable_scope(call: Caller, org: Org) -> None:
    app = org.apps.add("No scope", run_as=org.admin_id, scopes=["web", "refresh_token"])
    answer = post_form(call, TOKEN, of(app))
    assert text(answer, "error_description") == "no valid scopes defined"


def test_an_inactive_user_gets_no_token(call: Caller, org: Org, keys: Credentials) -> None:
    user = org.users.add("gone@acme.example", password="pw", security_token="", active=False)
    inactive = {"error": "invalid_grant", "error_description": "inactive user"}
    fields = grant(keys, "password", username=user.username, password="pw")
    assert post_form(call, TOKEN, fields).json == inactive
    assert post_form(call, TOKEN, of(org.apps.add("Gone", run_as=user))).json == inactive
    fields["password"] = "wrong"
    assert text(post_form(call, TOKEN, fields), "error_description") == "authentication failure"


def test_a_refresh_token_works_for_its_own_app_only(
    call: Caller, org: Org, keys: Credentials
) -> None:
    other = org.apps.add("Other")
    fields = of(other) | {"grant_type": "refresh_token", "refresh_token": keys.refresh_token}
    assert (
        text(post_form(call, TOKEN, fields), "error_description") == "expired access/refresh token"
    )


def test_the_token_endpoint_takes_post_only(call: Caller) -> None:
    answer = call("GET", TOKEN, token=None)
    assert answer.status == 400
    assert answer.text == '{"error":"invalid_request","error_description":"must use HTTP POST"}'


def test_a_json_body_is_no_form(call: Caller, keys: Credentials) -> None:
    answer = call("POST", TOKEN, {"grant_type": "password"}, token=None)
    assert text(answer, "error") == "unsupported_grant_type"


@pytest.mark.parametrize(
    ("fields", "feature"),
    [
        (
            {"grant_type": "password", "format": "xml"},
            "OAuth token replies in format=xml",
        ),
    ],
)
def test_what_is_not_implemented_is_refused(
    call: Caller, org: Org, fields: dict[str, str], feature: str
) -> None:
    answer = post_form(call, TOKEN, fields)
    assert answer.status == 501
    assert answer.json == {
        "error": "SFMOCK_NOT_IMPLEMENTED",
        "error_description": f"pytest-sfmock does not implement this yet: {feature}",
    }


def test_the_app_sets_the_lifetime_of_its_sessions(call: Caller, org: Org) -> None:
    app = org.apps.add("Short", run_as=org.admin_id, session_lifetime=900)
    token = text(post_form(call, TOKEN, of(app)), "access_token")
    org.clock.advance(minutes=15)
    assert call("GET", "/limits", token=token).status == 401


def test_an_app_without_api_scope_gets_a_token_that_rest_refuses(call: Caller, org: Org) -> None:
    app = org.apps.add("Identity", run_as=org.admin_id, scopes=["id"])
    token = text(post_form(call, TOKEN, of(app)), "access_token")
    answer = call("GET", "/limits", token=token)
    assert (answer.status, answer.text) == (
        401,
        '[{"message":"This session is not valid for use with the REST API",'
        '"errorCode":"INVALID_SESSION_ID"}]',
    )
