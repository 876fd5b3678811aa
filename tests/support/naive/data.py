"""What an org holds, as the naive evaluator sees it: describes and plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from naive.days import Calendar
from naive.tree import Path

Row: TypeAlias = Mapping[str, Any]
Described: TypeAlias = Mapping[str, Any]

TEXTS = frozenset(
    {"string", "textarea", "email", "phone", "url", "combobox", "picklist", "encryptedstring"}
)
NUMBERS = frozenset({"int", "double", "currency", "percent"})
_NAME = {
    "Id": "id",
    "Name": "string",
    "Type": "string",
    "FirstName": "string",
    "LastName": "string",
}
"""The fields of the pseudo-object behind a polymorphic path that we ask for."""


@dataclass
class Data:
    """The org: what describe says of each sobject, and its rows in id order."""

    described: Mapping[str, Described]
    rows: Mapping[str, Sequence[Row]]
    calendar: Calendar
    user: str
    _owner: dict[str, tuple[str, Row]] = field(default_factory=dict)
    _fields: dict[tuple[str, str], Described] = field(default_factory=dict)
    _references: dict[tuple[str, str], Described] = field(default_factory=dict)
    _ends: dict[tuple[str, Path], tuple[str | None, Described]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, described in self.described.items():
            self._fields |= {(name, each["name"]): each for each in described["fields"]}
            self._references |= {
                (name, each["relationshipName"]): each
                for each in described["fields"]
                if each["relationshipName"]
            }
        for name, rows in self.rows.items():
            for row in rows:
                self._owner[row["Id"]] = (name, row)

    def about(self, sobject: str, name: str) -> Described:
        """What describe says of a field."""
        return self._fields[sobject, name]

    def reference(self, sobject: str, relationship: str) -> Described:
        """The field behind a parent relationship."""
        return self._references[sobject, relationship]

    def children(self, sobject: str, relationship: str) -> tuple[str, str]:
        """The sobject and the field of a child relationship."""
        for each in self.described[sobject]["childRelationships"]:
            if each["relationshipName"] == relationship and each["childSObject"] in self.rows:
                return each["childSObject"], each["field"]
        raise LookupError(relationship)

    def end(self, sobject: str, path: Path) -> tuple[str | None, Described]:
        """The sobject that a path's field belongs to (None behind a polymorphic step), and what the field is."""
        known = self._ends.get((sobject, path))
        if known is None:
            known = self._ends[sobject, path] = self._end(sobject, path)
        return known

    def _end(self, sobject: str, path: Path) -> tuple[str | None, Described]:
        for step in path.steps:
            reference = self.reference(sobject, step)
            targets = reference["referenceTo"]
            if len(targets) > 1:
                return None, {"name": path.name, "type": _NAME[path.name], "caseSensitive": False}
            sobject = targets[0]
        return sobject, self.about(sobject, path.name)

    def parent(self, sobject: str, row: Row, step: str, *, deleted: bool) -> tuple[str, Row] | None:
        """The row that a relationship leads to; deleted ones only where they are asked for."""
        found = self._owner.get(row.get(self.reference(sobject, step)["name"]) or "")
        if found is None or (found[1].get("IsDeleted") and not deleted):
            return None
        return found

    def value(self, sobject: str, row: Row, path: Path, *, deleted: bool = False) -> Any:
        """The stored value at the end of a path; a checkbox is never null."""
        kind = self.end(sobject, path)[1]["type"]
        for step in path.steps:
            polymorphic = len(self.reference(sobject, step)["referenceTo"]) > 1
            found = self.parent(sobject, row, step, deleted=deleted)
            if found is None:
                return False if kind == "boolean" else None
            sobject, row = found
            if polymorphic and path.name == "Type":
                return sobject
        value = row.get(path.name)
        return bool(value) if kind == "boolean" else value


@cache
def fold(text: str) -> str:
    """Upper case, one character for one."""
    return "".join(each.upper() if len(each.upper()) == 1 else each for each in text)


def moment(text: str) -> datetime:
    """A date-time as Salesforce writes it."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def comparable(kind: str, value: Any) -> Any:
    """A stored value as it is compared with others of its type."""
    if value is None:
        return None
    if kind in TEXTS or kind == "multipicklist":
        return fold(value)
    if kind == "date":
        return date.fromisoformat(value)
    return moment(value) if kind == "datetime" else value


def by_id(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order of their ids."""
    return sorted(rows, key=lambda row: str(row["Id"]))
