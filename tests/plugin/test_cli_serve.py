"""`sfmock serve` as a process: how it is reached, what it tells, how it ends."""

from __future__ import annotations

import json
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from served import KEYS, Server, command, serving
from sfmock import Org, serve
from sfmock.__main__ import main
from sfmock.cli.announcing import as_text, env_file, lasting_token, reached

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
QUERY = "/services/data/v60.0/query?q=SELECT+Name+FROM+Organization"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that only look at it."""
    with serving(
        "--tls-port", "0", "--proxy-port", "0", file=tmp_path_factory.mktemp("serve") / "sf.env"
    ) as started:
        yield started


def _curl(*arguments: str, noproxy: str = "*") -> str:
    line = ["curl", "-sS", "--noproxy", noproxy, "--max-time", "20", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout


def _file(server: Server) -> Path:
    arguments = server.process.args
    assert isinstance(arguments, list)
    return Path(str(arguments[arguments.index("--env-file") + 1]))


def test_the_file_has_each_key_once_and_is_for_its_owner_only(server: Server) -> None:
    file = _file(server)
    lines = file.read_text("utf-8").splitlines()
    assert [line.partition("=")[0] for line in lines] == KEYS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["sf.env"]
    assert all(line.partition("=")[2] for line in lines)


def test_certificate_and_key_are_files_that_no_one_else_reads(server: Server) -> None:
    authority, key = (Path(server.values[name]) for name in ("SFMOCK_CA", "SFMOCK_JWT_KEY"))
    assert authority.read_text("ascii").startswith("-----BEGIN CERTIFICATE-----")
    assert key.read_text("ascii").startswith("-----BEGIN PRIVATE KEY-----")
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert authority.parent == key.parent


def test_a_shell_reads_the_file_as_it_is_meant(server: Server) -> None:
    file = _file(server)
    script = f'set -eu; . "{file}"; for name in {" ".join(KEYS)}; do eval "echo \\"$name=\\$$name\\""; done'
    told = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert dict(line.split("=", 1) for line in told.splitlines()) == server.values


@needs_curl
def test_the_line_it_prints_can_be_pasted(server: Server) -> None:
    [line] = re.findall(r"^  (curl .*)$", server.told, re.MULTILINE)
    pasted = line.replace("curl ", "curl -sS --noproxy '*' --max-time 20 ", 1)
    shell = shutil.which("bash") or "sh"
    found = subprocess.run([shell, "-c", pasted], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout)["records"][0]["Profile"]["Name"] == "System Administrator"


@needs_curl
def test_the_token_opens_every_door_of_the_same_org(server: Server) -> None:
    values = server.values
    header = f"Authorization: Bearer {values['SFMOCK_ACCESS_TOKEN']}"
    made = json.loads(
        _curl(
            "-H", header, "-H", "Content-Type: application/json", "-d", '{"Name": "Both"}',
            values["SFMOCK_URL"] + "/services/data/v60.0/sobjects/Account",
        )
    )  # fmt: skip
    path = f"/services/data/v60.0/sobjects/Account/{made['id']}?fields=Name"
    read = _curl("--cacert", values["SFMOCK_CA"], "-H", header, values["SFMOCK_TLS_URL"] + path)
    assert json.loads(read)["Name"] == "Both"
    host = values["SFMOCK_USERNAME"].partition("@")[2].removesuffix(".sfmock.example")
    options = ["--cacert", values["SFMOCK_CA"], "--proxy", values["SFMOCK_PROXY"], "-H", header]
    read = _curl(*options, f"https://{host}.develop.my.salesforce.com{path}", noproxy="")
    assert json.loads(read)["Name"] == "Both"
    ports = [
        values[name].rpartition(":")[2] for name in ("SFMOCK_URL", "SFMOCK_TLS_URL", "SFMOCK_PROXY")
    ]
    assert len(set(ports)) == 3


@needs_curl
def test_its_credentials_log_in(server: Server) -> None:
    values = server.values
    for form in (
        {
            "grant_type": "password",
            "username": values["SFMOCK_USERNAME"],
            "password": values["SFMOCK_PASSWORD"] + values["SFMOCK_SECURITY_TOKEN"],
        },
        {"grant_type": "refresh_token", "refresh_token": values["SFMOCK_REFRESH_TOKEN"]},
        {"grant_type": "client_credentials"},
    ):
        form |= {
            "client_id": values["SFMOCK_CLIENT_ID"],
            "client_secret": values["SFMOCK_CLIENT_SECRET"],
        }
        fields = [each for pair in form.items() for each in ("--data-urlencode", "=".join(pair))]
        reply = json.loads(_curl(*fields, values["SFMOCK_URL"] + "/services/oauth2/token"))
        assert reply["instance_url"] == values["SFMOCK_URL"]


def test_the_default_org_has_a_unique_external_id_of_accounts(server: Server) -> None:
    path = "/services/data/v60.0/sobjects/Account/External_Id__c/A-1"
    assert server.call("PATCH", path, {"Name": "Acme"})["created"] is True
    assert server.call("PATCH", path, {"Name": "Acme 2"})["created"] is False
    described = server.get("sobjects/Account/describe")
    [field] = [each for each in described["fields"] if each["name"] == "External_Id__c"]
    assert (field["unique"], field["externalId"], field["createable"]) == (True, True, True)


@pytest.mark.parametrize(("number", "form"), [(signal.SIGINT, "text"), (signal.SIGTERM, "json")])
def test_a_signal_ends_it_in_order(number: signal.Signals, form: str, tmp_path: Path) -> None:
    with serving("--log-format", form, file=tmp_path / "sf.env") as server:
        secret = server.values["SFMOCK_CLIENT_SECRET"]
        server.get(f"query?q=SELECT+Id+FROM+User&client_secret={secret}")
        with pytest.raises(urllib.error.HTTPError, match="501"):
            server.get("tooling")
        with socket.create_connection(("127.0.0.1", _port(server))) as client:
            client.sendall(b"CONNECT other.my.salesforce.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 403 no live org answers for other")
        with socket.create_connection(("127.0.0.1", _port(server))):  # a client that says nothing
            code, log = server.end(number)
        private = Path(server.values["SFMOCK_CA"]).parent

    assert code == 0
    assert not (tmp_path / "sf.env").exists()
    assert not private.exists()
    assert not any(
        server.values[name] in log for name in KEYS if re.search("TOKEN|SECRET|PASSWORD", name)
    )
    query, refused, unknown = log.splitlines()
    assert "no live org answers for other.my.salesforce.com" in unknown
    if form == "text":
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d 200 GET    /services/data/v60\.0/query"
            r"\?q=SELECT Id FROM User&client_secret=…  1 API call  \d+\.\d ms",
            query,
        )
        assert " 501 GET " in refused
        assert "refused: " in refused
    else:
        first, second = json.loads(query), json.loads(refused)
        assert (first["status"], first["method"], first["api_calls"]) == (200, "GET", 1)
        assert first["target"].endswith("?q=SELECT Id FROM User&client_secret=…")
        assert second["error"] == "SFMOCK_NOT_IMPLEMENTED"
        assert json.loads(server.told)["url"] == server.values["SFMOCK_URL"]


def _port(server: Server) -> int:
    return int(server.values["SFMOCK_URL"].rpartition(":")[2])


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_ends_it_while_it_starts_as_well(name: str) -> None:
    # In `exec`, as dataclasses are made while modules are loaded: there KeyboardInterrupt would be the exit code.
    script = f"""
