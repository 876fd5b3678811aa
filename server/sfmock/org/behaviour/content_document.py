"""Files and their links to records: a document is made by its first version, and a record is linked once (metadata.md 4.10)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, exists

_SHARED = ("Title", "Description", "SharingOption", "SharingPrivacy")
_UNKNOWN = {
    "IsArchived": "archiving files",
    "OwnerId": "another owner for a file",
    "ParentId": "moving files between libraries",
    "ContentAssetId": "asset files",
}


def derive(draft: Draft) -> None:
    """Refuse what a document does beyond its title."""
    for name, feature in _UNKNOWN.items():
        if draft.changes(name):
            raise errors.refuse(feature)


def follow(draft: Draft) -> None:
    """After a document's change: the latest version shows it, too."""
    latest = draft.store.named("ContentVersion", str(draft["LatestPublishedVersionId"]))
    if latest is not None:
        change_row(draft, "ContentVersion", latest, {name: draft[name] for name in _SHARED})


def link(draft: Draft) -> None:
    """Check a link: one for each record, of a kind that the record knows."""
    document_id, entity_id = str(draft["ContentDocumentId"]), str(draft["LinkedEntityId"])
    sobject = draft.store.catalogue.by_id(entity_id)
    if not draft.creating and _is_owners(draft.before("ShareType"), entity_id):
        raise errors.refuse("changing the link of a file to its owner")
    if draft["ShareType"] is None:
        raise errors.refuse("the error for a link of a file without ShareType")
    if draft.creating and draft["Visibility"] is None:
        draft.values["Visibility"] = "AllUsers"  # in an org without communities
    if draft["Visibility"] == "SharedUsers":
        raise errors.refuse("files that are visible to shared users")
    if draft.creating and exists(
        draft.store, "ContentDocumentLink", ContentDocumentId=document_id, LinkedEntityId=entity_id
    ):
        raise errors.LINKED_ALREADY(
            document=document_id, entity=entity_id, fields=["LinkedEntityId"]
        )
    if sobject is None or sobject.name in ("ContentWorkspace", "Organization"):
        raise errors.refuse("files that are shared with a library or the whole organization")
    if draft["ShareType"] == "I" and sobject.name in ("User", "CollaborationGroup"):
        raise errors.refuse("the error for a user or group whose access to a file is inferred")


def check_unlinkable(change: Change) -> None:
    """Refuse to take a file from its owner, unless it goes as a whole."""
    row = change.row
    document = change.store.named("ContentDocument", str(row["ContentDocumentId"]))
    if document is not None and _is_owners(row["ShareType"], str(row["LinkedEntityId"])):
        raise errors.refuse("the error for deleting the link of a file to its owner")


def _is_owners(share_type: object, entity_id: str) -> bool:
    return share_type == "I" and entity_id.startswith("005")
