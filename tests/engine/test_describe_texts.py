"""Describes as text: fields that share most of it are written as if each were written alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sfmock.org.describe_shapes import describe, describe_field
from sfmock.org.describe_texts import describe_text
from sfmock.org.org import Org
from sfmock.org.packs import find_pack
from sfmock.schema import package
from sfmock.schema.catalogue import Catalogue
from sfmock.schema.model import Field, SObject
from sfmock.schema.package import Package
from sfmock.versions import Version

_HOST = "https://example.com"
_TEXTS = (
    "",
    '"',
    "\\",
    "\ue000",
    '"\ue000"',
    'x"\ue000',
    "\0\x1f\x7f",
    "Größe 😀",
    "\u2028</script>",
)


def _told(sobject: SObject, version: Version, org: Org) -> str:
    """The describe as `json` writes it in one go."""
    whole = describe(sobject, org.catalogue, version, _HOST)
    whole["fields"] = [describe_field(each, version) for each in sobject.fields]
    return json.dumps(dict(sorted(whole.items())), separators=(",", ":"), ensure_ascii=False)


@pytest.mark.parametrize("number", [20, 60])
def test_every_shipped_sobject_is_described_as_if_each_field_were_written_alone(
    org: Org, number: int
) -> None:
    version = Version(number)
    for sobject in org.catalogue:
        told = describe_text(sobject, org.catalogue, version, _HOST)
        assert told == _told(sobject, version, org), sobject.name


def test_words_of_any_kind_are_described(org: Org) -> None:
    sample = org.schema["Account"].by_name["industry"]
    fields: list[Field] = []
    for each in _TEXTS:
        fields += [replace(sample, label=each), replace(sample, relationship_name=each)]
        fields += [replace(sample, inline_help_text=each), replace(sample, default=each)]
    fields += [replace(sample, type="boolean", default=each) for each in (False, 0, True, 1, None)]
    version = Version(60)

    for chosen in (fields, fields[:1], []):
        sobject = SObject("X__c", "X", "Xs", None, tuple(chosen))
        told = describe_text(sobject, org.catalogue, version, _HOST)
        assert told == _told(sobject, version, org)


def test_a_describe_parses_no_sobject_that_it_only_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent may have children by the hundred."""
    catalogue = Catalogue(Package(find_pack("developer").package.data))
    account = catalogue.find("Account")
    assert account is not None

    def fail(line: object) -> SObject:
        raise AssertionError(line)

    monkeypatch.setattr(package, "read_sobject", fail)
    told = json.loads(describe_text(account, catalogue, Version(60), _HOST))

    assert {each["childSObject"] for each in told["childRelationships"]} > {"Contact", "Account"}
