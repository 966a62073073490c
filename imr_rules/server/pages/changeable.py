"""Which facts of an item a reader may change on the page, each with what is known of it now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from imr_rules._units import count_in_words, say_unit
from imr_rules.case import Case
from imr_rules.expression.values import Value, say_recorded
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.screening import ItemScreening
from imr_rules.server.pages.forms import choices
from imr_rules.writing.words import say_count

MOST_CHOICES = 60
"""A word that may be one of more than these is not offered for choice."""


_ANSWERS = (("yes", "yes"), ("no", "no"), ("undocumented", "not documented"), ("unknown", "not known"))


class Row(NamedTuple):
    """A fact that may be changed on the page.

    Attributes:
        field: the name of its field, as :mod:`imr_rules.server.pages.editing` reads it.
        asks: the question it answers.
        now: what is known of it as recorded, in words.
        kind: ``choice`` or ``number``.
        options: what it may be changed to: value and words.
    """

    field: str
    label: str
    asks: str
    now: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()


def rows(case: Case, item: ItemScreening, rulebook: Rulebook) -> tuple[Row, ...]:
    """Return what may be changed about an item: its counts first, then the facts its criteria ask for."""
    return (*_counts(case, item), *_facts(item, rulebook))


def _counts(case: Case, item: ItemScreening) -> Iterator[Row]:
    unit = say_unit(item.in_dispute.unit)
    for name, label in (("in_dispute", "In dispute"), ("authorized", "Authorized")):
        quantity = getattr(item, name)
        now = "not stated" if quantity.low is None else count_in_words(quantity.low, quantity.high)
        yield Row(f"amount:{name}", label, f"How many {unit}?", now, "number")
    for place, course in enumerate(case.history):
        label = f"Attended before: {course.treatment.replace('_', ' ')}"
        yield Row(
            f"course:{place}:attended",
            label,
            "How many were attended?",
            say_count(course.attended) or "not stated",
            "number",
        )
    if not case.history:
        yield Row(
            "course:new:attended", "Attended before", "How many were attended?", "none recorded", "number"
        )


def _facts(item: ItemScreening, rulebook: Rulebook) -> Iterator[Row]:
    facts = rulebook.vocabulary.facts
    order = sorted(
        (result for result in item.criteria if result.status != "not_applicable"),
        key=lambda result: (result.id not in item.grounds, result.status == "met"),
    )
    known: dict[str, Value] = {fact.name: fact.value for result in order for fact in result.facts}
    for missing in (*item.missing, *item.ask_for):
        known.setdefault(missing.fact, Value("missing", 0, 0))
    for name, value in known.items():
        spec = facts.get(name)
        if spec is None or not _open_to_a_finding(spec, value):
            continue
        if spec.type.kind == "boolean":
            yield Row(f"finding:{name}", spec.label, spec.asks, _now(value, spec), "choice", _ANSWERS)
        elif spec.type.kind == "choice" and 0 < len(spec.type.choices) <= MOST_CHOICES:
            options = choices(spec.type.choices)
            yield Row(f"finding:{name}", spec.label, spec.asks, _now(value, spec), "choice", options)
        elif spec.type.kind == "integer":
            yield Row(f"finding:{name}", spec.label, spec.asks, _now(value, spec), "number")


def _now(value: Value, spec: FactSpec) -> str:
    return say_recorded(value, spec.type)


def _open_to_a_finding(spec: FactSpec, value: Value) -> bool:
    """Whether a statement about a fact would be heard: what the record's parts show is changed there."""
    return not spec.derived or (spec.type.kind == "boolean" and not value.exact)
