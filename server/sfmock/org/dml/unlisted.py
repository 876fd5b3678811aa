"""References that describe does not list at their parent, for the feature that brings them was off where it was recorded."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.schema.model import ChildRelationship


def _cascade(child: str, field: str) -> ChildRelationship:
    return ChildRelationship(child, field, cascade_delete=True)


UNLISTED: Mapping[str, tuple[ChildRelationship, ...]] = {
    "Account": (
        _cascade("AccountContactRelation", "AccountId"),
        _cascade("AccountTeamMember", "AccountId"),
        ChildRelationship("Quote", "AccountId"),
    ),
    "Contact": (
        _cascade("AccountContactRelation", "ContactId"),
        ChildRelationship("Quote", "ContactId"),
    ),
    "Contract": (ChildRelationship("Quote", "ContractId"),),
    "Opportunity": (
        _cascade("OpportunityTeamMember", "OpportunityId"),
        _cascade("Quote", "OpportunityId"),
    ),
    "Quote": (ChildRelationship("Order", "QuoteId"),),
    "QuoteLineItem": (ChildRelationship("OrderItem", "QuoteLineItemId"),),
}
"""What a delete of the parent does to them (metadata.md 4.14); where nothing cascades, the reference is cleared."""
