"""simple-salesforce 1.12.10, unmodified: imported outright, so a missing installation fails instead of skipping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceGeneralError,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
)

from battery import Basics, Battery, Tested, by
from line_driver import Driver
from local_drivers import simple_salesforce
from proven import CLIENTS, TOKEN
from pytest_sfmock import Sfmock
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE
from shown import ENDED, SIMPLE_SALESFORCE

Client: TypeAlias = Any
"""simple-salesforce finds sobjects by attribute access, and types error contents loosely: its annotations cannot tell."""


def content(error: Exception) -> Any:
    """The parsed body of an error, which simple-salesforce annotates as bytes."""
    return getattr(error, "content")  # noqa: B009  # the annotation is wrong, the attribute is there


@pytest.fixture
def client(sfmock: Sfmock) -> Client:
    return Salesforce(session_id=sfmock.access_token, instance_url=sfmock.instance_url)


def test_password_login_by_soap(sfmock: Sfmock) -> None:
    credentials = sfmock.credentials
    client: Client = Salesforce(
        username=credentials.username,
        password=credentials.password,
        security_token=credentials.security_token,
    )
    assert client.sf_instance == sfmock.org.my_domain
    assert client.query("SELECT Name FROM Organization")["totalSize"] == 1
    assert sfmock.requests[0].path == "/services/Soap/u/59.0"


def test_client_credentials_on_the_my_domain(sfmock: Sfmock) -> None:
    client: Client = Salesforce(
        consumer_key=sfmock.credentials.client_id,
        consumer_secret=sfmock.credentials.client_secret,
        domain=sfmock.org.my_domain.removesuffix(".salesforce.com"),
    )
    assert client.sf_instance == sfmock.org.my_domain


def test_jwt_on_the_login_host(sfmock: Sfmock) -> None:
    keys = sfmock.credentials
    client: Client = Salesforce(
        username=keys.username, consumer_key=keys.client_id, privatekey=keys.private_key
    )
    assert client.sf_instance == sfmock.org.my_domain
    assert client.query("SELECT Name FROM Organization")["totalSize"] == 1
    assert [each.name for each in sfmock.requests] == ["token", "query"]


def test_jwt_by_a_key_file_on_the_my_domain(sfmock: Sfmock, tmp_path: Path) -> None:
    keys = sfmock.credentials
    file = tmp_path / "server.key"
    file.write_text(keys.private_key)
    client: Client = Salesforce(
        username=keys.username,
        consumer_key=keys.client_id,
        privatekey_file=str(file),
        domain=sfmock.org.my_domain.removesuffix(".salesforce.com"),
    )
    assert client.query("SELECT Name FROM Organization")["totalSize"] == 1


def test_jwt_of_a_user_who_has_not_approved_the_app(sfmock: Sfmock) -> None:
    app = sfmock.org.connected_app("Mine", certificate=CLIENT_CERTIFICATE)
    keys = sfmock.credentials
    with (
        pytest.warns(UserWarning, match="you may need to authorize"),
        pytest.raises(SalesforceAuthenticationFailed) as caught,
    ):
        Salesforce(username=keys.username, consumer_key=app.client_id, privatekey=keys.private_key)
    assert caught.value.code == "invalid_grant"
    assert str(caught.value.auth_message).startswith("user hasn't approved this consumer")


def test_a_wrong_password_is_refused_as_salesforce_does(sfmock: Sfmock) -> None:
    with pytest.raises(SalesforceAuthenticationFailed) as caught:
        Salesforce(username=sfmock.credentials.username, password="no", security_token="no")
    assert (caught.value.code, caught.value.auth_message) == (
        "INVALID_LOGIN",
        "Invalid username, password, security token; or user locked out.",
    )


def test_upsert_by_external_id(sfmock: Sfmock, client: Client) -> None:
    sfmock.org.schema.add_field("Account", "Ext__c", "string", external_id=True, unique=True)
    assert client.Account.upsert("Ext__c/A-1", {"Name": "Acme"}) == 201
    assert client.Account.upsert("Ext__c/A-1", {"Name": "Acme AG"}) == 200
    assert [row["Name"] for row in client.query("SELECT Name FROM Account")["records"]] == [
        "Acme AG"
    ]
    assert client.Account.get_by_custom_id("Ext__c", "A-1")["Name"] == "Acme AG"


def test_an_external_id_that_two_rows_share_is_300(sfmock: Sfmock, client: Client) -> None:
    sfmock.org.schema.add_field("Account", "Ext__c", "string", external_id=True)
    sfmock.org.insert("Account", [{"Name": "a", "Ext__c": "x"}, {"Name": "b", "Ext__c": "x"}])
    with pytest.raises(SalesforceMoreThanOneRecord) as caught:
        client.Account.get_by_custom_id("Ext__c", "x")
    assert len(content(caught.value)) == 2


def test_query_all_iter_stops_where_the_caller_stops(sfmock: Sfmock, client: Client) -> None:
    sfmock.org.insert("Account", [{"Name": f"Account {n}"} for n in range(2_001)])
    assert (
        next(iter(client.query_all_iter("SELECT Id FROM Account")))["attributes"]["type"]
        == "Account"
    )
    assert sfmock.requests.api_calls == 1


def test_describe_and_limits(sfmock: Sfmock, client: Client) -> None:
    described = client.Contact.describe()
    assert [each["name"] for each in described["fields"]][:3] == [
        "Id",
        "IsDeleted",
        "MasterRecordId",
    ]
    assert "Account" in [each["name"] for each in client.describe()["sobjects"]]
    assert client.limits()["DailyApiRequests"] == {"Max": 15000, "Remaining": 14997}
    assert client.api_usage["api-usage"].used == 3


def test_a_spent_daily_cap_is_403(sfmock: Sfmock, client: Client) -> None:
    sfmock.limits["DailyApiRequests"].remaining = 0
    with pytest.raises(SalesforceRefusedRequest) as caught:
        client.query("SELECT Id FROM Account")
    assert content(caught.value)[0]["errorCode"] == "REQUEST_LIMIT_EXCEEDED"


def test_a_503_reaches_the_client_as_it_is(sfmock: Sfmock, client: Client) -> None:
    sfmock.faults.add("server_unavailable", on="query")
    with pytest.raises(SalesforceGeneralError) as caught:
        client.query("SELECT Id FROM Account")
    assert (caught.value.status, content(caught.value)) == (
        503,
        [{"message": "Server too busy", "errorCode": "SERVER_UNAVAILABLE"}],
    )


class SimpleSalesforce(Tested):
    client = CLIENTS["simple-salesforce"]
    shows = SIMPLE_SALESFORCE

    @pytest.fixture
    def driver(self, fake: Sfmock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Driver]:
        if not fake.ca_file:
            yield simple_salesforce()
            return
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # requests prefers them to `verify`
            monkeypatch.delenv(name, raising=False)
        with requests.Session() as session:
            session.verify = str(fake.ca_file)
            yield simple_salesforce(session=session)


@by("intercept")
class TestIntercepted(SimpleSalesforce, Battery):
    pass


@by("redirect")
class TestRedirected(SimpleSalesforce, Battery):
    pass


@by("https")
class TestOverTls(SimpleSalesforce, Basics):
    """By access token: for all other flows it goes to `https://….salesforce.com` itself."""

    logins = (TOKEN,)
    shows = replace(
        SIMPLE_SALESFORCE,
        refused=ENDED,
        refused_by=TOKEN,
    )
