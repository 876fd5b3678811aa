"""Files, attachments and documents beyond single rows: links, versions, sizes, deletes that are taken back (metadata.md 4.10)."""

from __future__ import annotations

from base64 import b64encode
from hashlib import md5

import pytest

from sfmock.errors import Refused
from sfmock.org.org import Org
from sfmock.org.record import Record

HELLO = b64encode(b"Hello world").decode()


def links(org: Org, version: Record) -> set[tuple[str, str, str]]:
    """Who has a file: id, kind and visibility."""
    document_id = version["ContentDocumentId"]
    found = org.query(
        "SELECT LinkedEntityId, ShareType, Visibility FROM ContentDocumentLink"
        f" WHERE ContentDocumentId = '{document_id}'"
    )
    assert isinstance(found, list)
    return {(each["LinkedEntityId"], each["ShareType"], each["Visibility"]) for each in found}


def add_version(org: Org, **fields: object) -> Record:
    return org.insert("ContentVersion", {"PathOnClient": "a.txt", "VersionData": HELLO, **fields})


def test_a_new_file_is_linked_to_its_owner_and_to_where_it_is_published(org: Org) -> None:
    acme = org.create("Account")
    mine = (org.admin_id, "I", "AllUsers")
    assert links(org, add_version(org)) == {mine}
    assert links(org, add_version(org, FirstPublishLocationId=acme.id)) == {
        mine,
        (acme.id, "V", "AllUsers"),
    }
    assert links(org, add_version(org, FirstPublishLocationId=org.admin_id)) == {mine}


def test_a_later_version_adds_no_links(org: Org) -> None:
    first = add_version(org)
    second = add_version(org, ContentDocumentId=first["ContentDocumentId"])
    third = add_version(org, ContentDocumentId=first["ContentDocumentId"])
    assert len(links(org, third)) == 1
    numbers = {org.get(each.id)["VersionNumber"] for each in (first, second, third)}
    assert numbers == {"1", "2", "3"}
    document = org.get(third["ContentDocumentId"])
    assert document["LatestPublishedVersionId"] == third.id
    assert [org.get(each.id)["IsLatest"] for each in (first, second, third)] == [False, False, True]


def test_a_document_shows_what_its_version_holds(org: Org) -> None:
    version = add_version(org, Title="Plan", Description="Of action")
    document = org.get(version["ContentDocumentId"])
    same = (
        "Title", "Description", "FileType", "FileExtension", "ContentSize", "OwnerId", "PublishStatus", "SharingOption",
        "SharingPrivacy", "ContentModifiedDate", "CreatedDate", "CreatedById",
    )  # fmt: skip
    assert [document[each] for each in same] == [version[each] for each in same]
    assert version["Checksum"] == md5(b"Hello world", usedforsecurity=False).hexdigest()


def test_files_published_in_libraries_are_refused(org: Org) -> None:
    org.load({"ContentWorkspace": [{"Id": "058000000000001AAA", "Name": "Library"}]})
    before = org.digest()
    for place in ("058000000000001AAA", org.id):
        with pytest.raises(Refused, match="published in a library"):
            add_version(org, FirstPublishLocationId=place)
    assert org.digest() == before


def test_a_document_comes_back_with_versions_and_links(org: Org) -> None:
    org.clock.freeze()
    acme = org.create("Account")
    version = add_version(org, FirstPublishLocationId=acme.id)
    before, digest = links(org, version), org.digest()
    org.delete(version["ContentDocumentId"])
    assert org.count("ContentVersion") == 0
    assert links(org, version) == set()
    org.undelete(version["ContentDocumentId"])
    assert links(org, version) == before
    assert org.get(version.id)["IsLatest"] is True
    assert org.digest() == digest


@pytest.mark.parametrize(("sobject", "megabytes"), [("Attachment", 25), ("StaticResource", 5)])
def test_a_body_beyond_the_limit_is_refused(org: Org, sobject: str, megabytes: int) -> None:
    fields = {
        "Attachment": {"ParentId": org.create("Account").id, "Name": "big"},
        "StaticResource": {"Name": "big", "ContentType": "text/plain", "CacheControl": "Public"},
    }[sobject]
    largest = megabytes * 1024 * 1024
    made = org.insert(sobject, {**fields, "Body": b64encode(bytes(largest)).decode()})
    assert made["BodyLength"] == largest
    before = org.digest()
    with pytest.raises(Refused, match=f"a body of more than {megabytes} MB"):
        org.update(made.id, Body=b64encode(bytes(largest + 1)).decode())
    assert org.digest() == before
