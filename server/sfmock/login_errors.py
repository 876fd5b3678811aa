"""Errors of logging in, of tokens and of SOAP sessions: a part of the one catalogue, beside `errors`."""

from __future__ import annotations

from sfmock.failures import Kind

# -- OAuth: oauth.md 6 (`code` is `error`, the text is `error_description`) --------------------------------------
AUTHENTICATION_FAILURE = Kind("invalid_grant", "authentication failure")
EXPIRED_TOKEN = Kind("invalid_grant", "expired access/refresh token")
TOKEN_VALIDITY_EXPIRED = Kind("invalid_grant", "token validity expired")
ALREADY_PROCESSED = Kind("invalid_grant", "token request is already being processed")
INVALID_CODE = Kind("invalid_grant", "invalid authorization code")
INVALID_VERIFIER = Kind(
    "invalid_grant",
    "invalid code verifier",
    unverified=True,  # so, or `code_verification_failed`
)
REDIRECT_URI_MISMATCH = Kind("redirect_uri_mismatch", "redirect_uri must match configuration")
NO_CODE_CHALLENGE = Kind("invalid_request", "missing required code challenge")
UNKNOWN_RESPONSE_TYPE = Kind("unsupported_response_type", "response type not supported")
INVALID_SCOPE = Kind("invalid_scope", "the requested scope is not allowed", unverified=True)
ACCESS_DENIED = Kind("access_denied", "end-user denied authorization")
IMMEDIATE_UNSUCCESSFUL = Kind("immediate_unsuccessful", "", unverified=True)
APP_BLOCKED = Kind("OAUTH_APP_BLOCKED", "this app is blocked by admin")
APP_ACCESS_DENIED = Kind("OAUTH_APP_ACCESS_DENIED", "user is not admin approved to access this app")
EXTERNAL_APP_NOT_FOUND = Kind(
    "OAUTH_EC_APP_NOT_FOUND", "External client app is not installed in this org"
)
APPROVAL_ERROR = Kind(
    "OAUTH_APPROVAL_ERROR_GENERIC",
    "An unexpected error has occurred during authentication. Please try again.",
    200,
    unverified=True,  # the status: it is a page
)
INVALID_DEVICE_CODE = Kind(
    "invalid_grant",
    "invalid device code",
    unverified=True,  # so, or `invalid_request`; and the wording
)
AUTHORIZATION_PENDING = Kind(
    "authorization_pending", "end-user has not yet authorized", unverified=True
)
SLOW_DOWN = Kind(
    "slow_down",
    "polling too quickly for the token endpoint",
    unverified=True,  # as clients quote it
)
INACTIVE_USER = Kind("invalid_grant", "inactive user")
EXPIRED_CODE = Kind("invalid_grant", "expired authorization code")
"""Also the answer to a JWT assertion that is past its `exp` (oauth.md 6)."""
NOT_APPROVED = Kind("invalid_grant", "user hasn't approved this consumer")
NOT_PREAUTHORIZED = Kind("invalid_app_access", "user is not admin approved to access this app")
APP_NOT_FOUND = Kind("app_not_found", "External client app is not installed in this org")
BAD_AUDIENCE = Kind("invalid_grant", "audience is invalid")
INVALID_ASSERTION = Kind("invalid_grant", "invalid assertion")
INVALID_SAML_ASSERTION = Kind("invalid_grant", "Invalid assertion")
SAML_AUDIENCE = Kind("invalid_grant", "Audience validation failed")
CREDENTIALS_FLOW_OFF = Kind(
    "invalid_grant",
    "client credentials flow not enabled",
    unverified=True,  # quoted once; others saw the text of a missing Run As user
)
IP_RESTRICTED = Kind("invalid_grant", "ip restricted")
OUTSIDE_LOGIN_HOURS = Kind(
    "invalid_grant",
    "IP restricted or invalid login hours",
    unverified=True,  # the older text of both
)
LOGIN_RATE = Kind("invalid_grant", "login rate exceeded")
NO_RUN_AS_USER = Kind("invalid_grant", "no client credentials user enabled")
NO_VALID_SCOPES = Kind("invalid_grant", "no valid scopes defined")
NOT_ON_LOGIN_HOST = Kind("invalid_grant", "request not supported on this domain")
SCOPE_NOT_SUPPORTED = Kind("invalid_request", "scope parameter not supported")
MUST_POST = Kind("invalid_request", "must use HTTP POST")
UNKNOWN_CLIENT = Kind("invalid_client_id", "client identifier invalid")
BAD_CLIENT_SECRET = Kind("invalid_client", "invalid client credentials")
CLIENT_NOT_PROVEN = Kind("invalid_client", "invalid client credentials", 401)
"""Introspection without the credentials of an app (oauth.md 5.2)."""
UNSUPPORTED_GRANT = Kind("unsupported_grant_type", "grant type not supported")
INVALID_TOKEN = Kind("invalid_token", "invalid token: {token}")
BAD_OAUTH_TOKEN = Kind("Bad_OAuth_Token", "Bad_OAuth_Token", 403)
MISSING_OAUTH_TOKEN = Kind("Missing_OAuth_Token", "Missing_OAuth_Token", 403)
WRONG_ORG = Kind("Wrong_Org", "Wrong_Org", 403)
BAD_ID = Kind("Bad_Id", "Bad_Id", 403)

# -- SOAP login: oauth.md 7 -------------------------------------------------------------------------------------
INVALID_LOGIN = Kind(
    "INVALID_LOGIN", "Invalid username, password, security token; or user locked out.", 500
)
LOGIN_MUST_USE_SECURITY_TOKEN = Kind(
    "LOGIN_MUST_USE_SECURITY_TOKEN",
    "Invalid username, password, security token; or user locked out. Are you at a new location? When accessing"
    " Salesforce--either via a desktop client or the API--from outside of your company\u2019s trusted networks, you must"
    " add a security token to your password to log in. To get your new security token, log in to Salesforce. From your"
    " personal settings, enter Reset My Security Token in the Quick Find box, then select Reset My Security Token.",
    500,
)
SOAP_LOGIN_OFF = Kind(
    "INVALID_OPERATION", "SOAP API login() is disabled by default in this org.", 500
)
SOAP_API_OFF = Kind(
    "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner", 500
)
SOAP_NO_API_ENABLED = Kind("API_CURRENTLY_DISABLED", "API is disabled for this User", 500)
SOAP_LOGIN_RATE = Kind("LOGIN_RATE_EXCEEDED", "login rate exceeded", 500, unverified=True)
SOAP_SESSION = Kind(
    "INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: {detail}", 500
)
SOAP_CLIENT = Kind("Client", "{text}", 500)
"""The request is no SOAP that the service takes: faultcode `soapenv:Client`, no detail."""
SOAP_LOGIN_GONE = Kind(
    "INVALID_OPERATION",
    "The SOAP Login operation is not available in the API version specified ({version}). Refer to the documentation"
    " for supported versions.",
    500,
    unverified=True,  # the form of the fault
)
SOAP_VERSION_UNKNOWN = Kind("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL", 500)
SOAP_VERSION_RETIRED = Kind(
    "UNSUPPORTED_API_VERSION",
    "The API version that was specified ({version}) is below the minimum supported ({minimum}). Change the version"
    " number and run the request again.",
    500,
)
