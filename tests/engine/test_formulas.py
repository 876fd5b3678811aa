"""Formula fields: Python functions that are computed when a value is read, over REST, by SOQL and in records."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from calling import Caller
from described import special
from sfmock.errors import Refused
from sfmock.org.formulas import FormulaError
from sfmock.org.org import Org

NUMBER = {"groupable": False, "soapType": "xsd:double", "precision": 18}
READ_ONLY = {"calculated": True, "createable": False, "updateable": False}


@pytest.fixture
def org() -> Any:
    with Org.new() as made:
        made.schema.add_object("Thing__c", fields={"Size__c": {"type": "double"}})
        made.schema.add_field("Thing__c", "Account__c", "reference", reference_to="Account")
        yield made


def formula(
    org: Org, type_: str, function: Callable[..., Any], name: str = "Value__c", **properties: Any
) -> None:
    org.schema.add_field("Thing__c", name, type_, formula=function, **properties)


def select(call: Caller, soql: str) -> list[dict[str, Any]]:
    answer = call("GET", f"/query?q={quote(soql)}")
    assert answer.status == 200, answer.text
    body: Any = answer.json
    return [{k: v for k, v in row.items() if k != "attributes"} for row in body["records"]]


@pytest.mark.parametrize(
    ("type_", "answer", "shown", "python", "described"),
    [
        ("string", "A b ", "A b ", "A b ",
         {"type": "string", "length": 1300, "byteLength": 3900, "groupable": False}),
        ("string", "", None, None, None),
        ("double", 2, 2.0, Decimal(2), {"type": "double", **NUMBER}),
        ("currency", Decimal("1.25"), 1.25, Decimal("1.25"), {"type": "currency", "scale": 2, **NUMBER}),
        ("percent", 15, 15.0, Decimal(15), {"type": "percent", **NUMBER}),
        ("date", date(2024, 2, 29), "2024-02-29", date(2024, 2, 29), {"type": "date", "soapType": "xsd:date"}),
        ("datetime", datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC), "2024-02-29T01:02:03.000+0000",
         datetime(2024, 2, 29, 1, 2, 3, tzinfo=UTC),
         {"type": "datetime", "soapType": "xsd:dateTime", "groupable": False}),
        ("time", time(1, 2), "01:02:00.000Z", time(1, 2),
         {"type": "time", "soapType": "xsd:time", "groupable": False, "aggregatable": False}),
        ("boolean", True, True, True,
         {"type": "boolean", "soapType": "xsd:boolean", "aggregatable": False, "nillable": False,
          "defaultedOnCreate": True}),
        ("boolean", None, False, False, None),
    ],
)  # fmt: skip
def test_a_formula_of_each_type_is_read_everywhere(
    org: Org, call: Caller, type_: str, answer: Any, shown: Any, python: Any, described: Any
) -> None:
    formula(org, type_, lambda record: answer)
    record_id = org.insert("Thing__c", {}).id

    row: Any = call("GET", f"/sobjects/Thing__c/{record_id}").json
    assert row["Value__c"] == shown
    named: Any = call("GET", f"/sobjects/Thing__c/{record_id}?fields=Value__c").json
    assert named["Value__c"] == shown
    assert select(call, "SELECT Value__c FROM Thing__c") == [{"Value__c": shown}]
    assert org.get(record_id)["Value__c"] == python
    assert [each["Value__c"] for each in records(org, "SELECT Value__c FROM Thing__c")] == [python]
    if described is not None:
        assert special(call, "Thing__c", "Value__c") == {**described, **READ_ONLY}


def records(org: Org, soql: str) -> list[Any]:
    found = org.query(soql)
    assert isinstance(found, list)
    return found


def test_a_formula_sees_fields_parents_and_other_formulas_in_any_case(org: Org) -> None:
    seen: list[Any] = []

    def look(record: Any) -> str:
        seen.append(record)
        parent = record["account__r"]
        return f"{record['NAME']} {parent['Name']} {parent['Owner']['Alias']} {record['Twice__c']}"

    formula(org, "double", lambda record: record["Size__c"] * 2, "Twice__c")
    formula(org, "string", look)
    account = org.create("Account", Name="Acme")
    made = org.insert("Thing__c", {"Name": "T", "Size__c": 1.5, "Account__c": account.id})
    alias = org.get(org.admin_id)["Alias"]
    assert made["Value__c"] == f"T Acme {alias} 3.0"
    [record] = seen
    assert (record.id, record.sobject) == (made.id, "Thing__c")
    assert repr(record) == f"<LiveRecord Thing__c {made.id}>"
    assert "twice__C" in record
    assert "Account__r" in record
    assert "Nope" not in record
    assert list(record) == [field.name for field in org.schema["Thing__c"].fields]
    assert len(record) == len(list(record))
    assert isinstance(record["CreatedDate"], datetime)


def test_a_formula_reaches_rows_of_a_table_that_nobody_has_touched(org: Org) -> None:
    def profile(record: Any) -> Any:
        return record["Owner"]["Profile"]["Name"] + " of " + record["Owner"]["Profile"]["UserLicense"]["Name"]  # fmt: skip

    org.schema.add_field("Account", "Profile__c", "string", formula=profile)
    org.load({"Account": [{"Name": f"A{number}", "OwnerId": org.admin_id} for number in range(20)]})
    expected = "System Administrator of Salesforce"
    assert org.count("Account", f"Profile__c = '{expected}'") == 20
    assert {row["Profile__c"] for row in records(org, "SELECT Profile__c FROM Account")} == {
        expected
    }


def test_a_formula_may_ask_the_org(org: Org) -> None:
    org.schema.add_field(
        "Account", "Things__c", "double",
        formula=lambda each: org.count("Thing__c", f"Account__c = '{each.id}' AND Big__c = true"),
    )  # fmt: skip
    formula(org, "boolean", lambda each: each["Size__c"] > 1, "Big__c")
    account = org.create("Account").id
    for size in (1, 2, 3):
        org.insert("Thing__c", {"Size__c": size, "Account__c": account})
    assert org.get(account)["Things__c"] == 2
    assert org.count("Account", "Things__c = 2") == 1


def test_an_absent_parent_is_false_and_blank(org: Org) -> None:
    org.schema.add_field("Account", "Site__c", "location")

    def look(record: Any) -> str:
        parent = record["Account__r"]
        return repr((parent, bool(parent), parent["Name"], parent["IsDeleted"], parent["Site__c"], parent["Owner"]["Name"]))  # fmt: skip

    formula(org, "string", look)
    expected = "(<LiveRecord Account absent>, False, None, False, None, None)"
    made = org.insert("Thing__c", {})
    assert made["Value__c"] == expected
    account = org.create("Account")
    org.update(made.id, Account__c=account.id)
    assert org.get(made.id)["Value__c"] != expected
    org.delete(account.id)
    assert org.get(made.id)["Value__c"] == expected


def test_blank_numbers_are_zero_where_the_formula_says_so(org: Org, call: Caller) -> None:
    formula(org, "double", lambda record: record["Size__c"], "Blank__c")
    formula(
        org, "double", lambda record: record["Size__c"] + (record["Account__r"]["AnnualRevenue"]),
        "Zero__c", formula_treat_null_as_zero=True,
    )  # fmt: skip
    made = org.insert("Thing__c", {})
    assert (made["Blank__c"], made["Zero__c"]) == (None, Decimal(0))
    assert special(call, "Thing__c", "Zero__c")["formulaTreatNullNumberAsZero"] is True


def test_formulas_are_filtered_and_sorted_like_their_type(org: Org, call: Caller) -> None:
    formula(org, "string", lambda record: record["Account__r"]["Name"], "Word__c")
    formula(org, "boolean", lambda record: record["Size__c"] > 1, "Big__c")
    formula(org, "date", lambda record: date(2024, 1, int(record["Size__c"])), "Day__c")
    for size, name in ((1, "beta"), (2, "Alpha"), (3, None)):
        parent = org.create("Account", Name=name).id if name else None
        org.insert("Thing__c", {"Size__c": size, "Account__c": parent})

    def sizes(rest: str) -> list[int]:
        return [int(row["Size__c"]) for row in select(call, f"SELECT Size__c FROM Thing__c {rest}")]

    assert sizes("WHERE Word__c = 'ALPHA'") == [2]
    assert sizes("WHERE Word__c LIKE 'b%'") == [1]
    assert sizes("WHERE Word__c IN ('Beta', null) ORDER BY Size__c") == [1, 3]
    assert sizes("WHERE Word__c != 'beta' ORDER BY Size__c DESC") == [3, 2]
    assert sizes("WHERE Big__c = true ORDER BY Word__c NULLS LAST") == [2, 3]
    assert sizes("WHERE Big__c = false") == [1]
    assert sizes("WHERE Day__c > 2024-01-02") == [3]
    assert sizes("WHERE Day__c = 2024-01-02 AND Word__c < 'b'") == [2]
    assert sizes("ORDER BY Word__c DESC") == [3, 1, 2]


def test_a_formula_of_a_parent_is_reached_by_a_path(org: Org, call: Caller) -> None:
    org.schema.add_field("Account", "Loud__c", "string", formula=lambda each: each["Name"].upper())
    account = org.create("Account", Name="Acme")
    org.insert("Thing__c", {"Account__c": account.id})
    org.insert("Thing__c", {})
    found = records(org, "SELECT Account__r.Loud__c FROM Thing__c ORDER BY Account__r.Loud__c")
    assert [each["Account__r"] and each["Account__r"]["Loud__c"] for each in found] == [
        None,
        "ACME",
    ]
    assert org.count("Thing__c", "Account__r.Loud__c = 'acme'") == 1


def test_a_formula_follows_what_it_depends_on(org: Org) -> None:
    formula(org, "string", lambda record: record["Account__r"]["Name"])
    formula(org, "date", lambda record: org.clock.now.date(), "Today__c")
    org.clock.freeze(datetime(2024, 1, 31, 12, tzinfo=UTC))
    account = org.create("Account", Name="Old")
    made = org.insert("Thing__c", {"Account__c": account.id})
    before = org.digest()
    org.update(account.id, Name="New")
    org.clock.advance(days=1)
    assert (org.get(made.id)["Value__c"], org.get(made.id)["Today__c"]) == ("New", date(2024, 2, 1))
    assert org.count("Thing__c", "Value__c = 'new' AND Today__c = 2024-02-01") == 1
    assert org.digest() != before


def test_pages_after_the_first_are_computed_too(org: Org, call: Caller) -> None:
    formula(org, "double", lambda record: record["Size__c"] + 1)
    org.load({"Thing__c": [{"Size__c": number} for number in range(450)]})
    first: Any = call(
        "GET",
        f"/query?q={quote('SELECT Value__c FROM Thing__c ORDER BY Value__c')}",
        headers={"Sforce-Query-Options": "batchSize=200"},
    ).json
    path = first["nextRecordsUrl"].removeprefix("/services/data/v60.0")
    second: Any = call("GET", path).json
    values = [row["Value__c"] for page in (first, second) for row in page["records"]]
    assert values == [float(number) for number in range(1, 401)]


def test_a_deleted_row_still_has_its_formulas(org: Org, call: Caller) -> None:
    formula(org, "string", lambda record: f"{record['Name']}!")
    made = org.insert("Thing__c", {"Name": "T"})
    org.delete(made.id)
    body: Any = call("GET", f"/queryAll?q={quote('SELECT Value__c FROM Thing__c')}").json
    assert [row["Value__c"] for row in body["records"]] == ["T!"]


# -- what a formula cannot


def test_a_formula_cannot_be_written(org: Org) -> None:
    formula(org, "double", lambda record: 1)
    with pytest.raises(Exception, match="Unable to create/update fields: Value__c"):
        org.insert("Thing__c", {"Value__c": 3})
    org.load({"Thing__c": [{"Value__c": 3}]})  # a backup may hold it: it is computed all the same
    assert org.count("Thing__c", "Value__c = 1") == 1


def test_formula_text_is_for_the_describe_and_refused_in_place_of_a_function(
    org: Org, call: Caller
) -> None:
    with pytest.raises(Refused, match="formula text"):
        org.schema.add_field("Thing__c", "Value__c", "double", formula="Size__c * 2")
    formula(org, "double", lambda record: 0, formula_text="Size__c * 2", label="Twice")
    assert special(call, "Thing__c", "Value__c") == {
        "type": "double", **NUMBER, **READ_ONLY, "calculatedFormula": "Size__c * 2", "label": "Twice",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("type_", "properties", "text"),
    [
        ("picklist", {"formula": len}, "type picklist has no formula"),
        ("double", {"formula": 3}, "formula is a callable"),
        ("string", {"formula": len, "length": 3}, "a formula of type string has no length"),
        ("double", {"formula_text": "1"}, "type double has no formula_text"),
    ],
)
def test_what_a_formula_field_does_not_take_is_told(
    org: Org, type_: str, properties: dict[str, Any], text: str
) -> None:
    with pytest.raises(TypeError, match=text):
        org.schema.add_field("Thing__c", "Value__c", type_, **properties)


@pytest.mark.parametrize(
    ("type_", "function", "text"),
    [
        ("double", lambda record: record["Nope__c"], "KeyError: \"Thing__c has neither a field nor a parent 'Nope__c'\""),
        ("double", lambda record: 1 / 0, "ZeroDivisionError: division by zero"),
        ("double", lambda record: "x", "TypeError: 'x' is no value of type double"),
        ("string", lambda record: 3, "TypeError: 3 is no value of type string"),
        ("string", lambda record: "x" * 1301, "ValueError: its text has more than 1300 characters"),
        ("date", lambda record: datetime(2024, 1, 1, tzinfo=UTC), "TypeError: datetime"),
        ("double", lambda record: record["Value__c"], r"refers to itself"),
    ],
)  # fmt: skip
def test_a_function_that_fails_is_an_error_of_the_test_that_no_client_can_swallow(
    org: Org, call: Caller, type_: str, function: Callable[..., Any], text: str
) -> None:
    formula(org, type_, function)
    org.load({"Thing__c": [{}]})
    made = str(org.db.value('SELECT "Id" FROM "Thing__c"'))
    for read in (
        lambda: org.get(made),
        lambda: org.query("SELECT Value__c FROM Thing__c"),
        lambda: org.count("Thing__c", "Value__c = null"),
    ):
        with pytest.raises(
            FormulaError, match=f"the formula of Thing__c.Value__c on {made}.*{text}"
        ):
            read()
    assert org.count("Thing__c") == 1
    answer = call("GET", f"/sobjects/Thing__c/{made}")
    assert answer.status == 500
    assert isinstance(org.journal[-1].crash, FormulaError)


def test_a_refusal_inside_a_formula_stays_a_refusal(org: Org) -> None:
    formula(
        org,
        "double",
        lambda record: org.query(
            "SELECT Id FROM Account WITH DATA CATEGORY Geography__c AT usa__c"
        ),
    )
    with pytest.raises(Refused, match="DATA CATEGORY"):
        org.insert("Thing__c", {})
    with pytest.raises(Refused, match="DATA CATEGORY"):
        org.query("SELECT Value__c FROM Thing__c")


def test_functions_are_listed_for_they_are_not_saved(org: Org) -> None:
    assert list(org.schema.callables) == []
    formula(org, "double", lambda record: 1, "One__c")
    org.schema.add_field("Account", "Two__c", "double", formula=lambda record: 2)
    assert list(org.schema.callables) == ["formula Thing__c.One__c", "formula Account.Two__c"]


def test_a_rollback_takes_formulas_away_and_the_next_ones_are_their_own(org: Org) -> None:
    start = org.snapshot()
    formula(org, "double", lambda record: 1, "One__c")
    assert org.insert("Thing__c", {})["One__c"] == 1
    org.restore(start)
    assert list(org.schema.callables) == []
    formula(org, "double", lambda record: 2, "Two__c")
    formula(org, "double", lambda record: record["Two__c"] + 1, "Three__c")
    made = org.insert("Thing__c", {})
    assert (made["Two__c"], made["Three__c"]) == (2, 3)
