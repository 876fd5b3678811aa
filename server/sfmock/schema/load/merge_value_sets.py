"""Standard value sets laid over a schema: the picklists that each is for, and the rows of status tables (metadata.md 5.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sfmock.schema.load.changed_fields import picked
from sfmock.schema.load.definitions import StandardValue
from sfmock.schema.load.loaded import Row
from sfmock.schema.load.report import Notes
from sfmock.schema.load.workspace import Workspace
from sfmock.schema.model import revised

_FIELDS: Mapping[str, Sequence[str]] = {
    "AccountContactMultiRoles": ("AccountContactRelation.Roles",),
    "AccountContactRole": ("AccountContactRole.Role",),
    "AccountOwnership": ("Account.Ownership",),
    "AccountRating": ("Account.Rating", "Lead.Rating"),
    "AccountType": ("Account.Type",),
    "AssetStatus": ("Asset.Status",),
    "CampaignStatus": ("Campaign.Status",),
    "CampaignType": ("Campaign.Type",),
    "CaseOrigin": ("Case.Origin",),
    "CasePriority": ("Case.Priority",),
    "CaseReason": ("Case.Reason",),
    "CaseStatus": ("Case.Status",),
    "CaseType": ("Case.Type",),
    "ContactRole": ("OpportunityContactRole.Role",),
    "EventSubject": ("Event.Subject",),
    "EventType": ("Event.Type",),
    "Industry": ("Account.Industry", "Lead.Industry"),
    "LeadSource": (
        "Account.AccountSource", "Contact.LeadSource", "Lead.LeadSource", "Opportunity.LeadSource",
    ),
    "LeadStatus": ("Lead.Status",),
    "OpportunityStage": ("Opportunity.StageName",),
    "OpportunityType": ("Opportunity.Type",),
    "OrderType": ("Order.Type",),
    "Product2Family": ("Product2.Family",),
    "QuoteStatus": ("Quote.Status",),
    "SalesTeamRole": ("AccountTeamMember.TeamMemberRole", "OpportunityTeamMember.TeamMemberRole"),
    "Salutation": ("Contact.Salutation", "Lead.Salutation"),
    "TaskPriority": ("Task.Priority",),
    "TaskStatus": ("Task.Status",),
    "TaskSubject": ("Task.Subject",),
    "TaskType": ("Task.Type",),
}  # fmt: skip
"""The fields by the name of the set; one that the org does not have is passed over."""
_CATEGORIES = frozenset({"ContractStatus", "OrderStatus", "PartnerRole", "SolutionStatus"})
"""Sets whose values belong to categories, or have opposites, that are not read."""
_TABLES = frozenset({"CaseStatus", "LeadStatus", "OpportunityStage", "TaskPriority", "TaskStatus"})
_FORECAST_NAMES: Mapping[str, str] = {
    "BestCase": "Best Case",
    "Forecast": "Commit",
    "MostLikely": "Most Likely",
}
"""What the writable field calls a category (metadata.md 4.4)."""


def merge_value_sets(
    space: Workspace,
    found: Mapping[str, tuple[StandardValue, ...]],
    files: Mapping[str, str],
    notes: Notes,
) -> Iterator[tuple[str, Row]]:
    """Give picklists their values; answers the rows of the status tables that are filled anew."""
    for name, values in found.items():
        if name in _CATEGORIES:
            notes.behaviour(files[name], name, "the categories of its values are not read")
        elif name not in _FIELDS:
            notes.behaviour(files[name], name, "it is not known which fields this set is for")
        else:
            for place in _FIELDS[name]:
                _fill(space, place, values)
        if name in _TABLES:
            yield from ((name, _row(name, each, place)) for place, each in enumerate(values, 1))


def _fill(space: Workspace, place: str, values: tuple[StandardValue, ...]) -> None:
    owner_name, _, field_name = place.partition(".")
    owner = space.find(owner_name)
    field = None if owner is None else owner.find(field_name)
    if owner is not None and field is not None:
        chosen = revised(field, **picked(field, tuple(each.entry for each in values)))
        fields = tuple(chosen if each is field else each for each in owner.fields)
        space.put(replace(owner, fields=fields))


def _row(table: str, value: StandardValue, place: int) -> Row:
    row: dict[str, object] = {
        "MasterLabel": value.entry.label,
        "ApiName": value.entry.value,
        "SortOrder": place,
    }
    if table == "OpportunityStage":
        category = value.forecast_category or "Pipeline"
        return row | {
            "IsActive": value.entry.active,
            "IsClosed": value.closed,
            "IsWon": value.won,
            "DefaultProbability": value.probability or 0.0,
            "ForecastCategory": category,
            "ForecastCategoryName": _FORECAST_NAMES.get(category, category),
        }
    row["IsDefault"] = value.entry.default
    if table == "LeadStatus":
        row["IsConverted"] = value.converted
    elif table == "TaskPriority":
        row["IsHighPriority"] = value.high_priority
    else:
        row["IsClosed"] = value.closed
    return row
