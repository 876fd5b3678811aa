"""The reference client logs in by every flow it has, through every transport, and lives through what ends sessions."""

import logging
from collections.abc import Callable
from urllib.parse import unquote_plus

import pytest

from pytest_sfmock import Sfmock
from sfmock_reference import (
    AccessToken,
    AuthError,
    AuthorizationCode,
    Client,
    ClientCredentials,
    JwtBearer,
    RefreshToken,
)

CALLBACK = "http://localhost:1717/OauthRedirect"

Auth = AccessToken | ClientCredentials | JwtBearer | RefreshToken


def by_token(sfmock: Sfmock) -> Auth:
    return AccessToken(lambda: sfmock.access_token, sfmock.instance_url)


def by_credentials(sfmock: Sfmock) -> Auth:
    login = sfmock.credentials
    return ClientCredentials(sfmock.instance_url, login.client_id, login.client_secret)


def by_key(sfmock: Sfmock) -> Auth:
    login = sfmock.credentials
    user, key = login.username, login.private_key
    return JwtBearer(sfmock.login_url, login.client_id, username=user, private_key=key)


def by_refresh_token(sfmock: Sfmock) -> Auth:
    login = sfmock.credentials
    app = (sfmock.login_url, login.client_id, login.client_secret)
    return RefreshToken(*app, login.refresh_token)


def by_rotating_refresh_token(sfmock: Sfmock) -> Auth:
    sfmock.org.apps.change("pytest-sfmock", refresh_token_rotation=True)
    return by_refresh_token(sfmock)


def by_browser(sfmock: Sfmock) -> Auth:
    app = sfmock.org.connected_app("Portal", callback_urls=[CALLBACK])
    auth = AuthorizationCode(
        sfmock.login_url, app.client_id, app.client_secret, redirect_uri=CALLBACK
    )
    auth.accept(sfmock.authorize(auth.url(scope="api refresh_token")))
    return auth


def by_browser_without_secret(sfmock: Sfmock) -> Auth:
    app = sfmock.org.connected_app(
        "Desktop",
        callback_urls=[CALLBACK],
        require_pkce=True,
        require_secret=False,
        require_secret_for_refresh=False,
        refresh_token_rotation=True,
    )
    auth = AuthorizationCode(sfmock.login_url, app.client_id, redirect_uri=CALLBACK)
    auth.accept(sfmock.authorize(auth.url()))
    return auth


WAYS = [
    by_token,
    by_credentials,
    by_key,
    by_refresh_token,
    by_rotating_refresh_token,
    by_browser,
    by_browser_without_secret,
]


@pytest.mark.parametrize("transport", ["intercept", "redirect", "http", "https"])
@pytest.mark.parametrize("way", WAYS)
def test_a_client_outlives_its_sessions_whatever_the_way_in(
    make_sfmock: Callable[..., Sfmock], way: Callable[[Sfmock], Auth], transport: str
) -> None:
    sfmock = make_sfmock(transport=transport)
    client = sfmock.client(auth=way(sfmock))

    made = [client.create("Account", {"Name": "Acme"})]
    sfmock.org.sessions.expire()
    made.append(client.create("Account", {"Name": "Globex"}))
    sfmock.clock.advance(hours=30)
    made.append(client.create("Account", {"Name": "Initech"}))

    assert [each["Id"] for each in client.query("SELECT Id FROM Account ORDER BY Name")] == made
    assert sfmock.requests.count("create") == 5
    assert sfmock.requests.count("token") == (0 if way is by_token else 3)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_leaves_a_secret_in_urls_reprs_or_logs(
    sfmock: Sfmock, way: Callable[[Sfmock], Auth], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    audited: list[object] = []
    auth = way(sfmock)
    client = sfmock.client(auth=auth, audit=lambda *line: audited.append(line))

    client.limits()
    granted = [session.token for session in sfmock.org.sessions]
    sfmock.org.sessions.expire()
    client.limits()

    login = sfmock.credentials
    app = sfmock.org.apps.find(auth.client_id) if not isinstance(auth, AccessToken) else None
    secrets = [login.password, login.client_secret, login.refresh_token, login.private_key]
    secrets += [app.client_secret] if app is not None else []
    secrets += [*granted, *(session.token for session in sfmock.org.sessions)]
    urls = [unquote_plus(each.url) for each in sfmock.requests]
    places = [*urls, repr(auth), repr(client), str(audited), caplog.text]
    assert len(set(secrets)) >= 6
    assert not [each for each in places if any(secret in each for secret in secrets)]


def test_a_user_who_denies_access_is_told(sfmock: Sfmock) -> None:
    app = sfmock.org.connected_app("Portal", callback_urls=[CALLBACK])
    auth = AuthorizationCode(sfmock.login_url, app.client_id, "", redirect_uri=CALLBACK)
    ended_at = sfmock.authorize(auth.url(), allow=False)
    with pytest.raises(AuthError, match="access_denied: end-user denied authorization"):
        auth.accept(ended_at)


def test_a_code_that_nobody_redeemed_in_time_is_told(sfmock: Sfmock) -> None:
    client = sfmock.client(auth=by_browser(sfmock))
    sfmock.clock.advance(minutes=16)
    with pytest.raises(AuthError, match="invalid_grant: expired authorization code"):
        client.limits()
    assert sfmock.requests.count("token") == 1


def test_two_processes_share_a_rotating_token_by_a_store(sfmock: Sfmock) -> None:
    sfmock.org.apps.change("pytest-sfmock", refresh_token_rotation=True)
    login = sfmock.credentials
    store = [login.refresh_token]
    app = (sfmock.login_url, login.client_id, login.client_secret)

    def process() -> Client:
        return sfmock.client(auth=RefreshToken(*app, lambda: store[-1], keep=store.append))

    one, two = process(), process()
    for _ in range(3):
        one.limits()
        two.limits()
        sfmock.org.sessions.expire()

    assert len(set(store)) == 7


def test_a_token_that_was_stolen_and_used_ends_the_matter(sfmock: Sfmock) -> None:
    auth = by_rotating_refresh_token(sfmock)
    thief = sfmock.client(auth=by_refresh_token(sfmock))
    client = sfmock.client(auth=auth)
    client.limits()
    with pytest.raises(AuthError, match="expired access/refresh token"):
        thief.limits()
    with pytest.raises(AuthError, match="expired access/refresh token"):
        client.limits()
    assert sfmock.requests.count("token") == 3
