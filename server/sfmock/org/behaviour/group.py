"""Public groups and queues, their members, and what queues may own (metadata.md 4.12)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import naming
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_CREATEABLE_TYPES = frozenset({"Regular", "Queue"})
_PAIR = 'SELECT "Id" FROM "GroupMember" WHERE "GroupId" = ? AND "UserOrGroupId" = ?'
_OWNS = 'SELECT 1 FROM "QueueSobject" WHERE "QueueId" = ? AND "SobjectType" = ?'


def derive(draft: Draft) -> None:
    """Fill in developer name and owner of a group; names are unique by type."""
    if draft.creating and draft["Type"] not in _CREATEABLE_TYPES:
        raise errors.refuse(f"creating groups of type {draft['Type']}")
    if not draft.creating and draft.before("Type") not in _CREATEABLE_TYPES:
        raise errors.refuse(f"changing groups of type {draft.before('Type')}")
    naming.derive(draft, within=("Type",))
    organization = draft.store.catalogue.find("Organization")
    if draft.creating and organization is not None:
        draft.store.plan(organization)
        draft.values["OwnerId"] = draft.store.db.value('SELECT "Id" FROM "Organization" LIMIT 1')


def join(draft: Draft) -> None:
    """A new member: one who is there already is answered with the row that says so, as the object reference tells."""
    group_id, member_id = str(draft["GroupId"]), str(draft["UserOrGroupId"])
    group = draft.store.named("Group", group_id)
    if group is None or group["Type"] not in _CREATEABLE_TYPES:
        raise errors.refuse("members of a group that is neither a public group nor a queue")
    member = draft.store.named("Group", member_id)
    if member is not None and member["Type"] == "Queue":
        raise errors.refuse("a queue as the member of a group")
    if group_id in (member_id, *_inside(draft.store, member_id)):
        raise errors.refuse("the error for groups that contain each other")
    found = draft.store.db.value(_PAIR, (group_id, member_id))
    draft.existing = None if found is None else str(found)


def admit(draft: Draft) -> None:
    """A new sobject that a queue may own."""
    queue = draft.store.named("Group", str(draft["QueueId"]))
    if queue is None or queue["Type"] != "Queue":
        raise errors.refuse("the error for a QueueSobject of a group that is no queue")
    name = str(draft["SobjectType"])
    sobject = draft.store.catalogue.find(name)
    owner = None if sobject is None else sobject.find("OwnerId")
    if sobject is None or sobject.name != name or owner is None or not _takes_queues(sobject):
        raise errors.refuse(f"the error for a queue of {name}")
    if draft.store.db.value(_OWNS, (draft["QueueId"], name)) is not None:
        raise errors.refuse("the error for a second QueueSobject of the same queue and sobject")


def check_owner(store: Store, owned: SObject, group: Row) -> None:
    """Raise unless a group is a queue that may own rows of an sobject."""
    if group["Type"] != "Queue":
        raise errors.refuse("a group as owner that is no queue")
    sobject = store.catalogue.find("QueueSobject")
    if sobject is not None:
        store.plan(sobject)
        if store.db.value(_OWNS, (group["Id"], owned.name)) is None:
            raise errors.NOT_A_QUEUE_OF(fields=["OwnerId"])


def check_deletable(change: Change) -> None:
    """Refuse to delete groups of the platform, and a queue that owns records: what they become is not known."""
    store, group = change.store, change.row
    if group["Type"] not in _CREATEABLE_TYPES:
        raise errors.refuse(f"deleting groups of type {group['Type']}")
    for each in store.catalogue:
        if _takes_queues(each):
            _refuse_owned(store, each, group["Id"])


def check_dismissal(change: Change) -> None:
    """Refuse to take an sobject from a queue that owns rows of it."""
    store, row = change.store, change.row
    sobject = store.catalogue.find(str(row["SobjectType"]))
    if sobject is not None and _takes_queues(sobject):
        _refuse_owned(store, sobject, row["QueueId"])


def _takes_queues(sobject: SObject) -> bool:
    owner = sobject.find("OwnerId")
    return owner is not None and owner.createable and "Group" in owner.reference_to


def _refuse_owned(store: Store, sobject: SObject, queue_id: Value) -> None:
    owner = sobject.find("OwnerId")
    if owner is not None and store.present(sobject.name) and store.ids(sobject, owner, queue_id):
        raise errors.refuse(f"a queue that gives up its {sobject.label_plural.lower()}")


def _inside(store: Store, group_id: str) -> set[str]:
    """All groups within a group."""
    found: set[str] = set()
    waiting = [group_id]
    while waiting:
        rows = store.db.rows(
            'SELECT "UserOrGroupId" FROM "GroupMember" WHERE "GroupId" = ?', (waiting.pop(),)
        )
        new = {str(each) for (each,) in rows} - found
        found |= new
        waiting.extend(new)
    return found
