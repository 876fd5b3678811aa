"""OpenAPI 3.1 as a JSON schema, as far as our document goes: written after its specification, with nothing left open."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
SCHEMA: Schema = {"$ref": "https://json-schema.org/draft/2020-12/schema"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def _object(required: Schema, optional: Schema | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "patternProperties": {"^x-": {}},
        "additionalProperties": False,
    }


def _named(names: str, values: Schema, *, some: bool = False) -> Schema:
    return {
        "type": "object",
        "propertyNames": {"pattern": names},
        "additionalProperties": values,
        **({"minProperties": 1} if some else {}),
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items, "uniqueItems": True}


CONTENT = _named(r"^[\w.+-]+/[\w.+*-]+$", _object({"schema": SCHEMA}), some=True)
PARAMETER: Schema = {
    **_object(
        {"name": TEXT, "in": {"enum": ["query", "header", "path", "cookie"]}, "schema": SCHEMA},
        {"description": TEXT, "required": {"type": "boolean"}, "deprecated": {"type": "boolean"}},
    ),
    "if": {"properties": {"in": {"const": "path"}}},
    "then": {"properties": {"required": {"const": True}}, "required": ["required"]},
}
BODY = _object({"content": CONTENT}, {"description": TEXT, "required": {"type": "boolean"}})
RESPONSE = _object({"description": TEXT}, {"content": CONTENT})
NEEDS = _named(r"^[\w.-]+$", _list(TEXT))
OPERATION = _object(
    {"responses": _named("^([1-5](\\d\\d|XX)|default)$", RESPONSE, some=True)},
    {
        "operationId": {"type": "string", "pattern": r"^[a-z]\w*$"},
        "tags": _list(TEXT),
        "summary": TEXT,
        "description": TEXT,
        "parameters": _list(PARAMETER),
        "requestBody": BODY,
        "security": _list(NEEDS),
    },
)
SECURITY: Schema = {
    "oneOf": [
        _object(
            {"type": {"const": "http"}, "scheme": TEXT},
            {"description": TEXT, "bearerFormat": TEXT},
        ),
        _object(
            {
                "type": {"const": "apiKey"},
                "name": TEXT,
                "in": {"enum": ["query", "header", "cookie"]},
            }
        ),
    ]
}
OPENAPI: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **_object(
        {
            "openapi": {"type": "string", "pattern": r"^3\.1\.\d+$"},
            "info": _object(
                {"title": TEXT, "version": TEXT}, {"summary": TEXT, "description": TEXT}
            ),
            "paths": _named(
                "^/", {**_object({}, dict.fromkeys(METHODS, OPERATION)), "minProperties": 1}
            ),
        },
        {
            "servers": _list(_object({"url": TEXT}, {"description": TEXT})),
            "security": _list(NEEDS),
            "tags": _list(_object({"name": TEXT}, {"description": TEXT})),
            "components": _object(
                {},
                {
                    "schemas": _named(r"^[\w.-]+$", SCHEMA),
                    "securitySchemes": _named(r"^[\w.-]+$", SECURITY),
                },
            ),
        },
    ),
}
