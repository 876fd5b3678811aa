"""Rows that Salesforce makes by itself along with another one: a case's comment, a campaign's member statuses."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.rows import Writer
from sfmock.org.dml.numbering import give_numbers
from sfmock.org.dml.plan import Row


def add(by: Writer, name: str, values: Row) -> str:
    """Insert a row of another sobject with defaults and stamps, without rules of its own; answers its id."""
    sobject = by.store.catalogue.find(name)
    if sobject is None or sobject.id_prefix is None:
        raise refuse(f"making a row of {name} in an org without it")
    plan = by.store.plan(sobject)
    record_id = by.store.sequences.record_id(sobject.id_prefix, sobject.name)
    row: Row = {"Id": record_id, **plan.defaults, **plan.creation(by.user_id, by.now)}
    if plan.owned:
        row["OwnerId"] = by.user_id
    row |= {key: value for key, value in values.items() if value is not None}
    give_numbers(plan, row, by.store.sequences, by.now)
    by.store.insert(plan, row)
    return record_id
