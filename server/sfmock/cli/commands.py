"""The command `sfmock`: its sub-commands, each of which a module of its own adds, and how one ends."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from types import ModuleType
from typing import Final

from sfmock.cli import controlling, listing, org, querying, serving, soql, starting

SUBJECTS: Final[Sequence[ModuleType]] = (
    starting, serving, listing, soql, org, querying, controlling,
)  # fmt: skip
"""The modules that add commands by their `add_to`, in the order of the help."""


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
    for subject in SUBJECTS:
        subject.add_to(commands)
    return whole
