"""How an encrypted text is shown to users without *View Encrypted Data* (metadata.md 2.1)."""

from __future__ import annotations

from sfmock.schema.model import Field

_LENGTHS = {"creditCard": 16, "ssn": 9, "sin": 9}
"""The masks that put characters between the hidden ones, with the length that their groups are known for."""


def wanted_length(field: Field) -> int | None:
    """How many characters a text must have for its mask to be known, None where any number will do."""
    return _LENGTHS.get(str(field.mask_type))


def fits_mask(field: Field, text: str) -> bool:
    """Whether it is known how the mask of a field shows this text."""
    wanted = wanted_length(field)
    return wanted is None or len(text) == wanted


def masked(field: Field, text: str) -> str:
    """The text as it is shown, e.g. `***-**-6789`."""
    hide = str(field.mask)
    shown = hide * (len(text) - 4) + text[-4:]
    match field.mask_type:
        case "lastFour":
            return shown
        case "creditCard":
            return "-".join((shown[:4], shown[4:8], shown[8:12], shown[12:]))
        case "ssn":
            return "-".join((shown[:3], shown[3:5], shown[5:]))
        case "sin":
            return "-".join((shown[:3], shown[3:6], shown[6:]))
        case "nino" if len(text) == 9:
            return " ".join((hide * 2, hide * 2, hide * 2, hide * 2, hide))
        case _:
            return hide * len(text)
