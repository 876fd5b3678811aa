"""Size: many rows loaded, what a row weighs, reset whatever the org holds, and a million rows opened and queried."""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from engine import FIELDS, Raw
from measure import side_by_side, timed

from sfmock import Org
from sfmock.control.baseline import Baseline

MANY = 100_000
A_CALL = 200


def rows(number: int, first: int = 0) -> Iterator[dict[str, object]]:
    """Accounts as a backup holds them: an external id, a name and three more fields."""
    for each in range(first, first + number):
        yield {"Name": f"Account {each}", "Key__c": f"K{each}", "Industry": "Energy", "NumberOfEmployees": each, "AnnualRevenue": each * 1.5}  # fmt: skip


def prepared() -> Org:
    org = Org.new()
    org.schema.add_field("Account", "Key__c", "string", length=40, external_id=True, unique=True)
    return org


def loading() -> None:
    """`Org.load` of 100,000 rows against INSERT of the same columns into the same table and indexes."""

    def ours() -> float:
        with prepared() as org:
            data = list(rows(MANY))
            return timed(lambda: org.load({"Account": data}))

    def raw() -> float:
        with prepared() as org:
            org.load({"Account": rows(1)})
            tables = [
                str(text)
                for (text,) in org.db.rows(
                    "SELECT sql FROM sqlite_master WHERE tbl_name = 'Account' AND sql IS NOT NULL"
                )
            ]
            names = [str(row[1]) for row in org.db.rows('PRAGMA table_info("Account")')]
            values = org.db.row('SELECT * FROM "Account"') or ()
            sample = {k: v for k, v in zip(names, values, strict=True) if v is not None}
        db = sqlite3.connect(":memory:", isolation_level=None)
        for text in tables:
            db.execute(text)
        columns = ", ".join(f'"{name}"' for name in sample)
        data = [
            list(
                (sample | {"Id": f"{n:018}", "Key__c": f"K{n}", "f:Key__c": f"K{n}", "Name": f"Account {n}",
                           "f:Name": f"ACCOUNT {n}"}).values()
            )
            for n in range(MANY)
        ]  # fmt: skip
        statement = f'INSERT INTO "Account" ({columns}) VALUES ({", ".join("?" * len(sample))})'

        def work() -> None:
            db.execute("BEGIN")
            db.executemany(statement, data)
            db.execute("COMMIT")

        return timed(work)

    side_by_side(
        f"load, {MANY} rows", ("Org.load", ours), ("raw executemany", raw), label="s", runs=3
    )


def weight() -> None:
    """Bytes of the database a row, indexes included."""
    with prepared() as org:
        org.load({"Account": rows(1)})
        before = _bytes(org)
        org.load({"Account": rows(MANY, 1)})
        print(f"memory: {(_bytes(org) - before) / MANY:.0f} bytes a row of Account, {MANY} rows\n")


def _bytes(org: Org) -> int:
    pages, size = org.db.value("PRAGMA page_count"), org.db.value("PRAGMA page_size")
    return int(str(pages)) * int(str(size))


def reset() -> None:
    """Putting an org back after ten changes, with 10 and with 100,000 rows in its baseline."""

    def putting_back(number: int) -> float:
        with prepared() as org:
            org.load({"Account": rows(number)})
            baseline = Baseline(org)
            seconds = []
            for _ in range(20):
                for each in range(10):
                    org.insert("Account", {"Name": f"New {each}"})
                seconds.append(timed(baseline.restore))
            return sorted(seconds)[10]

    side_by_side(
        "reset after ten creates",
        (f"{MANY} rows in the baseline", lambda: putting_back(MANY)),
        ("10 rows in the baseline", lambda: putting_back(10)),
        runs=3,
    )


def deleting() -> None:
    """`delete` against the UPDATE that puts a row into the recycle bin; 200 rows inserted in one call."""
    with Org.new() as org:
        raw, numbers = Raw(org), count(1)

        def ours() -> float:
            made = [each.id for each in org.insert("Account", [FIELDS] * A_CALL)]
            account, admin = org.schema["Account"], org.admin_id

            def work() -> None:
                for each in made:
                    org.records.delete(account, each, user_id=admin)

            return timed(work)

        def theirs() -> float:
            if next(numbers) == 1:
                raw.create()
            stamp, user = "2026-01-01T00:00:00.000+0000", "005000000000001AAA"

            def work() -> None:
                for number in range(1, A_CALL + 1):
                    raw.db.execute("SAVEPOINT a")
                    raw.db.execute(
                        'UPDATE "Account" SET "IsDeleted" = 1, "LastModifiedDate" = ?,'
                        ' "LastModifiedById" = ?, "SystemModstamp" = ? WHERE "Id" = ?',
                        (stamp, user, stamp, f"001{number:015}"),
                    )
                    raw.db.execute("RELEASE a")

            return timed(work)

        side_by_side(f"delete, {A_CALL} rows", ("engine", ours), ("raw UPDATE", theirs), runs=9)
        side_by_side(
            f"insert of {A_CALL} rows in one call",
            ("Org.insert(sobject, list)", lambda: timed(lambda: org.insert("Account", [FIELDS] * A_CALL))),
            ("200 calls of Org.insert", lambda: timed(lambda: [org.insert("Account", FIELDS) for _ in range(A_CALL)])),
            runs=9,
        )  # fmt: skip


def million(number: int = 1_000_000) -> None:
    """An org of a million rows: saved, opened, queried by an indexed field; the query at 1,000 rows beside it."""

    def query(org: Org) -> float:
        began = time.perf_counter()
        for each in range(200):
            org.query(f"SELECT Id, Name FROM Account WHERE Key__c = 'K{each}'")
        return (time.perf_counter() - began) / 200

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "million.sfmock")
        with prepared() as org:
            org.load({"Account": rows(number)})
            print(f"save of {number} rows: {timed(lambda: org.save(path)):.2f} s")
        began = time.perf_counter()
        with Org.open(path) as large, prepared() as small:
            print(f"open of {number} rows: {time.perf_counter() - began:.2f} s")
            small.load({"Account": rows(1_000)})
            side_by_side(
                "a query by an external id",
                (f"{number} rows", lambda: query(large)),
                ("1,000 rows", lambda: query(small)),
                label="us",
            )


if __name__ == "__main__":
    loading()
    weight()
    reset()
    deleting()
    million()
