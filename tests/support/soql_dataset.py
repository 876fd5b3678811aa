"""A small org for SOQL tests: the eight sobjects of `tests/soql/dataset.json` and their rows, straight in a database."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sfmock.clock import Clock
from sfmock.org.paging import Page
from sfmock.org.queries import DDL, Queries
from sfmock.org.record import Record
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import ChildRelationship, Field, PicklistValue, SObject
from sfmock.schema.package import open_package
from sfmock.store.database import Database, Value
from sfmock.store.fold import fold
from sfmock.store.tables import Tables, quote, shadow
from sfmock.versions import Version
from sfmock.wire import JSON

_HERE = Path(__file__).parent
_STANDARD = _HERE.parents[1] / "fixtures" / "sfmock_orgs" / "standard.jsonl"
_TEXT = (_HERE.parent / "soql" / "dataset.json").read_text(encoding="utf-8")
DATASET: Mapping[str, Any] = json.loads(_TEXT)
USER: str = DATASET["runningUserId"]
_CUSTOM = re.compile(r"\b[A-Za-z](?=\w*__[crs]\b)")
VERSION = Version(60)
POD = "5gQ"


_GROUPABLE = frozenset(
    {
        "boolean",
        "date",
        "email",
        "id",
        "int",
        "phone",
        "picklist",
        "reference",
        "string",
        "textarea",
        "url",
    }
)
_ALONE = frozenset({"boolean", "multipicklist", "address", "location", "base64"})


def disguised(text: str) -> str:
    """The text with other ids and other names of custom fields, of the same lengths: errors count columns."""
    return _CUSTOM.sub("Q", text).replace(POD, "9zT")


class World:
    """The data set in a database of its own, its clock frozen, and the queries over it.

    In disguise ids and custom names are other ones and rows come in the opposite order.
    """

    def __init__(self, *, disguise: bool = False) -> None:
        data = json.loads(disguised(_TEXT)) if disguise else DATASET
        self.user: str = data["runningUserId"]
        self.disguise = disguise
        self.db = Database()
        self.tables = Tables(self.db)
        self.clock = Clock()
        self.clock.freeze(datetime.fromisoformat(DATASET["clock"]))
        self.sobjects = {
            name: _sobject(name, fields, data) for name, fields in data["schema"].items()
        }
        self.catalogue = Catalogue(open_package(_STANDARD)).with_objects(*self.sobjects.values())
        for statement in DDL:
            self.db.execute(statement)
        self.queries = Queries(
            self.db, self.tables, clock=self.clock, catalogue=lambda: self.catalogue, pod=POD
        )
        for name, rows in data["records"].items():
            for row in reversed(rows) if disguise else rows:
                self.insert(name, row)
        self.db.begin()

    def change(self, sobject: SObject) -> None:
        """Put another form of an sobject into the catalogue."""
        self.catalogue = self.catalogue.with_objects(sobject)

    def insert(self, name: str, row: Mapping[str, JSON]) -> None:
        """Store a row as DML would: booleans as numbers, folded text beside the text."""
        sobject = self.catalogue.find(name)
        assert sobject is not None
        self.tables.ensure(sobject)
        columns: dict[str, Value] = {}
        for key, value in row.items():
            field = sobject.find(key)
            if field is None or not field.stored or value is None:
                continue
            assert isinstance(value, str | int | float)
            columns[field.name] = int(value) if isinstance(value, bool) else value
            folded = shadow(field)
            if folded is not None:
                columns[folded] = fold(str(value))
        names = ", ".join(map(quote, columns))
        marks = ", ".join("?" * len(columns))
        self.db.execute(
            f"INSERT INTO {quote(sobject.name)} ({names}) VALUES ({marks})",
            tuple(columns.values()),
        )

    def in_zone(self, zone: str | None) -> None:
        """Give the running user another time zone."""
        self.db.execute('UPDATE "User" SET "TimeZoneSidKey" = ? WHERE "Id" = ?', (zone, self.user))

    def page(self, soql: str, **options: Any) -> Page[str]:
        """The first page of a query."""
        return self.queries.page(soql, user_id=self.user, version=VERSION, **options)

    def rows(self, soql: str, **options: Any) -> list[dict[str, Any]]:
        """The records of a query without `attributes`."""
        rows: list[dict[str, Any]] = [
            plain(each) for each in json.loads(self.page(soql, **options).records)
        ]
        return rows

    def records(self, soql: str) -> list[Record]:
        """The records of a query as Python code meets them."""
        found = self.queries.fetch(soql, user_id=self.user)
        assert isinstance(found, list)
        return found


def plain(value: Any) -> Any:
    """A JSON value without its `attributes`, children as a list."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict) and value.keys() == {"totalSize", "done", "records"}:
        return plain(value["records"])
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != "attributes"}
    return value


def _sobject(
    name: str, fields: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any]
) -> SObject:
    return SObject(
        name=name,
        label=name,
        label_plural=f"{name}s",
        key_prefix=data["keyPrefixes"][name],
        custom=name.endswith("__c"),
        fields=tuple([_field(each, about, fields) for each, about in fields.items()]),
        children=tuple(
            ChildRelationship(child, each, about["childRelationshipName"])
            for child, others in data["schema"].items()
            for each, about in others.items()
            if name in about.get("referenceTo", ()) and "childRelationshipName" in about
        ),
    )


def _field(name: str, about: Mapping[str, Any], fields: Mapping[str, Mapping[str, Any]]) -> Field:
    owner = f"{name.rpartition('__')[0].rpartition('__')[0]}__c"
    return Field(
        name=name,
        label=name,
        type=about["type"],
        length=about.get("length", 255),
        custom=name.endswith("__c"),
        name_field=name == "CaseNumber",
        filterable=about.get("filterable", True),
        sortable=about.get("sortable", about["type"] not in ("multipicklist", "location")),
        groupable=about.get(
            "groupable", about["type"] in _GROUPABLE and about.get("filterable", True)
        ),
        aggregatable=about.get("filterable", True) and about["type"] not in _ALONE,
        unique=about.get("unique", False),
        external_id=about.get("externalId", False),
        case_sensitive=about.get("caseSensitive", False),
        reference_to=tuple(about.get("referenceTo", ())),
        relationship_name=about.get("relationshipName"),
        compound=owner if name.endswith("__s") and owner in fields else None,
        picklist=tuple([PicklistValue(each, each) for each in about.get("values", ())]),
    )
