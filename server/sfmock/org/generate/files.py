"""What `Org.create` must give files, attachments, documents and their folders so that the API takes them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping

from sfmock.org.generate.fitting import Fields, Fitting, Maker


def _attachment(maker: Maker, row: Fields) -> None:
    row.setdefault("Body", _content(maker))
    row.setdefault("Name", f"{_mark(maker)}.txt")
    row.setdefault("ContentType", "text/plain")


def _document(maker: Maker, row: Fields) -> None:
    if "FolderId" not in row:
        row["FolderId"] = maker.shared("Folder", Type="Document")
    row.setdefault("Name", f"Document {_mark(maker)}")
    if "Url" not in row:
        row.setdefault("Body", _content(maker))
        row.setdefault("Type", "txt")


def _folder(maker: Maker, row: Fields) -> None:
    mark = _mark(maker)
    row.setdefault("Name", f"Folder {mark}")
    row.setdefault("DeveloperName", f"Folder_{mark}")
    row.setdefault("Type", "Document")
    row.setdefault("AccessType", "Public")


def _resource(maker: Maker, row: Fields) -> None:
    row.setdefault("Name", f"Resource_{_mark(maker)}")
    row.setdefault("ContentType", "text/plain")
    row.setdefault("CacheControl", "Private")
    row.setdefault("Body", _content(maker))


def _version(maker: Maker, row: Fields) -> None:
    if "ContentUrl" in row:
        row.setdefault("Title", f"Link {_mark(maker)}")
        return
    row.setdefault("PathOnClient", _path(maker, row))
    row.setdefault("VersionData", _content(maker))


def _path(maker: Maker, row: Fields) -> str:
    """A name of its own; a later version is called like the one before."""
    document_id = row.get("ContentDocumentId")
    latest = (
        maker.find("ContentVersion", ContentDocumentId=document_id, IsLatest=1)
        if isinstance(document_id, str)
        else None
    )
    return f"file-{_mark(maker)}.txt" if latest is None else f"{latest['Title']}.txt"


def _link(maker: Maker, row: Fields) -> None:
    if "ContentDocumentId" not in row:
        version = maker.find("ContentVersion", Id=maker.make("ContentVersion"))
        row["ContentDocumentId"] = None if version is None else version["ContentDocumentId"]
    if "LinkedEntityId" not in row:
        row["LinkedEntityId"] = maker.make("Account")
    row.setdefault("ShareType", "V")


def _content(maker: Maker) -> str:
    return b64encode(f"{_mark(maker)}\n".encode()).decode()


def _mark(maker: Maker) -> str:
    return f"{maker.random.getrandbits(40):010x}"


FITTINGS: Mapping[str, Fitting] = {
    "Attachment": Fitting(_attachment, frozenset({"Name", "Body", "ContentType"})),
    "ContentDocumentLink": Fitting(
        _link, frozenset({"ContentDocumentId", "LinkedEntityId", "ShareType"})
    ),
    "ContentVersion": Fitting(
        _version,
        frozenset(
            {"ContentUrl", "PathOnClient", "TagCsv", "VersionData", "FirstPublishLocationId"}
        ),
    ),
    "Document": Fitting(
        _document, frozenset({"FolderId", "Name", "Url", "ContentType", "Type", "Keywords"})
    ),
    "Folder": Fitting(_folder, frozenset({"Name", "DeveloperName", "Type", "AccessType"})),
    "StaticResource": Fitting(_resource, frozenset({"Name", "ContentType", "CacheControl"})),
}
"""The sobjects around files whose rows must fit others."""
