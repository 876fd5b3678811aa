"""What Org.create makes is what the API accepts: its writes, sent again over REST from the same start, are taken one by one and
leave the same org.

So no row can have come past the rules, and none holds a value that only Python could give.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, TypeAlias
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling import Caller
from custom_schemas import CustomSObject, schemas
from effort import effort
from sfmock.clock import wire_datetime
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.org.packs import find_pack
from sfmock.schema.model import SObject

Write: TypeAlias = tuple[str, dict[str, object], str]
"""The sobject, its fields, and the id that the row got."""

_NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
_ROWS = 7
_NAMES = find_pack("developer").package.names

REFUSED = {
    "AccountContactRelation": "writing AccountContactRelation",
    "AccountShare": "writing AccountShare: manual shares, for sharing is not faked",
    "ApexClass": "writing ApexClass: Apex, which nothing here compiles",
    "ApexTrigger": "writing ApexTrigger: Apex, which nothing here compiles",
    "CollaborationGroup": "writing CollaborationGroup",
    "ContentWorkspace": "writing ContentWorkspace: libraries, whose members and permissions are not faked",
    "EmailTemplate": "writing EmailTemplate: email templates, whose type describe does not let one choose",
    "FeedItem": "writing FeedItem",
    "Idea": "writing Idea",
    "Profile": "creating profiles",
    "RecordType": "writing RecordType: record types: add them to the schema",
}
"""The sobjects that can be created in Salesforce and not here, by the refusal that says so."""

NOT_CREATEABLE = frozenset(
    {
        "AccountHistory", "ApexLog", "AsyncApexJob", "AuthSession", "CaseStatus", "ConnectedApplication", "ContentDocument",
        "ContractStatus", "CronJobDetail", "CronTrigger", "Dashboard", "DuplicateRule", "EntityDefinition", "FieldDefinition",
        "LeadStatus", "ListView", "LoginHistory", "OpportunityFieldHistory", "OpportunityHistory", "OpportunityStage",
        "OrderStatus", "Organization", "PartnerRole", "Report", "SolutionStatus", "TaskPriority", "TaskStatus", "UserLicense",
    }
)  # fmt: skip
"""The sobjects that nobody can create by the API."""

CREATED = [each for each in _NAMES if each not in REFUSED and each not in NOT_CREATEABLE]


@contextmanager
def _noting(org: Org) -> Iterator[list[Write]]:
    """Every write below, in the order in which the rows are made."""
    written: list[Write] = []
    insert = org.records.insert

    def note(sobject: SObject, fields: Mapping[str, object], *, user_id: str) -> str:
        made = insert(sobject, dict(fields), user_id=user_id)
        written.append((sobject.name, dict(fields), made))
        return made

    with patch.object(org.records, "insert", note):
        yield written


def _as_json(value: object) -> Any:
    """A value as a client sends it."""
    if isinstance(value, datetime):
        return wire_datetime(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M:%S}.000Z"
    return float(value) if isinstance(value, Decimal) else value


def _send(call: Caller, sobject: str, fields: Mapping[str, object]) -> str:
    answer = call(
        "POST", f"/sobjects/{sobject}", {name: _as_json(each) for name, each in fields.items()}
    )
    assert answer.status == 201, (sobject, fields, answer.text)
    made: Any = answer.json
    return str(made["id"])


def _create_and_send_again(org: Org, sobject: str, n: int) -> None:
    org.clock.freeze(_NOW)
    call = Caller(org)
    assert call.token
    start = org.snapshot()
    with _noting(org) as written:
        made = org.create(sobject, n)
    after = org.digest()
    assert {each.id for each in made} <= {record_id for _, _, record_id in written}

    org.restore(start)
    assert [_send(call, name, fields) for name, fields, _ in written] == [
        each[2] for each in written
    ]
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


def test_equal_seeds_give_equal_rows_of_every_sobject() -> None:
    with Org.new(seed=7) as first, Org.new(seed=7) as second:
        for org in (first, second):
            org.clock.freeze(_NOW)
        for sobject in CREATED:
            made = [[dict(each) for each in org.create(sobject, 3)] for org in (first, second)]
            assert made[0] == made[1], sobject


@settings(max_examples=effort(12))
@given(schema=schemas(), n=st.integers(1, 25))
def test_rows_of_any_custom_object_are_accepted(schema: list[CustomSObject], n: int) -> None:
    with Org.new() as org:
        for each in schema:
            each.add(org)
        for sobject in list(org.catalogue.changed.values()):
            if sobject.custom and sobject.createable:
                _create_and_send_again(org, sobject.name, n)
