"""What an org knows to be secret: tokens, passwords, client secrets, and which fields hold encrypted text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sfmock.org.journal import Exchange
from sfmock.org.masking import Mask
from sfmock.org.org import Org
from sfmock.schema.model import SObject

PLACES = (
    ("sf_session", "token"),
    ("sf_refresh", "token"),
    ("sf_pass", "otp"),
    ("sf_code", "code"),
    ("sf_device", "device_code"),
    ("sf_device", "user_code"),
    ("sf_interaction", "ticket"),
    ("sf_interaction", "browser"),
    ("sf_app", "client_secret"),
    ("sf_app_old_keys", "client_secret"),
    ("sf_user_secret", "password"),
    ("sf_user_secret", "security_token"),
)
"""Tables and columns that hold secrets."""


@dataclass(frozen=True, slots=True)
class Known:
    """Secrets of an org, and the names of fields that hold some."""

    secrets: tuple[str, ...] = field(default=(), repr=False)
    names: tuple[str, ...] = ()


def known_secrets(org: Org, asked: Iterable[Exchange] | None = None) -> Known:
    """What the org knows to be secret, for the exchanges that it was asked, by default all; a closed one knows nothing."""
    try:
        found = [
            str(value)
            for table, column in PLACES
            for (value,) in org.db.rows(f'SELECT "{column}" FROM "{table}"')
        ]
        names = [
            each.name
            for sobject in _asked(org, org.journal if asked is None else asked)
            for each in sobject.fields
            if each.encrypted
        ]
    except sqlite3.ProgrammingError:  # the database of a closed org
        return Known()
    return Known(tuple(found), tuple(names))


def mask_of(org: Org) -> Mask:
    """A mask for all that an org holds and was asked."""
    known = known_secrets(org)
    return Mask(known.secrets, known.names).learn(org.journal)


def _asked(org: Org, exchanges: Iterable[Exchange]) -> Iterator[SObject]:
    """The sobjects that were added or altered, and those that requests named: reading all of them takes its time."""
    catalogue = org.schema.catalogue
    yield from catalogue.changed.values()
    for name in {each.sobject for each in exchanges if each.sobject is not None}:
        found = catalogue.find(name)
        if found is not None:
            yield found
