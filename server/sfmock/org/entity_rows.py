"""Rows of EntityDefinition: one for each sobject that the caller sees (metadata.md 7)."""

from __future__ import annotations

from hashlib import sha256

from sfmock.ids import ALPHABET
from sfmock.schema.model import SObject
from sfmock.store.database import Value

_CUSTOMIZABLE = frozenset(
    {
        "Account", "AccountContactRelation", "AccountTeamMember", "Asset", "Campaign", "CampaignMember", "Case", "Contact",
        "ContentVersion", "Contract", "EmailMessage", "Event", "Idea", "Individual", "Lead", "Opportunity", "OpportunityContactRole",
        "OpportunityLineItem", "OpportunityTeamMember", "Order", "OrderItem", "Pricebook2", "PricebookEntry", "Product2", "Quote",
        "QuoteLineItem", "Solution", "Task", "Topic", "User",
    }
)  # fmt: skip
"""Standard sobjects that take custom fields, as the Object Manager lists them."""


def durable_id(sobject: SObject, pod: str) -> str:
    """The name of a standard sobject; a custom one has an id of its definition, which is made of its name."""
    return made_id("01I", pod, sobject.name) if sobject.custom else sobject.name


def made_id(prefix: str, pod: str, name: str) -> str:
    """An id of 15 characters that is always the same for a name."""
    number = int.from_bytes(sha256(name.lower().encode()).digest()[:8], "big") % 62**8
    digits = ""
    for _ in range(8):
        number, digit = divmod(number, 62)
        digits = ALPHABET[digit] + digits
    return f"{prefix}{pod}0{digits}"


def split_name(name: str) -> tuple[str | None, str]:
    """Namespace and developer name of what ends in `__c` or the like; standard names have no namespace."""
    stem, mark, _ = name.rpartition("__")
    if not mark:
        return None, name
    namespace, mark, own = stem.rpartition("__")
    return namespace or None, own


def entity_row(sobject: SObject, pod: str) -> dict[str, Value]:
    """What is known of a sobject. `Id` holds the durable id: it is shown as the empty one."""
    whole = sobject.whole or sobject
    namespace, own = split_name(sobject.name)
    key = durable_id(sobject, pod)
    return {
        "Id": key,
        "DurableId": key,
        "QualifiedApiName": sobject.name,
        "NamespacePrefix": namespace,
        "DeveloperName": own,
        "MasterLabel": sobject.label,
        "Label": sobject.label,
        "PluralLabel": sobject.label_plural,
        "IsCustomizable": sobject.name in _CUSTOMIZABLE
        or (sobject.custom and sobject.associate is None),
        "IsApexTriggerable": sobject.triggerable,
        "IsTriggerable": sobject.triggerable,
        "IsCompactLayoutable": sobject.compact_layoutable,
        "KeyPrefix": sobject.key_prefix,
        "IsCustomSetting": sobject.custom_setting,
        "IsDeprecatedAndHidden": False,
        "IsReplicateable": sobject.replicateable,
        "IsRetrieveable": sobject.retrieveable,
        "IsSearchLayoutable": sobject.search_layoutable,
        "IsSearchable": sobject.searchable,
        "IsEverCreatable": whole.createable,
        "IsEverUpdatable": whole.updateable,
        "IsEverDeletable": whole.deletable,
        "IsFeedEnabled": sobject.feed_enabled,
        "IsQueryable": sobject.queryable,
        "IsMruEnabled": sobject.mru_enabled,
        "IsLayoutable": sobject.layoutable,
    }
