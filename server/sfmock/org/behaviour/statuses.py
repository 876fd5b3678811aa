"""Status tables: what a stage, a status or a priority means (metadata.md 5.1).

Their rows are a view of the picklists in the schema, so every org has them from the start, the empty one too; `Org.load()`
may add more. Rules ask `find`, never a constant: a stage that a test has loaded counts like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sfmock.org.dml.plan import Row
from sfmock.org.dml.store import Store
from sfmock.store.database import Value
from sfmock.wire import JSON


def find(store: Store, table: str, value: Value) -> Row | None:
    """The row of a status table for a picklist's API value, or None for a value that it lacks."""
    sobject = store.catalogue.find(table)
    if sobject is None or not isinstance(value, str):
        return None
    plan = store.plan(sobject)
    columns = ", ".join(f'"{name}"' for name in plan.names)
    row = store.db.row(
        f'SELECT {columns} FROM {plan.table} WHERE "ApiName" = ? ORDER BY "SortOrder" LIMIT 1',
        (value,),
    )
    return None if row is None else dict(zip(plan.names, row, strict=True))


def _rows(values: Sequence[str | tuple[str, Mapping[str, JSON]]]) -> list[Mapping[str, JSON]]:
    """Rows in picklist order; a value may bring fields of its own."""
    found: list[Mapping[str, JSON]] = []
    for number, value in enumerate(values, 1):
        name, fields = (value, {}) if isinstance(value, str) else value
        row: dict[str, JSON] = {"MasterLabel": name, "ApiName": name, "SortOrder": number}
        found.append(row | dict(fields))
    return found


def _stage(
    name: str, probability: int, category: str, *, closed: bool = False, won: bool = False
) -> tuple[str, Mapping[str, JSON]]:
    return name, {
        "IsActive": True,
        "IsClosed": closed,
        "IsWon": won,
        "DefaultProbability": float(probability),
        "ForecastCategory": category,
        "ForecastCategoryName": category,
    }


_PARTNER_ROLES = (
    "System Integrator", "Agency", "Advertiser", "VAR/Reseller", "Distributor", "Developer", "Broker", "Lender",
    "Supplier", "Institution", "Contractor", "Dealer", "Consultant",
)  # fmt: skip

BUILT_IN: Mapping[str, Sequence[Mapping[str, JSON]]] = {
    "OpportunityStage": _rows(
        (
            _stage("Prospecting", 10, "Pipeline"),
            _stage("Qualification", 10, "Pipeline"),
            _stage("Needs Analysis", 20, "Pipeline"),
            _stage("Value Proposition", 50, "Pipeline"),
            _stage("Id. Decision Makers", 60, "Pipeline"),
            _stage("Perception Analysis", 70, "Pipeline"),
            _stage("Proposal/Price Quote", 75, "Pipeline"),
            _stage("Negotiation/Review", 90, "Pipeline"),
            _stage("Closed Won", 100, "Closed", closed=True, won=True),
            _stage("Closed Lost", 0, "Omitted", closed=True),
        ),
    ),
    "LeadStatus": _rows(
        (
            ("Open - Not Contacted", {"IsDefault": True}),
            "Working - Contacted",
            ("Closed - Converted", {"IsConverted": True}),
            "Closed - Not Converted",
        ),
    ),
    "CaseStatus": _rows(
        (("New", {"IsDefault": True}), "Working", "Escalated", ("Closed", {"IsClosed": True})),
    ),
    "TaskStatus": _rows(
        (
            ("Not Started", {"IsDefault": True}),
            "In Progress",
            ("Completed", {"IsClosed": True}),
            "Waiting on someone else",
            "Deferred",
        ),
    ),
    "TaskPriority": _rows(
        (("High", {"IsHighPriority": True}), ("Normal", {"IsDefault": True}), "Low"),
    ),
    "ContractStatus": _rows(
        (
            ("In Approval Process", {"StatusCode": "InApproval"}),
            ("Activated", {"StatusCode": "Activated"}),
            ("Draft", {"StatusCode": "Draft", "IsDefault": True}),
        ),
    ),
    "OrderStatus": _rows(
        (("Draft", {"StatusCode": "Draft"}), ("Activated", {"StatusCode": "Activated"})),
    ),
    "SolutionStatus": _rows(
        (("Draft", {"IsDefault": True}), ("Reviewed", {"IsReviewed": True}), "Duplicate"),
    ),
    "PartnerRole": _rows(_PARTNER_ROLES),
}
"""The rows of a new org."""
