import pytest

from sfmock.transport.hosts import bare_host, is_salesforce


@pytest.mark.parametrize(
    "host",
    [
        "login.salesforce.com",
        "test.salesforce.com",
        "LOGIN.SalesForce.COM",
        "login.salesforce.com.",
        b"login.salesforce.com",
        bytearray(b"Login.Salesforce.Com."),
        "salesforce.com",
        "acme.my.salesforce.com",
        "acme--dev.sandbox.my.salesforce.com",
        "x.trailblaze.my.salesforce.com",
        "cs42.salesforce.com",
        "acme.lightning.force.com",
        "acme.my.salesforce-setup.com",
        "acme.my.salesforce-sites.com",
        "acme.my.site.com",
        "login\u3002salesforce\uff0ecom",
        "\uff4cogin.salesforce.com",
    ],
)
def test_a_salesforce_host_is_recognised(host: object) -> None:
    assert is_salesforce(host)


@pytest.mark.parametrize(
    "host",
    [
        "notsalesforce.com",
        "salesforce.com.evil.example",
        "login-salesforce.com",
        "salesforce.comx",
        "salesforce.example.com",
        "xforce.com",
        "acme.site.com",
        "my.site.com.example",
        "127.0.0.1",
        "localhost",
        "",
        ".",
        b"",
        b"\xff\xfe",
        "\udcff.example",
        None,
        42,
    ],
)
def test_any_other_host_is_not(host: object) -> None:
    assert not is_salesforce(host)


@pytest.mark.parametrize(
    ("authority", "host"),
    [
        ("Acme.my.salesforce.com", "acme.my.salesforce.com"),
        ("acme.my.salesforce.com.:443", "acme.my.salesforce.com"),
        ("user:secret@acme.my.salesforce.com:8443", "acme.my.salesforce.com"),
        ("[::1]:8080", "::1"),
        ("::1", "::1"),
        ("127.0.0.1:80", "127.0.0.1"),
    ],
)
def test_the_bare_host_has_no_user_port_or_trailing_dot(authority: str, host: str) -> None:
    assert bare_host(authority) == host
