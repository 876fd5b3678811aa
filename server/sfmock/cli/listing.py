"""`sfmock routes`, `faults` and `errors`: what the fake has, as tables."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sfmock.cli.subcommands import JSON_HELP

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
    routes = commands.add_parser(
        "routes", help="print what is served, and the names that patterns use"
    )
    routes.add_argument("--json", action="store_true", help=JSON_HELP)
    routes.set_defaults(command=_routes)

    faults = commands.add_parser(
        "faults", help="print the kinds of faults and their options, or all about one"
    )
    faults.add_argument("kind", nargs="?", metavar="KIND", help="print all about this one")
    faults_form = faults.add_mutually_exclusive_group()
    faults_form.add_argument(
        "--markdown", action="store_true", help="print all of them as Markdown"
    )
    faults_form.add_argument("--json", action="store_true", help=JSON_HELP)
    faults.set_defaults(command=_faults)

    errors = commands.add_parser(
        "errors", help="print the errors that the fake gives in Salesforce's place"
    )
    errors_form = errors.add_mutually_exclusive_group()
    errors_form.add_argument("--markdown", action="store_true", help="as a table of Markdown")
    errors_form.add_argument("--json", action="store_true", help=JSON_HELP)
    errors.set_defaults(command=_errors)


def _routes(arguments: argparse.Namespace) -> int:
    from sfmock.cli import output, tables

    if arguments.json:
        _, *routes = tables.routes()
        output.show_json(
            [
                {"name": name, "methods": [*methods.split(", ")], "path": path}
                for name, methods, path in routes
            ]
        )
    else:
        output.show(tables.routes())
    return 0


def _errors(arguments: argparse.Namespace) -> int:
    from sfmock.cli import output, tables

    if arguments.json:
        output.show_json(output.dictionaries(tables.errors()))
    elif arguments.markdown:
        print(tables.markdown(tables.errors()))
    else:
        output.show(tables.errors())
    return 0


def _faults(arguments: argparse.Namespace) -> int:
    from sfmock.cli import fault_catalogue, output

    if arguments.json:
        output.show_json(fault_catalogue.as_json(arguments.kind))
    elif arguments.kind is not None:
        print(fault_catalogue.fault(arguments.kind))
    elif arguments.markdown:
        print(fault_catalogue.fault_table(), fault_catalogue.scenario_table(), sep="\n\n")
        print(f"\n{fault_catalogue.sections()}")
    else:
        output.show(fault_catalogue.faults())
        print()
        output.show(fault_catalogue.scenarios())
    return 0
