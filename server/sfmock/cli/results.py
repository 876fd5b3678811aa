"""A query over a saved org, of which a private copy is opened, and its records as a table, CSV or JSON."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from sfmock.cli import output
from sfmock.control.remote.shown import record_json
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.soql.plan import Branch, ChildRecords, GroupRecord, Item, NameBranch
from sfmock.versions import NEWEST, Version
from sfmock.wire import JSON

Way: TypeAlias = tuple[str, ...]
"""The keys that lead to a value of a record."""


def query(file: Path, soql: str, form: str) -> int:
    """Print the records and answer the exit code; the file stays as it is."""
    with output.Progress(f"reading {file}") as progress:
        with Org.open(file) as org:
            progress.at("running the query")
            try:
                ways = _ways(org, soql)
                found = org.query(soql)
            except SalesforceError as error:
                _tell(error)
                return 1
            except LookupError as error:  # an org without users
                raise ValueError(str(error.args[0])) from error
        records = [] if isinstance(found, int) else [record_json(each) for each in found]
    total = found if isinstance(found, int) else len(found)
    if form == "json":
        output.show_json({"total": total, "records": [*records]})
    elif form == "csv":
        _write_csv(ways, records, total)
    else:
        _show(ways, records, total)
    return 0


def _tell(error: SalesforceError) -> None:
    """The error with its caret, or what the fake lacks."""
    if isinstance(error, Refused):
        print(error.message, file=sys.stderr)
    else:
        code = output.styled(error.code, output.RED, sys.stderr)
        gap = "" if error.message.startswith("\n") else " "  # the caret stands below its place
        print(f"{code}:{gap}{error.message}", file=sys.stderr)


def _ways(org: Org, soql: str) -> list[Way]:
    """The columns of a query, in the order of its select list; none for COUNT()."""
    prepared = org.queries.prepared(soql, user_id=org.admin_id, version=Version(NEWEST))
    return [] if prepared.plan.tree is None else [*_below(prepared.plan.tree)]


def _below(item: Item | GroupRecord) -> Iterator[Way]:
    match item:
        case GroupRecord(items):
            yield from ((leaf.key,) for leaf in items)
        case Branch(key=key, items=items) | NameBranch(key=key, items=items):
            for each in items:
                for way in _below(each):
                    yield (key, *way) if key else way
        case ChildRecords(key=key):
            yield (key,)
        case _:
            yield (item.key,)


def _show(ways: Sequence[Way], records: Sequence[dict[str, JSON]], total: int) -> None:
    if ways:
        rows = [tuple(_shown(_at(record, way)) for way in ways) for record in records]
        output.show([tuple(map(".".join, ways)), *rows])
    print(f"{total} record{'' if total == 1 else 's'}")


def _write_csv(ways: Sequence[Way], records: Sequence[dict[str, JSON]], total: int) -> None:
    """What Bulk API 2.0 writes, as far as it goes: parents by dotted names; what has parts is JSON."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow([*map(".".join, ways)] if ways else ["count"])
    if not ways:
        writer.writerow([total])
    for record in records:
        writer.writerow([_text(_at(record, way)) for way in ways])


def _at(record: dict[str, JSON], way: Way) -> JSON:
    found: JSON = record
    for key in way:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _shown(value: JSON) -> str:
    """A value in a table; of children their number, and nothing that a terminal would act on."""
    if isinstance(value, list):
        return f"{len(value)} record{'' if len(value) == 1 else 's'}"
    return "".join(each if each.isprintable() else " " for each in _text(value))


def _text(value: JSON) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
