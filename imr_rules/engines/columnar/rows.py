"""Some rows of a batch that one shape judges, and what was worked out about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np

from imr_rules.engines.algebra import Valuation
from imr_rules.engines.columnar.bindings import Bindings, distinct
from imr_rules.engines.columnar.column import Column, Places, exact, picked
from imr_rules.engines.columnar.leaves import decide
from imr_rules.engines.columnar.lists import Ragged, named
from imr_rules.engines.columnar.masks import Mask, Masks, mask, negated
from imr_rules.engines.shape import Leaf, Table


class Rows(Valuation[Mask]):
    """Some rows of a batch, each with a binding of the shape's slots; each part is worked out once on each rail.

    Args:
        columns: the facts of the batch, by name.
        places: which rows of it.
        count: how many.
        bindings: what stands in the slots.
        which: for each row the place of its binding; None where there is but one.
    """

    def __init__(
        self, columns: Mapping[str, Column], places: Places, count: int, bindings: Bindings, which: Any = None
    ) -> None:
        super().__init__(Masks())
        self._columns = columns
        self.places, self.count, self.bindings, self.which = places, count, bindings, which
        self._found: dict[int, Column] = {}

    def column(self, slot: int) -> Column:
        """Return what these rows say of the facts that stand in a slot."""
        found = self._found.get(slot)
        if found is None:
            names, own = self.bindings.facts(slot)
            columns = [self._columns[name].at(self.places) for name in names]
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
        silent = self.column(fact).silent
        return False if silent is None else mask(silent)

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
        self._found[table.fact] = Column(low, most, exact=single, most=largest)

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
        known = [self._columns[name].words for name in names]
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
