"""What every real client proves: one list of abilities, asked of each client through a driver of a few words.

A driver takes `login` (by a flow of that client's own) and then `create`, `read`, `update`, `delete`, `upsert`, `query` (all
pages), `describe` and `limits`; what the client raises comes back as `Failed`, with all that the client says of it. A test
module holds one class a client, which names its row of `proven.CLIENTS` and tells its errors, and the fixture `driver`; the
fixture `fake` is the fake that the client talks to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import pytest

from line_driver import Driver, Failed, Told
from proven import BROWSER, JWT, RealClient
from pytest_sfmock import Record, Sfmock

NAME = 'Ünïcödé & "quoted" <b>bold</b> 日本 😀 \\ / \' %20+'
"""What encodings on the way get wrong."""
PAGES = 4_500
"""Records of three pages."""

# What Salesforce says, which each client shows in its own way.
WRONG_PASSWORD = "Invalid username, password, security token; or user locked out."
EXPIRED = ("INVALID_SESSION_ID", "Session expired or invalid")
MISSING = ("NOT_FOUND", "The requested resource does not exist")
INVALID = ("REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]")
MALFORMED = (
    "INVALID_FIELD",
    "\nSELECT Bacon FROM Account\n       ^\nERROR at Row:1:Column:8\nNo such column 'Bacon' on entity 'Account'."
    " If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please"
    " reference your WSDL or the describe call for the appropriate names.",
)


@dataclass(frozen=True, slots=True)
class Shows:
    """What a client makes of Salesforce's errors."""

    refused: Told
    """A log-in with a wrong password, secret or token, by its usual flow or by `refused_by`."""
    expired: Told | list[str]
    """A session that ended: an error, or all that the client asks to get over it by itself."""
    missing: Told
    """A record that is gone."""
    invalid: Told
    """A record without a required field."""
    malformed: Told
    """A query for a field that there is not."""
    refused_by: str | None = None


def by(way: str, transport: str | None = None) -> Callable[[type[Tested]], type[Tested]]:
    """A class of tests that reaches the fake in this way; the word for it stands in the table."""

    def mark(tests: type[Tested]) -> type[Tested]:
        assert way in (*tests.client.ways, *tests.client.also)
        return pytest.mark.sfmock(transport=transport or way)(tests)

    return mark


class Tested:
    """A client under test, and how it shows what goes wrong."""

    client: ClassVar[RealClient]
    shows: ClassVar[Shows]
    logins: ClassVar[tuple[str, ...] | None] = None
    """The flows that it has by this way, where these are not all."""
    pages: ClassVar[tuple[str, ...]] = ("query", "query_more", "query_more")
    """What it asks to read three pages."""


class Basics(Tested):
    """It logs in, writes and reads, and tells errors: enough of a way where another is proven by all of `Battery`."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "flow" in metafunc.fixturenames:
            metafunc.parametrize("flow", self.logins or self.client.logins)

    @pytest.fixture
    def logged_in(self, fake: Sfmock, driver: Driver) -> Driver:
        self.log_in(fake, driver, (self.logins or self.client.logins)[0])
        fake.requests.clear()
        return driver

    def log_in(self, fake: Sfmock, driver: Driver, flow: str, **otherwise: str) -> None:
        """A flow of the client's own; one by browser asks for an address, and goes on with the code."""
        facts = facts_of(fake) | otherwise
        if flow == JWT:
            facts["key_file"] = fake.env()["SFMOCK_JWT_KEY"]
        if flow == BROWSER:
            facts |= portal_of(fake)
            facts["visited"] = fake.authorize(driver.call("login", flow, facts))
        driver.call("login", flow, facts)

    def test_logs_in_by(self, fake: Sfmock, driver: Driver, flow: str) -> None:
        self.log_in(fake, driver, flow)
        (company,) = rows_of(fake, "SELECT Name FROM Organization")
        rows = driver.call("query", "SELECT Name FROM Organization")
        assert rows == [company["Name"]]

    def test_a_log_in_that_salesforce_refuses(self, fake: Sfmock, driver: Driver) -> None:
        wrong = dict.fromkeys(("password", "client_secret", "refresh_token", "access_token"), "no")
        with pytest.raises(Failed) as caught:  # noqa: PT012  # some clients log in when they need to
            flow = self.shows.refused_by or (self.logins or self.client.logins)[0]
            self.log_in(fake, driver, flow, **wrong)
            driver.call("query", "SELECT Name FROM Organization")
        assert caught.value.told == self.shows.refused

    def test_creates_reads_updates_and_deletes(self, fake: Sfmock, logged_in: Driver) -> None:
        id_ = logged_in.call("create", "Account", {"Name": NAME, "NumberOfEmployees": 7})
        assert fake.org.get(id_)["Name"] == NAME
        read = logged_in.call("read", "Account", id_)
        assert (read["Name"], read["NumberOfEmployees"], read["Industry"]) == (NAME, 7, None)
        logged_in.call("update", "Account", id_, {"Industry": "Banking"})
        assert fake.org.get(id_)["Industry"] == "Banking"
        logged_in.call("delete", "Account", id_)
        assert fake.org.count("Account") == 0

    def test_the_errors_that_salesforce_answers(self, fake: Sfmock, logged_in: Driver) -> None:
        gone = fake.org.create("Account").id
        fake.org.delete(gone)
        before = fake.org.digest()
        with pytest.raises(Failed) as missing:
            logged_in.call("read", "Account", gone)
        with pytest.raises(Failed) as invalid:
            logged_in.call("create", "Account", {"Industry": "Banking"})
        with pytest.raises(Failed) as malformed:
            logged_in.call("query", "SELECT Bacon FROM Account")
        assert missing.value.told == self.shows.missing
        assert invalid.value.told == self.shows.invalid
        assert malformed.value.told == self.shows.malformed
        assert fake.org.digest() == before


