"""The command `sfmock`, also `python -m sfmock`."""

from __future__ import annotations

import sys

from sfmock.cli.commands import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
