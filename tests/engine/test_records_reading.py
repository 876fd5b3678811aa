"""Reading rows over REST: the whole record, caching headers, conditions; and where parser errors point."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from calling import Caller
from sfmock.org.org import Org
from sfmock.represent.places import places

MOMENT = datetime(2024, 5, 31, 12, 30, 15, 900_000, tzinfo=UTC)


@pytest.fixture
def account(org: Org) -> str:
    org.clock.freeze(MOMENT)
    return org.records.insert(org.schema["Account"], {"Name": "Acme"}, user_id=org.admin_id)


def test_a_record_is_read_in_describe_order_after_its_attributes(
    call: Caller, account: str
) -> None:
    answer = call("GET", f"/sobjects/Account/{account}")

    record = answer.json
    assert isinstance(record, dict)
    assert list(record) == [
        "attributes",
        *(each.name for each in call.org.schema["Account"].fields),
    ]
    assert record["attributes"] == {
        "type": "Account",
        "url": f"/services/data/v60.0/sobjects/Account/{account}",
    }
    assert record["IsDeleted"] is False
    assert record["PhotoUrl"] == f"/services/images/photo/{account}"
    assert record["CreatedDate"] == record["SystemModstamp"] == "2024-05-31T12:30:15.000+0000"


def test_head_answers_the_headers_of_a_read(call: Caller, account: str) -> None:
    answer = call("HEAD", f"/sobjects/Account/{account}")

    assert (answer.status, answer.text) == (200, "")
    assert answer.headers.get("Last-Modified") == "Fri, 31 May 2024 12:30:15 GMT"


def test_an_account_has_an_etag_that_changes_with_it(call: Caller, account: str) -> None:
    path = f"/sobjects/Account/{account}"
    before = call("GET", path).headers.get("ETag")
    call("PATCH", path, {"Name": "Ajax"})
    after = call("GET", path).headers.get("ETag")

    assert before is not None
    assert len(before) == 46
    assert before[0] == before[-1] == '"'
    assert after not in (None, before)


def test_other_rows_have_no_etag(call: Caller, org: Org) -> None:
    record_id = org.records.insert(org.schema["Contact"], {"LastName": "Doe"}, user_id=org.admin_id)

    answer = call("GET", f"/sobjects/Contact/{record_id}")

    assert answer.headers.get("ETag") is None
    assert answer.headers.get("Last-Modified") is not None


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("If-None-Match", "ETAG", 304),
        ("If-None-Match", '"other"', 200),
        ("If-Match", "ETAG", 200),
        ("If-Match", '"other"', 412),
        ("If-Modified-Since", "Mon, 31 May 2024 12:30:15 GMT", 304),
        ("If-Modified-Since", "Fri, 31 May 2024 12:30:14 GMT", 200),
        ("If-Unmodified-Since", "Fri, 31 May 2024 12:30:15 GMT", 200),
        ("If-Unmodified-Since", "Fri, 31 May 2024 12:30:14 GMT", 412),
    ],
)
def test_a_condition_decides_about_a_read(
    header: str, value: str, status: int, call: Caller, account: str
) -> None:
    path = f"/sobjects/Account/{account}"
    etag = call("GET", path).headers.get("ETag") or ""

    answer = call("GET", path, headers={header: value.replace("ETAG", etag)})

    assert answer.status == status
    if status == 304:
        assert answer.text == ""
        assert answer.headers.get("ETag") == etag


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If-None-Match": "GZIP"}, 304),
        ({"If-None-Match": 'W/ETAG, "b"'}, 304),
        ({"If-None-Match": '"a", ETAG'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"other"', "If-Modified-Since": "Fri, 31 May 2024 12:30:15 GMT"}, 200),
        ({"If-Match": 'GZIP, "b"'}, 200),
        ({"If-Match": "*"}, 200),
        ({"If-Match": "W/ETAG"}, 412),
        ({"If-Match": "ETAG", "If-Unmodified-Since": "Fri, 31 May 2024 12:30:14 GMT"}, 200),
        ({"If-Modified-Since": "Fri, 31 May 2024 12:30:15 GMT", "If-Match": "ETAG"}, 304),
        ({"If-Range": "ETAG"}, 200),
    ],
)
def test_tags_come_in_lists_weak_and_compressed_and_go_before_dates(
    headers: dict[str, str], status: int, call: Caller, account: str
) -> None:
    path = f"/sobjects/Account/{account}"
    etag = call("GET", path).headers.get("ETag") or ""
    packed = f'{etag[:-1]}--gzip"'

    answer = call(
        "GET",
        path,
        headers={
            name: value.replace("ETAG", etag).replace("GZIP", packed)
            for name, value in headers.items()
        },
    )

    assert answer.status == status


def test_a_tag_means_nothing_for_rows_without_one(call: Caller, org: Org) -> None:
    org.clock.freeze(MOMENT)
    contact = org.insert("Contact", {"LastName": "Doe"}).id
    path = f"/sobjects/Contact/{contact}"

    assert call("GET", path, headers={"If-None-Match": "*"}).status == 200
    assert call("GET", path, headers={"If-Match": '"other"'}).status == 200
    since = {"If-None-Match": "*", "If-Modified-Since": "Fri, 31 May 2024 12:30:15 GMT"}
    assert call("GET", path, headers=since).status == 304


def test_a_view_does_not_change_the_tag_of_an_account(call: Caller, account: str) -> None:
    path = f"/sobjects/Account/{account}"
    first = call("GET", path)
    call.org.clock.advance(minutes=1)
    second = call("GET", path)

    assert first.headers.get("ETag") == second.headers.get("ETag")
    assert first.json != second.json


def test_a_condition_on_a_delete_does_not_count(call: Caller, account: str) -> None:
    answer = call("DELETE", f"/sobjects/Account/{account}", headers={"If-Match": '"other"'})

    assert answer.status == 204


@pytest.mark.parametrize(
    ("method", "path", "headers", "feature"),
    [
        ("PATCH", "/{id}", {"If-Match": "other"}, "an invalid If-Match"),
        ("PATCH", "/{id}", {"If-None-Match": '"a" "b"'}, "an invalid If-None-Match"),
        ("PATCH", "/{id}", {"If-Unmodified-Since": "yesterday"}, "an unreadable date"),
        ("PATCH", "/{id}", {"If-Modified-Since": "Fri, 31 May 2024 12:30:15 GMT"}, "on a PATCH"),
        ("PATCH", "/Id/{id}", {"If-Match": "*"}, "on a create or an upsert"),
        ("POST", "", {"If-None-Match": "*"}, "on a create or an upsert"),
    ],
)
def test_conditions_without_a_known_error_are_refused(
    method: str, path: str, headers: dict[str, str], feature: str, call: Caller, account: str
) -> None:
    before = call.org.digest()

    answer = call(
        method,
        f"/sobjects/Account{path.format(id=account)}",
        {"Name": "Ajax"},
        headers={"Content-Type": "application/json", **headers},
    )

    assert answer.status == 501
    assert feature in answer.text
    assert call.org.digest() == before


@pytest.mark.parametrize(("value", "status"), [("ETAG", 204), ('"other"', 412)])
def test_a_change_may_depend_on_the_etag(
    value: str, status: int, call: Caller, account: str
) -> None:
    path = f"/sobjects/Account/{account}"
    etag = call("GET", path).headers.get("ETag") or ""

    answer = call(
        "PATCH", path, {"Name": "Ajax"}, headers={"If-Match": value.replace("ETAG", etag)}
    )

    assert answer.status == status
    row = call.org.records.find(call.org.schema["Account"], account)
    assert row is not None
    assert row["Name"] == ("Ajax" if status == 204 else "Acme")


def test_xml_bodies_are_refused(call: Caller) -> None:
    answer = call(
        "POST",
        "/sobjects/Account",
        body=b"<Account><Name>x</Name></Account>",
        headers={"Content-Type": "application/xml"},
    )

    assert answer.status == 501


@pytest.mark.parametrize(
    ("body", "key", "place"),
    [
        ('{"a":1}', "a", (1, 2)),
        ('{\n  "x": {"a": 1, "y": [{"a": 2}]},\n  "a" : 3}', "a", (3, 3)),
        ('{"a\\u0062": "a", "b": "}{"}', "ab", (1, 2)),
        ('{"x": "a", "a": 1}', "a", (1, 12)),
        ("{}", "a", (1, 2)),
    ],
)
def test_a_parser_error_points_to_the_key(body: str, key: str, place: tuple[int, int]) -> None:
    assert places(body.encode())(key) == place


def test_a_restore_ends_304_for_a_row_that_was_read_before_it(call: Caller, org: Org) -> None:
    changed, left = org.create("Contact", 2)
    assert call("GET", "/limits").status == 200  # the session is older than the snapshot
    snapshot = org.snapshot()
    paths = [f"/sobjects/Contact/{each.id}?fields=LastName" for each in (changed, left)]
    org.update(changed.id, LastName="Undone")
    undone, kept = ({"If-Modified-Since": _modified(call, path)} for path in paths)

    for _ in range(2):  # a second restore does not forget the first
        org.restore(snapshot)

        assert call("GET", paths[0], headers=undone).status == 200
        assert call("GET", paths[1], headers=kept).status == 304
        again = {"If-Modified-Since": _modified(call, paths[0])}
        assert call("GET", paths[0], headers=again).status == 304
        answer = call("PATCH", paths[0], {"LastName": "D"}, headers={"If-Unmodified-Since": undone["If-Modified-Since"]})  # fmt: skip
        assert answer.status == 412


def test_a_row_that_is_written_after_a_restore_is_as_old_as_its_stamp(
    call: Caller, org: Org
) -> None:
    contact = org.create("Contact")
    snapshot = org.snapshot()
    org.update(contact.id, LastName="Undone")
    org.restore(snapshot)
    org.clock.advance(minutes=1)

    found = org.update(contact.id, LastName="Done")["SystemModstamp"]

    assert isinstance(found, datetime)
    modified = _modified(call, f"/sobjects/Contact/{contact.id}")
    assert modified == format_datetime(found, usegmt=True)


def _modified(call: Caller, path: str) -> str:
    return str(call("GET", path).headers.get("Last-Modified"))
