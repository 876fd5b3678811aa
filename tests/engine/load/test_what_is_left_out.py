"""Each thing that metadata files say and the fake does not take is named, with the file and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from sfmock.org.org import Org

THING = "<label>Thing</label><nameField><label>Name</label><type>Text</type></nameField>"
_ROOTS = {
    "object": "CustomObject",
    "field": "CustomField",
    "recordType": "RecordType",
    "businessProcess": "BusinessProcess",
    "validationRule": "ValidationRule",
    "globalValueSet": "GlobalValueSet",
    "standardValueSet": "StandardValueSet",
    "md": "CustomMetadata",
    "index": "Index",
    "sharingReason": "SharingReason",
}

Files = dict[str, str]


def field(name: str, type_: str, inside: str = "") -> str:
    return f"<fullName>{name}</fullName><label>{name}</label><type>{type_}</type>{inside}"


def values(*names: str, inside: str = "") -> str:
    found = "".join(f"<value><fullName>{each}</fullName>{inside}</value>" for each in names)
    return f"<valueSet><valueSetDefinition>{found}</valueSetDefinition></valueSet>"


def lookup(name: str, target: str, ends: str) -> str:
    inside = f"<referenceTo>{target}</referenceTo><relationshipName>{ends}</relationshipName>"
    return field(name, "Lookup", inside)


def write(folder: Path, files: Files) -> Path:
    for name, inside in files.items():
        path = folder / f"{name}-meta.xml"
        path.parent.mkdir(parents=True, exist_ok=True)
        root = _ROOTS[name.rpartition(".")[2]]
        path.write_text(
            f'<{root} xmlns="http://soap.sforce.com/2006/04/metadata">{inside}</{root}>'
        )
    return folder


def fields(**found: str) -> Files:
    """`Thing__c` and its fields."""
    files = {"objects/Thing__c/Thing__c.object": THING}
    return files | {f"objects/Thing__c/fields/{name}.field": text for name, text in found.items()}


CASES: list[tuple[str, Files, list[str]]] = [
    (
        "a standard object that is not shipped",
        {"objects/Novelty/fields/A__c.field": field("A__c", "Date")},
        ["objects/Novelty/fields/A__c.field-meta.xml: Novelty: the fake's schema has no such object"],
    ),
    (
        "a custom object that is defined elsewhere",
        {"objects/Thing__c/fields/A__c.field": field("A__c", "Date")},
        ["objects/Thing__c/fields/A__c.field-meta.xml: Thing__c: the object itself is not in the sources"],
    ),
    ("a big object", {"objects/Log__b/Log__b.object": THING}, ["objects/Log__b/Log__b.object-meta.xml: Log__b: big objects: Log__b"]),
    (
        "a name that is none",
        {"objects/1st__c/1st__c.object": THING},
        ["objects/1st__c/1st__c.object-meta.xml: 1st__c: '1st__c' is no name of a custom object"],
    ),
    (
        "a setting of an object that is not known",
        {"objects/Thing__c/Thing__c.object": f"{THING}<enableDivisions>true</enableDivisions><novelty>1</novelty>"},
        [
            "objects/Thing__c/Thing__c.object-meta.xml: Thing__c: enableDivisions: divisions are not faked",
            "objects/Thing__c/Thing__c.object-meta.xml: Thing__c: novelty: not known to this version of the fake",
        ],
    ),
    (
        "a standard field that is not shipped",
        {"objects/Account/fields/Novel.field": "<fullName>Novel</fullName><trackHistory>true</trackHistory>"},
        ["objects/Account/fields/Novel.field-meta.xml: Account.Novel: the fake's schema has no such field"],
    ),
    (
        "a property that is out of bounds",
        fields(A__c=field("A__c", "Text", "<length>300</length>")),
        ["objects/Thing__c/fields/A__c.field-meta.xml: Thing__c.A__c: A__c (string): length is 1 to 255, not 300"],
    ),
    (
        "a lookup to an object that is nowhere",
        fields(Gone__c=lookup("Gone__c", "Gone__c", "Things")),
        ["objects/Thing__c/fields/Gone__c.field-meta.xml: Thing__c.Gone__c: Gone__c is not in the sources: its records are refused"],
    ),
    (
        "two lookups of one object that end in the same name",
        fields(A__c=lookup("A__c", "Account", "Things"), B__c=lookup("B__c", "Account", "Things")),
        ["objects/Thing__c/fields/B__c.field-meta.xml: Thing__c.B__c: Account has a child relationship Things__r already"],
    ),
    (
        "lookups of two objects that end in the same name",
        fields(A__c=lookup("A__c", "Account", "Things"))
        | {"objects/Zoo__c/Zoo__c.object": THING, "objects/Zoo__c/fields/B__c.field": lookup("B__c", "Account", "Things")},
        ["objects/Zoo__c/Zoo__c.object-meta.xml: Zoo__c.B__c: Account has a child relationship Things__r already"],
    ),
    (
        "picklists that control each other",
        fields(
            A__c=field("A__c", "Picklist", values("x").replace("<valueSet>", "<valueSet><controllingField>B__c</controllingField>")),
            B__c=field("B__c", "Picklist", values("x").replace("<valueSet>", "<valueSet><controllingField>A__c</controllingField>")),
        ),
        [
            "objects/Thing__c/fields/A__c.field-meta.xml: Thing__c.A__c: A__c (picklist): controller names a picklist or checkbox of Thing__c, not 'B__c'",
            "objects/Thing__c/fields/B__c.field-meta.xml: Thing__c.B__c: B__c (picklist): controller names a picklist or checkbox of Thing__c, not 'A__c'",
        ],
    ),
    (
        "a picklist of a global value set that is nowhere",
        fields(A__c=field("A__c", "Picklist", "<valueSet><valueSetName>Countries</valueSetName></valueSet>")),
        ["objects/Thing__c/fields/A__c.field-meta.xml: Thing__c.A__c: the global value set Countries is not in the sources"],
    ),
    (
        "a picklist value without a name, and one with something new",
        fields(A__c=field("A__c", "Picklist", values("x", inside="<novelty>1</novelty>").replace("</valueSetDefinition>", "<value/></valueSetDefinition>"))),
        [
            "objects/Thing__c/fields/A__c.field-meta.xml: value: novelty: not known to this version of the fake",
            "objects/Thing__c/fields/A__c.field-meta.xml: value: a picklist value without fullName",
        ],
    ),
    (
        "a roll-up summary of what is no detail",
        fields(A__c=field("A__c", "Summary", "<summaryForeignKey>Line__c.Thing__c</summaryForeignKey><summaryOperation>count</summaryOperation>")),
        ["objects/Thing__c/fields/A__c.field-meta.xml: Thing__c.A__c: A__c (summary): foreign_key is a field of the detail"],
    ),
    (
        "a field that platform events do not have",
        {"objects/Low__e/Low__e.object": "<label>Low</label>", "objects/Low__e/fields/A__c.field": field("A__c", "Picklist", values("x"))},
        ["objects/Low__e/fields/A__c.field-meta.xml: Low__e.A__c: Low__e.A__c: fields of platform events are boolean, date"],
    ),
    (
        "history of a field that is part of an address, and of an object without history",
        {
            "objects/Account/fields/BillingCity.field": "<fullName>BillingCity</fullName><trackHistory>true</trackHistory>",
            "objects/Profile/fields/Name.field": "<fullName>Name</fullName><trackHistory>true</trackHistory>",
        },
        [
            "objects/Account/fields/BillingCity.field-meta.xml: Account.BillingCity: trackHistory: the history of Account.BillingCity",
            "objects/Profile/fields/Name.field-meta.xml: Profile: trackHistory: field history of Profile",
        ],
    ),
    (
        "a formula as the default of a standard field",
        {"objects/Account/fields/Site.field": "<fullName>Site</fullName><defaultValue>NOW()</defaultValue><label>Place</label>"},
        [],
    ),
    (
        "a record type without a name, with a process that is nowhere, with picklists that are not there",
        {
            "objects/Opportunity/recordTypes/A.recordType": "<label>A</label>",
            "objects/Opportunity/recordTypes/B.recordType": "<fullName>B</fullName><active>true</active><businessProcess>Big</businessProcess>"
            "<picklistValues><picklist>Novel</picklist><values><fullName>x</fullName></values></picklistValues><novelty>1</novelty>",
        },
        [
            "objects/Opportunity/recordTypes/A.recordType-meta.xml: Opportunity: RecordType: a record type without fullName",
            "objects/Opportunity/recordTypes/B.recordType-meta.xml: RecordType Opportunity.B: novelty: not known to this version of the fake",
            "objects/Opportunity/recordTypes/B.recordType-meta.xml: RecordType Opportunity.B: the business process Big is not in the sources",
            "objects/Opportunity/recordTypes/B.recordType-meta.xml: RecordType Opportunity.B: Opportunity has no picklist Novel",
        ],
    ),
    (
        "parts that are not read",
        {"objects/Thing__c/Thing__c.object": THING, "objects/Thing__c/indexes/A.index": "", "objects/Thing__c/sharingReasons/B.sharingReason": ""},
        [
            "objects/Thing__c/indexes/A.index-meta.xml: index A: big objects are not read",
            "objects/Thing__c/sharingReasons/B.sharingReason-meta.xml: sharingReason B: sharing is not faked",
        ],
    ),
    (
        "records of custom metadata types",
        {
            "objects/Rate__mdt/Rate__mdt.object": "<label>Rate</label>",
            "objects/Rate__mdt/fields/Percent__c.field": field("Percent__c", "Number"),
            "customMetadata/Rate.One.md": "<label>One</label><protected>true</protected><values><field>Novel__c</field><value>1</value></values>"
            "<values><field>Percent__c</field><value/></values><values/>",
            "customMetadata/Gone.Two.md": "<label>Two</label>",
        },
        [
            "customMetadata/Gone.Two.md-meta.xml: Gone__mdt.Two: Gone__mdt is not in the sources",
            "customMetadata/Rate.One.md-meta.xml: Rate__mdt.One: Novel__c: no such field",
        ],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("files", "left_out"), [row[1:] for row in CASES], ids=[row[0] for row in CASES]
)
def test_what_is_not_taken_is_named(
    org: Org, tmp_path: Path, files: Files, left_out: list[str]
) -> None:
    report = org.schema.load(write(tmp_path, files), strict=False)

    found = [str(each) for each in report.behaviour]
    assert len(found) == len(left_out), found
    assert all(one.startswith(two) for one, two in zip(found, left_out, strict=True)), found


def test_a_lookup_to_an_object_that_is_nowhere_is_there_and_refused(
    org: Org, tmp_path: Path
) -> None:
    org.schema.load(
        write(tmp_path, fields(Gone__c=lookup("Gone__c", "Gone__c", "Things"))), strict=False
    )

    assert org.schema["Thing__c"].by_name["gone__c"].reference_to == ("Gone__c",)
    assert "Gone__c" not in org.schema
    assert org.catalogue.absent("gone__c") == "Gone__c"


def test_of_a_standard_field_labels_and_help_and_values_are_changed(
    org: Org, tmp_path: Path
) -> None:
    files = {
        "objects/Account/fields/Rating.field": "<fullName>Rating</fullName><label>Stars</label><type>Picklist</type>"
        + values("one", "two", inside="<default>false</default>").replace("<valueSet>", "<valueSet><restricted>true</restricted>"),
        "objects/Account/fields/Site.field": "<fullName>Site</fullName><required>true</required><inlineHelpText>Where.</inlineHelpText>",
    }  # fmt: skip

    report = org.schema.load(write(tmp_path, files))

    account = org.schema["Account"]
    rating, site = account.by_name["rating"], account.by_name["site"]
    assert report.fields == ("Account.Rating", "Account.Site")
    assert ([each.value for each in rating.picklist], rating.restricted_picklist, rating.label) == (["one", "two"], True, "Stars")  # fmt: skip
    assert (site.nillable, site.inline_help_text) == (False, "Where.")


def test_an_auto_number_without_a_format_is_a_plain_number(org: Org, tmp_path: Path) -> None:
    text = THING.replace(
        "<type>Text</type>", "<type>AutoNumber</type><trackHistory>true</trackHistory>"
    )
    org.schema.load(write(tmp_path, {"objects/Thing__c/Thing__c.object": text}), strict=False)

    assert org.insert("Thing__c", {})["Name"] == "1"
