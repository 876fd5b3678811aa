"""Rows: create, read, update, delete by id or external id, upsert (rest.md 2.6)."""

from __future__ import annotations

from sfmock import errors, ids
from sfmock.org.dml.plan import Row
from sfmock.org.events import event_id
from sfmock.org.permissions import VIEW_ENCRYPTED_DATA
from sfmock.represent.conditions import caching_headers, check_read, check_write, conditional
from sfmock.represent.places import places
from sfmock.represent.records import record_json, row_path
from sfmock.routing import Call, Router
from sfmock.schema.model import Field, SObject
from sfmock.versions import INSERT_BY_ID_FIELD, UPSERT_REPLY
from sfmock.wire import JSON, NO_CONTENT, Reply

router = Router()

_X = "/services/data/<version>/sobjects/<sobject>"
_SUFFIXES = (".json", ".xml")


@router.route("POST", _X, name="create")
def create(call: Call) -> Reply:
    """Create a row: 201 with its id and Location."""
    sobject = _sobject(call)
    made = _insert(call, sobject)
    if sobject.find("Id") is None:
        return _published(sobject, made)
    return _created(call, sobject, made)


@router.route("POST", f"{_X}/Id", name="create_by_id_field", since=INSERT_BY_ID_FIELD)
def create_by_id_field(call: Call) -> Reply:
    """Create a row through the upsert's door: the reply says `created`."""
    sobject = _sobject(call)
    if sobject.find("Id") is None:
        raise errors.refuse("publishing a platform event through /Id")
    return _upserted(call, sobject, _insert(call, sobject), created=True)


@router.route("GET", f"{_X}/<record_id>", name="read")
def read(call: Call) -> Reply:
    """All fields of a row, or those that `fields` names."""
    sobject = _sobject(call)
    if sobject.name.endswith("__x") and ids.canonical(call.params["record_id"]) is None:
        raise errors.refuse("a row of an external object by its External ID")
    record_id = _record_id(call)
    row = call.org.records.find(sobject, record_id) if record_id[:3] == sobject.id_prefix else None
    return _read(call, sobject, row)


@router.route("PATCH", f"{_X}/<record_id>", name="update")
def update(call: Call) -> Reply:
    """Change a row: 204."""
    sobject = _sobject(call)
    record_id = _record_id(call)
    fields = call.json_object()
    _check_write(call, sobject, record_id)
    call.org.records.update(
        sobject, record_id, fields, user_id=call.user_id, locate=places(call.request.body)
    )
    return NO_CONTENT


@router.route("DELETE", f"{_X}/<record_id>", name="delete")
def delete(call: Call) -> Reply:
    """Delete a row with all that goes with it: 204."""
    sobject = _sobject(call)
    call.org.records.delete(sobject, _record_id(call), user_id=call.user_id)
    return NO_CONTENT


@router.route("GET", f"{_X}/<field>/<value>", name="read_by_external_id")
def read_by_external_id(call: Call) -> Reply:
    """The row that an external id names."""
    sobject = _sobject(call)
    return _read(call, sobject, call.org.records.find(sobject, _match(call, sobject)))


@router.route("PATCH", f"{_X}/<field>/<value>", name="upsert")
def upsert(call: Call) -> Reply:
    """Update the row that an external id names, or create it."""
    sobject = _sobject(call)
    _refuse_conditions(call)
    field, value = _key(call, sobject)
    record_id, created = call.org.records.upsert(
        sobject,
        field,
        value,
        call.json_object(),
        user_id=call.user_id,
        update_only=call.args().get("updateOnly", "").lower() == "true",
        locate=places(call.request.body),
    )
    return _upserted(call, sobject, record_id, created=created)


@router.route("DELETE", f"{_X}/<field>/<value>", name="delete_by_external_id")
def delete_by_external_id(call: Call) -> Reply:
    """Delete the row that an external id names: 204."""
    sobject = _sobject(call)
    call.org.records.delete(sobject, _match(call, sobject), user_id=call.user_id)
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


