"""Servers of an org file that are started as fast as a fork is: `python killable.py FILE` starts one a line that it reads.

It tells `pid N` and, once that listens, `url token`; when somebody has killed it, `dead`.
"""

from __future__ import annotations

import os
import signal
import sys

from sfmock.app import App
from sfmock.cli.announcing import lasting_token
from sfmock.org.org import Org
from sfmock.transport.serving import listening


def _serve(path: str) -> None:
    with Org.open(path, durable=True) as org:
        token = lasting_token(org)
        with listening(App(org)) as doors:
            _tell(f"{doors.url} {token}")
            signal.pause()


def main(path: str) -> None:
    for _ in sys.stdin:
        child = os.fork()  # this process has no other thread
        if child == 0:
            _tell(f"pid {os.getpid()}")
            _serve(path)
            os._exit(1)
        os.waitpid(child, 0)
        _tell("dead")


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
