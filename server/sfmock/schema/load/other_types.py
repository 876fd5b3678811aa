"""Types of metadata that are no part of a schema: none is read, and some of them decide what an org answers."""

from __future__ import annotations

from collections.abc import Mapping

_RULES = "it is not run"
_RIGHTS = "sharing and permissions are not read"
_SETTINGS = "features of the org are not read"

BEHAVIOUR: Mapping[str, tuple[str, str]] = {
    "trigger": ("ApexTrigger", _RULES),
    "flow": ("Flow", _RULES),
    "flowDefinition": ("FlowDefinition", _RULES),
    "workflow": ("Workflow", _RULES),
    "approvalProcess": ("ApprovalProcess", _RULES),
    "assignmentRules": ("AssignmentRules", _RULES),
    "autoResponseRules": ("AutoResponseRules", _RULES),
    "escalationRules": ("EscalationRules", _RULES),
    "duplicateRule": ("DuplicateRule", _RULES),
    "matchingRule": ("MatchingRules", _RULES),
    "entitlementProcess": ("EntitlementProcess", _RULES),
    "profile": ("Profile", _RIGHTS),
    "permissionset": ("PermissionSet", _RIGHTS),
    "permissionsetgroup": ("PermissionSetGroup", _RIGHTS),
    "mutingpermissionset": ("MutingPermissionSet", _RIGHTS),
    "sharingRules": ("SharingRules", _RIGHTS),
    "restrictionRule": ("RestrictionRule", _RIGHTS),
    "settings": ("Settings", _SETTINGS),
    "queue": ("Queue", "queues are not made"),
    "group": ("Group", "groups are not made"),
    "role": ("Role", "roles are not made"),
    "cls": ("ApexClass", "Apex is not run"),
    "leadConvertSettings": ("LeadConvertSettings", _SETTINGS),
}
"""By the ending of the file: what the type is called, and why it is left out. Each may change what a call answers."""

SILENT: Mapping[str, str] = {
    "layout": "Layout", "quickAction": "QuickAction", "flexipage": "FlexiPage", "page": "ApexPage",
    "component": "ApexComponent", "app": "CustomApplication", "tab": "CustomTab", "report": "Report",
    "reportType": "ReportType", "reportFolder": "ReportFolder", "dashboard": "Dashboard",
    "dashboardFolder": "DashboardFolder", "email": "EmailTemplate", "emailFolder": "EmailFolder", "letter": "Letterhead",
    "document": "Document", "documentFolder": "DocumentFolder", "resource": "StaticResource", "labels": "CustomLabels",
    "translation": "Translations", "objectTranslation": "CustomObjectTranslation",
    "fieldTranslation": "CustomFieldTranslation", "globalValueSetTranslation": "GlobalValueSetTranslation",
    "standardValueSetTranslation": "StandardValueSetTranslation", "customPermission": "CustomPermission",
    "connectedApp": "ConnectedApp", "namedCredential": "NamedCredential", "externalCredential": "ExternalCredential",
    "remoteSite": "RemoteSiteSetting", "cspTrustedSite": "CspTrustedSite", "site": "CustomSite", "network": "Network",
    "homePageLayout": "HomePageLayout", "homePageComponent": "HomePageComponent", "weblink": "CustomPageWebLink",
    "pathAssistant": "PathAssistant", "notiftype": "CustomNotificationType", "asset": "ContentAsset",
    "lightningExperienceTheme": "LightningExperienceTheme", "brandingSet": "BrandingSet", "topicsForObjects": "TopicsForObjects",
    "authprovider": "AuthProvider", "samlssoconfig": "SamlSsoConfig", "crt": "Certificate", "testSuite": "ApexTestSuite",
    "messageChannel": "LightningMessageChannel", "platformEventChannel": "PlatformEventChannel",
    "platformEventChannelMember": "PlatformEventChannelMember", "decisionMatrixDefinition": "DecisionMatrixDefinition",
    "js": "LightningComponentBundle", "auradoc": "AuraDefinitionBundle", "cmp": "AuraDefinitionBundle",
    "design": "AuraDefinitionBundle", "evt": "AuraDefinitionBundle", "intf": "AuraDefinitionBundle",
    "tokens": "AuraDefinitionBundle", "svg": "AuraDefinitionBundle",
    "listView": "ListView", "compactLayout": "CompactLayout", "fieldSet": "FieldSet", "webLink": "WebLink",
    "dataSource": "ExternalDataSource", "externalServiceRegistration": "ExternalServiceRegistration",
    "delegateGroup": "DelegateGroup", "feedFilter": "CustomFeedFilter", "callCenter": "CallCenter", "liveChatButton": "LiveChatButton",
    "scf": "Scontrol", "wdf": "WaveDataflow", "wapp": "WaveApplication", "wdash": "WaveDashboard", "wlens": "WaveLens",
}  # fmt: skip
"""By the ending of the file: types that change nothing of what the fake serves."""
