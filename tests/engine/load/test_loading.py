"""`org.schema.load`: what comes into the org, what is told of the rest, and that nothing half-done stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from calling import Caller
from sfmock.control.baseline import Baseline
from sfmock.errors import Refused, SalesforceError
from sfmock.org.org import Org
from sfmock.schema.load.report import LeftOut, LeftOutError
from sfmock.versions import Version

OVERDUE = "Invoice__c.Overdue__c"


@pytest.fixture
def loaded(org: Org, project: Path) -> Org:
    org.schema.load(project, strict=False, formulas={OVERDUE: lambda each: each["Due__c"] is None})
    return org


def describe(name: str, *fields: dict[str, Any], **more: object) -> dict[str, Any]:
    """A describe of a few keys."""
    custom = name.endswith("__c")
    base = {"name": name, "label": name, "labelPlural": f"{name}s", "custom": custom}
    return base | {"fields": [{"name": "Id", "type": "id", "label": "ID"}, *fields]} | more


def write(folder: Path, *describes: dict[str, Any]) -> Path:
    for each in describes:
        (folder / f"{each['name']}.json").write_text(json.dumps(each))
    return folder


def test_the_report_says_what_was_read_and_what_was_not(org: Org, project: Path) -> None:
    report = org.schema.load(project, strict=False)

    assert repr(report) == (
        "<LoadReport: read 8 sobjects, 40 fields, 3 record types, 2 value sets, 1 record; left out 40>"
    )
    assert report.objects == (
        "Account", "Invoice__c", "Line__c", "Low_Ink__e", "Opportunity", "Rate__mdt", "Region_Settings__c", "Lead",
    )  # fmt: skip
    assert report.record_types == (
        "Account.Person_Like",
        "Invoice__c.Service",
        "Opportunity.Renewal",
    )
    assert (report.value_sets, report.records) == (("Country", "Industry"), ("Rate__mdt.Standard",))
    assert {"Invoice__c.Place__Latitude__s", "Line__c.Price__c", "Account.Industry"} <= {
        *report.fields
    }
    lines = str(report).splitlines()
    assert (
        lines[0]
        == "Read 8 sobjects, 40 fields, 3 record types, 2 value sets, 1 record; left out 40."
    )
    assert lines[1] == "Left out, and the fake differs from the org in it:"
    assert "Left out, without effect on what is served:" in lines
    assert len(lines) == 3 + len(report.left_out)


def test_a_strict_load_names_what_is_left_out_and_loads_nothing(org: Org, project: Path) -> None:
    before = org.digest()

    with pytest.raises(LeftOutError) as caught:
        org.schema.load(project)

    text = str(caught.value)
    assert (
        "9 of its parts are not read, and your org acts on them. Nothing was loaded; strict=False loads the rest."
        in text
    )
    assert "ApexTrigger InvoiceTrigger: it is not run" in text
    assert f"{OVERDUE}: formula: formulas are not evaluated" in text
    assert len(caught.value.report.behaviour) == 9
    assert "Invoice__c" not in org.schema
    assert org.digest() == before


def test_a_strict_load_of_what_is_read_whole_passes(org: Org, tmp_path: Path) -> None:
    report = org.schema.load(write(tmp_path, describe("Thing__c")))

    assert report.behaviour == ()
    assert "Thing__c" in org.schema


def test_every_kind_of_object_is_there(loaded: Org) -> None:
    schema = loaded.schema
    invoice = schema["Invoice__c"]
    assert (invoice.label_plural, invoice.key_prefix, invoice.custom) == ("Invoices", "a00", True)
    assert [each.name for each in invoice.fields[:6]] == [
        "Id", "OwnerId", "IsDeleted", "Name", "RecordTypeId", "CreatedDate",
    ]  # fmt: skip
    assert schema["Line__c"].find("OwnerId") is None
    assert schema["Region_Settings__c"].custom_setting is True
    assert schema["Low_Ink__e"].queryable is False
    assert schema["Rate__mdt"].key_prefix == "m00"
    assert "Invoice__History" in schema


def test_rows_obey_what_was_loaded(loaded: Org) -> None:
    account = loaded.create("Account")
    invoice = loaded.insert(
        "Invoice__c", {"Account__c": account.id, "Sent__c": "2024-05-31T10:00:00Z"}
    )

    assert (invoice["Name"], invoice["Status__c"], invoice["Paid__c"]) == (
        "INV-00100",
        "draft",
        True,
    )
    assert (invoice["Quantity__c"], invoice["Region__c"]) == (3, "north")
    assert invoice["Serial__c"] == f"{loaded.clock.now:%Y}-0007"
    assert (invoice["Overdue__c"], invoice["Total__c"]) == (True, 0)
    loaded.insert("Line__c", {"Invoice__c": invoice.id, "Price__c": 5, "Kind__c": "goods"})
    loaded.insert("Line__c", {"Invoice__c": invoice.id, "Price__c": 7, "Kind__c": "work"})
    assert loaded.get(invoice.id)["Total__c"] == 5
    with pytest.raises(SalesforceError, match="because it is associated with the following"):
        loaded.delete(account.id)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "REQUIRED_FIELD_MISSING"),
        ({"Country__c": "Atlantis"}, "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"),
        ({"Ref__c": "x" * 41}, "STRING_TOO_LONG"),
        ({"Mail__c": "nobody"}, "INVALID_EMAIL_ADDRESS"),
        ({"Amount__c": 10**15}, "NUMBER_OUTSIDE_VALID_RANGE"),
        ({"Serial__c": "1"}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Total__c": 1}, "INVALID_FIELD_FOR_INSERT_UPDATE"),
        ({"Novelty__c": 1}, "INVALID_FIELD"),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_refused_as_salesforce_does(
    loaded: Org, fields: dict[str, object], code: str
) -> None:
    given = {"Sent__c": "2024-05-31T10:00:00Z", **fields}
    if fields:
        given["Account__c"] = loaded.create("Account").id

    with pytest.raises(SalesforceError) as caught:
        loaded.insert("Invoice__c", given)

    assert caught.value.code == code


def test_a_default_that_is_a_formula_is_refused_where_it_is_needed(loaded: Org) -> None:
    account = loaded.create("Account")

    with pytest.raises(Refused, match=r"the default value formula of Invoice__c\.Sent__c"):
        loaded.insert("Invoice__c", {"Account__c": account.id})
    assert loaded.create("Invoice__c")["Sent__c"] is not None


def test_record_types_and_their_values_are_there(loaded: Org) -> None:
    [service] = loaded.schema["Invoice__c"].record_types
    rows = loaded.query(
        "SELECT Id, Name, DeveloperName, SobjectType, IsActive, CreatedById, LastModifiedById FROM RecordType"
    )
    assert isinstance(rows, list)
    makers = {each[name] for each in rows for name in ("CreatedById", "LastModifiedById")}
    assert makers == {loaded.admin_id}
    assert {(each["SobjectType"], each["Name"]) for each in rows} == {
        ("Account", "Almost a person"),
        ("Invoice__c", "Service Invoice"),
        ("Opportunity", "Renewal"),
    }
    assert service.id in {each["Id"] for each in rows}
    account = loaded.create("Account")
    invoice = loaded.insert(
        "Invoice__c",
        {"Account__c": account.id, "Sent__c": "2024-05-31T10:00:00Z", "RecordTypeId": service.id},
    )
    assert invoice["Status__c"] == "sent"
    [renewal] = loaded.schema["Opportunity"].record_types
    assert [(each.field, each.values) for each in renewal.picklists] == [
        ("StageName", ("Prospecting", "Closed Won"))
    ]


def test_value_sets_fill_their_picklists(loaded: Org) -> None:
    def values(sobject: str, field: str) -> list[tuple[str, str, bool]]:
        found = loaded.schema[sobject].by_name[field.lower()].picklist
        return [(each.value, each.label, each.active) for each in found]

    assert values("Invoice__c", "Country__c") == [
        ("France", "France", True),
        ("Japan", "Japan (Nippon)", True),
    ]
    industry = [("Mining", "Mining", True), ("Rail", "Railways", False)]
    assert values("Account", "Industry") == values("Lead", "Industry") == industry


def test_records_of_custom_metadata_types_are_rows(loaded: Org) -> None:
    [rate] = loaded.query("SELECT DeveloperName, MasterLabel, Percent__c, Active__c FROM Rate__mdt")  # type: ignore[misc]  # no count

    assert dict(rate) == {"DeveloperName": "Standard", "MasterLabel": "Standard Rate", "Percent__c": 19, "Active__c": True}  # fmt: skip


def test_the_describe_tells_what_was_loaded(loaded: Org) -> None:
    call = Caller(loaded)
    found: Any = call("GET", "/sobjects/Invoice__c/describe").json
    fields = {each["name"]: each for each in found["fields"]}

    assert fields["Overdue__c"]["calculatedFormula"] == "Due__c < TODAY()"
    assert fields["Sent__c"]["defaultValueFormula"] == "NOW()"
    assert fields["City__c"]["controllerName"] == "Country__c"
    assert [each["validFor"] for each in fields["City__c"]["picklistValues"]] == [
        "gAAA",
        "QAAA",
        "AAAA",
    ]
    assert fields["Secret__c"]["mask"] == "X"
    assert [each["name"] for each in found["recordTypeInfos"]] == ["Service Invoice", "Master"]
    assert any(
        each["relationshipName"] == "Lines__r" and each["cascadeDelete"]
        for each in found["childRelationships"]
    )
    task: Any = call("GET", "/sobjects/Task/describe").json
    what = next(each for each in task["fields"] if each["name"] == "WhatId")
    assert "Invoice__c" in what["referenceTo"]


def test_a_formula_without_a_function_is_there_and_refused(org: Org, project: Path) -> None:
    org.schema.load(project, strict=False)
    invoice = org.create("Invoice__c")
    message = r"the formula of Invoice__c\.Overdue__c: no Python function computes it"

    assert "Overdue__c" not in invoice
    for read in (invoice.get, invoice.__getitem__, org.get(invoice.id).get):
        with pytest.raises(Refused, match=message):
            read("overdue__c")
    with pytest.raises(Refused, match=message):
        org.query("SELECT Overdue__c FROM Invoice__c")
    with pytest.raises(Refused, match=message):
        org.query("SELECT Id FROM Invoice__c WHERE Overdue__c = TRUE")
    call, path = Caller(org), f"/sobjects/Invoice__c/{invoice.id}"
    assert call("GET", path).status == 501
    named: Any = call("GET", f"{path}?fields=Name").json
    assert named["Name"] == invoice["Name"]
    org.schema.compute({"invoice__c.overdue__c": lambda record: record["Paid__c"]})
    assert org.get(invoice.id)["Overdue__c"] is invoice["Paid__c"]


@pytest.mark.parametrize("kind", ["restore", "baseline"])
def test_a_way_back_takes_functions_away_and_brings_former_ones_back(
    org: Org, project: Path, kind: str
) -> None:
    org.schema.load(project, strict=False)
    invoice = org.create("Invoice__c")
    for former in (None, True, False):
        if former is not None:
            org.schema.compute({"Invoice__c.Overdue__c": lambda record, former=former: former})
        snapshot = org.snapshot()
        baseline = Baseline(org)

        org.schema.compute({"Invoice__c.Overdue__c": lambda record: True})
        assert org.get(invoice.id)["Overdue__c"] is True
        if kind == "restore":
            org.restore(snapshot)
        else:
            baseline.restore()

        if former is None:
            with pytest.raises(Refused, match="no Python function computes it"):
                org.get(invoice.id)["Overdue__c"]
        else:
            assert org.get(invoice.id)["Overdue__c"] is former


def test_a_formula_that_is_no_function_is_an_error(org: Org, project: Path) -> None:
    org.schema.load(project, strict=False)
    with pytest.raises(
        TypeError, match=r"the formula of Invoice__c\.Overdue__c is a function, not 1"
    ):
        org.schema.compute({"Invoice__c.Overdue__c": 1})  # type: ignore[dict-item]


def test_a_function_for_no_formula_is_an_error_that_names_those_that_are(
    org: Org, project: Path
) -> None:
    before = org.digest()

    with pytest.raises(ValueError, match=r"no formula was loaded for Invoice__c\.Due__c; those that were: Invoice__c\.Overdue__c"):  # fmt: skip
        org.schema.load(project, strict=False, formulas={"Invoice__c.Due__c": lambda each: None})
    assert org.digest() == before
    with pytest.raises(ValueError, match="those that were: none"):
        org.schema.compute({"Account.Name": lambda each: None})


def test_a_rollback_takes_the_schema_its_rows_and_its_functions_away(
    org: Org, project: Path
) -> None:
    before, snapshot = org.digest(), org.snapshot()
    org.schema.load(project, strict=False, formulas={OVERDUE: lambda each: True})
    assert org.digest() != before

    org.restore(snapshot)

    assert org.digest() == before
    assert "Invoice__c" not in org.schema
    org.schema.load(project, strict=False)
    assert org.schema.callables == ()
    assert "Overdue__c" not in org.create("Invoice__c")


def test_what_a_test_added_before_stays(org: Org, project: Path) -> None:
    org.schema.add_object("Thing__c", fields={"Size__c": {"type": "double"}})
    org.schema.add_field("Account", "Mine__c", "string")
    org.schema.add_field(
        "Thing__c",
        "Account__c",
        "reference",
        reference_to="Account",
        child_relationship_name="Things",
    )

    org.schema.load(project, strict=False)

    account = org.schema["Account"]
    assert account.find("Mine__c") is not None
    assert account.find("Level__c") is not None
    assert org.catalogue.child(account, "Things__r") is not None
    assert org.schema["Invoice__c"].key_prefix == "a01"
    assert org.create("Thing__c", Account__c=org.create("Account", Mine__c="x")).id


def test_what_a_test_adds_afterwards_joins_it(loaded: Org) -> None:
    thing = loaded.schema.add_object(
        "Thing__c",
        fields={
            "Invoice__c": {
                "type": "reference",
                "reference_to": "Invoice__c",
                "child_relationship_name": "Things",
            }
        },
    )
    loaded.schema.add_field(
        "Invoice__c", "Twice__c", "double", formula=lambda each: each["Quantity__c"] * 2
    )

    assert thing.key_prefix == "a03"
    invoice = loaded.create("Invoice__c", Quantity__c=4)
    assert (invoice["Twice__c"], invoice["Overdue__c"]) == (8, invoice["Due__c"] is None)
    assert loaded.catalogue.child(loaded.schema["Invoice__c"], "Things__r") is not None


def test_several_sources_are_loaded_as_one(org: Org, tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    field = {"name": "Other__c", "type": "reference", "referenceTo": ["Other__c"], "custom": True}
    write(one, describe("One__c", field))
    (one / "notes.txt").touch()
    (other / "Other__c.object").write_text(
        '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><label>Other</label>'
        "<nameField><label>Name</label><type>Text</type></nameField></CustomObject>"
    )

    report = org.schema.load(one, other)

    assert report.left_out == (
        LeftOut("one/notes.txt", "*.txt", "no describe result (JSON)", behaviour=False),
    )
    assert report.objects == ("One__c", "Other__c")
    assert org.catalogue.parent(org.schema["One__c"].by_name["other__c"]) is org.schema["Other__c"]


def test_sources_without_anything_of_a_schema_are_an_error(org: Org, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()

    with pytest.raises(
        ValueError, match=r"no describe result and no metadata of objects is there\n  notes\.txt"
    ):
        org.schema.load(tmp_path)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        org.schema.load(tmp_path / "nowhere")


def test_two_orgs_of_a_process_share_what_was_parsed(project: Path) -> None:
    with Org.new() as one, Org.new(seed=1) as other:
        for org in (one, other):
            org.schema.load(project, strict=False)
        assert one.schema["Invoice__c"] is other.schema["Invoice__c"]
        assert one.create("Invoice__c").id != other.create("Invoice__c").id


def test_a_saved_org_keeps_what_was_loaded_but_the_functions(loaded: Org, tmp_path: Path) -> None:
    invoice = loaded.create("Invoice__c")

    assert loaded.save(tmp_path / "org.db") == (f"the Python function of the formula {OVERDUE}",)

    with Org.open(tmp_path / "org.db") as opened:
        assert opened.schema["Invoice__c"] == loaded.schema["Invoice__c"]
        assert opened.get(invoice.id)["Name"] == "INV-00100"
        assert "Overdue__c" not in opened.get(invoice.id)
        opened.schema.compute({OVERDUE: lambda each: True})
        assert opened.get(invoice.id)["Overdue__c"] is True


def test_an_org_that_owns_its_file_keeps_what_is_loaded_later(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "org.db"
    with Org.new() as org:
        org.save(path)
    with Org.open(path, durable=True) as org:
        org.schema.add_field("Account", "Mine__c", "string")
        org.schema.load(project, strict=False)
        made = org.create("Account", Mine__c="x", Level__c="gold")
    with Org.open(path, durable=True) as org:
        assert (org.get(made.id)["Mine__c"], org.get(made.id)["Level__c"]) == ("x", "gold")
        assert org.create("Invoice__c")["Name"] == "INV-00100"


STAGES = """<StandardValueSet xmlns="http://soap.sforce.com/2006/04/metadata"><sorted>false</sorted>
<standardValue><fullName>Idea</fullName><default>false</default><label>First Idea</label><closed>false</closed>
<forecastCategory>BestCase</forecastCategory><probability>35</probability><won>false</won></standardValue>
<standardValue><fullName>Done</fullName><default>false</default><label>Done</label><closed>true</closed>
<forecastCategory>Closed</forecastCategory><probability>100</probability><won>true</won></standardValue>
</StandardValueSet>"""


def test_stages_of_the_org_take_the_place_of_salesforces(org: Org, tmp_path: Path) -> None:
    folder = tmp_path / "standardValueSets"
    folder.mkdir()
    (folder / "OpportunityStage.standardValueSet-meta.xml").write_text(STAGES)
    (folder / "TaskStatus.standardValueSet-meta.xml").write_text(
        STAGES.replace("Idea", "Open", 1).replace("Done", "Over", 1)
    )

    report = org.schema.load(tmp_path)

    assert report.objects == ("Opportunity", "Task")
    stages = org.query(
        "SELECT ApiName, MasterLabel, DefaultProbability, IsWon FROM OpportunityStage ORDER BY SortOrder"
    )
    assert isinstance(stages, list)
    assert [tuple(each.values()) for each in stages] == [
        ("Idea", "First Idea", 35, False),
        ("Done", "Done", 100, True),
    ]
    made = org.create("Opportunity", StageName="Idea")
    assert (made["Probability"], made["ForecastCategory"], made["ForecastCategoryName"]) == (
        35,
        "BestCase",
        "Best Case",
    )
    assert org.update(made.id, StageName="Done")["IsWon"] is True
    assert org.create("Task", Status="Over")["IsClosed"] is True


def test_value_sets_with_categories_and_unknown_ones_are_named(org: Org, tmp_path: Path) -> None:
    for name in ("OrderStatus", "Novelty"):
        (tmp_path / f"{name}.standardValueSet").write_text(STAGES)

    report = org.schema.load(tmp_path, strict=False)

    assert [str(each) for each in report.behaviour] == [
        "Novelty.standardValueSet: Novelty: it is not known which fields this set is for",
        "OrderStatus.standardValueSet: OrderStatus: the categories of its values are not read",
    ]


def test_rows_that_would_lack_a_new_master_keep_the_load_out(org: Org, project: Path) -> None:
    org.schema.add_object("Line__c", fields={"Size__c": {"type": "double"}})
    org.create("Line__c")
    before = org.digest()

    with pytest.raises(
        ValueError, match=r"Line__c has records, which would lack the master Invoice__c"
    ):
        org.schema.load(project, strict=False)
    assert org.digest() == before


def test_describes_and_metadata_files_of_one_org_complete_each_other(
    org: Org, project: Path, tmp_path: Path
) -> None:
    alone = org.schema.load(project, strict=False)
    names = ("Account", "Invoice__c", "Line__c", "Invoice__History", "Region_Settings__c")
    for name in names:
        text = org.describes.one(name, Version(60), "https://x.example").text
        (tmp_path / f"{name}.json").write_text(text)

    with Org.new() as other:
        report = other.schema.load(tmp_path, project, strict=False)

        assert [each.element for each in report.behaviour] == [
            each.element for each in alone.behaviour
        ]
        assert report.record_types == alone.record_types
        for name in names:
            there, here = (
                json.loads(each.describes.one(name, Version(60), "x").text) for each in (other, org)
            )
            assert sorted(there["fields"], key=lambda each: each["name"]) == sorted(here["fields"], key=lambda each: each["name"])  # fmt: skip
            assert {**there, "fields": []} == {**here, "fields": []}
        invoice = other.create("Invoice__c")
        assert (invoice["Name"], invoice["Serial__c"][4:]) == ("INV-00100", "-0007")
        other.create("Line__c", Invoice__c=invoice.id, Price__c=5, Kind__c="goods")
        assert other.get(invoice.id)["Total__c"] == 5


def test_fields_keep_their_marks_while_history_tracking_is_off(org: Org, tmp_path: Path) -> None:
    text = (
        '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><enableHistory>{}</enableHistory><fields>'
        "<fullName>Size__c</fullName><label>Size</label><precision>5</precision><scale>0</scale><type>Number</type>"
        "<trackHistory>true</trackHistory></fields><label>Thing</label><nameField><label>Name</label>"
        "<type>Text</type></nameField></CustomObject>"
    )
    for name, on in (("On__c", "true"), ("Off__c", "false")):
        (tmp_path / f"{name}.object").write_text(text.format(on))

    org.schema.load(tmp_path)

    assert "On__History" in org.schema
    assert "Off__History" not in org.schema
