"""Searches: SOSL cases, parameters, the index that follows every write, limits, and odd text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from calling import Answer, Caller
from proofs import lines
from sfmock import Org
from sfmock.errors import SalesforceError
from sfmock.wire import JSON

HERE = Path(__file__).parent
ROWS: dict[str, list[dict[str, Any]]] = json.loads((HERE / "rows.json").read_text("utf-8"))
CASES = lines(HERE / "cases.jsonl")


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new("developer") as org:
        org.load(ROWS)
        yield org


@pytest.fixture
def call(org: Org) -> Caller:
    return Caller(org)


def search(call: Caller, sosl: str, version: str = "60.0") -> Answer:
    return call("GET", f"/search/?q={quote(sosl)}", version=version)


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != "attributes"}
    return [plain(each) for each in value] if isinstance(value, list) else value


def found(answer: Answer) -> Any:
    assert answer.status == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json["searchRecords"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"].replace(" ", "_"))
def test_search_answers_as_its_case_says(case: dict[str, Any], call: Caller) -> None:
    answer = search(call, case["sosl"])
    if "ids" in case:
        assert [each["Id"] for each in found(answer)] == case["ids"]
    elif "records" in case:
        assert plain(found(answer)) == case["records"]
    elif "error" in case:
        code, message = case["error"]
        assert (answer.status, answer.json) == (400, [{"message": message, "errorCode": code}])
    else:
        assert answer.status == 501
        assert case["refused"] in answer.text


def test_records_carry_their_type_and_url_and_only_the_id_without_fields(call: Caller) -> None:
    url = "/services/data/v60.0/sobjects/Account/0010x0000000003AAA"
    assert search(call, "FIND {berlin} RETURNING Account").json == {
        "searchRecords": [
            {"attributes": {"type": "Account", "url": url}, "Id": "0010x0000000003AAA"}
        ]
    }


def test_before_version_37_the_answer_is_the_bare_array(call: Caller) -> None:
    assert plain(search(call, "FIND {berlin} RETURNING Account", "36.0").json) == [
        {"Id": "0010x0000000003AAA"}
    ]


def test_labels_stand_beside_the_records(call: Caller) -> None:
    answer = search(call, "FIND {berlin} RETURNING Account(Name) WITH METADATA = 'LABELS'")
    assert isinstance(answer.json, dict)
    assert answer.json["metadata"] == {
        "entityMetadata": [
            {
                "entityName": "Account",
                "fieldMetadata": [{"name": "Name", "label": "Account Name"}],
            }
        ]
    }


def test_a_search_without_q_has_no_term(call: Caller) -> None:
    assert call("GET", "/search").json == [
        {
            "message": "No search term found. The search term must be enclosed in braces.",
            "errorCode": "MALFORMED_SEARCH",
        }
    ]


def test_parameters_say_what_sosl_says(call: Caller) -> None:
    by_url = call(
        "GET", "/parameterizedSearch/?q=acme&sObject=Account&Account.fields=id,name&Account.limit=1"
    )
    body: JSON = {
        "q": "acme",
        "sobjects": [{"name": "Account", "fields": ["id", "name"], "limit": 1}],
    }
    by_body = call("POST", "/parameterizedSearch", body)
    wanted = [{"Id": "0010x0000000001AAA", "Name": "Acme"}]
    assert (plain(found(by_url)), plain(found(by_body))) == (wanted, wanted)


def test_parameters_may_name_several_objects_conditions_and_orders(call: Caller) -> None:
    body: JSON = {
        "q": "acme*", "in": "NAME", "fields": ["Name"], "overallLimit": 3, "defaultLimit": 10,
        "sobjects": [
            {"name": "Account", "where": "Name LIKE 'acme%'", "orderBy": "Name DESC NULLS_LAST", "limit": 2},
            {"name": "Contact"},
        ],
    }  # fmt: skip
    assert plain(found(call("POST", "/parameterizedSearch", body))) == [
        {"Name": "acmebank"},
        {"Name": "Acme Bank"},
        {"Name": "John Smith"},
    ]


def test_a_parameter_that_smuggles_in_an_object_is_refused(call: Caller) -> None:
    body: JSON = {
        "q": "acme",
        "sobjects": [{"name": "Account", "where": "Name != null), Contact(Id"}],
    }
    assert call("POST", "/parameterizedSearch", body).status == 501


def test_the_index_follows_every_write(org: Org) -> None:
    assert org.search("FIND {zeppelin} RETURNING Account") == []
    account = org.create("Account", Name="Zeppelin")
    (first,) = org.search("FIND {zeppelin} RETURNING Account(Name)")
    assert (first.id, first["Name"]) == (account.id, "Zeppelin")
    org.update(account.id, Name="Airship")
    assert org.search("FIND {zeppelin} RETURNING Account") == []
    assert [each.id for each in org.search("FIND {airship} RETURNING Account")] == [account.id]
    org.delete(account.id)
    assert org.search("FIND {airship} RETURNING Account") == []
    org.undelete(account.id)
    assert [each.id for each in org.search("FIND {airship} RETURNING Account")] == [account.id]


def test_a_restore_takes_the_index_back_with_the_rows(org: Org) -> None:
    start = org.snapshot()
    org.create("Account", Name="Zeppelin")
    assert len(org.search("FIND {zeppelin}")) == 1
    org.restore(start)
    assert org.search("FIND {zeppelin}") == []
    org.create("Account", Name="Zeppelin Two")
    assert len(org.search("FIND {zeppelin}")) == 1


def test_a_saved_org_searches_on(org: Org, tmp_path: Path) -> None:
    assert len(org.search("FIND {acme} IN NAME FIELDS RETURNING Account")) == 2
    org.save(tmp_path / "org.sfmock")
    with Org.open(tmp_path / "org.sfmock") as opened:
        opened.create("Account", Name="Acme Three")
        assert len(opened.search("FIND {acme} IN NAME FIELDS RETURNING Account")) == 3


def test_a_search_leaves_the_digest_as_it_was(org: Org) -> None:
    before = org.digest()
    org.search("FIND {acme}")
    assert org.digest() == before


def test_one_object_gives_250_records_and_2000_with_a_condition(org: Org) -> None:
    org.load({"Contact": [{"LastName": f"Bulk {number}"} for number in range(2_100)]})
    assert len(org.search("FIND {bulk} RETURNING Contact")) == 250
    assert len(org.search("FIND {bulk} RETURNING Contact(Id WHERE LastName != null)")) == 2_000
    assert len(org.search("FIND {bulk} RETURNING Contact(Id ORDER BY LastName)")) == 2_000
    assert len(org.search("FIND {bulk} RETURNING Account, Contact")) == 250
    two = "FIND {bulk} RETURNING Account, Contact(Id WHERE LastName != null)"
    assert len(org.search(two)) == 250


def test_a_user_finds_only_objects_that_the_user_may_read(org: Org) -> None:
    denied = {"Account": {"read": False}}
    token = org.sessions.open(org.user("nobody@example.com", permissions=denied).id).token
    call = Caller(org)
    answer = call("GET", f"/search/?q={quote('FIND {acme}')}", token=token)
    assert [each["Id"][:3] for each in found(answer)] == ["003"]
    answer = call("GET", f"/search/?q={quote('FIND {acme} RETURNING Account')}", token=token)
    assert "INVALID_TYPE" in answer.text


def test_suggestions_begin_with_the_text(call: Caller) -> None:
    answer = call("GET", "/search/suggestions?q=acm&sobject=Account&limit=1")
    assert plain(answer.json) == {
        "autoSuggestResults": [{"Id": "0010x0000000001AAA", "Name": "Acme"}],
        "hasMoreResults": True,
        "meta": {
            "nameFields": [{"entityApiName": "Account", "fieldApiName": "Name"}],
            "secondaryFields": [],
        },
    }


def test_the_scope_order_names_what_a_search_looks_into(call: Caller) -> None:
    answer = call("GET", "/search/scopeOrder")
    assert isinstance(answer.json, list)
    url = "/services/data/v60.0/sobjects/Account/describe"
    assert {"type": "Account", "url": url} in answer.json
    assert "Product2" not in answer.text


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        ("acme " * 780, ["0010x0000000001AAA", "0010x0000000002AAA", "0010x0000000004AAA"]),
        ("nowhere OR " * 360 + "berlin", ["0010x0000000003AAA"]),
        ("bank AND NOT " * 301 + "berlin", ["0010x0000000002AAA"]),
        ("acme AND " * 500 + "nowhere", ["0010x0000000001AAA", "0010x0000000002AAA", "0010x0000000004AAA"]),
        ("nowhere AND " * 340 + "nowhere", []),
        ("berlin " * 1_400, ["0010x0000000003AAA"]),
        ("berlin " * 1_429, []),
    ],
    ids=["words", "OR", "AND NOT", "4,501 characters: no operators", "operators are no words", "9,800 characters", "10,003 characters"],
)  # fmt: skip
def test_long_terms_are_answered(call: Caller, term: str, ids: list[str]) -> None:
    assert [each["Id"] for each in found(search(call, f"FIND {{{term}}} RETURNING Account"))] == ids


def test_any_word_will_do_for_solutions(org: Org) -> None:
    org.load({"Solution": [{"SolutionName": "Reset a pump"}, {"SolutionName": "Oil the pump"}]})
    names = [
        each["SolutionName"]
        for each in org.search("FIND {oil reset} RETURNING Solution(SolutionName)")
    ]
    assert sorted(names) == ["Oil the pump", "Reset a pump"]
    assert org.search("FIND {oil AND reset} RETURNING Solution") == []
    with pytest.raises(SalesforceError, match="words and operators on documents and solutions"):
        org.search("FIND {oil reset AND pump} RETURNING Solution")


def test_python_code_meets_marked_words_beside_the_fields(org: Org) -> None:
    (record,) = org.search("FIND {rockets} RETURNING Account(Name, Description) WITH HIGHLIGHT")
    assert record["highlight.Description"] == "Makes <mark>rockets</mark> and roller skates"


def test_only_the_first_25_records_of_an_object_are_marked(org: Org) -> None:
    org.load({"Account": [{"Name": f"Bulk {number}"} for number in range(30)]})
    records = org.search("FIND {bulk} RETURNING Account(Name) WITH HIGHLIGHT")
    marked = ["highlight.Name" in each for each in records]
    assert marked == [True] * 25 + [False] * 5


def test_marks_came_with_version_39(call: Caller) -> None:
    sosl = "FIND {rockets} RETURNING Account(Name) WITH HIGHLIGHT"
    assert [search(call, sosl, version).status for version in ("38.0", "39.0")] == [501, 200]


@pytest.mark.parametrize("text", ["rockets & more", "rockets <b>", "rockets " * 60])
def test_marks_in_long_texts_and_in_marks_of_html_are_refused(org: Org, text: str) -> None:
    org.create("Account", Name="Odd", Description=text)
    with pytest.raises(SalesforceError, match="long texts, or of those with marks of HTML"):
        org.search("FIND {rockets} RETURNING Account(Description) WITH HIGHLIGHT")


def test_markup_of_rich_text_is_not_searched(org: Org) -> None:
    org.schema.add_field("Account", "Story__c", "textarea", length=32768, html=True)
    org.create("Account", Name="Rich", Story__c="<p>once upon&nbsp;a <b>time</b></p>")
    assert len(org.search("FIND {upon AND time} RETURNING Account")) == 1
    assert len(org.search('FIND {"upon a time"} RETURNING Account')) == 1
    assert org.search("FIND {nbsp} RETURNING Account") == []


@pytest.mark.parametrize(
    "sosl",
    [
        "", "FIND", "FIND {", "FIND {acme", "FIND {acme}}", "FIND {acme} \x00", "FIND {\ud800\ud800}", "FIND {%%}", "FIND {__}",
        "FIND {'; DROP TABLE Account}", f"FIND {{{'(' * 5_000}aa{')' * 5_000}}}", f"FIND {{{'a ' * 4_900}}}", f"FIND {{{'ab' * 40_000}}}",
        f"FIND {{acme}} RETURNING {','.join(['Account'] * 10_000)}", f"FIND {{{'x OR ' * 1_900}acme}}", "x" * 100_001,
    ],
    ids=range(16),
)  # fmt: skip
def test_odd_text_is_answered_and_changes_nothing(sosl: str, org: Org) -> None:
    before = org.digest()
    known = {"MALFORMED_SEARCH", "INVALID_SEARCH", "SFMOCK_NOT_IMPLEMENTED"}
    assert _code(org, sosl) in (None, *known)
    assert org.digest() == before


def _code(org: Org, sosl: str) -> str | None:
    try:
        org.search(sosl)
    except SalesforceError as error:
        return error.code
    return None
