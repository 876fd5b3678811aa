"""Texts that nobody means as a query, each with the code of Salesforce's error; and two that look no better and are right."""

from __future__ import annotations

MALFORMED, TOO_COMPLICATED = "MALFORMED_QUERY", "QUERY_TOO_COMPLICATED"
SELECT = "SELECT Id FROM Account"
ODD = {
    "nothing": ("", MALFORMED),
    "blanks": (" \t\r\n", MALFORMED),
    "100,001 characters": (SELECT + " " * (100_001 - len(SELECT)), MALFORMED),
    "100,000 letters": ("A" * 100_000, MALFORMED),
    "100,000 quotes": ("'" * 100_000, MALFORMED),
    "100,000 backslashes": (f"{SELECT} WHERE Name = '" + "\\" * 99_950, MALFORMED),
    "100,000 dots": (f"SELECT {'.' * 99_900} FROM Account", MALFORMED),
    "100,000 digits": (f"{SELECT} LIMIT {'9' * 99_900}.", MALFORMED),
    "half a date": (f"{SELECT} WHERE CreatedDate > 2026-11-23T", MALFORMED),
    "open parenthesis": (f"{SELECT} WHERE (Name = 'x'", MALFORMED),
    "10,000 open parentheses": (f"{SELECT} WHERE {'(' * 10_000}", MALFORMED),
    "99,900 open parentheses": (f"{SELECT} WHERE {'(' * 99_900}", MALFORMED),
    "99,900 commas": (f"{SELECT} WHERE Id IN ({',' * 99_900}", MALFORMED),
    "40,000 items of a list without its end": (
        f"{SELECT} WHERE Id IN ({'1,' * 40_000}",
        MALFORMED,
    ),
    "10,000 parentheses, one too few": (
        f"{SELECT} WHERE {'(' * 10_000}Name = 'x'{')' * 9_999}",
        MALFORMED,
    ),
    "10,000 parentheses, one too many": (
        f"{SELECT} WHERE {'(' * 10_000}Name = 'x'{')' * 10_001}",
        MALFORMED,
    ),
    "10,000 NOT": (f"{SELECT} WHERE {'NOT (' * 10_000}Name = 'x'{')' * 10_000}", TOO_COMPLICATED),
    "2,000 AND and OR inside one another": (
        f"{SELECT} WHERE {'Id = null AND (Id = null OR (' * 2_000}Id = null{'))' * 2_000}",
        TOO_COMPLICATED,
    ),
    "5,000 sub-queries inside one another": (
        f"{'SELECT (' * 5_000}SELECT Id FROM a{') FROM a' * 5_000}",
        TOO_COMPLICATED,
    ),
    "3,000 semi-joins inside one another": (
        f"{SELECT} WHERE {'Id IN (SELECT Id FROM a WHERE ' * 3_000}Id = null{')' * 3_000}",
        TOO_COMPLICATED,
    ),
    "5,000 functions inside one another": (
        f"SELECT {'MAX(' * 5_000}Id{')' * 5_000} FROM Account",
        MALFORMED,
    ),
    "a NUL": (f"{SELECT}\0", MALFORMED),
    "a NUL in a string": (f"{SELECT} WHERE Name = 'a\0b'", MALFORMED),
    "an escaped NUL": (f"{SELECT} WHERE Name = 'a\\u0000b'", MALFORMED),
    "half a surrogate pair": (f"{SELECT} \ud800", MALFORMED),
    "half a surrogate pair in a string": (f"{SELECT} WHERE Name = '\udfff'", MALFORMED),
    "half an escaped surrogate pair": (f"{SELECT} WHERE Name = '\\ud83d!'", MALFORMED),
    "a percent sign outside of a string": (f"{SELECT} WHERE Name LIKE %", MALFORMED),
    "an underscore for a name": ("SELECT _ FROM Account", MALFORMED),
    "SQL behind a name": (f'{SELECT}"; DROP TABLE "Account"; --', MALFORMED),
    "SQL for an alias": ("SELECT Id FROM Account a'; DROP TABLE Account; --", MALFORMED),
    "SQL behind a string": (f"{SELECT} WHERE Name = 'x'' OR 1 = 1 --'", MALFORMED),
    "SQL for a field": ('SELECT "Id" FROM Account', MALFORMED),
    "a name of SQLite": ("SELECT rowid FROM Account", "INVALID_FIELD"),
    "a table of ours": ("SELECT Id FROM sf_recent", "INVALID_TYPE"),
}
RIGHT = {
    "10,000 parentheses around a condition": f"{SELECT} WHERE {'(' * 10_000}Name = 'Acme'{')' * 10_000}",
    "10,000 items of a list": (
        f"SELECT Name FROM Account WHERE Name IN ({','.join(repr(str(each)) for each in range(10_000))}, 'Acme')"
    ),
}
