"""Multipart forms that carry a row and the bytes of its file (rest.md 2.8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sfmock import errors
from sfmock.schema.model import SObject

_BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_NAME = re.compile(r'(?:^|;)\s*name=(?:"([^"]*)"|([^\s;"]+))', re.IGNORECASE)
_LONGEST_BOUNDARY = 70


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form."""

    name: str
    content_type: str | None
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class RowForm:
    """A form's JSON text, and the name and the bytes of the field that the other part is for."""

    json: bytes = field(repr=False)
    blob_field: str
    blob: bytes = field(repr=False)


def row_form(content_type: str, body: bytes, sobject: SObject) -> RowForm:
    """The two parts of a form: the file is named by a base64 field, the JSON may have any name."""
    blobs = {each.name.lower(): each.name for each in sobject.fields if each.type == "base64"}
    if not blobs:
        raise errors.UNSUPPORTED_MEDIA_TYPE(media_type="multipart/form-data")
    parts = read_parts(content_type, body)
    files = [each for each in parts if each.name.lower() in blobs]
    texts = [each for each in parts if each.name.lower() not in blobs]
    if len(files) != 1 or len(texts) != 1:
        raise errors.refuse("a multipart form other than one JSON part and one for a base64 field")
    (text,), (file,) = texts, files
    if not _is_json(text):
        raise errors.refuse("a multipart form whose first part is no JSON")
    return RowForm(text.data, blobs[file.name.lower()], file.data)


def read_parts(content_type: str, body: bytes) -> list[Part]:
    """The parts of a form; refuses what no client should send."""
    found = _BOUNDARY.search(content_type)
    boundary = "" if found is None else found[1] or found[2]
    if not boundary or len(boundary) > _LONGEST_BOUNDARY or not boundary.isascii():
        raise errors.refuse("a multipart form without a boundary of 1 to 70 characters")
    delimiter = b"\r\n--" + boundary.encode()
    sections = (b"\r\n" + body).split(delimiter)
    closed = sections[-1].startswith(b"--")
    if len(sections) < 3 or not closed:  # preamble, parts, what follows the last delimiter
        raise errors.refuse("a multipart form that does not end with its boundary")
    return [_part(each) for each in sections[1:-1]]


def _part(section: bytes) -> Part:
    if not section.lstrip(b" \t").startswith(b"\r\n"):
        raise errors.refuse("a multipart form whose file holds its boundary")
    head, _, data = section.partition(b"\r\n\r\n")
    fields: dict[str, str] = {}
    for line in head.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    named = _NAME.search(fields.get("content-disposition", "").partition(";")[2])
    if named is None:
        raise errors.refuse("a part of a multipart form without a name")
    encoding = fields.get("content-transfer-encoding", "binary").lower()
    if encoding not in ("binary", "8bit", "7bit"):
        raise errors.refuse(f"a part of a multipart form encoded as {encoding}")
    return Part(named[1] or named[2] or "", fields.get("content-type"), data)


def _is_json(part: Part) -> bool:
    media_type = (part.content_type or "").partition(";")[0].strip().lower()
    return media_type in ("application/json", "")