import sys
from sfmock.cli import commands, serving
def start(arguments):
    exec("import os, signal; os.kill(os.getpid(), signal.{name}); input()")
serving._serving = start
sys.exit(commands.main(["serve"]))
"""
    line = [sys.executable, "-c", script]
    found = subprocess.run(line, capture_output=True, text=True, check=False, stdin=subprocess.PIPE)
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_a_file_that_another_server_wrote_meanwhile_stays(tmp_path: Path) -> None:
    file = tmp_path / "sf.env"
    file.write_text("SFMOCK_URL=http://an.earlier.one\n")
    with env_file(file, {"SFMOCK_URL": "http://mine"}):
        assert file.read_text() == "SFMOCK_URL=http://mine\n"
        file.write_text("SFMOCK_URL=http://a.later.one\n")
    assert file.read_text() == "SFMOCK_URL=http://a.later.one\n"


def test_a_path_with_blanks_is_quoted_for_shells(tmp_path: Path) -> None:
    with env_file(tmp_path / "sf.env", {"SFMOCK_CA": "/tmp/my ca.pem", "SFMOCK_X": "a!b"}):
        assert (tmp_path / "sf.env").read_text() == "SFMOCK_CA='/tmp/my ca.pem'\nSFMOCK_X=a!b\n"


def test_the_token_lives_as_long_as_the_org_unless_that_gives_its_sessions_a_lifetime() -> None:
    with Org.new() as org:
        token = lasting_token(org)
        assert token == lasting_token(org)
        org.clock.advance(days=9_999)
        assert token is not None
        assert org.sessions.get(token) is not None
    with Org.new() as org:
        org.sessions.lifetime = 60.0
        short = org.sessions.get(lasting_token(org) or "")
        assert short is not None
        assert (short.expires - short.created).total_seconds() == 60


def test_an_org_without_users_has_no_credentials() -> None:
    with Org.new("bare") as org, serve(org) as sf:
        assert lasting_token(org) is None
        values = reached(sf, None)
        assert list(values) == [*KEYS[:4], *KEYS[-3:]]
        told = as_text(sf, values, None)
    assert "user    none: the org has no users yet" in told
    assert f"curl '{sf.url}/services/data'" in told


def test_a_port_in_use_is_an_error_of_one_line(
    server: Server, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    port = _port(server)
    code = main(["serve", "--port", str(port), "--env-file", str(tmp_path / "x.env")])
    assert code == 1
    assert capsys.readouterr().err == (
        f"sfmock serve: port {port} of 127.0.0.1 is in use: choose another, or 0 for any free one\n"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--port", "70000"], "argument --port: '70000' is no port: 0 to 65535"),
        (["--tls-port", "x"], "argument --tls-port: 'x' is no port"),
        (["--port", "many"], "argument --port: 'many' is no port"),
        (["--nonsense"], "unrecognized arguments: --nonsense"),
        (["--log-format", "xml"], "invalid choice: 'xml'"),
        (["--host", "0.0.0.0"], "'0.0.0.0' is not a loopback address"),
        (["--host", "192.0.2.1"], "--allow-remote"),
        (["--org", "nonsense"], "no org pack 'nonsense'"),
        (["--org", "nonsense"], "sfmock org new"),
        (["--org", __file__], "is no org file"),
        (["--env-file", "/no/such/folder/x.env"], "there is no folder /no/such/folder"),
    ],
)
def test_wrong_usage_is_told_and_has_exit_code_2(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0", *options])
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_other_machines_are_served_where_asked_for_with_a_warning(tmp_path: Path) -> None:
    with serving("--host", "0.0.0.0", "--allow-remote", file=tmp_path / "sf.env") as server:
        assert server.values["SFMOCK_URL"] == f"http://127.0.0.1:{_port(server)}"
        assert server.get("limits")["DailyApiRequests"]
        _, log = server.end()
    assert log.startswith("sfmock serve: warning: every machine that reaches this one")


def test_a_file_is_served_again_with_the_same_token(tmp_path: Path) -> None:
    file = tmp_path / "my.org"
    with Org.new(seed=4) as org:
        org.save(file)
    with serving("--org", file, file=tmp_path / "sf.env") as server:
        account = {"Name": "Kept"}
        made = server.call("POST", "/services/data/v60.0/sobjects/Account", account)
        token = server.values["SFMOCK_ACCESS_TOKEN"]
        assert "each write kept in its file" in server.told
        server.end(signal.SIGKILL)
        with pytest.raises(OSError, match="refused"):
            server.get("limits")
    assert (tmp_path / "sf.env").exists()  # nobody was left to remove it
    with serving("--org", file, file=tmp_path / "sf.env") as server:
        assert server.values["SFMOCK_ACCESS_TOKEN"] == token
        assert server.get(f"sobjects/Account/{made['id']}")["Name"] == "Kept"
        _second_owner(file)
        assert server.end()[0] == 0
    assert sorted(each.name for each in tmp_path.iterdir()) == ["my.org"]


def _second_owner(file: Path) -> None:
    found = subprocess.run(
        command("--port", "0", "--org", file), capture_output=True, text=True, check=False
    )
    assert found.returncode == 1
    assert found.stdout == ""
    [line] = found.stderr.splitlines()
    assert line.startswith(f"sfmock serve: {file} is owned by another org")
    assert "`sfmock serve --org`" in line


def test_a_seed_is_for_a_new_org(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "my.org"
    with Org.new() as org:
        org.save(file)
    with pytest.raises(SystemExit, match="2"):
        main(["serve", "--org", str(file), "--seed", "1"])
    assert f"--seed is for a new org: {file} holds one" in capsys.readouterr().err
