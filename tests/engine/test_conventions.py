"""What the design forbids and no linter can say: checked on the source and in clean interpreters."""

from __future__ import annotations

import ast
import pkgutil
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

import sfmock

_SOURCES = sorted(Path(str(files(sfmock))).rglob("*.py"))
_MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(sfmock.__path__, "sfmock.")
    if not info.name.endswith("__main__")
)

BANNED = [
    # each of these ends the outer transaction that reset() comes back to
    (r"\.executescript\(|\.commit\(\)|OR ROLLBACK", ()),
    # out of a connection with an open write transaction it waits for ever: only where none can be open
    (r"\.backup\(", ("durable.py", "files.py")),
    # Python 3.12.1 takes a numbered parameter for a named one, and warns
    (r"\?\d", ()),
    # records are written by the Store alone, which knows locks and notes changes; the others write what time, a licence or
    # a pack does to rows, or rows of the platform's own tables
    (
        r"(INSERT INTO|UPDATE|DELETE FROM) (\"|\{)",
        (
            "activity.py",
            "files.py",
            "licenses.py",
            "passwords.py",
            "plan.py",
            "recycle_bin.py",
            "saving.py",
            "seeding.py",
            "sessions.py",
            "store.py",
        ),
    ),
    # a difference between versions is a named change in versions.py
    (r"\.major\s*[<>=!]", ("versions.py",)),
    # outside data is never run; the row functions of shape.py hold indexes and fixed names only
    (r"\beval\(|\bpickle\b|\bmarshal\b", ()),
    (r"\bexec\(", ("shape.py",)),
    # only the clock knows the time
    (r"\btime\.time\(|datetime\.now\(|utcnow\(", ("clock.py",)),
]


def test_tables_of_the_platform_are_made_where_they_are_missing_for_an_opened_org_has_them() -> (
    None
):
    made = re.compile(r"CREATE (?:UNIQUE )?(?:TABLE|INDEX) (?!IF NOT EXISTS )sf_")
    assert [path.name for path in _SOURCES if made.search(_code(path))] == []


@pytest.mark.parametrize(("pattern", "allowed"), BANNED, ids=[row[0] for row in BANNED])
def test_no_module_uses_what_is_banned(pattern: str, allowed: tuple[str, ...]) -> None:
    code = {path: _code(path) for path in _SOURCES if path.name not in allowed}
    assert [path.name for path, text in code.items() if re.search(pattern, text)] == []


def test_every_module_can_be_imported_first() -> None:
    """No circle of imports: whichever module comes first, it finds those that it needs whole."""
    order = TopologicalSorter({name: _imports(name) for name in _MODULES})
    assert len(list(order.static_order())) >= len(
        _MODULES
    )  # raises CycleError, which names the circle


def test_the_engine_runs_without_pytest() -> None:
    script = (
        "import sys\n"
        "for name in ('pytest', '_pytest', 'pluggy', 'pytest_sfmock'): sys.modules[name] = None\n"
        "from sfmock import Org, intercept\n"
        "import requests\n"
        "with Org.new() as org, intercept(org) as sf:\n"
        "    org.create('Account', Name='Acme')\n"
        "    print(len(requests.get(sf.instance_url + '/services/data').json()))\n"
    )
    assert _run(script) == "37\n"


def _imports(name: str) -> set[str]:
    """Our modules that a module imports when it is loaded; what only type checkers import does not count."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text("utf-8"))
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {f"{node.module}.{each.name}" for each in node.names} | {node.module}
    return found & set(_MODULES) - {name}


def _code(path: Path) -> str:
    """The source without comments and docstrings, which may name what is banned."""
    text = re.sub(r'"""[\s\S]*?"""', '""', path.read_text("utf-8"))
    return re.sub(r"#.*", "", text)


def _run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout
