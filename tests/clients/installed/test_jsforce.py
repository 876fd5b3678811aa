"""jsforce 3, unmodified, in Node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from battery import INVALID, MALFORMED, MISSING, WRONG_PASSWORD, Battery, Shows, Tested, by
from line_driver import Driver, Failed, LineDriver
from proven import CLIENTS, PASSWORD
from pytest_sfmock import Sfmock


@pytest.fixture(scope="class")
def driver(
    node: Callable[[str], list[str | Path]], fake_env: Mapping[str, str]
) -> Iterator[LineDriver]:
    with LineDriver(node("jsforce.mjs"), fake_env) as driver:
        yield driver


def told(code: str, message: str) -> dict[str, str]:
    return {"name": code, "errorCode": code, "message": message}


class Jsforce(Tested):
    client = CLIENTS["jsforce"]
    shows = Shows(
        refused={"name": "Error", "message": f"INVALID_LOGIN: {WRONG_PASSWORD}"},
        expired=["query", "soap login", "query"],
        missing=told(*MISSING),
        invalid=told(*INVALID),
        malformed=told(*MALFORMED),
    )

    def test_logs_out_by_soap(self, fake: Sfmock, logged_in: Driver) -> None:
        logged_in.call("end")
        (asked,) = fake.requests
        assert (asked.shortcut, asked.status) == ("soap logout", 200)
        assert "soap" not in [each.kind for each in fake.org.sessions]


@by("http")
class TestOverHttp(Jsforce, Battery):
    pass


@by("https")
class TestOverTls(Jsforce, Battery):
    pass


@by("proxy", transport="redirect")
class TestByProxy(Jsforce, Battery):
    """Under Salesforce's own host names, without a changed line."""

    def test_says_who_it_is_and_what_is_used(self, fake: Sfmock, driver: Driver) -> None:
        self.log_in(fake, driver, PASSWORD)
        who = driver.call("identity")
        assert (who["user_id"], who["username"]) == (fake.org.admin_id, fake.credentials.username)
        driver.call("limits")
        used = fake.limits["DailyApiRequests"].used
        assert driver.call("usage") == {"apiUsage": {"used": used, "limit": 15_000}}

    def test_lists_objects_and_searches(self, fake: Sfmock, logged_in: Driver) -> None:
        assert "Account" in logged_in.call("objects")
        id_ = fake.org.create("Account", Name="Acme Corporation").id
        found = logged_in.call("search", "FIND {Acme} IN ALL FIELDS RETURNING Account(Id, Name)")
        assert [row["Id"] for row in found["searchRecords"]] == [id_]

    @pytest.mark.sfmock(allow_refused=["POST */composite/sobjects"])
    def test_is_told_what_the_fake_does_not_do_yet(self, fake: Sfmock, logged_in: Driver) -> None:
        with pytest.raises(Failed) as caught:
            logged_in.call("create_many", "Account", [{"Name": "a"}, {"Name": "b"}])
        assert caught.value.told == told(
            "SFMOCK_NOT_IMPLEMENTED",
            "pytest-sfmock does not implement this yet: the resource /composite",
        )
        assert fake.org.count("Account") == 0
