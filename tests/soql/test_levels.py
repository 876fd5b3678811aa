"""Children of children: one SELECT a level for all parents of a page, and each child beside its own parent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sfmock import Org
from sfmock.org.paging import Paging
from sfmock.org.record import Record
from sfmock.soql.shape import Cell, ChildPage
from sfmock.versions import Version

V60 = Version(60)
THREE = "SELECT Name, (SELECT LastName, (SELECT Subject FROM Cases{}) FROM Contacts{}) FROM Account ORDER BY Name"
# Account 0 has no contact; contact 1-0 has no case, contact 1-1 has one, and so on: the number of cases is that of the name.
FAMILIES: dict[str, dict[str, list[str]]] = {
    f"A{account}": {
        f"C{account}{contact}": [f"S{account}{contact}{case}" for case in range(contact)]
        for contact in range(account)
    }
    for account in range(5)
}


@pytest.fixture(scope="module")
def family_org() -> Iterator[Org]:
    with Org.new() as org:
        for account, contacts in reversed(FAMILIES.items()):
            parent = org.insert("Account", {"Name": account}).id
            for contact, cases in reversed(contacts.items()):
                child = org.insert("Contact", {"LastName": contact, "AccountId": parent}).id
                for case in reversed(cases):
                    org.insert("Case", {"Subject": case, "ContactId": child})
        yield org


def _page(org: Org, soql: str, batch: int | None = None) -> list[Any]:
    found = org.queries.page(soql, user_id=org.admin_id, version=V60, exactly=batch)
    records: list[Any] = json.loads(found.records)
    return records


def _plain(records: list[Any]) -> dict[str, dict[str, list[str]]]:
    """The same without all that a reply has around the names."""
    return {
        account["Name"]: {
            contact["LastName"]: [each["Subject"] for each in _of(contact["Cases"])]
            for contact in _of(account["Contacts"])
        }
        for account in records
    }


def _of(children: Any) -> list[Any]:
    if children is None:
        return []
    assert children["totalSize"] == len(children["records"]) > 0
    return list(children["records"])


def test_each_child_stands_beside_its_own_parent(family_org: Org) -> None:
    soql = THREE.format(" ORDER BY Subject", " ORDER BY LastName")
    assert _plain(_page(family_org, soql)) == FAMILIES


def test_python_code_meets_the_same_families(family_org: Org) -> None:
    soql = THREE.format(" ORDER BY Subject", " ORDER BY LastName")
    found = family_org.query(soql)
    assert isinstance(found, list)
    read = {
        str(account["Name"]): {
            contact["LastName"]: [case["Subject"] for case in _records(contact["Cases"])]
            for contact in _records(account["Contacts"])
        }
        for account in found
    }
    assert read == FAMILIES


def _records(value: object) -> list[Record]:
    assert isinstance(value, list)
    return value


@pytest.mark.parametrize("bound", ["", " LIMIT 1"])
@pytest.mark.parametrize("door", ["page", "fetch"])
def test_a_level_is_one_select_for_any_number_of_parents(
    family_org: Org, bound: str, door: str
) -> None:
    soql = THREE.format(f" ORDER BY Subject{bound}", f" ORDER BY LastName{bound}")
    selects: list[str] = []
    _page(family_org, soql)
    connection = family_org.db._db
    connection.set_trace_callback(selects.append)
    try:
        _page(family_org, soql) if door == "page" else family_org.query(soql)
    finally:
        connection.set_trace_callback(None)
    assert [each.partition(" ")[0] for each in selects if '"User"' not in each] == ["SELECT"] * 3


def test_limit_counts_by_parent_on_each_level(family_org: Org) -> None:
    soql = THREE.format(" ORDER BY Subject DESC LIMIT 2", " ORDER BY LastName DESC LIMIT 2")
    expected = {
        account: {
            contact: cases[-1:-3:-1]
            for contact, cases in sorted(contacts.items(), reverse=True)[:2]
        }
        for account, contacts in FAMILIES.items()
    }
    assert _plain(_page(family_org, soql)) == expected


def test_children_beyond_a_page_are_left_out_with_their_own_children(family_org: Org) -> None:
    soql = THREE.format(" ORDER BY Subject", " ORDER BY LastName")
    org = family_org
    first = org.queries.page(soql, user_id=org.admin_id, version=V60, exactly=2)
    assert first.next_locator is not None
    second = org.queries.more(first.next_locator, user_id=org.admin_id, version=V60, exactly=2)
    assert second.next_locator is not None
    last = org.queries.more(second.next_locator, user_id=org.admin_id, version=V60, exactly=2)
    (account,) = json.loads(last.records)
    contacts = account["Contacts"]
    shown = [
        [each["LastName"], each["Cases"] and [case["Subject"] for case in each["Cases"]["records"]]]
        for each in contacts["records"]
    ]
    assert (contacts["totalSize"], contacts["done"], shown) == (
        4,
        False,
        [["C40", None], ["C41", ["S410"]]],
    )
    following = contacts["nextRecordsUrl"].rpartition("/")[2]
    more = org.queries.more(following, user_id=org.admin_id, version=V60, exactly=2)
    assert [each["LastName"] for each in json.loads(more.records)] == ["C42", "C43"]


TWO = (
    "SELECT Name, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account"
    " WHERE Name IN ('A3', 'A4') ORDER BY Name"
)


def test_pages_of_children_of_several_parents_stay_apart(family_org: Org) -> None:
    shown = [
        [contact["LastName"] for contact in account["Contacts"]["records"]]
        for account in _page(family_org, TWO, 2)
    ]
    assert shown == [["C30", "C31"], ["C40", "C41"]]


def test_so_do_pages_of_records(family_org: Org) -> None:
    paging = Paging(family_org.admin_id, V60, exactly=2)
    shown: list[tuple[int, bool, list[object]]] = []
    for account in family_org.queries.record_page(TWO, paging).records:
        children = account.items["Contacts"]
        assert isinstance(children, ChildPage)
        names = [each.items["LastName"] for each in children.records]
        values = [each.value for each in names if isinstance(each, Cell)]
        shown.append((children.total, children.next_locator is not None, [*values]))
    assert shown == [(3, True, ["C30", "C31"]), (4, True, ["C40", "C41"])]
