"""A rulebook as numbers: its names, the days on which editions turn, and the shapes of its plans."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from imr_rules._dates import Window
from imr_rules.engines.columnar.codes import REASONS, RESTS_ON, STATUSES, SUGGESTIONS
from imr_rules.engines.shape import Binding, Shape, shape_of
from imr_rules.facts.flat import columns_of
from imr_rules.rulebook.questions import FIRST

if TYPE_CHECKING:
    from imr_rules.rulebook import Rulebook
    from imr_rules.rulebook.dictionary import FactSpec


class Catalogue:
    """What judging needs of a rulebook, made when it is first asked for and the same ever after."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.facts: dict[str, FactSpec] = dict(rulebook.vocabulary.facts)
        self.columns_of = {name: columns_of(spec) for name, spec in self.facts.items()}
        self._planned: dict[tuple[str, int, int], tuple[Shape, Binding]] = {}
        self._plans: dict[tuple[tuple[str, ...], bool], tuple[Shape, Binding]] = {}
        self._shapes: dict[Shape, Shape] = {}

    @cached_property
    def criteria(self) -> dict[str, int]:
        """Number every criterion."""
        every = (each.id for guideline in self.rulebook.guidelines.values() for each in guideline.criteria)
        return {name: place for place, name in enumerate(sorted(every))}

    @cached_property
    def fact_numbers(self) -> dict[str, int]:
        """Number every fact, and what must be known before an item can be judged at all."""
        names = {*self.facts, *(each.fact for each in FIRST.values())}
        return {name: place for place, name in enumerate(sorted(names))}

    @cached_property
    def treatments(self) -> dict[str, int]:
        """Number every treatment."""
        return {name: place for place, name in enumerate(sorted(self.rulebook.vocabulary.treatments))}

    @cached_property
    def words(self) -> dict[str, pa.Array]:
        """The words that numbers stand for, for each column of words that comes out."""
        named = {"criteria": self.criteria, "facts": self.fact_numbers, "treatments": self.treatments}
        fixed = {
            "statuses": STATUSES,
            "suggestions": SUGGESTIONS,
            "reasons": REASONS,
            "rests_on": RESTS_ON,
            "tiers": self.rulebook.vocabulary.tiers,
        }
        return {name: pa.array(list(words), pa.string()) for name, words in (named | fixed).items()}

    @cached_property
    def turns(self) -> Any:
        """The ordinals of the days on which a guideline begins to govern, or has just ceased to."""
        days = set()
        for guideline in self.rulebook.guidelines.values():
            days.add(guideline.requests.first.toordinal())
            if guideline.requests.last is not None:
                days.add(guideline.requests.last.toordinal() + 1)
        return np.array(sorted(days), np.int64)

    def planned(self, treatment: str, begin: int, end: int) -> tuple[Shape, Binding]:
        """Return the shape of what judges a treatment, and what stands in its slots; the same each time.

        Args:
            treatment: its name.
            begin, end: the places among the turns of the first and the last day of its request.
        """
        key = treatment, begin, end
        found = self._planned.get(key)
        if found is None:
            window = Window(self._day(begin), self._day(end))
            selection = self.rulebook.select(self.rulebook.vocabulary.treatments[treatment], window)
            settled = not selection.open
            governing = tuple(guideline.id for guideline in selection.plan.guidelines), settled
            found = self._plans.get(governing)
            if found is None:
                dictionary = {name: self.fact_numbers[name] for name in self.facts}
                shape, binding = shape_of(selection.plan, settled, self.criteria, dictionary)
                found = self._plans.setdefault(governing, (self._shapes.setdefault(shape, shape), binding))
            self._planned[key] = found
        return found

    def _day(self, place: int) -> date:
        """Return a day that has a place among the turns: all that do are alike."""
        turns = self.turns
        return date.fromordinal(int(turns[place - 1] if place else turns[0] - 1)) if len(turns) else date.max
