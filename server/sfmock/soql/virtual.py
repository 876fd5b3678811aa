"""Sobjects whose rows the platform computes from the schema, and what queries of them may say (metadata.md 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sfmock.errors import Kind, refuse
from sfmock.schema.catalogue import Catalogue
from sfmock.soql import plan
from sfmock.soql.terms import Column, Term

VIRTUAL: Final = frozenset({"EntityDefinition", "FieldDefinition"})
MOST: Final = 2000
"""Rows of one answer: there is no page behind it."""

NO_DISJUNCTIONS = Kind("MALFORMED_QUERY", "Disjunctions not supported", unverified=True)
"""The wording stands in the Tooling API guide, as the next two; their codes do not."""
ONLY_EQUALS = Kind("MALFORMED_QUERY", "Only equals comparisons permitted", unverified=True)
NOT_BY_STORAGE = Kind(
    "INVALID_OPERATION",
    "The requested operation is not yet supported by this SObject storage type, contact salesforce.com support for more"
    " information.",
    unverified=True,
)
NEEDS_REIFIED = Kind(
    "MALFORMED_QUERY",
    "{sobject}: a filter on a reified column is required [{columns}]",
)

_UNKNOWN: Mapping[str, frozenset[str]] = {
    "EntityDefinition": frozenset(
        {
            "LastModifiedDate", "LastModifiedById", "DefaultCompactLayoutId", "IsWorkflowEnabled", "IsProcessEnabled", "IsIdEnabled",
            "DetailUrl", "EditUrl", "NewUrl", "EditDefinitionUrl", "HelpSettingPageName", "HelpSettingPageUrl",
            "RunningUserEntityAccessId", "PublisherId", "RecordTypesSupported", "InternalSharingModel", "ExternalSharingModel",
            "HasSubtypes", "IsSubtype", "IsAutoActivityCaptureEnabled", "DataStewardId",
        }
    ),
    "FieldDefinition": frozenset(
        {
            "ServiceDataTypeId", "ValueTypeId", "IsWorkflowFilterable", "IsCompactLayoutable", "IsListFilterable", "IsListSortable",
            "IsListVisible", "LastModifiedDate", "LastModifiedById", "PublisherId", "RunningUserFieldAccessId", "Description",
            "BusinessOwnerId", "BusinessStatus", "SecurityClassification",
        }
    ),
}  # fmt: skip
"""Columns whose values nothing here knows."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rows that a query needs, None for all; and which columns of fields it reads."""

    entities: frozenset[str] | None
    """Names or durable ids of sobjects."""
    fields: frozenset[str] | None
    """Names or durable ids of fields, in small letters."""
    columns: frozenset[str]


def is_virtual(query: plan.Plan) -> bool:
    """Whether the query reads rows that the platform computes."""
    return query.sobject.name in VIRTUAL


def check_virtual(query: plan.Plan, catalogue: Catalogue) -> None:
    """Raise what Salesforce says of a query that such rows do not answer; refuse what nobody knows."""
    if any(each.name in VIRTUAL for each in query.inner):
        raise refuse("SOQL semi-joins with EntityDefinition or FieldDefinition")
    if not is_virtual(query):
        _check_joins(query)
        return
    name = query.sobject.name
    # The guide's list has COUNT(), too, but those who asked got the number of entities.
    if query.groups is not None or (query.tree is None and name != "EntityDefinition"):
        raise NOT_BY_STORAGE()
    conditions = tuple(_conditions(query.where))
    if name == "FieldDefinition":
        _check_reified(conditions)
    if query.offset is not None or (query.limit is not None and query.limit < MOST):
        raise refuse(f"SOQL LIMIT and OFFSET on {name}, which the Tooling API guide calls ignored")
    _check_terms(query)
    for child in query.children:
        if child.plan.sobject.name not in VIRTUAL:
            raise refuse(f"SOQL sub-query of {child.plan.sobject.name}")
        tuple(_conditions(child.plan.where))
        if child.plan.limit is not None or child.plan.offset is not None:
            raise refuse("SOQL LIMIT in a sub-query of EntityDefinition")
        _check_terms(child.plan)
    for each in conditions:
        _check_names(query, each, catalogue)


def wanted(query: plan.Plan) -> Wanted:
    """What the query needs to be there."""
    entities: frozenset[str] | None = None
    fields: frozenset[str] | None = None
    for condition in _conditions(query.where):
        values = _values(condition)
        if values is None:
            continue
        assert isinstance(condition.column, Column)
        place = _owner(query, condition.column), condition.column.field.name
        if place in _OF_FIELDS and fields is None:
            fields = frozenset(map(str.lower, values))
        if (
            place in _OF_ENTITIES and entities is None
        ):  # one of several is enough: more rows do no harm
            entities = frozenset(each.partition(".")[0] for each in values)
    return Wanted(entities, fields, frozenset(_fields_read(query)))


