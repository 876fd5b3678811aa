"""What an org must hold after any writes, in plain Python: rows, what hangs on them, the recycle bin and the way back."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

KEPT = timedelta(days=15)

OK = ""
GONE = "INVALID_CROSS_REFERENCE_KEY"
DELETED = "ENTITY_IS_DELETED"
FORBIDDEN = "DELETE_FAILED"
MISSING = "REQUIRED_FIELD_MISSING"
TAKEN = "DUPLICATE_VALUE"
REFUSED = "SFMOCK_NOT_IMPLEMENTED"


@dataclass(frozen=True)
class Link:
    """A reference, and what a delete of the parent does to the child: `cascade`, `restrict` or `clear`."""

    child: str
    field: str
    parent: str
    on_delete: str


@dataclass
class Row:
    """One row; `root` is the record whose delete took it, None while it lives."""

    sobject: str
    fields: dict[str, Any]
    root: str | None = None
    since: datetime | None = None


@dataclass
class Model:
    """The rows by id, in the order of their creation, and the references that deletes cleared."""

    links: Sequence[Link]
    unique: Sequence[tuple[str, str]] = ()
    required: frozenset[tuple[str, str]] = frozenset()
    final: frozenset[str] = frozenset()
    """Sobjects whose rows do not come back on their own."""
    trees: frozenset[tuple[str, str]] = frozenset()
    """References in which a row cannot stand above itself."""
    rows: dict[str, Row] = field(default_factory=dict)
    cleared: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    def live(self, sobject: str, **wanted: object) -> list[str]:
        """The ids of the live rows of an sobject with these values."""
        return [
            each
            for each, row in self.rows.items()
            if row.sobject == sobject
            and row.root is None
            and all(row.fields.get(name) == value for name, value in wanted.items())
        ]

    def state(self, record_id: str) -> str:
        """What a write to a row, or one that names it, answers: nothing where it lives."""
        row = self.rows.get(record_id)
        if row is None:
            return GONE
        return OK if row.root is None else DELETED

    def insert(self, sobject: str, fields: dict[str, Any]) -> str:
        """What an insert answers; `put` keeps the row once its id is known."""
        return self._objection(sobject, fields, None)

    def put(self, record_id: str, sobject: str, fields: dict[str, Any]) -> None:
        """A row that was created."""
        self.rows[record_id] = Row(sobject, fields | self.complete(sobject, fields, {}))
        self.follow()

    def update(self, record_id: str, changes: dict[str, Any]) -> str:
        """Change a row; answers the error, and then nothing has changed."""
        if self.state(record_id):
            return self.state(record_id)
        row = self.rows[record_id]
        after = {**row.fields, **changes}
        found = self._objection(row.sobject, after, record_id) or self.objects(record_id, after)
        if not found:
            row.fields = after | self.complete(row.sobject, after, row.fields)
            self.follow()
        return found

    def complete(
        self, sobject: str, fields: dict[str, Any], before: dict[str, Any]
    ) -> dict[str, Any]:
        """What a write fills in by rules of the sobject."""
        return {}

    def objects(self, record_id: str, after: dict[str, Any]) -> str:
        """The error of an update by rules of the sobject."""
        return OK

    def follow(self) -> None:
        """Let other rows follow a change."""

    def _objection(self, sobject: str, fields: dict[str, Any], own: str | None) -> str:
        """The error of a write: what is missing comes before bad references, these before values that are taken."""
        if any(fields.get(name) is None for owner, name in self.required if owner == sobject):
            return MISSING
        before = {} if own is None else self.rows[own].fields
        for link in self._links_of(sobject):
            parent = fields.get(link.field)
            if parent is None or parent == before.get(link.field):
                continue
            if self.state(parent):
                return self.state(parent)
            if (sobject, link.field) in self.trees and own in self._above(parent, link.field):
                return REFUSED
        return TAKEN if self._clash(sobject, fields, own) else OK

    def _links_of(self, sobject: str) -> list[Link]:
        return [each for each in self.links if each.child == sobject]

    def _above(self, record_id: str | None, name: str) -> list[str]:
        """A row, its parent, the parent's parent, until there is none or a circle closes."""
        found: list[str] = []
        while record_id is not None and record_id not in found:
            found.append(record_id)
            row = self.rows.get(record_id)
            record_id = None if row is None else row.fields.get(name)
        return found

    def _clash(self, sobject: str, fields: dict[str, Any], own: str | None) -> bool:
        """Whether another live row has one of these unique values, in any case."""
        return any(
            str(self.rows[each].fields[name]).upper() == str(fields[name]).upper()
            for owner, name in self.unique
            if owner == sobject and fields.get(name) is not None
            for each in self.live(sobject)
            if each != own and self.rows[each].fields.get(name) is not None
        )

    def delete(self, record_id: str, now: datetime) -> str:
        """Delete a row and what hangs on it; answers the error, and then nothing has changed."""
        if self.state(record_id):
            return self.state(record_id)
        going = self._going(record_id)
        own = self.reasons(record_id)
        if own:
            return FORBIDDEN if len(own) == 1 else REFUSED
        if any(self.reasons(each) for each in going):
            return REFUSED
        for each in going:
            for link, child in self._children(each):
                if link.on_delete == "clear" and self.rows[child].fields[link.field] == each:
                    if child not in going:
                        self.rows[child].fields[link.field] = None
                    self.cleared.setdefault(each, set()).add((child, link.field))
        for each in going:
            self.rows[each].root, self.rows[each].since = record_id, now
        self.follow()
        return OK

    def undelete(self, record_id: str) -> str:
        """Bring a row back with all that went with it, and set again what its delete cleared."""
        row = self.rows.get(record_id)
        if row is None or row.root != record_id or row.sobject in self.final:
            return REFUSED
        coming = [each for each, one in self.rows.items() if one.root == record_id]
        for each in coming:
            fields = self.rows[each].fields
            parents = (fields.get(link.field) for link in self._links_of(self.rows[each].sobject))
            if any(one is not None and one not in coming and self.state(one) for one in parents):
                return REFUSED
            if self._clash(self.rows[each].sobject, fields, each):
                return REFUSED
        kept = copy.deepcopy((self.rows, self.cleared))
        for each in coming:
            self.rows[each].root = self.rows[each].since = None
        for each in coming:
            for child, name in self.cleared.pop(each, set()):
                if not self._point_again(each, child, name):
                    self.rows, self.cleared = kept
                    return REFUSED
        self.follow()
        return OK

    def purge(self, now: datetime) -> None:
        """Forget the rows whose time in the recycle bin is over."""
        for each, row in list(self.rows.items()):
            if row.since is not None and row.since < now - KEPT:
                del self.rows[each]
                self.cleared.pop(each, None)

    def _point_again(self, parent: str, child: str, name: str) -> bool:
        """Set a cleared reference again, unless it holds something by now; False where a circle would close."""
        row = self.rows.get(child)
        if row is None or row.root is not None or row.fields[name] is not None:
            return True
        if child in self._above(parent, name) and self.rows[parent].sobject == row.sobject:
            return False
        row.fields[name] = parent
        return True

    def _going(self, record_id: str) -> list[str]:
        """The row and all that cascades from it, each once."""
        found = [record_id]
        for each in found:
            for link, child in self._children(each):
                if link.on_delete == "cascade" and child not in found:
                    found.append(child)
        return found

    def _children(self, record_id: str) -> Iterator[tuple[Link, str]]:
        for link in self.links:
            if link.parent == self.rows[record_id].sobject:
                for child in self.live(link.child, **{link.field: record_id}):
                    yield link, child

    def reasons(self, record_id: str) -> set[str]:
        """Why a row must stay: one reason for each sobject of the children that hold it."""
        return {link.child for link, _ in self._children(record_id) if link.on_delete == "restrict"}


