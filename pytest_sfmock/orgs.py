"""The orgs of a run: opened once a pack and seed, put back to that moment between tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sfmock.control.baseline import Baseline
from sfmock.org.org import Org

POOL = pytest.StashKey["Pool"]()


class Pool:
    """Opening an org takes milliseconds, putting one back almost nothing."""

    def __init__(self) -> None:
        self._free: dict[tuple[object, ...], list[tuple[Org, Baseline]]] = {}

    @contextmanager
    def org(self, pack: str | Path | Org, seed: int) -> Iterator[Org]:
        """A clean org for the length of a block; a prepared one as it is, and put back to that afterwards."""
        if isinstance(pack, Org):
            prepared = Baseline(pack)
            prepared.hold()
            try:
                yield pack
            finally:
                prepared.leave()
            return
        free = self._free.setdefault((str(pack), seed, _version(pack)), [])
        org, opened = free.pop() if free else _open(pack, seed)
        try:
            yield org
        finally:
            opened.restore()
            free.append((org, opened))

    def close(self) -> None:
        """Close all orgs."""
        for orgs in self._free.values():
            for org, _ in orgs:
                org.close()
        self._free.clear()


def _open(pack: str | Path, seed: int) -> tuple[Org, Baseline]:
    org = Org.open(pack) if Path(pack).is_file() else Org.new(pack, seed)
    return org, Baseline(org, opened=True)


def _version(pack: str | Path) -> tuple[int, int] | None:
    """What tells a file that was saved anew from the one that was opened before."""
    if not Path(pack).is_file():
        return None
    found = Path(pack).stat()
    return found.st_mtime_ns, found.st_size
