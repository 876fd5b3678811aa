"""force-wsc with the partner API, unmodified, in Java: Salesforce's own client for the JVM, as Data Loader uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import runtimes
from battery import INVALID, MALFORMED, WRONG_PASSWORD, Battery, Shows, Tested, by
from line_driver import Driver, LineDriver
from proven import CLIENTS
from pytest_sfmock import Sfmock

FAULTS = "com.sforce.soap.partner.fault"


@pytest.fixture(scope="class")
def driver(fake_env: Mapping[str, str]) -> Iterator[LineDriver]:
    with LineDriver(runtimes.java(Path(__file__).parent / "java"), fake_env) as driver:
        yield driver


def told(kind: str, code: str, message: str, prefix: str, **more: object) -> dict[str, object]:
    return {
        "type": f"{FAULTS}.{kind}",
        "message": None,
        "faultCode": f"{prefix}{code}",
        "exceptionCode": code,
        "exceptionMessage": message,
        **more,
    }


class ForceWsc(Tested):
    client = CLIENTS["force-wsc"]
    pages = ("soap query", "soap queryMore", "soap queryMore")
    shows = Shows(
        refused=told("LoginFault", "INVALID_LOGIN", WRONG_PASSWORD, ""),
        expired=["soap query", "soap login", "soap query"],
        missing={"type": "null", "message": "retrieve() gave null"},
        invalid={
            "type": "com.sforce.soap.partner.Error",
            "statusCode": INVALID[0],
            "message": INVALID[1],
            "fields": ["Name"],
        },
        malformed=told(
            "InvalidFieldFault",
            *MALFORMED,
            "{urn:fault.partner.soap.sforce.com}",
            row=1,
            column=8,
        ),
    )

    def test_reads_parents_children_and_typed_values(self, fake: Sfmock, logged_in: Driver) -> None:
        acme = fake.org.insert(
            "Account", {"Name": "Acme", "BillingCity": "Rome", "BillingLatitude": 41.9}
        )
        fake.org.insert("Contact", {"LastName": "Doe", "AccountId": acme.id})
        soql = (
            "SELECT Name, BillingAddress, Owner.Alias, (SELECT LastName FROM Contacts) FROM Account"
        )
        assert logged_in.call("tree", soql) == {
            "Id": None,
            "Name": "Acme",
            "BillingAddress": "com.sforce.soap.partner.Address: Rome at 41.9",
            "Owner": {"Id": None, "Alias": "admin"},
            "Contacts": {"done": "true", "queryLocator": None, "size": "1"}
            | {"records": {"Id": None, "LastName": "Doe"}},
        }
        counted = "SELECT COUNT(Id), MAX(BillingLatitude) most, Name FROM Account GROUP BY Name"
        assert logged_in.call("tree", counted) == {
            "Id": None,
            "expr0": 1,
            "most": 41.9,
            "Name": "Acme",
        }


@by("http")
class TestOverHttp(ForceWsc, Battery):
    pass


@by("https")
class TestOverTls(ForceWsc, Battery):
    pass


@by("proxy", transport="redirect")
class TestByProxy(ForceWsc, Battery):
    """Under Salesforce's own host names, without a changed line."""
