"""The sub-commands of `sfmock` and what each does."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from sfmock.cli import fault_catalogue, importing, linting, soql_tables, starter, tables

if TYPE_CHECKING:
    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command and return the exit code; a wrong one is argparse's usage error, 2."""
    usage = parser()
    arguments = usage.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        code = command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # `sfmock errors | head`: the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (OSError, ValueError) as error:
        usage.error(str(error))
    return code


def parser() -> argparse.ArgumentParser:
    """The sub-commands and their options."""
    whole = argparse.ArgumentParser(prog="sfmock", description="A fake Salesforce for your tests.")
    whole.add_argument("--version", action="version", version=f"sfmock {version('pytest-sfmock')}")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="write a small test suite into a folder and run it")
    demo.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="default: a new temporary folder"
    )
    demo.set_defaults(command=_demo)

    init = commands.add_parser("init", help="write the same suite into your project, as a start")
    init.add_argument("folder", type=Path, metavar="DIR", help="where to; nothing is overwritten")
    init.set_defaults(command=_init)

    routes = commands.add_parser(
        "routes", help="print what is served, and the names that patterns use"
    )
    routes.set_defaults(command=_routes)

    faults = commands.add_parser(
        "faults", help="print the kinds of faults and their options, or all about one"
    )
    faults.add_argument("kind", nargs="?", metavar="KIND", help="print all about this one")
    faults.add_argument("--markdown", action="store_true", help="print all of them as Markdown")
    faults.set_defaults(command=_faults)

    errors = commands.add_parser(
        "errors", help="print the errors that the fake gives in Salesforce's place"
    )
    errors.add_argument("--markdown", action="store_true", help="as a table of Markdown")
    errors.set_defaults(command=_errors)

    soql = commands.add_parser(
        "soql", help="check queries in source files, show what SOQL has here"
    )
    soql_commands = soql.add_subparsers(required=True, metavar="COMMAND")
    _add_check(soql_commands)
    _add_soql_tables(soql_commands)

    org = commands.add_parser("org", help="make org packs")
    _add_import(org.add_subparsers(required=True, metavar="COMMAND"))
    return whole


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
    parser.set_defaults(command=_check)


def _add_soql_tables(commands: Commands) -> None:
    parser = commands.add_parser(
        "tables", help="print functions, operators by type and date literals as Markdown tables"
    )
    parser.set_defaults(command=_soql_tables)


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


def _demo(arguments: argparse.Namespace) -> int:
    folder = starter.write(arguments.folder or starter.temporary()).resolve()
    print(f"Wrote a test suite to {folder}; running it:\n", flush=True)
    code = starter.run(folder)
    print(
        f"\nThe tests are yours to read: {folder}"
        "\nStart with README.md, then test_query.py. `sfmock init DIR` writes the same suite into your project."
    )
    return code


def _init(arguments: argparse.Namespace) -> int:
    folder = starter.write(arguments.folder).resolve()
    print(f"Wrote {', '.join(starter.names())} to {folder}.")
    print("Put your own client into conftest.py, then run pytest there.")
    return 0


def _routes(arguments: argparse.Namespace) -> int:
    print(tables.columns(tables.routes()))
    return 0


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


def _check(arguments: argparse.Namespace) -> int:
    findings = linting.lint(arguments.files, arguments.org)
    for finding in findings:
        print(finding, file=sys.stdout if finding.error else sys.stderr)
    return int(any(finding.error for finding in findings))


def _soql_tables(_: argparse.Namespace) -> int:
    print(soql_tables.everything())
    return 0


def _errors(arguments: argparse.Namespace) -> int:
    write = tables.markdown if arguments.markdown else tables.columns
    print(write(tables.errors()))
    return 0


def _faults(arguments: argparse.Namespace) -> int:
    if arguments.kind is not None:
        print(fault_catalogue.fault(arguments.kind))
    elif arguments.markdown:
        print(fault_catalogue.fault_table(), fault_catalogue.scenario_table(), sep="\n\n")
        print(f"\n{fault_catalogue.sections()}")
    else:
        print(tables.columns(fault_catalogue.faults()))
        print()
        print(tables.columns(fault_catalogue.scenarios()))
    return 0