class StandardModel(Model):
    """The rules of accounts, contacts, opportunities with products, cases and tasks."""

    def complete(
        self, sobject: str, fields: dict[str, Any], before: dict[str, Any]
    ) -> dict[str, Any]:
        """A case without an account takes its contact's; a task belongs to the account behind its record or person."""
        if sobject == "Task":
            return {"AccountId": self._account_of(fields["WhatId"], fields["WhoId"])}
        contact = fields.get("ContactId")
        enters = sobject == "Case" and contact is not None and contact != before.get("ContactId")
        if enters and fields["AccountId"] is None:
            return {"AccountId": self.rows[str(contact)].fields["AccountId"]}
        return {}

    def _account_of(self, what: str | None, who: str | None) -> Any:
        row = self.rows.get(str(what))
        if row is not None and row.sobject == "Account":
            return what
        if row is not None and row.sobject == "Opportunity":
            return row.fields["AccountId"]
        return None if who is None else self.rows[who].fields["AccountId"]

    def objects(self, record_id: str, after: dict[str, Any]) -> str:
        """What has activities does not move to another account."""
        row = self.rows[record_id]
        if (
            row.sobject not in ("Contact", "Opportunity")
            or row.fields["AccountId"] == after["AccountId"]
        ):
            return OK
        busy = self.live("Task", WhatId=record_id) or self.live("Task", WhoId=record_id)
        return REFUSED if busy else OK

    def follow(self) -> None:
        """The totals of opportunities that have or had products."""
        for each in self.live("Opportunity"):
            fields = self.rows[each].fields
            lines = [
                self.rows[one].fields
                for one in self.live("OpportunityLineItem", OpportunityId=each)
            ]
            if lines or "Amount" in fields:
                fields["HasOpportunityLineItem"] = bool(lines)
                fields["Amount"] = sum(one["Quantity"] * one["UnitPrice"] for one in lines)
                fields["TotalOpportunityQuantity"] = sum(one["Quantity"] for one in lines)

    def reasons(self, record_id: str) -> set[str]:
        """An account also stays for the sake of a deal that was won."""
        won = self.live("Opportunity", AccountId=record_id, StageName="Closed Won")
        return super().reasons(record_id) | ({"closed won"} if won else set())
