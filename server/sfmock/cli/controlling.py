"""`sfmock control`: the operations of the control API, as a table, as a page of the reference, as an OpenAPI document."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sfmock.cli.subcommands import JSON_HELP

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The command and its options."""
    parser = commands.add_parser("control", help="print the calls of the control API")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--markdown", action="store_true", help="with all parameters, as Markdown")
    form.add_argument("--json", action="store_true", help=f"{JSON_HELP}: the OpenAPI 3.1 document")
    parser.set_defaults(command=_control)


def _control(arguments: argparse.Namespace) -> int:
    from sfmock.cli import control_pages, output
    from sfmock.control.remote.openapi import document

    if arguments.json:
        output.show_json(document())
    elif arguments.markdown:
        print(control_pages.sections())
    else:
        output.show(control_pages.operations())
    return 0
