"""The organization's own row: name, address, and the settings that a row may change (metadata.md 5)."""

from __future__ import annotations

from sfmock import errors
from sfmock.org.behaviour.draft import Draft

_LISTED = ("DefaultLocaleSidKey", "TimeZoneSidKey", "LanguageLocaleKey", "UiSkin")


def derive(draft: Draft) -> None:
    """Refuse settings that the picklists lack: describe lists a part of what Salesforce takes."""
    for name in _LISTED:
        field = draft.plan.sobject.find(name)
        if field is None or not draft.changes(name):
            continue
        if draft[name] not in {each.value for each in field.picklist}:
            raise errors.refuse(f"the {field.label.lower()} {draft[name]} of the organization")
