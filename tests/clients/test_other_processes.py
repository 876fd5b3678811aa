"""Programs of other processes, unmodified, in the environment that `env()` gives: they write Salesforce's own host names."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

import runtimes
from other_hosts import answer, listening
from sfmock import Org, Sfmock, intercept
from sfmock.transport.guard import GUARD

ASKING = """
import asyncio, json, os, sys, urllib.request

URL = os.environ["SFMOCK_LOGIN_URL"] + "/services/oauth2/userinfo"
HEADERS = {"Authorization": "Bearer " + os.environ["SFMOCK_ACCESS_TOKEN"]}


def with_urllib(url):
    with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS)) as reply:
        return json.load(reply)


def with_requests(url):
    import requests
    return requests.get(url, headers=HEADERS).json()


def with_httpx(url):
    import httpx
    return httpx.get(url, headers=HEADERS).json()


async def with_httpx_async(url):
    import httpx
    async with httpx.AsyncClient(headers=HEADERS) as client:
        return (await client.get(url)).json()


async def with_aiohttp(url):
    import aiohttp
    async with aiohttp.ClientSession(headers=HEADERS, trust_env=True) as session:
        async with session.get(url) as reply:
            return await reply.json()


def told(ask, url):
    try:
        answer = asyncio.run(ask(url)) if asyncio.iscoroutinefunction(ask) else ask(url)
    except Exception as error:
        return repr(error)
    return answer["organization_id"]


clients = [globals()["with_" + name] for name in sys.argv[1:]]
for url in (URL, "https://nobody-lives-here.my.salesforce.com/"):
    print(json.dumps([told(each, url) for each in clients]))
"""
CLIENTS = ("urllib", "requests", "httpx", "httpx_async", "aiohttp")


@dataclass
class Run:
    """The fake, and the environment of programs that work against it."""

    sf: Sfmock
    env: dict[str, str]

    def __call__(self, *command: object) -> subprocess.CompletedProcess[str]:
        words = [str(each) for each in command]
        return subprocess.run(
            words, env=self.env, capture_output=True, text=True, timeout=60, check=False
        )


@pytest.fixture
def run() -> Iterator[Run]:
    with Org.new() as org, intercept(org) as sf:
        yield Run(sf, sf.env())


@pytest.fixture
def script(tmp_path: Path) -> Path:
    runtimes.module("aiohttp")
    path = tmp_path / "ask.py"
    path.write_text(ASKING)
    return path


def test_python_clients_are_answered_under_salesforces_own_names_and_told_of_refusals(
    run: Run, script: Path
) -> None:
    done = run(sys.executable, script, *CLIENTS)

    assert done.stderr == ""
    answered, refused = map(json.loads, done.stdout.splitlines())
    assert answered == [run.sf.org.id] * len(CLIENTS)
    assert run.sf.requests.count("userinfo") == len(CLIENTS)
    assert [each for each in refused if "no live org answers for nobody" not in each] == []
    assert len(GUARD.drain()) == len(refused) == len(CLIENTS)


def test_curl_is_answered_over_tls_and_told_of_refusals(run: Run) -> None:
    curl = runtimes.program("curl")
    header = f"Authorization: Bearer {run.sf.access_token}"

    done = run(curl, "-sS", "-H", header, f"{run.sf.login_url}/services/oauth2/userinfo")
    assert json.loads(done.stdout)["organization_id"] == run.sf.org.id
    done = run(curl, "-sS", "https://nobody-lives-here.my.salesforce.com/")
    assert done.returncode == 56
    assert "403" in done.stderr
    done = run(
        curl, "-sS", "-w", "%{http_code}", "-o", "-", "http://nobody-lives-here.my.salesforce.com/"
    )
    assert done.stdout.startswith("no live org answers for nobody-lives-here.my.salesforce.com")
    assert len(GUARD.drain()) == 2


def test_curl_reaches_other_hosts_with_its_own_trust_alone(run: Run, tmp_path: Path) -> None:
    curl = runtimes.program("curl")
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(server)
    authority.cert_pem.write_to_path(str(tmp_path / "theirs.pem"))
    reply = answer(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\ntheirs")
    del run.env["NO_PROXY"], run.env["no_proxy"]

    with listening(reply, server) as other, listening(reply) as plain:
        url = f"https://localhost:{other.port}/"
        assert run(curl, "-sS", "--cacert", tmp_path / "theirs.pem", url).stdout == "theirs"
        assert run(curl, "-sS", url).returncode == 60
        assert run(curl, "-sS", f"http://{plain.authority}/").stdout == "theirs"
        del run.env["https_proxy"], run.env["HTTPS_PROXY"]
        run.env["https_proxy"] = run.env["SFMOCK_PROXY"].rpartition("@")[2]
        done = run(curl, "-sS", url)
    assert "407" in done.stderr
    assert len(plain.got) == 1


def test_git_trusts_the_fake(run: Run) -> None:
    git = shutil.which("git") or runtimes.absent("git")

    done = run(git, "ls-remote", f"{run.sf.instance_url}/x.git")

    assert "not found" in done.stderr
    assert [(each.status, each.path) for each in run.sf.requests] == [(404, "/x.git/info/refs")]
