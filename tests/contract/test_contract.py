"""What any Salesforce org does, told through a client alone: no fixture of the fake, so that it can run live later.

Rows carry a tag that no other row of a shared org has, and each test deletes what it made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from sfmock_reference import ApiError, Client, NotFound

MISSING = "001000000000001AAA"


@pytest.fixture
def make(sfmock_client: Client) -> Iterator[Callable[..., str]]:
    made: list[tuple[str, str]] = []

    def create(sobject: str, **fields: object) -> str:
        made.append((sobject, sfmock_client.create(sobject, fields)))
        return made[-1][1]

    yield create
    for sobject, record_id in reversed(made):
        try:
            sfmock_client.delete(sobject, record_id)
        except NotFound:
            continue  # the test, or the delete of its parent, took it away already


def error_of(action: Callable[[], object]) -> tuple[int, str, str]:
    with pytest.raises(ApiError) as caught:
        action()
    return caught.value.status, caught.value.code, caught.value.message


def test_a_created_row_reads_back(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    record_id = make("Account", Name=tag, NumberOfEmployees=5)
    row = sfmock_client.get("Account", record_id, fields=["Name", "NumberOfEmployees"])
    assert (row["Id"], row["Name"], row["NumberOfEmployees"]) == (record_id, tag, 5)
    assert len(record_id) == 18


def test_an_update_changes_what_it_names_and_nothing_else(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    record_id = make("Account", Name=tag, Phone="1", Website="https://example.com")
    sfmock_client.update("Account", record_id, {"Phone": None})
    row = sfmock_client.get("Account", record_id)
    assert (row["Phone"], row["Website"]) == (None, "https://example.com")


def test_a_deleted_row_is_not_found_and_cannot_be_deleted_again(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    record_id = make("Account", Name=tag)
    sfmock_client.delete("Account", record_id)
    assert error_of(lambda: sfmock_client.get("Account", record_id)) == (
        404,
        "NOT_FOUND",
        "The requested resource does not exist",
    )
    assert error_of(lambda: sfmock_client.delete("Account", record_id)) == (
        404,
        "ENTITY_IS_DELETED",
        "entity is deleted",
    )


def test_deleting_an_account_takes_its_contacts_along(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    account = make("Account", Name=tag)
    contact = make("Contact", LastName=tag, AccountId=account)
    sfmock_client.delete("Account", account)
    assert error_of(lambda: sfmock_client.get("Contact", contact))[0] == 404


def test_what_is_required_is_named(sfmock_client: Client) -> None:
    assert error_of(lambda: sfmock_client.create("Account", {})) == (
        400,
        "REQUIRED_FIELD_MISSING",
        "Required fields are missing: [Name]",
    )


def test_a_text_that_is_too_long_is_refused_with_its_label(sfmock_client: Client, tag: str) -> None:
    text = "x" * 256
    assert error_of(lambda: sfmock_client.create("Account", {"Name": text})) == (
        400,
        "STRING_TOO_LONG",
        f"Account Name: data value too large: {text} (max length=255)",
    )


def test_an_unknown_field_is_refused(sfmock_client: Client, tag: str) -> None:
    assert error_of(lambda: sfmock_client.create("Account", {"Name": tag, "Nope": 1})) == (
        400,
        "INVALID_FIELD",
        "No such column 'Nope' on sobject of type Account",
    )


def test_a_segment_that_is_no_id_is_read_as_an_external_id_field(sfmock_client: Client) -> None:
    assert error_of(lambda: sfmock_client.get("Account", "nonsense")) == (
        404,
        "NOT_FOUND",
        "Provided external ID field does not exist or is not accessible: nonsense",
    )


def test_queries_filter_sort_and_reach_parents(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    account = make("Account", Name=tag)
    for name in ("b", "a", "C"):
        make("Contact", LastName=name, Department=tag, AccountId=account)
    rows = sfmock_client.query(
        f"SELECT LastName, Account.Name FROM Contact WHERE Department = '{tag}' ORDER BY LastName"
    )
    assert [(row["LastName"], row["Account"]["Name"]) for row in rows] == [
        ("a", tag),
        ("b", tag),
        ("C", tag),
    ]


def test_text_compares_without_regard_to_case_and_null_is_not_equal_to_anything(
    sfmock_client: Client, make: Callable[..., str], tag: str
) -> None:
    make("Account", Name=tag, Site="Berlin")
    make("Account", Name=tag)
    where = f"SELECT Site FROM Account WHERE Name = '{tag.upper()}'"
    assert len(list(sfmock_client.query(where))) == 2
    assert [
        row["Site"] for row in sfmock_client.query(f"{where} AND Site != 'Bonn' ORDER BY Site")
    ] == [
        None,
        "Berlin",
    ]
    assert [row["Site"] for row in sfmock_client.query(f"{where} AND Site = 'BERLIN'")] == [
        "Berlin"
    ]


def test_a_wrong_column_is_shown_by_a_caret(sfmock_client: Client) -> None:
    status, code, message = error_of(
        lambda: list(sfmock_client.query("SELECT Id, Bacon__c FROM Account"))
    )
    assert (status, code) == (400, "INVALID_FIELD")
    assert message.startswith(
        "\nSELECT Id, Bacon__c FROM Account\n           ^\nERROR at Row:1:Column:12\n"
        "No such column 'Bacon__c' on entity 'Account'."
    )


def test_limits_move(sfmock_client: Client) -> None:
    first = sfmock_client.limits()["DailyApiRequests"]
    assert first["Max"] >= first["Remaining"] > 0
