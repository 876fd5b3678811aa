"""Custom fields, type by type (tests/engine/kinds/*.jsonl): a value in and out, one refused, a filter, the describe."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from calling import Answer, Caller
from described import special
from sfmock.errors import Refused
from sfmock.org.describe_shapes import describe_field
from sfmock.org.dml.values import parser_of
from sfmock.org.org import Org
from sfmock.schema.lines import dump_field, read_field
from sfmock.schema.model import Field
from sfmock.versions import NEWEST, Version

_FILES = Path(__file__).parent / "kinds"
_PYTHON = {"Decimal": Decimal, "date": date, "datetime": datetime, "time": time}


def _kinds(part: str) -> list[Any]:
    lines = [
        line for file in sorted(_FILES.glob("*.jsonl")) for line in file.read_text().splitlines()
    ]
    kinds = [json.loads(line) for line in lines]
    return [pytest.param(each, id=each["kind"].replace(" ", "_")) for each in kinds if part in each]


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


class Kind:
    """An org with one field, `Kind__c.Value__c`, and the row that its values go to."""

    def __init__(self, org: Org, call: Caller, case: dict[str, Any]) -> None:
        self.org, self.call = org, call
        self.account = org.create("Account", Name="Acme").id
        org.schema.add_object("Kind__c", fields=case.get("beside"))
        properties = dict(case.get("properties", {}))
        org.schema.add_field("Kind__c", "Value__c", properties.pop("type"), **properties)
        self.written = case.get("writes", ["Value__c"])

    def fill(self, value: Any) -> Any:
        """The value with the id of the account in it."""
        return json.loads(
            json.dumps(value)
            .replace("{account}", self.account)
            .replace("{account15}", self.account[:15])
        )

    def fields(self, value: Any) -> dict[str, Any]:
        """What a row is written with: one value, or one for each part."""
        values = value if len(self.written) > 1 else [value]
        return dict(zip(self.written, values, strict=True))

    def create(self, value: Any) -> Answer:
        body = json.dumps(self.fill(self.fields(value))).encode()
        return self.call(
            "POST", "/sobjects/Kind__c", body=body, headers={"Content-Type": "application/json"}
        )

    def created(self, value: Any) -> str:
        answer = self.create(value)
        assert answer.status == 201, answer.text
        assert isinstance(answer.json, dict)
        return str(answer.json["id"])

    def rows(self, soql: str) -> list[Any]:
        answer = self.call("GET", f"/query?q={quote(soql)}")
        assert answer.status == 200, answer.text
        assert isinstance(answer.json, dict)
        return _list_of(answer.json["records"])


@pytest.fixture
def make_kind(org: Org, call: Caller) -> Callable[[dict[str, Any]], Kind]:
    return lambda case: Kind(org, call, case)


@pytest.mark.parametrize("case", _kinds("values"))
def test_values_come_back_over_rest_and_soql_and_in_records(
    case: dict[str, Any], make_kind: Any
) -> None:
    kind: Kind = make_kind(case)
    for sent, shown, python in case["values"]:
        record_id = kind.created(sent)
        row = kind.call("GET", f"/sobjects/Kind__c/{record_id}").json
        assert isinstance(row, dict)
        assert row["Value__c"] == kind.fill(shown)
        [found] = kind.rows(f"SELECT Value__c FROM Kind__c WHERE Id = '{record_id}'")
        assert found["Value__c"] == kind.fill(shown)
        record = kind.org.get(record_id)
        assert record["Value__c"] == _python(kind, python)
        [queried] = _list_of(
            kind.org.query(f"SELECT Value__c FROM Kind__c WHERE Id = '{record_id}'")
        )
        assert queried["Value__c"] == record["Value__c"]


def _python(kind: Kind, written: Any) -> Any:
    """A Python value as JSON writes it: `["Decimal", "1.5"]` for what is no JSON value."""
    if not isinstance(written, list):
        return kind.fill(written)
    name, *given = written
    return datetime.fromisoformat(given[0]) if name == "datetime" else _call(name, given)


def _call(name: str, given: list[Any]) -> Any:
    return _PYTHON[name](*given)


@pytest.mark.parametrize("case", _kinds("refused"))
def test_values_that_do_not_fit_are_refused_whole(case: dict[str, Any], make_kind: Any) -> None:
    kind: Kind = make_kind(case)
    assert kind.call.token
    before = kind.org.digest()
    for sent, status, body in case["refused"]:
        answer = kind.create(sent)
        assert (answer.status, answer.json) == (status, kind.fill(body))
    assert kind.org.digest() == before


@pytest.mark.parametrize("case", _kinds("filters"))
def test_a_filter_finds_what_it_should(case: dict[str, Any], make_kind: Any) -> None:
    kind: Kind = make_kind(case)
    rows = case.get("rows") or [sent for sent, *_ in case["values"]]
    made = [kind.created(each) for each in rows]
    for where, expected in case["filters"]:
        soql = f"SELECT Id FROM Kind__c WHERE {kind.fill(where)} ORDER BY Id"
        if isinstance(expected, dict):
            answer = kind.call("GET", f"/query?q={quote(soql)}")
            assert (answer.status, answer.json) == (400, [expected])
        else:
            assert [made.index(row["Id"]) for row in kind.rows(soql)] == expected


@pytest.mark.parametrize("case", _kinds("describe"))
def test_generated_rows_have_values_that_fit(case: dict[str, Any], make_kind: Any) -> None:
    kind: Kind = make_kind(case)
    field = kind.org.schema["Kind__c"].by_name["value__c"]
    values = [each["Value__c"] for each in kind.org.create("Kind__c", 5)]
    left_empty = field.nillable and (field.type == "reference" or field.dependent_picklist)
    assert left_empty or None not in values


@pytest.mark.parametrize("case", _kinds("describe"))
def test_describe_tells_what_the_field_is(case: dict[str, Any], make_kind: Any) -> None:
    kind: Kind = make_kind(case)
    assert special(kind.call, "Kind__c", "Value__c") == case["describe"]


@pytest.mark.parametrize(
    ("type_", "soap_type"),
    [
        ("long", "xsd:long"),
        ("anyType", "xsd:anyType"),
        ("junctionidlist", "urn:JunctionIdListNames"),
        ("datacategorygroupreference", "xsd:string"),
        ("complexvalue", "tns:RecordTypesSupported"),
        ("base64", "xsd:base64Binary"),
    ],
)
def test_types_of_standard_fields_alone_are_described_kept_and_written_only_where_they_are_known(
    type_: str, soap_type: str
) -> None:
    own = soap_type if type_ == "complexvalue" else None
    field = Field("Rare", "Rare", type_, soap_type=own)
    entry = describe_field(field, Version(NEWEST))
    assert (entry["type"], entry["soapType"], entry["byteLength"]) == (type_, soap_type, 0)
    assert read_field(json.loads(json.dumps(dump_field(field)))) == field
    if type_ == "long":
        assert parser_of(field)(2**40) == 2**40
    elif type_ == "anyType":  # kept as JSON text, so that each value keeps its kind
        assert [parser_of(field)(each) for each in ("x", True, 2.5)] == ['"x"', "true", "2.5"]
    elif type_ != "base64":
        with pytest.raises(Refused, match=f"writing fields of type {type_}"):
            parser_of(field)("x")


def test_a_type_that_is_for_standard_fields_alone_cannot_be_added(org: Org) -> None:
    for type_ in ("long", "anyType", "junctionidlist", "complexvalue", "id", "int"):
        with pytest.raises(TypeError, match=f"no custom field has the type '{type_}'"):
            org.schema.add_field("Account", "Rare__c", type_)
