"""A write that fails changes nothing: any bodies, sent to any rows, over every door of a row."""

from __future__ import annotations

import json
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calling import Caller
from custom_schemas import ONE_OF_EACH
from effort import effort
from noting import Write, noting
from sfmock.control.baseline import Baseline
from sfmock.errors import SalesforceError
from sfmock.org.org import Org
from sfmock.schema.model import Field, SObject
from standard_objects import CREATED

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

_TEXTS = (
    "", " ", "x" * 300, "x" * 40_000, "\0", "\ud800", "😀" * 130, "<script>", "2026-02-03", "2026-02-30", "0001-01-01",
    "2026-02-03T04:05:06Z", "2026-02-03T04:05:06+99:99", "24:00:00Z", "true", "1.5", "NaN", "1e999", "a@example.com", "a@",
    "https://example.com", "001000000000001", "005000000000000AAA", "A;B;Z",
)  # fmt: skip
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-9, 200)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(_TEXTS)
)
_NESTED = st.lists(_SCALARS, max_size=2) | st.dictionaries(
    st.sampled_from(["Id", "Name", "attributes", "Key__c", "x"]), _SCALARS, max_size=2
)
_NO_BODIES = (
    b"", b"{", b"[]", b"null", b"1", b'"x"', b'{"Name":}', b"\xff\xfe{", b'{"Name":"a","name":"b"}', b"[" * 3_000,
    b'{"Name":NaN}', b'{"Name":1e999}', b"\xef\xbb\xbf{}",
)  # fmt: skip
_SELDOM = st.integers(0, 5).map(lambda number: number == 5)
_NUMBERS = st.integers(-2, 12) | st.sampled_from([0.5, 1e9, 1e17])
_OF_TYPE: Mapping[str, st.SearchStrategy[Any]] = {
    "boolean": st.booleans(),
    "int": st.integers(-2, 90),
    "date": st.sampled_from(["2026-02-03", "2020-01-01", "2031-12-31"]),
    "datetime": st.sampled_from(["2026-02-03T04:05:06Z", "2020-01-01T00:00:00.000+0000"]),
    "time": st.just("09:30:00.000Z"),
    "base64": st.sampled_from(["", "eA==", "x"]),
    **dict.fromkeys(("double", "currency", "percent"), _NUMBERS),
}
_NO_FIELDS = st.sampled_from(
    ["Foo__c", "x__r", "attributes", "Id", "Owner", "", "name ", "Ünï"]
) | st.text(string.ascii_letters + "_.", max_size=6)


@dataclass
class World:
    """An org with rows of every sobject, some of them in the recycle bin, and how they were made."""

    org: Org
    call: Caller
    start: Baseline
    written: Mapping[str, list[Write]]
    deleted: Mapping[str, str]

    def ids(self, sobject: str) -> list[str]:
        """The ids of the rows of an sobject, a deleted one among them."""
        made = [each.record_id for each in self.written.get(sobject, ())]
        return [*made, self.deleted[sobject]] if sobject in self.deleted else made


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with Org.new() as org:
        org.schema.add_object("Thing__c", fields=ONE_OF_EACH)
        written: dict[str, list[Write]] = {}
        with noting(org) as writes:
            for sobject in (*CREATED, "Thing__c"):
                org.create(sobject, 2)
        for write in writes:
            written.setdefault(write.sobject, []).append(write)
        deleted = {
            name: org.create(name).id
            for name in ("Account", "Contact", "Thing__c", "Case", "Product2")
        }
        for each in deleted.values():
            org.delete(each)
        call = Caller(org)
        assert call.token
        org.digest()
        yield World(org, call, Baseline(org), written, deleted)


def _body(draw: Draw, world: World, sobject: SObject) -> bytes:
    """Half of what once made a row, with other values: most of them of the right kind, so that the last rules are met, too."""
    if draw(_SELDOM):
        return bytes(draw(st.sampled_from(_NO_BODIES)))
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found |= draw(st.sampled_from(world.written[sobject.name])).fields
    for _ in range(draw(st.integers(0, 3))):
        name, value = draw(_NO_FIELDS), draw(_SCALARS | _NESTED)
        if not draw(_SELDOM):
            field = draw(
                st.sampled_from(
                    [each for each in sobject.fields if each.updateable] or sobject.fields
                )
            )
            name = field.name
            value = value if draw(_SELDOM) else draw(_fitting(world, field))
        found[name] = value
    return json.dumps(found).encode()


def _fitting(world: World, field: Field) -> st.SearchStrategy[Any]:
    """Values of the kind that a field takes, which the rules may still refuse."""
    if field.type == "reference":
        return st.sampled_from(
            [each for name in field.reference_to for each in world.ids(name)] or [world.org.id]
        )
    if field.picklist:
        return st.sampled_from([each.value for each in field.picklist])
    return _OF_TYPE.get(field.type, st.sampled_from(["", "x", "Acme", "b@example.com"]))


def _path(draw: Draw, world: World, sobject: SObject) -> str:
    """A row of the sobject, of another one or of none, or an external id."""
    if not draw(_SELDOM):
        return str(draw(st.sampled_from(world.ids(sobject.name))))
    keys = [each.name for each in sobject.fields if each.external_id or each.id_lookup]
    value: str = quote(draw(st.text(min_size=1, max_size=9).filter(str.strip)), safe="")
    key = draw(st.sampled_from([*keys, "Name", "Foo__c"]))
    return str(draw(st.sampled_from([value, f"{key}/{value}", *world.ids("Account")])))


@settings(max_examples=effort(20))
@given(data=st.data())
def test_a_write_that_fails_changes_nothing(world: World, data: st.DataObject) -> None:
    world.start.restore()
    org, draw = world.org, data.draw
    before = org.digest()
    for _ in range(draw(st.integers(1, 6))):
        sobject = org.schema[draw(st.sampled_from(sorted(world.written)))]
        method = draw(st.sampled_from(["POST", "PATCH", "PATCH", "DELETE"]))
        row = "" if method == "POST" else f"/{_path(draw, world, sobject)}"
        body = b"" if method == "DELETE" else _body(draw, world, sobject)

        answer = world.call(
            method,
            f"/sobjects/{sobject.name}{row}",
            body=body,
            headers={"Content-Type": "application/json"},
        )

        assert [each.crash for each in org.journal.problems if each.crash] == []
        assert answer.status in (200, 201, 204, 300, 400, 403, 404, 405, 501), answer.text
        after = org.digest()
        assert answer.status < 300 or after == before
        before = after


@settings(max_examples=effort(8))
@given(data=st.data(), good=st.integers(0, 3), more=st.integers(0, 2))
def test_a_list_with_a_row_that_fails_inserts_nothing(
    world: World, data: st.DataObject, good: int, more: int
) -> None:
    world.start.restore()
    org, draw = world.org, data.draw
    sobject = draw(
        st.sampled_from(["Account", "Contact", "Opportunity", "Case", "Lead", "Thing__c"])
    )
    with noting(org) as writes:
        org.create(sobject, good + more + 1)
    rows: list[dict[str, Any]] = [each.fields for each in writes if each.sobject == sobject]
    world.start.restore()
    rows[good] = {
        **rows[good],
        **draw(
            st.sampled_from([{"Foo__c": 1}, {"Id": "x"}, {"CreatedDate": "2026-01-01T00:00:00Z"}])
        ),
    }
    before = org.digest()

    with pytest.raises(SalesforceError):
        org.insert(sobject, rows)

    assert org.digest() == before
