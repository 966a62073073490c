"""What was read, and what silence then means: over random cases of the whole rulebook."""

from __future__ import annotations

import os
from collections import Counter
from copy import deepcopy
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.screening import ItemScreening
from tests.random_cases import CaseMaker

FEW = 400
MANY = int(os.environ.get("IMR_RULES_RANDOM_CASES", "20000"))
"""How many cases the long test tries; a million, by setting the variable."""

TRIAL = 12
"""No trial of any guideline is longer than so many visits."""


@pytest.fixture(scope="module")
def maker(rulebook: Rulebook) -> CaseMaker:
    return CaseMaker(rulebook)


def item_of(data: dict[str, Any], rulebook: Rulebook, read: str = "all") -> ItemScreening:
    (item,) = screen(Case.from_data({**data, "record": {"read": read}}), rulebook).items
    return item


def more_visits(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the same case with more visits attended, where a trial is over already: before, more may complete it."""
    more = deepcopy(data)
    for course in more.get("history", [])[:1]:
        if isinstance(course["attended"], int) and course["attended"] >= TRIAL:
            course["attended"] += 9
            return more
    return None


def more_benefit(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same case with every benefit of earlier care documented that it says nothing good of."""
    better = deepcopy(data)
    for name in ("activities_improved", "restrictions_reduced", "dependence_reduced", "measured_gain"):
        better["findings"][name] = True
    return better


def split(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the same case with its first course told as two."""
    parted = deepcopy(data)
    for course in parted.get("history", [])[:1]:
        if isinstance(course["attended"], int) and course["attended"] >= 2:
            rest = dict(course, attended=course["attended"] - 1)
            course["attended"] = 1
            parted["history"].insert(1, rest)
            return parted
    return None


def check(numbers: range, maker: CaseMaker, rulebook: Rulebook) -> Counter[str]:
    """Hold each made-up case to what must hold for all; return how often each answer was given."""
    given: Counter[str] = Counter()
    for number in numbers:
        data = maker.case(number)
        none, part, all_ = (item_of(data, rulebook, read) for read in ("none", "part", "all"))
        given[f"{none.suggestion}, {all_.suggestion}"] += 1

        # Reading more decides more, and takes back nothing that stated facts decided.
        assert part.suggestion == none.suggestion, number
        if none.suggestion != "needs_review":
            assert all_.suggestion == none.suggestion, number
        # Silence is a no nowhere but in a record that was read whole.
        assert all(
            fact.value.state != "undocumented" or fact.value.evidence or "progress notes" in fact.value.note
            for each in none.criteria
            for fact in each.facts
        ), number
        if part.lean is not None and "silence" in part.lean.rests_on:
            assert part.lean.suggestion == "uphold", number
        for item in (none, part, all_):
            assert item.lean is None or item.suggestion == "needs_review", number
            assert len(item.questions) <= 5, number
            kinds = {each.id: each.kind for each in item.criteria}
            if item.suggestion == "overturn":
                assert item.grounds, number
                assert {kinds[ground] for ground in item.grounds} == {"indication"}, number

        if more := more_visits(data):
            after = item_of(more, rulebook)
            assert not (all_.suggestion == "uphold" and after.suggestion == "overturn"), number
        after = item_of(more_benefit(data), rulebook)
        assert not (all_.suggestion == "overturn" and after.suggestion == "uphold"), number
        if parted := split(data):
            assert item_of(parted, rulebook).suggestion == all_.suggestion, number
    return given


def test_reading_more_never_turns_a_question_into_a_no(maker: CaseMaker, rulebook: Rulebook) -> None:
    given = check(range(FEW), maker, rulebook)
    assert {answer.split(", ")[1] for answer in given} == {"uphold", "overturn", "needs_review"}


@pytest.mark.long
def test_it_never_does_in_many_cases(maker: CaseMaker, rulebook: Rulebook) -> None:
    check(range(FEW, FEW + MANY), maker, rulebook)
