"""Which rows must fit others, or one another: those of standard objects by their name, those of added ones by their kind."""

from __future__ import annotations

from sfmock.org.generate import files, sales, service, setup
from sfmock.org.generate.fitting import Fields, Fitting, Maker
from sfmock.schema.model import SObject

_OF_STANDARD = {
    **sales.FITTINGS,
    **service.FITTINGS,
    **files.FITTINGS,
    **setup.FITTINGS,
}


def fitting_of(sobject: SObject) -> Fitting | None:
    """How the rows of an sobject are completed; None where describe says all that there is to say."""
    if not sobject.custom:
        return _OF_STANDARD.get(sobject.name)
    if sobject.custom_setting and sobject.find("SetupOwnerId") is not None:
        return _of_hierarchy(sobject.name)
    if sobject.associate is not None and sobject.associate[0] == "Share":
        return Fitting(_share, frozenset({"UserOrGroupId", "AccessLevel", "RowCause"}))
    return None


def _of_hierarchy(name: str) -> Fitting:
    """The settings of the whole organization first, then those of one new user after the other."""

    def fill(maker: Maker, row: Fields) -> None:
        if "SetupOwnerId" in row:
            return
        organization = maker.find("Organization")
        if organization is not None and maker.find(name, SetupOwnerId=organization["Id"]) is None:
            row["SetupOwnerId"] = organization["Id"]
        else:
            row["SetupOwnerId"] = maker.make("User")

    return Fitting(fill, frozenset({"Name", "SetupOwnerId"}))


def _share(maker: Maker, row: Fields) -> None:
    """Each share is with another user, and may edit: what all may read is not shared for reading."""
    if "UserOrGroupId" not in row:
        row["UserOrGroupId"] = maker.make("User")
    row.setdefault("AccessLevel", "Edit")
