"""Field files that are alike are parsed once, and each says what it would say alone."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

from sfmock.schema.load import alike, markup
from sfmock.schema.load.definitions import FieldDefinition
from sfmock.schema.load.files import files_of, find_folders
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import Notes

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">\n'
_TEXT = "<length>40</length><required>false</required><type>Text</type>"
_VALUES = (
    "<type>Picklist</type><valueSet><valueSetDefinition><value><fullName>{0}</fullName><label>{0}</label></value>"
    "<value><fullName>b</fullName><label>B</label></value></valueSetDefinition></valueSet>"
)


def _file(name: str, label: str, rest: str, between: str = "", head: str = _HEAD) -> str:
    return f"{head}<fullName>{name}</fullName>{between}<label>{label}</label>{rest}</CustomField>\n"


def _read(folder: Path, *texts: str) -> tuple[list[FieldDefinition], set[tuple[str, str, bool]]]:
    fields = folder / "objects" / "X__c" / "fields"
    fields.mkdir(parents=True)
    for number, text in enumerate(texts):
        (fields / f"F{number}.field-meta.xml").write_text(text)
    notes = Notes()
    found = read_definitions([files_of(find_folders(folder, notes))], notes)
    left_out = {(each.element, each.reason, each.behaviour) for each in notes.all()}
    return [each for one in found.objects for each in one.fields], left_out


def test_fields_that_are_alike_are_parsed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed = list[bytes]()
    parse = markup.parse

    def counted(data: bytes) -> Element:
        parsed.append(data)
        return parse(data)

    monkeypatch.setattr(markup, "parse", counted)
    texts = [_file(f"F{each}__c", f"Field {each}", _TEXT) for each in range(9)]
    texts += [_file(f"P{each}__c", "Choice", _VALUES.format("a")) for each in range(9)]

    found, left_out = _read(tmp_path, *texts)

    assert len(parsed) == 2
    assert left_out == set()
    told = sorted((each.name, each.properties["label"], each.type) for each in found)
    assert told == sorted(
        [(f"F{each}__c", f"Field {each}", "string") for each in range(9)]
        + [(f"P{each}__c", "Choice", "picklist") for each in range(9)]
    )


@pytest.mark.parametrize(
    "text",
    [
        _file("B__c", "Other", _TEXT),
        _file("B__c", "Other", _TEXT.replace("40", "41")),
        _file("B__c", " Other ", _TEXT),
        _file("B__c", "A &amp; B", _TEXT),
        _file("B__c", "<![CDATA[A < B]]>", _TEXT),
        _file("B__c", "Größe", _TEXT),
        _file("B__c", "a]]>b", _TEXT),
        _file("B__c", "", _TEXT),
        _file(" B__c ", "Other", _TEXT),
        _file("B", "Other", _TEXT),
        _file("Größe__c", "Other", _TEXT),
        _file("B__c", "Other", f"<!-- <label>No</label> -->{_TEXT}"),
        _file("B__c", "Other", f"{_TEXT}<label>Last</label>"),
        _file("B__c", "Other", f"{_TEXT}<fullName>C__c</fullName>"),
        _file("B__c", "Other", f"{_TEXT}<description>Why</description>"),
        _file("B__c", "Other", f"{_TEXT}<fancy>true</fancy>"),
        _file("B__c", "Other", _TEXT, between="<externalId>true</externalId>"),
        _file("B__c", "Other", _TEXT, between="<a><fullName>C__c</fullName></a>"),
        _file("B__c", "Other", _TEXT, head=f"{_HEAD}<externalId>true</externalId>"),
        _file("B__c", "Other", _TEXT, head=_HEAD.replace("UTF-8", "UTF-16")),
        _file("B__c", "Other", _TEXT, head=_HEAD.replace("CustomField", "Custom")),
        _file("B__c", "Other", _VALUES.format("a")),
        _file("B__c", "Other", _VALUES.format("c")),
        _file("B__c", "Other", "<type>Hierarchy</type>"),
        _file("B__c", "Other", "<type>Nothing</type>"),
        _file("B__c", "Other", "<type>Text</type"),
    ],
)
def test_each_field_says_what_it_says_alone(tmp_path: Path, text: str) -> None:
    others = [_file("A__c", "One", _TEXT), _file("P__c", "One", _VALUES.format("a"))]

    together, left_out = _read(tmp_path / "all", *others, text, text)
    alone, left_out_alone = _read(tmp_path / "one", text)

    assert [(each.name, each.type, each.properties) for each in together[2:]] == 2 * [
        (each.name, each.type, each.properties) for each in alone
    ]
    assert left_out == left_out_alone


def test_a_hierarchy_belongs_to_its_object() -> None:
    text = _file("A__c", "Boss", "<type>Hierarchy</type>")

    assert alike.words_of(text.encode()) is None
