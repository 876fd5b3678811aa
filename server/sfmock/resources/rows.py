"""Rows by id: create, read, update, delete (rest.md 2.6)."""

from __future__ import annotations

from sfmock import errors, ids
from sfmock.org.events import event_id
from sfmock.represent.conditions import check_row_write, conditional, refuse_conditions
from sfmock.represent.reading import row_reply
from sfmock.represent.saved import created_reply, upserted_reply
from sfmock.routing import Call, Router
from sfmock.schema.model import SObject
from sfmock.versions import INSERT_BY_ID_FIELD
from sfmock.wire import JSON, NO_CONTENT, Reply

router = Router()

_X = "/services/data/<version>/sobjects/<sobject>"


@router.route("POST", _X, name="create")
def create(call: Call) -> Reply:
    """Create a row: 201 with its id and Location."""
    sobject = _sobject(call)
    made = _insert(call, sobject)
    if sobject.find("Id") is None:
        return _published(sobject, made)
    call.view(sobject, made)
    return created_reply(sobject, made, call.api_version)


@router.route("POST", f"{_X}/Id", name="create_by_id_field", since=INSERT_BY_ID_FIELD)
def create_by_id_field(call: Call) -> Reply:
    """Create a row through the upsert's door: the reply says `created`."""
    sobject = _sobject(call)
    if sobject.find("Id") is None:
        raise errors.refuse("publishing a platform event through /Id")
    made = _insert(call, sobject)
    call.view(sobject, made)
    return upserted_reply(sobject, made, call.api_version, created=True)


@router.route("GET", f"{_X}/<record_id>", name="read")
def read(call: Call) -> Reply:
    """All fields of a row, or those that `fields` names; parents by dotted names."""
    sobject = _sobject(call)
    if sobject.name.endswith("__x") and ids.canonical(call.params["record_id"]) is None:
        raise errors.refuse("a row of an external object by its External ID")
    record_id = _record_id(call)
    row = call.org.records.find(sobject, record_id) if record_id[:3] == sobject.id_prefix else None
    if row is None:
        raise errors.NOT_FOUND()
    reply = row_reply(
        call.org, sobject, row, call.request, user_id=call.user_id, version=call.api_version
    )
    call.view(sobject, record_id)
    return reply


@router.route("PATCH", f"{_X}/<record_id>", name="update")
def update(call: Call) -> Reply:
    """Change a row: 204."""
    sobject = _sobject(call)
    record_id = _record_id(call)
    fields, locate = call.row_fields(sobject)
    if conditional(call.request.headers) and record_id[:3] == sobject.id_prefix:
        row = call.org.records.find(sobject, record_id)
        check_row_write(call.request.headers, call.org, sobject, row)
    call.org.records.update(sobject, record_id, fields, user_id=call.user_id, locate=locate)
    call.view(sobject, record_id)
    return NO_CONTENT


@router.route("DELETE", f"{_X}/<record_id>", name="delete")
def delete(call: Call) -> Reply:
    """Delete a row with all that goes with it: 204."""
    sobject = _sobject(call)
    call.org.records.delete(sobject, _record_id(call), user_id=call.user_id)
    return NO_CONTENT


def _sobject(call: Call) -> SObject:
    return call.org.describes.find(call.params["sobject"])


def _record_id(call: Call) -> str:
    """The id in the path; what is no id is taken for the name of an external id field, and there is none."""
    text = call.params["record_id"]
    record_id = ids.canonical(text)
    if record_id is None:
        raise errors.NO_EXTERNAL_ID_FIELD(name=text)
    return record_id


def _insert(call: Call, sobject: SObject) -> str:
    refuse_conditions(call.request.headers)
    fields, locate = call.row_fields(sobject)
    return call.org.records.insert(sobject, fields, user_id=call.user_id, locate=locate)


def _published(sobject: SObject, uuid: str) -> Reply:
    """The reply to a publisher: its errors are filled although it succeeded (rest.md 2.9)."""
    queued: JSON = {"statusCode": "OPERATION_ENQUEUED", "message": uuid, "fields": []}
    return Reply(201, {"id": event_id(sobject), "success": True, "errors": [queued]})
