"""A schema of 300 custom objects of 100 fields: loaded for the first time and from the cache, in each form of source."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import fromstring

from measure import side_by_side, timed

from sfmock import Org
from sfmock.cli.importing import into_pack
from sfmock.schema.load.cache import VARIABLE
from sfmock.versions import Version

OBJECTS, FIELDS = 300, 100
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://soap.sforce.com/2006/04/metadata"'
_OBJECT = (
    "<deploymentStatus>Deployed</deploymentStatus><label>Thing {number}</label><nameField><label>Thing Name</label>"
    "<type>Text</type></nameField><pluralLabel>Things {number}</pluralLabel><sharingModel>ReadWrite</sharingModel>"
)
_VALUES = "".join(
    f"<value><fullName>v{each}</fullName><default>false</default><label>Value {each}</label></value>"
    for each in range(8)
)
_PLAIN = "<externalId>false</externalId>{}<required>false</required><unique>false</unique>"
_KINDS = (
    _PLAIN.format("<length>40</length><type>Text</type>"),
    _PLAIN.format("<precision>18</precision><scale>2</scale><type>Number</type>"),
    "<required>false</required><type>Date</type>",
    "<defaultValue>false</defaultValue><type>Checkbox</type>",
    "<required>false</required><type>Picklist</type><valueSet><restricted>true</restricted>"
    f"<valueSetDefinition><sorted>false</sorted>{_VALUES}</valueSetDefinition></valueSet>",
    "<length>32768</length><type>LongTextArea</type><visibleLines>3</visibleLines>",
    "<precision>18</precision><required>false</required><scale>2</scale><type>Currency</type>",
    "<required>false</required><type>DateTime</type>",
    _PLAIN.format("<type>Email</type>"),
    "<deleteConstraint>SetNull</deleteConstraint><referenceTo>{target}</referenceTo>"
    "<relationshipName>{ends}</relationshipName><required>false</required><type>Lookup</type>",
)


def _field(number: int, index: int) -> str:
    """One field of ten kinds; every tenth is a lookup to an account or to another of the objects."""
    target = "Account" if index % 3 else f"Thing_{(number + index) % OBJECTS}__c"
    kind = _KINDS[index % 10].format(target=target, ends=f"Ends_{number}_{index}")
    text = f"<fullName>Field_{index}__c</fullName><label>Field {index}</label>{kind}"
    return text.replace("><", ">\n        <")


def _document(tag: str, inside: str) -> str:
    return f"{_HEAD}<{tag} {_NAMESPACE}>\n        {inside}\n</{tag}>\n"


def write_sfdx(folder: Path) -> None:
    """A file an object and a file a field."""
    for number in range(OBJECTS):
        name = f"Thing_{number}__c"
        fields = folder / "objects" / name / "fields"
        fields.mkdir(parents=True)
        body = _document("CustomObject", _OBJECT.format(number=number))
        (fields.parent / f"{name}.object-meta.xml").write_text(body)
        for index in range(FIELDS):
            body = _document("CustomField", _field(number, index))
            (fields / f"Field_{index}__c.field-meta.xml").write_text(body)


def write_mdapi(folder: Path) -> None:
    """A file an object, with everything inside."""
    (folder / "objects").mkdir()
    for number in range(OBJECTS):
        inside = (f"<fields>{_field(number, index)}</fields>" for index in range(FIELDS))
        body = _document("CustomObject", "".join(inside) + _OBJECT.format(number=number))
        (folder / "objects" / f"Thing_{number}__c.object").write_text(body)


def write_describes(folder: Path, source: Path) -> None:
    """A describe an object: as this fake describes what another source says."""
    with Org.new("bare") as org:
        org.schema.load(source, strict=False)
        for number in range(OBJECTS):
            name = f"Thing_{number}__c"
            text = org.describes.one(name, Version(60), "https://example.com").text
            (folder / f"{name}.json").write_text(text)


def _age(folder: Path) -> None:
    """Files that are seconds old are not kept in the cache: make them a minute older."""
    for path in folder.rglob("*"):
        about = path.stat()
        os.utime(path, (about.st_atime - 60, about.st_mtime - 60))


def _load(source: Path, cache: Path | None) -> float:
    os.environ[VARIABLE] = "" if cache is None else str(cache)
    with Org.new("bare") as org:
        return timed(lambda: org.schema.load(source, strict=False))


def _parse(source: Path) -> float:
    """What reading and parsing the files alone takes, in the standard library's hands."""

    def work() -> None:
        for path in source.rglob("*"):
            if path.suffix == ".json":
                json.loads(path.read_bytes())
            elif path.is_file():
                fromstring(path.read_bytes())

    return timed(work)


def _read_one(org: Org) -> None:
    org.schema["Thing_7__c"].find("Field_3__c")


def _open(pack: Path | str, use: Callable[[Org], object]) -> float:
    def work() -> None:
        with Org.new(pack) as org:
            use(org)

    return timed(work)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for form in ("sfdx", "mdapi", "describes", "cache"):
            (root / form).mkdir()
        write_sfdx(root / "sfdx")
        write_mdapi(root / "mdapi")
        write_describes(root / "describes", root / "mdapi")
        for form in ("mdapi", "describes", "sfdx"):
            source = root / form
            _age(source)
            files = sum(path.is_file() for path in source.rglob("*"))
            print(f"{OBJECTS} objects of {FIELDS} fields as {form}: {files} files")
            side_by_side(
                "load, nothing kept",
                ("org.schema.load()", lambda source=source: _load(source, None)),
                ("reading and parsing the files", lambda source=source: _parse(source)),
            )
            side_by_side(
                "load from the cache",
                ("org.schema.load()", lambda source=source: _load(source, root / "cache")),
                ("reading and parsing the files", lambda source=source: _parse(source)),
            )
        into_pack([root / "mdapi"], root / "pack", "bare", strict=False)
        side_by_side(
            "an org of the imported pack, one of its objects asked for",
            ('Org.new("pack")', lambda: _open(root / "pack", _read_one)),
            ('Org.new("bare")', lambda: _open("bare", lambda org: None)),
        )


if __name__ == "__main__":
    main()
