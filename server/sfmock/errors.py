"""The one error catalogue: code, status and wording side by side.

Wordings and statuses are those of Salesforce's guides and of recorded replies; a row that is `unverified` has neither.
"""

from __future__ import annotations

from sfmock.failures import Kind as Kind
from sfmock.failures import MultipleChoices as MultipleChoices
from sfmock.failures import OAuthFailure as OAuthFailure
from sfmock.failures import Refused as Refused
from sfmock.failures import SalesforceError as SalesforceError
from sfmock.failures import SentBack as SentBack
from sfmock.failures import SeveralErrors as SeveralErrors
from sfmock.failures import refuse as refuse

COLUMN_HELP = (
    " If you are attempting to use a custom field, be sure to append the '__c' after the custom field name."
    " Please reference your WSDL or the describe call for the appropriate names."
)
RELATION_HELP = (
    " If you are attempting to use a custom relationship, be sure to append the '__r' after the custom"
    " relationship name. Please reference your WSDL or the describe call for the appropriate names."
)
_ENTITY_HELP = (
    " If you are attempting to use a custom object, be sure to append the '__c' after the entity name."
    " Please reference your WSDL or the describe call for the appropriate names."
)

# -- request level: error-catalogue.md 2, rest.md 6.2 -----------------------------------------------------------
SESSION_EXPIRED = Kind("INVALID_SESSION_ID", "Session expired or invalid", 401)
SESSION_NOT_FOR_REST = Kind(
    "INVALID_SESSION_ID", "This session is not valid for use with the REST API", 401
)
BAD_AUTH_HEADER = Kind("INVALID_AUTH_HEADER", "INVALID_HEADER_TYPE", 401)
BAD_JWT = Kind("INVALID_AUTH_HEADER", "INVALID_JWT_FORMAT", 401)
JWT_WITHOUT_SCOPE = Kind("INVALID_AUTH_HEADER", "INVALID_SCOPES", 401)
API_OFF = Kind("API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization.", 403)
NO_API_ENABLED = Kind(
    "API_CURRENTLY_DISABLED",
    "API is disabled for this user",  # SOAP writes it large
    403,
    unverified=True,  # quoted by another vendor's help alone
)
PASSWORD_EXPIRED = Kind(
    "INVALID_OPERATION_WITH_EXPIRED_PASSWORD",
    "Your password has expired. Please reset your password.",
    401,
)
"""Recorded at version 42.0 (rest-0106)."""
URL_NOT_RESET = Kind(
    "URL_NOT_RESET",
    "Destination URL not reset. The URL returned from login must be set",
    router=True,
)
DAILY_LIMIT = Kind("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
NOT_FOUND = Kind("NOT_FOUND", "The requested resource does not exist", 404, router=True)
NO_EXTERNAL_ID_FIELD = Kind(
    "NOT_FOUND",
    "Provided external ID field does not exist or is not accessible: {name}",
    404,
    router=True,
)
METHOD_NOT_ALLOWED = Kind(
    "METHOD_NOT_ALLOWED",
    "HTTP Method '{method}' not allowed. Allowed are {allowed}",
    405,
    router=True,
)
UNSUPPORTED_MEDIA_TYPE = Kind(
    "UNSUPPORTED_MEDIA_TYPE",
    "MediaType of '{media_type}' is not supported by this resource",
    415,
    router=True,
)
REQUEST_TOO_LARGE = Kind("REQUEST_TOO_LARGE", "Payload Too Large", 413)
"""The front end answers it by a page; the code stands in the journal only. So do those of 414 and 431."""
URI_TOO_LONG = Kind("URI_TOO_LONG", "URI Too Long", 414)
FIELDS_TOO_LARGE = Kind("FIELDS_TOO_LARGE", "Request Header Fields Too Large", 431)
VERSION_RETIRED = Kind(
    "UNSUPPORTED_API_VERSION",
    "Invalid Api version specified on URL",
    410,
    router=True,
    unverified=True,
)
PRECONDITION_FAILED = Kind(
    "PRECONDITION_FAILED", "Precondition failed", 412, router=True, unverified=True
)
"""The code is documented, the wording is ours."""
JSON_PARSER_ERROR = Kind("JSON_PARSER_ERROR", "{text}")
BODY_REQUIRED = Kind(
    "JSON_PARSER_ERROR", "The HTTP entity body is required, but this request has no entity body."
)
BODY_NO_OBJECT = Kind(
    "JSON_PARSER_ERROR",
    "Can not deserialize SObject out of {token} token at [line:1, column:1]",
    unverified=True,  # kept in the tests of a client, for lists
)
SERVER_UNAVAILABLE = Kind("SERVER_UNAVAILABLE", "Server too busy", 503)
INVALID_QUERY_LOCATOR = Kind("INVALID_QUERY_LOCATOR", "invalid query locator")
QUERY_TIMEOUT = Kind("QUERY_TIMEOUT", "Your query request was running for too long.")
REPLICATION_TOO_FAR_BACK = Kind(
    "INVALID_REPLICATION_DATE", "startDate cannot be more than 30 days ago"
)
REPLICATION_NOT_ENABLED = Kind(
    "INVALID_REPLICATION_DATE", "startDate before org replication enabled date"
)
UNKNOWN_EXCEPTION = Kind(
    "UNKNOWN_EXCEPTION",
    "An unexpected error occurred. Please include this ErrorId if you contact support: {error_id}",
    500,
)

# -- rows: error-catalogue.md 3, rest.md 6.1 --------------------------------------------------------------------
NO_SUCH_COLUMN_ON_SOBJECT = Kind(
    "INVALID_FIELD", "No such column '{name}' on sobject of type {sobject}"
)
FIELD_NOT_IN_BODY = Kind(
    "INVALID_FIELD", "The {name} field should not be specified in the sobject data."
)
FOREIGN_KEY_NOT_FOUND = Kind(
    "INVALID_FIELD",
    "Foreign key external ID: {value} not found for field {name} in entity {sobject}",
    row=True,
)
REQUIRED_FIELD_MISSING = Kind(
    "REQUIRED_FIELD_MISSING", "Required fields are missing: [{names}]", row=True
)
FIELD_NOT_WRITABLE = Kind(
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "Unable to create/update fields: {names}. Please check the security settings of this field and verify that it"
    " is read/write for your profile or permission set.",
    row=True,
)
MALFORMED_ID = Kind("MALFORMED_ID", "{label}: id value of incorrect type: {value}", row=True)
WRONG_ID_TYPE = Kind(
    "FIELD_INTEGRITY_EXCEPTION", "{label}: id value of incorrect type: {value}", row=True
)
STRING_TOO_LONG = Kind(
    "STRING_TOO_LONG", "{label}: data value too large: {value} (max length={length})", row=True
)
BAD_PICKLIST_VALUE = Kind(
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "{label}: bad value for restricted picklist field: {value}",
    row=True,
)
INVALID_EMAIL = Kind("INVALID_EMAIL_ADDRESS", "{label}: invalid email address: {value}", row=True)
NUMBER_OUT_OF_RANGE = Kind(
    "NUMBER_OUTSIDE_VALID_RANGE",
    "{label}: value outside of valid range on numeric field: {value}",
    row=True,
)
WRONG_VALUE_TYPE = Kind(
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "{label}: value not of required type: {value}",
    row=True,
    unverified=True,  # for null in a checkbox: so, or stored as false
)
DUPLICATE_VALUE = Kind(
    "DUPLICATE_VALUE",
    "duplicate value found: {name} duplicates value on record with id: {id15}",
    row=True,
)
DUPLICATE_USERNAME = Kind(
    "DUPLICATE_USERNAME",
    "Duplicate Username.<br>The username already exists in this or another Salesforce organization. Usernames must"
    " be unique across all Salesforce organizations. To resolve, use a different username (it doesn't need to match"
    " the user's email address). ",
    row=True,
)
DUPLICATE_ASSIGNMENT = Kind(
    "DUPLICATE_VALUE",
    "Duplicate PermissionSetAssignment.  Assignee: {assignee15}; Permission Set: {set15}",
    row=True,
)
LINKED_ALREADY = Kind(
    "DUPLICATE_VALUE",
    "Document with ID: {document} is already linked with the entity with ID: {entity}",
    row=True,
    unverified=True,  # whether the ids have 15 or 18 characters
)
USERNAME_NOT_AN_EMAIL = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "Username must be in the form of an email address (for example, john@acme.com): Username",
    row=True,
)
"""Quoted in wso2/product-is#23846."""
PROFILE_NAME_IN_USE = Kind(
    "FIELD_INTEGRITY_EXCEPTION", "The profile name is already in use: Name", row=True
)
LICENSE_LIMIT = Kind("LICENSE_LIMIT_EXCEEDED", "license limit exceeded", row=True)
NOT_A_QUEUE_OF = Kind(
    "INVALID_OPERATION",
    "Queue not associated with this SObject type",
    row=True,
    unverified=True,
)
"""Code and text are quoted in many places, `fields` in none."""
NO_ACCESS_TO_RECORD = Kind(
    "INSUFFICIENT_ACCESS", "You do not have permission to view this record.", 403
)
NO_ACCESS_TO_ROW = Kind(
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "insufficient access rights on object id",
    403,
    row=True,
    unverified=True,  # status, and whether this is the answer to a user who may not delete
)
NO_ACCESS_TO_REFERENCE = Kind(
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "insufficient access rights on cross-reference id: {id15}",
    row=True,
)
NO_SUCH_REFERENCE = Kind("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", row=True)
NO_SUCH_ROW = Kind(
    "INVALID_CROSS_REFERENCE_KEY",
    "invalid cross reference id",
    404,
    row=True,
    unverified=True,  # whether `fields` is there
)
ENTITY_IS_DELETED = Kind("ENTITY_IS_DELETED", "entity is deleted", 404, row=True)
REFERENCE_IS_DELETED = Kind(
    "ENTITY_IS_DELETED",
    "entity is deleted",
    row=True,
    unverified=True,  # the status
)
ENTITY_NOT_WRITABLE = Kind(
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "entity type cannot be {verb}: {label}", row=True
)
RECORD_TYPE_NOT_VALID = Kind(
    "INVALID_CROSS_REFERENCE_KEY",
    "Record Type ID: this ID value isn't valid for the user: {value}",
    row=True,
)
INACTIVE_OWNER = Kind(
    "INACTIVE_OWNER_OR_USER",
    "operation performed with inactive user [{id}] as owner of {sobject}",
    row=True,
)
ALREADY_CAMPAIGN_MEMBER = Kind("DUPLICATE_VALUE", "Already a campaign member.", row=True)
CONVERTED_LEAD = Kind("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead", row=True)
INVALID_CONVERTED_STATUS = Kind("INVALID_STATUS", "invalid convertedStatus: {status}", row=True)
"""Quoted from logs of Apex, `[Status]` behind it."""
BAD_ID_TO_MERGE = Kind("MALFORMED_ID", "bad id in recordsToMerge: {id}", row=True)
UNABLE_TO_LOCK_ROW = Kind(
    "UNABLE_TO_LOCK_ROW",
    "unable to obtain exclusive access to this record or {count} records: {ids}",
    row=True,
    unverified=True,  # the length of the ids
)
DELETE_FAILED = Kind("DELETE_FAILED", "{text}", row=True)
DELETE_RESTRICTED = Kind(
    "DELETE_FAILED",
    "Your attempt to delete {name} could not be completed because it is associated with the following"
    " {children}.: {names}\n",
    row=True,
)
DELETE_CLOSED_WON = Kind(
    "DELETE_FAILED",
    "Your attempt to delete {name} could not be completed because some opportunities in that account were closed won."
    " The opportunities that could not be deleted are shown below.: {names}\n",
    row=True,
)

