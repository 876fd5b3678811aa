"""Contact roles of opportunities and accounts: at most one is the primary one (metadata.md 4.4).

`Opportunity.ContactId` makes the primary role when the opportunity is created; from then on it shows the primary contact.
"""

from __future__ import annotations

from sfmock.org.behaviour import companions
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import change_row, live

_PARENT = {"OpportunityContactRole": "OpportunityId", "AccountContactRole": "AccountId"}


def make_primary(draft: Draft) -> None:
    """After the create of an opportunity with a contact: its first, primary role."""
    if draft.creating and draft["ContactId"] is not None:
        role = {"OpportunityId": draft.record_id, "ContactId": draft["ContactId"], "IsPrimary": 1}
        companions.add(draft, "OpportunityContactRole", {**role})


def keep_one_primary(change: Change) -> None:
    """A new primary role takes the place of the old one; the opportunity shows whose it is."""
    if not change.touches("IsPrimary", "ContactId"):
        return
    name = change.sobject.name
    parent_id = change.row[_PARENT[name]]
    primary = live(change.store, name, **{_PARENT[name]: parent_id, "IsPrimary": 1})
    if change.after is not None and change.after.get("IsPrimary"):
        for each in primary:
            if each["Id"] != change.after["Id"]:
                change_row(change, name, each, {"IsPrimary": 0})
        primary = [change.after]
    if name == "OpportunityContactRole":
        opportunity = change.store.named("Opportunity", str(parent_id))
        if opportunity is not None:
            contact_id = primary[0]["ContactId"] if primary else None
            change_row(change, "Opportunity", opportunity, {"ContactId": contact_id})
