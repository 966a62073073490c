"""What a reason shows of its facts, and of the criteria tree that was judged over them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, NamedTuple

from msgspec import Struct
from pydantic import PlainSerializer

from imr_rules.case import Evidence
from imr_rules.expression import AllOf, AnyOf, Node, Not, names, write
from imr_rules.expression.reference import Traced, trace
from imr_rules.expression.values import FactType, Row, Value, say_value


class ShownFact(Struct, frozen=True, gc=False):
    """A fact as a reason used it."""

    name: str
    label: str
    type: FactType
    value: Value

    def __str__(self) -> str:
        return f"{self.label}: {say_value(self.value, self.type)}"


def evidence_for(facts: Iterable[ShownFact]) -> tuple[Evidence, ...]:
    """Return the statements of the record that facts rest on, each once."""
    found = [each for fact in facts for each in fact.value.evidence if isinstance(each, Evidence)]
    return tuple(dict.fromkeys(found))


class Part(NamedTuple):
    """One part of a criteria tree, and what it came to.

    Attributes:
        text: the part in the criteria language; ``all of``, ``any of`` or ``not`` where it has parts.
        truth: True, False, or None while it is unknown.
        facts: the facts it compares, by name, in words; empty where it has parts.
        parts: what it is made of.
    """

    text: str
    truth: bool | None
    facts: Mapping[str, str]
    parts: tuple[Part, ...]


class Working(Struct, frozen=True, gc=False):
    """What a criterion was judged from.

    Attributes:
        condition: when it governs, whole: its guideline's situation, its ``when``, and not superseded.
        requirement: what it demands.
        row: the facts that both were judged over; not to be changed.
        types: their types.
    """

    condition: Node
    requirement: Node
    row: Row
    types: Mapping[str, FactType]

    def shown(self) -> tuple[Part, Part]:
        """Return the condition and the requirement, with what each of their parts came to."""
        return self._part(trace(self.condition, self.row)), self._part(trace(self.requirement, self.row))

    def _part(self, traced: Traced) -> Part:
        node = traced.node
        if isinstance(node, (AllOf, AnyOf)):
            word = "all of" if isinstance(node, AllOf) else "any of"
            return Part(word, traced.truth, {}, tuple(map(self._part, traced.parts)))
        if isinstance(node, Not) and isinstance(node.inner, (AllOf, AnyOf, Not)):
            return Part("not", traced.truth, {}, tuple(map(self._part, traced.parts)))
        said = {_bare(name): say_value(self.row[name], self.types[name]) for name in names(node)}
        return Part(_bare(write(node, self.types)), traced.truth, said, ())


def _bare(text: str) -> str:
    """Leave out of a limit's name the guideline that has it."""
    return re.sub(r"\S+#limits\.", "limits.", text)


def known_of(value: Value, kind: FactType) -> Any:
    """Return what is known of a fact as plain data: a value, bounds, undocumented or missing."""
    if value.state == "missing":
        return {"missing": value.note or "not stated"}
    if value.state == "undocumented":
        return {"undocumented": value.note}
    if kind.kind == "choice":
        return value.text if value.text is not None else {"conflict": value.note}
    if kind.kind == "boolean":
        return bool(value.low) if value.low == value.high else {"conflict": value.note}

    def plain(number: int) -> Any:
        return str(date.fromordinal(number)) if kind.kind == "date" else number

    if value.low == value.high:
        return plain(value.low)
    found: dict[str, Any] = {"at_least": plain(value.low)}
    if value.high < kind.high:
        found["at_most"] = plain(value.high)
    if value.conflict:
        found["conflict"] = value.note
    return found


def _known(fact: ShownFact) -> Any:
    return known_of(fact.value, fact.type)


Known = Annotated[ShownFact, PlainSerializer(_known, return_type=Any)]
"""A fact as a field of a result: what is known of it."""


def _by_name(facts: tuple[ShownFact, ...]) -> dict[str, Any]:
    return {fact.name: _known(fact) for fact in facts}


FactsByName = Annotated[tuple[ShownFact, ...], PlainSerializer(_by_name, return_type=dict[str, Any])]
"""Facts as a field of a result: what is known of each, by name."""
