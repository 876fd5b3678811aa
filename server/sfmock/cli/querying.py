"""`sfmock query`: SOQL over a saved org."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands

FORMATS: Final = ("table", "csv", "json")


def add_to(commands: Commands) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "query",
        help="run a SOQL query over a saved org",
        epilog="Exit codes: 0 the records were printed; 1 Salesforce would answer an error, or pytest-sfmock does not implement"
        " something of the query; 2 wrong usage, or a file that is not there or no org.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file of `sfmock org new`")
    parser.add_argument("soql", metavar="SOQL", help="the query, as one argument")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    form.add_argument(
        "--json", dest="format", action="store_const", const="json", help="--format json"
    )
    parser.set_defaults(command=_query)


def _query(arguments: argparse.Namespace) -> int:
    from sfmock.cli import results  # with the engine, which `sfmock --help` needs none of

    return results.query(arguments.file, arguments.soql, arguments.format)
