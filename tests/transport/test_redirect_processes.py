"""Whole processes: gevent in the place of the standard library and beside it, and a script without pytest."""

from __future__ import annotations

import subprocess
import sys

import pytest

GEVENT = """
from gevent import monkey
monkey.patch_all()
import gevent, requests, socket, urllib3, warnings
from sfmock import Org
from sfmock.app import App
from sfmock.transport.guard import GUARD
from sfmock.transport.wiring import connect

session, pool = requests.Session(), urllib3.PoolManager()
before = socket.getaddrinfo, socket.socket.connect
with Org.new(my_domain="acme") as org:
    url = "https://acme.my.salesforce.com/services/data"
    with connect(App(org), "redirect"):
        jobs = [gevent.spawn(session.get, url) for _ in range(3)]
        jobs.append(gevent.spawn(pool.request, "GET", url))
        gevent.joinall(jobs, raise_error=True, timeout=20)
        print([getattr(each.value, "status_code", 200) for each in jobs], len(org.journal))
session.close(); pool.clear()
print(GUARD.drain(), (socket.getaddrinfo, socket.socket.connect) == before)
"""

GEVENT_ALONE = """
import gevent.socket, gevent.ssl
from sfmock import Org
from sfmock.app import App
from sfmock.transport.wiring import connect

def ask():
    context = gevent.ssl.create_default_context()
    host = "acme.my.salesforce.com"
    with context.wrap_socket(gevent.socket.create_connection((host, 443)), server_hostname=host) as sock:
        sock.sendall(b"GET /services/data HTTP/1.1\\r\\nHost: acme.my.salesforce.com\\r\\nConnection: close\\r\\n\\r\\n")
        return sock.recv(12)

with Org.new(my_domain="acme") as org, connect(App(org), "redirect"):
    print(gevent.spawn(ask).get(timeout=20))
"""


def _run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script], capture_output=True, text=True, timeout=60
    )
    assert done.stderr == ""
    return done.stdout


def test_gevent_in_the_place_of_the_standard_library_is_redirected() -> None:
    pytest.importorskip("gevent")

    assert _run(GEVENT) == "[200, 200, 200, 200] 4\n[] True\n"


def test_gevent_beside_the_standard_library_is_redirected() -> None:
    pytest.importorskip("gevent")

    assert _run(GEVENT_ALONE) == "b'HTTP/1.1 200'\n"


def test_a_block_without_pytest_answers_all_clients() -> None:
    script = """
import httpx, requests
from sfmock import Org, intercept
with Org.new("sales") as org, intercept(org) as sf:
    headers = {"Authorization": f"Bearer {sf.access_token}"}
    url = f"{sf.instance_url}/services/data/v60.0/limits"
    print(requests.get(url, headers=headers).status_code, httpx.get(url, headers=headers).status_code, sf.transport)
"""

    assert _run(script) == "200 200 auto\n"
