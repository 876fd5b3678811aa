"""The cookies that a browser sends."""

from __future__ import annotations

from sfmock.wire import Parameters, Request, first_values


def cookies(request: Request) -> Parameters:
    """Name to value; the first of equal names counts, for the one with the longer path comes first."""
    pairs = (each.partition("=") for each in (request.headers.get("Cookie") or "").split(";"))
    return first_values((name.strip(), value.strip()) for name, _, value in pairs)
