"""What the code knows of itself as rows: served routes and errors, for the command line and the documentation."""

from __future__ import annotations

from collections.abc import Sequence

from sfmock import batch_errors, discovery, fault_errors, login_errors
from sfmock import errors as request_errors
from sfmock.errors import Kind
from sfmock.resources.soap.doors import OPERATIONS, TYPED
from sfmock.routing import Route
from sfmock.soql import errors as soql_errors
from sfmock.sosl import errors as sosl_errors

Row = tuple[str, ...]
_WIDEST = 120
"""Characters of a cell on a screen."""
_CATALOGUES = (request_errors, batch_errors, login_errors, fault_errors, soql_errors, sosl_errors)


def routes() -> list[Row]:
    """Name, methods and path of each route that is served, and of each SOAP operation."""
    served = [
        (route.name, ", ".join(route.methods), route.path)
        for route in discovery.routes().all
        if not refused(route)
    ]
    served += [(f"soap {name}", "POST", "/services/Soap/u/<number>") for name in OPERATIONS]
    return [("name", "methods", "path"), *sorted(served, key=lambda row: (row[0], row[2]))]


def operations() -> list[Row]:
    """The SOAP operations: which API serves them, and what they do."""
    rows = [
        (name, "yes", "no" if name in TYPED else "yes", str(handler.__doc__).rstrip("."))
        for name, handler in OPERATIONS.items()
    ]
    return [("operation", "partner", "enterprise", "what"), *sorted(rows)]


def refusals() -> list[str]:
    """The names of the resources that a real org has and this fake refuses."""
    return sorted({route.name for route in discovery.routes().all if refused(route)})


def errors() -> list[Row]:
    """Code, status, wording and certainty of each error that Salesforce gives, in the order of the code."""
    found = {
        (kind.code, str(kind.status), kind.template, _certainty(kind))
        for module in _CATALOGUES
        for kind in vars(module).values()
        if isinstance(kind, Kind)
    }
    return [("code", "status", "message", "certainty"), *sorted(found)]


def markdown(rows: Sequence[Row], prose: Sequence[str] = ()) -> str:
    """The rows as a table of a documentation page; cells are code but in columns of `prose`."""
    head, *rest = rows
    lines = [head, tuple("---" for _ in head)]
    for row in rest:
        cells = zip(head, row, strict=True)
        lines.append(tuple(text if name in prose else _cell(text) for name, text in cells))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def columns(rows: Sequence[Row]) -> str:
    """The rows as text in columns; of a long text the beginning, for the whole is in the documentation."""
    short = [tuple(map(_shortened, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*short, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in short
    )


def _shortened(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"


def _certainty(kind: Kind) -> str:
    return "unverified" if kind.unverified else "documented or recorded"


def _cell(text: str) -> str:
    """Text with nothing in it that Markdown would take for its own."""
    plain = text.replace("\n", "\\n").replace("|", "\\|")
    return f"`{plain}`" if plain and "`" not in plain else plain


def refused(route: Route) -> bool:
    """Whether the route only says that the fake lacks it."""
    return route.handler.__module__ == "sfmock.resources.absent"
