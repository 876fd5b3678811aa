"""Rows that the platform computes from the schema: temporary tables, filled for the query that reads them.

They stand outside of the org's own database, so that no digest and no saved org knows of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sfmock.errors import refuse
from sfmock.org.entity_rows import durable_id, entity_row
from sfmock.org.field_rows import rows_of_fields
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import SObject
from sfmock.soql.plan import Plan
from sfmock.soql.virtual import Wanted, wanted
from sfmock.store.database import Database, Value
from sfmock.store.tables import put_temporary, temporary_statements

_OPEN = frozenset({"DataType", "Label", "MasterLabel"})
"""Columns of fields whose value may be unknown."""


class VirtualRows:
    """Fills the tables, unless they hold the very rows already."""

    def __init__(self, db: Database, pod: str) -> None:
        self._db = db
        self._pod = pod
        self._filled: tuple[int, int, Wanted] | None = None

    def fill(self, query: Plan, catalogue: Catalogue) -> None:
        """Let the tables hold what this query reads of this catalogue."""
        needed = wanted(query)
        if self._filled == (catalogue.token, self._db.undone, needed):
            return
        self._filled = None
        sobjects = [*self._sobjects(catalogue, needed)]
        self._put(catalogue, "EntityDefinition", (entity_row(each, self._pod) for each in sobjects))
        fields: list[Mapping[str, Value]] = []
        for sobject in sobjects if needed.columns else ():
            for field, row in rows_of_fields(sobject, catalogue, self._pod).items():
                unknown = sorted(needed.columns & (_OPEN - row.keys()))
                names = {field.name.lower(), str(row["DurableId"]).lower()}
                if unknown and (needed.fields is None or needed.fields & names):
                    raise refuse(
                        f"SOQL FieldDefinition.{unknown[0]} of {sobject.name}.{field.name}"
                    )
                fields.append(row)
        self._put(catalogue, "FieldDefinition", fields)
        self._filled = catalogue.token, self._db.undone, needed

    def _sobjects(self, catalogue: Catalogue, needed: Wanted) -> Iterable[SObject]:
        if needed.entities is None:
            return catalogue
        if any(each.startswith("01I") for each in needed.entities):
            return [each for each in catalogue if durable_id(each, self._pod) in needed.entities]
        found = {each.name: each for each in map(catalogue.find, needed.entities) if each}
        return found.values()

    def _put(self, catalogue: Catalogue, name: str, rows: Iterable[Mapping[str, Value]]) -> None:
        sobject = catalogue.find(name)
        if sobject is None:
            return
        for statement in temporary_statements(sobject):
            self._db.execute(statement)
        put_temporary(self._db, sobject, rows)
