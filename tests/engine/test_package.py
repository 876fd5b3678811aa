"""The package file of the standard schema: it reads and writes back byte for byte, and each sobject is whole."""

from __future__ import annotations

import json

import pytest

import sfmock_orgs
from sfmock.schema.package import open_package, write_package

FILE = sfmock_orgs.developer.parent / "standard.jsonl"
PACKAGE = open_package(FILE)


def test_the_file_is_what_writing_its_sobjects_gives() -> None:
    index = json.loads(FILE.read_bytes().partition(b"\n")[0])
    objects = [found for name in PACKAGE.names if (found := PACKAGE.find(name)) is not None]
    assert len(objects) == 10
    assert write_package(objects, index["absent"]) == FILE.read_bytes()


def test_an_absent_sobject_is_known_by_its_spelling_and_an_invented_one_is_not() -> None:
    assert PACKAGE.absent("campaign") == "Campaign"
    assert PACKAGE.absent("Account") is None
    assert PACKAGE.absent("Nope__c") is None


@pytest.mark.parametrize("name", PACKAGE.names)
def test_every_sobject_is_found_by_name_and_by_the_prefix_of_its_ids(name: str) -> None:
    sobject = PACKAGE.find(name.upper())
    assert sobject is not None
    assert sobject.key_prefix is not None
    assert PACKAGE.by_prefix(sobject.key_prefix) == name
    assert sobject.fields[0].name == "Id"
    assert len(sobject.by_name) == len(sobject.fields)
    assert all(field.reference_to for field in sobject.fields if field.type == "reference")
