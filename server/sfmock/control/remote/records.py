"""Operations on records, by the names that they have on the org."""

from __future__ import annotations

from collections.abc import Sequence

from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import (
    LEFT_OUT,
    Given,
    Operation,
    Parameter,
    in_path,
    in_query,
)
from sfmock.control.remote.schemas import COUNT, RECORD, TEXT_SCHEMA, TEXTS_SCHEMA, listed, schema
from sfmock.control.remote.shown import record_json
from sfmock.control.remote.values import (
    NUMBER,
    OBJECT,
    OBJECTS,
    TEXT,
    TEXTS,
    YES,
    either,
    whole,
)
from sfmock.org.record import Record
from sfmock.wire import JSON

_MOST_MADE = 100_000
_SOBJECT = in_path("sobject", TEXT, "the sobject's name, in any case")
_ID = in_path("record", TEXT, "the record's id")
_FIELDS = Parameter("fields", OBJECT, "values by field, as REST takes them")
_FEWER = Parameter("fields", OBJECT, _FIELDS.meaning, {})
_RECORD = {"record": RECORD}
_RECORDS = {"records": listed(RECORD)}


def _create(desk: Desk, given: Given) -> dict[str, JSON]:
    return _written(desk.org.create(given["sobject"], given["count"], **given["fields"]))


def _insert(desk: Desk, given: Given) -> dict[str, JSON]:
    fields = given["fields"]
    rows = fields if isinstance(fields, list) else [fields]
    return _written(desk.org.insert(given["sobject"], rows))


def _upsert(desk: Desk, given: Given) -> dict[str, JSON]:
    key = given["field"], given["value"]
    return _one(desk.org.upsert(given["sobject"], *key, **given["fields"]))


def _count(desk: Desk, given: Given) -> dict[str, JSON]:
    return {"count": desk.org.count(given["sobject"], given.get("where"))}


def _events(desk: Desk, given: Given) -> dict[str, JSON]:
    return _written(desk.org.events(given["sobject"]))


def _get(desk: Desk, given: Given) -> dict[str, JSON]:
    return _one(desk.org.get(given["record"]))


def _update(desk: Desk, given: Given) -> dict[str, JSON]:
    return _one(desk.org.update(given["record"], **given["fields"]))


