"""`sfmock soql check` and `sfmock soql tables`."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sfmock.cli.subcommands import JSON_HELP

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
    soql = commands.add_parser(
        "soql", help="check queries in source files, show what SOQL has here"
    )
    below = soql.add_subparsers(required=True, metavar="COMMAND")
    _add_check(below)
    tables = below.add_parser(
        "tables", help="print functions, operators by type and date literals as Markdown tables"
    )
    tables.set_defaults(command=_tables)


def _add_check(commands: Commands) -> None:
    parser = commands.add_parser(
        "check",
        help="print what is wrong with the queries in source files",
        epilog="Exit codes: 0 nothing is wrong; 1 something is; 2 wrong usage, or a file that is not there. A line with the"
        " comment `soql: ignore` is passed over.",
    )
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="a file of any language, or a folder"
    )
    parser.add_argument(
        "--org",
        metavar="PACK",
        help="check names and types, too, against the schema of this pack: by name or folder",
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(command=_check)


def _check(arguments: argparse.Namespace) -> int:
    from sfmock.cli import linting, output

    with output.Progress("checking the queries"):
        findings = linting.lint(arguments.files, arguments.org)
    if arguments.json:
        output.show_json([{**asdict(each), "path": str(each.path)} for each in findings])
    for finding in () if arguments.json else findings:
        print(finding, file=sys.stdout if finding.error else sys.stderr)
    return int(any(finding.error for finding in findings))


def _tables(_: argparse.Namespace) -> int:
    from sfmock.cli import soql_tables

    print(soql_tables.everything())
    return 0
