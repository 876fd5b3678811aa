"""The engine against the raw SQLite statement, and a page against `json.dumps` of the same rows."""

from __future__ import annotations

import json
import sqlite3

from measure import side_by_side, timed

from sfmock import Org
from sfmock.app import App
from sfmock.wire import Headers, Request

ROWS = 1_000
ROOT = "/services/data/v60.0"


class Raw:
    """The least that SQLite needs for the same rows, each write in a savepoint."""

    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:", isolation_level=None)
        self.db.execute(
            "CREATE TABLE Account (Id TEXT PRIMARY KEY, Name TEXT, Industry TEXT, Stamp TEXT)"
        )
        self.db.execute("BEGIN")
        self.number = 0

    def create(self) -> None:
        for _ in range(ROWS):
            self.number += 1
            self.db.execute("SAVEPOINT a")
            self.db.execute(
                "INSERT INTO Account (Id, Name, Industry, Stamp) VALUES (?, ?, ?, ?)",
                (f"001{self.number:015}", "Acme", "Energy", "2026-01-01T00:00:00.000+0000"),
            )
            self.db.execute("RELEASE a")

    def get(self) -> None:
        for number in range(1, ROWS + 1):
            self.db.execute("SELECT * FROM Account WHERE Id = ?", (f"001{number:015}",)).fetchone()


def create_and_get() -> None:
    """`records.insert` and `records.find`, against INSERT in a savepoint and SELECT by key."""
    with Org.new() as org:
        raw, account, ids = Raw(), org.schema["Account"], list[str]()
        admin = org.admin_id

        def create() -> None:
            for _ in range(ROWS):
                ids.append(
                    org.records.insert(
                        account, {"Name": "Acme", "Industry": "Energy"}, user_id=admin
                    )
                )

        def get() -> None:
            for each in ids[:ROWS]:
                org.records.find(account, each)

        side_by_side(
            f"create, {ROWS} rows",
            ("engine", lambda: timed(create)),
            ("raw INSERT", lambda: timed(raw.create)),
        )
        side_by_side(
            f"get, {ROWS} rows",
            ("engine", lambda: timed(get)),
            ("raw SELECT", lambda: timed(raw.get)),
        )


def page() -> None:
    """One page of 2,000 records of 10 fields through the app, against `json.dumps` of the same records."""
    soql = (
        "SELECT Id, Name, Industry, Type, Phone, Website, NumberOfEmployees, AnnualRevenue, CreatedDate, OwnerId"
        " FROM Account"
    )
    with Org.new() as org:
        org.create("Account", 2_000)
        app, token = App(org), org.sessions.open(org.admin_id).token
        request = Request(
            "GET",
            f"{ROOT}/query",
            "q=" + soql.replace(" ", "+"),
            Headers([("Authorization", f"Bearer {token}"), ("Cookie", "BrowserId=x")]),
            host=org.my_domain,
        )
        records = json.loads(app.exchange(request).body)["records"]
        assert len(records) == 2_000
        side_by_side(
            "a page of 2,000 records, 10 fields",
            (
                "query through the app, parsed and shaped",
                lambda: timed(lambda: app.exchange(request)),
            ),
            ("json.dumps of the same records", lambda: timed(lambda: json.dumps(records))),
        )


if __name__ == "__main__":
    create_and_get()
    page()
