"""What a reference may hold: a well-formed id, of a right sobject, of a row that lives (metadata.md 2.2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sfmock import errors, ids
from sfmock.org.behaviour import group
from sfmock.org.dml.plan import Plan, Row
from sfmock.org.dml.store import Store
from sfmock.org.dml.values import Unfit, parser_error, parser_of
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.store.database import Value

_NO_TYPE = "Nested object for polymorphic foreign key must have an attributes field before any other fields."


@dataclass(frozen=True, slots=True)
class ParentKey:
    """A parent by external id: `value` is what its rows hold, `sent` what the request said."""

    parent: SObject
    field: Field
    value: Value
    sent: object


class References:
    """The rules of reference fields."""

    def __init__(self, store: Store, visible: Callable[[], Catalogue]) -> None:
        self._store = store
        self._visible = visible
        """The catalogue of the user who writes."""

    def canonical(self, field: Field, value: str) -> str:
        """The 18-character form of a reference's value; raises for what cannot be an id of its sobjects."""
        record_id = ids.canonical(value)
        if record_id is None:
            raise errors.MALFORMED_ID(label=field.label, value=value, fields=[field.name])
        if field.reference_to and self._target(field, record_id, self._store.catalogue) is None:
            raise errors.WRONG_ID_TYPE(label=field.label, value=value, fields=[field.name])
        return record_id

    def check(self, owner: SObject, field: Field, record_id: str) -> None:
        """Raise unless the row that a reference names is there and may be named."""
        target = self._target(field, record_id, self._store.catalogue)
        if target is None:
            return
        if self._visible().find(target.name) is None:
            raise errors.NO_ACCESS_TO_REFERENCE(id15=record_id[:15])
        row = self._store.find(target, record_id)
        if row is None:
            raise errors.NO_SUCH_REFERENCE()
        if row.get("IsDeleted"):
            raise errors.REFERENCE_IS_DELETED()
        if target.name == "Lead" and row.get("IsConverted"):
            raise errors.CONVERTED_LEAD()
        if field.name == "OwnerId":
            self._check_owner(owner, target, row)

    def check_circle(self, plan: Plan, field: Field, parent: Value, own: Value) -> None:
        """Refuse a row of a hierarchy above itself: custom lookups make one on User alone."""
        hierarchy = not field.custom or plan.sobject.name == "User"
        if not hierarchy or field.reference_to != (plan.sobject.name,):
            return
        seen = {own}
        while isinstance(parent, str):
            if parent in seen:
                raise errors.refuse(f"the error for a circle of {plan.sobject.name}.{field.name}")
            seen.add(parent)
            row = self._store.find(plan.sobject, parent)
            parent = None if row is None else row[field.name]

    def parent_id(self, field: Field, nested: Mapping[str, object]) -> str:
        """The id of the parent that `{"Ext__c": value}` names (rest.md 2.6)."""
        return self.parent_by(self.parent_key(field, nested))

    def parent_key(self, field: Field, nested: Mapping[str, object]) -> ParentKey:
        """What a nested parent names itself by; raises what a parser would."""
        attributes = nested.get("attributes")
        if field.polymorphic:
            parent = self._typed(field, nested, attributes)
        else:
            parent = self._visible().parent(field)
        if parent is None:
            raise errors.refuse(f"parents of type {', '.join(field.reference_to)} by external id")
        if isinstance(attributes, Mapping) and attributes.get("type", parent.name) != parent.name:
            raise errors.refuse("a parent whose attributes name another type")
        keys = [key for key in nested if key != "attributes"]
        if len(keys) != 1:
            raise errors.refuse("a parent that is not named by exactly one external id")
        return _key(parent, keys[0], nested[keys[0]])

    def parent_by(self, key: ParentKey) -> str:
        """The id of the parent with this external id."""
        parent, field = key.parent, key.field
        found = self._store.ids(parent, field, key.value)
        if not found:
            raise errors.FOREIGN_KEY_NOT_FOUND(value=key.sent, name=field.name, sobject=parent.name)
        if len(found) > 1:
            raise errors.refuse("a parent whose external id belongs to several records")
        return found[0]

    def _typed(
        self, field: Field, nested: Mapping[str, object], attributes: object
    ) -> SObject | None:
        """The sobject that the parent's attributes name: they come first."""
        if next(iter(nested), None) != "attributes":
            raise errors.JSON_PARSER_ERROR(text=_NO_TYPE)
        name = attributes.get("type") if isinstance(attributes, Mapping) else None
        parent = self._visible().find(name) if isinstance(name, str) else None
        if parent is None or parent.name != name or name not in field.reference_to:
            raise errors.refuse(f"a parent of the type {name} in {field.name}")
        return parent

    def _check_owner(self, owned: SObject, target: SObject, row: Row) -> None:
        if target.name == "Group":
            group.check_owner(self._store, owned, row)
        elif target.name == "User" and not row["IsActive"]:
            raise errors.INACTIVE_OWNER(id=_id15(row["Id"]), sobject=owned.label.lower())

    def _target(self, field: Field, record_id: str, catalogue: Catalogue) -> SObject | None:
        """The sobject an id belongs to, None if the reference does not allow it; refuses what cannot be told."""
        candidates = catalogue.sharing(record_id)
        if candidates:
            allowed = [each for each in candidates if each.name in field.reference_to]
            if len(allowed) > 1:
                return catalogue.by_id(record_id)
            return allowed[0] if allowed else None
        missing = [each for each in field.reference_to if catalogue.find(each) is None]
        if missing:
            raise errors.refuse(f"references to {', '.join(missing)} ({field.name})")
        return None


def _key(parent: SObject, name: str, value: object) -> ParentKey:
    field = parent.find(name)
    if field is None:
        raise errors.NO_SUCH_COLUMN_ON_SOBJECT(name=name, sobject=parent.name)
    if not (field.external_id or field.id_lookup) or field.type == "id" or value is None:
        raise errors.refuse(f"a parent that is named by {parent.name}.{field.name}")
    try:
        parsed = parser_of(field)(value)
    except Unfit:
        raise parser_error(field.type, value, (1, 2)) from None
    if parsed is None:
        raise errors.refuse(f"a parent that is named by an empty {parent.name}.{field.name}")
    return ParentKey(parent, field, parsed, value)


def _id15(value: Value) -> str:
    return str(value)[:15]
