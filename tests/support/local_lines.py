"""A client of this environment in a process of its own: `python local_lines.py simple-salesforce`, then a line a word."""

from __future__ import annotations

import json
import sys

import httpx

from line_driver import Failed
from local_drivers import Httpx, LocalDriver, httpx_driver, simple_salesforce


def main() -> None:
    """Answers lines on standard input until there are no more."""
    driver: LocalDriver
    if sys.argv[1] == "simple-salesforce":
        driver = simple_salesforce()
    else:
        driver = httpx_driver(Httpx(httpx.Client()))
    for line in sys.stdin:
        word, *given = json.loads(line)
        try:
            told = {"value": driver.call(word, *given)}
        except Failed as error:
            told = {"failed": error.told}
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
