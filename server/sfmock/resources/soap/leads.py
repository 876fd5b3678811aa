"""`convertLead` and `merge` (soap-apis.md 2.2, metadata.md 4.2 and 4.14)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from sfmock import errors
from sfmock.errors import Refused, SalesforceError
from sfmock.org.lead_conversion import Conversion, convert_lead
from sfmock.org.merging import merge
from sfmock.represent.soap import truth
from sfmock.represent.soap_rows import error_content, read_row, values
from sfmock.represent.xml import Content, is_nil, local_name
from sfmock.resources.soap.asking import Asked, Operations
from sfmock.wire import Reply

OPERATIONS = Operations()

_MOST = 100
_KNOWN = frozenset(
    {
        "accountId", "contactId", "convertedStatus", "doNotCreateOpportunity", "leadId", "opportunityId", "opportunityName",
        "overwriteLeadSource", "ownerId", "sendNotificationEmail", "bypassAccountDedupeCheck", "bypassContactDedupeCheck",
    }
)  # fmt: skip
_FLAGS = ("bypassAccountDedupeCheck", "bypassContactDedupeCheck")


@OPERATIONS.operation("convertLead")
def convert_leads(asked: Asked) -> Reply:
    """Leads become accounts, contacts and opportunities; no e-mail is sent."""
    wishes = [_wish(each) for each in asked.operation.elements("leadConverts")]
    if len(wishes) > _MOST:
        raise errors.refuse("the fault for more than 100 leads (EXCEEDED_LEAD_CONVERT_LIMIT)")
    return asked.answer([_converted(asked, each) for each in wishes])


@OPERATIONS.operation("merge")
def merge_records(asked: Asked) -> Reply:
    """One record takes over what hangs on one or two others."""
    return asked.answer([_merged(asked, each) for each in asked.operation.elements("request")])


def _wish(sent: Element) -> Conversion:
    texts = {local_name(each): each.text or "" for each in sent if not is_nil(each)}
    unknown = next((each for each in texts if each not in _KNOWN), None)
    if unknown is not None or any(truth(texts.get(each), each) for each in _FLAGS):
        raise errors.refuse(f"convertLead() with {unknown or 'a bypassed duplicate check'}")

    def flag(name: str) -> bool:
        return truth(texts.get(name), name)

    def text(name: str) -> str | None:
        return texts.get(name, "").strip() or None

    return Conversion(
        text("leadId") or "",
        converted_status=text("convertedStatus"),
        account_id=text("accountId"),
        contact_id=text("contactId"),
        opportunity_id=text("opportunityId"),
        opportunity_name=text("opportunityName"),
        do_not_create_opportunity=flag("doNotCreateOpportunity"),
        overwrite_lead_source=flag("overwriteLeadSource"),
        owner_id=text("ownerId"),
    )


def _converted(asked: Asked, wish: Conversion) -> Content:
    if wish.converted_status is None:
        raise errors.refuse("the error of convertLead() without a convertedStatus")
    try:
        made = convert_lead(asked.org.records, wish, user_id=asked.user_id)
    except Refused:
        raise
    except SalesforceError as error:
        raise errors.refuse(
            f"the result of convertLead() for a lead that fails ({error.code})"
        ) from None
    return {
        "accountId": made.account_id,
        "contactId": made.contact_id,
        "leadId": made.lead_id,
        "opportunityId": made.opportunity_id,
        "success": True,
    }


def _merged(asked: Asked, sent: Element) -> Content:
    """A MergeResult; a captured one (soap-0022) tells the master of a merge that failed, too."""
    masters = [each for each in sent if local_name(each) == "masterRecord"]
    if len(masters) != 1:
        raise errors.refuse("the fault for merge() without one masterRecord")
    master = read_row(masters[0])
    fields = values(asked.sobject(master.type), master, asked.find)
    losers = [each.text or "" for each in sent if local_name(each) == "recordToMergeIds"]
    try:
        with asked.org.db.transaction():
            done = merge(asked.org.records, master.id or "", losers, fields, user_id=asked.user_id)
    except Refused:
        raise
    except SalesforceError as error:
        if error.fields is None:
            raise
        return {"errors": error_content(error), "id": master.id, "success": False}
    return {
        "id": done.id,
        "mergedRecordIds": list(done.merged_record_ids),
        "success": True,
        "updatedRelatedIds": list(done.updated_related_ids),
    }
