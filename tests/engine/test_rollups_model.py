"""Roll-up summaries against a model: after any sequence of writes each live master shows what its details add up to."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from sfmock.org.org import Org

AMOUNTS = st.one_of(st.none(), st.decimals(-999, 999, places=2, allow_nan=False))
KINDS = st.sampled_from(["Open", "open", "Shut", None])


class RollupMachine(RuleBasedStateMachine):
    """Bills over lines over parts: the lines have a sum of their own, which the bills add up again."""

    bills: Bundle[str] = Bundle("bills")
    lines: Bundle[str] = Bundle("lines")
    parts: Bundle[str] = Bundle("parts")

    def __init__(self) -> None:
        super().__init__()
        self.org = Org.new()
        schema = self.org.schema
        for name in ("Bill__c", "Line__c", "Part__c"):
            schema.add_object(name)
        for child, parent in (("Line__c", "Bill__c"), ("Part__c", "Line__c")):
            schema.add_field(
                child, "Up__c", "reference", reference_to=parent, master_detail=True, reparentable=True
            )  # fmt: skip
        schema.add_field("Part__c", "Amount__c", "double", scale=2)
        schema.add_field("Line__c", "Kind__c", "picklist", values=["Open", "Shut"])
        for parent, field, name, operation, filters in (
            ("Line__c", "Amount__c", "Sum__c", "sum", []),
            ("Bill__c", None, "Open__c", "count", [("Kind__c", "equals", "Open")]),
            ("Bill__c", "Sum__c", "Total__c", "sum", [("Kind__c", "notEqual", "Shut")]),
            ("Bill__c", "Sum__c", "Least__c", "min", []),
            ("Bill__c", "Sum__c", "Most__c", "max", [("Sum__c", "greaterThan", 0)]),
        ):
            child = "Part__c" if parent == "Line__c" else "Line__c"
            about = {} if field is None else {"summarized_field": field}
            schema.add_field(
                parent, name, "summary", operation=operation, foreign_key=f"{child}.Up__c", filters=filters, **about
            )  # fmt: skip

    def teardown(self) -> None:
        self.org.close()

    def _alive(self, record_id: str) -> bool:
        name = {"a00": "Bill__c", "a01": "Line__c", "a02": "Part__c"}[record_id[:3]]
        return self.org.records.find(self.org.schema[name], record_id) is not None

    def _insert(self, sobject: str, **fields: object) -> str:
        return self.org.insert(sobject, fields).id

    @rule(target=bills)
    def make_bill(self) -> str:
        return self._insert("Bill__c")

    @rule(target=lines, bill=bills, kind=KINDS)
    def make_line(self, bill: str, kind: str | None) -> str:
        bill = bill if self._alive(bill) else self._insert("Bill__c")
        return self._insert("Line__c", Up__c=bill, Kind__c=kind)

    @rule(target=parts, line=lines, amount=AMOUNTS)
    def make_part(self, line: str, amount: Decimal | None) -> str:
        if not self._alive(line):
            line = self._insert("Line__c", Up__c=self._insert("Bill__c"), Kind__c="Open")
        return self._insert("Part__c", Up__c=line, Amount__c=amount)

    @rule(part=parts, amount=AMOUNTS)
    def change_amount(self, part: str, amount: Decimal | None) -> None:
        if self._alive(part):
            self.org.update(part, Amount__c=amount)

    @rule(line=lines, kind=KINDS)
    def change_kind(self, line: str, kind: str | None) -> None:
        if self._alive(line):
            self.org.update(line, Kind__c=kind)

    @rule(part=parts, line=lines)
    def move_part(self, part: str, line: str) -> None:
        if self._alive(part) and self._alive(line):
            self.org.update(part, Up__c=line)

    @rule(line=lines, bill=bills)
    def move_line(self, line: str, bill: str) -> None:
        if self._alive(line) and self._alive(bill):
            self.org.update(line, Up__c=bill)

    @rule(part=consumes(parts))
    def delete_part(self, part: str) -> None:
        self._delete(part)

    @rule(line=consumes(lines))
    def delete_line(self, line: str) -> None:
        self._delete(line)

    @rule(bill=consumes(bills))
    def delete_bill(self, bill: str) -> None:
        self._delete(bill)

    def _delete(self, record_id: str) -> None:
        if self._alive(record_id):
            self.org.delete(record_id)

    @invariant()
    def each_master_shows_what_its_details_add_up_to(self) -> None:
        parts = self._rows("SELECT Up__c, Amount__c FROM Part__c")
        lines = self._rows("SELECT Id, Up__c, Kind__c, Sum__c FROM Line__c")
        bills = self._rows("SELECT Id, Open__c, Total__c, Least__c, Most__c FROM Bill__c")
        for line in lines:
            amounts = [part["Amount__c"] or 0 for part in parts if part["Up__c"] == line["Id"]]
            assert line["Sum__c"] == sum(amounts)
        for bill in bills:
            mine = [line for line in lines if line["Up__c"] == bill["Id"]]
            kinds = [str(line["Kind__c"]).lower() for line in mine]
            sums = [line["Sum__c"] for line in mine]
            above = [each for each in sums if each > 0]
            assert bill["Open__c"] == kinds.count("open")
            assert bill["Total__c"] == sum(
                each for each, kind in zip(sums, kinds, strict=True) if kind != "shut"
            )
            assert bill["Least__c"] == min(sums, default=None)
            assert bill["Most__c"] == max(above, default=None)

    def _rows(self, soql: str) -> list[dict[str, Decimal]]:
        found = self.org.query(soql)
        assert isinstance(found, list)
        return [dict(each) for each in found]


TestRollups = RollupMachine.TestCase
TestRollups.settings = settings(max_examples=10, stateful_step_count=20)
