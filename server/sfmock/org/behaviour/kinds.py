"""Which rules come before a write: those of a standard object by its name, those of added ones by their kind."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock.org.behaviour import activity, setting, shares
from sfmock.org.behaviour.draft import Rule
from sfmock.org.behaviour.table import BEFORE
from sfmock.schema.model import SObject

_BEFORE_OF_KIND: Mapping[str, tuple[Rule, ...]] = {
    "Share": (shares.check,),
    "custom setting": (setting.derive,),
}

_BEFORE_OTHERS: tuple[Rule, ...] = (activity.keep_account,)


def before(sobject: SObject) -> tuple[Rule, ...]:
    """The rules that complete a row of this sobject before it is written."""
    if not sobject.custom:
        return BEFORE.get(sobject.name, ())
    kind = sobject.associate[0] if sobject.associate else ""
    return _BEFORE_OF_KIND.get("custom setting" if sobject.custom_setting else kind, _BEFORE_OTHERS)
