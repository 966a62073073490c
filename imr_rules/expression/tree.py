"""What a criterion asks, as a typed tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

Comparator = Literal["<", "<=", ">", ">=", "==", "!="]


class Linear(Struct, frozen=True):
    """A sum of whole multiples of facts plus a constant, in one unit.

    ``terms`` are (name, factor) pairs, each name once, no factor 0, in order of name.
    """

    terms: tuple[tuple[str, int], ...]
    constant: int = 0

    def minus(self, other: Linear) -> Linear:
        """Return this less ``other``."""
        factors = dict(self.terms)
        for name, factor in other.terms:
            factors[name] = factors.get(name, 0) - factor
        kept = tuple(sorted((name, factor) for name, factor in factors.items() if factor))
        return Linear(kept, self.constant - other.constant)

    def times(self, factor: int) -> Linear:
        """Return this taken ``factor`` times."""
        if factor == 0:
            return Linear(())
        return Linear(tuple((name, each * factor) for name, each in self.terms), self.constant * factor)


class Constant(Struct, frozen=True):
    """``true`` or ``false``."""

    value: bool


class Truth(Struct, frozen=True):
    """A yes-or-no fact."""

    name: str


class Compare(Struct, frozen=True):
    """``form op 0``, where ``form`` is the left side less the right side."""

    op: Comparator
    form: Linear


class OneOf(Struct, frozen=True):
    """Whether a fact is one of some words or whole numbers."""

    name: str
    values: frozenset[str] | frozenset[int]


class Not(Struct, frozen=True):
    """The opposite of a tree."""

    inner: Node


class AllOf(Struct, frozen=True):
    """True when every part is true: ``and``."""

    parts: tuple[Node, ...]


class AnyOf(Struct, frozen=True):
    """True when some part is true: ``or``."""

    parts: tuple[Node, ...]


Leaf = Constant | Truth | Compare | OneOf
Node = Leaf | Not | AllOf | AnyOf


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, left to right."""
    if isinstance(node, Not):
        yield from leaves(node.inner)
    elif isinstance(node, (AllOf, AnyOf)):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def names(node: Node) -> Iterator[str]:
    """Yield the names of the facts a tree asks for, left to right, some of them perhaps twice."""
    for leaf in leaves(node):
        if isinstance(leaf, Compare):
            yield from (name for name, _ in leaf.form.terms)
        elif not isinstance(leaf, Constant):
            yield leaf.name
