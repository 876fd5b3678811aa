"""Hybrid tokens: a token reply with sessions for the other domains of the user interface, as mobile apps use them (oauth.md 4)."""

from __future__ import annotations

from sfmock.org import tokens
from sfmock.org.org import Org
from sfmock.org.sessions import Kind, Session


def hybrid_fields(org: Org, session: Session) -> dict[str, str]:
    """The domains and session ids that the scopes bring; without `web` there are none.

    Each scope has its fields: help page "OAuth 2.0 Hybrid App Flow Cookie Management". The sessions end with `session`. A JWT
    is no session id, so its parent is a session of its own.
    """
    scopes = set(session.scopes)
    if "full" in scopes:
        scopes |= {"web", "lightning", "visualforce", "content"}
    if "web" not in scopes:
        return {}
    fields: dict[str, str] = {}
    if "lightning" in scopes:
        fields["lightning_domain"] = org.hosts.other_host("lightning.force.com")
        fields["lightning_sid"] = _child(org, session, "lightning")
    if "visualforce" in scopes:
        fields["visualforce_domain"] = org.hosts.other_host("vf.force.com", "--c")
        # The guide's table and the Mobile SDK say visualforce_sid, older texts vf_sid.
        fields["visualforce_sid"] = fields["vf_sid"] = _child(org, session, "visualforce")
    if "content" in scopes:
        fields["content_domain"] = org.hosts.other_host("file.force.com")
        fields["content_sid"] = _child(org, session, "content")
    if "lightning" in scopes:
        fields["csrf_token"] = tokens.ticket(org.sessions.random)
    fields["cookie-sid_Client"] = session.user_id[4:15] + org.id[4:15]
    fields["cookie-clientSrc"] = org.logins.policy.caller
    fields["sidCookieName"] = "sid"
    fields["parent_sid"] = _child(org, session, "ui") if session.is_jwt else session.token
    return fields


def _child(org: Org, session: Session, kind: Kind) -> str:
    return org.sessions.open(
        session.user_id, kind=kind, app_id=session.app_id, scopes=(kind,), parent=session.token
    ).token
