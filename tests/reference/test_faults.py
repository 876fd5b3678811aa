"""The reference client meets every kind of fault there is, at its three doors, and bad times by name."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from pytest_sfmock import Sfmock
from sfmock.discovery import fault_kinds
from sfmock_reference import (
    ApiError,
    AuthError,
    Client,
    ClientCredentials,
    JwtBearer,
    LimitExceeded,
    RefreshToken,
    Retry,
)

ENDS_IN = {
    "any_error": ApiError,  # 400 by default
    "api_disabled": ApiError,
    "app_missing": AuthError,
    "bad_auth_header": AuthError,
    "bad_client_id": AuthError,
    "bad_client_secret": AuthError,
    "bad_message": ApiError,  # 400 is never sent again, whatever it may mean
    "daily_limit": LimitExceeded,
    "flow_fault": ApiError,
    "header_too_large": ApiError,
    "jwt_bad_audience": AuthError,
    "jwt_bad_signature": AuthError,
    "jwt_expired": AuthError,
    "locator_gone": ApiError,
    "host_redirect": ApiError,
    "login_rate": AuthError,
    "no_run_as_user": AuthError,
    "no_scopes": AuthError,
    "not_preauthorized": AuthError,
    "password_expired": AuthError,
    "policy_403": ApiError,
    "query_timeout": ApiError,
    "query_too_large": ApiError,
    "read_only": ApiError,
    "refresh_token_dead": AuthError,
    "retired_version": ApiError,
    "row_lock": ApiError,
    "scope_sent": AuthError,
    "session_kind_refused": AuthError,
    "storage_full": ApiError,
    "trigger_exception": ApiError,
    "uri_too_long": ApiError,
    "user_not_approved": AuthError,
    "wrong_host": ApiError,
}
"""What no second try can mend; all other kinds are got over."""
AT_A_DOOR = {
    ("login_page_200", "query"): ApiError,
    ("login_page_200", "create"): ApiError,
    ("wrong_host", "token"): AuthError,
    ("inactive_user", "token"): AuthError,
    ("ip_restricted", "token"): AuthError,
    ("org_locked", "token"): AuthError,
}
"""The same, where the doors differ: a session that was ended can be had anew, a login that is refused cannot."""
ELSEWHERE = {
    "bad_password",
    "edge_html_for_soap",
    "locator_cached",
    "needs_security_token",
    "soap_login_disabled",
    "soap_login_v65",
}
"""Kinds for clients that log in with a password, speak SOAP, or read a page twice."""
QUICK: dict[str, dict[str, Any]] = {"slow": {"seconds": 120}, "drip": {"pause": 0.001}}
"""Nobody waits for a time-out that is certain."""


def outcome_of(call: Callable[[], object]) -> type[ApiError] | None:
    try:
        call()
    except ApiError as error:
        return type(error)
    return None


def ways_in(sfmock: Sfmock) -> dict[str, ClientCredentials | JwtBearer | RefreshToken]:
    login = sfmock.credentials
    app, secret = (sfmock.login_url, login.client_id), login.client_secret
    key, user = login.private_key, login.username
    return {
        "credentials": ClientCredentials(sfmock.instance_url, login.client_id, secret),
        "jwt": JwtBearer(*app, username=user, private_key=key),
        "refresh": RefreshToken(*app, secret, login.refresh_token),
    }


def meet(sfmock: Sfmock, kind: str, door: str, way: str) -> bool:
    """Query and create while a fault waits at one of the doors; whether it came to that."""
    sfmock.org.schema.add_field("Contact", "Key__c", "string", external_id=True, unique=True)
    rows = 2_001 if door == "query_more" else 1
    sfmock.org.load({"Account": [{"Name": f"Account {n}"} for n in range(rows)]})
    fault = sfmock.faults.add(kind, on=door, optional=True, **QUICK.get(kind, {}))
    client = sfmock.client(auth=ways_in(sfmock)[way])
    row = {"LastName": "Lovelace", "Key__c": "k"}

    outcome = outcome_of(lambda: list(client.query("SELECT Id FROM Account")))
    outcome = outcome or outcome_of(lambda: client.create("Contact", row, external_id="Key__c"))

    if fault.fired:
        expected = AT_A_DOOR.get((kind, door)) or ENDS_IN.get(kind)
        assert outcome is expected
        assert sfmock.org.count("Contact") == (1 if expected is None else 0)
        assert max(map(sfmock.requests.count, ("token", "query", "query_more", "create"))) <= 2
    return fault.fired > 0


@pytest.mark.parametrize("kind", sorted(set(fault_kinds()) - ELSEWHERE))
def test_each_kind_of_fault_is_got_over_or_raised(
    make_sfmock: Callable[[], Sfmock], kind: str
) -> None:
    group = fault_kinds()[kind].group
    ways = ["credentials", "jwt", "refresh"] if group == "identity" else ["credentials"]
    doors = ["query", "query_more"] if group == "paging" else ["query", "create"]
    token = [meet(make_sfmock(), kind, "token", way) for way in ways]
    data = [meet(make_sfmock(), kind, door, "credentials") for door in doors]
    assert any(token + data)


@pytest.mark.parametrize("scenario", ["bad_afternoon", "release_weekend", "token_storm"])
def test_a_job_gets_through_bad_times_without_losing_or_doubling_a_record(
    sfmock: Sfmock, scenario: str
) -> None:
    sfmock.org.schema.add_field("Account", "Key__c", "string", external_id=True, unique=True)
    sfmock.faults.scenario(scenario)
    login = sfmock.credentials

    def sleep(seconds: float) -> None:
        sfmock.clock.advance(seconds=seconds)

    client = Client(
        ClientCredentials(sfmock.instance_url, login.client_id, login.client_secret),
        retry=Retry(sleep=sleep, clock=sfmock.clock.timestamp),
        timeout=(5.0, 5.0),  # the slow ones are slower: they time out, and nobody waits
    )
    keys = {f"k{n}" for n in range(60)}
    stored: dict[str, str | None] = {}
    while keys - stored.keys():
        for key in sorted(keys - stored.keys()):
            with suppress(ApiError):  # its turn comes again
                stored[key], _ = client.upsert("Account", "Key__c", key, {"Name": key})
            sleep(20)

    records = list(client.query("SELECT Id, Key__c FROM Account"))
    client.close()
    assert {record["Key__c"]: record["Id"] for record in records} == stored
    assert len(records) == len(keys)
