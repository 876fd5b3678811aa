"""The package file of an org's standard schema: an index line, then one compact JSON line an sobject.

Only the sobjects that a test touches are parsed; what is parsed is shared by all orgs of the process, for it is frozen.
Line 1 is `{"objects": {name: [key prefix, offset, length]}, "absent": [names of standard sobjects that are not shipped],
"needs": {name: feature of the org without which the sobject does not exist}}`; offsets count bytes from the end of line 1.
Where there are some, `"masters"` are the sobjects with roll-up summaries, and `"formulas"` the sobject and field of each number.
`schema/lines.py` says what the other lines hold.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Container, Iterable, Mapping
from functools import cached_property, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sfmock.schema.lines import LINES, read_sobject
from sfmock.schema.model import SObject, id_prefix


class Package:
    """The bytes of one package file: its index is read, its sobjects when they are asked for.

    A package may lie over another one: its sobjects join those below or take their places.
    """

    def __init__(self, data: bytes, base: Package | None = None) -> None:
        end = data.index(b"\n") + 1
        index = json.loads(data[:end])
        self._base = base
        self._data = data
        self._lines = memoryview(data)[end:]
        self._index: dict[str, list[Any]] = index["objects"]
        below: Mapping[str, str] = {} if base is None else base.needs
        self.needs: Mapping[str, str] = {
            name: feature
            for name, feature in {**below, **index["needs"]}.items()
            if name not in self._index or name in index["needs"]
        }
        """Sobjects that an org has only with a feature that this fake's orgs lack: they are not found."""
        self._own: dict[str, str] = {
            name.lower(): name for name in self._index if name not in self.needs
        }
        self._names: dict[str, str] = self._own if base is None else {**base._names, **self._own}
        self._absent = {name.lower(): name for name in index["absent"]}
        if base is not None:
            self._absent = {
                key: name
                for key, name in {**base._absent, **self._absent}.items()
                if key not in self._names
            }
        masters: list[str] = index.get("masters", [])
        formulas: dict[str, tuple[str, str]] = index.get("formulas", {})
        self.masters: frozenset[str] = frozenset(masters) | (
            frozenset() if base is None else base.masters - self._index.keys()
        )
        """The sobjects that have roll-up summaries."""
        self.formulas: Mapping[int, tuple[str, str]] = {
            **({} if base is None else base._formulas_but_of(self._index)),
            **{int(number): (name, field) for number, (name, field) in formulas.items()},
        }
        """The sobject and the field of each formula by its number: which function computes it, an org knows."""
        self._prefixes: dict[str, tuple[str, ...]] = {}
        for name in self._names.values():
            prefix = id_prefix(name, self._key_prefix(name))
            if prefix is not None and not name.endswith("Feed"):  # those are rows of FeedItem
                self._prefixes[prefix] = (*self._prefixes.get(prefix, ()), name)
        self._parsed: dict[str, SObject] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The shipped sobjects that the orgs have, in the file's order."""
        return tuple(self._names.values())

    def has_own(self, name: str) -> bool:
        """Whether it holds the sobject itself, not only a package below it."""
        return name.lower() in self._own

    @property
    def prefixes(self) -> frozenset[str]:
        """The first three characters of ids that are taken."""
        return frozenset(self._prefixes)

    def find(self, name: str) -> SObject | None:
        """The sobject of this name, in any case, or None."""
        exact = self._own.get(name.lower())
        if exact is None:
            return None if self._base is None else self._base.find(name)
        found = self._parsed.get(exact)
        if found is None:
            found = read_sobject(json.loads(bytes(self._line(exact))))
            self._parsed[exact] = found
        return found

    def parents_of(self, child: str, field: str) -> frozenset[str]:
        """The custom objects that a reference of a child leads to, told by their lines: most are never parsed."""
        below = frozenset() if self._base is None else self._base.parents_of(child, field)
        end = f'["{child}","{field}",'.encode()
        own = (name for name in self._own.values() if name.endswith("__c"))
        return below.union(name for name in own if end in bytes(self._line(name)))

    def shows(self, name: str, field: str) -> bool:
        """Whether the line of an sobject has this field for callers to see: it is not parsed, so the case of the names counts."""
        if name not in self._index:
            return self._base is not None and self._base.shows(name, field)
        if name in self.needs:
            return False
        line = bytes(self._line(name))
        place = line.find(f'{{"name":"{field}",'.encode())
        return place >= 0 and line.find(b'"hidden":[{"name":', 0, place) < 0

    def absent(self, name: str) -> str | None:
        """The spelling of a standard sobject that Salesforce has and this package does not, or None."""
        return self._absent.get(name.lower())

    def with_prefix(self, prefix: str) -> tuple[str, ...]:
        """The shipped sobjects whose ids start with these three characters."""
        return self._prefixes.get(prefix, ())

    @cached_property
    def data(self) -> bytes:
        """The package as one file, with all that lies below it."""
        if self._base is None:
            return self._data
        names = sorted([*self._names.values(), *self.needs])
        lines = {name: (self._key_prefix(name), bytes(self._line(name))) for name in names}
        return _written(
            lines,
            self._absent.values(),
            self.needs,
            masters=sorted(self.masters),
            formulas={str(number): list(place) for number, place in self.formulas.items()},
        )

    @cached_property
    def digest(self) -> str:
        """A hash of all of it."""
        below = b"" if self._base is None else self._base.digest.encode()
        return blake2b(below + self._data, digest_size=16).hexdigest()

    def _formulas_but_of(self, names: Container[str]) -> dict[int, tuple[str, str]]:
        found = self.formulas.items()
        return {number: place for number, place in found if place[0] not in names}

    def _line(self, name: str) -> memoryview:
        if name not in self._index and self._base is not None:
            return self._base._line(name)
        _, offset, length = self._index[name]
        return self._lines[offset : offset + length]

    def _key_prefix(self, name: str) -> str | None:
        if name not in self._index and self._base is not None:
            return self._base._key_prefix(name)
        prefix: str | None = self._index[name][0]
        return prefix


