"""The stages of a query: what each takes beside the one before it."""

from __future__ import annotations

from measure import side_by_side, timed

from sfmock.soql.lexer import tokenize
from sfmock.soql.parser import parse

TIMES = 500
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


def _each(work: object, soql: str) -> float:
    assert callable(work)
    return timed(lambda: [work(soql) for _ in range(TIMES)]) / TIMES


if __name__ == "__main__":
    parsing()