def _delete(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.delete(given["record"])
    return {}


def _undelete(desk: Desk, given: Given) -> dict[str, JSON]:
    return _one(desk.org.undelete(given["record"]))


def _merge(desk: Desk, given: Given) -> dict[str, JSON]:
    merged = desk.org.merge(given["record"], *given["losers"], **given["fields"])
    return {
        "id": merged.id,
        "merged_record_ids": [*merged.merged_record_ids],
        "updated_related_ids": [*merged.updated_related_ids],
    }


_CONVERSION = (
    Parameter("converted_status", TEXT, "by default the first one that means converted", LEFT_OUT),
    Parameter("account_id", TEXT, "an account that is there", LEFT_OUT),
    Parameter("contact_id", TEXT, "a contact that is there", LEFT_OUT),
    Parameter("opportunity_id", TEXT, "an opportunity that is there", LEFT_OUT),
    Parameter("opportunity_name", TEXT, "the name of the new one", LEFT_OUT),
    Parameter("do_not_create_opportunity", YES, "whether none is made", False),
    Parameter("overwrite_lead_source", YES, "whether the contact gets the lead's source", False),
    Parameter("owner_id", TEXT, "who owns what is made", LEFT_OUT),
)


def _convert(desk: Desk, given: Given) -> dict[str, JSON]:
    made = desk.org.convert_lead(
        given["record"], **given.only(*(each.name for each in _CONVERSION))
    )
    return {
        "lead_id": made.lead_id,
        "account_id": made.account_id,
        "contact_id": made.contact_id,
        "opportunity_id": made.opportunity_id,
    }


def _lock(desk: Desk, given: Given) -> dict[str, JSON]:
    return {"lock": desk.hold(desk.org.lock(given["records"], given.get("seconds")))}


def _release(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.let_go(given["lock"]).release()
    return {}


def _query(desk: Desk, given: Given) -> dict[str, JSON]:
    found = desk.org.query(given["soql"])
    if isinstance(found, int):
        return {"total": found, "records": []}
    return {"total": len(found), **_written(found)}


def _search(desk: Desk, given: Given) -> dict[str, JSON]:
    return _written(desk.org.search(given["sosl"]))


def _load(desk: Desk, given: Given) -> dict[str, JSON]:
    rows = given["rows"]
    for name, each in rows.items():
        if not isinstance(each, list) or not all(isinstance(row, dict) for row in each):
            raise WrongError(
                422, "wrong_value", f"rows: those of {name} are a list of objects", field="rows"
            )
    desk.org.load(rows)
    return {"loaded": sum(len(each) for each in rows.values())}


def _one(record: Record) -> dict[str, JSON]:
    return {"record": record_json(record)}


def _written(records: Sequence[Record]) -> dict[str, JSON]:
    return {"records": [record_json(each) for each in records]}


OPERATIONS = (
    Operation(
        "create",
        "POST",
        "/sobjects/{sobject}/create",
        "Records filled by describe with seeded values; what is given is kept, required parents are made.",
        _create,
        (_SOBJECT, Parameter("count", whole(1, _MOST_MADE), "how many", 1), _FEWER),
        answer=_RECORDS,
        status=201,
    ),
    Operation(
        "insert",
        "POST",
        "/sobjects/{sobject}/insert",
        "Exactly these fields, by the rules of the API; a list is inserted whole or not at all.",
        _insert,
        (
            _SOBJECT,
            Parameter("fields", either(OBJECT, OBJECTS), "values by field, or a list of those"),
        ),
        answer=_RECORDS,
        status=201,
    ),
    Operation(
        "upsert",
        "POST",
        "/sobjects/{sobject}/upsert",
        "Update the record that has this external id, or insert it.",
        _upsert,
        (
            _SOBJECT,
            Parameter("field", TEXT, "the external id field"),
            Parameter("value", either(TEXT, NUMBER), "its value"),
            _FEWER,
        ),
        answer=_RECORD,
    ),
    Operation(
        "count",
        "GET",
        "/sobjects/{sobject}/count",
        "How many records there are that meet a SOQL condition.",
        _count,
        (_SOBJECT, in_query("where", TEXT, "the condition, without WHERE")),
        answer={"count": COUNT},
    ),
    Operation(
        "events",
        "GET",
        "/sobjects/{sobject}/events",
        "The platform events of this kind that were published, first to last.",
        _events,
        (_SOBJECT,),
        answer=_RECORDS,
    ),
    Operation(
        "get",
        "GET",
        "/records/{record}",
        "The record of this id with all its fields.",
        _get,
        (_ID,),
        answer=_RECORD,
    ),
    Operation(
        "update",
        "PATCH",
        "/records/{record}",
        "Change fields of a record, by the rules of the API; answers the record as it is then.",
        _update,
        (_ID, _FIELDS),
        answer=_RECORD,
    ),
    Operation(
        "delete",
        "DELETE",
        "/records/{record}",
        "Delete a record, by the rules of the API: into the recycle bin where the sobject has one.",
        _delete,
        (_ID,),
    ),
    Operation(
        "undelete",
        "POST",
        "/records/{record}/undelete",
        "Bring a record back from the recycle bin, with all that went there with it.",
        _undelete,
        (_ID,),
        answer=_RECORD,
    ),
    Operation(
        "merge",
        "POST",
        "/records/{record}/merge",
        "Merge one or two records into this one, as SOAP `merge` does; it gets the fields.",
        _merge,
        (_ID, Parameter("losers", TEXTS, "the ids of the others"), _FEWER),
        answer={
            "id": TEXT_SCHEMA,
            "merged_record_ids": TEXTS_SCHEMA,
            "updated_related_ids": TEXTS_SCHEMA,
        },
    ),
    Operation(
        "convert_lead",
        "POST",
        "/records/{record}/convert",
        "Convert a lead, as SOAP `convertLead` does.",
        _convert,
        (_ID, *_CONVERSION),
        answer={
            "lead_id": TEXT_SCHEMA,
            "account_id": TEXT_SCHEMA,
            "contact_id": TEXT_SCHEMA,
            "opportunity_id": {"type": ["string", "null"]},
        },
    ),
    Operation(
        "lock",
        "POST",
        "/locks",
        "Hold rows, so that a write to one answers UNABLE_TO_LOCK_ROW, until the lock is released or by the org's clock.",
        _lock,
        (
            Parameter("records", TEXTS, "their ids"),
            Parameter("seconds", NUMBER, "how long; without it, until it is released", LEFT_OUT),
        ),
        answer={"lock": schema("string", "its name")},
        status=201,
    ),
    Operation(
        "release",
        "DELETE",
        "/locks/{lock}",
        "Let the rows of a lock go.",
        _release,
        (in_path("lock", TEXT, "the name that `lock` has answered"),),
    ),
    Operation(
        "query",
        "POST",
        "/query",
        "All records of a SOQL query at once; of `SELECT COUNT()` only the number.",
        _query,
        (Parameter("soql", TEXT, "the query"),),
        answer={"total": COUNT, **_RECORDS},
    ),
    Operation(
        "search",
        "POST",
        "/search",
        "The records that a SOSL search finds, object by object.",
        _search,
        (Parameter("sosl", TEXT, "the search"),),
        answer=_RECORDS,
    ),
    Operation(
        "load",
        "POST",
        "/load",
        "Rows as a backup holds them: given ids and system fields are kept, no rule runs.",
        _load,
        (Parameter("rows", OBJECT, "lists of rows by sobject"),),
        answer={"loaded": COUNT},
        status=201,
    ),
)
