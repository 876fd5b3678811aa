"""Opportunities: what follows from stage, amount and close date (metadata.md 4.4, 5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from sfmock.errors import refuse
from sfmock.org.behaviour.draft import Draft
from sfmock.store.database import Value


@dataclass(frozen=True, slots=True)
class Stage:
    """A row of OpportunityStage."""

    probability: float
    category: str
    closed: bool = False
    won: bool = False


STAGES: Mapping[str, Stage] = {
    "Prospecting": Stage(10.0, "Pipeline"),
    "Qualification": Stage(10.0, "Pipeline"),
    "Needs Analysis": Stage(20.0, "Pipeline"),
    "Value Proposition": Stage(50.0, "Pipeline"),
    "Id. Decision Makers": Stage(60.0, "Pipeline"),
    "Perception Analysis": Stage(70.0, "Pipeline"),
    "Proposal/Price Quote": Stage(75.0, "Pipeline"),
    "Negotiation/Review": Stage(90.0, "Pipeline"),
    "Closed Won": Stage(100.0, "Closed", closed=True, won=True),
    "Closed Lost": Stage(0.0, "Omitted", closed=True),
}
"""The stages of a new org; probabilities and categories from an untouched org's metadata."""

CATEGORIES: Mapping[str, str] = {
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "Best Case": "BestCase",
    "Commit": "Forecast",
    "Closed": "Closed",
}
"""ForecastCategoryName and the ForecastCategory that goes with it."""


def derive(draft: Draft) -> None:
    """Fill in all that Salesforce derives."""
    if draft.creating and draft["ContactId"] is not None:
        raise refuse("Opportunity.ContactId, which makes an OpportunityContactRole")
    if draft.changes("StageName"):
        _enter_stage(draft)
    if draft.changes("ForecastCategoryName"):
        draft.values["ForecastCategory"] = CATEGORIES.get(str(draft["ForecastCategoryName"]))
    if draft.changes("Amount", "Probability"):
        draft.values["ExpectedRevenue"] = _expected(draft["Amount"], draft["Probability"])
    if draft.changes("CloseDate"):
        _enter_period(draft)


def _enter_stage(draft: Draft) -> None:
    stage = STAGES.get(str(draft["StageName"]))
    if stage is None:
        raise refuse(
            f"the opportunity stage {str(draft['StageName'])!r}, which a new org does not have"
        )
    if "Probability" not in draft.supplied:
        draft.values["Probability"] = stage.probability
    if "ForecastCategoryName" not in draft.supplied:
        draft.values["ForecastCategoryName"] = stage.category
    draft.truth("IsClosed", stage.closed)
    draft.truth("IsWon", stage.won)
    if not draft.creating:
        draft.values["LastStageChangeDate"] = draft.now


def _expected(amount: Value, probability: Value) -> float | None:
    if not isinstance(amount, float) or not isinstance(probability, float):
        return None
    return float(Decimal(repr(amount)) * Decimal(repr(probability)) / 100)


def _enter_period(draft: Draft) -> None:
    close = str(draft["CloseDate"])
    year, quarter = _fiscal(close, *_fiscal_settings(draft))
    draft.values["FiscalYear"] = year
    draft.values["FiscalQuarter"] = quarter
    draft.values["Fiscal"] = f"{year} {quarter}"
    if draft.creating:
        draft.values["PushCount"] = 0
    elif close[:7] > str(draft.before("CloseDate"))[:7]:  # into a later month
        pushes = draft.before("PushCount")
        draft.values["PushCount"] = (pushes if isinstance(pushes, int) else 0) + 1


def _fiscal_settings(draft: Draft) -> tuple[int, bool]:
    """First month of the fiscal year, and whether the year is named after its start."""
    sobject = draft.store.catalogue.find("Organization")
    if sobject is None:
        return 1, False
    draft.store.plan(sobject)
    row = draft.store.db.row(
        'SELECT "FiscalYearStartMonth", "UsesStartDateAsFiscalYearName" FROM "Organization" LIMIT 1'
    )
    month, by_start = row or (None, None)
    return (month if isinstance(month, int) else 1), bool(by_start)


def _fiscal(close: str, first_month: int, by_start: bool) -> tuple[int, int]:
    year, month = int(close[:4]), int(close[5:7])
    started = year if month >= first_month else year - 1
    named = started if by_start or first_month == 1 else started + 1
    return named, (month - first_month) % 12 // 3 + 1
