"""`env()`: what a subprocess is told, and what it is not."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
import trustme

from sfmock import Org, intercept, serve
from sfmock.app import App
from sfmock.control.environment import Environment
from sfmock.control.handle import Sfmock
from sfmock.transport.loopback import ca_file, ca_pem
from sfmock.transport.wiring import connect

OURS = ca_pem().rstrip() + b"\n"
TRUST = ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "GIT_SSL_CAINFO")
CLEARED = (*TRUST, "NODE_EXTRA_CA_CERTS", "JAVA_TOOL_OPTIONS", "NO_PROXY", "no_proxy")


@pytest.fixture
def org() -> Iterator[Org]:
    with Org.new() as org:
        yield org


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*CLEARED, *(name for name in os.environ if name.startswith("SFMOCK_"))):
        monkeypatch.delenv(name, raising=False)


def env_of(org: Org) -> Environment:
    with intercept(org) as sf:
        return sf.env()


def test_it_says_where_the_fake_is_and_how_to_log_in(org: Org) -> None:
    with intercept(org, api_version="61.0") as sf:
        env, login = sf.env(), sf.credentials

        assert {name: env[name] for name in env if name.startswith("SFMOCK_")} == {
            "SFMOCK_URL": sf.instance_url,
            "SFMOCK_TLS_URL": sf.instance_url,
            "SFMOCK_LOGIN_URL": "https://login.salesforce.com",
            "SFMOCK_PROXY": env["HTTPS_PROXY"],
            "SFMOCK_CA": str(ca_file()),
            "SFMOCK_API_VERSION": "61.0",
            "SFMOCK_ACCESS_TOKEN": sf.access_token,
            "SFMOCK_REFRESH_TOKEN": login.refresh_token,
            "SFMOCK_USERNAME": login.username,
            "SFMOCK_PASSWORD": login.password,
            "SFMOCK_SECURITY_TOKEN": login.security_token,
            "SFMOCK_CLIENT_ID": login.client_id,
            "SFMOCK_CLIENT_SECRET": login.client_secret,
            "SFMOCK_JWT_KEY": env["SFMOCK_JWT_KEY"],
        }
        assert Path(env["SFMOCK_JWT_KEY"]).read_text() == login.private_key


def test_it_is_made_anew_from_the_environment_of_this_process(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINE", "1")
    with intercept(org) as sf:
        first = sf.env()
        first.clear()
        monkeypatch.setenv("MINE", "2")

        assert sf.env()["MINE"] == "2"


def test_both_spellings_of_the_proxies_lead_to_the_listener(org: Org) -> None:
    env = env_of(org)

    proxies = {env[name] for name in ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")}
    (url,) = map(urlsplit, proxies)
    assert (url.scheme, url.username, url.hostname) == ("http", "sfmock", "127.0.0.1")
    assert env["NODE_USE_ENV_PROXY"] == "1"


@pytest.mark.parametrize(
    ("before", "kept"),
    [
        ("", ""),
        ("*", ""),
        ("db.internal, .corp.example 10.0.0.0/8", ",db.internal,.corp.example,10.0.0.0/8"),
        (".salesforce.com,login.salesforce.com,x.my.site.com:443,*.force.com", ""),
        ("com,.com,*.com,*,.site.com,SALESFORCE.COM.,salesforce.com:443", ""),
        ("notsalesforce.com,mysite.com,[fe80::1],192.0.2.1:80", ",notsalesforce.com,mysite.com,[fe80::1],192.0.2.1:80"),
    ],
)  # fmt: skip
def test_no_host_of_salesforce_goes_past_the_proxy(
    org: Org, monkeypatch: pytest.MonkeyPatch, before: str, kept: str
) -> None:
    monkeypatch.setenv("no_proxy", before)

    env = env_of(org)

    assert env["NO_PROXY"] == env["no_proxy"] == f"localhost,127.0.0.1,::1{kept}"


def test_entries_of_both_spellings_are_kept(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "a.example")
    monkeypatch.setenv("NO_PROXY", "b.example,a.example")

    assert env_of(org)["NO_PROXY"] == "localhost,127.0.0.1,::1,a.example,b.example"


def test_trust_begins_with_the_file_that_is_named_already(
    org: Org, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bases: dict[str, bytes] = {}
    for name in (*TRUST, "NODE_EXTRA_CA_CERTS"):
        base = tmp_path / f"{name}.pem"
        bases[name] = trustme.CA().cert_pem.bytes().rstrip() + b"\n"
        base.write_bytes(bases[name])
        monkeypatch.setenv(name, str(base))

    env = env_of(org)

    assert {name: Path(env[name]).read_bytes() for name in bases} == {
        name: OURS + base for name, base in bases.items()
    }


def test_programs_that_ask_for_the_file_of_another_keep_doing_so(
    org: Org, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    base = tmp_path / "base.pem"
    base.write_bytes(trustme.CA().cert_pem.bytes())

    monkeypatch.setenv("SSL_CERT_FILE", str(base))
    env = env_of(org)
    assert env["CURL_CA_BUNDLE"] == env["SSL_CERT_FILE"] != env["REQUESTS_CA_BUNDLE"]
    monkeypatch.delenv("SSL_CERT_FILE")
    monkeypatch.setenv("CURL_CA_BUNDLE", str(base))
    env = env_of(org)
    assert env["CURL_CA_BUNDLE"] == env["REQUESTS_CA_BUNDLE"] != env["SSL_CERT_FILE"]


def test_node_adds_to_what_it_trusts(org: Org) -> None:
    env = env_of(org)

    assert Path(env["NODE_EXTRA_CA_CERTS"]).read_bytes() == OURS
    assert Path(env["SSL_CERT_FILE"]).read_bytes().startswith(OURS + b"-----BEGIN CERT")


def test_java_keeps_its_options_and_knows_the_proxy(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx64m -Djavax.net.ssl.trustStorePassword=mine")
    monkeypatch.setenv("NO_PROXY", ".corp.example:8080,10.0.0.0/8,192.0.2.1,[fe80::1],a b")

    env = env_of(org)

    port = urlsplit(env["HTTPS_PROXY"]).port
    *options, store, kind, password = env["JAVA_TOOL_OPTIONS"].split()
    assert options == [
        "-Xmx64m",
        "-Djavax.net.ssl.trustStorePassword=mine",
        "-Dhttps.proxyHost=127.0.0.1",
        f"-Dhttps.proxyPort={port}",
        "-Dhttp.proxyHost=127.0.0.1",
        f"-Dhttp.proxyPort={port}",
        "-Dhttp.nonProxyHosts=localhost|127.0.0.1|[::1]|corp.example|*.corp.example|192.0.2.1|[fe80::1]|a|*.a|b|*.b",
        "-Djdk.http.auth.tunneling.disabledSchemes=",
    ]
    assert Path(store.removeprefix("-Djavax.net.ssl.trustStore=")).suffix == ".p12"
    assert [kind, password] == [
        "-Djavax.net.ssl.trustStoreType=PKCS12",
        "-Djavax.net.ssl.trustStorePassword=",
    ]


def test_a_path_with_blanks_is_one_option_of_java(
    org: Org, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sfmock.transport import trust

    monkeypatch.setattr(trust, "java_trust_store", lambda _base: Path("/a b/store.p12"))

    assert ' "-Djavax.net.ssl.trustStore=/a b/store.p12" ' in env_of(org)["JAVA_TOOL_OPTIONS"]


def test_no_credentials_of_another_org_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SFMOCK_ACCESS_TOKEN", "stale")
    monkeypatch.setenv("SFMOCK_URL", "https://stale.my.salesforce.com")

    with Org.new("bare") as org:
        env = env_of(org)

    assert "SFMOCK_ACCESS_TOKEN" not in env
    assert env["SFMOCK_URL"] == f"https://{org.my_domain}"


def test_its_repr_holds_no_value(org: Org, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "hunter2-hunter2")

    env = env_of(org)

    assert repr(env).startswith("<Environment ")
    assert " MY_SECRET " in repr(env)
    assert not [name for name, value in env.items() if len(value) > 8 and value in repr(env)]


@pytest.mark.parametrize("transport", ["http", "https"])
def test_over_loopback_the_urls_are_the_listeners_own_and_it_is_the_proxy(
    org: Org, transport: str
) -> None:
    app = App(org)
    with connect(app, transport) as address:
        sf = Sfmock(
            app,
            instance_url=address.instance_url,
            login_url=address.login_url,
            transport=transport,
            way=address.way,
        )
        env = sf.env()

        port = urlsplit(env["SFMOCK_PROXY"]).port
        assert env["SFMOCK_TLS_URL"] == f"https://localhost:{port}"
        assert env["SFMOCK_URL"] == env["SFMOCK_LOGIN_URL"] == address.instance_url
        assert env["SFMOCK_URL"].endswith(f":{port}")
        with requests.Session() as session:
            session.trust_env = False
            session.verify = env["SFMOCK_CA"]
            reply = session.get(env["SFMOCK_TLS_URL"] + "/services/data")
    assert reply.status_code == 200


def test_a_served_org_has_one_too(org: Org) -> None:
    with serve(org) as sf:
        env = sf.env()

        assert (env["SFMOCK_URL"], env["SFMOCK_TLS_URL"]) == (sf.url, sf.tls_url)
        assert env["SFMOCK_PROXY"].endswith(f":{urlsplit(sf.url).port}")


def test_a_handle_without_a_listener_says_so(org: Org) -> None:
    sf = Sfmock(App(org), instance_url="https://x", login_url="https://x", transport="none")

    with pytest.raises(RuntimeError, match="other processes cannot reach this fake"):
        sf.env()


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_fixture_is_the_environment_of_the_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import subprocess

        URL = "https://login.salesforce.com/services/oauth2/userinfo"

        def test_curl(sfmock, sfmock_env):
            header = f"Authorization: Bearer {sfmock_env['SFMOCK_ACCESS_TOKEN']}"
            command = ["curl", "-sSf", "-H", header, URL]
            told = subprocess.run(command, env=sfmock_env, capture_output=True, check=True).stdout
            assert sfmock.org.id in told.decode()
            assert sfmock.requests.count("userinfo") == 1

        def test_an_unknown_host_fails_the_test(sfmock_env):
            command = ["curl", "-s", "https://nobody-lives-here.my.salesforce.com/"]
            assert subprocess.run(command, env=sfmock_env).returncode

        def test_a_secret_is_not_shown(sfmock_env):
            assert sfmock_env == {}
        """
    )

    result = pytester.runpytest("-p", "no:randomly", "--showlocals", "-vv")

    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*no live org answers for nobody-lives-here.my.salesforce.com*"])
    result.stdout.no_fnmatch_line("*http://sfmock:*")
    result.stdout.no_fnmatch_line("*00D*!*")
