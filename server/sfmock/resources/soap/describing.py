"""What there is: `describeGlobal`, `describeSObject`, `describeSObjects` (soap-apis.md 2.2)."""

from __future__ import annotations

import json

from sfmock import errors
from sfmock.represent.soap_describes import described, summary
from sfmock.represent.xml import Content
from sfmock.resources.soap.asking import Asked, Operations
from sfmock.wire import Reply, mapping

OPERATIONS = Operations()

_MOST = 100


@OPERATIONS.operation("describeGlobal")
def describe_global(asked: Asked) -> Reply:
    """All sobjects of the org."""
    document = mapping(json.loads(asked.org.describes.everything(asked.version).text))
    return asked.answer(summary(document))


@OPERATIONS.operation("describeSObject")
def describe_sobject(asked: Asked) -> Reply:
    """One sobject with its fields."""
    return asked.answer(_described(asked, asked.text("sObjectType")))


@OPERATIONS.operation("describeSObjects")
def describe_sobjects(asked: Asked) -> Reply:
    """Several sobjects with their fields."""
    names = asked.operation.arguments("sObjectType")
    if len(names) > _MOST:
        raise errors.refuse("the fault for more than 100 sobjects (EXCEEDED_MAX_TYPES_LIMIT)")
    return asked.answer([_described(asked, each.strip()) for each in names])


def _described(asked: Asked, name: str) -> Content:
    sobject, host = asked.sobject(name), asked.call.request.authority
    return described(
        mapping(json.loads(asked.org.describes.one(sobject.name, asked.version, host).text))
    )
