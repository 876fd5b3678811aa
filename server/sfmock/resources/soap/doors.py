"""The doors of the partner and the enterprise API: which operation an envelope means, and whether it is served."""

from __future__ import annotations

from collections.abc import Mapping

from sfmock import errors, login_errors
from sfmock.represent.soap import Operation, api_of
from sfmock.resources.soap import describing, identity, leads, queries, replication, rows, writes
from sfmock.resources.soap.asking import Asked, Handler, Operations
from sfmock.routing import Call, Router
from sfmock.versions import OLDEST_LIVE, Version, parse
from sfmock.wire import Reply

OPERATIONS: Mapping[str, Handler] = Operations(
    describing.OPERATIONS, identity.OPERATIONS, leads.OPERATIONS, queries.OPERATIONS, replication.OPERATIONS,
    rows.OPERATIONS, writes.OPERATIONS,
)  # fmt: skip
"""What is served, by the names on the wire."""
ABSENT = frozenset(
    {
        "changeOwnPassword", "deleteByExample", "describeAllTabs", "describeAppMenu", "describeApprovalLayout",
        "describeAvailableQuickActions", "describeCompactLayouts", "describeDataCategoryGroupStructures",
        "describeDataCategoryGroups", "describeDataCategoryMappings", "describeGlobalTheme", "describeKnowledgeSettings",
        "describeLayout", "describeListViews", "describeLookupLayouts", "describeNouns", "describePathAssistants",
        "describePrimaryCompactLayouts", "describeQuickActions", "describeQuickActionsForRecordType",
        "describeSObjectListViews", "describeSearchLayouts", "describeSearchScopeOrder", "describeSearchableEntities",
        "describeSoftphoneLayout", "describeSoqlListViews", "describeTabs", "describeTheme", "describeVisualForce",
        "executeListView", "findDuplicates", "findDuplicatesByIds", "invalidateSessions", "performQuickActions", "process",
        "renderEmailTemplate", "renderStoredEmailTemplate", "retrieveMassQuickActionTemplates",
        "retrieveQuickActionTemplates", "search", "sendEmail", "sendEmailMessage",
    }
)  # fmt: skip
"""The other operations of the partner WSDL 64.0: refused by name."""
TYPED = frozenset({"query", "queryAll", "queryMore", "retrieve"})
"""Operations whose replies hold records, which the enterprise API types by the org's own WSDL."""

CHANGING = ("ConditionalRequestHeader", "OwnerChangeOptions")
"""Header blocks by which an operation does another thing than here."""

router = Router(family="soap")


@router.route("POST", "/services/Soap/u/<number>", name="soap", auth=False)
@router.route("POST", "/services/Soap/u/<number>/<path:rest>", name="soap", auth=False)
@router.route("POST", "/services/Soap/c/<number>", name="soap", auth=False)
@router.route("POST", "/services/Soap/c/<number>/<path:rest>", name="soap", auth=False)
def soap(call: Call) -> Reply:
    """The first child of Body names the operation; what follows the version in the path is ignored."""
    if call.request.headers.get("SOAPAction") is None:
        raise login_errors.SOAP_CLIENT(text="SOAPAction HTTP header missing")
    version, operation, api = (
        _version(call.params["number"]),
        call.operation(),
        api_of(call.request.path),
    )
    known = operation.name in OPERATIONS or operation.name in ABSENT
    if operation.namespace != api.namespace or not known:
        raise login_errors.SOAP_CLIENT(
            text=f"No operation available for request {{{operation.namespace}}}{operation.name},"
            " please check the WSDL for the service."
        )
    handler = OPERATIONS.get(operation.name)
    if handler is None:
        raise errors.refuse(f"SOAP operation {operation.name}()")
    if api.letter == "c" and operation.name in TYPED:
        raise errors.refuse(f"SOAP operation {operation.name}() of the enterprise API")
    _check_headers(operation)
    return handler(Asked(call, operation, version))


def _check_headers(operation: Operation) -> None:
    for block in CHANGING:
        if operation.has_header(block):
            raise errors.refuse(f"the SOAP header {block}")
    language = operation.header("LocaleOptions", "language")
    if language and language.strip() != "en_US":
        raise errors.refuse(f"the SOAP header LocaleOptions with the language {language}")


def _version(number: str) -> Version:
    """The version of a SOAP path, `59.0` or `59`; raises the faults of unknown and retired ones."""
    version = parse(number if "." in number else f"{number}.0")
    if version is not None and version.retired:
        raise login_errors.SOAP_VERSION_RETIRED(version=version, minimum=Version(OLDEST_LIVE))
    if version is None or not version.live:
        raise login_errors.SOAP_VERSION_UNKNOWN()
    return version
