"""Operations on the schema."""

from __future__ import annotations

from sfmock.control.remote.desk import Desk, WrongError
from sfmock.control.remote.operation import LEFT_OUT, Given, Operation, Parameter, in_path
from sfmock.control.remote.schemas import TEXT_SCHEMA, TEXTS_SCHEMA, schema
from sfmock.control.remote.values import OBJECT, TEXT, TEXTS, YES
from sfmock.wire import JSON

_SOBJECT = in_path("sobject", TEXT, "the sobject's name")
_OBJECT_OPTIONS = (
    Parameter("label", TEXT, "its label; by default made of the name", LEFT_OUT),
    Parameter("label_plural", TEXT, "the label of several", LEFT_OUT),
    Parameter(
        "fields", OBJECT, "custom fields by name: `type` and properties of describe", LEFT_OUT
    ),
    Parameter("name_field", OBJECT, "properties of the field Name", LEFT_OUT),
    Parameter("sharing", TEXT, "the sharing model; by default ReadWrite", LEFT_OUT),
    Parameter("enable_history", YES, "whether it has a history", LEFT_OUT),
    Parameter("enable_feeds", YES, "whether it has a feed", LEFT_OUT),
    Parameter("enable_activities", YES, "whether tasks and events may relate to it", LEFT_OUT),
    Parameter("enable_search", YES, "whether SOSL finds it", LEFT_OUT),
    Parameter("tab", YES, "whether it has a tab", LEFT_OUT),
    Parameter("custom_setting", TEXT, "List or Hierarchy, for a custom setting", LEFT_OUT),
)


def _add_object(desk: Desk, given: Given) -> dict[str, JSON]:
    options = given.only(*(each.name for each in _OBJECT_OPTIONS))
    made = desk.org.schema.add_object(given["name"], **options)
    return {
        "name": made.name,
        "key_prefix": made.key_prefix,
        "fields": [each.name for each in made.fields],
    }


def _add_field(desk: Desk, given: Given) -> dict[str, JSON]:
    made = desk.org.schema.add_field(
        given["sobject"], given["name"], given["type"], **given["properties"]
    )
    return {"name": made.name, "type": made.type}


def _load(desk: Desk, given: Given) -> dict[str, JSON]:
    if not given["sources"]:
        raise WrongError(422, "wrong_value", "sources: there is one at least", field="sources")
    report = desk.org.schema.load(*given["sources"], strict=given["strict"])
    return {
        "objects": [*report.objects],
        "fields": [*report.fields],
        "record_types": [*report.record_types],
        "value_sets": [*report.value_sets],
        "records": [*report.records],
        "removed": [*report.removed],
        "left_out": [*map(str, report.left_out)],
    }


def _add_record_type(desk: Desk, given: Given) -> dict[str, JSON]:
    names = ("label", "active", "default", "picklists", "description")
    made = desk.org.schema.add_record_type(given["sobject"], given["name"], **given.only(*names))
    return {"id": made.id, "developer_name": made.developer_name}


def _track_history(desk: Desk, given: Given) -> dict[str, JSON]:
    desk.org.schema.track_history(given["sobject"], *given["fields"])
    return {}


OPERATIONS = (
    Operation(
        "add_object",
        "POST",
        "/schema/objects",
        "Add an sobject.",
        _add_object,
        (
            Parameter("name", TEXT, "ends in `__c`, `__mdt`, `__e` or `__x`"),
            *_OBJECT_OPTIONS,
        ),
        answer={
            "name": TEXT_SCHEMA,
            "key_prefix": {"type": ["string", "null"]},
            "fields": TEXTS_SCHEMA,
        },
        status=201,
    ),
    Operation(
        "load_schema",
        "POST",
        "/schema/load",
        "Load describe results or metadata files of your own org, which are on the server's machine.",
        _load,
        (
            Parameter("sources", TEXTS, "paths of files or folders"),
            Parameter(
                "strict",
                YES,
                "whether nothing is loaded if something is left out that it acts on",
                True,
            ),
        ),
        answer={
            "objects": TEXTS_SCHEMA,
            "fields": TEXTS_SCHEMA,
            "record_types": TEXTS_SCHEMA,
            "value_sets": TEXTS_SCHEMA,
            "records": TEXTS_SCHEMA,
            "removed": TEXTS_SCHEMA,
            "left_out": TEXTS_SCHEMA,
        },
        status=201,
    ),
    Operation(
        "add_field",
        "POST",
        "/schema/objects/{sobject}/fields",
        "Add a custom field; what takes a Python function, such as a formula, can be added from Python only.",
        _add_field,
        (
            _SOBJECT,
            Parameter("name", TEXT, "ends in `__c`"),
            Parameter("type", TEXT, "the type in describe's words"),
            Parameter("properties", OBJECT, "those of describe, in snake case", {}),
        ),
        answer={"name": TEXT_SCHEMA, "type": TEXT_SCHEMA},
        status=201,
    ),
    Operation(
        "add_record_type",
        "POST",
        "/schema/objects/{sobject}/record-types",
        "Add a record type.",
        _add_record_type,
        (
            _SOBJECT,
            Parameter("name", TEXT, "its developer name"),
            Parameter("label", TEXT, "its label", LEFT_OUT),
            Parameter("active", YES, "whether it is active", True),
            Parameter("default", YES, "whether new records have it", False),
            Parameter("picklists", OBJECT, "lists of values by field", LEFT_OUT),
            Parameter("description", TEXT, "its description", LEFT_OUT),
        ),
        answer={"id": schema("string"), "developer_name": TEXT_SCHEMA},
        status=201,
    ),
    Operation(
        "track_history",
        "POST",
        "/schema/objects/{sobject}/history",
        "Track changes of fields: from here on, the sobject's history companion has rows.",
        _track_history,
        (_SOBJECT, Parameter("fields", TEXTS, "the fields")),
    ),
)