# -- sales objects: metadata.md 4.5, 4.6; unverified texts are quoted in public code as seen, `fields` in none -------
PRICE_EXISTS = Kind(
    "FIELD_INTEGRITY_EXCEPTION", "This price definition already exists in this price book", row=True
)
STANDARD_PRICE_NOT_DEFINED = Kind(
    "STANDARD_PRICE_NOT_DEFINED",
    "Before creating a custom price, create a standard price.",
    row=True,
    unverified=True,  # `fields`
)
NOT_THE_STANDARD_PRICE = Kind("FIELD_INTEGRITY_EXCEPTION", "field integrity exception", row=True)
PRODUCT_IN_USE = Kind(
    "DELETE_FAILED",
    "Your attempt to delete {name} could not be completed because it is associated with the following opportunity"
    " products.: {names}\n",
    row=True,
    unverified=True,
)
NO_PRICE_BOOK_ENTRY = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "field integrity exception: PricebookEntryId, unknown (versions 3.0 and higher must specify pricebook entry id;"
    " others must specify product id)",
    row=True,
)
ENTRY_IS_ARCHIVED = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "field integrity exception: PricebookEntryId (pricebook entry has been archived)",
    row=True,
    unverified=True,  # `fields`
)
ENTRY_OF_OTHER_BOOK = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "field integrity exception: PricebookEntryId (pricebook entry is in a different pricebook than the one assigned to"
    " the opportunity)",
    row=True,
    unverified=True,  # `fields`
)
ENTRY_OF_OTHER_BOOK_THAN_QUOTE = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "The price book entry is in a different price book than the one assigned to the Quote",
    row=True,
    unverified=True,
)
ENTRY_OF_OTHER_BOOK_THAN_ORDER = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "Order Products must have a Price Book Entry that belongs to the Price Book related to the parent Order.",
    row=True,
    unverified=True,  # the code
)
ENTRY_IS_INACTIVE = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "The price book entry is inactive. Ask your Salesforce admin for help.",
    row=True,
    unverified=True,
)
TWO_PRICES = Kind(
    "FIELD_INTEGRITY_EXCEPTION",
    "field integrity exception: only one of unit price or total price may be specified",
    row=True,
    unverified=True,
)
TWO_PRICES_CHANGED = Kind(
    "INVALID_FIELD", "Cannot change both 'UnitPrice' and 'TotalPrice' in update call", row=True
)
ORDER_WITHOUT_ACCOUNT = Kind(
    "REQUIRED_FIELD_MISSING", "Select an account.", row=True, unverified=True
)
NEW_ORDER_NOT_DRAFT = Kind(
    "FAILED_ACTIVATION",
    "For a new or cloned order, choose Draft. An Activated order's status can't be edited.",
    row=True,
    unverified=True,
)
ORDER_WITHOUT_PRODUCTS = Kind(
    "FAILED_ACTIVATION", "An order must have at least one product.", row=True, unverified=True
)
ORDER_IS_LOCKED = Kind(
    "ENTITY_IS_LOCKED",
    "Unable to modify activated or superseded Order:  cannot delete Order, or add or remove Order Products",
    row=True,
    unverified=True,  # `fields`
)
FAILED_CONTRACT_ACTIVATION = Kind(
    "FAILED_ACTIVATION",
    "Choose a valid contract status and save your changes. Ask your admin for details.",
    row=True,
)
ASSET_WITHOUT_OWNER = Kind(
    "FIELD_INTEGRITY_EXCEPTION", "Every asset needs an account, a contact, or both.", row=True
)

