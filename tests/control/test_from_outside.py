"""The control API of a server in a process of its own, over sockets; the examples of the documentation run as they stand."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from served import Server, serving
from sfmock import Org, serve
from sfmock.org.lines import lines

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "drive-from-another-language.md"
needs_page = pytest.mark.skipif(not PAGE.is_file(), reason="the documentation is not here")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(file=tmp_path_factory.mktemp("control") / "sf.env") as started:
        yield started


def _block(language: str) -> str:
    found = re.search(rf"(?ms)^```{language}\n(.*?)^```", PAGE.read_text("utf-8"))
    assert found is not None
    return found[1]


def _run(line: list[str | Path], values: Mapping[str, str]) -> str:
    environ = {name: each for name, each in os.environ.items() if not name.endswith("_proxy")}
    done = subprocess.run(
        line, env=environ | dict(values), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _asked(
    url: str, token: str | None, call: str, *, host: str | None = None, ca: str | None = None
) -> tuple[int, Any]:
    """A call over a socket of its own."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=ca)
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            parts.hostname, parts.port, context=context, timeout=30
        )
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    method, path = call.split(" ", 1)
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    if host is not None:
        headers["Host"] = host
    try:
        connection.request(method, parts.path + path, headers=headers)
        reply = connection.getresponse()
        return reply.status, json.loads(reply.read())
    finally:
        connection.close()


@needs_page
def test_the_example_in_python_runs(server: Server, tmp_path: Path) -> None:
    program = tmp_path / "example.py"
    program.write_text(_block("python"), "utf-8")

    told = _run([sys.executable, program], server.values)

    assert told == "{'Name': ['Acme', 'Globex']}\nAcme\n14999\n"


@needs_page
def test_the_example_in_javascript_runs(server: Server, tmp_path: Path) -> None:
    """On the machine's own Node, where it has `fetch`; tests/clients/installed has one of 22."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on this machine")
    version = _run([node, "--version"], {})
    if int(version.removeprefix("v").partition(".")[0]) < 20:
        pytest.skip(f"Node 20 or later has fetch (there is {version.strip()})")
    program = tmp_path / "retry.mjs"
    program.write_text(_block("js"), "utf-8")

    assert _run([node, program], server.values) == "three accounts after two refusals\n"


def test_it_answers_over_http_and_tls_and_stands_in_no_log(server: Server) -> None:
    values = server.values
    token = values["SFMOCK_CONTROL_TOKEN"]
    assert _asked(values["SFMOCK_CONTROL_URL"], token, "GET /")[0] == 200
    tls = f"{values['SFMOCK_TLS_URL']}/__sfmock__"
    status, about = _asked(tls, token, "GET /", ca=values["SFMOCK_CA"])
    assert (status, about["instance_url"]) == (200, values["SFMOCK_URL"])


def test_strangers_are_refused_over_sockets_too(server: Server) -> None:
    url, token = server.values["SFMOCK_CONTROL_URL"], server.values["SFMOCK_CONTROL_TOKEN"]
    assert _asked(url, None, "GET /")[0] == 401
    assert _asked(url, server.values["SFMOCK_ACCESS_TOKEN"], "GET /")[0] == 401
    assert _asked(url, token, "GET /", host="evil.example")[0] == 403
    host = _asked(url, token, "GET /")[1]["my_domain"]
    assert _asked(url, token, "GET /", host=host)[0] == 403
    root = url.removesuffix("/__sfmock__")
    assert _asked(root, token, "GET /services/data/v60.0/limits")[0] == 401  # no token of the org


def test_the_token_of_the_file_outlives_a_reset(server: Server) -> None:
    url, token = server.values["SFMOCK_CONTROL_URL"], server.values["SFMOCK_CONTROL_TOKEN"]
    for _ in range(2):
        assert _asked(url, token, "POST /reset") == (200, {})
        assert "DailyApiRequests" in server.get("limits")


def test_a_served_file_keeps_its_rows_and_has_no_start(tmp_path: Path) -> None:
    path = tmp_path / "my.org"
    with Org.new() as org:
        org.save(path)
    with serving("--org", path, file=tmp_path / "sf.env") as started:
        url, token = started.values["SFMOCK_CONTROL_URL"], started.values["SFMOCK_CONTROL_TOKEN"]
        assert _asked(url, token, "POST /reset")[0] == 409
        assert _asked(url, token, "POST /sobjects/Account/create")[0] == 201
        assert token not in started.told
        code, log = started.end()
    assert (code, log) == (0, "")
    with Org.open(path) as org:
        assert org.count("Account") == 1


def test_a_server_may_go_without_it(tmp_path: Path) -> None:
    with serving("--no-control", file=tmp_path / "sf.env") as started:
        assert [each for each in started.values if "CONTROL" in each] == []
        status, _ = _asked(f"{started.values['SFMOCK_URL']}/__sfmock__", "x", "GET /")
        assert status == 404


def test_the_handle_of_a_served_org_says_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    with Org.new() as org, serve(org) as sf:
        assert sf.control_url is not None
        assert sf.control_url == f"{sf.url}/__sfmock__"
        assert sf.control_token is not None
        assert sf.control_token not in repr(sf)
        status, told = _asked(sf.control_url, sf.control_token, "POST /sobjects/Account/create")
        assert status == 201
        assert org.get(told["records"][0]["Id"]).sobject == "Account"
        assert [*lines(sf.requests)] == []
