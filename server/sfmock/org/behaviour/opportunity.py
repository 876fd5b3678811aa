"""Opportunities: what follows from stage, amount, close date and products (metadata.md 4.4, 5.1)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.errors import refuse
from sfmock.org.behaviour import amounts, campaign, companions, statuses
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.rows import Writer, change_row, exists
from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value

_TRACKED = ("Amount", "Probability", "StageName", "CloseDate", "ForecastCategory")
"""A change of one of these makes a row of OpportunityHistory."""
_SHOWN = (*_TRACKED, "ExpectedRevenue")
_LATEST: Mapping[str, str] = {
    "Amount": "LastAmountChangedHistoryId",
    "CloseDate": "LastCloseDateChangedHistoryId",
}

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
    if not draft.creating:
        _respect_products(draft)
        if draft.changes("AccountId") and exists(
            draft.store, "Quote", OpportunityId=draft.record_id
        ):
            raise refuse("another account for an opportunity that has quotes")
    if draft.changes("StageName"):
        _enter_stage(draft)
    if draft.changes("ForecastCategoryName"):
        if draft["ForecastCategoryName"] is None:  # ForecastCategory is never null (describe)
            raise refuse("an opportunity without a forecast category")
        draft.values["ForecastCategory"] = CATEGORIES.get(str(draft["ForecastCategoryName"]))
    if draft.changes("Amount", "Probability"):
        draft.values["ExpectedRevenue"] = _expected(draft["Amount"], draft["Probability"])
    if draft.changes("CloseDate"):
        _enter_period(draft)


def note_history(draft: Draft) -> None:
    """After a create or a change: one row of history."""
    if draft.changes(*_TRACKED):
        after = draft.values if draft.old is None else {**draft.old, **draft.values}
        _add_history(draft, draft.old, {**after, "Id": draft.record_id})


def count_product(draft: Draft) -> None:
    """After the create or a change of a product: the totals of its opportunity, whose price book the first one sets."""
    if not draft.changes("TotalPrice", "Quantity"):
        return
    opportunity = draft.store.named("Opportunity", str(draft["OpportunityId"]))
    if opportunity is None:
        return
    totals = _totals(draft.store, opportunity)
    if opportunity["Pricebook2Id"] is None:
        entry = draft.store.named("PricebookEntry", str(draft["PricebookEntryId"]))
        totals["Pricebook2Id"] = None if entry is None else entry["Pricebook2Id"]
    _write_totals(draft, opportunity, totals)


def forget_product(change: Change) -> None:
    """The totals of an opportunity without a product that is deleted; products come back with their opportunity only."""
    if change.after is not None:
        return
    opportunity = change.store.named("Opportunity", str(change.row["OpportunityId"]))
    if opportunity is not None:
        _write_totals(change, opportunity, _totals(change.store, opportunity))


def _totals(store: Store, opportunity: Row) -> Row:
    """What the products of an opportunity add up to: zero without any."""
    count, lines = store.rollups.of_lines("OpportunityLineItem", str(opportunity["Id"]))
    return {
        "HasOpportunityLineItem": int(count > 0),
        "Amount": lines["TotalPrice"],
        "TotalOpportunityQuantity": lines["Quantity"],
        "ExpectedRevenue": _expected(lines["TotalPrice"], opportunity["Probability"]),
    }


def _write_totals(by: Writer, opportunity: Row, totals: Row) -> None:
    after: Row = {**opportunity, **totals}
    change_row(by, "Opportunity", opportunity, totals)
    if totals["Amount"] != opportunity["Amount"]:
        _add_history(by, opportunity, after)
    campaign.count_opportunity(by, opportunity, after)


def _respect_products(draft: Draft) -> None:
    """What its products decide is not the caller's to write."""
    if not draft.changes("Amount", "TotalOpportunityQuantity", "Pricebook2Id", "Name"):
        return
    if not exists(draft.store, "OpportunityLineItem", OpportunityId=draft.record_id):
        return
    draft.values.pop("Amount", None)  # ignored without an error, as the object reference says
    if draft.changes("TotalOpportunityQuantity"):
        raise refuse("writing the quantity of an opportunity that has products")
    if draft.changes("Pricebook2Id"):
        raise refuse("the error for another price book of an opportunity that has products")
    if draft.changes("Name"):
        raise refuse("another name for an opportunity that has products, whose names hold it")


def _enter_stage(draft: Draft) -> None:
    name = draft["StageName"]
    stage = statuses.find(draft.store, "OpportunityStage", name)
    if stage is None:
        stage = {"IsClosed": 0, "IsWon": 0}
        if not draft.supplied >= {"Probability", "ForecastCategoryName"}:
            raise refuse(
                f"what probability and forecast category follow from {str(name)!r}, a stage that the org lacks"
            )
    if "Probability" not in draft.supplied:
        draft.values["Probability"] = stage["DefaultProbability"]
    if "ForecastCategoryName" not in draft.supplied:
        draft.values["ForecastCategoryName"] = stage["ForecastCategoryName"]
    draft.truth("IsClosed", bool(stage["IsClosed"]))
    draft.truth("IsWon", bool(stage["IsWon"]))
    if not draft.creating:
        draft.values["LastStageChangeDate"] = draft.now


def _expected(amount: Value, probability: Value) -> float | None:
    if amount is None or probability is None:
        return None
    return float(amounts.exact(amount) * amounts.exact(probability) / amounts.HUNDRED)


def _add_history(by: Writer, before: Row | None, after: Row) -> None:
    row: Row = {name: after.get(name) for name in _SHOWN}
    history_id = companions.add(by, "OpportunityHistory", {"OpportunityId": after["Id"], **row})
    opportunity = by.store.catalogue.find("Opportunity")
    if before is None or opportunity is None:
        return
    latest: Row = {
        field: history_id
        for name, field in _LATEST.items()
        if before.get(name) != after.get(name) and opportunity.find(field) is not None
    }
    if latest:
        by.store.update(by.store.plan(opportunity), str(after["Id"]), latest)


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
