"""SAML assertions at the token endpoint: refused as far as anybody can say without verifying an XML signature (oauth.md 3.9)."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Collection, Mapping
from xml.etree.ElementTree import Element

from sfmock import errors, login_errors
from sfmock.errors import OAuthFailure, SalesforceError
from sfmock.represent.xml import read_xml

_SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_VALIDATOR = "/setup/secur/SAMLValidationPage.apexp"
_SSO = "urn:oasis:names:tc:SAML:2.0:profiles:SSO:browser"


def refusal(form: Mapping[str, str], hosts: Collection[str], instance_url: str) -> SalesforceError:
    """The answer to the grants saml2-bearer and assertion, which never give a token here."""
    if form.get("grant_type") == "assertion" and form.get("assertion_type") != _SSO:
        return errors.refuse("the error for an assertion_type that is not SSO:browser")
    assertion = _read(form.get("assertion", ""))
    if assertion is None:
        return login_errors.INVALID_SAML_ASSERTION()
    audiences = [each.text or "" for each in assertion.iter(f"{_SAML}Audience")]
    if not any(_host(each) in hosts for each in audiences):
        return OAuthFailure(login_errors.SAML_AUDIENCE, f"{instance_url}{_VALIDATOR}")
    return errors.refuse("verifying the XML signature of a SAML assertion")


def _read(text: str) -> Element | None:
    """The assertion in a base64url text, or in the response around it; None for any other text."""
    try:
        root = read_xml(urlsafe_b64decode(text.replace("+", "-").replace("/", "_") + "=="))
    except (binascii.Error, ValueError):
        return None
    return root if root.tag == f"{_SAML}Assertion" else root.find(f"{_SAML}Assertion")


def _host(url: str) -> str:
    return url.removeprefix("https://").removesuffix("/")
