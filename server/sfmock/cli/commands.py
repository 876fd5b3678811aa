"""The sub-commands of `sfmock` and what each does."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from sfmock.cli import starter, tables


def main(argv: Sequence[str] | None = None) -> int:
    """Run one sub-command and return the exit code; a wrong one is argparse's usage error, 2."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except (FileExistsError, NotADirectoryError) as error:
        parser.error(str(error))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sfmock", description="A fake Salesforce for your tests.")
    parser.add_argument("--version", action="version", version=f"sfmock {version('pytest-sfmock')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

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

    faults = commands.add_parser("faults", help="print the kinds of faults and their options")
    faults.set_defaults(command=_faults)

    errors = commands.add_parser(
        "errors", help="print the errors that the fake gives in Salesforce's place"
    )
    errors.add_argument("--markdown", action="store_true", help="as a table of Markdown")
    errors.set_defaults(command=_errors)
    return parser


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


def _errors(arguments: argparse.Namespace) -> int:
    write = tables.markdown if arguments.markdown else tables.columns
    print(write(tables.errors()))
    return 0


def _faults(arguments: argparse.Namespace) -> int:
    print(tables.columns(tables.faults()))
    return 0
