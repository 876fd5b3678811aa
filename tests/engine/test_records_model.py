"""DML sequences against a model of plain dictionaries: what lives, under which parent, with which key."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule

from sfmock.errors import SalesforceError
from sfmock.org.org import Org

KEYS = st.sampled_from(["a", "A", "b", "B", "é", "É"])
NAMES = st.sampled_from(["one", " two ", "", "three"])


@dataclass
class Model:
    """One row: `alive` is False once it is in the recycle bin."""

    sobject: str
    fields: dict[str, str | None]
    alive: bool = True


class RecordsMachine(RuleBasedStateMachine):
    """Accounts, their contacts and cases, and a custom object with a unique external id."""

    accounts: Bundle[str] = Bundle("accounts")
    contacts: Bundle[str] = Bundle("contacts")
    things: Bundle[str] = Bundle("things")

    def __init__(self) -> None:
        super().__init__()
        self.org = Org.new()
        self.org.schema.add_object("Thing__c")
        self.org.schema.add_field("Thing__c", "Key__c", "string", unique=True, external_id=True)
        self.org.schema.add_field("Thing__c", "Parent__c", "reference", reference_to="Thing__c")
        self.user = self.org.admin_id
        self.rows: dict[str, Model] = {}

    def teardown(self) -> None:
        self.org.close()

    def _write(self, sobject: str, record_id: str | None, fields: dict[str, str | None]) -> str:
        """Create or change; answers the id, or the error's code."""
        records, owner = self.org.records, self.org.schema[sobject]
        try:
            if record_id is None:
                return records.insert(owner, fields, user_id=self.user)
            records.update(owner, record_id, fields, user_id=self.user)
        except SalesforceError as error:
            return error.code
        return record_id

    def _alive(self, record_id: str | None) -> bool:
        return record_id is not None and self.rows[record_id].alive

    @rule(target=accounts, name=st.sampled_from(["x", " y "]))
    def create_account(self, name: str) -> str:
        made = self._write("Account", None, {"Name": name})
        self.rows[made] = Model("Account", {"Name": name.strip()})
        return made

    @rule(record_id=accounts, name=NAMES)
    def rename_account(self, record_id: str, name: str) -> None:
        answer = self._write("Account", record_id, {"Name": name})
        row = self.rows[record_id]
        if not row.alive:
            assert answer == "ENTITY_IS_DELETED"
        elif not name.strip():
            assert answer == "REQUIRED_FIELD_MISSING"
        else:
            assert answer == record_id
            row.fields["Name"] = name.strip()

    @rule(target=contacts, account=st.none() | accounts)
    def create_contact(self, account: str | None) -> str:
        answer = self._write("Contact", None, {"LastName": "Doe", "AccountId": account})
        if account is not None and not self._alive(account):
            assert answer == "ENTITY_IS_DELETED"
            answer = self._write("Contact", None, {"LastName": "Doe"})
            account = None
        self.rows[answer] = Model("Contact", {"LastName": "Doe", "AccountId": account})
        return answer

    @rule(record_id=contacts, account=st.none() | accounts)
    def move_contact(self, record_id: str, account: str | None) -> None:
        answer = self._write("Contact", record_id, {"AccountId": account})
        row = self.rows[record_id]
        if not row.alive or (account is not None and not self._alive(account)):
            assert answer == "ENTITY_IS_DELETED"
        else:
            assert answer == record_id
            row.fields["AccountId"] = account

    @rule(record_id=accounts | contacts | things)
    def delete(self, record_id: str) -> None:
        row = self.rows[record_id]
        try:
            self.org.records.delete(self.org.schema[row.sobject], record_id, user_id=self.user)
            answer = ""
        except SalesforceError as error:
            answer = error.code
        assert answer == ("" if row.alive else "ENTITY_IS_DELETED")
        row.alive = False
        for each in self.rows.values():
            if each.fields.get("AccountId") == record_id:
                each.alive = False
            if each.alive and each.fields.get("Parent__c") == record_id:
                each.fields["Parent__c"] = None

    @rule(target=things, key=st.none() | KEYS)
    def create_thing(self, key: str | None) -> str:
        answer = self._write("Thing__c", None, {"Key__c": key})
        if self._holder(key) is not None:
            assert answer == "DUPLICATE_VALUE"
            answer, key = self._write("Thing__c", None, {}), None
        self.rows[answer] = Model("Thing__c", {"Key__c": key, "Parent__c": None})
        return answer

    @rule(key=KEYS, parent=st.none() | things)
    def upsert_thing(self, key: str, parent: str | None) -> None:
        sobject = self.org.schema["Thing__c"]
        field = sobject.find("Key__c")
        assert field is not None
        holder = self._holder(key)
        fields: dict[str, str | None] = {"Parent__c": parent}
        if parent is not None and not self._alive(parent):
            with pytest.raises(SalesforceError, match="entity is deleted"):
                self.org.records.upsert(sobject, field, key, fields, user_id=self.user)
            return
        record_id, created = self.org.records.upsert(sobject, field, key, fields, user_id=self.user)
        assert created == (holder is None)
        if holder is None:
            self.rows[record_id] = Model("Thing__c", {"Key__c": key, "Parent__c": parent})
        else:
            assert record_id == holder
            self.rows[holder].fields["Parent__c"] = parent

    def _holder(self, key: str | None) -> str | None:
        return next(
            (
                record_id
                for record_id, row in self.rows.items()
                if key is not None
                and row.alive
                and (row.fields.get("Key__c") or "").upper() == key.upper()
            ),
            None,
        )

    @invariant()
    def the_org_holds_what_the_model_holds(self) -> None:
        for record_id, model in self.rows.items():
            row = self.org.records.find(self.org.schema[model.sobject], record_id, deleted=True)
            assert row is not None
            assert bool(row["IsDeleted"]) != model.alive
            if model.alive:
                assert {name: row[name] for name in model.fields} == model.fields


TestRecordsMachine = RecordsMachine.TestCase
TestRecordsMachine.settings = settings(max_examples=25, stateful_step_count=25)
