"""What the lines of opportunities, quotes and orders add up to: like roll-up summaries, but the rules of their owners write it."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.dml.rollup_totals import Part, Rollup
from sfmock.schema.custom_computed import Find

LINES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "OpportunityLineItem": ("Opportunity", "OpportunityId", ("Quantity", "TotalPrice")),
    "OrderItem": ("Order", "OrderId", ("TotalPrice",)),
    "QuoteLineItem": ("Quote", "QuoteId", ("Subtotal", "TotalPrice")),
}
"""Owner, the reference to it, and the fields that are added up, by the sobject of the lines."""


def line_rollup(name: str, find: Find) -> Rollup | None:
    """The rollup of lines over their owner; None in an org that lacks one of the two."""
    owner_name, key, fields = LINES[name]
    owner, child = find(owner_name), find(name)
    if owner is None or child is None:
        return None
    reads = tuple(sorted({key, "IsDeleted", *fields}))
    sums = (Part(each, "sum", reads.index(each), ()) for each in fields)
    return Rollup(owner, child, key, reads, (Part("", "count", None, ()), *sums), writes=False)
