"""Any writes in any order, against a model in plain Python: what lives, what is in the recycle bin, what masters add up to.

Once over custom objects with every kind of relationship, once over the standard objects that follow rules of their own. After a
write that was refused the org is as it was; snapshots bring both back.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from dml_model import OK, Link, Model, Row, StandardModel
from effort import effort
from sfmock.errors import SalesforceError
from sfmock.org.changes import Snapshot
from sfmock.org.org import Org

Choices: TypeAlias = Mapping[str, Mapping[str, "st.SearchStrategy[Any] | str"]]
"""The fields of each sobject: what to draw their values from, or the sobject that they name."""

_AMOUNTS = st.none() | st.integers(-99_900, 99_900).map(lambda cents: cents / 100)
_NAMES = st.sampled_from(["one", "two", "three"])


class DmlMachine(RuleBasedStateMachine):
    """Writes to some sobjects; what a subclass adds is the schema, the links, and what is derived."""

    choices: ClassVar[Choices]
    fixed: ClassVar[frozenset[str]] = frozenset()
    """Fields that only an insert sets."""
    model: Model

    def __init__(self) -> None:
        super().__init__()
        self.org = Org.new()
        self.org.clock.freeze()
        self.always: dict[str, dict[str, Any]] = {}
        """What an insert needs beyond the choices."""
        self.prepare()
        self.ids: dict[str, list[str]] = {name: [] for name in self.choices}
        """All ids that there ever were."""
        self.snapshots: list[tuple[Snapshot, Model]] = []

    def prepare(self) -> None:
        """Make the schema, and the rows that all others need."""

    def derived(self, record_id: str, row: Row) -> dict[str, Any]:
        """The values of fields that nobody writes."""
        raise NotImplementedError

    def teardown(self) -> None:
        self.org.close()

    def _attempt(self, write: Callable[[], object], expected: str) -> object:
        """Write; the error is the one that the model expects, and leaves no trace."""
        before = self.org.digest() if expected else ""
        made, answer = None, OK
        try:
            made = write()
        except SalesforceError as error:
            answer = error.code
        assert answer == expected
        assert not expected or self.org.digest() == before
        return made

    def _draw(self, data: st.DataObject, sobject: str, names: list[str]) -> dict[str, Any]:
        found = {}
        for name in names:
            choice = self.choices[sobject][name]
            found[name] = data.draw(self._parents(choice) if isinstance(choice, str) else choice)
        return found

    def _parents(self, sobjects: str) -> st.SearchStrategy[Any]:
        """Mostly a row that lives."""
        names = sobjects.split("|")
        live = [each for name in names for each in self.model.live(name)]
        some = st.sampled_from(live) if live else st.none()
        every = [each for name in names for each in self.ids[name]]
        return st.one_of(some, some, some, some, st.sampled_from([None, *every]))

    def _any(self, data: st.DataObject) -> str:
        return str(data.draw(st.sampled_from([each for ids in self.ids.values() for each in ids])))

    def _sobject(self, record_id: str) -> str:
        return next(name for name, ids in self.ids.items() if record_id in ids)

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for sobject in self.choices:
            self._insert(data, sobject)

    @rule(data=st.data())
    def insert(self, data: st.DataObject) -> None:
        self._insert(data, data.draw(st.sampled_from(sorted(self.choices))))

    def _insert(self, data: st.DataObject, sobject: str) -> None:
        fields = self._draw(data, sobject, list(self.choices[sobject]))
        expected = self.model.insert(sobject, fields)
        sent = fields | self.always.get(sobject, {})
        made = self._attempt(lambda: self.org.insert(sobject, sent).id, expected)
        if isinstance(made, str):
            self.model.put(made, sobject, fields)
            self.ids[sobject].append(made)

    @rule(data=st.data())
    def update(self, data: st.DataObject) -> None:
        record_id = self._any(data)
        sobject = self._sobject(record_id)
        names = sorted(self.choices[sobject].keys() - self.fixed)
        changed = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True))
        changes = self._draw(data, sobject, changed)
        expected = self.model.update(record_id, changes)
        self._attempt(lambda: self.org.update(record_id, **changes), expected)

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        record_id = self._any(data)
        expected = self.model.delete(record_id, self.org.clock.now)
        self._attempt(lambda: self.org.delete(record_id), expected)

    @precondition(lambda self: any(row.root == each for each, row in self.model.rows.items()))
    @rule(data=st.data())
    def undelete(self, data: st.DataObject) -> None:
        record_id = self._any(data)
        deleted = sorted(each for each, row in self.model.rows.items() if row.root == each)
        record_id = data.draw(st.sampled_from([record_id, *deleted]))
        expected = self.model.undelete(record_id)
        self._attempt(lambda: self.org.undelete(record_id), expected)

    @rule(days=st.sampled_from([1, 8, 16]))
    def wait(self, days: int) -> None:
        self.org.clock.advance(days=days)
        self.model.purge(self.org.clock.now)

    @rule()
    def remember(self) -> None:
        self.snapshots.append((self.org.snapshot(), copy.deepcopy(self.model)))

    @precondition(lambda self: self.snapshots)
    @rule(data=st.data())
    def go_back(self, data: st.DataObject) -> None:
        place = data.draw(st.integers(0, len(self.snapshots) - 1))
        snapshot, model = self.snapshots[place]
        del self.snapshots[place + 1 :]
        self.org.restore(snapshot)
        self.model = copy.deepcopy(model)
        self.model.purge(self.org.clock.now)

    @invariant()
    def the_org_holds_what_the_model_holds(self) -> None:
        for sobject, ids in self.ids.items():
            owner = self.org.schema[sobject]
            for each in ids:
                found = self.org.records.find(owner, each, deleted=True)
                row = self.model.rows.get(each)
                if row is None:
                    assert found is None
                    continue
                assert found is not None
                assert bool(found["IsDeleted"]) == (row.root is not None)
                if row.root is None:
                    wanted = row.fields | self.derived(each, row)
                    assert {name: found[name] for name in wanted} == wanted


class CustomMachine(DmlMachine):
    """Two levels of details, a lookup that is cleared, one that restricts, one that cascades, and one within the sobject."""

    choices: ClassVar[Choices] = {
        "Top__c": {"Code__c": st.none() | st.sampled_from(["a", "A", "b", "é", "É"])},
        "Mid__c": {"Top__c": "Top__c", "Amount__c": _AMOUNTS, "Open__c": st.booleans()},
        "Leaf__c": {"Mid__c": "Mid__c", "Size__c": _AMOUNTS},
        "Tag__c": {"Top__c": "Top__c", "Mid__c": "Mid__c"},
        "Label__c": {"Top__c": "Top__c", "Mid__c": "Mid__c", "Up__c": "Label__c"},
    }

    def prepare(self) -> None:
        add_object, add_field = self.org.schema.add_object, self.org.schema.add_field
        with self.org.schema.changing():
            add_object(
                "Top__c", fields={"Code__c": {"type": "string", "unique": True, "length": 9}}
            )
            for name, parent in (("Mid__c", "Top__c"), ("Leaf__c", "Mid__c")):
                master: dict[str, Any] = {
                    "reference_to": parent,
                    "master_detail": True,
                    "reparentable": True,
                }
                add_object(
                    name,
                    name_field={"display_format": "N-{000}"},
                    fields={parent: {"type": "reference", **master}},
                )
            add_field("Mid__c", "Amount__c", "double", scale=2)
            add_field("Mid__c", "Open__c", "boolean")
            add_field(
                "Mid__c",
                "Twice__c",
                "double",
                scale=2,
                formula=lambda row: (row["Amount__c"] or 0) * 2,
            )
            add_field("Leaf__c", "Size__c", "double", scale=2)
            add_field(
                "Mid__c",
                "Size__c",
                "summary",
                operation="sum",
                summarized_field="Size__c",
                foreign_key="Leaf__c.Mid__c",
            )
            for operation, field, filters in (
                ("count", None, [("Open__c", "equals", "True")]),
                ("sum", "Size__c", []),
                ("min", "Amount__c", []),
                ("max", "Amount__c", [("Amount__c", "lessThan", "500")]),
            ):
                summed = {} if field is None else {"summarized_field": field}
                add_field(
                    "Top__c",
                    f"{operation}__c",
                    "summary",
                    operation=operation,
                    foreign_key="Mid__c.Top__c",
                    filters=filters,
                    **summed,
                )
            add_object("Tag__c")
            add_object("Label__c")
            for owner, name, constraint in (
                ("Tag__c", "Top__c", "SetNull"),
                ("Tag__c", "Mid__c", "Restrict"),
                ("Label__c", "Top__c", "Cascade"),
                ("Label__c", "Mid__c", "SetNull"),
            ):
                add_field(owner, name, "reference", reference_to=name, delete_constraint=constraint)
            add_field("Label__c", "Up__c", "reference", reference_to="Label__c")
        self.model = Model(
            [
                Link("Mid__c", "Top__c", "Top__c", "cascade"),
                Link("Leaf__c", "Mid__c", "Mid__c", "cascade"),
                Link("Tag__c", "Top__c", "Top__c", "clear"),
                Link("Tag__c", "Mid__c", "Mid__c", "restrict"),
                Link("Label__c", "Top__c", "Top__c", "cascade"),
                Link("Label__c", "Mid__c", "Mid__c", "clear"),
                Link("Label__c", "Up__c", "Label__c", "clear"),
            ],
            unique=[("Top__c", "Code__c")],
            required=frozenset({("Mid__c", "Top__c"), ("Leaf__c", "Mid__c")}),
        )

    def derived(self, record_id: str, row: Row) -> dict[str, Any]:
        """Roll-up summaries, the formula, and the number that the row got."""
        if row.sobject == "Mid__c":
            return {
                "Twice__c": (row.fields["Amount__c"] or 0) * 2,
                "Size__c": self._size(record_id),
            }
        if row.sobject != "Top__c":
            return {}
        details = self.model.live("Mid__c", Top__c=record_id)
        rows = [self.model.rows[each].fields for each in details]
        amounts = [each["Amount__c"] for each in rows if each["Amount__c"] is not None]
        return {
            "count__c": sum(each["Open__c"] for each in rows),
            "sum__c": float(sum(Decimal(str(self._size(each))) for each in details)),
            "min__c": min(amounts, default=None),
            "max__c": max((each for each in amounts if each < 500), default=None),
        }

    def _size(self, record_id: str) -> float:
        leaves = [
            self.model.rows[each].fields["Size__c"]
            for each in self.model.live("Leaf__c", Mid__c=record_id)
        ]
        return float(sum(Decimal(str(each)) for each in leaves if each is not None))


TestCustomObjects = CustomMachine.TestCase
TestCustomObjects.settings = settings(max_examples=effort(8), stateful_step_count=30)


class StandardMachine(DmlMachine):
    """Accounts and what hangs on them."""

    choices: ClassVar[Choices] = {
        "Account": {"Name": _NAMES, "ParentId": "Account"},
        "Contact": {"LastName": _NAMES, "AccountId": "Account", "ReportsToId": "Contact"},
        "Opportunity": {
            "AccountId": "Account",
            "StageName": st.sampled_from(["Prospecting", "Closed Won"]),
        },
        "OpportunityLineItem": {
            "OpportunityId": "Opportunity",
            "Quantity": st.integers(1, 9),
            "UnitPrice": st.integers(0, 500),
        },
        "Case": {"AccountId": "Account", "ContactId": "Contact", "ParentId": "Case"},
        "Task": {"WhatId": "Account|Opportunity|Case", "WhoId": "Contact"},
    }
    fixed: ClassVar[frozenset[str]] = frozenset({"OpportunityId"})

    def prepare(self) -> None:
        price = self.org.create("PricebookEntry")
        self.always = {
            "Opportunity": {"Name": "Deal", "CloseDate": "2031-12-31"},
            "OpportunityLineItem": {"PricebookEntryId": price.id},
        }
        self.model = StandardModel(
            [
                Link("Account", "ParentId", "Account", "clear"),
                Link("Contact", "AccountId", "Account", "cascade"),
                Link("Contact", "ReportsToId", "Contact", "clear"),
                Link("Opportunity", "AccountId", "Account", "cascade"),
                Link("OpportunityLineItem", "OpportunityId", "Opportunity", "cascade"),
                Link("Case", "AccountId", "Account", "restrict"),
                Link("Case", "ContactId", "Contact", "restrict"),
                Link("Case", "ParentId", "Case", "clear"),
                *(
                    Link("Task", "WhatId", each, "cascade")
                    for each in ("Account", "Opportunity", "Case")
                ),
                Link("Task", "WhoId", "Contact", "cascade"),
                Link("Task", "AccountId", "Account", "stay"),
            ],
            required=frozenset({("OpportunityLineItem", "OpportunityId")}),
            final=frozenset({"OpportunityLineItem"}),
            trees=frozenset(
                {("Account", "ParentId"), ("Contact", "ReportsToId"), ("Case", "ParentId")}
            ),
        )

    def derived(self, record_id: str, row: Row) -> dict[str, Any]:
        """The total of a line; all else is written when it changes."""
        if row.sobject != "OpportunityLineItem":
            return {}
        return {"TotalPrice": row.fields["Quantity"] * row.fields["UnitPrice"]}


TestStandardObjects = StandardMachine.TestCase
TestStandardObjects.settings = settings(max_examples=effort(8), stateful_step_count=30)
