"""Who somebody is: log-in, log-out, the own user, passwords (oauth.md 7, soap-apis.md 2)."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, ids, login_errors
from sfmock.clock import wire_datetime
from sfmock.errors import SalesforceError
from sfmock.org.identity import on_foreign_login_host, organization, soap_instance_url
from sfmock.org.org import Org
from sfmock.org.permissions import API_ENABLED
from sfmock.org.sessions import Session
from sfmock.org.users import LoginRefusedError, User
from sfmock.represent.soap import api_of
from sfmock.represent.xml import Content
from sfmock.resources.soap.asking import Asked, Operations, stamp
from sfmock.routing import Call
from sfmock.versions import LOGIN_SAYS_CURRENCY_LOCALE, SOAP_LOGIN_GONE, Version
from sfmock.wire import Reply

OPERATIONS = Operations()

_ATTACHMENT_LIMIT = 26_214_400
_LATER = ("chatterExternal", "orgDefaultCurrencyLocale")


@OPERATIONS.operation("login")
def login(asked: Asked) -> Reply:
    """A session by password and security token, which are joined."""
    call, operation, version = asked.call, asked.operation, asked.version
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
    return asked.answer(_login_result(call, version, user, session))


@OPERATIONS.operation("logout")
def logout(asked: Asked) -> Reply:
    """The session ends."""
    answer = asked.answer()
    asked.org.sessions.expire(_session(asked).token)
    return answer


@OPERATIONS.operation("getUserInfo")
def get_user_info(asked: Asked) -> Reply:
    """What login says of the user."""
    org, user = asked.org, asked.org.users.find(asked.user_id)
    facts, session = organization(org), _session(asked)
    return asked.answer(_user_info(org, asked.version, facts, user, session))


@OPERATIONS.operation("getServerTimestamp")
def get_server_timestamp(asked: Asked) -> Reply:
    """The time by the org's clock."""
    return asked.answer({"timestamp": stamp(wire_datetime(asked.org.clock.now))})


@OPERATIONS.operation("setPassword")
def set_password(asked: Asked) -> Reply:
    """Another password for a user."""
    user_id, password = _user_id(asked), asked.operation.argument("password")
    answer = asked.answer({})
    asked.org.passwords.set(user_id, password, by=asked.user_id)
    return answer


@OPERATIONS.operation("resetPassword")
def reset_password(asked: Asked) -> Reply:
    """A generated password for a user."""
    password = asked.org.passwords.reset(_user_id(asked), by=asked.user_id)
    return asked.answer({"password": password})


def _user_id(asked: Asked) -> str:
    found = ids.canonical(asked.text("userId"))
    if found is None or asked.org.users.get(found) is None:
        raise errors.refuse(f"the fault of {asked.operation.name}() for an id that is no user's")
    return found


def _session(asked: Asked) -> Session:
    session = asked.call.session
    assert session is not None, "the session stage lets none pass without"
    return session


def _refusal(refused: LoginRefusedError) -> SalesforceError:
    """The fault of a log-in that fails; most reasons hide behind one (oauth.md 7 and 11)."""
    if refused.reason == "hours":
        return errors.refuse("SOAP login() outside login hours (LOGIN_DURING_RESTRICTED_TIME)")
    kinds = {
        "token missing": login_errors.LOGIN_MUST_USE_SECURITY_TOKEN,
        "rate": login_errors.SOAP_LOGIN_RATE,
    }
    return refused.as_error(kinds.get(refused.reason, login_errors.INVALID_LOGIN))


def _login_result(call: Call, version: Version, user: User, session: Session) -> Content:
    base = soap_instance_url(call.org, call.request)
    facts, state = organization(call.org), call.org.users.state(user.id)
    org15 = call.org.id[:15]
    server = f"u/{version}/{org15}"
    if (
        api_of(call.request.path).letter == "c"
    ):  # the enterprise WSDL belongs to a package of the org
        server = f"c/{version}/{org15}/{ids.make('0DF', call.org.pod, 1)[:15]}"
    return {
        "metadataServerUrl": f"{base}/services/Soap/m/{version}/{org15}",
        "passwordExpired": state.password_expired,
        "sandbox": facts.get("IsSandbox") == "1",
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
        "accessibilityMode": False,
        "chatterExternal": False,
        "currencySymbol": "$",
        "orgAttachmentFileSizeLimit": _ATTACHMENT_LIMIT,
        "orgDefaultCurrencyIsoCode": "USD",
        "orgDefaultCurrencyLocale": facts.get("DefaultLocaleSidKey", "en_US"),
        "orgDisallowHtmlAttachments": False,
        "orgHasPersonAccounts": False,
        "organizationId": org.id,
        "organizationMultiCurrency": False,
        "organizationName": facts.get("Name", ""),
        "profileId": user.profile_id,
        "roleId": row["UserRoleId"],
        "sessionSecondsValid": round((session.expires - session.created).total_seconds()),
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
