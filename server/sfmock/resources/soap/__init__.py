"""The SOAP APIs `/services/Soap/u` and `/c`, operation by operation (soap-apis.md 1 and 2)."""