def open_package(path: Path, base: Package | None = None) -> Package:
    """The package of a file, opened once a process as long as the file stays as it is."""
    about = path.stat()
    return _opened(path, about.st_size, about.st_mtime_ns, base)


@lru_cache(maxsize=16)
def _opened(path: Path, size: int, changed: int, base: Package | None) -> Package:
    """`size` and `changed` tell a file from what stood there before."""
    return Package(path.read_bytes(), base)


@lru_cache(maxsize=16)
def pack_up(package: Package) -> str:
    """A package, with all that lies below it, as one short text: what an org file carries."""
    return b64encode(zlib.compress(package.data)).decode()


@lru_cache(maxsize=16)
def unpack(text: str) -> Package:
    """The package that `pack_up` wrote, the same one for all orgs of the process that carry it."""
    return Package(zlib.decompress(b64decode(text)))


def write_package(
    objects: Iterable[SObject], absent: Iterable[str], needs: Mapping[str, str] | None = None
) -> bytes:
    """The bytes of a package file."""
    lines: dict[str, tuple[str | None, bytes]] = {}
    masters: list[str] = []
    formulas: dict[str, list[str]] = {}
    for each in objects:
        lines[each.name] = each.key_prefix, LINES.sobject(each).encode()
        if each.summaries:
            masters.append(each.name)
        formulas.update({str(field.formula): [each.name, field.name] for field in each.formulas})
    return _written(lines, absent, needs or {}, masters=masters, formulas=formulas)


def _written(
    lines: Mapping[str, tuple[str | None, bytes]],
    absent: Iterable[str],
    needs: Mapping[str, str],
    **optional: object,
) -> bytes:
    index: dict[str, list[Any]] = {}
    offset = 0
    for name, (prefix, line) in lines.items():
        index[name] = [prefix, offset, len(line)]
        offset += len(line) + 1
    rare = {key: value for key, value in optional.items() if value}
    head = {"objects": index, "absent": list(absent), "needs": dict(needs), **rare}
    text = json.dumps(head, separators=(",", ":"))
    return b"\n".join([text.encode(), *(line for _, line in lines.values()), b""])
