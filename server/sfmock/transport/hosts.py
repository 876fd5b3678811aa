"""Which host names belong to Salesforce: what is intercepted, and what no test may reach for real."""

from __future__ import annotations

DOMAINS = ("salesforce.com", "force.com", "salesforce-setup.com", "salesforce-sites.com")
"""Registered domains that are Salesforce's from the top; of `site.com` only `my.site.com` is."""

_SUFFIXES = (*(f".{domain}" for domain in DOMAINS), ".my.site.com")
# IDNA reads these three as the dot between labels, so `login。salesforce.com` resolves (RFC 3490, 3.1).
_OTHER_DOTS = str.maketrans(dict.fromkeys("\u3002\uff0e\uff61", "."))


def is_salesforce(host: object) -> bool:
    """True for a Salesforce host name, text or bytes, in any case, with or without a trailing dot."""
    if isinstance(host, str):
        name = host
    elif isinstance(host, (bytes, bytearray)):
        name = host.decode("latin-1")
    else:
        return False  # `socket` takes None for "any address"
    if not name.isascii():
        name = _ascii(name)
    return f".{name.rstrip('.').lower()}".endswith(_SUFFIXES)


def bare_host(authority: str) -> str:
    """The host of `user@host:port`, in lower case, without brackets and trailing dot."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    if host.count(":") == 1:
        host = host.partition(":")[0]
    return host.rstrip(".").lower()


def concerns_salesforce(pattern: str) -> bool:
    """Whether an entry of NO_PROXY holds for a host of Salesforce: its name, the end of one, or all names."""
    name = pattern.lower().strip().removeprefix("*").strip(".")
    if name.count(":") == 1:  # with a port
        name = name.partition(":")[0]
    ends = any(suffix.endswith(f".{name}") for suffix in _SUFFIXES)
    return not name or "*" in name or ends or is_salesforce(name)


def _ascii(name: str) -> str:
    """A name as `socket` would look it up; unchanged where it is no valid name."""
    try:
        return name.translate(_OTHER_DOTS).encode("idna").decode("ascii")
    except UnicodeError:
        return name
