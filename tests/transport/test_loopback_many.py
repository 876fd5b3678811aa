"""Several orgs, threads and event loops at once: nothing is lost, and nothing reaches another org."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Callable, Iterator

import httpx
import pytest
import requests

from sfmock.app import App
from sfmock.org.org import Org
from sfmock.transport.loopback import Loopback, ca_file, ca_pem

CREATES = 5
CREATE = "/services/data/v60.0/sobjects/Account"


@pytest.fixture
def places() -> Iterator[list[tuple[Org, Loopback]]]:
    with contextlib.ExitStack() as stack:
        orgs = [stack.enter_context(Org.new(seed=seed)) for seed in (1, 2)]
        yield [(org, stack.enter_context(Loopback(App(org)))) for org in orgs]


def test_two_orgs_and_many_clients_lose_and_mix_up_nothing(
    places: list[tuple[Org, Loopback]],
) -> None:
    failures: list[BaseException] = []
    threads: list[threading.Thread] = []
    expected: list[set[str]] = []
    for org, server in places:
        headers = {"Authorization": f"Bearer {org.sessions.open(org.admin_id).token}"}
        names: set[str] = set()
        for number, base in enumerate((server.url, server.tls_url) * 2):
            client = blocking if number < 2 else in_an_event_loop
            mine = [f"{base} {number} {step}" for step in range(CREATES)]
            names |= set(mine)
            threads.append(in_thread(failures, client, base, headers, mine))
        expected.append(names)

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    for (org, _), names in zip(places, expected, strict=True):
        found = org.query("SELECT Name FROM Account")
        assert isinstance(found, list)
        assert sorted(str(record["Name"]) for record in found) == sorted(names)
        assert len(org.journal) == len(names)


def in_thread(
    failures: list[BaseException], work: Callable[..., None], *args: object
) -> threading.Thread:
    def run() -> None:
        try:
            work(*args)
        except BaseException as error:
            failures.append(error)

    return threading.Thread(target=run)


def blocking(base: str, headers: dict[str, str], names: list[str]) -> None:
    with requests.Session() as session:
        session.trust_env, session.verify = False, str(ca_file())
        for name in names:
            reply = session.post(
                f"{base}{CREATE}", json={"Name": name}, headers=headers, timeout=60
            )
            reply.raise_for_status()


def in_an_event_loop(base: str, headers: dict[str, str], names: list[str]) -> None:
    async def create_all() -> None:
        trust = ssl.create_default_context(cadata=ca_pem().decode())
        async with httpx.AsyncClient(
            base_url=base, headers=headers, verify=trust, trust_env=False, timeout=60
        ) as client:
            posts = (client.post(CREATE, json={"Name": name}) for name in names)
            for reply in await asyncio.gather(*posts):
                reply.raise_for_status()

    asyncio.run(create_all())
