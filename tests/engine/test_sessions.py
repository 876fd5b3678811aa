"""Sessions, users, connected apps and credentials as a test handles them, and whose request it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from calling import Caller
from oauth_calls import PARTNER, login_operation
from oauth_calls import soap as send_soap
from sfmock.control.credentials import make_credentials
from sfmock.org.claims import claims
from sfmock.org.org import Org
from sfmock.wire import JSON

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


def test_a_session_lives_two_hours_by_the_orgs_clock(org: Org) -> None:
    org.clock.freeze(START)
    session = org.sessions.open(org.admin_id)
    assert (session.created, session.expires) == (START, START + timedelta(hours=2))
    org.clock.advance(hours=1, minutes=59, seconds=59)
    assert org.sessions.get(session.token) is not None
    org.clock.advance(seconds=1)
    assert org.sessions.get(session.token) is None
    assert list(org.sessions) == []


def test_use_in_the_first_half_does_not_renew_a_session(org: Org) -> None:
    org.clock.freeze(START)
    token = org.sessions.open(org.admin_id).token
    org.clock.advance(minutes=60)
    assert org.sessions.find(token) is not None
    org.clock.advance(minutes=60)
    assert org.sessions.find(token) is None


def test_use_in_the_second_half_renews_a_session(org: Org) -> None:
    org.clock.freeze(START)
    token = org.sessions.open(org.admin_id).token
    org.clock.advance(minutes=61)
    found = org.sessions.find(token)
    assert found is not None
    assert found.expires == START + timedelta(minutes=181)
    org.clock.advance(minutes=119)
    assert org.sessions.get(token) is not None


def test_the_org_wide_lifetime(org: Org) -> None:
    org.clock.freeze(START)
    org.sessions.lifetime = 900
    assert org.sessions.open(org.admin_id).expires == START + timedelta(minutes=15)
    assert org.sessions.open(org.admin_id, lifetime=60).expires == START + timedelta(minutes=1)
    with pytest.raises(ValueError, match="lives 0 to 4000000000 seconds, not 0"):
        org.sessions.lifetime = 0


def test_expire_ends_all_sessions_and_no_refresh_token(org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    tokens = [org.sessions.open(org.admin_id).token for _ in range(2)]
    org.sessions.expire(tokens[0])
    assert [session.token for session in org.sessions] == [tokens[1]]
    org.sessions.expire()
    assert len(org.sessions) == 0
    assert org.sessions.find_refresh(keys.refresh_token) is not None


def test_revoke_without_a_token_ends_everything(org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    org.sessions.open(org.admin_id)
    assert org.sessions.revoke() is True
    assert org.sessions.find_refresh(keys.refresh_token) is None
    assert org.sessions.revoke() is False


def test_a_deactivated_user_has_no_session(org: Org) -> None:
    user = org.users.add("Ann Other")
    token = org.sessions.open(user.id).token
    org.db.execute('UPDATE "User" SET "IsActive" = 0 WHERE "Id" = ?', (user.id,))
    assert org.sessions.find(token) is None
    assert list(org.sessions) == []
    with pytest.raises(LookupError, match="not an active user"):
        org.sessions.open(user.id)


def test_nothing_shows_a_secret(org: Org) -> None:
    keys = make_credentials(org, org.users.find(org.admin_id))
    session = org.sessions.open(org.admin_id)
    refresh = org.sessions.find_refresh(keys.refresh_token)
    app = org.apps.default()
    shown = repr([keys, session, refresh, app, org.users.secrets(org.admin_id), org.sessions])
    secrets = (
        keys.password, keys.security_token, keys.client_secret, keys.refresh_token, session.token,
    )  # fmt: skip
    assert [secret for secret in secrets if secret in shown] == []
    assert f"<Session {org.id[:15]}!***" in shown


def test_credentials_asked_twice_are_the_same(org: Org) -> None:
    first = make_credentials(org, org.users.find(org.admin_id))
    assert make_credentials(org, org.users.find(org.admin_id)) == first
    assert (len(first.refresh_token), first.refresh_token[:7]) == (87, "5Aep861")
    assert (len(first.client_id), first.client_id[:5]) == (85, "3MVG9")


def test_credentials_outlive_a_reset_and_sessions_do_not(org: Org) -> None:
    first = make_credentials(org, org.users.find(org.admin_id))
    token = org.sessions.open(org.admin_id).token
    org.db.reset()
    assert make_credentials(org, org.users.find(org.admin_id)) == first
    assert org.sessions.open(org.admin_id).token != token
    assert org.sessions.get(token) is None


def test_a_revoked_refresh_token_is_never_given_again(org: Org) -> None:
    first = make_credentials(org, org.users.find(org.admin_id))
    org.sessions.revoke(first.refresh_token)
    second = make_credentials(org, org.users.find(org.admin_id))
    assert second.refresh_token != first.refresh_token
    assert second.client_id == first.client_id


def test_a_user_is_made_once(org: Org) -> None:
    user = org.users.add("Ann Other", Title="CEO")
    assert user.username.startswith("ann.other@sfmock-")
    assert (user.name, user.active) == ("Ann Other", True)
    assert org.users.add("Ann Other", Title="CEO", active=True) == user
    assert org.users.add(user.username.upper()) == user
    assert org.users.find(user.id[:15]) == user
    with pytest.raises(ValueError, match="another Title"):
        org.users.add("Ann Other", Title="CTO")
    with pytest.raises(LookupError, match="no user 'nobody'"):
        org.users.find("nobody")


def test_a_user_has_the_fields_that_salesforce_requires(org: Org) -> None:
    user = org.users.add("ann@acme.example", profile="Standard User", LastName="Other")
    sobject = org.schema["User"]
    for field in sobject.fields:
        if not field.nillable and field.stored:
            value = org.db.value(f'SELECT "{field.name}" FROM "User" WHERE "Id" = ?', (user.id,))
            assert value is not None, field.name
    assert org.users.row(user.id)["Name"] == "Other"


@pytest.mark.parametrize("option", ["Nope", "permissions"])
def test_an_unknown_option_of_a_user_is_named(org: Org, option: str) -> None:
    message = f"org.user\\(\\) does not know {option}; it takes profile, password, security_token, active and"
    fields: dict[str, JSON] = {option: 1}
    with pytest.raises(TypeError, match=message):
        org.users.add(
            "Ann", profile=None, password=None, security_token=None, active=None, **fields
        )


def test_an_unknown_profile_is_named(org: Org) -> None:
    with pytest.raises(
        LookupError, match="no profile 'System Adminstrator'; the standard ones are: Con"
    ):
        org.users.add("Ann", profile="System Adminstrator")


def test_the_bare_pack_gets_its_profile_on_demand(make_caller: Callable[..., Caller]) -> None:
    org = make_caller("bare").org
    with pytest.raises(LookupError):
        _ = org.admin_id
    user = org.users.add("admin")
    assert org.admin_id == user.id
    assert org.users.add("Second One").profile_id == user.profile_id
    assert org.apps.default().run_as == user.id


def test_a_connected_app_is_made_once(org: Org) -> None:
    app = org.apps.add("Nightly", client_id="key", client_secret="secret", run_as=org.admin_id)
    assert (app.client_id, app.run_as, app.scopes) == (
        "key",
        org.admin_id,
        ("api", "id", "refresh_token"),
    )
    assert org.apps.add("Nightly", client_id="key") == app
    assert org.apps.find("key") == app
    with pytest.raises(ValueError, match="with another client_id"):
        org.apps.add("Nightly", client_id="other")
    with pytest.raises(ValueError, match="'Nightly' has this client_id already"):
        org.apps.add("Daily", client_id="key")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"clientid": "x"}, TypeError, "does not know clientid; it takes client_id, client_secret, kind, installed,"),
        ({"scopes": ["apy"]}, ValueError, "unknown scopes: apy; known are address, api,"),
        ({"scopes": 3}, TypeError, "list of texts"),
        ({"session_lifetime": 0}, ValueError, "positive number of seconds"),
        ({"client_secret": ""}, TypeError, "not empty"),
        ({"run_as": 3}, TypeError, "a username, a user id or a User"),
        ({"run_as": "nobody"}, LookupError, "no user 'nobody'"),
    ],
)  # fmt: skip
def test_a_wrong_option_of_an_app_is_named(
    org: Org, options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        org.apps.add("Nightly", **options)


def test_equal_seeds_give_equal_apps_and_tokens_of_their_own(
    make_caller: Callable[..., Caller],
) -> None:
    first, second, other = (make_caller(seed=seed).org for seed in (1, 1, 2))
    made = [make_credentials(org, org.users.find(org.admin_id)) for org in (first, second, other)]
    assert made[0].client_id == made[1].client_id
    assert made[0].client_secret == made[1].client_secret
    assert made[0].refresh_token != made[1].refresh_token  # tells them apart on a login host
    assert made[0].client_id != made[2].client_id
    assert made[0].username != made[1].username


def test_an_org_claims_what_it_knows(make_caller: Callable[..., Caller]) -> None:
    org, stranger = make_caller(seed=1).org, make_caller(seed=2).org
    keys = make_credentials(org, org.users.find(org.admin_id))
    session = org.sessions.open(org.admin_id).token
    forms: list[tuple[dict[str, str], str | None, str | None]] = [
        ({"username": keys.username}, None, None),
        ({"refresh_token": keys.refresh_token}, None, None),
        ({"token": session}, None, None),
        ({"client_id": keys.client_id}, None, None),
        ({"oauth_token": session}, None, None),
        ({}, session, None),
        ({}, None, keys.username.upper()),
    ]
    for form, token, soap in forms:
        for each, expected in ((org, True), (stranger, False)):
            known = claims(
                each.apps, each.users, each.sessions, form=form, token=token, soap_username=soap
            )
            assert known is expected, (form, token, soap)


def test_the_username_decides_over_a_shared_client_id(make_caller: Callable[..., Caller]) -> None:
    org, twin = make_caller(seed=1).org, make_caller(seed=1).org
    keys = [make_credentials(each, each.users.find(each.admin_id)) for each in (org, twin)]
    assert keys[0].client_id == keys[1].client_id
    form = {"username": keys[0].username, "client_id": keys[0].client_id}
    assert claims(org.apps, org.users, org.sessions, form=form) is True
    assert claims(twin.apps, twin.users, twin.sessions, form=form) is False
    assert claims(org.apps, org.users, org.sessions, form={}) is None


def test_where_soap_logins_share_a_session_the_logout_of_one_ends_it_for_all(
    call: Caller, org: Org
) -> None:
    org.sessions.shared = True
    user = org.users.find(org.admin_id)
    secrets = org.users.secrets(user.id)
    operation = login_operation(user.username, secrets.password + secrets.security_token)
    first, second = (send_soap(call, operation).text for _ in range(2))
    token = first.partition("<sessionId>")[2].partition("<")[0]
    assert second.partition("<sessionId>")[2].partition("<")[0] == token
    header = (
        f'<n:SessionHeader xmlns:n="{PARTNER}"><n:sessionId>{token}</n:sessionId></n:SessionHeader>'
    )
    assert send_soap(call, f'<n:logout xmlns:n="{PARTNER}"/>', header=header).status == 200
    assert call("GET", "/limits", token=token).status == 401
    assert send_soap(call, operation).text.partition("<sessionId>")[2].partition("<")[0] != token
