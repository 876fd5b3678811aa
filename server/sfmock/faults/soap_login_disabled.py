"""SOAP login() is switched off in this org."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="soap_login_disabled",
    group="identity",
    happens=str(__doc__),
    answers={"login": login_errors.SOAP_LOGIN_OFF},
    state="nothing is written",
    reaction="use an OAuth flow",
    source="oauth.md 11; 7",
)
