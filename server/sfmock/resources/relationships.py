"""What is below a row: other rows by the way that leads to them, and the bytes of its files (rest.md 2.7, 2.8)."""

from __future__ import annotations

from sfmock import errors, ids
from sfmock.org.fieldlist import field_list
from sfmock.org.relationships import Many, One
from sfmock.represent.conditions import check_row_write
from sfmock.represent.pages import asked_batch_size, page_reply
from sfmock.represent.reading import row_reply
from sfmock.routing import Call, Router
from sfmock.schema.model import Field, SObject
from sfmock.versions import RELATIONSHIP_PATHS
from sfmock.wire import NO_CONTENT, Reply

router = Router()

_METHODS = "HEAD,GET,PATCH,DELETE"
_NOT_BY_RELATIONSHIP = {
    "richtextimagefields": "images in rich text fields",
    "opportunitylineitemschedules": "schedules of opportunity products",
}
"""What else may follow a row's id, in lower case, and how a refusal names it."""
_UNKNOWN_TYPE = "application/octet-stream"
_BELOW = "/services/data/<version>/sobjects/<sobject>/<id:record_id>/<path:names>"


@router.route("GET", _BELOW, name="relationship")
def read_related(call: Call) -> Reply:
    """The parent that a path of relationships leads to, the children as a query has them, or the bytes of a file."""
    blob = _blob_field(call)
    if blob is not None:
        return _bytes(call, *blob)
    found = _follow(call)
    if isinstance(found, Many):
        return _children(call, found)
    reply = row_reply(
        call.org,
        found.sobject,
        found.row,
        call.request,
        user_id=call.user_id,
        version=call.api_version,
    )
    call.view(found.sobject, str(found.row["Id"]))
    return reply


@router.route("PATCH", _BELOW, name="relationship")
def update_related(call: Call) -> Reply:
    """Change the parent that a path of relationships leads to: 204."""
    found = _one(call)
    fields, locate = call.row_fields(found.sobject)
    check_row_write(call.request.headers, call.org, found.sobject, found.row)
    record_id = str(found.row["Id"])
    call.org.records.update(found.sobject, record_id, fields, user_id=call.user_id, locate=locate)
    call.view(found.sobject, record_id)
    return NO_CONTENT


@router.route("DELETE", _BELOW, name="relationship")
def delete_related(call: Call) -> Reply:
    """Delete the parent that a path of relationships leads to: 204."""
    found = _one(call)
    call.org.records.delete(found.sobject, str(found.row["Id"]), user_id=call.user_id)
    return NO_CONTENT


@router.route("POST,PUT", _BELOW, name="relationship")
def no_method(call: Call) -> Reply:
    """405, but where the guide has more below a row than relationships."""
    if _blob_field(call) is not None:
        raise errors.refuse("the error for changing a file by its path")
    name = call.params["names"].partition("/")[0].lower()
    if name in _NOT_BY_RELATIONSHIP:
        raise errors.refuse(_NOT_BY_RELATIONSHIP[name])
    raise errors.METHOD_NOT_ALLOWED(method=call.request.method, allowed=_METHODS)


def _follow(call: Call) -> One | Many:
    sobject = call.org.describes.find(call.params["sobject"])
    record_id = _record_id(call, sobject)
    names = call.params["names"].split("/")
    if names[0].lower() in _NOT_BY_RELATIONSHIP:
        raise errors.refuse(_NOT_BY_RELATIONSHIP[names[0].lower()])
    if not call.api_version.has(RELATIONSHIP_PATHS):
        raise errors.NOT_FOUND()
    return call.org.relationships.follow(sobject, record_id, names)


def _one(call: Call) -> One:
    if _blob_field(call) is not None:
        raise errors.refuse("the error for changing a file by its path")
    found = _follow(call)
    if isinstance(found, Many):
        raise errors.refuse("the error for changing children by the path to them")
    return found


def _blob_field(call: Call) -> tuple[SObject, Field] | None:
    """The base64 field that the path names, if it names one."""
    sobject = call.org.describes.find(call.params["sobject"])
    field = sobject.find(call.params["names"])
    return None if field is None or field.type != "base64" else (sobject, field)


def _bytes(call: Call, sobject: SObject, field: Field) -> Reply:
    """A file as it was sent; its type is what the row says."""
    row = call.org.records.find(sobject, _record_id(call, sobject))
    if row is None:
        raise errors.NOT_FOUND()
    key = row.get(field.name)
    if key is None:
        raise errors.refuse("the bytes of an empty base64 field")
    media_type = str(row.get("ContentType") or _UNKNOWN_TYPE)
    if not media_type.isascii() or not media_type.isprintable():
        raise errors.refuse("a file whose ContentType cannot stand in a header field")
    return Reply(body=call.org.records.blob(key), content_type=media_type)


def _record_id(call: Call, sobject: SObject) -> str:
    """The id in the path; what has the form of an id and is none is the name of an external id field."""
    text = call.params["record_id"]
    if sobject.find(text) is not None:
        raise errors.refuse("an external id field whose name could be a record id")
    record_id = ids.canonical(text)
    if record_id is None:
        raise errors.NO_EXTERNAL_ID_FIELD(name=text)
    if record_id[:3] != sobject.id_prefix:
        raise errors.NOT_FOUND()
    return record_id


def _children(call: Call, found: Many) -> Reply:
    child = found.sobject
    listed = field_list(call.args().get("fields"), child)
    page = call.org.queries.children(
        child,
        found.reference,
        found.parent_id,
        listed,
        user_id=call.user_id,
        version=call.api_version,
        batch_size=asked_batch_size(call.request.headers),
    )
    return page_reply(page, call.api_version)
