"""Which rules come around a write: those of a standard object by its name, those of added ones by their kind."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import activity, setting, shares
from sfmock.org.behaviour.draft import Rule
from sfmock.org.behaviour.table import AFTER, BEFORE, BEFORE_CREATE
from sfmock.schema.model import SObject

_BEFORE_OF_KIND: Mapping[str, tuple[Rule, ...]] = {
    "Share": (shares.check,),
    "custom setting": (setting.derive,),
}

_BEFORE_OTHERS: tuple[Rule, ...] = (activity.keep_account,)


def before(sobject: SObject, *, creating: bool) -> tuple[Rule, ...]:
    """The rules that complete a row of this sobject before it is written."""
    if not sobject.custom:
        rules = BEFORE.get(sobject.name, ())
        return rules + BEFORE_CREATE.get(sobject.name, ()) if creating else rules
    kind = sobject.associate[0] if sobject.associate else ""
    return _BEFORE_OF_KIND.get("custom setting" if sobject.custom_setting else kind, _BEFORE_OTHERS)


def looks_back(sobject: SObject) -> bool:
    """Whether a rule of an update may ask for a field of the row as it was that the update does not write."""
    rules = before(sobject, creating=False) + AFTER.get(sobject.name, ())
    return bool(rules) and rules != _BEFORE_OTHERS
