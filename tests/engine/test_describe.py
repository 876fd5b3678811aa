"""Describes over the API: keys and order as recorded, version differences, conditional requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from calling import Caller
from sfmock.control.baseline import Baseline
from sfmock.org.org import Org
from sfmock.wire import JSON

SUMMARY_KEYS = [
    "activateable", "associateEntityType", "associateParentEntity", "createable", "custom", "customSetting",
    "deepCloneable", "deletable", "deprecatedAndHidden", "feedEnabled", "hasSubtypes", "isInterface", "isSubtype",
    "keyPrefix", "label", "labelPlural", "layoutable", "mergeable", "mruEnabled", "name", "queryable", "replicateable",
    "retrieveable", "searchable", "triggerable", "undeletable", "updateable", "urls",
]  # fmt: skip


def read(call: Caller, path: str, version: str = "60.0") -> dict[str, JSON]:
    answer = call("GET", path, version=version)
    assert answer.status == 200, answer.text
    assert isinstance(answer.json, dict)
    return answer.json


def _restore(org: Org) -> Callable[[], None]:
    snapshot = org.snapshot()
    return lambda: org.restore(snapshot)


def _baseline(org: Org) -> Callable[[], None]:
    return Baseline(org).restore


def entries(body: dict[str, JSON], key: str) -> list[dict[str, JSON]]:
    value = body[key]
    assert isinstance(value, list)
    return [each for each in value if isinstance(each, dict)]


def by_name(body: dict[str, JSON]) -> dict[str, dict[str, JSON]]:
    return {str(field["name"]): field for field in entries(body, "fields")}


def test_global_describe_lists_the_sobjects_of_the_org(call: Caller) -> None:
    call.org.schema.add_object("Invoice__c")
    body = read(call, "/sobjects/")
    assert list(body) == ["encoding", "maxBatchSize", "sobjects"]
    assert (body["encoding"], body["maxBatchSize"]) == ("UTF-8", 200)
    rows = entries(body, "sobjects")
    names = [str(row["name"]) for row in rows]
    assert (len(names), names[0], names[-1]) == (87, "Account", "UserRole")
    assert names == sorted(names)
    assert "Invoice__c" in names
    assert "CurrencyType" not in names  # the org has one currency
    assert all(list(row) == SUMMARY_KEYS for row in rows)
    assert rows[0]["urls"] == {
        "compactLayouts": "/services/data/v60.0/sobjects/Account/describe/compactLayouts",
        "rowTemplate": "/services/data/v60.0/sobjects/Account/{ID}",
        "approvalLayouts": "/services/data/v60.0/sobjects/Account/describe/approvalLayouts",
        "listviews": "/services/data/v60.0/sobjects/Account/listviews",
        "describe": "/services/data/v60.0/sobjects/Account/describe",
        "quickActions": "/services/data/v60.0/sobjects/Account/quickActions",
        "layouts": "/services/data/v60.0/sobjects/Account/describe/layouts",
        "sobject": "/services/data/v60.0/sobjects/Account",
    }


@pytest.mark.parametrize(("version", "keys"), [("37.0", 22), ("49.0", 26), ("52.0", 28)])
def test_global_describe_grew_with_the_versions(call: Caller, version: str, keys: int) -> None:
    assert len(entries(read(call, "/sobjects", version), "sobjects")[0]) == keys


def test_basic_info_has_the_summary_and_no_recent_items(call: Caller) -> None:
    call.org.create("Account")
    body = read(call, "/sobjects/account")
    assert list(body) == ["objectDescribe", "recentItems"]
    assert body["objectDescribe"] == entries(read(call, "/sobjects"), "sobjects")[0]
    assert body["recentItems"] == []


def test_describe_keys_are_alphabetical_at_every_level_but_urls(call: Caller) -> None:
    body = read(call, "/sobjects/Account/describe")
    assert list(body) == sorted(body)
    assert len(body) == 45
    for field in entries(body, "fields"):
        assert list(field) == sorted(field)
        assert len(field) == 57
    child = entries(body, "childRelationships")[0]
    assert list(child) == [
        "cascadeDelete", "childSObject", "deprecatedAndHidden", "field", "junctionIdListNames",
        "junctionReferenceTo", "relationshipName", "restrictedDelete",
    ]  # fmt: skip
    urls = body["urls"]
    assert isinstance(urls, dict)
    host = f"https://{call.org.my_domain}"
    assert list(urls) == [
        "compactLayouts", "rowTemplate", "approvalLayouts", "uiDetailTemplate", "uiEditTemplate", "listviews",
        "describe", "uiNewRecord", "quickActions", "layouts", "sobject",
    ]  # fmt: skip
    assert urls["uiNewRecord"] == f"{host}/001/e"


@pytest.mark.parametrize(
    ("version", "top", "field"), [("37.0", 36, 55), ("48.0", 43, 57), ("58.0", 45, 57)]
)
def test_describe_grew_with_the_versions(call: Caller, version: str, top: int, field: int) -> None:
    body = read(call, "/sobjects/Account/describe", version)
    assert (len(body), len(entries(body, "fields")[0])) == (top, field)
    assert ("developerName" in entries(body, "recordTypeInfos")[0]) is (version != "37.0")


def test_describe_of_a_standard_field_is_as_recorded(call: Caller) -> None:
    field = by_name(read(call, "/sobjects/Account/describe"))["AnnualRevenue"]
    assert {key: value for key, value in field.items() if value not in (None, False, 0, [])} == {
        "aggregatable": True, "createable": True, "filterable": True, "label": "Annual Revenue",
        "name": "AnnualRevenue", "nillable": True, "permissionable": True, "precision": 18, "soapType": "xsd:double",
        "sortable": True, "type": "currency", "updateable": True,
    }  # fmt: skip


def test_describe_of_custom_fields_follows_their_properties(call: Caller) -> None:
    schema = call.org.schema
    schema.add_field(
        "Account", "Key__c", "string", length=20, unique=True, external_id=True, default="x"
    )
    schema.add_field("Account", "Count__c", "double", precision=5, default=3)
    schema.add_field("Account", "Flag__c", "boolean", default=True)
    schema.add_field("Account", "Boss__c", "reference", reference_to="User")
    fields = by_name(read(call, "/sobjects/Account/describe"))
    key, count, flag, boss = (fields[name] for name in ("Key__c", "Count__c", "Flag__c", "Boss__c"))
    assert (key["byteLength"], key["externalId"], key["idLookup"], key["unique"]) == (
        60,
        True,
        True,
        True,
    )
    assert (key["defaultValue"], key["defaultValueFormula"]) == (None, '"x"')
    assert (count["defaultValue"], count["defaultValueFormula"], count["groupable"]) == (
        None,
        "3",
        False,
    )
    assert (flag["defaultValue"], flag["defaultValueFormula"], flag["nillable"]) == (
        True,
        None,
        False,
    )
    assert (boss["referenceTo"], boss["relationshipName"], boss["byteLength"]) == (
        ["User"],
        "Boss__r",
        18,
    )
    assert list(fields)[-4:] == ["Key__c", "Count__c", "Flag__c", "Boss__c"]


def test_describe_of_a_picklist_lists_its_values(call: Caller) -> None:
    call.org.schema.add_field(
        "Lead", "Level__c", "picklist", values=["low", "high"], default="low", restricted=True
    )
    field = by_name(read(call, "/sobjects/Lead/describe"))["Level__c"]
    assert field["picklistValues"] == [
        {"active": True, "defaultValue": True, "label": "low", "validFor": None, "value": "low"},
        {"active": True, "defaultValue": False, "label": "high", "validFor": None, "value": "high"},
    ]
    assert (field["restrictedPicklist"], field["defaultValue"]) == (True, "low")


def test_describe_names_relationships_of_added_objects(call: Caller) -> None:
    call.org.schema.add_object(
        "Invoice__c",
        fields={
            "Account__c": {
                "type": "reference",
                "reference_to": "Account",
                "child_relationship_name": "Invoices",
            }
        },
    )
    body = read(call, "/sobjects/Account/describe")
    ends = [
        (child["childSObject"], child["field"]) for child in entries(body, "childRelationships")
    ]
    assert ends == sorted(ends)  # recorded: custom children stand among the others
    assert ("Invoice__c", "Account__c") in ends


@pytest.mark.parametrize("path", ["/sobjects/Acount", "/sobjects/Acount/describe"])
def test_unknown_sobject_is_not_found(call: Caller, path: str) -> None:
    answer = call("GET", path)
    assert answer.status == 404
    assert answer.json == [
        {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
    ]


def test_standard_sobject_that_the_fake_lacks_is_refused(call: Caller) -> None:
    answer = call("GET", "/sobjects/WorkOrder/describe")
    assert answer.status == 501
    assert "sobject WorkOrder" in answer.text


@pytest.mark.parametrize("path", ["/sobjects", "/sobjects/Account/describe"])
def test_describes_have_a_short_etag_and_answer_304(call: Caller, path: str) -> None:
    first = call("GET", path)
    etag, modified = first.headers.get("ETag"), first.headers.get("Last-Modified")
    assert etag is not None
    assert modified is not None
    assert len(etag) == 10
    assert int(etag.strip('"'), 16) >= 0
    for headers in ({"If-None-Match": etag}, {"If-Modified-Since": modified}):
        again = call("GET", path, headers=headers)
        assert (again.status, again.text, again.headers.get("ETag")) == (304, "", etag)
        assert again.headers.get("Last-Modified") == modified
    assert call("GET", path, headers={"If-None-Match": '"00000000"'}).status == 200
    assert call("GET", path, headers={"If-Modified-Since": "yesterday"}).status == 200


def test_schema_change_ends_304(call: Caller) -> None:
    first = call("GET", "/sobjects/Account/describe")
    call.org.clock.advance(seconds=2)
    call.org.schema.add_field("Account", "Extra__c", "string")
    headers = {"If-Modified-Since": str(first.headers.get("Last-Modified"))}
    again = call("GET", "/sobjects/Account/describe", headers=headers)
    assert again.status == 200
    assert again.headers.get("ETag") != first.headers.get("ETag")
    assert "Extra__c" in again.text


def test_rolled_back_field_is_gone_from_the_describe(call: Caller) -> None:
    snapshot = call.org.snapshot()
    call.org.schema.add_field("Account", "Extra__c", "string")
    assert "Extra__c" in call("GET", "/sobjects/Account/describe").text
    call.org.restore(snapshot)
    assert "Extra__c" not in call("GET", "/sobjects/Account/describe").text


@pytest.mark.parametrize("path", ["/sobjects", "/sobjects/Account/describe"])
@pytest.mark.parametrize("way_back", [_restore, _baseline])
def test_a_way_back_ends_304_for_what_was_read_before_it(
    call: Caller, path: str, way_back: Callable[[Org], Callable[[], None]]
) -> None:
    token = call.token
    go_back = way_back(call.org)
    call.org.schema.add_object("Extra__c")
    modified = str(call("GET", path, token=token).headers.get("Last-Modified"))
    go_back()
    answer = call("GET", path, token=token, headers={"If-Modified-Since": modified})
    assert answer.status == 200


@pytest.mark.parametrize("path", ["/sobjects", "/sobjects/Account/describe"])
def test_describes_that_must_be_unmodified_answer_412_once_they_are_not(
    call: Caller, path: str
) -> None:
    modified = str(call("GET", path).headers.get("Last-Modified"))
    headers = {"If-Unmodified-Since": modified}
    assert call("GET", path, headers=headers).status == 200
    call.org.schema.add_object("Extra__c")
    answer = call("GET", path, headers=headers)
    assert (answer.status, answer.json) == (
        412,
        [{"errorCode": "PRECONDITION_FAILED", "message": "Precondition failed"}],
    )


def test_two_orgs_describe_their_own_hosts(make_caller: Callable[..., Caller]) -> None:
    first, second = make_caller(), make_caller()
    assert second.org.my_domain in second("GET", "/sobjects/Lead/describe").text
    assert second.org.my_domain not in first("GET", "/sobjects/Lead/describe").text


def test_a_describe_is_modified_by_a_field_that_was_added_in_the_same_second(
    call: Caller, org: Org
) -> None:
    org.clock.freeze(datetime(2024, 1, 1, tzinfo=UTC))
    org.schema.add_object("Thing__c")
    before = call("GET", "/sobjects/Thing__c/describe").headers.get("Last-Modified")
    assert before is not None

    org.schema.add_field("Thing__c", "Size__c", "double")

    answer = call("GET", "/sobjects/Thing__c/describe", headers={"If-Modified-Since": before})
    assert answer.status == 200
    assert "Size__c" in answer.text
