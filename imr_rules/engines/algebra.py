"""What a criteria tree means, over any kind of truth values: arrays with a truth for each row, or terms of a solver.

:mod:`imr_rules.expression.reference` says it for one row, with three values. Here every value is an engine's own, and
two of them, on the rails *surely true* and *surely false*, stand for the three: what is on neither rail is unknown.
The rails that read silence are those of :mod:`imr_rules.expression.normal_form`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from imr_rules.engines.shape import Joined, Leaf, Opposite, Part, Table
from imr_rules.expression.normal_form import OPPOSITE, Rail

T = TypeVar("T")


class Algebra(Protocol[T]):
    """Truth values and their ``and``, ``or`` and ``not``.

    A result that is one of the two constants is that very object. Terms may come from a generator; none is asked for
    after one that decides.
    """

    @property
    def true(self) -> T:
        """True everywhere."""

    @property
    def false(self) -> T:
        """False everywhere."""

    def every(self, terms: Iterable[T]) -> T:
        """Return ``and`` of some terms: true where there are none."""

    def some(self, terms: Iterable[T]) -> T:
        """Return ``or`` of some terms: false where there are none."""

    def negated(self, term: T) -> T:
        """Return ``not`` of a term."""

    def plain(self, term: T) -> T:
        """Return the constant that a term amounts to, where that is cheap to see; else the term."""


class Valuation(ABC, Generic[T]):
    """What is known of the facts of a shape, and with it where each part of its trees is on each rail.

    Args:
        algebra: the engine's truth values.
    """

    def __init__(self, algebra: Algebra[T]) -> None:
        self.algebra = algebra
        self._rails: dict[tuple[int, Rail | None], T] = {}

    @abstractmethod
    def decide(self, leaf: Leaf) -> tuple[T, T]:
        """Return where a leaf is surely true, and where surely false."""

    @abstractmethod
    def yes(self, fact: int) -> T:
        """Return where a yes-or-no fact is surely true."""

    @abstractmethod
    def exact(self, fact: int) -> T:
        """Return where one value of a fact alone is possible."""

    @abstractmethod
    def silent(self, fact: int) -> T:
        """Return where a fact is open for silence that counts against the request."""

    @abstractmethod
    def assumed(self, fact: int) -> T:
        """Return where a fact is known only because nothing was said of it."""

    @abstractmethod
    def told(self, fact: int) -> T:
        """Return where a value of a fact, or bounds, are stated."""

    @abstractmethod
    def contradicted(self) -> T:
        """Return where a case contradicts itself in something that every answer turns on."""

    @abstractmethod
    def stated(self) -> Valuation[T]:
        """Return what would be known if nothing were assumed; the tables of limits stay as they are."""

    @abstractmethod
    def work_out(self, table: Table) -> None:
        """Add the number of a limit with rows as a fact: see :meth:`imr_rules.rulebook.plan.TableLimit.value`."""

    def rail(self, part: Part, which: Rail) -> T:
        """Return where a part is on a rail."""
        found = self._rails.get((part.place, which))
        if found is None:
            found = self._rails[part.place, which] = self._rail(part, which)
        return found

    def open(self, part: Part) -> T:
        """Return where a part is neither surely true nor surely false."""
        found = self._rails.get((part.place, None))
        if found is None:
            decided = self.algebra.some((self.rail(part, "true"), self.rail(part, "false")))
            found = self._rails[part.place, None] = self.algebra.negated(decided)
        return found

    def _rail(self, part: Part, which: Rail) -> T:
        if isinstance(part, Joined):
            join = self.algebra.every if part.every == which.startswith("true") else self.algebra.some
            return join(self.rail(each, which) for each in part.parts)
        if isinstance(part, Opposite):
            return self.rail(part.inner, OPPOSITE[which])
        assert isinstance(part, Leaf)
        return self._leaf(part, which)

    def _leaf(self, leaf: Leaf, which: Rail) -> T:
        if which in ("true", "false"):
            true, false = self._rails[leaf.place, "true"], self._rails[leaf.place, "false"] = self.decide(
                leaf
            )
            return true if which == "true" else false
        every, some = self.algebra.every, self.algebra.some
        decided = self.rail(leaf, "true" if which.startswith("true") else "false")
        read = some(self.silent(fact) for fact in leaf.facts)
        if read is self.algebra.false:
            return decided
        if which.endswith("if_shown"):
            alone = (some((self.silent(fact), self.exact(fact))) for fact in leaf.facts)
            read = every((read, *alone))
        return some((decided, every((read, self.open(leaf)))))
