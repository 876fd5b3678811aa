"""Files: base64 text in JSON, bytes in multipart forms, paths in records, and the resource behind the paths (rest.md 2.8)."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5, sha256
from pathlib import Path

import pytest
import requests

from calling import Answer, Caller
from sfmock.org.behaviour import bodies
from sfmock.org.dml import values
from sfmock.org.org import Org
from sfmock.org.record import Record
from sfmock.wire import JSON

BYTES = b"\x00\xff%PDF\r\n--x\r\n\r\n" + bytes(range(256))
FORM = "multipart/form-data; boundary=boundary_string"


@pytest.fixture
def account(org: Org) -> str:
    return org.insert("Account", {"Name": "Acme"}).id


def attach(org: Org, account: str, **fields: object) -> Record:
    return org.insert("Attachment", {"ParentId": account, "Name": "a.pdf", "Body": BYTES, **fields})


def form(*parts: tuple[str, str | None, bytes], boundary: str = "boundary_string") -> bytes:
    """A form as curl and the guide's samples write it: name, media type and bytes of each part."""
    body = b""
    for disposition, media_type, data in parts:
        body += f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n".encode()
        body += f"Content-Type: {media_type}\r\n".encode() if media_type else b""
        body += b"\r\n" + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode()


def entity(fields: str) -> tuple[str, str | None, bytes]:
    return 'name="entity_document";', "application/json", fields.encode()


def post(
    call: Caller, body: bytes, content_type: str = FORM, path: str = "/sobjects/Attachment"
) -> Answer:
    return call("POST", path, body=body, headers={"Content-Type": content_type})


def only(org: Org) -> Record:
    found = org.query("SELECT Id, Body, BodyLength, ContentType FROM Attachment")
    assert isinstance(found, list)
    (record,) = found
    return record


def test_the_bytes_of_a_row_are_a_resource_of_their_own(
    call: Caller, org: Org, account: str
) -> None:
    made = attach(org, account, ContentType="application/pdf")

    for path in ("Body", "body/"):
        answer = call("GET", f"/sobjects/Attachment/{made.id[:15]}/{path}")
        assert answer.status == 200
        assert answer.rendered.body == BYTES
        assert answer.headers.get("Content-Type") == "application/pdf"
        assert answer.headers.get("Sforce-Limit-Info") is not None
    head = call("HEAD", f"/sobjects/Attachment/{made.id}/Body", version="31.0")
    assert (head.status, head.rendered.body) == (200, b"")
    assert head.headers.get("Content-Type") == "application/pdf"


def test_a_file_without_a_type_is_a_stream_of_octets(call: Caller, org: Org, account: str) -> None:
    answer = call("GET", f"/sobjects/Attachment/{attach(org, account).id}/Body")

    assert answer.headers.get("Content-Type") == "application/octet-stream"


def test_a_record_holds_the_path_of_its_file(call: Caller, org: Org, account: str) -> None:
    """rest-0185: an attachment of 2016 at v37.0."""
    made = attach(org, account, Name="helloworld.txt", Body=b"Hello world")
    path = f"/services/data/v37.0/sobjects/Attachment/{made.id}/Body"

    body = call("GET", f"/sobjects/Attachment/{made.id}", version="37.0").json

    assert isinstance(body, dict)
    assert (body["Body"], body["BodyLength"], body["ContentType"]) == (path, 11, None)
    assert call("GET", path).text == "Hello world"
    listed = call(
        "GET", f"/sobjects/Attachment/{made.id}?fields=Body,Owner.Username", version="37.0"
    ).json
    assert isinstance(listed, dict)
    assert listed["Body"] == path


def test_a_query_holds_the_path_of_a_file_or_null(call: Caller, org: Org) -> None:
    org.load({"Document": [{"Name": "A", "Body": b"x"}, {"Name": "B"}]})
    ids = [each.id for each in _records(org, "SELECT Id FROM Document ORDER BY Name")]

    answer = call("GET", "/query?q=SELECT+Body,Name+FROM+Document+ORDER+BY+Name")

    url = "/services/data/v60.0/sobjects/Document"
    assert answer.json == {
        "totalSize": 2,
        "done": True,
        "records": [
            {
                "attributes": {"type": "Document", "url": f"{url}/{ids[0]}"},
                "Body": f"{url}/{ids[0]}/Body",
                "Name": "A",
            },
            {
                "attributes": {"type": "Document", "url": f"{url}/{ids[1]}"},
                "Body": None,
                "Name": "B",
            },
        ],
    }


