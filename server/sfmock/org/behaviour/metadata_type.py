"""Records of custom metadata types: what follows from their developer name (metadata.md 6.1)."""

from __future__ import annotations

from sfmock.org.dml.plan import Row


def complete(row: Row) -> None:
    """Fill in label, language and qualified name where a loaded record does not say them."""
    name, namespace = str(row["DeveloperName"]), row.get("NamespacePrefix")
    row.setdefault("MasterLabel", row.get("Label") or name.replace("_", " "))
    row.setdefault("Label", row["MasterLabel"])
    row.setdefault("Language", "en_US")
    row.setdefault("QualifiedApiName", f"{namespace}__{name}" if namespace else name)
