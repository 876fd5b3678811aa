"""Which standard objects follow rules of their own: one row an sobject."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import (
    activity,
    asset,
    bodies,
    calendar,
    campaign,
    campaign_member,
    campaign_member_status,
    case,
    case_comment,
    contact_role,
    content_document,
    content_version,
    contract,
    email_message,
    event,
    group,
    lead,
    numbers,
    opportunity,
    opportunity_product,
    order,
    order_product,
    organization,
    owned_sets,
    permissionset,
    person,
    price,
    price_book,
    product,
    profile,
    quote,
    quote_line,
    role,
    solution,
    task,
    team_member,
    topic,
    user,
)
from sfmock.org.behaviour.draft import ChangeRule, Rule

BEFORE: Mapping[str, tuple[Rule, ...]] = {
    "AccountTeamMember": (team_member.derive,),
    "Asset": (asset.derive,),
    "Attachment": (bodies.attach,),
    "BusinessHours": (calendar.derive_hours,),
    "Campaign": (campaign.derive,),
    "CampaignMember": (campaign_member.derive,),
    "CampaignMemberStatus": (campaign_member_status.derive,),
    "Case": (numbers.give, case.derive),
    "CaseComment": (case_comment.derive,),
    "Contact": (person.compose_name,),
    "ContentDocument": (content_document.derive,),
    "ContentDocumentLink": (content_document.link,),
    "ContentVersion": (content_version.derive,),
    "Contract": (numbers.give, contract.derive),
    "Document": (bodies.document,),
    "EmailMessage": (email_message.derive,),
    "Event": (event.derive,),
    "FieldPermissions": (permissionset.permit_field,),
    "Folder": (bodies.folder,),
    "Group": (group.derive,),
    "Holiday": (calendar.derive_holiday,),
    "Individual": (person.compose_name,),
    "GroupMember": (group.join,),
    "Lead": (person.compose_name, lead.derive),
    "ObjectPermissions": (permissionset.permit_object,),
    "Opportunity": (opportunity.derive,),
    "OpportunityLineItem": (opportunity_product.derive,),
    "OpportunityTeamMember": (team_member.derive,),
    "Order": (numbers.give, order.derive),
    "OrderItem": (numbers.give, order_product.derive),
    "Organization": (organization.derive,),
    "Pricebook2": (price_book.derive,),
    "PricebookEntry": (price.derive,),
    "Product2": (product.derive,),
    "Quote": (numbers.give, quote.derive),
    "QuoteLineItem": (numbers.give, quote_line.derive),
    "PermissionSet": (permissionset.derive,),
    "PermissionSetAssignment": (permissionset.assign,),
    "Profile": (profile.derive,),
    "QueueSobject": (group.admit,),
    "Solution": (numbers.give, solution.derive),
    "StaticResource": (bodies.resource,),
    "Task": (task.derive,),
    "Topic": (topic.derive,),
    "User": (person.compose_name, user.derive),
    "UserRole": (role.derive,),
}
"""Rules that complete a row before it is written."""

BEFORE_CREATE: Mapping[str, tuple[Rule, ...]] = {
    "Account": (person.give_firsts,),
    "Contact": (person.give_firsts,),
    "Lead": (person.give_firsts,),
}
"""Rules that complete a new row after those."""

AFTER: Mapping[str, tuple[Rule, ...]] = {
    "Campaign": (campaign.give_statuses,),
    "CampaignMemberStatus": (campaign_member_status.keep_one_default,),
    "Contact": (activity.keep_account,),
    "ContentDocument": (content_document.follow,),
    "ContentVersion": (content_version.follow,),
    "Contract": (activity.keep_account,),
    "Opportunity": (activity.keep_account, opportunity.note_history, contact_role.make_primary),
    "OpportunityLineItem": (opportunity.count_product,),
    "Profile": (owned_sets.follow_profile,),
    "User": (owned_sets.follow_user, user.end_sessions),
}
"""Rules that follow a created or updated row up."""

FOLLOW: Mapping[str, tuple[ChangeRule, ...]] = {
    "AccountContactRole": (contact_role.keep_one_primary,),
    "Asset": (asset.follow,),
    "Attachment": (email_message.follow_attachment,),
    "CampaignMember": (campaign.follow_member,),
    "Event": (activity.follow,),
    "Opportunity": (campaign.follow_opportunity,),
    "OpportunityContactRole": (contact_role.keep_one_primary,),
    "OpportunityLineItem": (opportunity.forget_product,),
    "OrderItem": (order.follow_product,),
    "PricebookEntry": (price.follow,),
    "Product2": (product.follow,),
    "QuoteLineItem": (quote.follow_line,),
    "Task": (activity.follow,),
    "User": (team_member.follow_user,),
}
"""Rules that follow every change of a row, deletes and undeletes included."""

SHOWN_IN: Mapping[str, Mapping[str, ChangeRule]] = {
    "Account": {"CampaignMember": campaign_member.follow_account},
    "Contact": {
        "Case": case.follow_contact,
        "CampaignMember": campaign_member.follow_contact,
    },
    "Lead": {"CampaignMember": campaign_member.follow_lead},
}
"""Such rules that have nothing to do before another sobject has rows: these show the one that changed."""

BEFORE_DELETE: Mapping[str, tuple[ChangeRule, ...]] = {
    "CampaignMemberStatus": (campaign_member_status.check_deletable,),
    "ContentDocumentLink": (content_document.check_unlinkable,),
    "Contract": (contract.check_deletable,),
    "Folder": (bodies.check_folder_deletable,),
    "Group": (group.check_deletable,),
    "Order": (order.check_deletable,),
    "OrderItem": (order_product.check_deletable,),
    "Pricebook2": (price_book.check_deletable,),
    "PricebookEntry": (price.check_deletable,),
    "Product2": (product.check_deletable,),
    "PermissionSet": (permissionset.check_deletable,),
    "PermissionSetAssignment": (permissionset.check_withdrawal,),
    "Profile": (profile.check_deletable,),
    "QueueSobject": (group.check_dismissal,),
    "UserRole": (role.check_deletable,),
}
"""Rules that forbid to delete a row, be it on its own or with its parent."""

PERSONS = frozenset({"Contact", "Individual", "Lead", "User"})
"""Sobjects whose `Name` is made of `FirstName` and `LastName`."""
