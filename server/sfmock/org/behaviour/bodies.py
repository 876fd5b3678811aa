"""Attachments, documents and static resources: their bodies, how long these are and may be (metadata.md 4.10)."""

from __future__ import annotations

from hashlib import md5

from sfmock import errors
from sfmock.org.behaviour import naming
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists
from sfmock.org.dml import blobs

_MEGABYTE = 1024 * 1024
_IN_FOLDERS = (
    ("Document", "FolderId"), ("EmailTemplate", "FolderId"), ("Dashboard", "FolderId"), ("Report", "OwnerId"),
)  # fmt: skip
"""Sobjects whose rows lie in folders, and the reference that says in which."""


def content(draft: Draft, name: str) -> bytes:
    """The bytes of a body as it will be after the write."""
    key = draft[name]
    return b"" if key is None else blobs.read(draft.store.db, key)


def checksum(body: bytes) -> str:
    """The checksum of a file: MD5 in hexadecimal digits."""
    return md5(body, usedforsecurity=False).hexdigest()


def attach(draft: Draft) -> None:
    """An attachment: 25 MB at most."""
    _measure(draft, 25)


def document(draft: Draft) -> None:
    """A document: in a folder of documents or the author's own, with a body or an address."""
    naming.derive(draft)
    if draft["Body"] is not None and draft["Url"] is not None:
        raise errors.refuse("a document that has a body and an address")
    folder_id = str(draft["FolderId"])
    if folder_id.startswith("005"):
        if folder_id != draft.user_id:
            raise errors.refuse("documents in the personal folder of another user")
    elif not exists(draft.store, "Folder", Id=folder_id, Type="Document"):
        raise errors.refuse("the error for a document in a folder of another type")
    if draft.creating and draft["AuthorId"] is None:
        draft.values["AuthorId"] = draft.user_id
    _measure(draft, 5)


def resource(draft: Draft) -> None:
    """A static resource: named like code."""
    naming.check(draft, "Name")
    _require_listed(draft, "CacheControl")
    _measure(draft, 5)


def folder(draft: Draft) -> None:
    """A folder: unique by name among those of its type."""
    if draft["DeveloperName"] is None:
        raise errors.refuse("a folder without a developer name")
    naming.check(draft, "DeveloperName", within=("Type",))
    _require_listed(draft, "Type")
    _require_listed(draft, "AccessType")


def check_folder_deletable(change: Change) -> None:
    """Refuse to delete a folder that holds something: the error is not known."""
    for name, reference in _IN_FOLDERS:
        if exists(change.store, name, **{reference: change.row["Id"]}):
            raise errors.refuse("the error for deleting a folder that is not empty")


def _measure(draft: Draft, megabytes: int) -> None:
    if not draft.changes("Body"):
        return
    length = blobs.size(draft["Body"])
    if length > megabytes * _MEGABYTE:
        what = draft.plan.sobject.label.lower()
        raise errors.refuse(f"the error for a body of more than {megabytes} MB ({what})")
    draft.values["BodyLength"] = length


def _require_listed(draft: Draft, name: str) -> None:
    """Refuse values that the picklist lacks: whether Salesforce takes them is not known."""
    field = draft.plan.sobject.find(name)
    listed = () if field is None else tuple(each.value for each in field.picklist if each.active)
    if draft.changes(name) and draft[name] not in listed:
        raise errors.refuse(f"{draft.plan.sobject.name}.{name} {draft[name]}")
