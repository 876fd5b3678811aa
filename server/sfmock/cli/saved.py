"""Saved orgs: making one, and what one holds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sfmock.cli import output
from sfmock.cli.serving import default_org
from sfmock.cli.tables import Row
from sfmock.control.remote.shown import moment_json
from sfmock.org.contents import counts, customs, edition, users
from sfmock.org.org import Org
from sfmock.wire import JSON

_NAMED = 3
"""So many users are told by their names."""


def new(file: Path, pack: str | None, seed: int) -> dict[str, JSON]:
    """Save a new org into a new file; answers what was made."""
    if file.exists():
        raise FileExistsError(f"{file} is there already: nothing was written")
    if not file.absolute().parent.is_dir():
        raise FileNotFoundError(f"there is no folder {file.absolute().parent}")
    with output.Progress(f"making {file}"), _made(pack, seed) as org:
        org.save(file)
        return {"file": str(file), "org_id": org.id, "my_domain": org.my_domain, "seed": org.seed}


def _made(pack: str | None, seed: int) -> Org:
    if pack is None:
        return default_org(seed)
    try:
        return Org.new(pack, seed)
    except LookupError as error:
        raise ValueError(str(error)) from error


def info(file: Path) -> dict[str, JSON]:
    """What the org of a file is and holds; the file stays as it is."""
    with output.Progress(f"reading {file}"), Org.open(file) as org:
        custom, held = customs(org), counts(org)
        return {
            "file": str(file),
            "org_id": org.id,
            "edition": edition(org),
            "my_domain": org.my_domain,
            "pack": org.pack,
            "seed": org.seed,
            "now": moment_json(org.clock.now),
            "clock_stands_still": org.clock.state()[1] is not None,
            "users": [
                {
                    "id": user.id,
                    "username": user.username,
                    "name": user.name,
                    "active": user.active,
                }
                for user in users(org)
            ],
            "records": {each.sobject: each.live for each in held if each.live},
            "in_recycle_bin": {each.sobject: each.deleted for each in held if each.deleted},
            "custom_objects": [*custom.objects],
            "custom_fields": [*custom.fields],
        }


def facts(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What `info` tells, in lines for people."""
    users = found["users"]
    active = [each["username"] for each in users if each["active"]]
    more = f" and {len(active) - _NAMED} more" if len(active) > _NAMED else ""
    still = " (stands still)" if found["clock_stands_still"] else ""
    return [
        ("org id", found["org_id"]),
        ("edition", found["edition"] or "-"),
        ("My Domain", found["my_domain"]),
        ("pack", found["pack"]),
        ("seed", str(found["seed"])),
        ("time", f"{found['now']}{still}"),
        ("users", f"{len(users)}, active: {', '.join(active[:_NAMED])}{more}"),
        ("custom objects", ", ".join(found["custom_objects"]) or "-"),
        ("custom fields", ", ".join(found["custom_fields"]) or "-"),
    ]


def record_table(found: Mapping[str, Any]) -> list[Row]:
    """How many records there are, by sobject."""
    live, deleted = found["records"], found["in_recycle_bin"]
    names = sorted({*live, *deleted})
    rows = [(name, str(live.get(name, 0)), str(deleted.get(name, 0))) for name in names]
    return [("sobject", "records", "in recycle bin"), *rows]
