"""`/services/data` and `/services/data/vXX.X`: which versions there are, and what a version offers (rest.md 1.4)."""

from __future__ import annotations

from sfmock import versions
from sfmock.routing import Call, Router
from sfmock.wire import Reply

router = Router()

RESOURCES = (
    "tooling", "metadata", "eclair", "folders", "prechatForms", "contact-tracing", "jsonxform", "chatter", "payments",
    "tabs", "appMenu", "quickActions", "queryAll", "commerce", "wave", "iot", "analytics", "search",
    "smartdatadiscovery", "identity", "composite", "parameterizedSearch", "fingerprint", "theme", "nouns", "domino",
    "event", "serviceTemplates", "recent", "connect", "licensing", "limits", "process", "dedupe", "async-queries",
    "query", "jobs", "localizedvalue", "mobile", "emailConnect", "consent", "tokenizer", "compactLayouts", "async",
    "sobjects", "actions", "support",
)  # fmt: skip
"""The keys of a Developer Edition org's version resource. Those that the fake lacks are listed too and refused."""


@router.route("GET", "/services/data", name="versions", auth=False, counted=False)
def list_versions(call: Call) -> Reply:
    """All live versions, oldest first; needs no session and is not counted."""
    return Reply(
        body=[
            {"label": each.label, "url": each.root, "version": str(each)}
            for each in versions.live()
        ]
    )


@router.route("GET", "/services/data/<version>", name="version")
def list_resources(call: Call) -> Reply:
    """The resources of a version, name to path; `identity` alone is a whole URL."""
    root = call.api_version.root
    org = call.org
    body = {name: f"{root}/{name}" for name in RESOURCES}
    body["identity"] = f"https://login.salesforce.com/id/{org.id}/{call.user_id}"
    return Reply(body=dict(body))
