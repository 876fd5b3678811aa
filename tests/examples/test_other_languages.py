"""The examples of the pages on other languages and on CI run as they stand there, where the toolchain exists."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import runtimes
from waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]
HOW_TO = ROOT / "docs" / "how-to"

pytestmark = pytest.mark.skipif(not HOW_TO.is_dir(), reason="the documentation is not here")


def _block(page: str, language: str) -> str:
    text = (HOW_TO / page).read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return str(found[0])


# Of session scope, for pytester puts another folder in the place of HOME, where the caches of the toolchains are.
@pytest.fixture(scope="session")
def node() -> Path:
    return runtimes.node(ROOT / "tests" / "clients" / "installed" / "node").binary


@pytest.fixture(scope="session")
def go_cache() -> str:
    return runtimes.run(runtimes.program("go"), "env", "GOCACHE").strip()


def _passes(pytester: pytest.Pytester, page: str, language: str, program: str, tests: int) -> None:
    (pytester.path / program).write_text(_block(page, language), "utf-8")
    pytester.makepyfile(_block(page, "python"))

    result = pytester.runpytest("-p", "no:randomly", "-W", "error")

    result.assert_outcomes(passed=tests)


def test_the_client_in_node(
    node: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{node.parent}{os.pathsep}{os.environ['PATH']}")

    _passes(pytester, "client-in-node.md", "js", "create-account.mjs", 2)


def test_the_client_in_go(
    go_cache: str, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOCACHE", go_cache)

    _passes(pytester, "client-in-go.md", "go", "limits.go", 1)


def test_the_client_in_java(pytester: pytest.Pytester) -> None:
    runtimes.program("java")

    _passes(pytester, "client-in-java.md", "java", "Accounts.java", 1)


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs, the command `sfmock` among them."""
    folder = tmp_path / "bin"
    folder.mkdir()
    _program(folder / "sfmock", f'exec "{sys.executable}" -m sfmock "$@"\n')
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def _program(path: Path, script: str) -> None:
    path.write_text(script if script.startswith("#!") else f"#!/bin/sh\n{script}")
    path.chmod(0o755)


def _run(*command: str | Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
ASK = 'curl -sSf -H "Authorization: Bearer $SFMOCK_ACCESS_TOKEN"'


@needs_curl
def test_the_script_for_ci_serves_a_command_and_ends_with_it(path: Path, tmp_path: Path) -> None:
    _program(path / "with-salesforce", _block("ci-without-docker.md", "sh"))
    ask = f'{ASK} --noproxy "*" "$SFMOCK_URL/services/data/v60.0/limits"; echo; echo $SFMOCK_CA; exit 7'

    code, told = _run("with-salesforce", "sh", "-c", ask)

    assert code == 7
    assert '"DailyApiRequests":{"Max":15000,"Remaining":14999}' in told
    assert not Path(told.splitlines()[-1]).exists()


def test_the_script_for_ci_tells_why_there_is_no_server(path: Path) -> None:
    _program(path / "sfmock", "echo 'sfmock serve: no such org' >&2; exit 2\n")
    _program(path / "with-salesforce", _block("ci-without-docker.md", "sh"))

    assert _run("with-salesforce", "true") == (1, "sfmock serve: no such org\n")


@needs_curl
def test_the_steps_of_the_workflow(path: Path, tmp_path: Path) -> None:
    workflow = pytest.importorskip("yaml").safe_load(_block("github-actions.md", "yaml"))
    _, install, start, first, second, show = workflow["jobs"]["test"]["steps"]
    assert install == {"run": "pipx install pytest-sfmock"}
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and not name.startswith("SFMOCK_")
    }
    env |= {"RUNNER_TEMP": str(tmp_path), "GITHUB_ENV": str(tmp_path / "github.env")}
    _program(path / "npm", f'{ASK} --cacert "$SFMOCK_CA" "$URL/services/oauth2/userinfo"\n')

    code, told = _run("bash", "-e", "-c", start["run"] + "\necho $! > $RUNNER_TEMP/pid", env=env)
    try:
        assert code == 0, told
        lines = (tmp_path / "github.env").read_text().splitlines()
        added = dict(line.split("=", 1) for line in lines)
        assert told == f"::add-mask::{added['SFMOCK_PROXY']}\n"
        env |= added
        assert (
            _run("bash", "-e", "-c", first["run"], env=env | {"URL": added["SFMOCK_URL"]})[0] == 0
        )
        more = {
            name: re.sub(r"\$\{\{ env\.(\w+) \}\}", lambda match: added[match[1]], value)
            for name, value in second["env"].items()
        }
        more["URL"] = "https://login.salesforce.com"
        code, told = _run("bash", "-e", "-c", second["run"], env=env | more)
        assert code == 0, told
        assert json.loads(told)["preferred_username"] == added["SFMOCK_USERNAME"]
        asked = " GET    /services/oauth2/userinfo "
        wait_until(lambda: _run("bash", "-c", show["run"], env=env)[1].count(asked) == 2)
    finally:
        os.kill(int((tmp_path / "pid").read_text()), 15)
