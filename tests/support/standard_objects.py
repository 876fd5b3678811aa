"""The standard objects that a developer org has, by what Org.create can do with them."""

from __future__ import annotations

from sfmock.org.packs import find_pack

NAMES = find_pack("developer").package.names

REFUSED = {
    "AccountContactRelation": "writing AccountContactRelation",
    "AccountShare": "writing AccountShare: manual shares, for sharing is not faked",
    "ApexClass": "writing ApexClass: Apex, which nothing here compiles",
    "ApexTrigger": "writing ApexTrigger: Apex, which nothing here compiles",
    "CollaborationGroup": "writing CollaborationGroup",
    "ContentWorkspace": "writing ContentWorkspace: libraries, whose members and permissions are not faked",
    "EmailTemplate": "writing EmailTemplate: email templates, whose type describe does not let one choose",
    "FeedItem": "writing FeedItem",
    "Idea": "writing Idea",
    "Profile": "creating profiles",
    "RecordType": "writing RecordType: record types: add them to the schema",
}
"""The sobjects that can be created in Salesforce and not here, by the refusal that says so."""

NOT_CREATEABLE = frozenset(
    {
        "AccountHistory", "ApexLog", "AsyncApexJob", "AuthSession", "CaseStatus", "ConnectedApplication", "ContentDocument",
        "ContractStatus", "CronJobDetail", "CronTrigger", "Dashboard", "DuplicateRule", "EntityDefinition", "FieldDefinition",
        "LeadStatus", "ListView", "LoginHistory", "OpportunityFieldHistory", "OpportunityHistory", "OpportunityStage",
        "OrderStatus", "Organization", "PartnerRole", "Report", "SolutionStatus", "TaskPriority", "TaskStatus", "UserLicense",
    }
)  # fmt: skip
"""The sobjects that nobody can create by the API."""

CREATED = [each for each in NAMES if each not in REFUSED and each not in NOT_CREATEABLE]
"""The sobjects whose rows Org.create makes."""
