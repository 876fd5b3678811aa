"""What a user may see and do (api.md, `permissions=`): describes, the Python calls, and what is refused when it is given."""

from __future__ import annotations

import json
from typing import Any

import pytest

from calling import Answer, Caller
from sfmock.org.org import Org

READ = {"read": True}
EVERYTHING = {"read": True, "create": True, "edit": True, "delete": True}


def as_user(org: Org, call: Caller, permissions: dict[str, Any] | None, **options: Any) -> Any:
    """A function that calls as a user with these permissions."""
    user = org.user("Jane Doe", permissions=permissions, **options)
    token = org.sessions.open(user.id).token

    def send(method: str, path: str, fields: Any = None) -> Answer:
        return call(method, path, fields, token=token)

    return send


def body(answer: Answer) -> Any:
    """The JSON of a reply, to look into."""
    return json.loads(answer.text)


def described(send: Any, sobject: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    answer = send("GET", f"/sobjects/{sobject}/describe")
    assert answer.status == 200
    found: dict[str, Any] = body(answer)
    return found, {each["name"]: each for each in found["fields"]}


def test_the_global_describe_leaves_hidden_objects_out(org: Org, call: Caller) -> None:
    everything = body(call("GET", "/sobjects"))
    send = as_user(org, call, {"Account": {}, "Lead": READ})
    seen = {each["name"]: each for each in body(send("GET", "/sobjects"))["sobjects"]}
    missing = {each["name"] for each in everything["sobjects"]} - seen.keys()
    assert missing == {"Account", "AccountHistory", "AccountShare"}
    assert [seen["Lead"][flag] for flag in ("createable", "updateable", "deletable")] == [False] * 3
    assert seen["Lead"]["queryable"] is True
    assert seen["Contact"]["createable"] is True


def test_a_describe_leaves_hidden_fields_out_and_says_what_may_be_written(
    org: Org, call: Caller
) -> None:
    fields = {"AnnualRevenue": {"read": False}, "Industry": {"edit": False}}
    send = as_user(org, call, {"Account": {**EVERYTHING, "delete": False, "fields": fields}})
    account, seen = described(send, "Account")
    _, whole = described(call, "Account")
    assert whole.keys() - seen.keys() == {"AnnualRevenue"}
    assert (seen["Industry"]["createable"], seen["Industry"]["updateable"]) == (False, False)
    assert {name: each for name, each in seen.items() if name != "Industry"} == {
        name: each for name, each in whole.items() if name not in ("AnnualRevenue", "Industry")
    }
    flags = ("createable", "updateable", "deletable", "undeletable")
    assert [account[each] for each in flags] == [True, True, False, False]


def test_a_parent_lists_no_relationship_to_what_is_hidden(org: Org, call: Caller) -> None:
    fields = {"AccountId": {"read": False}}
    send = as_user(org, call, {"Opportunity": {}, "Contact": {**EVERYTHING, "fields": fields}})
    account, _ = described(send, "Account")
    ends = {(each["childSObject"], each["field"]) for each in account["childRelationships"]}
    assert ("Case", "AccountId") in ends
    assert not {child for child, _ in ends} & {"Opportunity", "Contact"}


def test_a_row_shows_the_fields_that_its_reader_sees(org: Org, call: Caller) -> None:
    acme = org.insert("Account", {"Name": "Acme", "AnnualRevenue": 5, "BillingCity": "Bonn"})
    fields = {"AnnualRevenue": {"read": False}, "BillingAddress": {"read": False}}
    send = as_user(org, call, {"Account": {**READ, "fields": fields}})
    seen = body(send("GET", f"/sobjects/Account/{acme.id}"))
    whole = body(call("GET", f"/sobjects/Account/{acme.id}"))
    assert whole.keys() - seen.keys() == {
        "AnnualRevenue", "BillingAddress", "BillingCity", "BillingCountry", "BillingGeocodeAccuracy", "BillingLatitude",
        "BillingLongitude", "BillingPostalCode", "BillingState", "BillingStreet",
    }  # fmt: skip
    assert whole | seen == whole


def test_two_users_meet_their_own_describes_and_queries(org: Org, call: Caller) -> None:
    org.insert("Account", {"Name": "Acme", "AnnualRevenue": 5})
    query = "/query?q=SELECT+Name,AnnualRevenue+FROM+Account"
    hidden = {"Account": {**READ, "fields": {"AnnualRevenue": {"read": False}}}}
    jane = as_user(org, call, hidden)
    for _ in range(2):
        assert call("GET", query).status == 200
        assert jane("GET", query).status == 400
        assert "AnnualRevenue" in described(call, "Account")[1]
        assert "AnnualRevenue" not in described(jane, "Account")[1]


def test_permissions_hold_for_fields_and_objects_that_come_later(org: Org, call: Caller) -> None:
    send = as_user(org, call, {"Account": READ})
    org.schema.add_field("Account", "Later__c", "string")
    org.schema.add_object("Later__c")
    assert "Later__c" in described(send, "Account")[1]
    assert described(send, "Later__c")[0]["createable"] is True
    assert described(send, "Account")[0]["createable"] is False


def test_new_permissions_change_what_a_client_has_kept_of_a_describe(
    org: Org, call: Caller
) -> None:
    user = org.user("Jane Doe", permissions={"Account": READ})
    token = org.sessions.open(user.id).token
    first = call("GET", "/sobjects/Account/describe", token=token)
    since = {"If-Modified-Since": str(first.headers.get("Last-Modified"))}
    again = call("GET", "/sobjects/Account/describe", headers=since, token=token)
    assert again.status == 304

    org.user("Jane Doe", permissions={"Account": EVERYTHING})

    changed = call("GET", "/sobjects/Account/describe", headers=since, token=token)
    assert (changed.status, body(changed)["createable"]) == (200, True)


def test_permissions_are_replaced_and_rolled_back_with_the_rest(org: Org, call: Caller) -> None:
    send = as_user(org, call, {"Account": {}})
    snapshot, before = org.snapshot(), org.digest()
    assert send("GET", "/sobjects/Account").status == 404

    as_user(org, call, {"Account": READ})
    assert send("GET", "/sobjects/Account").status == 200
    assert org.digest() != before

    org.restore(snapshot)
    assert send("GET", "/sobjects/Account").status == 404
    assert org.digest() == before


def test_the_calls_of_python_are_not_restricted(org: Org, call: Caller) -> None:
    send = as_user(org, call, {"Account": {}})
    assert send("GET", "/sobjects/Account").status == 404
    org.create("Account", AnnualRevenue=1)
    assert org.count("Account", "AnnualRevenue = 1") == 1


def test_a_hidden_custom_object_takes_its_companions_along(org: Org, call: Caller) -> None:
    org.schema.add_object("Invoice__c")
    send = as_user(org, call, {"Invoice__c": {}})
    names = {each["name"] for each in body(send("GET", "/sobjects"))["sobjects"]}
    whole = body(call("GET", "/sobjects"))
    assert any(each["name"].startswith("Invoice__") for each in whole["sobjects"])
    assert not {each for each in names if each.startswith("Invoice__")}


def test_a_user_of_the_profile_read_only_reads(org: Org, call: Caller) -> None:
    acme = org.insert("Account", {"Name": "Acme"})
    send = as_user(org, call, {"Contact": EVERYTHING}, profile="Read Only")
    assert send("GET", f"/sobjects/Account/{acme.id}").status == 200
    before = org.digest()
    for method, path, fields in (
        ("POST", "/sobjects/Account", {"Name": "B"}),
        ("PATCH", f"/sobjects/Account/{acme.id}", {"Name": "B"}),
        ("DELETE", f"/sobjects/Account/{acme.id}", None),
    ):
        answer = send(method, path, fields)
        assert answer.status == 501
        assert "writing Account as a user of the profile Read Only" in answer.text
    assert org.digest() == before
    assert send("POST", "/sobjects/Contact", {"LastName": "Doe"}).status == 201


@pytest.mark.parametrize(
    ("permissions", "error", "text"),
    [
        ({"Acount": READ}, ValueError, "there are no object permissions for 'Acount'"),
        ({"User": READ}, ValueError, "there are no object permissions for 'User'"),
        ({"Account": True}, TypeError, "Account takes a mapping of read, create"),
        ({"Account": {"write": True}}, TypeError, "and fields, not write"),
        ({"Account": {"create": True}}, ValueError, "Account: create needs read"),
        ({"Account": {"read": True, "delete": True}}, ValueError, "Account: delete needs edit"),
        (
            {"Account": {**EVERYTHING, "modify_all": True}},
            ValueError,
            "Account: modify_all needs view_all",
        ),
        ({"Account": {**READ, "fields": ["Name"]}}, TypeError, "a mapping of field to rights"),
        ({"Account": {**READ, "fields": {"Nme": READ}}}, ValueError, "Account has no field 'Nme'"),
        (
            {"Account": {**READ, "fields": {"BillingCity": READ}}},
            ValueError,
            "BillingCity goes with BillingAddress",
        ),
        ({"Account": {**READ, "fields": {"Industry": True}}}, TypeError, "takes read and edit"),
        (
            {"Account": {**READ, "fields": {"Name": {"edit": False}}}},
            ValueError,
            "Account.Name cannot be hidden",
        ),
        (
            {"Account": {**READ, "fields": {"Industry": {"read": False, "edit": True}}}},
            ValueError,
            "Account.Industry: edit needs read",
        ),
    ],
)
def test_permissions_that_salesforce_would_not_take_say_why(
    org: Org, permissions: dict[str, Any], error: type[Exception], text: str
) -> None:
    before = org.digest()
    with pytest.raises(error, match=text):
        org.user("Jane Doe", permissions=permissions)
    assert org.digest() == before


def test_a_parent_by_external_id_must_be_seen(org: Org, call: Caller) -> None:
    org.schema.add_field("Account", "Key__c", "string", external_id=True)
    org.insert("Account", {"Name": "Acme", "Key__c": "a"})
    contact = {"LastName": "Doe", "Account": {"Key__c": "a"}}
    hidden = {"Account": {**READ, "fields": {"Key__c": {"read": False}}}}
    answer = as_user(org, call, hidden)("POST", "/sobjects/Contact", contact)
    assert answer.json == [
        {
            "message": "No such column 'Key__c' on sobject of type Account",
            "errorCode": "INVALID_FIELD",
        }
    ]
    answer = as_user(org, call, {"Account": {}})("POST", "/sobjects/Contact", contact)
    assert answer.status == 501


def test_nobody_is_served_after_a_request(org: Org, call: Caller) -> None:
    send = as_user(org, call, {"Account": {}})
    assert send("GET", "/sobjects/Account").status == 404
    assert org.catalogue is org.schema.catalogue
