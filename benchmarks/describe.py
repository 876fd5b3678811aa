"""The first describe of an sobject of 500 fields in a process, against `json.dumps` of the same describe."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

from measure import side_by_side, timed

from sfmock import Org
from sfmock.versions import Version

FIELDS = 500
KINDS: tuple[dict[str, object], ...] = (
    {"type": "string", "length": 80},
    {"type": "picklist", "values": [f"Value {each}" for each in range(8)]},
    {"type": "double", "precision": 18, "scale": 2},
    {"type": "boolean"},
    {"type": "date"},
    {"type": "currency", "precision": 18, "scale": 2},
    {"type": "email"},
    {"type": "datetime"},
)


def child() -> None:
    """Measure once, in a process that has described nothing before; two numbers of seconds on one line."""
    with Org.new() as org:
        with org.schema.changing():
            for number in range(FIELDS - len(org.schema["Account"].fields)):
                kind = dict(KINDS[number % len(KINDS)])
                org.schema.add_field("Account", f"F{number}__c", str(kind.pop("type")), **kind)
        texts = list[str]()
        version = Version(60)
        ours = timed(lambda: texts.append(org.describes.one("Account", version, "https://x").text))
        found = json.loads(texts[0])
        assert len(found["fields"]) == FIELDS
        print(ours, timed(lambda: json.dumps(found)))


def _runs() -> tuple[Callable[[], float], Callable[[], float]]:
    """Subject and baseline of a process each time: the subject's call starts it, the baseline's reads its second number."""
    last = [0.0]

    def ours() -> float:
        told = subprocess.run(
            [sys.executable, __file__, "child"], capture_output=True, text=True, check=True
        )
        first, last[0] = map(float, told.stdout.split())
        return first

    return ours, lambda: last[0]


def main() -> None:
    ours, theirs = _runs()
    side_by_side(
        f"the first describe of an sobject of {FIELDS} fields in a process",
        ("Describes.one", ours),
        ("json.dumps of the parsed describe", theirs),
        runs=9,
    )


if __name__ == "__main__":
    child() if sys.argv[1:] == ["child"] else main()
