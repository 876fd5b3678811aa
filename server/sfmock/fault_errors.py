"""Errors that only faults and limits give: the second part of the one catalogue, beside `errors`.

`INVALID_SESSION_ID` and its kin stand there; here is what no request of a well-behaved client to a well org meets.
"""

from __future__ import annotations

from sfmock.failures import Kind

# -- limits: error-catalogue.md 2, rest.md 5.2 -------------------------------------------------------------------
CONCURRENT_LIMIT = Kind(
    "REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", 403
)
LONG_TRANSACTIONS = Kind("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded.", 403)
BULK_QUERY_JOBS = Kind(
    "LIMIT_EXCEEDED",
    "Max bulk v2 query jobs (10000) per 24 hrs has been reached (10021)",
    router=True,
)
LOGIN_RATE = Kind("invalid_grant", "login rate exceeded")
SOAP_LOGIN_RATE = Kind(
    "LOGIN_RATE_EXCEEDED",
    "login rate exceeded",
    500,
    unverified=True,  # seen in reports, not in the WSDL
)

# -- sessions and access: oauth.md 7, 8.1, 11 --------------------------------------------------------------------
INVALID_JWT_FORMAT = Kind("INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT", 401)
SOAP_SESSION_KIND = Kind(
    "INVALID_SESSION_ID", "This session is not valid for use with the API", 500
)
SOAP_WRONG_HOST = Kind(
    "UNKNOWN_EXCEPTION",
    "Destination URL not reset. The URL returned from login must be set in the SforceService",
    500,
)
API_DISABLED = Kind(
    "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", 403
)
SOAP_API_DISABLED = Kind(
    "API_DISABLED_FOR_ORG", "API is not enabled for this Organization or Partner", 500
)
PASSWORD_EXPIRED = Kind(
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "Your password has expired. Please reset your password.",
    401,
)
SOAP_PASSWORD_EXPIRED = Kind(
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "The users password has expired, you must call SetPassword before attempting any other API operations",
    500,
)
ORG_LOCKED = Kind("ORG_LOCKED", "org locked", 500, unverified=True)
"""The code is documented, the wording is ours."""
POLICY_REFUSED = Kind(
    "TXN_SECURITY_NO_ACCESS",
    "The operation you requested isn't allowed due to a security policy in your organization. Contact your"
    " administrator.",
    403,
)
SOAP_LOGIN_OFF = Kind(
    "INVALID_OPERATION", "SOAP API login() is disabled by default in this org.", 500
)

# -- token endpoint: oauth.md 6 ----------------------------------------------------------------------------------
INACTIVE_ORG = Kind("invalid_grant", "inactive organization")
IP_RESTRICTED = Kind("invalid_grant", "ip restricted")
NOT_APPROVED = Kind("invalid_grant", "user hasn't approved this consumer")
NOT_PREAUTHORIZED = Kind("invalid_app_access", "user is not admin approved to access this app")
APP_NOT_INSTALLED = Kind("app_not_found", "External client app is not installed in this org")
ASSERTION_EXPIRED = Kind("invalid_grant", "expired authorization code")
BAD_AUDIENCE = Kind("invalid_grant", "audience is invalid")
BAD_ASSERTION = Kind("invalid_grant", "invalid assertion")
REFRESH_IN_PROGRESS = Kind("invalid_grant", "token request is already being processed")
RETRY_YOUR_REQUEST = Kind("unknown_error", "retry your request")

# -- service: error-catalogue.md 2, 3 ----------------------------------------------------------------------------
READ_ONLY = Kind(
    "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE",
    "",
    row=True,
    unverified=True,  # the status; it is documented that there is no text beside the code
)
SOAP_RETIRED = Kind(
    "UNSUPPORTED_API_VERSION",
    "The API version that was specified ({version}) is below the minimum supported ({minimum}). Change the version"
    " number and run the request again.",
    500,
)

# -- data: error-catalogue.md 2, 3, 8 ----------------------------------------------------------------------------
LOCKED = Kind("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record", row=True)
STORAGE_FULL = Kind(
    "STORAGE_LIMIT_EXCEEDED",
    "storage limit exceeded",
    row=True,
    unverified=True,  # the status: 400, or 403
)
OPERATION_TOO_LARGE = Kind("OPERATION_TOO_LARGE", "exceeded 100000 distinct who/what's")
TRIGGER_FAILED = Kind("CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "{text}", row=True)
FLOW_FAILED = Kind("CANNOT_EXECUTE_FLOW_TRIGGER", "{text}", row=True)

# -- Bulk API 1.0: error-catalogue.md 5 --------------------------------------------------------------------------
BULK_SESSION = Kind("InvalidSessionId", "Invalid session id")
BULK_QUOTA = Kind("ExceededQuota", "ApiBatchItems Limit exceeded")
BULK_UNKNOWN = Kind(
    "Unknown", "Unknown exception in Async API. Please contact support with ID: {error_id}"
)
