"""`sfmock org`: what is done with packs and saved orgs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sfmock.cli import importing

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
    org = commands.add_parser("org", help="make org packs")
    _add_import(org.add_subparsers(required=True, metavar="COMMAND"))


def _add_import(commands: Commands) -> None:
    parser = commands.add_parser(
        "import",
        help="make an org pack of describe results, sfdx source or mdapi files",
        epilog="Exit codes: 0 read and written; 1 --strict, and something was left out that your org acts on: nothing was"
        " written; 2 wrong usage, or nothing to read.",
    )
    parser.add_argument(
        "sources", type=Path, nargs="+", metavar="SOURCE", help="a file or a folder"
    )
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="the pack: for --sfmock-org FOLDER and Org.new(FOLDER)",
    )
    target.add_argument(
        "--schema",
        type=Path,
        metavar="FILE",
        help="put described objects into this package file (for maintainers)",
    )
    parser.add_argument(
        "--base",
        default="developer",
        metavar="PACK",
        help="the pack that it lies over; default: developer",
    )
    parser.add_argument(
        "--writable",
        action="store_true",
        help="with --schema: rules of the objects are written, so writes are served",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="write nothing if something is left out that your org acts on",
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(command=_import)


def _import(arguments: argparse.Namespace) -> int:
    if arguments.into is not None:
        report = importing.into_pack(
            arguments.sources, arguments.into, arguments.base, strict=arguments.strict
        )
    else:
        report = importing.into_schema(
            arguments.sources,
            arguments.schema,
            writable=arguments.writable,
            strict=arguments.strict,
        )
    refused = arguments.strict and bool(report.behaviour)
    if arguments.json:
        print(importing.as_json(report))
    else:
        print(report)
        print("Nothing was written." if refused else f"Wrote {arguments.into or arguments.schema}.")
    return int(refused)
