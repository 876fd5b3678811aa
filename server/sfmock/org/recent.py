"""What a user viewed last: the rows behind `/recent`, `recentItems` and the fields LastViewedDate, LastReferencedDate.

Creating, changing and reading a row by its id makes it the user's most recent one; a read shows the date of the access
before it. All versions do so (recorded at v42.0: rest-0095 and 0094, rest-0101, 0103 and 0104), SOQL never does.
"""

from __future__ import annotations

from collections.abc import Callable

from sfmock import errors
from sfmock.clock import Clock, system_datetime
from sfmock.org.dml.plan import Row
from sfmock.org.records import Records
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import VIEW_DATES, SObject
from sfmock.store.database import Database
from sfmock.versions import Version
from sfmock.wire import JSON

DDL = (
    "CREATE TABLE IF NOT EXISTS sf_recent (UserId TEXT, RecordId TEXT, SObject TEXT, Number INTEGER, Viewed TEXT,"
    " PRIMARY KEY (RecordId, UserId))",
    "CREATE INDEX IF NOT EXISTS sf_recent_number ON sf_recent (Number)",
)
"""`Number` rises with every access: many fall into one second."""

MOST = 200
"""Entries that `/recent` has at most."""
ITEMS = 5
"""`recentItems` of a basic info, as recorded (rest-0119)."""


class Recent:
    """The rows that each user viewed."""

    def __init__(self, db: Database, records: Records, clock: Clock) -> None:
        self._db = db
        self._records = records
        self._clock = clock

    def add(self, sobject: SObject, record_id: str, user_id: str) -> None:
        """Make a row the user's most recent one; sobjects without `mruEnabled` have no such list."""
        if not sobject.mru_enabled:
            return
        self._db.execute(
            "INSERT INTO sf_recent (UserId, RecordId, SObject, Number, Viewed)"
            " VALUES (?, ?, ?, (SELECT COALESCE(MAX(Number), 0) + 1 FROM sf_recent), ?)"
            " ON CONFLICT (RecordId, UserId) DO UPDATE SET Number = excluded.Number, Viewed = excluded.Viewed",
            (user_id, record_id, sobject.name, system_datetime(self._clock.now)),
        )

    def shown(self, sobject: SObject, row: Row, user_id: Callable[[], str]) -> Row:
        """The row with the dates of this user's last access, where there was one."""
        if not sobject.mru_enabled:
            return row
        rows = self._db.rows(
            "SELECT UserId, Viewed FROM sf_recent WHERE RecordId = ?", (row["Id"],)
        )
        if not rows:  # the usual case of `org.get`, which need not look for the user then
            return row
        caller = user_id()
        for user, viewed in rows:
            if user == caller:
                return {**row, **{name: viewed for name in VIEW_DATES if name in row}}
        return row

    def of(self, sobject: SObject, user_id: str, version: Version) -> list[JSON]:
        """The `recentItems` of an sobject's basic info."""
        found = self._db.rows(
            "SELECT RecordId FROM sf_recent WHERE UserId = ? AND SObject = ? ORDER BY Number DESC",
            (user_id, sobject.name),
        )
        items: list[JSON] = []
        for (record_id,) in found:
            row = self._records.find(sobject, str(record_id))
            if row is not None:
                items.append(_item(sobject, row, version))
            if len(items) == ITEMS:
                break
        return items

    def all(
        self, catalogue: Catalogue, user_id: str, version: Version, most: int = MOST
    ) -> list[JSON]:
        """The user's rows of all sobjects, the most recent one first."""
        found = self._db.rows(
            "SELECT RecordId, SObject FROM sf_recent WHERE UserId = ? ORDER BY Number DESC",
            (user_id,),
        )
        items: list[JSON] = []
        for record_id, name in found:
            sobject = catalogue.find(str(name))
            row = None if sobject is None else self._records.find(sobject, str(record_id))
            if sobject is None or row is None:
                continue
            if "Name" not in row:
                raise errors.refuse(f"{sobject.name}, which has no field Name, in /recent")
            items.append(_item(sobject, row, version))
            if len(items) >= most:
                break
        return items


def _item(sobject: SObject, row: Row, version: Version) -> dict[str, JSON]:
    record_id = str(row["Id"])
    url = f"{version.root}/sobjects/{sobject.name}/{record_id}"
    item: dict[str, JSON] = {"attributes": {"type": sobject.name, "url": url}, "Id": record_id}
    if sobject.name_field is not None:
        item[sobject.name_field.name] = row[sobject.name_field.name]
    return item
