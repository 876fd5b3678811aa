"""What Org.create makes is what the API accepts: its writes, sent again over REST from the same start, are taken one by one and
leave the same org.

So no row can have come past the rules, and none holds a value that only Python could give.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling import Caller
from custom_schemas import CustomSObject, schemas
from effort import effort
from noting import Write, noting
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.org.record import Record
from standard_objects import CREATED, NOT_CREATEABLE, REFUSED

_NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
_ROWS = 7


def _send(call: Caller, write: Write) -> str:
    answer = call("POST", f"/sobjects/{write.sobject}", write.fields)
    assert answer.status == 201, (write, answer.text)
    made: Any = answer.json
    return str(made["id"])


def _create_and_send_again(org: Org, sobject: str, n: int) -> None:
    org.clock.freeze(_NOW)
    call = Caller(org)
    assert call.token
    start = org.snapshot()
    with noting(org) as written:
        made = org.create(sobject, n)
    after = org.digest()
    assert {each.id for each in made} <= {each.record_id for each in written}

    org.restore(start)
    assert [_send(call, each) for each in written] == [each.record_id for each in written]
    assert org.digest() == after


@pytest.mark.parametrize("sobject", CREATED)
def test_rows_of_every_standard_object_are_accepted(org: Org, sobject: str) -> None:
    _create_and_send_again(org, sobject, _ROWS)


@pytest.mark.parametrize("sobject", REFUSED)
def test_rows_that_cannot_be_written_are_refused_by_name(org: Org, sobject: str) -> None:
    assert org.schema[sobject].createable
    before = org.digest()
    with pytest.raises(Refused) as refusal:
        org.create(sobject, 2)
    assert refusal.value.feature == REFUSED[sobject]
    assert org.digest() == before


@pytest.mark.parametrize("sobject", sorted(NOT_CREATEABLE))
def test_rows_that_salesforce_makes_itself_are_not_created(org: Org, sobject: str) -> None:
    with pytest.raises(SalesforceError) as error:
        org.create(sobject)
    assert error.value.message == f"entity type cannot be inserted: {org.schema[sobject].label}"


def _without_domain(org: Org, records: list[Record]) -> list[dict[str, object]]:
    """The rows without the name of the org's domain, which is another one each time."""
    return [
        {
            name: each.replace(org.my_domain, "") if isinstance(each, str) else each
            for name, each in record.items()
        }
        for record in records
    ]


def test_equal_seeds_give_equal_rows_of_every_sobject() -> None:
    with Org.new(seed=7) as first, Org.new(seed=7) as second:
        for org in (first, second):
            org.clock.freeze(_NOW)
        for sobject in CREATED:
            made, again = (_without_domain(org, org.create(sobject, 3)) for org in (first, second))
            assert made == again


@settings(max_examples=effort(12))
@given(schema=schemas(), n=st.integers(1, 25))
def test_rows_of_any_custom_object_are_accepted(schema: list[CustomSObject], n: int) -> None:
    with Org.new() as org:
        for each in schema:
            each.add(org)
        for sobject in list(org.catalogue.changed.values()):
            if sobject.custom and sobject.createable:
                _create_and_send_again(org, sobject.name, n)
