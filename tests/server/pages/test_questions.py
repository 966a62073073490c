"""Every question of the rulebook can be answered where it is asked, in words that fit its answer, and is asked once."""

from __future__ import annotations

import re
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.rulebook.questions import _ANSWERED_BY
from imr_rules.server.pages.answering import Question, fact_question, questions_of
from imr_rules.server.pages.editing import edited

YES_OR_NO = re.compile(
    r"(?:Is|Are|Was|Were|Do|Does|Did|Has|Have|Had|Will|Would|Must|Can|Could|Should|May)\b", re.ASCII
)
HOW_MANY = re.compile(r"How (?:many|old|much)\b|For how many\b|What share\b")
WHICH = re.compile(r"(?:For )?(?:which|what)\b|Is .*\bor\b", re.IGNORECASE)
FITS = {
    "yes-no": YES_OR_NO,
    "number": HOW_MANY,
    "date": re.compile(r"When\b"),
    "choice": WHICH,
}
"""What a question begins with, by what its answer is."""


def test_the_words_of_every_question_fit_its_answer(rulebook: Rulebook) -> None:
    case = Case.from_data({"items": [{"service": "physical therapy"}]})
    for name in rulebook.vocabulary.facts:
        if name in _ANSWERED_BY:  # never asked itself: the day it is counted from is
            continue
        question = fact_question(name, case, rulebook)
        if question.kind != "none":  # scores, which the form takes with their dates
            assert FITS[question.kind].match(question.asks), (name, question.kind, question.asks)


def test_counts_are_asked_for_in_the_unit_of_the_treatment(rulebook: Rulebook) -> None:
    plural = {"visit": "prior_visits", "study": "studies_attended"}
    for treatment in rulebook.vocabulary.treatments.values():
        own = plural.get(treatment.unit, f"{treatment.unit}s_attended")
        for name in treatment.ask:
            assert not name.endswith("_attended") or name == own, (treatment.name, name)


def answer_to(question: Question, low: bool, year: int) -> str:
    """An answer that a question can have: one of two."""
    if question.kind == "yes-no":
        return "yes" if low else "no"
    if question.kind == "choice":
        return question.options[0 if low else -1][0]
    return ("2" if low else "6") if question.kind == "number" else f"01/05/{year}"


@pytest.mark.parametrize("day", ["2014-03-01", "2016-12-01", "2019-06-01", "2026-03-01"])
def test_no_question_is_asked_again_after_its_answer(rulebook: Rulebook, day: str) -> None:
    """Each treatment of the vocabulary: question after question is answered, until none is left."""
    year = int(day[:4]) - 1
    for number, treatment in enumerate(rulebook.vocabulary.treatments.values()):
        data: dict[str, Any] = {
            "request": {"date": day},
            "injury": {"date": f"{year}-01-02"},
            "items": [{"id": "x", "service": treatment.label, "treatment": treatment.name}],
        }
        answered: list[str] = []
        for _ in range(8):
            case = Case.from_data(data)
            (item,) = screen(case, rulebook).items
            asked = [each for each in questions_of(case, item, rulebook) if not each.sides]
            again = {each.fact for each in asked} & set(answered)
            assert not again, (treatment.name, answered, data)
            if not asked:
                break
            assert asked[0].field is not None, (treatment.name, asked[0])
            answer = answer_to(asked[0], number % 2 == 0, year)
            data = edited(data, "x", {asked[0].field: answer}, rulebook)
            answered.append(asked[0].fact)
