"""Visits, or another count, against the limits that judge it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from imr_rules._units import UNITS, count_in_words, say_unit
from imr_rules.case import Case
from imr_rules.expression import names
from imr_rules.expression.values import say_value
from imr_rules.facts.counts import parts_of
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Limit
from imr_rules.rulebook.plan import governing_rows
from imr_rules.rulebook.sums import SUMS, Scope
from imr_rules.screening import CriterionResult, Screening, prepare_item

_TITLES: Mapping[Scope, str] = {
    "course": "This treatment, this body region",
    "claim": "This discipline, the whole claim",
    "operation": "Since the surgery",
}


class Part(NamedTuple):
    """One part of a bar: a count that is exact, bounded, or not known.

    Attributes:
        name: ``attended``, ``authorized`` or ``in dispute``.
        low, high: its bounds; ``high`` is None where nothing bounds it.
    """

    name: str
    low: int
    high: int | None

    def __str__(self) -> str:
        return count_in_words(self.low, self.high) if self.low or self.high is not None else "not known"


class Mark(NamedTuple):
    """A limit: its name, and the least and greatest number it gives."""

    name: str
    low: int
    high: int
    status: str

    def __str__(self) -> str:
        return f"{self.name} {count_in_words(self.low, self.high)}"


class Bar(NamedTuple):
    """One count, its parts and the limits it is held against.

    Attributes:
        title: what is counted: over which body region or time.
        unit: the unit, plural.
        total: the parts together, in words.
    """

    title: str
    unit: str
    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]
    total: str

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the numbers, a label and what it is."""
        yield from ((f"{each.name}, {self.unit}", str(each)) for each in self.parts)
        yield "together", self.total
        yield from (("limit: " + each.name, count_in_words(each.low, each.high)) for each in self.marks)

    def __str__(self) -> str:
        said = ", ".join(f"{each} {each.name}" for each in self.parts)
        limits = "; ".join(f"the {each.name} is {count_in_words(each.low, each.high)}" for each in self.marks)
        return f"{self.title}: {said}; together {self.total} {self.unit}; {limits}."


def counts(
    case: Case, screening: Screening, name: str, rulebook: Rulebook, whole: WholeCase | None = None
) -> tuple[Bar, ...]:
    """Return, for one item, each count that a limit judges; none where no limit does."""
    item = dict(case.named_items)[name]
    screened = {each.item: each for each in screening.items}
    principal = screened[item.follows].suggestion if item.follows else None
    question = prepare_item(case, name, item, rulebook, principal, whole=whole)
    if isinstance(question, str):
        return ()
    marks: dict[str, dict[Mark, None]] = {}
    for result in screened[name].criteria:
        if result.kind != "caution" and result.status != "not_applicable":
            for counted in _counted(result):
                marks.setdefault(counted, {}).update(dict.fromkeys(_marks(result, counted, rulebook)))
    return tuple(
        _bar(counted, tuple(found), question.record, rulebook) for counted, found in marks.items() if found
    )


def _counted(result: CriterionResult) -> list[str]:
    asked = (*names(result.working.requirement), *names(result.working.condition))
    return list(dict.fromkeys(each for each in asked if each in SUMS))


def _marks(result: CriterionResult, counted: str, rulebook: Rulebook) -> Iterator[Mark]:
    guideline = rulebook.guidelines[result.id.partition("#")[0]]
    criterion = next(each for each in guideline.criteria if each.id == result.id)
    unit = UNITS[SUMS[counted].unit].plural
    for name in criterion.limits:
        limit: Limit = guideline.limits[name]
        amounts, status = limit.amounts, limit.status
        if limit.rows:
            row, _ = governing_rows(limit, result.working.row)
            if row is None:
                continue
            amounts, status = row.amounts, row.status
        if unit in amounts:
            said = {"cap": "statutory cap"}.get(name, name.replace("_", " "))
            yield Mark(said, *amounts[unit], status)


def _bar(counted: str, marks: tuple[Mark, ...], record: Record, rulebook: Rulebook) -> Bar:
    facts = rulebook.vocabulary.facts
    spec, counts_as = facts[counted], SUMS[counted]
    named = zip(("attended", "authorized", "in dispute"), parts_of(record, spec), strict=True)
    parts = tuple(
        Part(name, each.low, each.high if each.exact or each.high < spec.type.high else None)
        for name, each in named
    )
    ordered = tuple(sorted(marks, key=lambda each: (each.high, each.low)))
    total = derive(record, spec)
    said = say_value(total, spec.type) if total.state in ("known", "bounded") else "not known"
    title = _TITLES[counts_as.scope] if counts_as.unit == "visit" else "This treatment"
    return Bar(title, say_unit(counts_as.unit), parts, ordered, said)
