"""`sfmock serve`: an org for clients in any language, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfmock.cli.subcommands import Commands
    from sfmock.org.org import Org

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LAST_PORT = 65535
_REMOTE = (
    "warning: every machine that reaches this one can use the org, and its secrets can be guessed"
)


class _EndedError(BaseException):
    """A signal came. Not KeyboardInterrupt: one that meets code in `exec`, as dataclasses run it, is the exit code even if handled."""


def add_to(commands: Commands) -> None:
    """The command and its options."""
    parser = commands.add_parser(
        "serve",
        help="serve an org over HTTP, TLS and a proxy, for clients in any language",
        epilog="Exit codes: 0 ended by Ctrl-C or SIGTERM; 1 it could not start: a port is in use, the file is owned by"
        " another process; 2 wrong usage, or an org that is not there.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address; default: 127.0.0.1")
    parser.add_argument(
        "--port", type=_port, default=8765, metavar="N", help="0: a free one; default: 8765"
    )
    parser.add_argument(
        "--tls-port",
        type=_port,
        metavar="N",
        help="a port for TLS alone; without it --port answers TLS, too",
    )
    parser.add_argument(
        "--proxy-port",
        type=_port,
        metavar="N",
        help="a port for the proxy alone; without it --port is the proxy, too",
    )
    parser.add_argument(
        "--org",
        metavar="PACK|FILE",
        help="a pack, which is kept in memory, or a file of `sfmock org new`, which keeps every write; default: the pack"
        " developer with a unique external id, Account.External_Id__c",
    )
    parser.add_argument(
        "--seed", type=int, metavar="N", help="of ids, secrets and generated values; default: 0"
    )
    parser.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        help="write addresses and credentials there, as KEY=VALUE, once it listens; removed at the end",
    )
    parser.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="default: text"
    )
    parser.add_argument(
        "--allow-remote",
        action="store_true",
        help="serve other machines, too, where --host is an address that they reach",
    )
    parser.add_argument(
        "--no-control",
        action="store_true",
        help="without the control API, by which callers of this machine do what the handle does",
    )
    parser.set_defaults(command=_serve)


def _serve(arguments: argparse.Namespace) -> int:
    with _ended_by_signals() as ending:
        # Loaded here, for this takes most of the time until it listens, and a signal ends that, too.
        from sfmock.store.files import OwnedError

        try:
            with _serving(arguments):
                ending.recv(1)
        except OwnedError as error:
            return _failed(error)
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise
            return _failed(error if error.filename else error.strerror)
    return 0


@contextmanager
def _serving(arguments: argparse.Namespace) -> Iterator[None]:
    from sfmock.app import App
    from sfmock.cli import announcing
    from sfmock.cli.access_log import AccessLog
    from sfmock.control.rules import Rules
    from sfmock.transport.blocks import Wishes
    from sfmock.transport.serving import Served, listening
    from sfmock.versions import DEFAULT

    if arguments.env_file is not None and not arguments.env_file.absolute().parent.is_dir():
        raise ValueError(f"--env-file: there is no folder {arguments.env_file.absolute().parent}")
    remote = _is_remote(arguments.host, allowed=arguments.allow_remote)
    if remote:
        print(f"sfmock serve: {_REMOTE}", file=sys.stderr)
    with ExitStack() as stack:
        org = stack.enter_context(_org(arguments.org, arguments.seed))
        token = announcing.lasting_token(org)
        log = stack.enter_context(AccessLog(org, sys.stderr, arguments.log_format))
        app = App(org)
        app.tell = log.tell
        doors = stack.enter_context(
            listening(
                app,
                host=arguments.host,
                port=arguments.port,
                tls_port=arguments.tls_port,
                proxy_port=arguments.proxy_port,
                note=logging.getLogger("sfmock.proxy").warning,
                allow_remote=remote,
                control=not arguments.no_control,
            )
        )
        served = Served(app, doors, Wishes(None, DEFAULT, Rules()))
        served.start()
        values = announcing.reached(served, token)
        if arguments.env_file is not None:
            stack.enter_context(announcing.env_file(arguments.env_file, values))
        json_wanted = arguments.log_format == "json"
        tell = announcing.as_json if json_wanted else announcing.as_text
        with suppress(BrokenPipeError):  # `sfmock serve | head -1`
            print(tell(served, values, arguments.env_file), flush=True)
        yield


@contextmanager
def _ended_by_signals() -> Iterator[socket.socket]:
    """Ctrl-C and SIGTERM end the block in order; a second one ends the process at once.

    Whoever waits for one reads from the socket: the system may hand a signal to any thread, and a wait for a lock in the main
    one goes on.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        raise _EndedError

    ending, woken = socket.socketpair()
    woken.setblocking(False)
    with ending, woken:
        signal.set_wakeup_fd(woken.fileno())
        before = [signal.signal(each, end) for each in _SIGNALS]
        try:
            yield ending
        except _EndedError:
            pass
        finally:
            signal.set_wakeup_fd(-1)
            for each, handler in zip(_SIGNALS, before, strict=True):
                signal.signal(each, handler)


def _org(name: str | None, seed: int | None) -> Org:
    from sfmock.org.org import Org

    if name is None:
        return default_org(seed or 0)
    if Path(name).is_file():
        if seed is not None:
            raise ValueError(f"--seed is for a new org: {name} holds one")
        return Org.open(name, durable=True)
    try:
        return Org.new(name, seed or 0)
    except LookupError as error:
        raise ValueError(f"{error}; nor is it a file, which `sfmock org new` makes") from None


def default_org(seed: int) -> Org:
    """What is served, and put into a new file, where nobody names a pack."""
    from sfmock.org.org import Org

    org = Org.new("developer", seed)
    org.schema.add_field(
        "Account", "External_Id__c", "string", length=80, unique=True, external_id=True
    )
    return org


def _is_remote(host: str, *, allowed: bool) -> bool:
    """Whether other machines may reach the host; raises ValueError where that was not asked for."""
    from sfmock.transport.loopback import loopback_address

    try:
        loopback_address(host)
    except ValueError as error:
        if not allowed:
            raise ValueError(f"{error}; --allow-remote serves others, too") from None
        return True
    return False


def _port(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() else -1
    if not 0 <= number <= _LAST_PORT:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no port: 0 to {_LAST_PORT}, 0 for a free one"
        )
    return number


def _failed(reason: object) -> int:
    print(f"sfmock serve: {reason}", file=sys.stderr)
    return 1
