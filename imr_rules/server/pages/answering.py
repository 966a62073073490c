"""The questions of an item, as the page lets them be answered: what to give, and which sides there are to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from imr_rules._units import count_in_words
from imr_rules.case import Case, Evidence
from imr_rules.expression.values import Value
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.questions import OpenQuestion
from imr_rules.rulebook.sums import SUMS
from imr_rules.screening import ItemScreening
from imr_rules.server.pages.case_form import dated
from imr_rules.server.pages.forms import choices
from imr_rules.writing.words import say_evidence

MOST_CHOICES = 80
_ATTENDED = {each.attended: each for each in SUMS.values()}
_DATES = {"request_date": "date:request", "injury_date": "date:injury", "surgery_date": "date:surgery"}
_AMOUNTS = {each.in_dispute: "amount:in_dispute" for each in SUMS.values()}


class Choice(NamedTuple):
    """One side of a conflict: what it says, where, and as it is sent."""

    said: str
    where: str
    value: str
    evidence: str


class Question(NamedTuple):
    """One question that would settle an item.

    Attributes:
        asks: the question in words.
        field: which field its answer changes; None where the page cannot take the answer.
        kind: ``yes-no``, ``choice``, ``number``, ``date`` or ``none``.
        options: for a choice, value and words.
        sides: where the record contradicts itself, both sides to choose from.
        serves: how many criteria wait for it.
        known: what the record says of it already, in words, where that does not settle it; empty otherwise.
        first: the item of the case that answers it, and is to be decided before; None for all others.
    """

    fact: str
    asks: str
    field: str | None
    kind: str
    options: tuple[tuple[str, str], ...]
    sides: tuple[Choice, ...]
    serves: int
    known: str = ""
    first: str | None = None


def questions_of(case: Case, item: ItemScreening, rulebook: Rulebook) -> tuple[Question, ...]:
    """Return what would settle an item: the questions of its screening, else what a new request must document."""
    asked: Sequence[OpenQuestion] = item.questions
    follows = {name: each.follows for name, each in case.named_items}[item.item]
    values = {fact.name: fact.value for result in item.criteria for fact in result.facts}
    return tuple(
        _question(each, case, rulebook, follows)._replace(known=_known(each, values.get(each.fact), rulebook))
        for each in asked
    )


def _known(asked: OpenQuestion, value: Value | None, rulebook: Rulebook) -> str:
    """Return the bounds that a record gives of a count which is asked for all the same."""
    spec = rulebook.vocabulary.facts.get(asked.fact)
    if (
        spec is None
        or value is None
        or asked.conflict
        or spec.type.kind != "integer"
        or value.state != "bounded"
    ):
        return ""
    low, high = max(value.low, spec.type.low), min(value.high, spec.type.high)
    if (low, high) == (spec.type.low, spec.type.high) or low == high:
        return ""
    return count_in_words(low if low > spec.type.low else None, high if high < spec.type.high else None)


def fact_question(fact: str, case: Case, rulebook: Rulebook) -> Question:
    """Return the question that a fact of the dictionary answers."""
    spec = rulebook.vocabulary.facts.get(fact)
    return _question(OpenQuestion(fact, spec.asks if spec else fact), case, rulebook)


def _question(asked: OpenQuestion, case: Case, rulebook: Rulebook, follows: str | None = None) -> Question:
    if asked.fact == "principal_supported" and follows is not None:
        return Question(asked.fact, asked.asks, None, "none", (), (), len(asked.serves), first=follows)
    field, kind, options = _field(asked.fact, case, rulebook)
    sides = tuple(_counted(asked, case) or _sides(asked, kind))
    return Question(asked.fact, asked.asks, field, kind, options, sides, len(asked.serves))


def _field(fact: str, case: Case, rulebook: Rulebook) -> tuple[str | None, str, tuple[tuple[str, str], ...]]:
    vocabulary = rulebook.vocabulary
    if fact == "treatment":
        named = sorted((each.label, name) for name, each in vocabulary.treatments.items())
        return "treatment", "choice", tuple((name, label) for label, name in named)
    if fact == "body_region":
        return "part:region", "choice", choices(vocabulary.regions)
    if fact in _DATES:
        return _DATES[fact], "date", ()
    if fact in _AMOUNTS:
        return _AMOUNTS[fact], "number", ()
    if fact in _ATTENDED and _ATTENDED[fact].scope == "course" and len(case.history) < 2:
        return ("course:0:attended" if case.history else "course:new:attended"), "number", ()
    spec = vocabulary.facts.get(fact)
    if spec is None or spec.domain == "measurement":  # scores have dates: the form takes them
        return None, "none", ()
    if spec.type.kind == "boolean":
        return f"finding:{fact}", "yes-no", ()
    if spec.type.kind == "integer":
        return f"finding:{fact}", "number", ()
    if spec.type.kind == "choice" and 0 < len(spec.type.choices) <= MOST_CHOICES:
        return f"finding:{fact}", "choice", choices(spec.type.choices)
    return None, "none", ()


def _counted(asked: OpenQuestion, case: Case) -> list[Choice]:
    """Return the counts that documents give of one course, where they disagree about it."""
    if not asked.conflict or asked.fact not in _ATTENDED or len(case.history) != 1:
        return []
    stated = [each for each in case.history[0].attended or () if each.value is not None]
    if len(stated) < 2:
        return []
    return [
        Choice(
            str(each.value),
            "; ".join(filter(None, map(say_evidence, each.evidence))),
            str(each.value),
            _place(each.evidence),
        )
        for each in stated
    ]


def _place(evidence: Sequence[object]) -> str:
    first = next((each for each in evidence if isinstance(each, Evidence)), None)
    return "" if first is None else f"{first.document or ''}#{first.page or ''}"


def _sides(asked: OpenQuestion, kind: str) -> Iterator[Choice]:
    for side in asked.conflict:
        where = "; ".join(filter(None, map(say_evidence, side.evidence)))
        said = side.value
        if kind == "yes-no" and said not in ("yes", "no"):
            continue
        if kind == "number" and not said.isdigit():
            continue
        yield Choice(
            dated(said), where, said.replace(" ", "_") if kind == "choice" else said, _place(side.evidence)
        )
