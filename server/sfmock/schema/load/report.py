"""What a load read, and what it did not: nothing is skipped in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the source that was not read."""

    file: str
    """Where it stands, from the folder that was loaded; the first place, if there are several."""
    element: str
    reason: str
    behaviour: bool = True
    """Without it the fake answers otherwise than the org: a strict load raises."""
    count: int = 1

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.file}: {self.element}{times}: {self.reason}"


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `org.schema.load()` made of its sources; its text is meant to be read."""

    sources: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    """Sobjects that the sources are about; most of them were added or changed."""
    fields: tuple[str, ...] = ()
    """Fields that were added or changed, as `Account.Level__c`."""
    record_types: tuple[str, ...] = ()
    value_sets: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    """Custom metadata records, as `Rate__mdt.Standard`."""
    removed: tuple[str, ...] = ()
    """Standard fields that a describe does not have, so that the org has them no longer."""
    left_out: tuple[LeftOut, ...] = ()

    @property
    def behaviour(self) -> tuple[LeftOut, ...]:
        """What was left out and makes a difference: validation rules, triggers, formulas, files that cannot be read."""
        return tuple(each for each in self.left_out if each.behaviour)

    def __repr__(self) -> str:
        return f"<LoadReport: {self.summary}>"

    def __str__(self) -> str:
        return "\n".join(self.lines())

    @property
    def summary(self) -> str:
        """One line: how much was read, how much was not."""
        read = (
            _number(self.objects, "sobject"),
            _number(self.fields, "field"),
            _number(self.record_types, "record type"),
            _number(self.value_sets, "value set"),
            _number(self.records, "record"),
        )
        left = sum(each.count for each in self.left_out)
        words = [word for word in read if not word.startswith("0 ")] or ["nothing"]
        return f"read {', '.join(words)}; left out {left or 'nothing'}"

    def lines(self) -> Iterable[str]:
        """The report as text: first what makes a difference."""
        yield f"{self.summary[0].upper()}{self.summary[1:]}."
        if self.removed:
            yield f"Standard fields that the describes do not have: {', '.join(self.removed)}."
        for behaviour, head in (
            (True, "Left out, and the fake differs from the org in it:"),
            (False, "Left out, without effect on what is served:"),
        ):
            found = [each for each in self.left_out if each.behaviour is behaviour]
            if found:
                yield head
                yield from (f"  {each}" for each in found)


class LeftOutError(ValueError):
    """A strict load met something that it does not read and that makes a difference; nothing was loaded."""

    def __init__(self, report: LoadReport) -> None:
        self.report = report
        found = report.behaviour
        super().__init__(
            f"{', '.join(report.sources)}: {len(found)} of its parts are not read, and your org acts on them."
            " Nothing was loaded; strict=False loads the rest.\n"
            + "\n".join(f"  {each}" for each in found)
        )


@dataclass(slots=True)
class Notes:
    """What is left out, collected while reading; what has no effect is counted, not listed one by one."""

    found: list[LeftOut] = field(default_factory=list)
    number: int = 0
    """How often anything was noted."""
    _counted: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def behaviour(self, file: str, element: str, reason: str) -> None:
        """Note something that makes a difference."""
        self.number += 1
        self.found.append(LeftOut(file, element, reason))

    def effectless(self, file: str, element: str, reason: str, count: int = 1) -> None:
        """Note something that changes nothing of what is served."""
        self.number += 1
        first, before = self._counted.get((element, reason), (file, 0))
        self._counted[element, reason] = (first, before + count)

    def withdraw(self, owner: str) -> None:
        """Take back what was noted of a formula or a number: another source tells it."""
        told = {f"{owner}: formula", f"{owner}: display format"}
        self.found = [each for each in self.found if each.element not in told]

    def all(self) -> tuple[LeftOut, ...]:
        """Everything noted, what makes a difference first."""
        return (
            *self.found,
            *(
                LeftOut(file, element, reason, behaviour=False, count=count)
                for (element, reason), (file, count) in self._counted.items()
            ),
        )


def _number(names: tuple[str, ...], word: str) -> str:
    return f"{len(names)} {word}{'' if len(names) == 1 else 's'}"