def test_files_cannot_be_filtered(call: Caller) -> None:
    answer = call("GET", "/query?q=SELECT+Id+FROM+Attachment+WHERE+Body+=+'x'")

    assert answer.status == 400
    assert "field 'Body' can not be filtered in a query call" in answer.text


def test_python_gives_and_takes_bytes(org: Org, account: str) -> None:
    made = attach(org, account)

    assert made["Body"] == BYTES
    assert made["BodyLength"] == len(BYTES)
    assert only(org)["Body"] == BYTES
    changed = org.update(made.id, Body=b"new")
    assert (changed["Body"], changed["BodyLength"]) == (b"new", 3)
    assert org.create("Attachment")["Body"]


def test_json_holds_base64_text(call: Caller, org: Org, account: str) -> None:
    fields: dict[str, JSON] = {"ParentId": account, "Name": "a", "Body": b64encode(BYTES).decode()}
    answer = call("POST", "/sobjects/Attachment", fields)

    assert answer.status == 201
    assert only(org)["Body"] == BYTES
    path = f"/sobjects/Attachment/{only(org).id}"
    assert call("PATCH", path, {"Body": "bmV3"}).status == 204
    assert (only(org)["Body"], only(org)["BodyLength"]) == (b"new", 3)
    assert call("PATCH", path, {"Name": "b"}).status == 204
    assert only(org)["Body"] == b"new"


@pytest.mark.parametrize("fields", [{}, {"Body": None}, {"Body": ""}])
def test_an_attachment_needs_a_body(
    call: Caller, org: Org, account: str, fields: dict[str, JSON]
) -> None:
    """rest-0184."""
    answer = call("POST", "/sobjects/Attachment", {"ParentId": account, "Name": "a", **fields})

    assert answer.status == 400
    assert answer.json == [
        {
            "message": "Required fields are missing: [Body]",
            "errorCode": "REQUIRED_FIELD_MISSING",
            "fields": ["Body"],
        }
    ]


@pytest.mark.parametrize("body", ["no base64!", "YQ", "YQ==\n", 5, True, ["YQ=="]])
def test_what_is_no_base64_is_refused(call: Caller, org: Org, account: str, body: JSON) -> None:
    before = org.digest()

    answer = call("POST", "/sobjects/Attachment", {"ParentId": account, "Name": "a", "Body": body})

    assert answer.status == 501
    assert "base64" in answer.text
    assert org.digest() == before


