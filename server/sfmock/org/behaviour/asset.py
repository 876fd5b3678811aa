"""Assets: whose they are, which product they show, and where they stand in their hierarchy (metadata.md 4.6)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour import product
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import live
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store


def derive(draft: Draft) -> None:
    """Check the owner; fill in product and place."""
    if draft["AccountId"] is None and draft["ContactId"] is None:
        raise errors.ASSET_WITHOUT_OWNER(fields=["AccountId", "ContactId"])
    if draft.changes("Product2Id"):
        draft.values.update(product.show("Asset", draft.store, draft["Product2Id"]))
    if draft.changes("ParentId"):
        draft.values.update(_place(draft.store, draft.record_id, draft["ParentId"]))


def follow(change: Change) -> None:
    """Assets below move with it; one that lost its product or its parent shows so, and one that comes back where it is."""
    row = change.after
    if row is None:
        return
    own: Row = {}
    if change.before is not None and change.touches("Product2Id"):
        own |= product.show("Asset", change.store, row["Product2Id"])
    if change.touches("ParentId"):
        own |= _place(change.store, str(row["Id"]), row.get("ParentId"))
    if any(row.get(name) != value for name, value in own.items()):
        change.store.update(change.store.plan(change.sobject), str(row["Id"]), own)
    if own and change.before is not None:
        _move_below(change, {**row, **own})


def _place(store: Store, record_id: str, parent_id: object) -> Row:
    """Level and root: the root of a hierarchy is its own root, at level 1."""
    parent = store.named("Asset", parent_id) if isinstance(parent_id, str) else None
    if parent is None:
        return {"AssetLevel": 1, "RootAssetId": record_id}
    level = parent["AssetLevel"]
    return {
        "AssetLevel": (level if isinstance(level, int) else 1) + 1,
        "RootAssetId": parent["RootAssetId"] or parent["Id"],
    }


def _move_below(change: Change, parent: Row) -> None:
    for child in live(change.store, "Asset", ParentId=parent["Id"]):
        place = _place(change.store, str(child["Id"]), parent["Id"])
        if any(child[name] != value for name, value in place.items()):
            change.store.update(change.store.plan(change.sobject), str(child["Id"]), place)
            _move_below(change, {**child, **place})
