"""API versions: which ones live, how they are called, and the one table of what changed when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

OLDEST_LIVE = 31
NEWEST = 67
DEFAULT = "60.0"

_SEASONS = ("Winter", "Spring", "Summer")


@dataclass(frozen=True, slots=True)
class Change:
    """A named change of behaviour and the first version that has it."""

    since: int


UPSERT_REPLY = Change(46)
"""Upserts answer 200 with a body that says `created`; before, 204 for an update (rest.md 2.6)."""
INSERT_BY_ID_FIELD = Change(37)
"""`POST /sobjects/X/Id` inserts."""
RELATIONSHIP_PATHS = Change(36)
"""`/sobjects/X/<id>/<relationship>` (rest.md 2.7)."""
MRU_HEADER = Change(60)
"""`Sforce-Mru` is read; before, every access by id makes a row the most recent one, as the default does."""
RECORD_COUNT = Change(40)
LIMITS = Change(29)
QUERY_ALL = Change(29)
EXPLAIN = Change(30)
ASSOCIATED_ENTITY = Change(50)
"""`associateEntityType` and `associateParentEntity` stand in describes."""
DESCRIBE_INTERFACES = Change(46)
"""Describes have the interface keys, `deepCloneable`, `aiPredictionField` and `formulaTreatNullNumberAsZero`."""
RECORD_TYPE_DEVELOPER_NAMES = Change(43)
"""`recordTypeInfos` of a describe have `developerName`."""
PARAMETERIZED_SEARCH = Change(36)
HIGHLIGHT = Change(39)
HIGHLIGHT_CUSTOM = Change(40)
"""`WITH HIGHLIGHT` in searches, and on custom objects."""
SEARCH_OBJECT = Change(37)
"""A search answers with an object; before, with the bare array (sosl.md 1.1)."""
SUGGESTIONS = Change(32)
NESTED_SUB_QUERIES = Change(58)
"""Sub-queries have sub-queries, to five levels (soql.md 3.2)."""
BULK_BATCHES_LIMIT = Change(49)
"""`/limits` says DailyBulkApiBatches; before, DailyBulkApiRequests."""
ASYNC_TESTS_LIMIT = Change(56)
BULK_QUERY_LIMITS = Change(47)
DURABLE_STREAMING_LIMITS = Change(37)
LOGIN_SAYS_CURRENCY_LOCALE = Change(38)
"""The reply of `login()` has `chatterExternal` and `orgDefaultCurrencyLocale`: not yet at 37, seen at 41 (soap-0004)."""
PLAIN_LOGIN_FAULTS = Change(38)
"""The fault code of `login()` has no `sf:`: captured bodies up to version 37 have it (oauth.md 7)."""
SOAP_LOGIN_GONE = Change(65)
"""`login()` is refused from here on (oauth.md 7)."""


@dataclass(frozen=True, slots=True)
class Version:
    """One API version, as a path writes it: `v60.0`."""

    major: int

    def __str__(self) -> str:
        return f"{self.major}.0"

    def has(self, change: Change) -> bool:
        """Whether this version behaves as after the change."""
        return self.major >= change.since

    @property
    def live(self) -> bool:
        """Whether the instance serves this version."""
        return OLDEST_LIVE <= self.major <= NEWEST

    @property
    def retired(self) -> bool:
        """Whether Salesforce has shut it off: 410 (rest.md 1.4)."""
        return 7 <= self.major < OLDEST_LIVE

    @property
    def root(self) -> str:
        """The path that all relative URLs of this version start with."""
        return f"/services/data/v{self.major}.0"

    @property
    def label(self) -> str:
        """The release's name, e.g. `Spring '24`; 42.0 alone has the typographic apostrophe in every recording."""
        season, year = _SEASONS[(self.major - 20) % 3], 11 + (self.major - 20) // 3
        apostrophe = "\u2019" if self.major == 42 else "'"
        return f"{season} {apostrophe}{year}"


@lru_cache(maxsize=256)
def parse(text: str) -> Version | None:
    """The version of a path segment without its `v` (`60.0`), or None for any other spelling."""
    match = re.fullmatch(r"([1-9]\d?)\.0", text)
    return Version(int(match[1])) if match else None


def live() -> tuple[Version, ...]:
    """All versions that are served, oldest first."""
    return tuple(Version(major) for major in range(OLDEST_LIVE, NEWEST + 1))