def _key(call: Call, sobject: SObject) -> tuple[Field, str]:
    """The external id field and the value that the path names."""
    name, value = call.params["field"], call.params["value"]
    field = sobject.find(name)
    if field is None and ids.canonical(name) is not None:
        raise errors.refuse("relationships and blobs below a row")
    if field is None or not (field.external_id or field.id_lookup):
        raise errors.NO_EXTERNAL_ID_FIELD(name=name)
    if "\ufffd" in value:
        raise errors.refuse("a path that is not UTF-8")
    if value.lower().endswith(_SUFFIXES):  # taken for the form of the reply
        raise errors.NOT_FOUND()
    return field, value


def _match(call: Call, sobject: SObject) -> str:
    field, value = _key(call, sobject)
    found = call.org.records.matching(sobject, field, value)
    if len(found) > 1:
        raise errors.MultipleChoices(found, sobject.name)
    if not found:
        raise errors.NOT_FOUND()
    return found[0]


def _insert(call: Call, sobject: SObject) -> str:
    _refuse_conditions(call)
    fields = call.json_object()
    return call.org.records.insert(
        sobject, fields, user_id=call.user_id, locate=places(call.request.body)
    )


def _created(call: Call, sobject: SObject, record_id: str) -> Reply:
    location = ("Location", row_path(sobject, record_id, call.api_version))
    return Reply(201, {"id": record_id, "success": True, "errors": []}, headers=(location,))


def _published(sobject: SObject, uuid: str) -> Reply:
    """The reply to a publisher: its errors are filled although it succeeded (rest.md 2.9)."""
    queued: JSON = {"statusCode": "OPERATION_ENQUEUED", "message": uuid, "fields": []}
    return Reply(201, {"id": event_id(sobject), "success": True, "errors": [queued]})


def _upserted(call: Call, sobject: SObject, record_id: str, *, created: bool) -> Reply:
    if not call.api_version.has(UPSERT_REPLY):
        return _created(call, sobject, record_id) if created else NO_CONTENT
    body: JSON = {"id": record_id, "success": True, "errors": [], "created": created}
    location = ("Location", row_path(sobject, record_id, call.api_version))
    return Reply(201 if created else 200, body, headers=(location,))


def _read(call: Call, sobject: SObject, row: Row | None) -> Reply:
    if row is None:
        raise errors.NOT_FOUND()
    body = record_json(
        sobject, row, call.api_version, _fields(call, sobject), clear=_sees_clearly(call, sobject)
    )
    headers = caching_headers(sobject, row)
    if check_read(call.request.headers, headers):
        return Reply(304, headers=headers, content_type=None)
    return Reply(200, body, headers=headers)


def _sees_clearly(call: Call, sobject: SObject) -> bool:
    """Whether the user sees encrypted text without its mask."""
    return any(each.encrypted for each in sobject.fields) and call.org.users.has_permission(
        call.user_id, VIEW_ENCRYPTED_DATA
    )


def _refuse_conditions(call: Call) -> None:
    if conditional(call.request.headers):
        raise errors.refuse("conditional headers on a create or an upsert")


def _check_write(call: Call, sobject: SObject, record_id: str) -> None:
    asked = call.request.headers
    if not conditional(asked) or record_id[:3] != sobject.id_prefix:
        return
    row = call.org.records.find(sobject, record_id)
    if row is not None:
        check_write(asked, caching_headers(sobject, row))


def _fields(call: Call, sobject: SObject) -> tuple[Field, ...] | None:
    """The fields that the parameter `fields` names, Id at the end if it is not among them."""
    text = call.args().get("fields")
    if not text:
        return None
    chosen: dict[str, Field] = {}
    for name in (each.strip() for each in text.split(",")):
        if "." in name:
            raise errors.refuse("parents in the parameter `fields` of a row")
        field = sobject.find(name)
        if field is None:
            raise errors.NO_SUCH_COLUMN(name=name, sobject=sobject.name)
        chosen[field.name] = field
    identity = sobject.find("Id")
    if identity is not None:
        chosen.setdefault("Id", identity)
    return tuple(chosen.values())
