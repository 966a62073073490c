"""Bindings of one shape side by side: what stands in its slots for each of the plans that are judged together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from imr_rules.engines.shape import Binding

_T = TypeVar("_T")

MOST_FACTS = 8
"""The most facts that take turns in one slot: each is read for every row, and those of other rows are dropped."""


class Bindings:
    """Bindings of one shape side by side.

    Args:
        every: the bindings, in an order by which rows refer to them.
    """

    def __init__(self, every: Sequence[Binding]) -> None:
        self.every = tuple(every)
        self._facts: dict[int, tuple[tuple[str, ...], Any]] = {}
        self._numbers: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self.every)

    @cached_property
    def criteria(self) -> Any:
        """The numbers of criteria: a row for each binding."""
        return np.array([each.criteria for each in self.every], np.int32)

    @cached_property
    def codes(self) -> Any:
        """The numbers of facts: a row for each binding."""
        return np.array([each.codes for each in self.every], np.int32)

    def facts(self, slot: int) -> tuple[tuple[str, ...], Any]:
        """Return the facts that stand in a slot, each once, and for each binding the place of its own among them."""
        found = self._facts.get(slot)
        if found is None:
            names, own = distinct([each.facts[slot] for each in self.every])
            found = self._facts[slot] = tuple(names), own.astype(np.int8)  # there are few
        return found

    def number(self, slot: int) -> Any:
        """Return the number in a slot; where bindings differ, an array with one for each."""
        found = self._numbers.get(slot)
        if found is None:
            every = [each.numbers[slot] for each in self.every]
            found = every[0] if len(set(every)) == 1 else _array(every)
            self._numbers[slot] = found
        return found


def distinct(every: Sequence[_T]) -> tuple[list[_T], Any]:
    """Return what is among some things, each once, and for each of them its place there."""
    places = {each: place for place, each in enumerate(dict.fromkeys(every))}
    return list(places), np.array([places[each] for each in every])


def _array(numbers: Sequence[int]) -> Any:
    """Return numbers as an array that holds each of them exactly."""
    fit = min(numbers) >= -(2**63) and max(numbers) < 2**63
    return np.array(numbers, np.int64 if fit else object)


def together(bindings: Sequence[tuple[int, Binding]]) -> Iterator[Sequence[tuple[int, Binding]]]:
    """Yield bindings of one shape that are judged together: no slot has too many facts to take turns.

    Args:
        bindings: each with a key to know it by.
    """
    by_slot = zip(*(binding.facts for _, binding in bindings), strict=True)
    if max(map(len, map(set, by_slot)), default=1) <= MOST_FACTS:
        yield bindings
        return
    alike = sorted(bindings, key=lambda each: each[1].facts)
    middle = len(alike) // 2
    yield from together(alike[:middle])
    yield from together(alike[middle:])
