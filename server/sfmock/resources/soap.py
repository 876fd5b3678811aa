"""The SOAP endpoints `/services/Soap/u` and `/c`: `login()` and `logout()` (oauth.md 7, soap-apis.md 1 and 2)."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256

from sfmock import errors, fault_errors, ids, login_errors
from sfmock.errors import SalesforceError
from sfmock.org.identity import (
    on_foreign_login_host,
    on_login_host,
    organization,
    soap_instance_url,
)
from sfmock.org.org import Org
from sfmock.org.permissions import API_ENABLED
from sfmock.org.sessions import Session
from sfmock.org.users import LoginRefusedError, User
from sfmock.represent.soap import Content, Operation, namespace, read, reply
from sfmock.routing import Call, Router
from sfmock.versions import (
    LOGIN_SAYS_CURRENCY_LOCALE,
    OLDEST_LIVE,
    SOAP_LOGIN_GONE,
    Version,
    parse,
)
from sfmock.wire import Reply

router = Router(family="soap")

_ATTACHMENT_LIMIT = 26_214_400
_LATER = ("chatterExternal", "orgDefaultCurrencyLocale")
_TOKEN = re.compile(r"00D\w{12}![\w.]+")


@router.route("POST", "/services/Soap/u/<number>", name="soap", auth=False, counted=False)
@router.route(
    "POST", "/services/Soap/u/<number>/<path:rest>", name="soap", auth=False, counted=False
)
@router.route("POST", "/services/Soap/c/<number>", name="soap", auth=False, counted=False)
@router.route(
    "POST", "/services/Soap/c/<number>/<path:rest>", name="soap", auth=False, counted=False
)
def soap(call: Call) -> Reply:
    """Partner and enterprise API: the first child of Body names the operation, what follows the version is ignored."""
    if call.request.headers.get("SOAPAction") is None:
        raise login_errors.SOAP_CLIENT(text="SOAPAction HTTP header missing")
    version = _version(call.params["number"])
    operation = read(call.request.body)
    if operation.namespace != namespace(call.request.path):
        raise login_errors.SOAP_CLIENT(
            text=f"No operation available for request {{{operation.namespace}}}{operation.name},"
            " please check the WSDL for the service."
        )
    if operation.name == "login":
        return _login(call, operation, version)
    if on_login_host(call.request):
        raise fault_errors.SOAP_WRONG_HOST()
    if operation.name == "logout":
        return _logout(call, operation)
    session_id = operation.header("SessionHeader", "sessionId")
    if session_id is not None and call.session is None:
        raise _dead_session(session_id)
    raise errors.refuse(f"SOAP operation {operation.name}()")


def _login(call: Call, operation: Operation, version: Version) -> Reply:
    logins = call.org.logins
    if version.has(SOAP_LOGIN_GONE):
        raise login_errors.SOAP_LOGIN_GONE(version=version)
    if not logins.policy.soap_login:
        raise login_errors.SOAP_LOGIN_OFF()
    if operation.header("LoginScopeHeader", "portalId"):
        raise errors.refuse("SOAP login() to a portal (LoginScopeHeader/portalId)")
    wanted = operation.header("LoginScopeHeader", "organizationId")
    if wanted and ids.canonical(wanted) != call.org.id:
        raise login_errors.INVALID_LOGIN()
    if on_foreign_login_host(call.org, call.request):
        raise login_errors.INVALID_LOGIN()
    try:
        user = logins.by_password(operation.argument("username"), operation.argument("password"))
    except LoginRefusedError as refused:
        raise _refusal(refused) from None
    if not logins.policy.api_enabled:
        raise login_errors.SOAP_API_OFF()
    if not call.org.users.has_permission(user.id, API_ENABLED):
        raise login_errors.SOAP_NO_API_ENABLED()
    session = call.org.sessions.open(user.id, kind="soap")
    return reply(call.request.path, "login", _login_result(call, version, user, session))


def _refusal(refused: LoginRefusedError) -> SalesforceError:
    """The fault of a log-in that fails; most reasons hide behind one (oauth.md 7 and 11)."""
    if refused.reason == "hours":
        return errors.refuse("SOAP login() outside login hours (LOGIN_DURING_RESTRICTED_TIME)")
    kinds = {
        "token missing": login_errors.LOGIN_MUST_USE_SECURITY_TOKEN,
        "rate": login_errors.SOAP_LOGIN_RATE,
    }
    return refused.as_error(kinds.get(refused.reason, login_errors.INVALID_LOGIN))


def _logout(call: Call, operation: Operation) -> Reply:
    if call.session is None:
        raise _dead_session(operation.header("SessionHeader", "sessionId"))
    call.org.sessions.expire(call.session.token)
    return reply(call.request.path, "logout")


def _login_result(call: Call, version: Version, user: User, session: Session) -> Content:
    base = soap_instance_url(call.org, call.request)
    facts, state = organization(call.org), call.org.users.state(user.id)
    org15 = call.org.id[:15]
    server = f"u/{version}/{org15}"
    if "/Soap/c/" in call.request.path:  # the enterprise WSDL belongs to a package of the org
        server = f"c/{version}/{org15}/{ids.make('0DF', call.org.pod, 1)[:15]}"
    return {
        "metadataServerUrl": f"{base}/services/Soap/m/{version}/{org15}",
        "passwordExpired": "true" if state.password_expired else "false",
        "sandbox": "true" if facts.get("IsSandbox") == "1" else "false",
        "serverUrl": f"{base}/services/Soap/{server}",
        "sessionId": session.token,
        "userId": user.id,
        "userInfo": _user_info(call.org, version, facts, user, session),
    }


def _user_info(
    org: Org, version: Version, facts: Mapping[str, str], user: User, session: Session
) -> Content:
    """The elements of userInfo in the WSDL's order, which is alphabetical; old versions lack two."""
    row = {
        key: None if value is None else str(value) for key, value in org.users.row(user.id).items()
    }
    lacking = () if version.has(LOGIN_SAYS_CURRENCY_LOCALE) else _LATER
    elements: dict[str, Content] = {
        "accessibilityMode": "false",
        "chatterExternal": "false",
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": str(_ATTACHMENT_LIMIT),
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDefaultCurrencyLocale": facts.get("DefaultLocaleSidKey", "en_US"),
        "orgDisallowHtmlAttachments": "false",
        "orgHasPersonAccounts": "false",
        "organizationId": org.id,
        "organizationMultiCurrency": "false",
        "organizationName": facts.get("Name", ""),
        "profileId": user.profile_id,
        "roleId": row["UserRoleId"],
        "sessionSecondsValid": str(round((session.expires - session.created).total_seconds())),
        "userDefaultCurrencyIsoCode": None,
        "userEmail": user.email,
        "userFullName": user.name,
        "userId": user.id,
        "userLanguage": row["LanguageLocaleKey"],
        "userLocale": row["LocaleSidKey"],
        "userName": user.username,
        "userTimeZone": row["TimeZoneSidKey"],
        "userType": row["UserType"] or "Standard",
        "userUiSkin": facts.get("UiSkin", "Theme3"),
    }
    return {name: value for name, value in elements.items() if name not in lacking}


def _dead_session(token: str | None) -> SalesforceError:
    """The fault of a session id that is missing, malformed or not alive (oauth.md 8.2)."""
    if token is None:
        return login_errors.SOAP_SESSION(detail="null")
    if _TOKEN.fullmatch(token) is None:
        return login_errors.SOAP_SESSION(detail="Illegal Session")
    digest = b64encode(sha256(token.encode()).digest()).decode()
    return login_errors.SOAP_SESSION(
        detail=f"Illegal Session. Session not found, missing session hash: {digest}\n"
        "This error usually occurs after a session expires or a user logs out. "
    )


def _version(number: str) -> Version:
    """The version of a SOAP path, `59.0` or `59`; raises the faults of unknown and retired ones."""
    version = parse(number if "." in number else f"{number}.0")
    if version is not None and version.retired:
        raise login_errors.SOAP_VERSION_RETIRED(version=version, minimum=Version(OLDEST_LIVE))
    if version is None or not version.live:
        raise login_errors.SOAP_VERSION_UNKNOWN()
    return version
