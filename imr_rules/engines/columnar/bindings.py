"""What fills the holes of a shape: the facts, numbers and words of each rulebook plan that has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

import numpy as np

_T = TypeVar("_T")

MOST_FACTS = 8
"""The most facts that take turns in one hole: each is read for every row, and those of other rows are dropped."""


class Filling(NamedTuple):
    """What fills the holes of a shape for one plan.

    Attributes:
        facts: by hole, the name of its fact or of its table of limits.
        codes: by hole, the number of the fact among all; -1 for a table of limits.
        numbers, words: by hole of their own.
        criteria: the numbers of the plan's criteria among all, in its order.
    """

    facts: tuple[str, ...]
    codes: tuple[int, ...]
    numbers: tuple[int, ...]
    words: tuple[frozenset[str], ...]
    criteria: tuple[int, ...]


class Fillings:
    """Fillings of one shape side by side.

    Args:
        every: the fillings, in an order by which rows refer to them.
    """

    def __init__(self, every: Sequence[Filling]) -> None:
        self.every = tuple(every)
        self._facts: dict[int, tuple[tuple[str, ...], Any]] = {}
        self._numbers: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self.every)

    @cached_property
    def criteria(self) -> Any:
        """The numbers of criteria: a row for each filling."""
        return np.array([each.criteria for each in self.every], np.int32)

    @cached_property
    def codes(self) -> Any:
        """The numbers of facts: a row for each filling."""
        return np.array([each.codes for each in self.every], np.int32)

    def facts(self, hole: int) -> tuple[tuple[str, ...], Any]:
        """Return the facts that fill a hole, each once, and for each filling the place of its own among them."""
        found = self._facts.get(hole)
        if found is None:
            names, own = distinct([each.facts[hole] for each in self.every])
            found = self._facts[hole] = tuple(names), own.astype(np.int8)  # there are few
        return found

    def number(self, hole: int) -> Any:
        """Return the number that fills a hole; where fillings differ, an array with one for each."""
        found = self._numbers.get(hole)
        if found is None:
            every = [each.numbers[hole] for each in self.every]
            found = every[0] if len(set(every)) == 1 else _array(every)
            self._numbers[hole] = found
        return found


def distinct(every: Sequence[_T]) -> tuple[list[_T], Any]:
    """Return what is among some things, each once, and for each of them its place there."""
    places = {each: place for place, each in enumerate(dict.fromkeys(every))}
    return list(places), np.array([places[each] for each in every])


def _array(numbers: Sequence[int]) -> Any:
    """Return numbers as an array that holds each of them exactly."""
    fit = min(numbers) >= -(2**63) and max(numbers) < 2**63
    return np.array(numbers, np.int64 if fit else object)


def together(fillings: Sequence[tuple[int, Filling]]) -> Iterator[Sequence[tuple[int, Filling]]]:
    """Yield fillings of one shape that are judged together: no hole has too many facts to take turns.

    Args:
        fillings: each with a key to know it by.
    """
    by_hole = zip(*(filling.facts for _, filling in fillings), strict=True)
    if max(map(len, map(set, by_hole)), default=1) <= MOST_FACTS:
        yield fillings
        return
    alike = sorted(fillings, key=lambda each: each[1].facts)
    middle = len(alike) // 2
    yield from together(alike[:middle])
    yield from together(alike[middle:])
