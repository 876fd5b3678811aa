"""Adding record types: what the describe of an sobject says of them, and their rows in RecordType."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from sfmock import ids
from sfmock.errors import refuse
from sfmock.org.catalogues import Catalogues
from sfmock.schema import record_types
from sfmock.schema.kinds import kind_of
from sfmock.schema.model import PicklistValue, RecordType, SObject


class Rows(Protocol):
    """What keeps the rows: the org's records."""

    def new_id(self, sobject: SObject) -> str:
        """The next id of an sobject."""
        ...

    def load(self, sobject: SObject, rows: Iterable[Mapping[str, object]]) -> None:
        """Take rows over as they are."""
        ...


Picklists = Mapping[str, Iterable[str | PicklistValue]]
"""The values of each picklist that a record type restricts."""


class RecordTypes:
    """The record types of one org."""

    def __init__(
        self, catalogues: Catalogues, rows: Callable[[], Rows], user_id: Callable[[], str | None]
    ) -> None:
        self._catalogues = catalogues
        self._rows = rows
        self._user_id = user_id

    def add(
        self,
        owner: SObject,
        developer_name: str,
        *,
        label: str | None,
        active: bool,
        default: bool,
        picklists: Picklists,
        row: Mapping[str, object],
    ) -> RecordType:
        """Add a record type, with its row."""
        record_types.check_name(developer_name)
        table = self._catalogues.find("RecordType")
        if table is None:
            raise refuse("record types in an org without RecordType")
        _check_owner(owner, table)
        given = ids.canonical(row.get("Id"))
        made = RecordType(
            id=self._rows().new_id(table) if given is None else given,
            developer_name=developer_name,
            label=label or developer_name.replace("_", " "),
            active=active,
            default=default,
            picklists=record_types.picklists(owner, picklists),
        )
        table = record_types.with_sobject(table, owner.name)
        with self._catalogues.changing():
            self._catalogues.put(record_types.with_record_type(owner, made), table)
            self._rows().load(
                table,
                [
                    {
                        "CreatedById": self._user_id(),
                        "LastModifiedById": self._user_id(),
                        **row,
                        "Id": made.id,
                        "Name": made.label,
                        "DeveloperName": made.developer_name,
                        "SobjectType": owner.name,
                        "IsActive": made.active,
                    }
                ],
            )
        return made


def _check_owner(owner: SObject, table: SObject) -> None:
    """Standard sobjects with record types are listed in describe; custom objects may all have some."""
    custom = owner.custom and kind_of(owner.name) == "c" and not owner.custom_setting
    listed = {each.value for each in table.by_name["sobjecttype"].picklist}
    if not custom and owner.name not in listed:
        raise ValueError(f"{owner.name} cannot have record types")
