"""Some rows of a batch that one shape judges, and what was worked out about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

import numpy as np

from imr_rules.engines.algebra import Valuation
from imr_rules.engines.columnar.bindings import Bindings, distinct
from imr_rules.engines.columnar.column import Column, Places, exact, picked
from imr_rules.engines.columnar.items import Facts
from imr_rules.engines.columnar.leaves import decide
from imr_rules.engines.columnar.lists import Ragged, named
from imr_rules.engines.columnar.masks import Mask, Masks, mask, negated
from imr_rules.engines.shape import Leaf, Table


class Rows(Valuation[Mask]):
    """Some rows of a batch, each with a binding of the shape's slots; each part is worked out once on each rail.

    Args:
        facts: the facts of the batch.
        places: which rows of it.
        count: how many.
        bindings: what stands in the slots.
        which: for each row the place of its binding; None where there is but one.
        limits: the tables of limits that are worked out already.
        opened: whether what is assumed is taken as not known.
    """

    def __init__(
        self, facts: Facts, places: Places, count: int, bindings: Bindings, which: Any = None, *,
        limits: Mapping[int, Column] = {}, opened: bool = False,
    ) -> None:  # fmt: skip
        super().__init__(Masks())
        self._facts, self._opened = facts, opened
        self.places, self.count, self.bindings, self.which = places, count, bindings, which
        self._limits = dict(limits)
        self._found: dict[int, Column] = dict(limits)

    def column(self, slot: int) -> Column:
        """Return what these rows say of the facts that stand in a slot."""
        found = self._found.get(slot)
        if found is None:
            names, own = self.bindings.facts(slot)
            columns = [self._facts[name].at(self.places) for name in names]
            if self._opened:
                types = [self._facts.specs[name].type for name in names]
                columns = [each.opened(kind) for each, kind in zip(columns, types, strict=True)]
            if len(columns) == 1:
                found = columns[0]
            else:
                turns = own.take(self.which)
                found = picked(columns, [turns == place for place in range(len(columns))])
            self._found[slot] = found
        return found

    def decide(self, leaf: Leaf) -> tuple[Mask, Mask]:
        """Return where a leaf is surely true, and where surely false."""
        return decide(leaf, self)

    def yes(self, fact: int) -> Mask:
        """Return where a yes-or-no fact is surely true."""
        return mask(self.column(fact).low == 1)

    def exact(self, fact: int) -> Mask:
        """Return where one value of a fact alone is possible."""
        return exact(self.column(fact))

    def silent(self, fact: int) -> Mask:
        """Return where a fact is open for silence that counts against the request."""
        return self.column(fact).silent

    def assumed(self, fact: int) -> Mask:
        """Return where a fact is known only because nothing was said of it."""
        return self.column(fact).assumed

    def told(self, fact: int) -> Mask:
        """Return where a value of a fact, or bounds, are stated."""
        return self.column(fact).told

    def contradicted(self) -> Mask:
        """Return where a case contradicts itself in something that every answer turns on."""
        found = self._facts.contradicted
        return found[self.places] if isinstance(found, np.ndarray) else found

    def stated(self) -> Rows:
        """Return what would be known if nothing were assumed; the tables of limits stay as they are."""
        return self._stated

    @cached_property
    def _stated(self) -> Rows:
        return Rows(
            self._facts, self.places, self.count, self.bindings, self.which, limits=self._limits, opened=True
        )

    def some(self, which: Any, facts: Facts) -> Rows:
        """Return some of these rows over other facts.

        Args:
            which: their places among these, in order.
            facts: of the same batch.
        """
        places = which + self.places.start if isinstance(self.places, slice) else self.places.take(which)
        own = None if self.which is None else self.which.take(which)
        return Rows(facts, places, len(which), self.bindings, own)

    def work_out(self, table: Table) -> None:
        """Add the largest number of the rows of a limit that fit, within what the open rows still allow."""
        none = np.iinfo(np.int64)
        sure = np.full(self.count, none.min)
        least, most = np.full(self.count, none.max), np.full(self.count, none.min)
        for when, slot in table.rows:
            amount = self.number(slot)
            fits, possible = self.rail(when, "true"), negated(self.rail(when, "false"))
            if fits is not False:
                np.maximum(sure, amount, out=sure, where=fits)
            if possible is not False:
                np.minimum(least, amount, out=least, where=possible)
                np.maximum(most, amount, out=most, where=possible)
        settled = sure > none.min
        if table.otherwise is not None:
            amount = self.number(table.otherwise)
            np.minimum(least, amount, out=least, where=~settled)
            np.maximum(most, amount, out=most, where=~settled)
        nothing = most == none.min
        low = np.where(settled, sure, least)
        for values, slot in ((low, table.ends[0]), (most, table.ends[1])):
            np.copyto(values, self.number(slot), where=nothing)
        single = (low == most) & ~nothing
        largest = max(_largest(self.bindings.number(slot)) for slot in table.ends)
        found = Column(low, most, exact=single, most=largest)
        self._found[table.fact] = self._limits[table.fact] = found

    def number(self, slot: int) -> Any:
        """Return the number in a slot: one for all rows, or one for each."""
        found = self.bindings.number(slot)
        return found.take(self.which) if isinstance(found, np.ndarray) else found

    def spread(self, found: Mask) -> Mask:
        """Return a truth of each binding as one of each row; where all agree, one ``bool``."""
        if not isinstance(found, np.ndarray):
            return found
        first = bool(found[0])
        return first if (found == first).all() else found.take(self.which)

    def named(self, found: Iterable[tuple[int, Mask]], of: Literal["criteria", "codes"]) -> Ragged:
        """Return as lists the criteria or facts that masks choose, by their numbers among all of the rulebook.

        Args:
            found: a criterion or fact by its place in the shape, and where it is in the list; in its order.
            of: which of the two.
        """
        return named(found, getattr(self.bindings, of), self.which, self.count)

    def among(self, slot: int, chosen: int) -> Any:
        """Return where the word of a choice is one of those in a slot for words."""
        names, own = self.bindings.facts(slot)
        every = self.bindings.every
        asked, which = distinct(
            [(place, each.words[chosen]) for place, each in zip(own.tolist(), every, strict=True)]
        )
        known = [self._facts[name].words for name in names]
        fits = np.zeros((len(asked), 1 + max(map(len, known))), bool)
        for number, (place, words) in enumerate(asked):
            fits[number, : len(known[place])] = [word in words for word in known[place]]
        codes = self.column(slot).codes  # -1 comes to the last of a table, where there is no word
        if len(asked) > 1:
            codes = codes + (which * fits.shape[1]).take(self.which)
        return fits.reshape(-1).take(codes)


def _largest(found: Any) -> int:
    """Return the largest absolute value of a number, or of an array of them."""
    return int(abs(found).max()) if isinstance(found, np.ndarray) else abs(found)
