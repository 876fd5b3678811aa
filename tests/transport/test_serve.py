"""`serve`: an org on loopback, for clients of any kind, with the verdict of `intercept` at its end."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from sfmock import Org, Sfmock, serve
from sfmock.app import App
from sfmock.control.credentials import find_user, make_credentials
from sfmock.control.problems import ProblemsFound
from sfmock.transport.guard import RealSalesforceBlocked
from sfmock.transport.serving import listening
from sfmock.transport.tls import ca_file

LIMITS = "/services/data/v60.0/limits"


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as org:
        yield org


def _get(base: str, sf: Sfmock, path: str = LIMITS, ca: Path | None = None) -> Any:
    """By the standard library, which nothing of ours changes."""
    request = urllib.request.Request(base + path)
    request.add_header("Authorization", f"Bearer {sf.access_token}")
    context = ssl.create_default_context(cafile=ca) if ca else None
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
    )
    with opener.open(request, timeout=10) as reply:
        return json.load(reply)


def test_both_urls_lead_to_the_same_org(org: Org) -> None:
    with serve(org) as sf:
        assert sf.instance_url == sf.login_url == sf.url
        plain = _get(sf.url, sf)
        secure = _get(sf.tls_url, sf, ca=sf.ca_file)
        assert sf.url.rpartition(":")[2] == sf.tls_url.rpartition(":")[2]

    assert plain["DailyApiRequests"]["Max"] == secure["DailyApiRequests"]["Max"] == 15_000
    assert [each.path for each in org.journal] == [LIMITS, LIMITS]


def test_tls_may_have_a_port_of_its_own(org: Org) -> None:
    with serve(org, tls_port=0) as sf:
        assert sf.url.rpartition(":")[2] != sf.tls_url.rpartition(":")[2]
        _get(sf.tls_url, sf, ca=sf.ca_file)
        _get(
            sf.tls_url.replace("https://localhost", "http://127.0.0.1"), sf
        )  # is answered there, too


def test_one_port_is_given_once(org: Org) -> None:
    with serve(org) as sf:
        port = int(sf.url.rpartition(":")[2])
    with serve(org, port=port, tls_port=port) as sf:
        assert sf.url == f"http://127.0.0.1:{port}"
        assert sf.tls_url == f"https://localhost:{port}"


def test_a_soap_reply_to_plain_http_names_the_tls_address(org: Org) -> None:
    body = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<n:login xmlns:n="urn:partner.soap.sforce.com">'
        "<n:username>{}</n:username><n:password>{}</n:password></n:login></e:Body></e:Envelope>"
    )
    with serve(org, tls_port=0) as sf, requests.Session() as session:
        session.trust_env = False
        login = sf.credentials
        reply = session.post(
            f"{sf.url}/services/Soap/u/60.0",
            data=body.format(login.username, login.password + login.security_token),
            headers={"Content-Type": "text/xml", "SOAPAction": '""'},
            timeout=10,
        )
        assert f"<serverUrl>{sf.tls_url}/services/Soap/u/60.0" in reply.text
    assert org.tls_authority is None


def test_the_other_address_of_this_machine(org: Org) -> None:
    with serve(org, host="::1") as sf:
        assert sf.url.startswith("http://[::1]:")
        assert _get(sf.url, sf)["DailyApiRequests"]


def test_another_machine_is_not_served(org: Org) -> None:
    with (
        pytest.raises(ValueError, match=r"'0\.0\.0\.0' is not a loopback address"),
        serve(org, host="0.0.0.0"),
    ):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has all of 127.0.0.0/8")
def test_who_comes_by_another_address_is_told_that_one(org: Org) -> None:
    app = App(org)
    token = org.sessions.open(org.admin_id).token
    envelope = (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>'
        '<n:login xmlns:n="urn:partner.soap.sforce.com"><n:username>{}</n:username>'
        "<n:password>{}</n:password></n:login></e:Body></e:Envelope>"
    )
    login = make_credentials(org, find_user(org, None))
    with (
        listening(app, host="0.0.0.0", allow_remote=True) as doors,
        requests.Session() as session,
    ):
        session.trust_env = False
        port = doors.url.rpartition(":")[2]
        assert doors.url == f"http://127.0.0.1:{port}"
        reply = session.post(
            f"http://127.0.0.2:{port}/services/Soap/u/60.0",
            data=envelope.format(login.username, login.password + login.security_token),
            headers={"Content-Type": "text/xml", "SOAPAction": '""'},
            timeout=10,
        )
        address = f"https://127.0.0.2:{port}/services"
        assert f"<serverUrl>{address}/Soap/u/60.0" in reply.text
        found = session.get(
            f"{address}/data/v60.0/limits",
            headers={"Authorization": f"Bearer {token}"},
            verify=str(ca_file()),
            timeout=10,
        )
        assert found.status_code == 200


def test_a_port_in_use_is_told_and_leaves_nothing_open(org: Org) -> None:
    with serve(org) as sf:
        port = int(sf.url.rpartition(":")[2])
        second = serve(org, tls_port=port)
        with pytest.raises(OSError, match=f"port {port} of 127.0.0.1 is in use"), second:
            pass
        assert _get(sf.url, sf)


def test_two_orgs_are_served_at_once(org: Org) -> None:
    with Org.new(seed=1) as other, serve(org) as one, serve(other) as two:
        _get(one.url, one)
        with pytest.raises(urllib.error.HTTPError, match="401"):
            _get(two.url, one)
        assert (len(one.requests), len(two.requests)) == (1, 1)


def test_the_token_is_of_the_user_that_is_named(org: Org) -> None:
    ada = org.user("Ada Lovelace")
    with serve(org, user=ada, api_version="58.0") as sf:
        session = org.sessions.get(sf.access_token)
    assert sf.api_version == "58.0"
    assert session is not None
    assert session.user_id == ada.id


def test_as_a_decorator_it_may_be_used_again_and_again(org: Org) -> None:
    @serve(org)
    def nothing() -> int:
        return 1

    assert nothing() == nothing() == 1


def test_what_the_fake_refused_is_raised_at_the_end(org: Org) -> None:
    def ask(block: serve) -> None:
        with block as sf, pytest.raises(urllib.error.HTTPError, match="501"):
            _get(sf.url, sf, "/services/data/v60.0/tooling")

    with pytest.raises(ProblemsFound, match="the fake refused GET"):
        ask(serve(org))
    ask(serve(org, allow_refused=["tooling"]))


def test_a_fault_that_was_not_met_is_raised_at_the_end(org: Org) -> None:
    with pytest.raises(ProblemsFound, match="should have fired 1 time"), serve(org) as sf:
        sf.faults.add("server_unavailable")


def test_a_budget_that_is_spent_is_raised_at_the_end(org: Org) -> None:
    with pytest.raises(ProblemsFound, match="1 API call"), serve(org, api_budget=0) as sf:
        _get(sf.url, sf)


def test_an_exception_of_the_block_is_not_hidden(org: Org) -> None:
    def run() -> None:
        with serve(org) as sf:
            sf.faults.add("server_unavailable")
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        run()


def test_the_real_salesforce_is_out_of_reach_meanwhile(org: Org) -> None:
    with (
        pytest.raises(ProblemsFound, match="blocked"),
        serve(org),
        pytest.raises(RealSalesforceBlocked),
    ):
        urllib.request.urlopen("https://login.salesforce.com", timeout=10)


def test_the_repr_holds_no_secret(org: Org) -> None:
    block = serve(org)
    with block as sf:
        token = sf.access_token
        assert repr(sf) == f"<Sfmock {sf.url} over http, 0 requests>"
        assert token not in repr(sf) + repr(block)
    assert repr(block) == f"<serve {org!r}>"


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_curl_reaches_it_by_http_and_tls(org: Org) -> None:
    with serve(org) as sf:
        for base in (sf.url, sf.tls_url):
            command = ["curl", "-sS", "--noproxy", "*", "--cacert", str(sf.ca_file)]
            command += ["-H", f"Authorization: Bearer {sf.access_token}", base + LIMITS]
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
            assert json.loads(done.stdout)["DailyApiRequests"]["Max"] == 15_000
