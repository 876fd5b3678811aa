"""431: the front end finds URI and header fields too long together."""

from __future__ import annotations

from sfmock import errors
from sfmock.faultkind import FaultKind, everywhere

KIND = FaultKind(
    name="header_too_large",
    group="service",
    happens=str(__doc__),
    answers=everywhere(errors.FIELDS_TOO_LARGE),
    state="nothing is written",
    reaction="shorten both",
    source="error-catalogue.md 9, fault 32",
)
