"""The usage header as the service really sends it: many servers, each with a stale view of the counter.

Of 2,448 recorded steps between requests at most a minute apart 30 % stayed, 15 % rose by one, 26 % jumped and 29 % fell
(wire-facts.md 1). Here each reply shows the value of some calls before, or once more what the last one showed.
"""

from __future__ import annotations

import random
import threading
from collections import deque

FURTHEST = 6
"""How many calls a view lies behind at most."""
_SAME = 0.2


class StaleCounter:
    """The views of one org, seeded. It lives beside the database, as the history does."""

    def __init__(self) -> None:
        self._looking = threading.Lock()
        self._random = random.Random(0)
        self._values: deque[int] = deque(maxlen=FURTHEST + 1)
        self._shown = -1

    def view(self, used: int) -> int:
        """What a server shows while so much is really used."""
        with self._looking:
            self._values.append(used)
            again = self._random.random() < _SAME
            if not again or self._shown not in self._values:
                self._shown = self._values[self._random.randrange(len(self._values))]
            return self._shown

    def rewind(self) -> None:
        """Begin anew."""
        with self._looking:
            self._random.seed(0)
            self._values.clear()
            self._shown = -1