def test_what_is_too_large_is_refused(
    call: Caller, org: Org, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields: dict[str, JSON] = {"ParentId": account, "Name": "a", "Body": "YWJj"}
    monkeypatch.setattr(bodies, "_MEGABYTE", 0)
    assert (
        "a body of more than 25 MB (attachment)"
        in call("POST", "/sobjects/Attachment", fields).text
    )
    monkeypatch.setattr(values, "_LONGEST_BASE64", 3)
    assert "base64 text of more than 50 MB" in call("POST", "/sobjects/Attachment", fields).text
    assert org.count("Attachment") == 0


def test_a_form_carries_the_fields_and_the_bytes(call: Caller, org: Org, account: str) -> None:
    body = form(
        entity(f'{{"ParentId": "{account}", "Name": "a.pdf", "ContentType": "application/pdf"}}'),
        ('name="Body"; filename="a.pdf"', "application/pdf", BYTES),
    )

    answer = post(call, body)

    assert answer.status == 201
    record = only(org)
    assert answer.json == {"id": record.id, "success": True, "errors": []}
    assert (record["Body"], record["BodyLength"]) == (BYTES, len(BYTES))
    changed = form(entity("{}"), ("name=body; filename=b", "text/plain", b"new"))
    path = f"/sobjects/Attachment/{record.id}"
    headers = {"Content-Type": FORM}
    assert call("PATCH", path, body=changed, headers=headers).status == 204
    assert (only(org)["Body"], only(org)["ContentType"]) == (b"new", "application/pdf")


def test_the_parts_of_a_form_come_in_any_order_under_any_name(
    call: Caller, org: Org, account: str
) -> None:
    boundary = "-" * 8 + "WebKit 'x'"
    body = (
        b"preamble"
        + b"\r\n"
        + form(
            ('name="Body"; filename="a"', None, b""),
            (
                'name="whatever"',
                "application/json; charset=UTF-8",
                f'{{"ParentId":"{account}","Name":"a"}}'.encode(),
            ),
            boundary=boundary,
        )
    )
    missing = post(call, body, f'multipart/form-data; boundary="{boundary}"')
    assert missing.status == 400  # an empty file is none
    assert "Required fields are missing: [Body]" in missing.text

    made = post(
        call,
        body.replace(b'filename="a"\r\n\r\n', b'filename="a"\r\n\r\n--'),
        f'multipart/form-data; boundary="{boundary}"',
    )
    assert made.status == 201
    assert only(org)["Body"] == b"--"


def test_a_form_of_requests_is_read(call: Caller, org: Org, account: str) -> None:
    entity_part = (None, f'{{"ParentId": "{account}", "Name": "a"}}', "application/json")
    request = requests.Request(
        "POST",
        "https://example.com",
        files={"entity_document": entity_part, "Body": ("a.pdf", BYTES, "application/pdf")},
    ).prepare()
    assert isinstance(request.body, bytes)

    assert post(call, request.body, request.headers["Content-Type"]).status == 201

    assert only(org)["Body"] == BYTES


def test_a_version_of_a_file_comes_as_a_form(call: Caller, org: Org) -> None:
    """The guide's sample of a multipart insert, and what follows from it (rest.md 2.8)."""
    body = form(
        entity('{"PathOnClient": "brochure.pdf", "ReasonForChange": "Marketing"}'),
        ('name="VersionData"; filename="brochure.pdf"', "application/octet-stream", BYTES),
    )

    made = post(call, body, path="/sobjects/ContentVersion")

    assert made.status == 201
    (version,) = _records(
        org, "SELECT Id, Title, FileType, ContentSize, Checksum, VersionData FROM ContentVersion"
    )
    assert made.json == {"id": version.id, "success": True, "errors": []}
    assert (version["Title"], version["FileType"]) == ("brochure", "PDF")
    assert version["ContentSize"] == len(BYTES)
    assert version["Checksum"] == md5(BYTES, usedforsecurity=False).hexdigest()
    row = call("GET", f"/sobjects/ContentVersion/{version.id}").json
    assert isinstance(row, dict)
    path = f"/services/data/v60.0/sobjects/ContentVersion/{version.id}/VersionData"
    assert row["VersionData"] == path
    answer = call("GET", path)
    assert (answer.status, answer.rendered.body) == (200, BYTES)
    assert answer.headers.get("Content-Type") == "application/octet-stream"
    again = form(entity("{}"), ('name="VersionData"', None, b"x"))
    refused = call("PATCH", path.rpartition("/")[0], body=again, headers={"Content-Type": FORM})
    assert refused.status == 400
    assert "Unable to create/update fields: VersionData" in refused.text


def test_a_parser_error_of_a_form_points_into_its_json(call: Caller, account: str) -> None:
    fields = f'{{"ParentId": "{account}",\n "IsPrivate": "maybe"}}'
    answer = post(call, form(entity(fields), ('name="Body"', None, b"x")))

    assert answer.status == 400
    assert "instance of boolean from VALUE_STRING value maybe" in answer.text
    assert "at [line:2, column:2]" in answer.text


@pytest.mark.parametrize(
    ("body", "content_type", "feature"),
    [
        (form(entity("{}")), FORM, "other than one JSON part and one for a base64 field"),
        (form(('name="Body"', None, b"x")), FORM, "other than one JSON part"),
        (
            form(entity("{}"), ('name="Body"', None, b"x"), ('name="Body"', None, b"y")),
            FORM,
            "other than one",
        ),
        (form(entity("{}"), ('name="Bodies"', None, b"x")), FORM, "other than one JSON part"),
        (form(('name="e"', "text/plain", b"{}"), ('name="Body"', None, b"x")), FORM, "is no JSON"),
        (
            form(entity('{"body":"YQ=="}'), ('name="Body"', None, b"x")),
            FORM,
            "stands in its JSON, too",
        ),
        (form(('filename="e"', None, b"{}"), ('name="Body"', None, b"x")), FORM, "without a name"),
        (
            form(entity("{}"), ('name="Body"', None, b"\r\n--boundary_strings")),
            FORM,
            "holds its boundary",
        ),
        (
            form(entity("{}"), ('name="Body"\r\nContent-Transfer-Encoding: base64', None, b"YQ==")),
            FORM,
            "encoded as base64",
        ),
        (
            form(entity("{}"), ('name="Body"', None, b"x"))[:-8],
            FORM,
            "does not end with its boundary",
        ),
        (b"{}", FORM, "does not end with its boundary"),
        (b"{}", "multipart/form-data", "without a boundary"),
        (b"{}", f"multipart/form-data; boundary={'b' * 71}", "without a boundary"),
    ],
)
def test_a_form_that_no_client_should_send_is_refused(
    body: bytes, content_type: str, feature: str, call: Caller, org: Org
) -> None:
    answer = post(call, body, content_type)

    assert answer.status == 501
    assert feature in answer.text
    assert org.count("Attachment") == 0


def test_a_form_is_no_media_type_of_rows_without_files(call: Caller) -> None:
    answer = post(
        call, form(entity('{"Name":"x"}'), ('name="Body"', None, b"x")), path="/sobjects/Account"
    )

    assert answer.status == 415
    assert answer.json == [
        {
            "errorCode": "UNSUPPORTED_MEDIA_TYPE",
            "message": "MediaType of 'multipart/form-data' is not supported by this resource",
        }
    ]


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "POST", "PUT"])
def test_a_file_is_not_changed_by_its_path(
    call: Caller, org: Org, account: str, method: str
) -> None:
    answer = call(method, f"/sobjects/Attachment/{attach(org, account).id}/Body", {})

    assert answer.status == 501
    assert "changing a file by its path" in answer.text


