"""SOAP login() is asked for at a version that lacks it."""

from __future__ import annotations

from sfmock import login_errors
from sfmock.fault_calls import soap_version
from sfmock.faultkind import FaultKind

KIND = FaultKind(
    name="soap_login_v65",
    group="identity",
    happens=str(__doc__),
    answers={"login": login_errors.SOAP_LOGIN_GONE},
    state="nothing is written",
    reaction="use an OAuth flow",
    source="oauth.md 11; 7",
    unverified="the form of the fault",
    fill=soap_version,
)
