"""The engine against the raw SQLite statement for the same row, and a page against `json.dumps` of its records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

from measure import side_by_side, timed

from sfmock import Org
from sfmock.app import App
from sfmock.wire import Headers, Request

ROWS = 1_000
FIELDS = {"Name": "Acme", "Industry": "Energy"}
SOQL = (
    "SELECT Id, Name, Industry, Type, Phone, Website, NumberOfEmployees, AnnualRevenue, CreatedDate, OwnerId"
    " FROM Account"
)


class Raw:
    """What SQLite alone takes for the rows that the engine stores: its own table and indexes, all columns that it fills."""

    def __init__(self, org: Org) -> None:
        sample = org.records.insert(org.schema["Account"], FIELDS, user_id=org.admin_id)
        columns = [str(row[1]) for row in org.db.rows('PRAGMA table_info("Account")')]
        values = org.db.row('SELECT * FROM "Account" WHERE "Id" = ?', (sample,)) or ()
        row = {k: v for k, v in zip(columns, values, strict=True) if v is not None}
        self.number, self.values = 0, list(row.values())[1:]
        self.db = sqlite3.connect(":memory:", isolation_level=None, cached_statements=512)
        for (text,) in org.db.rows(
            "SELECT sql FROM sqlite_master WHERE tbl_name = 'Account' AND sql IS NOT NULL"
        ):
            self.db.execute(str(text))
        self.db.execute("BEGIN")
        names = ", ".join(f'"{name}"' for name in row)
        self.insert = f'INSERT INTO "Account" ({names}) VALUES ({", ".join("?" * len(row))})'
        fields = ", ".join(f'"{name}"' for name in columns if not name.startswith("f:"))
        self.select = f'SELECT {fields} FROM "Account" WHERE "Id" = ?'

    def create(self) -> None:
        for _ in range(ROWS):
            self.number += 1
            self.db.execute("SAVEPOINT a")
            self.db.execute(self.insert, [f"001{self.number:015}", *self.values])
            self.db.execute("RELEASE a")

    def get(self) -> None:
        for number in range(1, ROWS + 1):
            self.db.execute(self.select, (f"001{number:015}",)).fetchone()

    def update(self, name: str) -> None:
        stamp, user = "2026-01-01T00:00:00.000+0000", "005000000000001AAA"
        for number in range(1, ROWS + 1):
            self.db.execute("SAVEPOINT a")
            self.db.execute(
                'UPDATE "Account" SET "Name" = ?, "f:Name" = ?, "LastModifiedDate" = ?,'
                ' "LastModifiedById" = ?, "SystemModstamp" = ? WHERE "Id" = ?',
                (name, name.upper(), stamp, user, stamp, f"001{number:015}"),
            )
            self.db.execute("RELEASE a")


def records() -> None:
    """`insert`, `find` and `update` of the records against INSERT, SELECT and UPDATE, writes in a savepoint."""
    with Org.new() as org:
        raw, account, ids = Raw(org), org.schema["Account"], list[str]()
        admin, names = org.admin_id, iter(f"Name {number}" for number in range(10**6))

        def create() -> None:
            for _ in range(ROWS):
                ids.append(org.records.insert(account, FIELDS, user_id=admin))

        def get() -> None:
            for each in ids[:ROWS]:
                org.records.find(account, each)

        def update(name: str) -> None:
            for each in ids[:ROWS]:
                org.records.update(account, each, {"Name": name}, user_id=admin)

        _compare("create", "INSERT", create, raw.create)
        _compare("get", "SELECT", get, raw.get)
        _compare("update", "UPDATE", lambda: update(next(names)), lambda: raw.update(next(names)))


def _compare(
    what: str, statement: str, ours: Callable[[], None], theirs: Callable[[], None]
) -> None:
    side_by_side(
        f"{what}, {ROWS} rows",
        ("engine", lambda: timed(ours)),
        (f"raw {statement} of the same columns", lambda: timed(theirs)),
        runs=9,
    )


def page() -> None:
    """One page of 2,000 records of 10 fields through the app, against `json.dumps` of the same records."""
    with Org.new() as org:
        org.create("Account", 2_000)
        app, token = App(org), org.sessions.open(org.admin_id).token
        request = Request(
            "GET",
            "/services/data/v60.0/query",
            "q=" + SOQL.replace(" ", "+"),
            Headers([("Authorization", f"Bearer {token}"), ("Cookie", "BrowserId=x")]),
            host=org.my_domain,
        )
        found = json.loads(app.exchange(request).body)["records"]
        assert len(found) == 2_000
        side_by_side(
            "a page of 2,000 records, 10 fields",
            ("query through the app", lambda: timed(lambda: app.exchange(request))),
            ("json.dumps of the same records", lambda: timed(lambda: json.dumps(found))),
            runs=9,
        )


def opening() -> None:
    """A further org in a process, in which the pack was read already."""
    packs = timed(lambda: Org.new().close())
    print(f"the first Org.new() of the process, imports excluded: {packs * 1e3:.2f} ms\n")
    side_by_side(
        "a second org in a process",
        ("Org.new()", lambda: timed(lambda: Org.new().close())),
        ("sqlite3.connect()", lambda: timed(lambda: sqlite3.connect(":memory:").close())),
        runs=9,
    )


if __name__ == "__main__":
    opening()
    records()
    page()
