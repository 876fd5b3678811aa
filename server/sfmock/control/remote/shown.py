"""Python values as the control API writes them: records in the form of REST, moments with their offset."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal

from sfmock.clock import wire_datetime
from sfmock.org.record import Python, Record
from sfmock.wire import JSON


def record_json(record: Record) -> dict[str, JSON]:
    """A record with its sobject in `attributes`, as `load` takes it back."""
    fields = {name: value_json(record[name]) for name in record}
    return {"attributes": {"type": record.sobject}, **fields}


def value_json(value: Python) -> JSON:
    """A value of a record: what JSON has no type for is written as REST writes it."""
    match value:
        case Record():
            return record_json(value)
        case Decimal():
            return float(value)
        case datetime():
            return wire_datetime(value)
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M:%S}.{value.microsecond // 1000:03d}Z"
        case bytes():
            return base64.b64encode(value).decode()
        case list():
            return [record_json(each) for each in value]
        case Mapping():
            return {name: value_json(each) for name, each in value.items()}
        case _:
            return value


def moment_json(moment: datetime) -> str:
    """A moment in UTC to the microsecond, in ISO 8601."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
