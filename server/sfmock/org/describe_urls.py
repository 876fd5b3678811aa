"""The `urls` of describes: which addresses an sobject has, as recorded of every shipped one (rest.md 2.1, 2.3)."""

from __future__ import annotations

from sfmock.schema.model import SObject
from sfmock.versions import Version
from sfmock.wire import JSON

_APPROVED = frozenset(
    {
        "Account", "Asset", "Campaign", "Case", "Contact", "Contract", "EmailMessage", "Lead", "Opportunity", "Order",
        "Product2", "Quote", "Solution",
    }
)  # fmt: skip
_LISTED = frozenset(
    {
        "Account", "Asset", "Campaign", "Case", "CollaborationGroup", "Contact", "Contract", "Dashboard", "Lead",
        "Opportunity", "Report",
    }
)  # fmt: skip
_WITHOUT_COMPACT_LAYOUTS = frozenset({"CaseComment", "FeedItem"})
_WITHOUT_QUICK_ACTIONS = frozenset(
    {
        "ApexClass", "BusinessHours", "CampaignMember", "CampaignMemberStatus", "CaseComment", "ContentDocument",
        "ContentDocumentLink", "ContentVersion", "ContentWorkspace", "Dashboard", "DuplicateRule", "EmailTemplate", "Holiday",
        "Idea", "Note", "OpportunityLineItem", "OrderItem", "Pricebook2", "PricebookEntry", "Solution", "Topic", "UserRole",
    }
)  # fmt: skip
"""Sobjects with layouts that have no actions of their own."""


def describe_urls(sobject: SObject, version: Version, authority: str | None) -> dict[str, JSON]:
    """Paths in the recorded order, which is no alphabet; addresses of the user interface only with a host."""
    base = f"{version.root}/sobjects/{sobject.name}"
    row = f"{base}/{{ID}}"
    layouts = sobject.layoutable
    screens = layouts and authority is not None
    case, user, event = (sobject.name == name for name in ("Case", "User", "Event"))
    compact = layouts and sobject.name not in _WITHOUT_COMPACT_LAYOUTS
    actions = layouts and sobject.name not in _WITHOUT_QUICK_ACTIONS
    found = (
        ("compactLayouts", compact, f"{base}/describe/compactLayouts"),
        ("rowTemplate", True, row),
        ("approvalLayouts", sobject.name in _APPROVED, f"{base}/describe/approvalLayouts"),
        ("uiDetailTemplate", screens, f"{authority}/{{ID}}"),
        ("uiEditTemplate", screens, f"{authority}/{{ID}}/e"),
        ("caseArticleSuggestions", case, f"{base}/suggestedArticles"),
        ("caseRowArticleSuggestions", case, f"{row}/suggestedArticles"),
        ("eventSeriesUpdates", event, f"{row}/fromThisEventOnwards"),
        ("namedLayouts", user, f"{base}/describe/namedLayouts/{{LayoutName}}"),
        ("passwordUtilities", user, f"{row}/password"),
        ("listviews", sobject.name in _LISTED, f"{base}/listviews"),
        ("describe", True, f"{base}/describe"),
        ("uiNewRecord", screens, f"{authority}/{sobject.key_prefix}/e"),
        ("quickActions", actions, f"{base}/quickActions"),
        ("layouts", layouts, f"{base}/describe/layouts"),
        ("sobject", True, base),
    )
    return {name: path for name, there, path in found if there}
