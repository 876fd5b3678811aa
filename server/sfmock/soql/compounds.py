"""Parts of addresses and locations: what REST calls them inside the compound value (metadata.md 2.3)."""

from __future__ import annotations

from sfmock.schema.model import Field


def part_name(compound: Field, part: Field) -> str:
    """`BillingPostalCode` is the `postalCode` of `BillingAddress`, `Loc__Latitude__s` the `latitude` of `Loc__c`."""
    if part.name.endswith("__s"):
        return part.name.removesuffix("__s").rpartition("__")[2].lower()
    name = part.name.removeprefix(compound.name.removesuffix("Address"))
    return name[:1].lower() + name[1:]
