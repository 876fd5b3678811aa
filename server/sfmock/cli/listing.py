"""`sfmock routes`, `faults` and `errors`: what the fake has, as tables."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sfmock.cli import fault_catalogue, tables

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
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


def _routes(arguments: argparse.Namespace) -> int:
    print(tables.columns(tables.routes()))
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
