"""What `sfmock serve` tells: how to reach the org, on the screen and in a file for other programs."""

from __future__ import annotations

import json
import os
import re
import secrets
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from sfmock.control.environment import login_variables
from sfmock.org.org import Org
from sfmock.org.session_settings import DEFAULT_LIFETIME, LONGEST
from sfmock.transport.serving import Served

_PLAIN = re.compile(r"[\w@%+=:,./!~-]*", re.ASCII)
_QUERY = "query?q=SELECT+Id,Name,Profile.Name+FROM+User"


def lasting_token(org: Org) -> str | None:
    """A token of the first administrator that lives as long as the org, unless that gives its sessions a lifetime.

    Where the org keeps a file it is the token of last time. None in an org without users.
    """
    try:
        user_id = org.users.find(org.admin_id).id
    except LookupError:
        return None
    if org.sessions.lifetime != DEFAULT_LIFETIME:
        return org.sessions.open(user_id).token
    for each in org.sessions:
        lives = (each.expires - each.created).total_seconds()
        if each.user_id == user_id and each.kind == "api" and lives > LONGEST / 2:
            return each.token
    return org.sessions.open(user_id, lifetime=LONGEST).token


def reached(served: Served, token: str | None) -> dict[str, str]:
    """Addresses and credentials, by the names of the file; an org without users has no credentials."""
    found = {
        "SFMOCK_URL": served.url,
        "SFMOCK_TLS_URL": served.tls_url,
        "SFMOCK_PROXY": served.proxy_url,
        "SFMOCK_CA": str(served.ca_file),
    }
    if token is not None:
        found |= login_variables(served.credentials, token, served.way)
    found["SFMOCK_API_VERSION"] = served.api_version
    return found | served.control_variables()


@contextmanager
def env_file(path: Path, values: Mapping[str, str]) -> Iterator[None]:
    """The values in a file that only this user can read: there whole or not at all, and gone at the end of the block."""
    text = "".join(f"{name}={_quoted(value)}\n" for name, value in values.items())
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
        made.replace(path)
    except BaseException:
        made.unlink(missing_ok=True)
        raise
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text() == text:  # else it is that of another server by now
                path.unlink()


def _quoted(value: str) -> str:
    """As it is, which every reader of such files takes; a value that a shell would take apart, a path with blanks say, in quotes."""
    return value if _PLAIN.fullmatch(value) else shlex.quote(value)


def as_text(served: Served, values: Mapping[str, str], file: Path | None) -> str:
    """What a reader needs: where it is, and a line to paste."""
    rows = [
        ("HTTP", served.url),
        ("TLS", f"{served.tls_url}  (trust {values['SFMOCK_CA']})"),
        ("proxy", f"{_without_password(served.proxy_url)}  (for Salesforce's own host names)"),
        ("org", f"{served.org.my_domain}, {_kept(served.org)}"),
        ("user", values.get("SFMOCK_USERNAME", "none: the org has no users yet")),
    ]
    if served.control_url is not None:
        where = "--env-file tells its token" if file is None else "its token is in the file"
        rows.append(("control", f"{served.control_url}  ({where})"))
    if file is not None:
        rows.append(("file", f"{file} has the credentials"))
    told = "\n".join(f"  {name:<7} {text}" for name, text in rows)
    return (
        f"sfmock {version('pytest-sfmock')} listens.\n\n{told}\n\nTry it:\n\n  {curl(values)}\n\n"
        "Ctrl-C ends the server."
    )


def as_json(served: Served, values: Mapping[str, str], file: Path | None) -> str:
    """The same for a program, without secrets but in the line to paste."""
    told = {
        "event": "listening",
        "url": values["SFMOCK_URL"],
        "tls_url": values["SFMOCK_TLS_URL"],
        "proxy": _without_password(served.proxy_url),
        "ca": values["SFMOCK_CA"],
        "control_url": values.get("SFMOCK_CONTROL_URL"),
        "org": served.org.my_domain,
        "username": values.get("SFMOCK_USERNAME"),
        "env_file": None if file is None else str(file),
        "curl": curl(values),
    }
    return json.dumps({name: value for name, value in told.items() if value is not None})


def _without_password(url: str) -> str:
    """Enough for hosts of Salesforce; others are reached with it only, and screens are logs in CI."""
    return f"http://{url.rpartition('@')[2]}"


def _kept(org: Org) -> str:
    return "each write kept in its file" if org.db.durable else "in memory: gone when this ends"


def curl(values: Mapping[str, str]) -> str:
    """A line to paste into a shell, where `!` is a mark of its own outside of single quotes."""
    base = f"{values['SFMOCK_URL']}/services/data"
    token = values.get("SFMOCK_ACCESS_TOKEN")
    if token is None:
        return f"curl '{base}'"
    url = f"{base}/v{values['SFMOCK_API_VERSION']}/{_QUERY}"
    return f"curl -H 'Authorization: Bearer {token}' '{url}'"