def test_there_are_no_bytes_of_a_row_that_is_gone(call: Caller, org: Org, account: str) -> None:
    made = attach(org, account)
    path = f"/sobjects/Attachment/{made.id}/Body"
    org.delete(account)  # the attachment goes with it

    for missing in (
        path,
        "/sobjects/Attachment/00P000000000001AAA/Body",
        f"/sobjects/Attachment/{account}/Body",
    ):
        answer = call("GET", missing)
        assert answer.status == 404
        assert answer.json == [
            {"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}
        ]


def test_the_bytes_of_an_empty_field_are_refused(call: Caller, org: Org) -> None:
    org.load({"Document": [{"Name": "B"}]})
    (document,) = _records(org, "SELECT Id FROM Document")

    answer = call("GET", f"/sobjects/Document/{document.id}/Body")

    assert answer.status == 501
    assert "an empty base64 field" in answer.text


def test_a_type_that_breaks_a_header_is_refused(call: Caller, org: Org, account: str) -> None:
    made = attach(org, account, ContentType="text/plain\r\nX-Evil: 1")

    answer = call("GET", f"/sobjects/Attachment/{made.id}/Body")

    assert answer.status == 501
    assert answer.headers.get("X-Evil") is None


def test_equal_files_are_stored_once_and_count_in_the_digest(org: Org, account: str) -> None:
    start = org.snapshot()
    attach(org, account)
    attach(org, account)
    assert org.db.value("SELECT COUNT(*) FROM sf_blob") == 1
    assert (
        org.db.value('SELECT "Body" FROM "Attachment"')
        == f"{sha256(BYTES).hexdigest()}.{len(BYTES)}"
    )

    org.restore(start)
    org.clock.freeze()
    made = attach(org, account)
    before = org.digest()
    org.update(made.id, Body=b"new")
    assert org.digest() != before
    org.update(made.id, Body=BYTES)
    assert org.digest() == before


def test_changes_and_saved_orgs_hold_the_bytes(org: Org, account: str, tmp_path: Path) -> None:
    made = attach(org, account)
    start = org.snapshot()
    org.update(made.id, Body=b"new")
    more = attach(org, account, Name="b")

    changes = org.changes(since=start)
    (update,) = changes.updated["Attachment"]
    assert update.fields["Body"] == (BYTES, b"new")
    assert changes.created["Attachment"][0]["Body"] == BYTES
    org.save(tmp_path / "org.sqlite")
    with Org.open(tmp_path / "org.sqlite") as copy:
        assert copy.get(more.id)["Body"] == BYTES


def test_loaded_files_are_text_or_bytes(org: Org) -> None:
    org.load({"Document": [{"Name": "A", "Body": b"x"}, {"Name": "B", "Body": "eA=="}]})

    assert [each["Body"] for each in _records(org, "SELECT Body FROM Document")] == [b"x", b"x"]


def _records(org: Org, soql: str) -> list[Record]:
    found = org.query(soql)
    assert isinstance(found, list)
    return found