# -- SOQL: soql.md 13.2 (the binder adds the position block) ------------------------------------------------------
NO_SUCH_COLUMN = Kind(
    "INVALID_FIELD", "No such column '{name}' on entity '{sobject}'." + COLUMN_HELP
)
NO_SUCH_COLUMN_TO_READ = Kind(
    "INVALID_FIELD",
    "No such column '{name}' on entity '{sobject}'." + COLUMN_HELP,
    unverified=True,  # that the excerpt is the parameter `fields` of the row
)
NO_SUCH_RELATIONSHIP = Kind(
    "INVALID_FIELD", "Didn't understand relationship '{name}' in field path." + RELATION_HELP
)
NO_SUCH_SOBJECT = Kind("INVALID_TYPE", "sObject type '{name}' is not supported." + _ENTITY_HELP)
DUPLICATE_FIELD = Kind("INVALID_FIELD", "duplicate field selected: {name}")
CANNOT_FILTER = Kind("INVALID_FIELD", "field '{name}' can not be filtered in a query call")
CANNOT_SORT = Kind("MALFORMED_QUERY", "field '{name}' can not be sorted in a query call")
VALUE_NOT_QUOTED = Kind(
    "INVALID_FIELD",
    "value of filter criterion for field '{name}' must be of type {type} and should not be enclosed in quotes",
)
VALUE_QUOTED = Kind(
    "INVALID_FIELD",
    "value of filter criterion for field '{name}' must be of type string and should be enclosed in quotes",
)
INVALID_ID_LITERAL = Kind("INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: {value}")
INVALID_ID_OPERATOR = Kind("INVALID_QUERY_FILTER_OPERATOR", "invalid operator on id field")
MALFORMED_QUERY = Kind("MALFORMED_QUERY", "{text}")
BIND_VARIABLE = Kind("MALFORMED_QUERY", "Bind variables only allowed in Apex code")
OFFSET_TOO_LARGE = Kind(
    "NUMBER_OUTSIDE_VALID_RANGE", "Maximum SOQL offset allowed for apiName {sobject} is 2000"
)
