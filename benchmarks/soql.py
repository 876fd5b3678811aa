"""The stages of a query: what each takes of the processor's time beside the one before it, and odd texts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from measure import side_by_side, worked

from sfmock import Org
from sfmock.errors import SalesforceError
from sfmock.soql.binder import bind
from sfmock.soql.lexer import tokenize
from sfmock.soql.parser import parse
from sfmock.versions import Version

sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))
from odd_queries import ODD, RIGHT

TIMES = 500
BOUND = 0.1
"""Seconds for any text, however odd."""
MIDDLING = (
    "SELECT Id, Name, Account.Name, Owner.Email, Amount, StageName FROM Opportunity WHERE (StageName = 'Closed Won' OR"
    " Amount > 1000.5) AND CloseDate >= LAST_N_DAYS:30 AND Account.Industry IN ('Banking', 'Energy', null)"
    " AND Name LIKE 'A%' ORDER BY Amount DESC NULLS LAST, Name LIMIT 100 OFFSET 10"
)
QUERIES = {
    "a middling query": MIDDLING,
    "the shortest query": "SELECT Id FROM Account",
    "a sub-query of children": (
        "SELECT Id, Name, (SELECT Id, LastName, Email FROM Contacts WHERE Email != null ORDER BY LastName LIMIT 5)"
        " FROM Account WHERE Industry = 'Energy' LIMIT 50"
    ),
    "an aggregate query": (
        "SELECT StageName, COUNT(Id) n, SUM(Amount) FROM Opportunity WHERE CloseDate = THIS_YEAR GROUP BY StageName"
        " HAVING COUNT(Id) > 3 ORDER BY COUNT(Id) DESC"
    ),
    "a list of 200 ids": f"SELECT Id FROM Contact WHERE Id IN ({', '.join(['null'] * 200)})",
}


def parsing() -> None:
    """The parser, which tokenizes first, against the tokenizer alone."""
    for name, soql in QUERIES.items():
        side_by_side(
            f"{name}, {len(tokenize(soql))} tokens",
            ("parse", lambda soql=soql: _each(parse, soql)),
            ("tokenize", lambda soql=soql: _each(tokenize, soql)),
            label="us",
            runs=25,
        )


def binding() -> None:
    """Binding and planning a parsed query, making it ready to run, and finding it again, against parsing it."""
    with Org.new() as org:
        catalogue, tree, version = org.catalogue, parse(MIDDLING), Version(60)
        user, queries = org.admin_id, org.queries
        texts = iter(f"{MIDDLING}{' ' * number}" for number in range(100_000))
        works: dict[str, Callable[[str], object]] = {
            "bind and plan": lambda _: bind(MIDDLING, tree, catalogue),
            "all of it, SQL included": lambda _: queries.prepared(
                next(texts), user_id=user, version=version
            ),
            "a query that is known": lambda text: queries.prepared(
                text, user_id=user, version=version
            ),
        }
        for name, work in works.items():
            side_by_side(
                f"{name}, a middling query",
                (name, lambda work=work: _each(work, MIDDLING)),
                ("parse", lambda: _each(parse, MIDDLING)),
                label="us",
                runs=25,
            )


def children() -> None:
    """A page of 200 parents with ten children each against a flat page of 2,200 rows: 2,000 and 200."""
    with Org.new() as org:
        for account in org.create("Account", 200):
            org.create("Contact", 10, AccountId=account.id)
        nested = "SELECT Id, Name, (SELECT Id, LastName FROM Contacts) FROM Account"
        flat = ("SELECT Id, LastName FROM Contact", "SELECT Id, Name FROM Account")
        side_by_side(
            "200 parents with 2,000 children",
            ("parents with children", lambda: worked(lambda: _page(org, nested))),
            (
                "flat pages of as many rows",
                lambda: worked(lambda: [_page(org, one) for one in flat]),
            ),
            runs=15,
        )


def groups() -> None:
    """GROUP BY over 100,000 rows against the same in plain SQL."""
    with Org.new() as org:
        kinds = ("Banking", "Energy", "Media", None)
        org.load(
            {
                "Account": [
                    {"Name": f"A {each}", "Industry": kinds[each % 4], "AnnualRevenue": each % 997}
                    for each in range(100_000)
                ]
            }
        )
        soql = "SELECT Industry, COUNT(Id), SUM(AnnualRevenue) FROM Account GROUP BY Industry"
        sql = (
            'SELECT "Industry", COUNT("Id"), SUM("AnnualRevenue") FROM "Account" WHERE "IsDeleted" IS NOT 1'
            ' GROUP BY "f:Industry"'
        )
        side_by_side(
            "groups of 100,000 rows",
            ("GROUP BY in SOQL", lambda: worked(lambda: _page(org, soql))),
            ("GROUP BY in SQL", lambda: worked(lambda: org.db.rows(sql))),
        )


def odd() -> None:
    """Each odd text, asked of an org, against parsing a query of 10,000 values."""
    with Org.new() as org:
        texts = {**{name: text for name, (text, _) in ODD.items()}, **RIGHT}
        found = {
            name: min(_refused(org, text + " " * each) for each in range(3))
            for name, text in texts.items()
        }
        usual = min(worked(lambda: parse(RIGHT["10,000 items of a list"])) for _ in range(3))
        print(f"odd texts, beside {usual * 1e3:.1f} ms for parsing 10,000 values")
        for name, seconds in sorted(found.items(), key=lambda each: -each[1]):
            print(f"  {name:<58} {seconds * 1e3:10.2f} ms")
        worst = max(found.values())
        print(f"  the longest, of {BOUND * 1e3:.0f} ms {worst / BOUND:.3f}\n")


def _refused(org: Org, text: str) -> float:
    def ask() -> None:
        with suppress(SalesforceError):
            org.query(text)

    return worked(ask)


def _page(org: Org, soql: str) -> object:
    return org.queries.page(soql, user_id=org.admin_id, version=Version(60))


def _each(work: Callable[[str], object], soql: str) -> float:
    def all_of_them() -> None:
        for _ in range(TIMES):
            work(soql)

    return worked(all_of_them) / TIMES


if __name__ == "__main__":
    parsing()
    binding()
    children()
    groups()
    odd()
