"""Line items of quotes (metadata.md 4.5)."""

from __future__ import annotations

from sfmock import errors
from sfmock.errors import refuse
from sfmock.org.behaviour import line
from sfmock.org.behaviour.draft import Draft
from sfmock.org.behaviour.rows import parent


def derive(draft: Draft) -> None:
    """Fill in what entry and prices say."""
    if draft["UnitPrice"] is None:
        raise refuse("a quote line item that was loaded without a unit price")
    if draft.creating:
        quote = parent(draft, "QuoteId", "Quote")
        other_book = errors.ENTRY_OF_OTHER_BOOK_THAN_QUOTE(fields=["PricebookEntryId"])
        inactive = errors.ENTRY_IS_INACTIVE(fields=["PricebookEntryId"])
        line.enter(draft, quote, no_book=other_book, other_book=other_book, inactive=inactive)
    line.check_amounts(draft)
    line.price(draft)
