"""The environment of a subprocess that works against the fake: proxy, certificates, addresses and credentials.

It begins with this process's own. A child that knows nothing of sfmock and has Salesforce's host names written down comes
to the fake by the proxy, and trusts it; one that can be told reads the variables SFMOCK_*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, Protocol, TypeAlias
from urllib.parse import urlsplit

from sfmock.control.credentials import Credentials

Usual: TypeAlias = Literal["system", "public", "none"]
"""What a program trusts that is told nothing: what this machine's programs do, what Python packages bring along, or what
it has built in and a variable only adds to."""

_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy")  # curl reads http_proxy alone
_NO_PROXY = ("no_proxy", "NO_PROXY")
_LOCAL = ("localhost", "127.0.0.1", "::1")
_TRUST: tuple[tuple[tuple[str, ...], Usual], ...] = (
    # The variable, then those that the program looks at without it.
    (("SSL_CERT_FILE",), "system"),
    (("CURL_CA_BUNDLE", "SSL_CERT_FILE"), "system"),
    (("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"), "public"),
    (("GIT_SSL_CAINFO",), "system"),
    (("NODE_EXTRA_CA_CERTS",), "none"),
)
_JAVA = "JAVA_TOOL_OPTIONS"
_LOGIN = (
    "SFMOCK_ACCESS_TOKEN",
    "SFMOCK_REFRESH_TOKEN",
    "SFMOCK_USERNAME",
    "SFMOCK_PASSWORD",
    "SFMOCK_SECURITY_TOKEN",
    "SFMOCK_CLIENT_ID",
    "SFMOCK_CLIENT_SECRET",
    "SFMOCK_JWT_KEY",
)


_SECRETS = frozenset(
    [
        *_PROXIES,
        "SFMOCK_PROXY",
        "SFMOCK_ACCESS_TOKEN",
        "SFMOCK_PASSWORD",
        "SFMOCK_SECURITY_TOKEN",
        "SFMOCK_CLIENT_SECRET",
        "SFMOCK_REFRESH_TOKEN",
    ]
)


class Hidden(str):
    """A text like any other, but in its repr: pytest shows dicts that differ item by item."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'…'"


class Environment(dict[str, str]):
    """Variables by name. Some are secrets, the user's own among them: the repr shows names only."""

    def __repr__(self) -> str:
        return f"<Environment {' '.join(sorted(self))}>"


class Way(Protocol):
    """How other processes come to the fake."""

    @property
    def proxy_url(self) -> str:
        """The proxy, with the password that lets them through to other hosts, too."""
        ...

    @property
    def tls_url(self) -> str:
        """An address of the fake that needs no proxy."""
        ...

    @property
    def ca_file(self) -> Path:
        """The fake's own certificate authority."""
        ...

    def trusted(self, base: str | None, usual: Usual) -> Path:
        """A file with the fake's certificate and those of another file, or else the usual ones."""
        ...

    def java_trust_store(self, base: str | None) -> Path:
        """The same as a store that Java reads."""
        ...

    def keep(self, name: str, text: str) -> Path:
        """A file that lives as long as this process."""
        ...

    def concerns_salesforce(self, pattern: str) -> bool:
        """Whether an entry of NO_PROXY would keep a host of Salesforce from the proxy."""
        ...


def make_environment(base: Mapping[str, str], way: Way, own: Mapping[str, str]) -> Environment:
    """The variables of a subprocess: `own` tells it of the fake, of another org nothing is left."""
    direct = [*_without_proxy(base, way)]
    found = Environment({name: value for name, value in base.items() if name not in _LOGIN})
    found.update(dict.fromkeys(_PROXIES, way.proxy_url))
    found.update(dict.fromkeys(_NO_PROXY, ",".join(direct)))
    found.update(
        (names[0], str(way.trusted(_first(base, names), usual))) for names, usual in _TRUST
    )
    found["NODE_USE_ENV_PROXY"] = "1"
    ours = " ".join(_java_options(way, _first(base, ("SSL_CERT_FILE",)), direct))
    found[_JAVA] = f"{base[_JAVA]} {ours}" if base.get(_JAVA) else ours
    found.update(own)
    found.update((name, Hidden(found[name])) for name in _SECRETS & found.keys())
    return found


def address_variables(
    instance_url: str, login_url: str, api_version: str, way: Way
) -> Mapping[str, str]:
    """Where the fake is, in variables."""
    secure = instance_url.startswith("https://")
    return {
        "SFMOCK_URL": instance_url,
        "SFMOCK_TLS_URL": instance_url if secure else way.tls_url,
        "SFMOCK_LOGIN_URL": login_url,
        "SFMOCK_PROXY": way.proxy_url,
        "SFMOCK_CA": str(way.ca_file),
        "SFMOCK_API_VERSION": api_version,
    }


def login_variables(login: Credentials, token: str, way: Way) -> Mapping[str, str]:
    """What a client logs in with, in variables."""
    key = way.keep("sfmock-jwt.pem", login.private_key)
    values = (
        token,
        login.refresh_token,
        login.username,
        login.password,
        login.security_token,
        login.client_id,
        login.client_secret,
        str(key),
    )
    return dict(zip(_LOGIN, values, strict=True))


def _first(base: Mapping[str, str], names: Iterable[str]) -> str | None:
    return next((base[name] for name in names if base.get(name)), None)


def _without_proxy(base: Mapping[str, str], way: Way) -> Iterator[str]:
    """Who is reached straight: this machine, and those that were before, but no host of Salesforce."""
    before = ",".join(base.get(name, "") for name in _NO_PROXY)
    wanted = dict.fromkeys((*_LOCAL, *re.split(r"[\s,]+", before)))
    return (each for each in wanted if each and not way.concerns_salesforce(each))


def _java_options(way: Way, base: str | None, direct: Iterable[str]) -> Iterator[str]:
    """Java reads no other variable. It sends no password to a proxy unless the program has an Authenticator."""
    proxy = urlsplit(way.proxy_url)
    options = {
        "https.proxyHost": proxy.hostname,
        "https.proxyPort": proxy.port,
        "http.proxyHost": proxy.hostname,
        "http.proxyPort": proxy.port,
        "http.nonProxyHosts": "|".join(_java_patterns(direct)),
        "jdk.http.auth.tunneling.disabledSchemes": "",
        "javax.net.ssl.trustStore": way.java_trust_store(base),
        "javax.net.ssl.trustStoreType": "PKCS12",
        "javax.net.ssl.trustStorePassword": "",  # one that was set would be tried on ours
    }
    for name, value in options.items():
        option = f"-D{name}={value}"
        yield f'"{option}"' if re.search(r"\s", option) else option


def _java_patterns(direct: Iterable[str]) -> Iterator[str]:
    """Hosts in Java's own way to write them, which knows no networks."""
    for each in direct:
        name = each.lstrip("*.").strip("[]")
        if re.fullmatch(r"[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*", name):
            yield f"[{name}]"
        elif re.fullmatch(r"[\w.-]+(:\d+)?", name, re.ASCII):
            host = name.partition(":")[0]
            yield host
            if not re.fullmatch(r"[\d.]+|localhost", host):
                yield f"*.{host}"
