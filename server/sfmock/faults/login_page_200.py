"""The login page comes with status 200 in the place of data."""

from __future__ import annotations

from sfmock.faultkind import FaultKind, everywhere
from sfmock.represent import edge

KIND = FaultKind(
    name="login_page_200",
    group="identity",
    happens=str(__doc__),
    answers=everywhere(edge.LOGIN_PAGE),
    state="nothing is written",
    reaction="check the content type before reading",
    source="error-catalogue.md 9, fault 8",
    unverified="the page: that of a community's token URL is quoted",
)
