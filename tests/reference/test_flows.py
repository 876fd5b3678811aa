"""What each way of logging in posts, and what it keeps of the reply."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from urllib.parse import parse_qsl, urlsplit

import pytest
import responses
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from sfmock_reference import (
    AccessToken,
    AuthError,
    AuthorizationCode,
    Client,
    ClientCredentials,
    JwtBearer,
    RefreshToken,
    Retry,
    environment,
)

HOST = "https://acme.my.salesforce.com"
LIMITS = f"{HOST}/services/data/v60.0/limits"
LOGIN = "https://login.salesforce.com"
TOKEN = f"{LOGIN}/services/oauth2/token"
HERE = "http://localhost:1717/OauthRedirect"
EXPIRED = [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
JWT = "urn:ietf:params:oauth:grant-type:jwt-bearer"

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def pem(key: Private) -> str:
    form, kind = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    return key.private_bytes(kind, form, serialization.NoEncryption()).decode()


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def grant(mock: responses.RequestsMock, token: str = "00D!one", **more: str) -> None:
    mock.post(TOKEN, json={"access_token": token, "instance_url": HOST, **more})


def forms(mock: responses.RequestsMock) -> list[dict[str, str]]:
    posted = [call.request for call in mock.calls if str(call.request.url) == TOKEN]
    return [dict(parse_qsl(str(each.body))) for each in posted]


def parts(assertion: str) -> Iterator[bytes]:
    for part in assertion.split("."):
        yield base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def renew(mock: responses.RequestsMock) -> None:
    """Let the next data call meet a dead session, and the one after it a live one."""
    mock.get(LIMITS, status=401, json=EXPIRED)
    mock.get(LIMITS, json={})


def test_jwt_bearer_signs_who_asks_for_whom_and_until_when(
    mock: responses.RequestsMock, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.9)
    grant(mock)
    mock.get(LIMITS, json={})
    auth = JwtBearer(f"{LOGIN}/", "3MVG9", username="ada@acme.com", private_key=pem(key))
    assert Client(auth).limits() == {}
    [form] = forms(mock)
    assert {name: form[name] for name in form if name != "assertion"} == {
        "grant_type": JWT,
        "client_id": "3MVG9",
    }
    header, claims, signature = parts(form["assertion"])
    assert json.loads(header) == {"alg": "RS256"}
    assert json.loads(claims) == {
        "iss": "3MVG9",
        "sub": "ada@acme.com",
        "aud": LOGIN,
        "exp": 1_700_000_180,
    }
    signed = form["assertion"].rpartition(".")[0].encode()
    key.public_key().verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def test_each_try_of_a_jwt_login_carries_an_assertion_of_its_own(
    mock: responses.RequestsMock, key: rsa.RSAPrivateKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1_700_000_000.0]
    monkeypatch.setattr("time.time", lambda: now[-1])
    retry = Retry(sleep=lambda _: now.append(now[-1] + 300))
    mock.post(TOKEN, status=503, body="<html>Maintenance</html>")
    grant(mock)
    mock.get(LIMITS, json={})
    auth = JwtBearer(LOGIN, "3MVG9", username="ada@acme.com", private_key=lambda: pem(key))
    Client(auth, retry=retry).limits()
    claims = [json.loads([*parts(form["assertion"])][1]) for form in forms(mock)]
    assert [each["exp"] for each in claims] == [1_700_000_180, 1_700_000_480]


def test_the_audience_of_a_jwt_can_be_another_than_its_login_host(
    mock: responses.RequestsMock, key: rsa.RSAPrivateKey
) -> None:
    grant(mock)
    mock.get(LIMITS, json={})
    sandbox = "https://test.salesforce.com"
    user = {"username": "ada@acme.com.uat", "audience": sandbox}
    Client(JwtBearer(LOGIN, "3MVG9", private_key=pem(key), **user)).limits()
    claims = json.loads([*parts(forms(mock)[0]["assertion"])][1])
    assert claims["aud"] == sandbox


def test_a_key_that_salesforce_could_not_verify_is_refused_before_sending(
    mock: responses.RequestsMock,
) -> None:
    private_key = pem(ec.generate_private_key(ec.SECP256R1()))
    auth = JwtBearer(LOGIN, "3MVG9", username="ada@acme.com", private_key=private_key)
    with pytest.raises(TypeError, match="RS256 only"):
        Client(auth).limits()
    assert len(mock.calls) == 0


@pytest.fixture
def web() -> AuthorizationCode:
    return AuthorizationCode(LOGIN, "3MVG9", redirect_uri=HERE)


def asked(url: str) -> dict[str, str]:
    assert url.startswith(f"{LOGIN}/services/oauth2/authorize?")
    return dict(parse_qsl(urlsplit(url).query))


def test_the_user_is_sent_to_a_page_with_state_and_challenge(web: AuthorizationCode) -> None:
    query = asked(web.url(scope="api refresh_token", prompt="login"))
    assert query.keys() - {"state", "code_challenge"} == {
        "client_id",
        "code_challenge_method",
        "prompt",
        "redirect_uri",
        "response_type",
        "scope",
    }
    assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
    assert (query["client_id"], query["redirect_uri"]) == ("3MVG9", HERE)
    assert (query["scope"], query["prompt"]) == ("api refresh_token", "login")
    other = asked(web.url())
    assert query["state"] != other["state"]
    assert query["code_challenge"] != other["code_challenge"]


def test_what_is_asked_besides_cannot_take_the_place_of_what_has_to_be_asked(
    web: AuthorizationCode,
) -> None:
    query = asked(web.url(redirect_uri="https://evil.example", state="x", response_type="token"))
    assert (query["redirect_uri"], query["response_type"]) == (HERE, "code")
    assert query["state"] != "x"


def test_the_code_is_redeemed_with_its_verifier_and_then_tokens_refresh(
    mock: responses.RequestsMock,
) -> None:
    kept: list[str] = []
    web = AuthorizationCode(LOGIN, "3MVG9", "hush", redirect_uri=HERE, keep=kept.append)
    query = asked(web.url())
    web.accept(f"{HERE}?code=aPrx%3D%3D&state={query['state']}")
    grant(mock, refresh_token="5Aep-first")
    grant(mock, "00D!two")
    renew(mock)
    Client(web).limits()
    code, refresh = forms(mock)
    challenge = base64.urlsafe_b64encode(sha256(code["code_verifier"].encode()).digest())
    assert challenge.rstrip(b"=").decode() == query["code_challenge"]
    assert len(code.pop("code_verifier")) == 86
    app = {"client_id": "3MVG9", "client_secret": "hush"}
    redeemed = {"grant_type": "authorization_code", "code": "aPrx==", "redirect_uri": HERE}
    assert code == redeemed | app
    assert refresh == {"grant_type": "refresh_token", "refresh_token": "5Aep-first"} | app
    assert kept == ["5Aep-first"]


def test_a_public_client_sends_no_empty_secret(
    mock: responses.RequestsMock, web: AuthorizationCode
) -> None:
    web.accept(f"{HERE}?code=aPrx&state={asked(web.url())['state']}")
    grant(mock)
    mock.get(LIMITS, json={})
    Client(web).limits()
    assert "client_secret" not in forms(mock)[0]


def test_a_code_whose_reply_was_lost_is_sent_once_more(
    mock: responses.RequestsMock, web: AuthorizationCode, retry: Retry
) -> None:
    web.accept(f"{HERE}?code=aPrx&state={asked(web.url())['state']}")
    mock.post(TOKEN, status=502, body="<html>Error Page</html>")
    grant(mock)
    mock.get(LIMITS, json={})
    Client(web, retry=retry).limits()
    assert [form["code"] for form in forms(mock)] == ["aPrx", "aPrx"]


@pytest.mark.parametrize("state", ["", "&state=", "&state=other", "&state=Ä"])
def test_an_answer_to_another_question_is_not_accepted(web: AuthorizationCode, state: str) -> None:
    web.url()
    with pytest.raises(AuthError, match="STATE_MISMATCH"):
        web.accept(f"{HERE}?code=aPrx{state}")


def test_nothing_is_accepted_that_was_not_asked_for_or_twice(web: AuthorizationCode) -> None:
    with pytest.raises(AuthError, match="STATE_MISMATCH"):
        web.accept(f"{HERE}?code=aPrx")
    ended_at = f"{HERE}?code=aPrx&state={asked(web.url())['state']}"
    web.accept(ended_at)
    with pytest.raises(AuthError, match="STATE_MISMATCH"):
        web.accept(ended_at)


def test_a_user_who_refuses_is_an_auth_error(web: AuthorizationCode) -> None:
    state = asked(web.url())["state"]
    said = "error=access_denied&error_description=end-user+denied+authorization"
    with pytest.raises(AuthError) as caught:
        web.accept(f"{HERE}?{said}&state={state}")
    assert str(caught.value) == "0 access_denied: end-user denied authorization"


def test_a_secret_of_the_environment_is_read_when_it_is_needed(
    mock: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(ClientCredentials(LOGIN, "3MVG9", environment("ACME_SECRET")))
    with pytest.raises(KeyError, match="ACME_SECRET"):
        client.limits()

    def end(_: object) -> tuple[int, dict[str, str], str]:
        monkeypatch.setenv("ACME_SECRET", "second")  # rotated while the client runs
        return 401, {}, json.dumps(EXPIRED)

    monkeypatch.setenv("ACME_SECRET", "first")
    grant(mock)
    grant(mock, "00D!two")
    mock.add_callback("GET", LIMITS, end)
    mock.get(LIMITS, json={})
    client.limits()
    assert [form["client_secret"] for form in forms(mock)] == ["first", "second"]


def test_the_line_feed_at_the_end_of_a_secret_file_is_no_part_of_the_secret(
    mock: responses.RequestsMock,
) -> None:
    grant(mock)
    mock.get(LIMITS, json={})
    Client(ClientCredentials(LOGIN, "3MVG9", "hush\n")).limits()
    Client(AccessToken(lambda: "00D!two\n", HOST)).limits()
    assert forms(mock)[0]["client_secret"] == "hush"
    assert mock.calls[-1].request.headers["Authorization"] == "Bearer 00D!two"


def test_processes_that_share_a_store_refresh_with_what_the_other_has_kept(
    mock: responses.RequestsMock,
) -> None:
    store = ["5Aep-first"]
    app = (LOGIN, "3MVG9", "hush")
    one, two = (Client(RefreshToken(*app, lambda: store[-1], keep=store.append)) for _ in range(2))
    grant(mock, "00D!one", refresh_token="5Aep-second")
    grant(mock, "00D!two", refresh_token="5Aep-third")
    grant(mock, "00D!three", refresh_token="5Aep-fourth")
    mock.get(LIMITS, json={})
    mock.get(LIMITS, json={})
    renew(mock)
    one.limits()
    two.limits()
    one.limits()
    assert [form["refresh_token"] for form in forms(mock)] == store[:3]
    assert store[3:] == ["5Aep-fourth"]


def test_a_rotated_token_that_nobody_keeps_is_remembered_here(
    mock: responses.RequestsMock,
) -> None:
    client = Client(RefreshToken(LOGIN, "3MVG9", "hush", lambda: "5Aep-first"))
    grant(mock, refresh_token="5Aep-second")
    grant(mock, "00D!two")
    renew(mock)
    client.limits()
    assert [form["refresh_token"] for form in forms(mock)] == ["5Aep-first", "5Aep-second"]


def test_no_repr_of_a_flow_shows_a_secret(key: rsa.RSAPrivateKey, web: AuthorizationCode) -> None:
    state = asked(web.url())["state"]
    web.accept(f"{HERE}?code=aPrx&state={state}")
    jwt = JwtBearer(LOGIN, "3MVG9", username="ada@acme.com", private_key=pem(key))
    assert repr(jwt) == (
        "JwtBearer(login_url='https://login.salesforce.com', client_id='3MVG9',"
        " username='ada@acme.com', audience='')"
    )
    assert repr(web) == (
        "AuthorizationCode(login_url='https://login.salesforce.com', client_id='3MVG9',"
        f" redirect_uri={HERE!r})"
    )
    assert repr(ClientCredentials(LOGIN, "3MVG9", "hush")) == (
        "ClientCredentials(login_url='https://login.salesforce.com', client_id='3MVG9')"
    )
