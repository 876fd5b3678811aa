"""The operations of the control API as rows for the command line and as sections of the reference."""

from __future__ import annotations

import json

from sfmock.cli import tables
from sfmock.control.remote.operation import Missing, Operation, Parameter
from sfmock.control.remote.table import GROUPS, OPERATIONS, ROOT


def operations() -> list[tables.Row]:
    """Name, method and path of each, and what it does."""
    rows = [(each.name, each.method, f"{ROOT}{each.path}", each.summary) for each in OPERATIONS]
    return [("name", "method", "path", "does"), *rows]


def sections() -> str:
    """All operations by subject, with their parameters and the keys of their answers."""
    return "\n\n".join(
        "\n\n".join([f"## {group}", *map(_section, found)]) for group, found in GROUPS.items()
    )


def _section(operation: Operation) -> str:
    answer = ", ".join(f"`{name}`" for name in operation.answer or {}) or "an empty object"
    parts = [
        f"### {operation.name}",
        f"`{operation.method} {ROOT}{operation.path}`",
        f"{operation.summary} Answers {operation.status}: {answer}.",
    ]
    if operation.parameters:
        rows = [("parameter", "in", "takes", "default", "means"), *map(_row, operation.parameters)]
        parts.append(tables.markdown(rows, prose=("in", "takes", "means")))
    return "\n\n".join(parts)


def _row(parameter: Parameter) -> tables.Row:
    default = parameter.default
    shown = "" if isinstance(default, Missing) else json.dumps(default)
    if default is Missing.LEFT_OUT:
        shown = "-"
    return parameter.name, parameter.place, parameter.type.words, shown, parameter.meaning
