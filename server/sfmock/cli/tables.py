"""What the code knows of itself as rows: served routes and fault kinds, for the command line and the documentation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

from sfmock import app
from sfmock.routing import Route

Row = tuple[str, ...]


def routes() -> list[Row]:
    """Name, methods and path of each route that is served, and the names of what is refused."""
    served = [route for route in app.routes().all if not refused(route)]
    served.sort(key=lambda route: (route.name, route.path))
    head = ("name", "methods", "path")
    return [head, *((route.name, ", ".join(route.methods), route.path) for route in served)]


def refusals() -> list[str]:
    """The names of the resources that a real org has and this fake refuses."""
    return sorted({route.name for route in app.routes().all if refused(route)})


def faults() -> list[Row]:
    """Kind, own options with their defaults, and first sentence of each fault."""
    return [("kind", "options", "what happens"), *_faults()]


def columns(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def refused(route: Route) -> bool:
    """Whether the route only says that the fake lacks it."""
    return route.handler.__module__ == "sfmock.resources.absent"


def _faults() -> Iterator[Row]:
    for name, kind in sorted(app.fault_kinds().items()):
        options = (f"{each.name}={each.default!r}" for each in fields(kind.Options))
        text = (getattr(kind, "__doc__", None) or "").partition("\n")[0]
        yield name, ", ".join(options) or "-", text.partition(": ")[2].rstrip(".")
