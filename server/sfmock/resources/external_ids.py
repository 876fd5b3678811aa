"""Rows by external id: read, upsert, delete (rest.md 2.6)."""

from __future__ import annotations

from sfmock import errors
from sfmock.represent.conditions import refuse_conditions
from sfmock.represent.reading import row_reply
from sfmock.represent.saved import upserted_reply
from sfmock.routing import Call, Router
from sfmock.schema.model import Field, SObject
from sfmock.wire import NO_CONTENT, Reply

router = Router()

_KEYED = "/services/data/<version>/sobjects/<sobject>/<field>/<value>"
_SUFFIXES = (".json", ".xml")


@router.route("GET", _KEYED, name="read_by_external_id")
def read_by_external_id(call: Call) -> Reply:
    """The row that an external id names."""
    sobject = call.org.describes.find(call.params["sobject"])
    record_id = _match(call, sobject)
    row = call.org.records.find(sobject, record_id)
    if row is None:
        raise errors.NOT_FOUND()
    reply = row_reply(
        call.org, sobject, row, call.request, user_id=call.user_id, version=call.api_version
    )
    call.view(sobject, record_id)
    return reply


@router.route("PATCH", _KEYED, name="upsert")
def upsert(call: Call) -> Reply:
    """Update the row that an external id names, or create it."""
    sobject = call.org.describes.find(call.params["sobject"])
    refuse_conditions(call.request.headers)
    field, value = _key(call, sobject)
    fields, locate = call.row_fields(sobject)
    record_id, created = call.org.records.upsert(
        sobject,
        field,
        value,
        fields,
        user_id=call.user_id,
        update_only=call.args().get("updateOnly", "").lower() == "true",
        locate=locate,
    )
    call.view(sobject, record_id)
    return upserted_reply(sobject, record_id, call.api_version, created=created)


@router.route("DELETE", _KEYED, name="delete_by_external_id")
def delete_by_external_id(call: Call) -> Reply:
    """Delete the row that an external id names: 204."""
    sobject = call.org.describes.find(call.params["sobject"])
    call.org.records.delete(sobject, _match(call, sobject), user_id=call.user_id)
    return NO_CONTENT


def _key(call: Call, sobject: SObject) -> tuple[Field, str]:
    """The external id field and the value that the path names."""
    name, value = call.params["field"], call.params["value"]
    field = sobject.find(name)
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
