"""Fields that are alike: most differ from others in their own words only, so what is written of them is written once.

What they share is a text with marks in the place of their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from operator import attrgetter

from sfmock.schema.model import Field

MARK = "\ue000"
"""Stands for a value in JSON; where a text of the user's is the same, nothing is shared."""
_OWN = frozenset({"name", "label", "picklist", "relationship_name"})
_shared = attrgetter(
    *(each for each in Field.__dataclass_fields__ if each not in _OWN | {"default"})
)
_MOST = 2048


class SharedTexts:
    """JSON texts of fields by all that these say but their names, labels, picklists and relationships."""

    def __init__(self) -> None:
        self._templates: dict[Hashable, str] = {}
        """Empty for what is not to be shared."""

    def fill(
        self, field: Field, kind: Hashable, own: tuple[str, ...], write: Callable[[], str]
    ) -> str | None:
        """What `write` writes with these JSON values for its marks, in their order; None where it is not to be shared.

        `kind` tells apart what is written of fields that are alike.
        """
        key = (kind, repr(field.default), _shared(field))  # 0, False and 0.0 are three defaults
        template = self._templates.get(key)
        if template is None:
            if len(self._templates) >= _MOST:
                self._templates.clear()
            template = self._templates[key] = _template(write(), len(own))
        return template % own if template else None


def _template(text: str, marks: int) -> str:
    parts = [each.replace("%", "%%") for each in text.split(f'"{MARK}"')]
    return "%s".join(parts) if len(parts) == marks + 1 else ""