_OF_ENTITIES: Final = frozenset(
    {
        ("EntityDefinition", "QualifiedApiName"),
        ("EntityDefinition", "DurableId"),
        ("FieldDefinition", "EntityDefinitionId"),
        ("FieldDefinition", "DurableId"),
    }
)
"""Columns that say which sobject a row is about."""
_OF_FIELDS: Final = frozenset(
    {("FieldDefinition", "QualifiedApiName"), ("FieldDefinition", "DurableId")}
)


def _fields_read(query: plan.Plan) -> Iterator[str]:
    """The columns of FieldDefinition that a query and its sub-queries read."""
    for term in _terms(query):
        if isinstance(term, Column) and _owner(query, term) == "FieldDefinition":
            yield term.field.name
    for child in query.children:
        yield from _fields_read(child.plan)


def _check_joins(query: plan.Plan) -> None:
    for join in query.joins:
        if join.sobject.name in VIRTUAL:
            raise refuse(f"SOQL paths from {query.sobject.name} to {join.sobject.name}")


def _check_reified(conditions: tuple[_Simple, ...]) -> None:
    for condition in conditions:
        values = _values(condition)
        column = condition.column
        if values is None or not isinstance(column, Column):
            continue
        own = column.table == 0
        name = column.field.name
        if (own and name in ("EntityDefinitionId", "DurableId")) or (
            not own and name == "QualifiedApiName"
        ):
            if len(values) > 1:
                raise refuse("SOQL FieldDefinition of several objects at once")
            return
    raise NEEDS_REIFIED(sobject="FieldDefinition", columns="EntityDefinitionId,DurableId")


def _check_terms(query: plan.Plan) -> None:
    for join in query.joins:
        if join.sobject.name not in VIRTUAL:
            raise refuse(f"SOQL {query.sobject.name}.{join.reference.relationship_name}")
    for term in _terms(query):
        if not isinstance(term, Column):
            raise refuse(f"SOQL functions and {term.field.name} on {query.sobject.name}")
        owner = _owner(query, term)
        if term.field.name in _UNKNOWN[owner]:
            raise refuse(f"SOQL {owner}.{term.field.name}")
    compared = [each.column for each in _conditions(query.where)]
    compared += [each.column for each in query.order]
    for term in compared:
        if term.field.type == "id":
            raise refuse(f"SOQL filters and ORDER BY on the Id of {query.sobject.name}")


def _check_names(query: plan.Plan, condition: _Simple, catalogue: Catalogue) -> None:
    """Refuse sobjects that a real org has and this fake lacks: no rows would be untrue. Names come in one spelling."""
    column, values = condition.column, _values(condition)
    if values is None or not isinstance(column, Column):
        return
    about = _owner(query, column), column.field.name
    if about not in _OF_ENTITIES and about != ("EntityDefinition", "DeveloperName"):
        return
    for value in values:
        name = value.partition(".")[0]
        if catalogue.find(name) is None and catalogue.absent(name):
            raise refuse(f"SOQL rows about {catalogue.absent(name)}")
        if column.field.name == "EntityDefinitionId":
            found = catalogue.find(name)
            if found is not None and (found.custom or found.name != name):
                raise refuse(
                    "SOQL EntityDefinitionId with the name of a custom object, or in another spelling"
                )


def _owner(query: plan.Plan, column: Column) -> str:
    """The sobject that a column belongs to."""
    joined = {each.number: each.sobject for each in query.joins}
    return joined.get(column.table, query.sobject).name


def _terms(query: plan.Plan) -> Iterator[Term]:
    yield from query.columns
    for each in _conditions(query.where):
        yield each.column
    for key in query.order:
        yield key.column


_Simple = plan.Equals | plan.IsNull | plan.OneOf | plan.Like


def _conditions(where: plan.Condition | None) -> Iterator[_Simple]:
    """All comparisons, which hold together; raises for anything else."""
    match where:
        case None:
            return
        case plan.All(items):
            for each in items:
                yield from _conditions(each)
        case plan.Any():
            raise NO_DISJUNCTIONS()
        case plan.Equals(_, _, negated=True) | plan.IsNull(_, negated=True):
            raise ONLY_EQUALS()
        case plan.Equals() | plan.IsNull() | plan.Like() | plan.OneOf(negated=False, null=False):
            yield where
        case _:
            raise refuse("SOQL on rows of the schema with other comparisons than =, IN and LIKE")


def _values(condition: _Simple) -> frozenset[str] | None:
    """The texts that a condition names, None for one that names none."""
    match condition:
        case plan.Equals(_, value):
            return frozenset({str(value)})
        case plan.OneOf(_, values):
            return frozenset(map(str, values))
        case _:
            return None
