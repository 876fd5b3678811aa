"""`sfmock org`: what is done with packs and saved orgs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sfmock.cli.subcommands import JSON_HELP

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
    org = commands.add_parser("org", help="make, look at and export saved orgs; make org packs")
    below = org.add_subparsers(required=True, metavar="COMMAND")
    _add_new(below)
    _add_info(below)
    _add_export(below)
    _add_import(below)


def _add_new(commands: Commands) -> None:
    parser = commands.add_parser(
        "new",
        help="make a saved org: for sfmock serve --org FILE and Org.open(FILE)",
        epilog="Exit codes: 0 made; 2 wrong usage, a pack that is not there, or a file that is there already.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="where to; nothing is overwritten")
    parser.add_argument(
        "--pack",
        metavar="PACK",
        help="by name or folder; default: developer with a unique external id, Account.External_Id__c",
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="N", help="of ids and secrets; default: 0"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(command=_new)


def _add_info(commands: Commands) -> None:
    parser = commands.add_parser(
        "info",
        help="print what a saved org is and holds",
        epilog="Exit codes: 0 printed; 2 wrong usage, or a file that is not there or no org.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file of `sfmock org new`")
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(command=_info)


def _add_export(commands: Commands) -> None:
    parser = commands.add_parser(
        "export",
        help="write what a saved org holds beyond its pack as a pack of its own, or all of it as CSV",
        epilog="Exit codes: 0 written, and what is left out was printed; 2 wrong usage, a file that is not there or no org, or"
        " a folder that holds other files.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="a file of `sfmock org new`")
    parser.add_argument(
        "--into",
        type=Path,
        metavar="FOLDER",
        help="where to: new, empty, or a former export; default: the name of FILE and -export, in this folder",
    )
    parser.add_argument(
        "--format",
        choices=("json", "csv"),
        default="json",
        help="json: a pack, for Org.new(FOLDER) and sfmock serve --org FOLDER; csv: to look at; default: json",
    )
    parser.add_argument(
        "--base", metavar="PACK", help="the pack that the org began from, where it has moved"
    )
    parser.add_argument("--json", action="store_true", help=JSON_HELP)
    parser.set_defaults(command=_export)


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


def _new(arguments: argparse.Namespace) -> int:
    from sfmock.cli import output, saved

    made = saved.new(arguments.file, arguments.pack, arguments.seed)
    if arguments.json:
        output.show_json(made)
    else:
        print(f"Made {arguments.file}: {made['my_domain']}, org {made['org_id']}.")
        print(f"sfmock serve --org {arguments.file} serves it, Org.open opens a copy of it.")
    return 0


def _info(arguments: argparse.Namespace) -> int:
    from sfmock.cli import output, saved

    found = saved.info(arguments.file)
    if arguments.json:
        output.show_json(found)
        return 0
    for label, text in saved.facts(found):
        print(f"{label:<15} {text}".rstrip())
    print()
    output.show(saved.record_table(found))
    return 0


def _export(arguments: argparse.Namespace) -> int:
    from sfmock.cli import exporting, output

    folder = arguments.into or Path(f"{arguments.file.stem}-export")
    if arguments.format == "csv":
        done = exporting.as_csv(arguments.file, folder)
    else:
        done = exporting.as_pack(arguments.file, folder, arguments.base)
    if arguments.json:
        output.show_json(done.as_json())
        return 0
    what = f"{sum(done.records.values())} records of {len(done.records)} objects"
    beyond = f" beyond those of pack {done.base}" if done.base else ""
    print(f"Wrote {what}{beyond} to {folder}.")
    for each in done.left_out:
        print(f"left out: {each}")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from sfmock.cli import importing, output

    with output.Progress("reading the schema"):
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
