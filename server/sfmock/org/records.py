"""The org's records: create, update, delete and upsert under Salesforce's rules, each all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager

from sfmock import errors, ids
from sfmock.clock import Clock, system_datetime
from sfmock.org import events
from sfmock.org.behaviour import activity, numbers, owned_sets, past_events, shares
from sfmock.org.behaviour.coverage import check_readable, check_writable, holds_all_rows
from sfmock.org.behaviour.draft import Change, Draft
from sfmock.org.behaviour.following import follow, follow_create, is_followed
from sfmock.org.behaviour.kinds import before, looks_back
from sfmock.org.behaviour.table import AFTER
from sfmock.org.changes import ChangeLog
from sfmock.org.dml import blobs, recycle_bin
from sfmock.org.dml.completing import changes_of, give_defaults, new_row
from sfmock.org.dml.deletes import Deletion, delete_row
from sfmock.org.dml.dependents import check_dependents
from sfmock.org.dml.incoming import Locate, check_values, read_fields
from sfmock.org.dml.loading import load_rows
from sfmock.org.dml.numbering import give_numbers
from sfmock.org.dml.plan import Plan, Row, plan_of, seen_by
from sfmock.org.dml.record_types import check_record_type, give_picklists, give_record_type
from sfmock.org.dml.references import References
from sfmock.org.dml.required import check_required
from sfmock.org.dml.sequences import Sequences
from sfmock.org.dml.store import Store
from sfmock.org.dml.undelete import undelete_row
from sfmock.org.dml.unique import check_unique
from sfmock.org.dml.values import BLANK, Unfit, parser_of
from sfmock.org.locks import Locks
from sfmock.org.views import Views
from sfmock.schema.model import Field, SObject
from sfmock.store.database import Database, Value
from sfmock.store.tables import Tables


class Records:
    """DML on values as a request or a test sends them."""

    def __init__(
        self,
        db: Database,
        tables: Tables,
        views: Views,
        clock: Clock,
        pod: str,
        computed: Callable[[SObject, str], Row],
        *,
        locks: Locks,
        changes: ChangeLog,
    ) -> None:
        self._db = db
        self._views = views
        self._clock = clock
        self._sequences = Sequences(db, pod)
        self._store = Store(db, tables, views.whole, self._sequences, locks=locks, changes=changes)
        self._references = References(self._store, lambda: views.catalogue)
        self._computed = computed
        self._second = -1
        self._now = ""
        self._caught_up = (-1, "")

    @property
    def store(self) -> Store:
        """The tables behind the records, for whoever looks for rows that are there."""
        return self._store

    @property
    def moment(self) -> str:
        """The org's time, as system fields hold it."""
        return self._moment()

    def check_creatable(self, sobject: SObject) -> None:
        """Raise unless rows of an sobject may be created."""
        self._require(sobject, sobject.createable, "inserted")

    def insert(
        self,
        sobject: SObject,
        fields: Mapping[str, object],
        *,
        user_id: str,
        locate: Locate | None = None,
    ) -> str:
        """Create a row from values by field name, in any case; answers its 18-character id."""
        self.check_creatable(sobject)
        if sobject.find("Id") is None:
            return self._publish(sobject, fields, user_id, locate)
        with self._db.transaction():
            plan = self._store.plan(sobject)
            seen = seen_by(sobject, plan)
            values, sent = read_fields(seen, fields, self._references, creating=True, locate=locate)
            supplied = frozenset(values)
            give_record_type(plan, values)
            check_values(plan, values, sent, self._references, None)
            blobs.keep_all(self._db, plan, values)
            give_defaults(plan, values, user_id)
            give_picklists(plan, values, supplied)
            check_required(plan, values, None)
            check_dependents(plan, values, None)
            check_record_type(plan, values, None)
            self._check_references(plan, values, supplied, None)
            draft = self._draft(plan, values, supplied, None, self._store.new_id(sobject), user_id)
            self._apply(draft)
        return draft.existing or draft.record_id

    def update(
        self,
        sobject: SObject,
        record_id: str,
        fields: Mapping[str, object],
        *,
        user_id: str,
        locate: Locate | None = None,
    ) -> None:
        """Change a live row; what is not named stays."""
        self._require(sobject, sobject.updateable, "updated")
        record_id = _own_id(sobject, record_id)
        with self._db.transaction():
            plan = self._store.plan(sobject)
            seen = seen_by(sobject, plan)
            values, sent = read_fields(
                seen, fields, self._references, creating=False, locate=locate
            )
            old = self._old(plan, record_id, values)
            check_values(plan, values, sent, self._references, old)
            blobs.keep_all(self._db, plan, values)
            if old is None:
                raise errors.NO_SUCH_ROW()
            if old.get("IsDeleted"):
                raise errors.ENTITY_IS_DELETED()
            check_required(plan, values, old)
            check_dependents(plan, values, old)
            check_record_type(plan, values, old)
            supplied = frozenset(values)
            self._check_references(plan, values, supplied, old)
            self._apply(self._draft(plan, values, supplied, old, record_id, user_id))

    def delete(self, sobject: SObject, record_id: str, *, user_id: str) -> None:
        """Delete a live row, into the recycle bin where there is one, with all that goes with it."""
        self._require(sobject, sobject.deletable, "deleted")
        record_id = _own_id(sobject, record_id)
        with self._db.transaction():
            if sobject.associate is not None:
                shares.check_by_hand(self._store.find(sobject, record_id) or {})
            delete_row(self._store, sobject, record_id, Deletion(user_id, self._moment()))

    def undelete(self, sobject: SObject, record_id: str, *, user_id: str) -> None:
        """Bring a row back from the recycle bin, with all that its delete took there."""
        check_writable(sobject)
        self._views.check_write(sobject)
        self.catch_up()
        with self._db.transaction():
            undelete_row(self._store, sobject, record_id, user_id, self._moment())

    def purge(self, sobject: SObject, record_id: str) -> None:
        """Remove a row from the recycle bin for good, with all that its delete took there."""
        check_writable(sobject)
        self._views.check_write(sobject)
        self.catch_up()
        with self._db.transaction():
            recycle_bin.empty(self._store, record_id)

    def upsert(
        self,
        sobject: SObject,
        field: Field,
        value: object,
        fields: Mapping[str, object],
        *,
        user_id: str,
        update_only: bool = False,
        locate: Locate | None = None,
    ) -> tuple[str, bool]:
        """Update the row with this external id or create it; answers its id and whether it is new."""
        for name in fields:
            if name.lower() in ("id", field.name.lower()):
                exact = "Id" if name.lower() == "id" else field.name
                raise errors.FIELD_NOT_IN_BODY(name=exact)
        with self._db.transaction():
            if field.type == "id":
                record_id = _own_id(sobject, str(value))
                self.update(sobject, record_id, fields, user_id=user_id, locate=locate)
                return record_id, False
            if isinstance(value, str) and not value.strip(BLANK):
                raise errors.refuse("an upsert without a value of its external id")
            _refuse_unfit(field, value)
            found = self.matching(sobject, field, value)
            if len(found) > 1:
                raise errors.MultipleChoices(found, sobject.name)
            if found:
                self.update(sobject, found[0], fields, user_id=user_id, locate=locate)
                return found[0], False
            if update_only:
                raise errors.NOT_FOUND()
            fields = {field.name: value, **fields}
            return self.insert(sobject, fields, user_id=user_id, locate=locate), True

    def find(self, sobject: SObject, record_id: str, *, deleted: bool = False) -> Row | None:
        """A row by its 18-character id, with its formulas; with `deleted` from the recycle bin, too."""
        if not sobject.retrieveable:
            raise errors.refuse(f"reading a row of {sobject.name}")
        self.catch_up()
        check_readable(sobject, self._store.tables.is_empty)
        row = self.stored(sobject, record_id)
        return None if row is None or (row.get("IsDeleted") and not deleted) else row

    def stored(self, sobject: SObject, record_id: str) -> Row | None:
        """A row by its 18-character id, deleted or not, with its formulas."""
        row = self._store.find(sobject, record_id)
        if row is None or not sobject.formulas:
            return row
        return row | self._computed(sobject, record_id)

    def blob(self, key: Value) -> bytes:
        """The bytes of a base64 field that holds this key."""
        return blobs.read(self._db, key)

    def number(self, sobject: SObject) -> int | None:
        """How many live rows there are; None where the fake cannot know."""
        if not sobject.queryable or not holds_all_rows(sobject, self._store.tables.is_empty):
            return None
        return self._store.number(sobject)

    def matching(self, sobject: SObject, field: Field, value: object) -> list[str]:
        """The ids of the live rows with this value of an external id."""
        try:
            parsed = None if value is None else parser_of(field)(value)
        except Unfit:
            return []
        if field.type == "id":
            parsed = ids.canonical(parsed)
        return [] if parsed is None else self._store.ids(sobject, field, parsed)

    def load(self, sobject: SObject, rows: Iterable[Mapping[str, object]]) -> None:
        """Take rows over as a backup holds them: given ids and system fields are kept, no rule runs."""
        with self._db.transaction():
            load_rows(self._store, self._sequences, sobject, rows, now=self._moment())

    def reload(self, sobject: SObject, rows: Iterable[Mapping[str, object]]) -> None:
        """Take rows over in the place of all that are there, as those of a status table."""
        with self._db.transaction():
            plan = self._store.plan(sobject)
            for (record_id,) in self._db.rows(f'SELECT "Id" FROM {plan.table}'):
                self._store.remove(plan, str(record_id))
            self.load(sobject, rows)

    def parent_id(self, field: Field, nested: Mapping[str, object]) -> str:
        """The id of the parent that a reference names by external id: `{"Ext__c": value}`."""
        return self._references.parent_id(field, nested)

    def together(self) -> AbstractContextManager[None]:
        """Many writes in which roll-up summaries are worked out once, at the end."""
        return self._store.rollups.together()

    def recalculate(self, name: str) -> None:
        """Give the rows of an sobject the values of roll-up summaries that are new."""
        sobject = self._store.catalogue.find(name)
        if sobject is not None and not self._store.tables.is_empty(sobject):
            self._store.rollups.recalculate(sobject, self._moment())

    def catch_up(self) -> None:
        """Let rows show what time alone changed; every reader and every write calls this first."""
        state = (self._db.undone, self._moment()[:16])  # no day begins within a minute, in any zone
        if state != self._caught_up:
            with self._db.lock:
                for each in (activity.catch_up, past_events.catch_up, recycle_bin.purge):
                    each(self._store, self._moment())
                self._caught_up = state

    def fill(self, sobject: SObject) -> None:
        """Make the rows that the platform keeps in a table which was made this moment."""
        owned_sets.fill(self._store, self._sequences, sobject)
        numbers.go_on(self._store, self._sequences, sobject)

    def new_id(self, sobject: SObject) -> str:
        """The next id of an sobject."""
        return self._store.new_id(sobject)

    def _publish(
        self,
        sobject: SObject,
        fields: Mapping[str, object],
        user_id: str,
        locate: Locate | None,
    ) -> str:
        """Publish a platform event; answers its uuid."""
        with self._db.transaction():
            plan = plan_of(sobject.whole or sobject)
            seen = seen_by(sobject, plan)
            values, sent = read_fields(seen, fields, self._references, creating=True, locate=locate)
            check_values(plan, values, sent, self._references, None)
            give_defaults(plan, values, user_id)
            check_required(plan, values, None)
            values = {**plan.booleans, **values}
            return events.publish(self._store, sobject, values, user_id=user_id, now=self._moment())

    def owner_of(self, record_id: str) -> SObject | None:
        """The sobject of a row by its 18-character id: where several share a key prefix, the one that has the row."""
        found = self._store.catalogue.sharing(record_id)
        if len(found) < 2:
            return found[0] if found else None
        return next((each for each in found if self._store.find(each, record_id)), None)

    def _require(self, sobject: SObject, allowed: bool, verb: str) -> None:
        """Raise unless rows may be written so: at all, by this fake, and by the user who is being served."""
        self.catch_up()
        whole = sobject.whole
        if not allowed and verb == "deleted" and whole is not None and whole.deletable:
            raise errors.NO_ACCESS_TO_ROW()
        if not allowed:
            raise errors.ENTITY_NOT_WRITABLE(verb=verb, label=sobject.label)
        check_writable(sobject, creating=verb == "inserted")
        self._views.check_write(sobject)

    def _old(self, plan: Plan, record_id: str, values: Row) -> Row | None:
        """The row before an update: all of it where a rule may ask for any field, else what is compared with `values`."""
        sobject = plan.sobject
        chosen = plan.dependents or sobject.record_types
        if chosen or looks_back(sobject) or is_followed(self._store, sobject):
            return self._store.find(sobject, record_id)
        return self._store.part(plan, record_id, values)

    def _draft(
        self,
        plan: Plan,
        values: Row,
        supplied: frozenset[str],
        old: Row | None,
        record_id: str,
        user_id: str,
    ) -> Draft:
        now, store = self._moment(), self._store
        return Draft(plan, values, supplied, old, record_id, now, store, self._sequences, user_id)

    def _apply(self, draft: Draft) -> None:
        """Run the rules of the sobject around the write."""
        plan, name = draft.plan, draft.plan.sobject.name
        for rule in before(plan.sobject, creating=draft.old is None):
            rule(draft)
        if draft.existing is not None:
            return
        if plan.unique:
            check_unique(draft)
        if draft.old is None:
            give_numbers(plan, draft.values, self._sequences, draft.now)
            written = new_row(draft)
            self._store.insert(plan, written)
        else:
            written = changes_of(draft, draft.old)
            self._store.update(plan, draft.record_id, written)
        for rule in AFTER.get(name, ()):
            rule(draft)
        if is_followed(self._store, plan.sobject):
            after = {**(draft.old or {}), **written}
            change = Change(plan.sobject, draft.old, after, self._store, draft.user_id, draft.now)
            if draft.old is None:
                follow_create(change)
            follow(change)

    def _check_references(
        self, plan: Plan, values: Row, supplied: frozenset[str], old: Row | None
    ) -> None:
        for name, field in plan.references.items():  # in describe order
            value = values[name] if name in supplied else None
            if isinstance(value, str) and (old is None or old.get(name) != value):
                self._references.check(plan.sobject, field, value)
                if old is not None:
                    self._references.check_circle(plan, field, value, old["Id"])

    def _moment(self) -> str:
        second = int(self._clock.timestamp())
        if second != self._second:
            self._now = system_datetime(self._clock.now)
            self._second = int(self._clock.timestamp())
        return self._now


def _refuse_unfit(field: Field, value: object) -> None:
    """Refuse an upsert whose value cannot be one of its external id's: nobody has told the error."""
    try:
        if value is not None:
            parser_of(field)(value)
    except Unfit:
        raise errors.refuse(f"an upsert by {value!r}, which is no {field.type}") from None


def _own_id(sobject: SObject, record_id: str) -> str:
    """The 18-character form of an id of this sobject; raises MALFORMED_ID for all else."""
    canonical = ids.canonical(record_id)
    if canonical is None or canonical[:3] != sobject.id_prefix:
        field = sobject.find("Id")
        label = "Id" if field is None else field.label
        raise errors.MALFORMED_ID(label=label, value=record_id, fields=["Id"])
    return canonical
