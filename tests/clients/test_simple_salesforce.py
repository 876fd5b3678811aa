"""simple-salesforce 1.12.10, unmodified: imported outright, so a missing installation fails instead of skipping."""

from __future__ import annotations

import importlib.metadata
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import (
    SalesforceAuthenticationFailed,
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)

from pytest_sfmock import Sfmock
from sfmock.org.rsa_keys import CLIENT_CERTIFICATE

Client: TypeAlias = Any
"""simple-salesforce finds sobjects by attribute access, and types error contents loosely: its annotations cannot tell."""


def content(error: Exception) -> Any:
    """The parsed body of an error, which simple-salesforce annotates as bytes."""
    return getattr(error, "content")  # noqa: B009  # the annotation is wrong, the attribute is there


@pytest.fixture
def client(sfmock: Sfmock) -> Client:
    return Salesforce(session_id=sfmock.access_token, instance_url=sfmock.instance_url)


def test_the_version_under_test_is_the_pinned_one() -> None:
    assert importlib.metadata.version("simple-salesforce") == "1.12.10"


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


def test_password_login_by_oauth(sfmock: Sfmock) -> None:
    credentials = sfmock.credentials
    client: Client = Salesforce(
        username=credentials.username,
        password=credentials.password + credentials.security_token,
        consumer_key=credentials.client_id,
        consumer_secret=credentials.client_secret,
    )
    assert client.query("SELECT Id FROM Account") == {"totalSize": 0, "done": True, "records": []}


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


def test_create_read_update_delete(sfmock: Sfmock, client: Client) -> None:
    made = client.Account.create({"Name": "Acme", "Industry": "Energy"})
    assert made == {"id": made["id"], "success": True, "errors": []}
    assert client.Account.get(made["id"])["Industry"] == "Energy"
    assert client.Account.update(made["id"], {"Industry": "Banking"}) == 204
    assert sfmock.org.get(made["id"])["Industry"] == "Banking"
    assert client.Account.delete(made["id"]) == 204
    assert sfmock.org.count("Account") == 0
    with pytest.raises(SalesforceResourceNotFound):
        client.Account.get(made["id"])


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


def test_query_all_follows_three_pages(sfmock: Sfmock, client: Client) -> None:
    sfmock.org.insert("Account", [{"Name": f"Account {n:04}"} for n in range(4_500)])
    found = client.query_all("SELECT Name FROM Account ORDER BY Name")
    assert (found["totalSize"], found["done"]) == (4_500, True)
    assert [row["Name"] for row in found["records"]] == [f"Account {n:04}" for n in range(4_500)]
    assert sfmock.requests.api_calls == 3


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


def test_an_expired_session_raises_its_error(sfmock: Sfmock, client: Client) -> None:
    sfmock.clock.advance(hours=3)
    with pytest.raises(SalesforceExpiredSession) as caught:
        client.query("SELECT Id FROM Account")
    assert content(caught.value) == [
        {"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}
    ]


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


def test_a_soql_error_keeps_its_caret(sfmock: Sfmock, client: Client) -> None:
    with pytest.raises(SalesforceMalformedRequest) as caught:
        client.query("SELECT Bacon__c FROM Account LIMIT 2")
    assert content(caught.value)[0]["message"].startswith(
        "\nSELECT Bacon__c FROM Account LIMIT 2\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon__c'"
    )


@pytest.mark.sfmock(transport="https")
def test_the_same_client_over_tls_on_loopback(
    sfmock: Sfmock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(
            name, raising=False
        )  # requests prefers them to the session's own setting
    session = requests.Session()
    session.verify = str(sfmock.ca_file)
    client: Client = Salesforce(
        session_id=sfmock.access_token, instance_url=sfmock.instance_url, session=session
    )
    made = client.Account.create({"Name": "Acme"})
    assert client.Account.get(made["id"])["Name"] == "Acme"
    session.close()
