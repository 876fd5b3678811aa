"""JSON bodies of requests, with the errors of Salesforce's parser for what is none (rest.md 6.2)."""

from __future__ import annotations

import json

from sfmock import errors
from sfmock.wire import JSON


def json_object(body: bytes) -> dict[str, JSON]:
    """A request body as a JSON object; raises BODY_REQUIRED or JSON_PARSER_ERROR."""
    if not body.strip():
        raise errors.BODY_REQUIRED()
    value = parse_json(body)
    if not isinstance(value, dict):
        raise errors.BODY_NO_OBJECT(token=_token(value))
    return value


def _token(value: JSON) -> str:
    """Jackson's name of the token that a body begins with."""
    if isinstance(value, list):
        return "START_ARRAY"
    if value is None or isinstance(value, bool):
        return f"VALUE_{json.dumps(value).upper()}"
    if isinstance(value, str):
        return "VALUE_STRING"
    return "VALUE_NUMBER_INT" if isinstance(value, int) else "VALUE_NUMBER_FLOAT"


def parse_json(body: bytes) -> JSON:
    """JSON bytes as a value; raises JSON_PARSER_ERROR with the place, as Jackson words it."""
    try:
        text = body.decode("utf-8-sig")
        value: JSON = json.loads(text, parse_constant=_no_constant)
        if "\\ud" in text.lower():
            _require_whole(value)
    except json.JSONDecodeError as error:
        raise errors.JSON_PARSER_ERROR(text=_jackson(error)) from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise errors.JSON_PARSER_ERROR(
            text="Invalid UTF-8 or number at [line:1, column:1]"
        ) from None
    return value


def _require_whole(value: JSON) -> None:
    """Refuse half a surrogate pair: no document says what Salesforce makes of it, and no store can keep it."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise errors.refuse("half of a surrogate pair in a JSON text") from None
    elif isinstance(value, list):
        for each in value:
            _require_whole(each)
    elif isinstance(value, dict):
        for key, each in value.items():
            _require_whole(key)
            _require_whole(each)


def _no_constant(name: str) -> JSON:
    raise ValueError(name)


def _jackson(error: json.JSONDecodeError) -> str:
    """The text of a syntax error, in the words of Salesforce's parser (rest.md 6.2)."""
    place = f" at [line:{error.lineno}, column:{error.colno}]"
    if error.pos >= len(error.doc):
        return f"Unexpected end-of-input{place}"
    char = error.doc[error.pos]
    expected = {
        "Expecting ':' delimiter": "was expecting a colon to separate field name and value",
        "Expecting property name enclosed in double quotes": "was expecting double-quote to start field name",
        "Expecting ',' delimiter": "was expecting comma to separate OBJECT entries",
    }.get(
        error.msg,
        "expected a valid value (number, String, array, object, 'true', 'false' or 'null')",
    )
    return f"Unexpected character ('{char}' (code {ord(char)})): {expected}{place}"
