"""What modules of commands have in common; what a command works with is imported when it is called, for `sfmock --help` is quick."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import argparse

    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

JSON_HELP: Final = "print JSON, for programs"
