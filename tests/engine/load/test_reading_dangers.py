"""Files that are broken, hostile or too large: each is named, and none is expanded, fetched or followed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sfmock.schema.load import markup
from sfmock.schema.load.files import files_of, find_folders
from sfmock.schema.load.read import read_definitions
from sfmock.schema.load.report import LeftOut, Notes

_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><CustomObject><label>&c;</label></CustomObject>'
)
_FETCH = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    "<CustomObject><label>&secret;</label></CustomObject>"
)
_TYPE = "it has a document type (DTD), which is not read"


def left_out(folder: Path) -> list[LeftOut]:
    notes = Notes()
    found = read_definitions([files_of(find_folders(folder, notes))], notes)
    assert (found.objects, found.described) == ((), ())
    return list(notes.all())


ATTACKS = [
    ("billion laughs", _BOMB.encode(), _TYPE),
    ("external entity", _FETCH.encode(), _TYPE),
    ("external subset", b'<!DOCTYPE x SYSTEM "http://example.com/x.dtd"><CustomObject/>', _TYPE),
    ("utf-16 hides a document type", _BOMB.encode("utf-16"), "it is not written in UTF-8"),
    ("utf-16 without a mark", _BOMB.encode("utf-16-le"), "it is not written in UTF-8"),
    (
        "another encoding hides a document type",
        b'<?xml version="1.0"' + b" " * 200 + b'encoding="cp037"?><CustomObject/>',
        "it is not written in UTF-8",
    ),
    (
        "an entity without a document type",
        b"<CustomObject><label>&secret;</label></CustomObject>",
        "it is not well-formed XML: undefined entity",
    ),
    (
        "deep nesting",
        b"<CustomObject>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</CustomObject>",
        "its elements stand more than 16 deep in one another",
    ),
    ("no XML", b"\x00\x01\x02", "it is not written in UTF-8"),
    ("empty", b"", "it is not well-formed XML: no element found: line 1, column 0"),
    (
        "cut off",
        b"<CustomObject><label>X",
        "it is not well-formed XML: no element found: line 1, column 22",
    ),
    (
        "bad bytes",
        b"<CustomObject><label>\xff</label></CustomObject>",
        "it is not well-formed XML: not well-formed (invalid token): line 1, column 21",
    ),
    (
        "another root",
        b"<html/>",
        "its root is <html>, not <CustomObject> of Salesforce's metadata",
    ),
    (
        "another namespace",
        b'<CustomObject xmlns="urn:other"/>',
        "its root is <{urn:other}CustomObject>, not <CustomObject> of Salesforce's metadata",
    ),
]


@pytest.mark.parametrize(("content", "reason"), [row[1:] for row in ATTACKS], ids=[row[0] for row in ATTACKS])  # fmt: skip
def test_hostile_and_broken_xml_is_named_and_not_read(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    (tmp_path / "X__c.object").write_bytes(content)

    [found] = left_out(tmp_path)
    assert (found.file, found.element, found.behaviour) == ("X__c.object", "the file", True)
    assert found.reason.startswith(reason)


def test_a_byte_order_mark_and_another_prefix_do_no_harm() -> None:
    root = markup.parse(b'\xef\xbb\xbf<?xml version="1.0" encoding="utf-8"?><A><b> x </b></A>')

    assert (root.tag, markup.text(root, "b"), markup.text(root, "c")) == ("A", "x", None)


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "X__c.object").touch()
    os.truncate(tmp_path / "X__c.object", markup.MAX_BYTES + 1)

    assert left_out(tmp_path) == [LeftOut("X__c.object", "the file", "it is larger than 64 MiB")]


def test_a_linked_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)

    assert left_out(tmp_path) == [
        LeftOut("loop", "a symbolic link", "links to folders are not followed")
    ]


BROKEN = [
    ("not JSON", "{", "the file", "it is not JSON: Expecting property name enclosed in double quotes"),
    ("deep", "[" * 100_000, "the file", "it is not JSON: maximum recursion depth exceeded"),
    ("a number", "1", "value 1", "it is no describe result: it: Input should be an object"),
    ("no describe", '{"a": 1}', "value 1", "it is no describe result: name: Field required"),
    ("a row of a global describe", '{"name": "Account"}', "Account", "a row of a global describe: it has no fields"),
    ("a wrong kind", '{"name": "X__c", "fields": [{"name": "A", "type": "string", "length": "40"}]}', "X__c", "it is no describe result: fields.0.length: Input should be a valid integer"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "element", "reason"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])  # fmt: skip
def test_broken_json_is_named(tmp_path: Path, text: str, element: str, reason: str) -> None:
    (tmp_path / "x.json").write_text(text)

    [found] = left_out(tmp_path)
    assert (found.file, found.element, found.behaviour) == ("x.json", element, True)
    assert found.reason.startswith(reason)


def test_one_bad_describe_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"name": "A__c", "fields": []}, {"name": "B__c", "fields": 1}]')  # fmt: skip
    notes = Notes()

    found = read_definitions([files_of(find_folders(tmp_path, notes))], notes)

    assert [each.name for each in found.described] == ["A__c"]
    assert [(each.element, each.behaviour) for each in notes.all()] == [("B__c", True)]


def test_a_source_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere: there is no such file or folder"):
        files_of(find_folders(tmp_path / "nowhere", Notes()))


@pytest.mark.parametrize("text", ["{", "[]", '{"packageDirectories": [{}]}'])
def test_a_project_file_that_names_no_folders_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "sfdx-project.json").write_text(text)

    with pytest.raises(ValueError, match=r"sfdx-project\.json names no packageDirectories"):
        files_of(find_folders(tmp_path, Notes()))


def test_folders_outside_of_a_project_are_not_read(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "src").mkdir(parents=True)
    (project / "src" / "A__c.object").touch()
    (tmp_path / "other.json").touch()
    (project / "sfdx-project.json").write_text(
        '{"packageDirectories": [{"path": ".."}, {"path": "src"}, {"path": "src"}]}'
    )

    assert [each.name for each in files_of(find_folders(project, Notes()))] == ["src/A__c.object"]
