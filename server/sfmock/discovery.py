"""What the packages of resources and faults hold, found by walking them: a new file there is a new door or kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property
from types import ModuleType

import sfmock.faults
import sfmock.resources
from sfmock.faultkind import FaultKind
from sfmock.routing import Router, Routes


@cache
def routes() -> Routes:
    """The doors of all resources, found by walking the package."""
    modules = _modules(sfmock.resources.__name__, sfmock.resources.__path__)
    found = (getattr(module, "router", None) for module in modules)
    return Routes(router for router in found if isinstance(router, Router))


@cache
def fault_kinds() -> FaultKinds:
    """The fault kinds by name, found by walking the package."""
    return FaultKinds()


class FaultKinds(Mapping[str, FaultKind]):
    """The modules of `sfmock.faults` by name, each imported when it is asked for; other names of a kind lead to it too."""

    def __init__(self) -> None:
        self._names = tuple(
            sorted(info.name for info in pkgutil.iter_modules(sfmock.faults.__path__))
        )

    def __getitem__(self, name: str) -> FaultKind:
        if name in self._names:
            return _kind(name)
        return self._others[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    @cached_property
    def _others(self) -> dict[str, FaultKind]:
        return {other: kind for kind in self.values() for other in kind.also}


def _kind(name: str) -> FaultKind:
    found = importlib.import_module(f"{sfmock.faults.__name__}.{name}").KIND
    if not isinstance(found, FaultKind):
        raise TypeError(f"sfmock.faults.{name} has no KIND")
    return found


def _modules(package: str, path: Iterable[str]) -> list[ModuleType]:
    names = sorted(info.name for info in pkgutil.walk_packages(path, f"{package}."))
    return [importlib.import_module(name) for name in names]
