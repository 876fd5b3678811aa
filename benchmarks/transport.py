"""An intercepted one-row query against a constant `responses` callback, and against simple-mockforce at 10,000 rows."""

from __future__ import annotations

import importlib.util
import json

import requests
import responses
from measure import side_by_side, timed

from sfmock import Org, intercept

CALLS = 200
HOST = "https://acme.develop.my.salesforce.com"


def _constant(url: str, body: str) -> float:
    """Seconds for CALLS requests that a `responses` callback answers with one body."""
    with responses.RequestsMock() as mock:
        mock.add_callback(
            responses.GET,
            url,
            lambda _: (200, {"Content-Type": "application/json;charset=UTF-8"}, body),
        )
        with requests.Session() as session:
            return timed(
                lambda: [session.get(url, params={"q": "SELECT"}).json() for _ in range(CALLS)]
            )


def one_row_query(rows: int) -> None:
    """A query by a name that one row has, through a real session, in process."""
    with Org.new() as org:
        org.create("Account", rows - 1)
        org.create("Account", Name="The One")
        soql = "SELECT Id, Name FROM Account WHERE Name = 'The One'"
        with intercept(org) as sf, requests.Session() as session:
            session.headers["Authorization"] = f"Bearer {sf.access_token}"
            url = f"{sf.instance_url}/services/data/v60.0/query"
            body = session.get(url, params={"q": soql}).text
            assert json.loads(body)["totalSize"] == 1

            def ours() -> float:
                return timed(
                    lambda: [session.get(url, params={"q": soql}).json() for _ in range(CALLS)]
                )

            side_by_side(
                f"{CALLS} one-row queries at {rows} rows, intercepted",
                ("pytest-sfmock", ours),
                (
                    "a constant responses callback",
                    lambda: _constant(f"{HOST}/services/data/v60.0/query", body),
                ),
            )


def against_mockforce(rows: int) -> None:
    """The same query by simple-salesforce, ours and simple-mockforce's."""
    if importlib.util.find_spec("simple_mockforce") is None:
        print("simple-mockforce is not installed: python -m pip install simple-mockforce==0.8.1\n")
        return
    from simple_mockforce import mock_salesforce
    from simple_salesforce.api import Salesforce

    calls = 5

    @mock_salesforce(fresh=True)
    def theirs() -> float:
        client = Salesforce(username="u", password="p", security_token="t")
        for number in range(rows):
            client.Account.create({"Name": f"Account {number}"})
        return timed(lambda: [client.query(_soql(rows)) for _ in range(calls)])

    def ours() -> float:
        with Org.new() as org, intercept(org) as sf:
            client = Salesforce(session_id=sf.access_token, instance_url=sf.instance_url)
            org.insert("Account", [{"Name": f"Account {number}"} for number in range(rows)])
            return timed(lambda: [client.query(_soql(rows)) for _ in range(calls)])

    side_by_side(
        f"{calls} one-row queries at {rows} rows, simple-salesforce",
        ("simple-mockforce", theirs),
        ("pytest-sfmock", ours),
        runs=5 if rows <= 1_000 else 3,
    )


def _soql(rows: int) -> str:
    return f"SELECT Id, Name FROM Account WHERE Name = 'Account {rows // 2}'"


if __name__ == "__main__":
    one_row_query(10)
    one_row_query(10_000)
    against_mockforce(10_000)
