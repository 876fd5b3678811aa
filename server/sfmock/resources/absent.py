"""Doors that a real org has and this fake lacks: refused by name, never answered 404 (rest.md 5.3)."""

from __future__ import annotations

from sfmock import errors, fault_errors
from sfmock.routing import Call, Handler, Router, family_of
from sfmock.wire import Reply

router = Router()

_ANY = "GET,POST,PUT,PATCH,DELETE"
_VERSIONED = (
    "tooling", "metadata", "eclair", "folders", "prechatForms", "contact-tracing", "jsonxform", "chatter", "payments",
    "tabs", "appMenu", "quickActions", "commerce", "wave", "iot", "analytics", "smartdatadiscovery",
    "composite", "fingerprint", "theme", "nouns", "domino", "event", "serviceTemplates",
    "connect", "licensing", "process", "dedupe", "async-queries", "jobs", "localizedvalue", "mobile",
    "emailConnect", "consent", "tokenizer", "compactLayouts", "async", "actions", "support", "ui-api", "graphql",
    "knowledgeManagement", "match", "asset-management", "scheduling",
)  # fmt: skip
_UNDER = ("search",)
"""Resources of which only some sub-resources are served."""
_SOBJECT = ("listviews", "quickActions", "eventSchema")
_BULK = "/services/async"
_APEX = "/services/apexrest"
_ELSEWHERE = (
    _BULK, _APEX, "/services/Soap/m", "/services/Soap/s", "/services/Soap/T",
    "/services/Soap/class", "/secur", "/.well-known",
    "/services/oauth2/register", "/services/auth", "/cometd",
)  # fmt: skip


def _refusal(feature: str) -> Handler:
    def refused(call: Call) -> Reply:
        raise errors.refuse(feature)

    return refused


def _bulk(call: Call) -> Reply:
    """A dead session is told as Bulk 1.0 does (oauth.md 8.3); what comes with a live one, or with none, is refused."""
    carried = call.authorization is not None or call.request.headers.get("X-SFDC-Session")
    if carried and call.session is None:
        raise fault_errors.BULK_SESSION()
    raise errors.refuse(f"the resource {_BULK}")


def _declare() -> None:
    root = "/services/data/<version>"
    for name in _UNDER:
        door = _refusal(f"this resource below /{name}")
        router.route(_ANY, f"{root}/{name}/<path:rest>", name=f"{name}_others")(door)
    for name in _VERSIONED:
        door = _refusal(f"the resource /{name}")
        router.route(_ANY, f"{root}/{name}", name=name)(door)
        router.route(_ANY, f"{root}/{name}/<path:rest>", name=name)(door)
    for name in _SOBJECT:
        door = _refusal(f"the resource /sobjects/X/{name}")
        router.route(_ANY, f"{root}/sobjects/<sobject>/{name}/<path:rest>", name=name)(door)
        router.route(_ANY, f"{root}/sobjects/<sobject>/{name}", name=name)(door)
    relevant = _refusal("the resource /sobjects/relevantItems")
    router.route(_ANY, f"{root}/sobjects/relevantItems", name="relevantItems")(relevant)
    layouts = _refusal("the layouts of /sobjects/X/describe")
    router.route(_ANY, f"{root}/sobjects/<sobject>/describe/<path:rest>", name="layouts")(layouts)
    for path in _ELSEWHERE:
        door = _bulk if path == _BULK else _refusal(f"the resource {path}")
        for each in (path, f"{path}/<path:rest>"):
            family = family_of(f"{path}/")
            router.route(_ANY, each, name=path, auth=path == _APEX, counted=False, family=family)(
                door
            )


_declare()