class Battery(Basics):
    """All abilities."""

    def test_upserts_by_an_external_id(self, fake: Sfmock, logged_in: Driver) -> None:
        fake.org.schema.add_field("Account", "Ext__c", "string", external_id=True, unique=True)
        for name in ("Acme", "Acme AG"):
            logged_in.call("upsert", "Account", "Ext__c", "A-1", {"Name": name})
            found = rows_of(fake, "SELECT Name, Ext__c FROM Account")
            assert [(row["Name"], row["Ext__c"]) for row in found] == [(name, "A-1")]

    def test_reads_three_pages(self, fake: Sfmock, logged_in: Driver) -> None:
        names = [f"Account {number:04}" for number in range(PAGES)]
        rows = [{"Id": f"001{number:012}", "Name": name} for number, name in enumerate(names)]
        fake.org.load({"Account": rows})  # six times as fast as to insert them
        assert logged_in.call("query", "SELECT Name FROM Account ORDER BY Name") == names
        assert tuple(each.shortcut for each in fake.requests) == self.pages

    def test_describes_an_object(self, fake: Sfmock, logged_in: Driver) -> None:
        fields = [field.name for field in fake.org.schema["Contact"].fields]
        assert logged_in.call("describe", "Contact") == fields

    def test_reads_limits(self, fake: Sfmock, logged_in: Driver) -> None:
        fake.limits["DailyApiRequests"].remaining = 9_999
        told = logged_in.call("limits")
        assert told == {"Max": fake.limits["DailyApiRequests"].max, "Remaining": 9_998}

    def test_an_expired_session(self, fake: Sfmock, logged_in: Driver) -> None:
        fake.org.insert("Account", {"Name": "Acme"})
        fake.clock.advance(hours=3)
        assert self.client.renews is isinstance(self.shows.expired, list)
        if isinstance(self.shows.expired, list):
            assert logged_in.call("query", "SELECT Name FROM Account") == ["Acme"]
            assert [each.shortcut for each in fake.requests] == self.shows.expired
            assert fake.requests[0].error_code == "INVALID_SESSION_ID"
            return
        with pytest.raises(Failed) as caught:
            logged_in.call("query", "SELECT Name FROM Account")
        assert caught.value.told == self.shows.expired
        assert [each.status for each in fake.requests] == [401]


def rows_of(fake: Sfmock, soql: str) -> list[Record]:
    """The rows of a query that is no count."""
    found = fake.org.query(soql)
    assert not isinstance(found, int)
    return found


def facts_of(fake: Sfmock) -> dict[str, str]:
    """All that a client may want to know to log in."""
    keys = fake.credentials
    return {
        "instance_url": fake.instance_url,
        "login_url": fake.login_url,
        "my_domain": fake.org.my_domain,
        "organization_id": fake.org.id,
        "access_token": fake.access_token,
        "username": keys.username,
        "password": keys.password,
        "security_token": keys.security_token,
        "client_id": keys.client_id,
        "client_secret": keys.client_secret,
        "refresh_token": keys.refresh_token,
        "private_key": keys.private_key,
    }


def portal_of(fake: Sfmock) -> dict[str, str]:
    """An app that people log in to with a browser."""
    callback = "http://localhost:1717/OauthRedirect"
    app = fake.org.connected_app(
        "Portal", callback_urls=[callback], scopes="api web refresh_token", require_pkce=True
    )
    keys = {"client_id": app.client_id, "client_secret": app.client_secret}
    return keys | {"callback": callback}
