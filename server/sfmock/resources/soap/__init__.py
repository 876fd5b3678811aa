"""The SOAP APIs `/services/Soap/u` and `/c` (soap-apis.md 1 and 2)."""

from sfmock.resources.soap.doors import router as router
