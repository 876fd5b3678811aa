"""Versions of files: a first one makes the document and its links, a later one takes the place of the latest (metadata.md 4.10)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors
from sfmock.org.behaviour import bodies, file_types
from sfmock.org.behaviour.companions import add
from sfmock.org.behaviour.draft import Draft
from sfmock.org.behaviour.rows import change_row, live
from sfmock.org.dml.plan import Row
from sfmock.store.database import Value

_SHARED = ("Title", "Description", "SharingOption", "SharingPrivacy")
"""Fields that a document has in common with its latest version, and that may be changed in either."""
_COMPUTED = ("FileType", "FileExtension", "ContentSize", "ContentModifiedDate")
_UNKNOWN: Mapping[str, str] = {
    "TagCsv": "tags of files",
    "ExternalDataSourceId": "files of external data sources",
    "ExternalDocumentInfo1": "files of external data sources",
    "ExternalDocumentInfo2": "files of external data sources",
}


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives, and make the document of a first version."""
    _refuse_unknown(draft)
    if not draft.creating:
        return
    latest = _latest(draft)
    _describe_content(draft)
    _give_title(draft, latest)
    draft.values |= {
        "ContentModifiedDate": draft.now,
        "ContentModifiedById": draft.user_id,
        "PublishStatus": "R",  # of a file that is in no library
        "VersionNumber": str(1 if latest is None else int(str(latest["VersionNumber"])) + 1),
    }
    draft.truth("IsLatest", True)
    if latest is None:
        draft.values["ContentDocumentId"] = _document(draft)
        _link(draft)


def follow(draft: Draft) -> None:
    """After a version's create or change: the document shows its latest version."""
    document = draft.store.named("ContentDocument", str(draft["ContentDocumentId"]))
    if document is None:
        return
    if not draft.creating:
        change_row(draft, "ContentDocument", document, {name: draft[name] for name in _SHARED})
        return
    if document["LatestPublishedVersionId"] != draft.record_id:
        former = draft.store.catalogue.find("ContentVersion")
        if former is not None:
            plan = draft.store.plan(former)
            draft.store.update(plan, str(document["LatestPublishedVersionId"]), {"IsLatest": 0})
        values = {name: draft[name] for name in (*_SHARED, *_COMPUTED)}
        values["LatestPublishedVersionId"] = draft.record_id
        change_row(draft, "ContentDocument", document, values)


def _refuse_unknown(draft: Draft) -> None:
    for name, feature in _UNKNOWN.items():
        if draft.values.get(name) is not None:
            raise errors.refuse(feature)
    if draft["ContentLocation"] != "S":
        raise errors.refuse("files that lie outside of Salesforce")
    if draft["OwnerId"] != (draft.user_id if draft.creating else draft.before("OwnerId")):
        raise errors.refuse("another owner for a file")
    if not draft.creating and not draft.before("IsLatest"):
        raise errors.refuse("changing a version of a file that is not the latest")
    if not draft.creating and draft.changes("ContentUrl"):
        raise errors.refuse("another address for a file that is a link")


def _latest(draft: Draft) -> Row | None:
    """The version that this one follows, None for a file that is new."""
    document_id = draft["ContentDocumentId"]
    if document_id is None:
        return None
    if draft["FirstPublishLocationId"] is not None:
        raise errors.refuse("the error for FirstPublishLocationId together with ContentDocumentId")
    found = live(draft.store, "ContentVersion", ContentDocumentId=document_id, IsLatest=1)
    if not found:
        raise errors.refuse("a version of a file that has none")
    if (found[0]["FileType"] == file_types.LINK) != (draft["ContentUrl"] is not None):
        raise errors.refuse("a link as the version of a file, or the other way round")
    return found[0]


def _describe_content(draft: Draft) -> None:
    """Type, extension, size and checksum."""
    path, data = draft["PathOnClient"], draft["VersionData"]
    if draft["ContentUrl"] is not None:
        if path is not None or data is not None:
            raise errors.refuse("a file that is a link and has content")
        draft.values["FileType"] = file_types.LINK
        return
    if path is None or data is None:
        raise errors.refuse("the error for a file without PathOnClient and VersionData")
    extension = file_types.extension_of(str(path))
    content = bodies.content(draft, "VersionData")
    draft.values |= {
        "FileExtension": extension,
        "FileType": file_types.type_of(extension),
        "ContentSize": len(content),
        "Checksum": bodies.checksum(content),
    }


def _give_title(draft: Draft, latest: Row | None) -> None:
    """The title that is given, else the name of the file; which of two a later version takes is not known."""
    if draft["Title"] is not None:
        return
    if draft["PathOnClient"] is None:
        raise errors.refuse("the title of a link that is given none")
    title = file_types.title_of(str(draft["PathOnClient"]))
    if latest is not None and latest["Title"] != title:
        raise errors.refuse(
            "the title of a version whose file is called otherwise than the one before"
        )
    draft.values["Title"] = title


def _document(draft: Draft) -> str:
    values: Row = {name: draft[name] for name in (*_SHARED, *_COMPUTED, "PublishStatus", "OwnerId")}
    return add(draft, "ContentDocument", {**values, "LatestPublishedVersionId": draft.record_id})


def _link(draft: Draft) -> None:
    """Who inserts a file has it, and so has the place where it is published."""
    document_id, place = draft["ContentDocumentId"], draft["FirstPublishLocationId"]
    linked: dict[Value, str] = {draft.user_id: "I"}
    if place is not None:
        sobject = draft.store.catalogue.by_id(str(place))
        if sobject is None or sobject.name in ("ContentWorkspace", "Organization"):
            raise errors.refuse(
                "files that are published in a library or to the whole organization"
            )
        linked.setdefault(place, "V")
    for entity_id, share_type in linked.items():
        values: Row = {
            "ContentDocumentId": document_id,
            "LinkedEntityId": entity_id,
            "ShareType": share_type,
            "Visibility": "AllUsers",  # in an org without communities
        }
        add(draft, "ContentDocumentLink", values)
