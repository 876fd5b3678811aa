"""A real org with random rows, and the same rows as the naive evaluator sees them; both are asked from outside."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from calling import Caller
from naive.data import Data
from naive.days import Calendar
from sfmock import Org

NOWS = (
    "2026-11-23T12:00:00Z",
    "2026-03-08T10:30:30Z",
    "2024-02-29T07:59:59Z",
    "2026-11-01T08:30:00Z",
    "2027-01-01T00:00:00Z",
)
"""A Monday, two nights of daylight-saving changes, a leap day, a new year that is the old one in California."""
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Asia/Kolkata", "UTC", "Pacific/Auckland")
TEXTS = (
    "a",
    "A",
    "b",
    "AB",
    "a_b",
    "a%b",
    "a\\b",
    "É",
    "é",
    "ß",
    "SS",
    "_",
    "0",
    "zz'",
    "Zebra",
    "null",
    "\u0131",
    "\u0130",
    "10",
)
COLORS = ("Red", "green", "Blue", "Black")
PLACES = ((0.0, 0.0), (52.5, 13.4), (37.8, -122.4), (-33.9, 151.2))
_OWN: dict[str, dict[str, Any]] = {
    "Plain": {"type": "string"}, "Code": {"type": "string", "unique": True, "external_id": True, "case_sensitive": True},
    "Note": {"type": "textarea", "length": 255}, "Mail": {"type": "email"}, "Site": {"type": "url"},
    "Flag": {"type": "boolean"}, "Tags": {"type": "multipicklist", "values": COLORS}, "Day": {"type": "date"},
    "Kind": {"type": "picklist", "values": [*COLORS[2:], {"value": "off", "label": "Off", "active": False}, *COLORS[:2]]},
    "Moment": {"type": "datetime"}, "At": {"type": "time"}, "Rate": {"type": "percent", "scale": 2},
    "Size": {"type": "double", "scale": 2}, "Place": {"type": "location"},
}  # fmt: skip
_STANDARD = {
    "Account": ("Id", "Name", "Type", "Industry", "Phone", "Website", "AnnualRevenue", "NumberOfEmployees", "BillingCity", "BillingAddress", "ParentId", "OwnerId", "CreatedDate"),
    "Contact": ("Id", "FirstName", "LastName", "Name", "Email", "Birthdate", "DoNotCall", "LeadSource", "AccountId", "ReportsToId", "OwnerId", "CreatedDate"),
    "Opportunity": ("Id", "Name", "StageName", "Amount", "CloseDate", "Probability", "AccountId", "OwnerId", "CreatedDate"),
    "Case": ("Id", "Subject", "Status", "Priority", "SuppliedEmail", "ContactId", "AccountId", "OwnerId", "CreatedDate"),
    "Task": ("Id", "Subject", "Status", "Priority", "ActivityDate", "WhoId", "WhatId", "OwnerId", "CreatedDate"),
    "User": ("Id", "Name", "FirstName", "LastName", "Email"),
    "Group": ("Id", "Name"),
}  # fmt: skip
_ROWS = {
    "User": 3,
    "Group": 2,
    "Account": 24,
    "Contact": 40,
    "Opportunity": 24,
    "Case": 20,
    "Task": 30,
    "Thing__c": 40,
}


class World:
    """One org by seed: rows, clock, zone and the names of its custom fields."""

    texts: tuple[str, ...] = TEXTS
    """What its text fields hold."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._random = random = Random(seed)
        self.org = Org.new("developer", seed=seed)
        now = datetime.fromisoformat(random.choice(NOWS).replace("Z", "+00:00"))
        self.org.clock.freeze(now)
        self._now = now
        zone = random.choice(ZONES)
        self.org.update(self.org.admin_id, TimeZoneSidKey="GMT" if zone == "UTC" else zone)
        self.letter = random.choice(("", "Q"))
        self.thing = f"{self.letter}Thing__c"
        self._build()
        self._caller = Caller(self.org)
        names = [self.thing if each == "Thing__c" else each for each in _ROWS]
        described = {each: self._describe(each) for each in names}
        self.used = {each: _used(described[each], each, self._custom(each)) for each in names}
        rows = self._rows(described)
        self.org.load(rows)
        admin = self._get(
            f"/sobjects/User/{self.org.admin_id}?fields=Name,FirstName,LastName,Email"
        )
        rows["User"].append({**admin, "Id": self.org.admin_id})
        self.data = Data(described, rows, Calendar(now, ZoneInfo(zone)), self.org.admin_id)

    def close(self) -> None:
        """Give the org's memory back."""
        self.org.close()

    def ask(self, soql: str, *, deleted: bool = False) -> tuple[int, Any]:
        """Status and reply of a query over REST."""
        found = self._caller("GET", f"/{'queryAll' if deleted else 'query'}?q={quote(soql)}")
        return found.status, json.loads(found.text.replace("/services/data/v60.0", ""))

    def find(self, sosl: str) -> tuple[int, Any]:
        """Status and reply of a search over REST."""
        found = self._caller("GET", f"/search?q={quote(sosl)}")
        return found.status, json.loads(found.text.replace("/services/data/v60.0", ""))

    def _custom(self, sobject: str) -> list[str]:
        return (
            [f"{self.letter}{each}__c" for each in _OWN]
            if sobject in ("Account", self.thing)
            else []
        )

    def _build(self) -> None:
        own = {f"{self.letter}{name}__c": about for name, about in _OWN.items()}
        for name, about in own.items():
            self.org.schema.add_field(
                "Account",
                name,
                about["type"],
                **{key: each for key, each in about.items() if key != "type"},
            )
        links = {
            f"{self.letter}Account__c": {"type": "reference", "reference_to": "Account", "child_relationship_name": "Things"},
            f"{self.letter}Boss__c": {"type": "reference", "reference_to": self.thing, "child_relationship_name": "Parts"},
        }  # fmt: skip
        self.org.schema.add_object(self.thing, fields=own)
        for name, about in links.items():
            self.org.schema.add_field(
                self.thing,
                name,
                about["type"],
                **{key: each for key, each in about.items() if key != "type"},
            )

    def _get(self, path: str) -> dict[str, Any]:
        found = self._caller("GET", path)
        assert found.status == 200, found.text
        body: dict[str, Any] = json.loads(found.text)
        body.pop("attributes", None)
        return body

    def _describe(self, sobject: str) -> dict[str, Any]:
        return self._get(f"/sobjects/{sobject}/describe")

    def _rows(self, described: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        ids = {
            name: [_id(described[name]["keyPrefix"], number) for number in range(1, count + 1)]
            for name, count in (
                (self.thing if each == "Thing__c" else each, count) for each, count in _ROWS.items()
            )
        }
        ids["User"].append(self.org.admin_id)
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, known in ids.items():
            fields = {each["name"]: each for each in described[name]["fields"]}
            rows[name] = [
                self._row(name, each, number, fields, ids)
                for number, each in enumerate(known)
                if each != self.org.admin_id
            ]
        return rows

    def _row(
        self,
        name: str,
        record_id: str,
        number: int,
        fields: dict[str, Any],
        ids: dict[str, list[str]],
    ) -> dict[str, Any]:
        row: dict[str, Any] = {"Id": record_id}
        for each in self.used[name]:
            about = fields[each]
            if each in ("Id", "Name") and (each == "Id" or "FirstName" in self.used[name]):
                continue
            if about["type"] in ("address", "location"):
                continue
            must = each in (
                "Name",
                "LastName",
                "StageName",
                "CloseDate",
                "Subject",
                "Status",
                "Priority",
                "OwnerId",
                "CreatedDate",
            )
            if must or about["type"] == "boolean" or self._random.random() < 0.75:
                row[each] = self._value(about, number, ids)
        for part in [each for each in fields if each.endswith("Latitude__s")]:
            if self._random.random() < 0.7:
                row[part], row[part.replace("Latitude", "Longitude")] = self._random.choice(PLACES)
        if "FirstName" in self.used[name]:
            row["Name"] = " ".join(filter(None, (row.get("FirstName"), row["LastName"])))
        if name == "User":
            row |= {
                "Username": f"u{number}@naive.test",
                "Alias": f"u{number}",
                "Email": f"u{number}@naive.test",
            }
        if name == "Group":
            row["Type"] = "Queue"
        if name not in ("User", "Group") and self._random.random() < 0.1:
            row["IsDeleted"] = True
        return row

    def _value(self, about: dict[str, Any], number: int, ids: dict[str, list[str]]) -> Any:
        random, kind = self._random, about["type"]
        if kind == "reference":
            targets = [
                each
                for each in about["referenceTo"]
                if (each in ids and each != "Case" and each != self.thing)
                or (each == self.thing and len(about["referenceTo"]) == 1)
            ]
            return random.choice(ids[random.choice(targets)])
        if kind in ("picklist", "multipicklist"):
            values = [each["value"] for each in about["picklistValues"]]
            if kind == "picklist":
                return random.choice([*values, "gone", "Lost"])
            return ";".join(each for each in values if random.random() < 0.5) or values[0]
        if kind == "int":
            return random.choice((0, 1, 2, 5, 100, -3, 5000))
        if kind in ("double", "currency", "percent"):
            return random.choice(
                (0.0, 0.1, 0.25, -1.5, 1.0, 2.0, 100.0, 12345.75, 1e7, 123456789.25)
            )
        if kind == "boolean":
            return random.random() < 0.5
        if kind == "date":
            return (
                self._now.date()
                + timedelta(
                    days=random.choice(
                        (-800, -366, -92, -91, -31, -8, -7, -1, 0, 1, 2, 7, 30, 90, 200, 400)
                    )
                )
            ).isoformat()
        if kind == "datetime":
            shift = timedelta(
                days=random.choice((-400, -91, -90, -31, -8, -1, 0, 0, 1, 2, 40)),
                seconds=random.choice((-1, 0, 1, 3600, -43200, 28800, 70000)),
            )
            return stamp(self._now + shift)
        if kind == "time":
            return random.choice(("00:00:00.000Z", "10:15:00.000Z", "23:59:59.999Z"))
        if about["unique"]:
            return f"{random.choice('abAB')}{number}"
        if kind == "email":
            return f"{random.choice(('a', 'B', 'c'))}@naive.test"
        return random.choice(self.texts)


def stamp(when: datetime) -> str:
    """A moment as Salesforce writes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def _used(described: dict[str, Any], sobject: str, custom: list[str]) -> list[str]:
    standard = _STANDARD.get(sobject, ("Id", "Name", "OwnerId", "CreatedDate"))
    links = [
        each["name"]
        for each in described["fields"]
        if each["custom"] and each["type"] == "reference"
    ]
    return [*standard, *custom, *links]


def _id(prefix: str, number: int) -> str:
    """An 18-character id: the suffix tells which of the characters are capitals."""
    short = f"{prefix}0x{number:010}"
    bits = [
        sum(
            (each.isupper() and each.isascii()) << place
            for place, each in enumerate(short[start : start + 5])
        )
        for start in (0, 5, 10)
    ]
    return short + "".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[each] for each in bits)
