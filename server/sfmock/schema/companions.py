"""Companions: the share, history and feed sobjects that go with another one (metadata.md 4.16).

Flags are those of the recorded rows of standard companions; that custom ones have the same, and the words `Share: ` and
`History: ` in their labels, was told by others who compared them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sfmock.schema import system_fields
from sfmock.schema.model import ChildRelationship, Field, PicklistValue, SObject
from sfmock.schema.names import companion_name

RELATIONSHIPS: Mapping[str, str] = {"Feed": "Feeds", "History": "Histories", "Share": "Shares"}
"""What the parent calls each kind."""
DATA_TYPES: Mapping[str, str] = {
    "boolean": "Boolean", "combobox": "DynamicEnum", "currency": "Currency", "date": "DateOnly", "datetime": "DateTime",
    "double": "Double", "email": "Email", "int": "Double", "multipicklist": "MultiEnum", "percent": "Percent",
    "phone": "Phone", "picklist": "DynamicEnum", "reference": "EntityId", "string": "Text", "textarea": "MultiLineText",
    "time": "TimeOnly", "url": "Url",
}  # fmt: skip
"""What history rows call the types of fields: the words are documented, which type has which is not (unverified)."""
ACCESS_LEVELS = (("Read", "Read Only"), ("Edit", "Read/Write"), ("All", "Owner"))
ROW_CAUSES = ("Owner", "Manual", "Rule")
_FEED_FIELDS = (
    "Id", "ParentId", "Type", "CreatedById", "CreatedDate", "IsDeleted", "LastModifiedDate", "SystemModstamp",
    "CommentCount", "LikeCount", "Title", "Body", "LinkUrl", "IsRichText", "RelatedRecordId", "InsertedById",
    "BestCommentId",
)  # fmt: skip


def has_shares(parent: SObject) -> bool:
    """Whether single records can be shared: not where everybody may write them all, and not where a master decides."""
    return parent.sharing in ("Read", "Private")


def share_of(parent: SObject) -> SObject:
    """`Invoice__Share`."""
    return replace(
        _companion(parent, "Share", companion_name(parent.name, "Share"), f"Share: {parent.label}"),
        fields=(
            system_fields.record_id("Custom Object Share ID"),
            _parent(parent, "ParentId", createable=True),
            replace(
                _reference("UserOrGroupId", "User/Group ID", ("Group", "User")), createable=True
            ),
            _choice("AccessLevel", "Custom Object Access", ACCESS_LEVELS, updateable=True),
            replace(
                _choice("RowCause", "Row Cause", [(each, each) for each in ROW_CAUSES]),
                nillable=True,
            ),
            *system_fields.modified()[:2],
            system_fields.deleted(),
        ),
        createable=True,
        updateable=True,
        deletable=True,
    )


def history_of(parent: SObject, name: str = "", field: str = "ParentId") -> SObject:
    """`Invoice__History`; for a standard sobject under the name and key that its parent's describe tells."""
    label = f"{parent.label} History" if name else f"History: {parent.label}"
    return replace(
        _companion(parent, "History", name or companion_name(parent.name, "History"), label),
        fields=(
            system_fields.record_id(f"{parent.label} History ID"),
            system_fields.deleted(),
            _parent(parent, field),
            *reversed(system_fields.created()),
            _choice(
                "Field", "Changed Field", [("created", "Created.")], length=255, createable=False
            ),
            replace(
                _choice(
                    "DataType",
                    "Datatype",
                    [(each, each) for each in sorted(set(DATA_TYPES.values()))],
                    createable=False,
                ),
                nillable=True,
            ),
            _value("OldValue", "Old Value"),
            _value("NewValue", "New Value"),
        ),
        replicateable=True,
    )


def feed_of(parent: SObject, feed_item: SObject) -> SObject:
    """`Invoice__Feed`: a view of the posts about one sobject's rows."""
    key = _parent(parent, "ParentId")
    found = [feed_item.by_name[name.lower()] for name in _FEED_FIELDS if feed_item.find(name)]
    return replace(
        _companion(parent, "Feed", companion_name(parent.name, "Feed"), f"Feed: {parent.label}"),
        fields=tuple(
            key if each.name == "ParentId" else replace(each, createable=False, updateable=False)
            for each in found
        ),
        deletable=True,
        replicateable=True,
    )


def parent_end(companion: SObject) -> ChildRelationship:
    """The child relationship that a companion gives its parent."""
    kind, parent = companion.associate or ("", "")
    key = next(each.name for each in companion.fields if each.reference_to == (parent,))
    return ChildRelationship(companion.name, key, RELATIONSHIPS[kind], cascade_delete=True)


def _companion(parent: SObject, kind: str, name: str, label: str) -> SObject:
    return SObject(
        name=name,
        label=label,
        label_plural=label,
        key_prefix=None,
        fields=(),
        custom=parent.custom,
        createable=False,
        updateable=False,
        deletable=False,
        undeletable=False,
        searchable=False,
        triggerable=False,
        replicateable=False,
        layoutable=False,
        compact_layoutable=False,
        search_layoutable=False,
        associate=(kind, parent.name),
    )


def _parent(parent: SObject, name: str, *, createable: bool = False) -> Field:
    relationship = name.removesuffix("Id")
    label = "Parent ID" if name == "ParentId" else f"{parent.label} ID"
    return replace(
        _reference(name, label, (parent.name,)),
        createable=createable,
        relationship_name=relationship,
    )


def _reference(name: str, label: str, targets: tuple[str, ...]) -> Field:
    return replace(
        system_fields.system(name, label, "reference"),
        defaulted_on_create=False,
        reference_to=targets,
        relationship_name=name.removesuffix("Id"),
    )


def _choice(
    name: str,
    label: str,
    values: Iterable[tuple[str, str]],
    *,
    length: int = 40,
    createable: bool = True,
    updateable: bool = False,
) -> Field:
    entries = tuple(PicklistValue(value, text) for value, text in values)
    return replace(
        system_fields.system(name, label, "picklist"),
        length=length,
        defaulted_on_create=False,
        createable=createable,
        updateable=updateable,
        restricted_picklist=True,
        picklist=entries,
    )


def _value(name: str, label: str) -> Field:
    """A value of any type: it can be read and nothing else (metadata.md 2.1)."""
    return Field(
        name=name,
        label=label,
        type="anyType",
        length=255,
        createable=False,
        updateable=False,
        filterable=False,
        sortable=False,
        groupable=False,
        aggregatable=False,
    )
