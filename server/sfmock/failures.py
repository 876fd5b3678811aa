"""What is raised: an answer of Salesforce's, a refusal of ours, and the kinds that the table in `errors` is made of.

Nothing is rendered here: `represent.error_bodies` writes the form of each API family.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self


class SalesforceError(Exception):
    """What Salesforce would answer. `fields` is None for request-level errors and a tuple for row errors."""

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: Sequence[str] | None = None,
        status: int = 400,
        router: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = None if fields is None else tuple(fields)
        self.status = status
        self.router = router
        """The REST framework wrote it: `errorCode` comes before `message` (wire-facts.md 2)."""
        self.aftermath: Callable[[], None] | None = None
        """What is written although the request failed and all else of it was rolled back."""

    def leaving(self, aftermath: Callable[[], None]) -> Self:
        """The error, which leaves a trace: a failed log-in is counted, a token that was used twice is revoked."""
        self.aftermath = aftermath
        return self

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status} {self.code}>"


class SeveralErrors(SalesforceError):
    """One row failed for several reasons: REST answers all of them in one list."""

    def __init__(self, errors: Sequence[SalesforceError]) -> None:
        first = errors[0]
        super().__init__(first.code, first.message, fields=first.fields, status=first.status)
        self.errors = tuple(errors)


class MultipleChoices(SalesforceError):
    """An external id value belongs to several rows: 300 with a bare list of their paths (rest.md 2.6)."""

    def __init__(self, ids: Sequence[str], sobject: str) -> None:
        super().__init__("MULTIPLE_CHOICES", "several records match", status=300)
        self.ids = tuple(ids)
        self.sobject = sobject


class SentBack(SalesforceError):
    """An error of an authorization: the browser goes back to the app's callback, which has it in its URL (oauth.md 3.3)."""

    def __init__(self, code: str, message: str, *, location: str) -> None:
        super().__init__(code, message, status=302)
        self.location = location


class OAuthFailure(SalesforceError):
    """An error of the token endpoint that says where one can read more of it (`error_uri`)."""

    def __init__(self, kind: Kind, uri: str) -> None:
        super().__init__(kind.code, kind.template, status=kind.status)
        self.uri = uri


class Refused(SalesforceError):
    """The fake lacks this: 501 for the client, and the test fails unless it allows this refusal."""

    def __init__(self, feature: str) -> None:
        super().__init__(
            "SFMOCK_NOT_IMPLEMENTED",
            f"pytest-sfmock does not implement this yet: {feature}",
            status=501,
        )
        self.feature = feature


def refuse(feature: str) -> Refused:
    """The error to raise for what the fake does not do; `feature` names it in Salesforce's words."""
    return Refused(feature)


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of the catalogue. Calling it with the template's values makes the error."""

    code: str
    template: str
    status: int = 400
    row: bool = False
    """A row error: `fields` is present even when it is empty."""
    router: bool = False
    unverified: bool = False
    """Nobody has recorded it: code, status or wording is the documented form or the best guess (`sfmock errors` says so)."""

    def __call__(self, *, fields: Sequence[str] = (), **values: object) -> SalesforceError:
        """The error with its wording filled in; `fields` counts for row errors only."""
        return SalesforceError(
            self.code,
            self.template.format(**values) if values else self.template,
            fields=fields if self.row else None,
            status=self.status,
            router=self.router,
        )
