"""Searches: SOSL and its parameters over the index, records by the queries that RETURNING is made of (sosl.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sfmock import errors
from sfmock.errors import SalesforceError
from sfmock.org.behaviour.coverage import holds_all_rows
from sfmock.org.highlights import check_highlight, highlights
from sfmock.org.queries import Chosen, Queries
from sfmock.org.record import Record
from sfmock.org.search_index import PARENT, SearchIndex, searched_fields
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.soql import nodes as soql
from sfmock.soql.grouping import is_aggregate
from sfmock.soql.plan import Branch
from sfmock.soql.roots import root_of
from sfmock.soql.virtual import VIRTUAL
from sfmock.sosl.errors import BAD_OFFSET, NOT_SEARCHABLE, as_search_error
from sfmock.sosl.nodes import Group, Search
from sfmock.sosl.parser import parse
from sfmock.sosl.terms import any_word
from sfmock.store.database import Database
from sfmock.store.tables import Tables
from sfmock.versions import NEWEST, Version

_MOST: Final = 2_000
_MOST_OF_ONE: Final = 250
_APART: Final = frozenset(
    {"ContentVersion", "Document", "FeedComment", "FeedItem", "Product2", "Solution"}
)
"""Sobjects that are searched only where RETURNING names them, and then whatever IN … FIELDS says."""
_ANY_WORD: Final = frozenset({"Document", "Solution"})
"""Sobjects of which any word will do where no operator stands between words."""
_NAMED: Final = {
    "Account": ("Website", "Site"),
    "Asset": ("SerialNumber",),
    "Case": ("SuppliedName", "SuppliedCompany", "Subject"),
    "Contact": ("AssistantName",),
    "Event": ("Subject",),
    "Lead": ("Company",),
    "Note": ("Title",),
    "PermissionSet": ("Label",),
    "Report": ("Description",),
    "Task": ("Subject",),
    "User": ("CommunityNickname",),
}
"""What IN NAME FIELDS searches beside the name."""


@dataclass(frozen=True, slots=True)
class Found:
    """The records of a search as JSON texts, object by object."""

    records: list[str]
    metadata: str | None


class Searches:
    """Searches over one org, as a user."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        queries: Queries,
        catalogue: Callable[[], Catalogue],
    ) -> None:
        self._db = db
        self._tables = tables
        self._queries = queries
        self._catalogue = catalogue
        self._index = SearchIndex(db, tables)

    def page(self, text: str, *, user_id: str, version: Version) -> Found:
        """The answer to a SOSL text."""
        return self.answer(text, parse(text), user_id=user_id, version=version)

    def answer(self, text: str, search: Search, *, user_id: str, version: Version) -> Found:
        """The answer to a search; `text` is what its places count in."""
        with self._db.lock:
            records = [
                each
                for part, beside in self._parts(text, search, user_id, version)
                for each in self._queries.written(part, beside)
            ]
            metadata = self._labels(search) if search.labels else None
            return Found(records, metadata)

    def fetch(self, text: str, *, user_id: str) -> list[Record]:
        """The records of a search for Python code."""
        with self._db.lock:
            return [
                record
                for part, beside in self._parts(text, parse(text), user_id, Version(NEWEST))
                for record in self._queries.read(part, beside)
            ]

    def _parts(
        self, text: str, search: Search, user_id: str, version: Version
    ) -> list[tuple[Chosen, Sequence[Mapping[str, str]]]]:
        """The rows of each object, and of those that stay what is shown beside their fields."""
        parts = [
            self._chosen(text, query, ids, user_id, version)
            for query, ids in self._found(text, search)
        ]
        counts = _shared([len(each.rows) for each in parts], search.limit)
        return [
            (part, self._beside(part, count, search, version))
            for part, count in zip(parts, counts, strict=True)
        ]

    def _chosen(
        self, text: str, query: soql.Query, ids: list[str], user_id: str, version: Version
    ) -> Chosen:
        """The rows of one object; what is wrong with the query is wrong with the search."""
        try:
            return self._queries.chosen(text, query, ids, user_id=user_id, version=version)
        except SalesforceError as error:
            raise as_search_error(error) from None

    def _beside(
        self, part: Chosen, count: int, search: Search, version: Version
    ) -> Sequence[Mapping[str, str]]:
        if not search.highlight:
            return [{}] * count
        plan = part.prepared.plan
        check_highlight(plan.sobject, version)
        tree = plan.tree if isinstance(plan.tree, Branch) else None
        return highlights(plan.sobject, search.term, tree, part.rows[:count])

    def scope(self) -> list[SObject]:
        """The sobjects that are searched where none is named."""
        return [
            each
            for each in self._catalogue()
            if each.searchable
            and each.queryable
            and each.name not in _APART
            and searched_fields(each)
        ]

    def _found(self, text: str, search: Search) -> Iterable[tuple[soql.Query, list[str]]]:
        """What to return of each object: a query, and the ids that the term was found in."""
        queries = search.returning or tuple(
            _only_id(each)
            for each in self.scope()
            if self._tables.may_have_rows(each) and holds_all_rows(each, self._tables.is_empty)
        )
        most = min(_MOST // max(len(queries), 1), _MOST_OF_ONE)
        taken: set[str] = set()
        checked: list[tuple[soql.Query, SObject]] = []
        for query in queries:
            sobject = root_of(text, query, self._catalogue(), searching=True)
            if not sobject.searchable:
                raise NOT_SEARCHABLE(name=sobject.name)
            if sobject.name in VIRTUAL:
                raise errors.refuse(f"searching {sobject.name}")
            if sobject.name in taken:
                raise errors.refuse(f"SOSL that returns {sobject.name} twice")
            taken.add(sobject.name)
            if is_aggregate(query):
                raise errors.refuse("SOSL with aggregates")
            if query.offset is not None and not 0 <= query.offset <= _MOST:
                raise BAD_OFFSET()
            if query.offset is not None and len(queries) > 1:
                raise errors.refuse("SOSL OFFSET with several objects")
            checked.append((query, sobject))
        for query, sobject in checked:
            cap = _MOST if len(queries) == 1 and (query.where or query.order) else most
            limit = cap if query.limit is None else min(query.limit, cap)
            yield replace(query, limit=limit), self._ids(sobject, search)

    def _ids(self, sobject: SObject, search: Search) -> list[str]:
        fields = _of_group(sobject, search.group)
        if search.term is None or not fields:
            return []
        term = any_word(search.term) if sobject.name in _ANY_WORD else search.term
        account = self._account(sobject) if search.group in ("ALL", "NAME") else None
        return sorted(self._index.find(sobject, term, fields, account))

    def _account(self, sobject: SObject) -> SObject | None:
        """Of contacts the name of their account is searched, too."""
        found = self._catalogue().find("Account") if sobject.name == "Contact" else None
        known = found is not None and sobject.find(PARENT) is not None and found.find("Name")
        return found if known else None

    def _labels(self, search: Search) -> str:
        """What WITH METADATA = 'LABELS' adds: the labels of the fields that are returned."""
        entities = []
        for query in search.returning:
            sobject = self._catalogue().find(query.sources[0].path.parts[0])
            assert sobject is not None, "the search has been answered"
            selected = query.select if isinstance(query.select, tuple) else ()
            paths = [
                each.operand
                for each in selected
                if isinstance(each, soql.Selected) and isinstance(each.operand, soql.Path)
            ]
            found = [sobject.find(each.parts[-1]) for each in paths if len(each.parts) == 1]
            fields = [{"name": each.name, "label": each.label} for each in found if each]
            entities.append({"entityName": sobject.name, "fieldMetadata": fields})
        return json.dumps({"entityMetadata": entities}, separators=(",", ":"))


def _only_id(sobject: SObject) -> soql.Query:
    return soql.Query(
        (soql.Selected(soql.Path(("Id",))),), (soql.Source(soql.Path((sobject.name,))),)
    )


def _of_group(sobject: SObject, group: Group) -> tuple[Field, ...]:
    """The fields that IN … FIELDS names."""
    fields = searched_fields(sobject)
    if group == "ALL" or sobject.name in _APART:
        return fields
    if group == "NAME":
        names = _NAMED.get(sobject.name, ())
        return tuple(each for each in fields if each.name_field or each.name in names)
    return tuple(each for each in fields if each.type == group.lower())


def _shared(counts: Sequence[int], limit: int | None) -> list[int]:
    """How many records of each object stay under an outer LIMIT, which is shared evenly."""
    if limit is None or limit >= sum(counts):
        return list(counts)
    if limit < 0:
        raise errors.refuse("SOSL LIMIT below 0")
    kept = [0] * len(counts)
    left = limit
    while left:
        for place, count in enumerate(counts):
            if left and kept[place] < count:
                kept[place] += 1
                left -= 1
    return kept
