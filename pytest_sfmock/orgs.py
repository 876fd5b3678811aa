"""The orgs of a run: opened once a pack and seed, put back to that moment between tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sfmock.control.baseline import Baseline
from sfmock.org.org import Org

POOL = pytest.StashKey["Pool"]()


class Pool:
    """Opening an org takes milliseconds, putting one back almost nothing."""

    def __init__(self) -> None:
        self._orgs: dict[tuple[object, ...], list[_Pooled]] = {}

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
        known = self._orgs.setdefault((str(pack), seed, _version(pack)), [])
        # The one that was opened first: its host and credentials are those that most tests of the run see.
        pooled = next((each for each in known if not each.used), None)
        if pooled is None:
            known.append(pooled := _Pooled(*_open(pack, seed)))
        pooled.used = True
        try:
            yield pooled.org
        finally:
            pooled.opened.restore()
            pooled.used = False

    def in_use(self, pack: str | Path, seed: int) -> Org | None:
        """The one that was opened first, if a test is using it."""
        known = self._orgs.get((str(pack), seed, _version(pack)))
        return known[0].org if known and known[0].used else None

    def close(self) -> None:
        """Close all orgs."""
        for orgs in self._orgs.values():
            for each in orgs:
                each.org.close()
        self._orgs.clear()


@dataclass
class _Pooled:
    org: Org
    opened: Baseline
    used: bool = False


def pool_of(config: pytest.Config) -> Pool:
    """The orgs of this run, closed with it."""
    pool = config.stash.get(POOL, None)
    if pool is None:
        config.stash[POOL] = pool = Pool()
        config.add_cleanup(pool.close)
    return pool


def _open(pack: str | Path, seed: int) -> tuple[Org, Baseline]:
    org = Org.open(pack) if Path(pack).is_file() else Org.new(pack, seed)
    return org, Baseline(org, opened=True)


def _version(pack: str | Path) -> tuple[int, int] | None:
    """What tells a file that was saved anew from the one that was opened before."""
    if not Path(pack).is_file():
        return None
    found = Path(pack).stat()
    return found.st_mtime_ns, found.st_size
