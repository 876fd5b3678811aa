"""Random searches that Salesforce answers, over a world whose texts are made of few words."""

from __future__ import annotations

from random import Random

from naive.generate import Generator
from naive.search import Chain, Operand, Quoted, Search, Word
from naive.world import World

PHRASES = (
    "Acme", "acme bank", "Bank of Acme", "ACME-Bank", "bank_acme", "acmebank", "Bank, acme: bank!", "rock'n roll", "Rock & Roll",
    "acme@bank.example", "(415) 555-0100", "415.555.0100", "4155550100", "Zürich bank", "ZÜRICH", "zurich roll", "ß bank", "of of acme",
    "acme rock roll bank", "and or not", "100% Acme", "a b c acme", "\u0131bank", "Æther bank", "roll  acme", "Bank\tof\u00a0Rock",
)  # fmt: skip
WORDS = (
    "acme", "ACME", "Bank", "bank", "roll", "rock", "of", "zürich", "Zurich", "acmebank", "nowhere", "example", "555", "4155550100",
    "ß", "ss", "100", "n", "æther", "bank.example", "acme@bank.example", "ACME-Bank", "rock'n", "bank_acme", "415.555.0100", "c++",
)  # fmt: skip
WILD = (
    "ac*",
    "b?nk",
    "a*k",
    "ba*",
    "*bank",
    "r*l",
    "acm?",
    "ro??",
    "4155*",
    "z?rich",
    "a*b*k",
    "ac**e",
    "??me",
    "of?",
    "55?",
)


class SearchWorld(World):
    """A world for searches."""

    texts = PHRASES


class Finder(Generator):
    """Makes searches over one world."""

    def search(self) -> Search:
        """A search with RETURNING."""
        random = self._random
        sobjects = random.sample(self._objects, random.choice((1, 1, 2, 3)))
        parts = tuple(self.part(each, alone=len(sobjects) == 1) for each in sobjects)
        limit = self._maybe(0.3, lambda: random.randint(0, 12))
        group = random.choice(("ALL", "ALL", "NAME", "EMAIL", "PHONE"))
        return Search(self._term(), group, parts, limit)

    def _term(self) -> Chain:
        while True:
            term = self._chain(2)
            letters = [each for each in str(term) if each.isalnum()]
            if len(letters) > 1:
                return term

    def _chain(self, depth: int) -> Chain:
        count = self._random.choice((0, 0, 1, 1, 2, 3))
        words = ("", "", "AND", "and", "OR", "or", "AND NOT", "and not")
        more = [(self._random.choice(words), self._operand(depth)) for _ in range(count)]
        return Chain(self._operand(depth), tuple((word.upper(), each) for word, each in more))

    def _operand(self, depth: int) -> Operand:
        draw = self._random.random()
        if depth and draw < 0.2:
            return self._chain(depth - 1)
        if draw < 0.4:
            return Word(self._random.choice(WILD), plain=False)
        if draw < 0.6:
            return Quoted(self._phrase())
        return Word(self._random.choice(WORDS))

    def _phrase(self) -> str:
        """Some neighbours of a text, or words that stand nowhere so."""
        words = self._random.choice(PHRASES).split()
        if self._random.random() < 0.3:
            self._random.shuffle(words)
        start = self._random.randrange(len(words))
        chosen = " ".join(words[start : start + self._random.randint(1, 3)])
        return chosen if any(each.isalnum() for each in chosen) else "acme"


def finder(seed: str, world: SearchWorld) -> Finder:
    """The generator of a seed."""
    return Finder(Random(seed), world)
