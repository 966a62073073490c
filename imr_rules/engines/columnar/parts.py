"""Parts of criteria trees over many rows at once, with holes where rulebooks name facts and numbers.

A part is asked for its rails: where it is surely true, and where it is surely false. Open is what is on neither
rail. The rails that hear silence are those of :mod:`imr_rules.expression.normal_form`. Two parts are equal where
they ask the same of their holes, whatever fills them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from imr_rules.engines.columnar.column import exact
from imr_rules.engines.columnar.leaves import compare, one_of_numbers, one_of_words, truth
from imr_rules.engines.columnar.masks import Mask, both, either, mask, negated
from imr_rules.expression import Comparator
from imr_rules.expression.normal_form import OPPOSITE, Rail

if TYPE_CHECKING:
    from imr_rules.engines.columnar.rows import Rows


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a tree, shared wherever the same part occurs; ``place`` tells it from the others of its shape."""

    place: int

    def rail(self, which: Rail, rows: Rows) -> Mask:
        """Return where this part is on a rail."""
        key = (self.place, which)
        found = rows.memo.get(key)
        if found is None:
            found = rows.memo[key] = self._rail(which, rows)
        return found

    def open(self, rows: Rows) -> Mask:
        """Return where this part is neither true nor false."""
        key = (self.place, None)
        found = rows.memo.get(key)
        if found is None:
            found = negated(either(self.rail("true", rows), self.rail("false", rows)))
            rows.memo[key] = found
        return found

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        raise NotImplementedError

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
        """Yield each fact that keeps this part open, with the rows where it does, in the reference's order."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Joined(Part):
    """``and``, or else ``or``."""

    every: bool
    parts: tuple[Part, ...]

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        join = both if self.every == which.startswith("true") else either
        result: Mask = join is both
        for part in self.parts:
            result = join(result, part.rail(which, rows))
            if isinstance(result, bool) and result is (join is either):
                break
        return result

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
        """Yield each fact that keeps this part open."""
        within = both(within, self.open(rows))
        if within is not False:
            for part in self.parts:
                yield from part.open_facts(rows, within)


@dataclass(frozen=True, slots=True)
class Opposite(Part):
    """``not``."""

    inner: Part

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        return self.inner.rail(OPPOSITE[which], rows)

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
        """Yield each fact that keeps this part open."""
        yield from self.inner.open_facts(rows, within)


@dataclass(frozen=True, slots=True)
class Leaf(Part):
    """A part that asks for facts itself."""

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        raise NotImplementedError

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        raise NotImplementedError

    def _rail(self, which: Rail, rows: Rows) -> Mask:
        if which in ("true", "false"):
            true, false = self.decide(rows)
            rows.memo[self.place, "true"], rows.memo[self.place, "false"] = true, false
            return true if which == "true" else false
        decided = self.rail("true" if which.startswith("true") else "false", rows)
        columns = [rows.column(fact) for fact in self.facts()]
        heard: Mask = False
        for column in columns:
            if column.silent is not None:
                heard = either(heard, mask(column.silent))
        if heard is False:
            return decided
        if which.endswith("if_shown"):
            for column in columns:
                alone = either(exact(column), False if column.silent is None else mask(column.silent))
                heard = both(heard, alone)
        return either(decided, both(heard, self.open(rows)))

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
        """Yield each fact that keeps this part open."""
        within = both(within, self.open(rows))
        if within is not False:
            for fact in self.facts():
                yield fact, within


@dataclass(frozen=True, slots=True)
class Fixed(Leaf):
    """``true`` or ``false``."""

    value: bool

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        return ()

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        return self.value, not self.value


@dataclass(frozen=True, slots=True)
class Truthful(Leaf):
    """A yes-or-no fact."""

    fact: int

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        return (self.fact,)

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        return truth(rows.column(self.fact))


@dataclass(frozen=True, slots=True)
class Compared(Leaf):
    """A sum of multiples of facts beside a number."""

    op: Comparator
    terms: tuple[tuple[int, int], ...]
    number: int

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        return tuple(fact for fact, _ in self.terms)

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        return compare(self.op, self.terms, self.number, rows)

    def open_facts(self, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
        """Yield each fact that keeps this part open."""
        within = both(within, self.open(rows))
        if within is not False:
            for fact, _ in self.terms:
                yield fact, both(within, negated(exact(rows.column(fact))))


@dataclass(frozen=True, slots=True)
class WordAmong(Leaf):
    """Whether the word of a choice is one of some words."""

    fact: int
    words: int

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        return (self.fact,)

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        return one_of_words(self.fact, self.words, rows)


@dataclass(frozen=True, slots=True)
class NumberAmong(Leaf):
    """Whether a number is one of some numbers, which are the same in every rulebook of this shape."""

    fact: int
    numbers: frozenset[int]

    def facts(self) -> tuple[int, ...]:
        """Return the facts it asks for."""
        return (self.fact,)

    def decide(self, rows: Rows) -> tuple[Mask, Mask]:
        """Return where it is surely true, and where surely false."""
        return one_of_numbers(self.numbers, rows.column(self.fact))
