"""Token requests at their edges: many at once, users who leave, odd forms, and times to the millisecond."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from calling import Answer, Caller
from oauth_calls import FORM, TOKEN, post_form
from sfmock.control.credentials import Credentials, make_credentials
from sfmock.org import jws
from sfmock.org.org import Org
from sfmock.org.rsa_keys import client_key
from waiting import wait_until

UNSUPPORTED = {"error": "unsupported_grant_type", "error_description": "grant type not supported"}
UNKNOWN_CLIENT = {"error": "invalid_client_id", "error_description": "client identifier invalid"}


@pytest.fixture
def keys(org: Org) -> Credentials:
    return make_credentials(org, org.users.find(org.admin_id))


def refresh(call: Caller, keys: Credentials) -> Answer:
    form = {
        "grant_type": "refresh_token", "refresh_token": keys.refresh_token,
        "client_id": keys.client_id, "client_secret": keys.client_secret,
    }  # fmt: skip
    return post_form(call, TOKEN, form)


def token_of(answer: Answer) -> str:
    assert isinstance(answer.json, dict)
    return str(answer.json["access_token"])


PROCESSED = {
    "error": "invalid_grant",
    "error_description": "token request is already being processed",
}


def test_of_two_refreshes_at_once_the_later_one_is_turned_away(
    call: Caller, org: Org, keys: Credentials
) -> None:
    with ThreadPoolExecutor(1) as pool:
        with org.db.lock:  # the first one gets no further than that
            first = pool.submit(refresh, call, keys)
            wait_until(lambda: len(org.underway) == 1)
            second = refresh(call, keys)
        assert (second.status, second.json) == (400, PROCESSED)
        assert first.result().status == 200
    assert len(list(org.sessions)) == 1
    assert refresh(call, keys).status == 200  # it clears in moments


def test_many_refreshes_at_once_give_sessions_of_their_own_or_are_turned_away(
    call: Caller, org: Org, keys: Credentials
) -> None:
    org.clock.freeze()  # cookies name the second
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: refresh(call, keys), range(32)))
    good = [each for each in answers if each.status == 200]
    assert all(each.json == PROCESSED for each in answers if each.status != 200)
    assert len({token_of(each) for each in good}) == len(good) == len(list(org.sessions)) > 0
    assert len(org.journal) == 32
    assert len(org.underway) == 0


def test_parallel_rotation_loses_no_token(call: Caller, org: Org) -> None:
    app = org.connected_app("Rotating", refresh_token_rotation=True)
    token = org.sessions.refresh_token(org.admin_id, app.id, app.scopes).token
    form = {
        "grant_type": "refresh_token", "refresh_token": token,
        "client_id": app.client_id, "client_secret": app.client_secret,
    }  # fmt: skip
    with ThreadPoolExecutor(1) as pool:
        with org.db.lock:
            first = pool.submit(post_form, call, TOKEN, form)
            wait_until(lambda: len(org.underway) == 1)
            assert post_form(call, TOKEN, form).json == PROCESSED
        good = first.result().json
    assert isinstance(good, dict)
    form["refresh_token"] = str(good["refresh_token"])
    assert post_form(call, TOKEN, form).status == 200  # the loser was no reuse: nothing is revoked


def test_refreshes_with_different_tokens_do_not_disturb_each_other(
    call: Caller, org: Org, keys: Credentials
) -> None:
    other = make_credentials(org, org.user("Ann Other"))
    with ThreadPoolExecutor(2) as pool:
        with org.db.lock:
            both = [pool.submit(refresh, call, each) for each in (keys, other)]
            wait_until(lambda: len(org.underway) == 2)
        assert [each.result().status for each in both] == [200, 200]


def test_a_refresh_that_is_held_back_is_under_way_until_its_reply(
    call: Caller, org: Org, keys: Credentials
) -> None:
    org.faults.add("slow", on="token", seconds=10)
    held = refresh(call, keys)
    assert refresh(call, keys).json == PROCESSED
    held.rendered.wait(lambda seconds: True)
    assert refresh(call, keys).status == 200


def test_a_user_who_is_deactivated_in_between_loses_sessions_for_ever_and_refresh_for_a_time(
    call: Caller, org: Org
) -> None:
    user = org.user("Ann Leaver")
    keys = make_credentials(org, user)
    token = token_of(refresh(call, keys))
    org.update(user.id, IsActive=False)
    assert call("GET", "/limits", token=token).status == 401
    assert call("GET", "/services/oauth2/userinfo", token=token).text == "Bad_OAuth_Token"
    assert refresh(call, keys).json == {
        "error": "invalid_grant",
        "error_description": "inactive user",
    }
    org.update(user.id, IsActive=True)
    assert call("GET", "/limits", token=token).status == 401
    assert refresh(call, keys).status == 200


@pytest.mark.parametrize("microsecond", [123_000, 1_000, 999_999, 57_000])
def test_issued_at_is_the_millisecond_of_the_orgs_clock(
    call: Caller, org: Org, keys: Credentials, microsecond: int
) -> None:
    org.clock.freeze(datetime(2026, 1, 5, 12, microsecond=microsecond, tzinfo=UTC))
    answer = refresh(call, keys).json
    assert isinstance(answer, dict)
    assert answer["issued_at"] == f"1767614400{microsecond // 1000:03}"


@pytest.mark.parametrize("authorization", ["Basic \u00e9", "Basic ", "Basic =", "Basic /////w=="])
def test_odd_basic_credentials_are_those_of_no_client(
    call: Caller, org: Org, authorization: str
) -> None:
    headers = {"Authorization": authorization}
    answer = post_form(call, TOKEN, {"grant_type": "client_credentials"}, headers=headers)
    assert (answer.status, answer.json) == (400, UNKNOWN_CLIENT)
    assert org.journal.problems == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\n--b--" * 100),
        ('multipart/form-data; boundary="b', b"--b\r\nContent-Disposition: x\r\n\r\n--b--"),
        (FORM, b"\xff\x00&&=&grant_type"),
        ("", b"grant_type=password"),
    ],
)
def test_a_form_that_cannot_be_read_names_no_grant(
    call: Caller, org: Org, content_type: str, body: bytes
) -> None:
    answer = call("POST", TOKEN, body=body, headers={"Content-Type": content_type}, token=None)
    assert (answer.status, answer.json) == (400, UNSUPPORTED)
    assert org.journal.problems == []


def test_revoke_writes_no_header_out_of_a_token(call: Caller) -> None:
    answer = post_form(call, "/services/oauth2/revoke", {"token": "x\r\nX-Evil: 1"})
    assert answer.text == "error=invalid_token&error_description=invalid%20token%3A%20x%0D%0AX-Evil%3A%201"  # fmt: skip
    assert answer.headers.get("X-Evil") is None


def signed(claims: str) -> str:
    """An assertion of a text that no library would write."""
    parts = [jws.encoded(each.encode()) for each in ('{"alg":"RS256"}', claims)]
    data = ".".join(parts)
    signature = client_key().sign(data.encode(), PKCS1v15(), SHA256())
    return f"{data}.{jws.encoded(signature)}"


@pytest.mark.parametrize(
    "claims",
    [
        '{"exp":NaN}', '{"exp":Infinity}', '{"exp":"nan"}', '{"exp":"1e999"}', '{"exp":1e999}', '{"exp":1' + "0" * 400 + "}",
        '{"sub":"\\ud800","exp":9999999999}', '{"prn":"\\udfff","exp":9999999999}', '{"iss":"\\ud800"}', '{"iss":1}',
        '{"aud":"\\ud800"}', '{"x":' + "[" * 20_000 + "]" * 20_000 + "}", '{"exp":1' + "0" * 5_000 + "}", "{", "",
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_client", [False, True])
def test_claims_that_no_library_writes_are_no_assertion_and_no_crash(
    call: Caller, org: Org, keys: Credentials, claims: str, as_client: bool
) -> None:
    good = {"iss": keys.client_id, "sub": keys.username, "aud": "https://login.salesforce.com"}
    if as_client:
        good["sub"] = keys.client_id
    start = json.dumps(good)[:-1]
    text = claims if not claims.startswith('{"') else f"{start},{claims[1:]}"
    form = {"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": signed(text)}
    if as_client:
        form = {
            "grant_type": "client_credentials", "client_assertion": signed(text),
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }  # fmt: skip
    answer = post_form(call, TOKEN, form)
    assert answer.status == 400
    assert [each.crash for each in org.journal.problems] == []
    assert len(list(org.sessions)) == 0
