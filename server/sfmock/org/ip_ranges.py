"""IP ranges as Salesforce's setup pages have them: `10.0.0.1-10.0.0.9`, and networks as `10.0.0.0/8`."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


def require_range(text: str) -> None:
    """Raise ValueError for what is no range."""
    _ends(text)


def within(address: str, ranges: Iterable[str]) -> bool:
    """Whether an address is in one of the ranges."""
    sought = ip_address(address)
    for each in ranges:
        version, first, last = _ends(each)
        if sought.version == version and first <= int(sought) <= last:
            return True
    return False


def _ends(text: str) -> tuple[int, int, int]:
    """IP version, first and last address of a range."""
    first, dash, last = text.partition("-")
    if not dash:
        network = ip_network(text)
        return network.version, int(network[0]), int(network[-1])
    begin, end = ip_address(first.strip()), ip_address(last.strip())
    if begin.version != end.version or int(begin) > int(end):
        raise ValueError(f"{text!r} is no IP range: it ends before it begins")
    return begin.version, int(begin), int(end)
