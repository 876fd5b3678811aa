"""What a user may do with objects and fields: read from `permissions=`, and the catalogue narrowed to it (api.md; metadata.md 4.15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.wire import JSON

_RIGHTS = ("read", "create", "edit", "delete", "view_all", "modify_all")
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "create": ("read",),
    "edit": ("read",),
    "delete": ("read", "edit"),
    "view_all": ("read",),
    "modify_all": ("read", "edit", "delete", "view_all"),
}
"""Rights on an object and those that Salesforce demands with them."""
_NOT_BY_OBJECT = frozenset(
    {
        "AuthSession", "ConnectedApplication", "CronJobDetail", "CronTrigger", "EntityDefinition", "FieldDefinition",
        "FieldPermissions", "Group", "GroupMember", "LoginHistory", "ObjectPermissions", "Organization", "PermissionSet",
        "PermissionSetAssignment", "Profile", "QueueSobject", "RecordType", "User", "UserLicense", "UserRole",
    }
)  # fmt: skip
"""Sobjects of the setup, for which no object permissions exist."""
_COMPANIONS = ("History", "FieldHistory", "Share", "Feed")


@dataclass(frozen=True, slots=True)
class FieldAccess:
    """Whether a field is seen, and whether it may be written."""

    read: bool = True
    edit: bool = True


@dataclass(frozen=True, slots=True)
class ObjectAccess:
    """The rights on an object; what is not named is denied, but for its fields."""

    read: bool = False
    create: bool = False
    edit: bool = False
    delete: bool = False
    view_all: bool = False
    modify_all: bool = False
    fields: Mapping[str, FieldAccess] = field(default_factory=dict)


Accesses = Mapping[str, ObjectAccess]
"""Rights by the sobject's name; sobjects that are not named are left to the profile."""


def read_permissions(permissions: Mapping[str, object], catalogue: Catalogue) -> Accesses:
    """The rights that `org.user(permissions=…)` names; raises TypeError or ValueError that says what is wrong."""
    found: dict[str, ObjectAccess] = {}
    for name, rights in permissions.items():
        sobject = catalogue.find(name)
        if sobject is None or sobject.name in _NOT_BY_OBJECT:
            raise ValueError(f"permissions: there are no object permissions for {name!r}")
        if not isinstance(rights, Mapping):
            raise TypeError(f"permissions: {name} takes a mapping of {', '.join(_RIGHTS)}, fields")
        found[sobject.name] = _object_access(sobject, rights)
    return found


def dump(accesses: Accesses) -> JSON:
    """The rights as JSON."""
    dumped: JSON = {name: asdict(each) for name, each in sorted(accesses.items())}
    return dumped


def load(dumped: Mapping[str, Mapping[str, object]]) -> Accesses:
    """The rights that `dump` wrote."""
    found: dict[str, ObjectAccess] = {}
    for name, rights in dumped.items():
        fields = rights["fields"]
        flags = {right: bool(rights[right]) for right in _RIGHTS}
        known = fields.items() if isinstance(fields, Mapping) else ()
        found[name] = ObjectAccess(
            **flags, fields={key: FieldAccess(**each) for key, each in known}
        )
    return found


def narrow(whole: Catalogue, accesses: Accesses) -> Catalogue:
    """The catalogue as a user with these rights meets it: hidden objects and fields are not in it."""
    hidden: set[str] = set()
    seen: list[SObject] = []
    for name, access in accesses.items():
        sobject = whole.find(name)
        if sobject is None:
            continue
        if access.read:
            seen.append(_narrowed(sobject, access))
            seen.extend(_veiled_histories(whole, sobject, access))
        else:
            hidden |= {name.lower(), *(f"{name}{end}".lower() for end in _COMPANIONS)}
            hidden |= {
                each.name.lower() for each in whole if each.associate and each.associate[1] == name
            }
    return whole.narrowed(hidden, seen)


def _veiled_histories(
    whole: Catalogue, sobject: SObject, access: ObjectAccess
) -> Iterator[SObject]:
    """The histories of an sobject that tell of hidden fields: they respect field-level security (Object Reference)."""
    tracked = {each.name for each in sobject.fields if each.track_history}
    if not any(name in tracked and not right.read for name, right in access.fields.items()):
        return
    for end in sobject.children:
        history = whole.find(end.child) if end.name == "Histories" else None
        if history is not None:
            yield replace(history, veiled=True, whole=history)


def _object_access(sobject: SObject, rights: Mapping[str, object]) -> ObjectAccess:
    unknown = sorted(set(map(str, rights)) - {*_RIGHTS, "fields"})
    if unknown:
        raise TypeError(
            f"permissions: {sobject.name} takes {', '.join(_RIGHTS)} and fields, not {', '.join(unknown)}"
        )
    flags = {name: bool(rights.get(name)) for name in _RIGHTS}
    for name, needed in _NEEDS.items():
        missing = [each for each in needed if not flags[each]]
        if flags[name] and missing:
            raise ValueError(f"permissions: {sobject.name}: {name} needs {', '.join(missing)}")
    fields = rights.get("fields", {})
    if not isinstance(fields, Mapping):
        raise TypeError(
            f"permissions: the fields of {sobject.name} are a mapping of field to rights"
        )
    return ObjectAccess(
        **flags,
        fields={
            name: each
            for key, value in fields.items()
            for name, each in _field_access(sobject, str(key), value)
        },
    )


def _field_access(sobject: SObject, name: str, rights: object) -> Iterator[tuple[str, FieldAccess]]:
    """The rights on a field, and on its parts where it is an address or a location."""
    found = sobject.find(name)
    if found is None:
        raise ValueError(f"permissions: {sobject.name} has no field {name!r}")
    if found.compound not in (None, found.name):
        raise ValueError(f"permissions: {found.name} goes with {found.compound}: name that")
    if not isinstance(rights, Mapping) or set(rights) - {"read", "edit"}:
        raise TypeError(f"permissions: {sobject.name}.{found.name} takes read and edit")
    if not _is_permissionable(sobject, found):
        raise ValueError(
            f"permissions: {sobject.name}.{found.name} cannot be hidden or made read-only: it is required or the system's"
        )
    read = bool(rights.get("read", True))
    if not read and rights.get("edit"):
        raise ValueError(f"permissions: {sobject.name}.{found.name}: edit needs read")
    access = FieldAccess(read, read and bool(rights.get("edit", True)))
    yield found.name, access
    for part in sobject.parts.get(found.name, ()):
        yield part.name, access


def _is_permissionable(sobject: SObject, found: Field) -> bool:
    parts = sobject.parts.get(found.name, ())
    return found.permissionable or (bool(parts) and all(each.permissionable for each in parts))


def _narrowed(sobject: SObject, access: ObjectAccess) -> SObject:
    fields = []
    for each in sobject.fields:
        right = access.fields.get(each.name, FieldAccess())
        if right.read and right.edit:
            fields.append(each)
        elif right.read:
            fields.append(replace(each, createable=False, updateable=False))
    return replace(
        sobject,
        fields=tuple(fields),
        createable=sobject.createable and access.create,
        updateable=sobject.updateable and access.edit,
        deletable=sobject.deletable and access.delete,
        undeletable=sobject.undeletable and access.delete,
        whole=sobject,
    )
