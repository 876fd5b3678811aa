"""The org's describes as JSON text, written once for each schema, version and host."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sfmock.errors import NOT_FOUND, refuse
from sfmock.org.describe_shapes import summary
from sfmock.org.describe_texts import describe_text, json_text
from sfmock.org.schema import OrgSchema
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.versions import Version
from sfmock.wire import JSON

_KEPT = 256


@dataclass(frozen=True, slots=True)
class Document:
    """A describe as it is sent: its text, its short ETag and when the schema was last changed."""

    text: str
    etag: str
    changed: datetime


class Describes:
    """Global describe, basic info and full describe of one org."""

    def __init__(self, schema: OrgSchema, catalogue: Callable[[], Catalogue]) -> None:
        self._catalogue = catalogue
        self._schema = schema
        self._texts: OrderedDict[tuple[int, str, str, str], tuple[str, str]] = OrderedDict()

    def everything(self, version: Version) -> Document:
        """The global describe; it lists the sobjects that this fake has."""

        def write() -> str:
            by_name = sorted(self._catalogue(), key=lambda each: each.name)
            rows: list[JSON] = [summary(each, version) for each in by_name]
            return json_text({"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": rows})

        return self._document("", version, "", write)

    def one(self, name: str, version: Version, authority: str) -> Document:
        """The full describe of an sobject; raises NOT_FOUND, or refuses one that the fake lacks."""
        sobject = self.find(name)

        def write() -> str:
            return describe_text(sobject, self._catalogue(), version, authority)

        return self._document(sobject.name, version, authority, write)

    def basic(self, sobject: SObject, version: Version, recent: list[JSON]) -> dict[str, JSON]:
        """The basic info of an sobject: its row of the global describe and the rows viewed last."""
        return {"objectDescribe": summary(sobject, version), "recentItems": recent}

    def find(self, name: str) -> SObject:
        """The sobject that a path names; raises NOT_FOUND, or refuses one that the fake lacks."""
        found = self.get(name)
        if found is None:
            raise NOT_FOUND()
        return found

    def get(self, name: str) -> SObject | None:
        """The sobject of this name, or None; refuses one that a real org has and the fake lacks."""
        found = self._catalogue().find(name)
        absent = None if found is not None else self._catalogue().absent(name)
        if absent is not None:
            raise refuse(f"sobject {absent}")
        return found

    def _document(
        self, name: str, version: Version, authority: str, write: Callable[[], str]
    ) -> Document:
        key = (self._catalogue().token, str(version), authority, name)
        found = self._texts.get(key)
        if found is None:
            text = write()
            found = self._texts[key] = (text, f'"{zlib.crc32(text.encode()):08x}"')
            if len(self._texts) > _KEPT:
                self._texts.popitem(last=False)
        return Document(*found, self._schema.changed)
