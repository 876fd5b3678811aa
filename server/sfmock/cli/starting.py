"""`sfmock demo` and `sfmock init`: the starter suite, run at once or written into a project."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sfmock.cli import starter

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands


def add_to(commands: Commands) -> None:
    """The commands and their options."""
    demo = commands.add_parser("demo", help="write a small test suite into a folder and run it")
    demo.add_argument(
        "folder", type=Path, nargs="?", metavar="DIR", help="default: a new temporary folder"
    )
    demo.set_defaults(command=_demo)

    init = commands.add_parser("init", help="write the same suite into your project, as a start")
    init.add_argument("folder", type=Path, metavar="DIR", help="where to; nothing is overwritten")
    init.set_defaults(command=_init)


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
