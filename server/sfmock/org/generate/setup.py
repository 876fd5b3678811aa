"""What `Org.create` must give groups, queues, roles and permission sets so that the API takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sfmock.org.generate.fitting import Fields, Fitting, Maker

_OBJECTS = ("Account", "Contact", "Opportunity", "Lead", "Case", "Campaign", "Contract", "Product2")
_FIELDS = tuple(
    f"Account.{name}"
    for name in ("Industry", "Type", "Phone", "Website", "AnnualRevenue", "Description")
)
_QUEUED = ("Case", "Lead", "Task", "Order")


def _group_member(maker: Maker, row: Fields) -> None:
    """A group of its own, for no user is a member of one group twice; in a given group another user each time."""
    if "UserOrGroupId" not in row:
        row["UserOrGroupId"] = maker.make("User") if "GroupId" in row else _user(maker)
    if "GroupId" not in row:
        row["GroupId"] = maker.make("Group", Type="Regular")


def _queue_sobject(maker: Maker, row: Fields) -> None:
    if "QueueId" not in row:
        row["QueueId"] = maker.make("Group", Type="Queue")
    _choose(maker, row, "QueueSobject", "QueueId", "SobjectType", _QUEUED)


def _role(maker: Maker, row: Fields) -> None:
    row.setdefault("Name", f"Role {_mark(maker)}")


def _permission_set(maker: Maker, row: Fields) -> None:
    row.setdefault("Name", f"Set_{_mark(maker)}")


def _assignment(maker: Maker, row: Fields) -> None:
    if "PermissionSetId" not in row:
        row["PermissionSetId"] = maker.make("PermissionSet")
        row.setdefault("AssigneeId", _user(maker))
    elif "AssigneeId" not in row:
        row["AssigneeId"] = maker.make("User")


def _object_permissions(maker: Maker, row: Fields) -> None:
    _permissions(maker, row)
    _choose(maker, row, "ObjectPermissions", "ParentId", "SobjectType", _OBJECTS)


def _field_permissions(maker: Maker, row: Fields) -> None:
    _permissions(maker, row)
    _choose(maker, row, "FieldPermissions", "ParentId", "Field", _FIELDS)
    row.setdefault("SobjectType", str(row["Field"]).partition(".")[0])


def _permissions(maker: Maker, row: Fields) -> None:
    if "ParentId" not in row:
        row["ParentId"] = maker.make("PermissionSet")
    row.setdefault("PermissionsRead", True)


def _choose(
    maker: Maker, row: Fields, sobject: str, parent: str, name: str, choices: Iterable[str]
) -> None:
    """The first choice that the parent has no row for yet."""
    if name in row:
        return
    free = (
        each
        for each in choices
        if maker.find(sobject, **{parent: str(row[parent]), name: each}) is None
    )
    chosen = next(free, None)
    if chosen is None:
        raise ValueError(f"{sobject}: nothing is left for {name}, give the values yourself")
    row[name] = chosen


def _user(maker: Maker) -> str:
    found = maker.find("User", IsActive=1, UserType="Standard")
    return maker.make("User") if found is None else str(found["Id"])


def _mark(maker: Maker) -> str:
    return f"{maker.random.getrandbits(40):010x}"


FITTINGS: Mapping[str, Fitting] = {
    "FieldPermissions": Fitting(
        _field_permissions, frozenset({"ParentId", "SobjectType", "Field"})
    ),
    "GroupMember": Fitting(_group_member, frozenset({"GroupId", "UserOrGroupId"})),
    "ObjectPermissions": Fitting(_object_permissions, frozenset({"ParentId", "SobjectType"})),
    "PermissionSet": Fitting(_permission_set, frozenset({"Name"})),
    "PermissionSetAssignment": Fitting(
        _assignment, frozenset({"PermissionSetId", "AssigneeId", "ExpirationDate"})
    ),
    "QueueSobject": Fitting(_queue_sobject, frozenset({"QueueId", "SobjectType"})),
    "UserRole": Fitting(_role, frozenset({"Name"})),
}
"""The sobjects of the setup whose rows must fit others."""
