"""Clients of every kind under the fixtures: made at import, of two orgs, and of no org at all."""

from __future__ import annotations

import socket

import pytest

MODULE = """
import http.client

import httpx
import pytest
import requests

session, client = requests.Session(), httpx.Client()  # made when nothing was known of the fake
seen = []


@pytest.fixture(scope="module", autouse=True)
def closing():
    yield
    session.close()
    client.close()


@pytest.mark.parametrize("number", [1, 2])
def test_accounts(sfmock, number):
    sfmock.org.create("Account", number)
    headers = {"Authorization": f"Bearer {sfmock.access_token}"}
    url = f"{sfmock.instance_url}/services/data/v60.0/query"
    for each in (session, client):
        reply = each.get(url, params={"q": "SELECT COUNT() FROM Account"}, headers=headers)
        assert reply.json()["totalSize"] == number
    assert sfmock.requests.count("query") == 2
    assert sfmock.transport == TRANSPORT
    assert sfmock.instance_url == f"https://{sfmock.org.my_domain}"
    assert sfmock.login_url == "https://login.salesforce.com"
"""


@pytest.mark.parametrize(
    ("transport", "way"),
    [("auto", "default"), *(("redirect", way) for way in ("option", "ini", "marker"))],
)
def test_clients_made_at_import_see_the_org_of_each_test(
    pytester: pytest.Pytester, transport: str, way: str
) -> None:
    marker = f'\n\npytestmark = pytest.mark.sfmock(transport="{transport}")'
    pytester.makepyfile(
        MODULE.replace("TRANSPORT", repr(transport)) + (marker if way == "marker" else "")
    )
    if way == "ini":
        pytester.makeini(f"[pytest]\nsfmock_transport = {transport}")
    options = [f"--sfmock-transport={transport}"] if way == "option" else []

    pytester.runpytest("-W", "error", *options).assert_outcomes(passed=2)


def test_a_request_of_no_org_fails_the_test_even_if_the_client_swallows_it(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import httpx

        def test_it(sfmock):
            httpx.get("https://prod.my.salesforce.com/services/data")
        """
    )

    result = pytester.runpytest()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["no live org answers for prod.my.salesforce.com (live: sfmock-*"])


def test_a_second_org_of_a_test_is_redirected_by_its_own_name(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import httpx

        def test_it(sfmock, make_sfmock):
            other = make_sfmock(seed=2, transport="redirect")
            for each in (sfmock, other):
                headers = {"Authorization": f"Bearer {each.access_token}"}
                url = f"{each.instance_url}/services/oauth2/userinfo"
                assert httpx.get(url, headers=headers).json()["organization_id"] == each.org.id
        """
    )

    pytester.runpytest().assert_outcomes(passed=1)


PYTEST_SOCKET = """
import socket

BEFORE = socket.socket.connect


def connect(sock, address):  # what --allow-hosts=127.0.0.1 puts there
    assert address[0] == "127.0.0.1", "blocked by pytest-socket"
    return BEFORE(sock, address)


def pytest_runtest_setup():
    socket.socket.connect = connect


def pytest_runtest_teardown():
    socket.socket.connect = BEFORE
"""


@pytest.mark.parametrize("fixture", ["sfmock", "sfmock_class"])
def test_pytest_socket_allows_loopback_and_may_put_its_own_function_back_after_each_test(
    pytester: pytest.Pytester, fixture: str
) -> None:
    pytester.makeconftest(PYTEST_SOCKET)
    pytester.makepyfile(
        f"""
        import httpx
        import pytest

        class TestIt:
            @pytest.mark.parametrize("number", [1, 2, 3])
            def test_it(self, {fixture}, number):
                assert httpx.get(f"{{{fixture}.instance_url}}/services/data").status_code == 200
        """
    )

    try:
        pytester.runpytest().assert_outcomes(passed=3)
    finally:  # what it has put back is a copy that hides the one of the base class
        del socket.socket.connect
