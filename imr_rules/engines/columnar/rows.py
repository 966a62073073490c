"""Some rows of a batch that one shape judges, and what was worked out about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np

from imr_rules.engines.columnar.bindings import Fillings, distinct
from imr_rules.engines.columnar.column import Column, Places, picked
from imr_rules.engines.columnar.lists import Ragged, named
from imr_rules.engines.columnar.masks import Mask
from imr_rules.expression.normal_form import Rail


class Rows:
    """Some rows of a batch, each with a filling of the shape's holes; each part is worked out once on each rail.

    Args:
        columns: the facts of the batch, by name.
        places: which rows of it.
        count: how many.
        fillings: what fills the holes.
        which: for each row the place of its filling; None where there is but one.
    """

    def __init__(
        self, columns: Mapping[str, Column], places: Places, count: int, fillings: Fillings, which: Any = None
    ) -> None:
        self._columns = columns
        self.places, self.count, self.fillings, self.which = places, count, fillings, which
        self.memo: dict[tuple[int, Rail | None], Mask] = {}
        self._found: dict[int, Column] = {}

    def column(self, hole: int) -> Column:
        """Return what these rows say of the facts that fill a hole."""
        found = self._found.get(hole)
        if found is None:
            names, own = self.fillings.facts(hole)
            columns = [self._columns[name].at(self.places) for name in names]
            if len(columns) == 1:
                found = columns[0]
            else:
                turns = own.take(self.which)
                found = picked(columns, [turns == place for place in range(len(columns))])
            self._found[hole] = found
        return found

    def add(self, hole: int, column: Column) -> None:
        """Add a fact worked out from others."""
        self._found[hole] = column

    def number(self, hole: int) -> Any:
        """Return the number that fills a hole: one for all rows, or one for each."""
        found = self.fillings.number(hole)
        return found.take(self.which) if isinstance(found, np.ndarray) else found

    def spread(self, found: Mask) -> Mask:
        """Return a truth of each filling as one of each row; where all agree, one ``bool``."""
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
        return named(found, getattr(self.fillings, of), self.which, self.count)

    def among(self, hole: int, chosen: int) -> Any:
        """Return where the word of a choice is one of those that fill a hole for words."""
        names, own = self.fillings.facts(hole)
        every = self.fillings.every
        asked, which = distinct(
            [(place, each.words[chosen]) for place, each in zip(own.tolist(), every, strict=True)]
        )
        known = [self._columns[name].words for name in names]
        fits = np.zeros((len(asked), 1 + max(map(len, known))), bool)
        for number, (place, words) in enumerate(asked):
            fits[number, : len(known[place])] = [word in words for word in known[place]]
        codes = self.column(hole).codes  # -1 comes to the last of a table, where there is no word
        if len(asked) > 1:
            codes = codes + (which * fits.shape[1]).take(self.which)
        return fits.reshape(-1).take(codes)
