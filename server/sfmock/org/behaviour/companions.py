"""Rows that Salesforce makes by itself along with another one: a case's comment, a campaign's member statuses."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.org.dml.numbering import give_numbers
from sfmock.org.dml.plan import Row


def add(draft: Draft, name: str, values: Row) -> str:
    """Insert a row of another sobject with defaults and stamps, without rules of its own; answers its id."""
    sobject = draft.store.catalogue.find(name)
    if sobject is None or sobject.id_prefix is None:
        raise refuse(f"a {draft.plan.sobject.label} in an org without {name}")
    plan = draft.store.plan(sobject)
    record_id = draft.sequences.record_id(sobject.id_prefix, sobject.name)
    row: Row = {"Id": record_id, **plan.defaults}
    if plan.owned:
        row["OwnerId"] = draft.user_id
    for stamp in (*plan.created, *plan.modified):
        row[stamp] = draft.user_id if stamp.endswith("Id") else draft.now
    row |= {key: value for key, value in values.items() if value is not None}
    give_numbers(plan, row, draft.sequences, draft.now)
    draft.store.insert(plan, row)
    return record_id
