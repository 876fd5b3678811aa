"""Member statuses of a campaign: one default, one that counts as a response at least (Object Reference: CampaignMemberStatus)."""

from __future__ import annotations

from sfmock.errors import refuse
from sfmock.org.behaviour.campaign_member import statuses_of
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import exists
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store


def derive(draft: Draft) -> None:
    """Keep the labels and places of a campaign's statuses apart; refuse to leave it without a default or a response."""
    others = [
        row for row in statuses_of(draft.store, draft["CampaignId"]) if row["Id"] != draft.record_id
    ]
    if draft["SortOrder"] is None:  # which place it gets is unverified
        draft.values["SortOrder"] = 1 + max((_place(row) for row in others), default=0)
    label, place = str(draft["Label"]).lower(), draft["SortOrder"]
    if any(str(row["Label"]).lower() == label for row in others):
        raise refuse("the error for a second member status with this label in a campaign")
    if any(row["SortOrder"] == place for row in others):
        raise refuse("the error for a second member status in this place of a campaign")
    if not draft.creating:
        _refuse_losing(draft, others)


def keep_one_default(draft: Draft) -> None:
    """A new default takes the place of the old one."""
    if not draft["IsDefault"] or not draft.changes("IsDefault"):
        return
    for row in statuses_of(draft.store, draft["CampaignId"]):
        if row["IsDefault"] and row["Id"] != draft.record_id:
            draft.store.update(draft.plan, str(row["Id"]), {"IsDefault": 0})


def check_deletable(change: Change) -> None:
    """The default status and one that members have cannot be deleted, nor the last that counts as a response."""
    row, store = change.row, change.store
    if store.named("Campaign", str(row["CampaignId"])) is None:
        return  # it goes with its campaign
    others = [each for each in statuses_of(store, row["CampaignId"]) if each["Id"] != row["Id"]]
    last = row["HasResponded"] and not any(each["HasResponded"] for each in others)
    if row["IsDefault"] or last or _is_used(store, row):
        raise refuse("the error for deleting a member status that its campaign needs")


def _refuse_losing(draft: Draft, others: list[Row]) -> None:
    if draft.before("IsDefault") and not draft["IsDefault"]:
        raise refuse("the error for a campaign without a default member status")
    responded = draft["HasResponded"] or any(row["HasResponded"] for row in others)
    if draft.before("HasResponded") and not responded:
        raise refuse("the error for a campaign without a member status that counts as a response")
    if draft.changes("Label", "HasResponded") and _is_used(draft.store, draft.old or {}):
        raise refuse("another label or meaning for a member status that campaign members have")


def _is_used(store: Store, status: Row) -> bool:
    campaign_id, label = status["CampaignId"], status["Label"]
    return exists(store, "CampaignMember", CampaignId=campaign_id, Status=label)


def _place(row: Row) -> int:
    return int(str(row["SortOrder"] or 0))
