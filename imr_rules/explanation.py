"""Why a criterion stands as it does: reasons in plain language, with the numbers in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from imr_rules.evaluators.reference import Status, Traced, open_facts, trace
from imr_rules.expression import AllOf, AnyOf, Node, Not, names, write
from imr_rules.facts.values import FactType, Row, Value, say_value
from imr_rules.rulebook.model import Citation, LimitRow
from imr_rules.rulebook.plan import Plan, Planned, governing_rows
from imr_rules.rulebook.template import fill
from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = [
    "Part",
    "ShownFact",
    "Working",
    "ask_about",
    "citation_of",
    "fact_as_data",
    "reason_for",
    "shown_facts",
]


class ShownFact(NamedTuple):
    """A fact as a reason used it."""

    name: str
    label: str
    type: FactType
    value: Value

    def __str__(self) -> str:
        return f"{self.label}: {say_value(self.value, self.type)}"


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


class Working(NamedTuple):
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


def shown_facts(planned: Planned, row: Row) -> tuple[ShownFact, ...]:
    """Return the facts a criterion asks for, tables of limits left out."""
    return tuple([ShownFact(spec.name, spec.label, spec.type, row[spec.name]) for spec in planned.shown])


def citation_of(planned: Planned, row: Row) -> tuple[Citation, dict[str, LimitRow | None], str]:
    """Return what carries a criterion here: where a limit has rows, by the row that governs.

    Also returns those rows by limit, and a remark where several fit.
    """
    citation = planned.criterion.citation
    rows: dict[str, LimitRow | None] = {}
    remark = ""
    for limit in planned.tables:
        governs, fitting = governing_rows(limit, row)
        rows[limit.name] = governs
        if governs is not None and citation.source == planned.guideline.source.id:
            citation = citation._replace(status=governs.status, pages=governs.pages or citation.pages)
        if len(fitting) > 1:
            labels = ", ".join(each.label for each in fitting)
            remark = f"Several rows fit ({labels}); the larger governs."
        elif governs is not None and governs.label != "otherwise":
            remark = f"The row for {governs.label} governs."
    return citation, rows, remark


def reason_for(
    planned: Planned,
    status: Status,
    plan: Plan,
    row: Row,
    vocabulary: Vocabulary,
    *,
    analogy: str | None = None,
    replaced: str | None = None,
) -> tuple[str, Citation]:
    """Return the reason for a status and the citation that carries it.

    Args:
        planned: the criterion.
        status: what it came to.
        plan, row, vocabulary: what it was judged with.
        analogy: how the case differs from the guideline's situation, where it is applied by analogy.
        replaced: the guideline that supersedes this one here.
    """
    citation, rows, remark = citation_of(planned, row)
    if status == "not_applicable":
        words = f"Superseded here by {replaced}." if replaced else "Does not apply here."
        return words, citation
    template = planned.criterion.says.get(status)
    if template is not None:
        words = fill(template, row, plan.types, planned.guideline.limits, rows)
    else:
        words = _plain(planned, status, row, vocabulary)
    notes = [words]
    if status != "unknown":
        if remark:
            notes.append(remark)
        if analogy:
            notes.append(f"Applied by analogy: {analogy}.")
        if planned.guideline.source.tier == "statute" and status == "unmet" and planned.criterion.limits:
            notes.append("A statutory cap; the employer may authorise more in writing.")
        if citation.status == "recalled":
            notes.append("The rule is recalled and still to be verified against the official text.")
        elif citation.status == "practice":
            notes.append("Reviewers reason so; no guideline text says it.")
    return " ".join(notes), citation


def _plain(planned: Planned, status: Status, row: Row, vocabulary: Vocabulary) -> str:
    """Return a reason where the guideline gives no words of its own."""
    if planned.criterion.recommendation:
        return f"{planned.guideline.title}: " + (
            "recommended."
            if status == "met"
            else "not recommended here."
            if status == "unmet"
            else "not settled."
        )
    facts = shown_facts(planned, row)
    if status == "unknown":
        tree = planned.condition
        unknown = open_facts(tree, row) or open_facts(planned.require, row)
        said = [
            _open_fact(vocabulary.facts[name].label, row[name], vocabulary.facts[name].type)
            for name in unknown
            if name in vocabulary.facts
        ]
        return f"Turns on what is not known: {', '.join(said) or 'which limit applies'}."
    if status == "undocumented":
        silent = [fact for fact in facts if fact.value.silent]
        searched = "; ".join(dict.fromkeys(fact.value.note for fact in silent if fact.value.note))
        listed = ", ".join(fact.label for fact in silent)
        return f"Not documented: {listed}" + (f" ({searched})." if searched else ".")
    listed = "; ".join(map(str, facts))
    name = planned.criterion.name.replace("-", " ")
    return f"{name[0].upper()}{name[1:]}: {'met' if status == 'met' else 'not met'} ({listed})."


def _open_fact(label: str, value: Value, kind: FactType) -> str:
    """Name a fact that is not settled, with its bounds where it has some."""
    bounded = value.state == "bounded" and kind.kind in ("integer", "date")
    return f"{label} ({say_value(value, kind)})" if bounded else label


def ask_about(wanted: Sequence[str], plan: Plan, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return names of the dictionary: a table of limits stands for the facts its rows ask for."""
    found: dict[str, None] = {}
    tables = {table.name: table for table in plan.tables}
    for name in wanted:
        table = tables.get(name)
        if table is None:
            found[name] = None
        else:
            found.update((each, None) for row in table.limit.rows for each in names(row.when))
    return tuple(name for name in found if name in vocabulary.facts)


def fact_as_data(value: Value, kind: FactType) -> Any:
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
