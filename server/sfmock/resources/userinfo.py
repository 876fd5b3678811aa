"""The identity service: `/services/oauth2/userinfo` and `/id/<org>/<user>` (oauth.md 5.3, 5.4)."""

from __future__ import annotations

from sfmock import errors, ids, login_errors, versions
from sfmock.org.grants import bearer
from sfmock.org.identity import (
    allows_identity,
    allows_identity_of,
    document,
    instance_url,
    on_login_host,
)
from sfmock.org.identity import userinfo as userinfo_document
from sfmock.org.sessions import Session
from sfmock.represent.documents import jsonp, xml
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router(family="identity")

_FORMATS = {"application/json": "json", "application/xml": "xml", "*/*": "json"}


@router.route("GET,POST", "/services/oauth2/userinfo", name="userinfo", auth=False, counted=False)
def userinfo(call: Call) -> Reply:
    """Who the token's user is, in OpenID Connect's words."""
    session = _session(call)
    return Reply(body=userinfo_document(call.org, call.request, session.user_id))


@router.route("GET,POST", "/id/<org_id>/<user_id>", name="identity", auth=False, counted=False)
def identity(call: Call) -> Reply:
    """Who the token's user is, in Salesforce's words; the login host sends clients on to the instance."""
    form = call.form()
    if on_login_host(call.request):
        query = f"?{call.request.query}" if call.request.query else ""
        target = f"{instance_url(call.org, call.request)}{call.request.path}{query}"
        return Reply(302, headers=(("Location", target),), content_type=None)
    session = _session(call)
    if ids.canonical(call.params["org_id"]) != call.org.id:
        raise login_errors.WRONG_ORG()
    user = call.org.users.get(call.params["user_id"])
    if user is None or not allows_identity_of(session, user):
        raise login_errors.BAD_ID()
    body = document(call.org, call.request, user.id, session=session, version=_version(form))
    match _format(call, form):
        case "xml":
            return xml(body)
        case "jsonp":
            return jsonp(form.get("callback", ""), body)
        case _:
            return Reply(body=body)


def _session(call: Call) -> Session:
    """The session that the request carries; raises the bare 403 words of the identity service (oauth.md 8.4)."""
    form = call.form()
    token = bearer(call.request.headers) or form.get("oauth_token") or form.get("access_token")
    if not token:
        raise login_errors.MISSING_OAUTH_TOKEN()
    session = call.org.sessions.find(token)
    if session is None or session.bar == "password expired" or not allows_identity(session):
        raise login_errors.BAD_OAUTH_TOKEN()
    return session


def _version(form: dict[str, str]) -> str | None:
    """What stands for `{version}` in the document's URLs, where the caller asked for it."""
    wanted = form.get("version")
    return str(versions.live()[-1]) if wanted == "latest" else wanted


def _format(call: Call, form: dict[str, str]) -> str:
    """The form that is asked for: by the parameter, else by Accept, whose first known entry counts."""
    if form.get("format"):
        if form["format"] not in ("json", "xml", "jsonp"):
            raise errors.refuse(f"identity documents in format={form['format']}")
        return form["format"]
    for each in (call.request.headers.get("Accept") or "").split(","):
        media_type = each.partition(";")[0].strip().lower()
        if media_type in _FORMATS:
            return _FORMATS[media_type]
        if media_type == "application/x-www-form-urlencoded":
            raise errors.refuse("identity documents as application/x-www-form-urlencoded")
    return "json"
