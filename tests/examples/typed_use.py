"""The public API as a user writes it; nothing runs this, the type checkers read it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from responses import RequestsMock

from pytest_sfmock import (
    Exchange,
    Fault,
    Org,
    Record,
    SalesforceError,
    Sfmock,
    SfmockServer,
    bridge,
    intercept,
    serve,
)


@pytest.fixture
def prepared() -> Org:
    return Org.new("developer", seed=3)


def use_the_handle(sfmock: Sfmock, make_sfmock: Callable[..., Sfmock]) -> tuple[object, ...]:
    fault: Fault = sfmock.faults.add("session_expired", on="query", after=1)
    account: Record = sfmock.org.create("Account", Name="Acme")
    accounts: list[Record] = sfmock.org.create("Account", 3)
    last: Exchange | None = sfmock.requests.last
    calls: int = sfmock.requests.count("query") + fault.fired + len(accounts)
    other: Sfmock = make_sfmock(org="bare")
    try:
        return account.id, last, calls, other.org.get(account.id)
    except SalesforceError as error:
        return error.code, error.message, error.fields, error.status


def use_the_engine(org: Org) -> int:
    with intercept(org, user="admin@example.com") as sf:
        return len(sf.requests)


def use_the_server(sfmock_server: SfmockServer) -> dict[str, str]:
    return {
        **sfmock_server.env(),
        "URL": sfmock_server.url,
        "ID": sfmock_server.credentials.client_id,
    }


def serve_and_bridge(org: Org, mock: RequestsMock) -> tuple[str, ...]:
    sf = bridge(mock, org)
    with serve(org, port=0, tls_port=0) as served:
        return sf.instance_url, served.url, served.tls_url, str(served.ca_file), served.proxy_url


def use_the_life_of_an_org(path: Path) -> dict[str, tuple[str, ...]]:
    with Org.open(path) as org:
        before = org.snapshot()
        account: Record = org.create("Account")
        with org.lock(account, seconds=30), org.lock([account, account.id]):
            org.delete(account.id)
        changes = org.changes(since=before)
        kept: str = org.undelete(account.id).id
        missing: tuple[str, ...] = org.save(path)
        used: int = sum(each.used for each in org.limits.history)
        fields = [each.fields for each in changes.updated.get("Account", ())]
        return {"kept": (kept, *missing, str(used), str(fields)), **changes.deleted}
