"""The one flat fact that the engine is told of an item: which fields it has, and how a row fills them in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec import Struct, field

from imr_rules.durable.text import bounded, plain_word
from imr_rules.expression import Compare, Leaf, Linear, OneOf, Truth
from imr_rules.expression.normal_form import Rail, Test
from imr_rules.expression.reference import bounds
from imr_rules.expression.values import Row, Value

Reading = Literal["plain", "some", "only"]
"""How silence that counts against the request is read: as the unknown it is; or turned towards what a rule
asks for wherever some fact of a leaf is silent; or only where nothing but silence keeps the leaf open."""

_ALWAYS = '{"kind":"item","sid":"0","id":"1"'


class Form(NamedTuple):
    """A sum of facts in one reading, asserted as two fields: its least and greatest value, less its constant.

    A reading that turns silence towards what is asked exchanges the two: what a comparison asks of every
    possible value it then asks of some.
    """

    low: str
    high: str
    form: Linear
    reading: Reading


class Fields(Struct):
    """Names the fields that the leaves of some rules need, and fills them in from a row.

    Attributes:
        forms: sums of facts, in each reading that is asked for.
        flags: truths, each in a field that is left out while the truth is unknown.
        words: facts that are words.
        passes: yes-or-no leaves on rails that read silence, each in a field that is true where it passes.
        may_be_silent: the facts whose silence some rule reads.
    """

    forms: dict[tuple[Linear, Reading], Form] = field(default_factory=dict)
    flags: dict[Leaf, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    passes: dict[Test, str] = field(default_factory=dict)
    may_be_silent: set[str] = field(default_factory=set)

    def copy(self) -> Fields:
        """Return fields that can be added to without changing these."""
        return Fields(
            dict(self.forms), dict(self.flags), dict(self.words), dict(self.passes), set(self.may_be_silent)
        )

    def form(self, node: Compare, how: Reading) -> Form:
        """Return the fields of what a comparison compares."""
        bare = Linear(node.form.terms)
        if how != "plain":
            self.may_be_silent.update(name for name, _ in bare.terms)
        index = len(self.forms)
        return self.forms.setdefault((bare, how), Form(f"n{index}_low", f"n{index}_high", bare, how))

    def flag(self, leaf: Leaf) -> str:
        """Return the field of a truth."""
        return self.flags.setdefault(leaf, f"b{len(self.flags)}")

    def word(self, name: str) -> str:
        """Return the field of a fact that is a word."""
        return self.words.setdefault(name, f"w{len(self.words)}")

    def passing(self, test: Test) -> str:
        """Return the field that is true where a yes-or-no leaf passes on a rail that reads silence."""
        assert isinstance(test.leaf, (Truth, OneOf))
        self.may_be_silent.add(test.leaf.name)
        return self.passes.setdefault(test, f"s{len(self.passes)}")

    def names(self) -> list[str]:
        """Return the name of every field."""
        found = [name for form in self.forms.values() for name in (form.low, form.high)]
        return [
            "kind", "sid", "id", *found, *self.flags.values(), *self.words.values(), *self.passes.values(),
        ]  # fmt: skip

    def fact(self, row: Row) -> str:
        """Return the fact of an item as the engine's JSON. Unknown truths and words are left out.

        Where nothing is silent, no criterion is undocumented, and what only those rules ask for is left out.

        Raises:
            EngineError: where a number or a word of the row is none that the engine takes as it is.
        """
        written = [_ALWAYS]
        silent = any(row[name].silent for name in self.may_be_silent)
        for low_field, high_field, form, how in self.forms.values():
            if how != "plain" and not silent:
                continue
            low, high = bounds(form, row)
            if how != "plain" and _turned([row[name] for name, _ in form.terms], how):
                low, high = high, low
            written.append(f'"{low_field}":{bounded(low):d},"{high_field}":{bounded(high):d}')
        for leaf, flag in self.flags.items():
            found = _truth(leaf, row)
            if found is not None:
                written.append(f'"{flag}":true' if found else f'"{flag}":false')
        for name, word_field in self.words.items():
            text = row[name].text
            if text is not None:
                written.append(f'"{word_field}":"{plain_word(text)}"')
        if silent:
            for (leaf, rail), passes in self.passes.items():
                assert isinstance(leaf, (Truth, OneOf))
                found = _truth(leaf, row)
                # Of one fact that leaves the leaf open, both readings of silence come to whether it is silent.
                if row[leaf.name].silent if found is None else found == asks(rail):
                    written.append(f'"{passes}":true')
        return ",".join(written) + "}"


def asks(rail: Rail) -> bool:
    """Return what a rail asks of a leaf: that it be true, or false."""
    return rail.startswith("true")


def reading(rail: Rail) -> Reading:
    """Return how a rail reads silence."""
    return "some" if rail.endswith("silent") else "only" if rail.endswith("shown") else "plain"


def _turned(values: Sequence[Value], how: Reading) -> bool:
    """Whether a reading turns what is open about some facts towards what is asked."""
    if how == "plain" or not any(value.silent for value in values):
        return False
    return how == "some" or all(value.silent or value.exact for value in values)


def _truth(leaf: Leaf, row: Row) -> bool | None:
    """Return a fact that is a truth, or whether a fact is one of several values."""
    assert isinstance(leaf, (Truth, OneOf))
    value = row[leaf.name]
    if isinstance(leaf, Truth):
        return bool(value.low) if value.low == value.high else None
    if value.text is not None:
        return value.text in leaf.values
    if isinstance(next(iter(leaf.values)), str):
        return None
    inside = sum(value.low <= each <= value.high for each in leaf.values if isinstance(each, int))
    if not inside:
        return False
    return True if inside == value.high - value.low + 1 else None
