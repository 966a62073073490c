"""Cases found by proof hold up: the engine answers each of them as was asked for."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from imr_rules import Rulebook
from imr_rules._dates import Period, Window
from imr_rules.errors import CaseError
from imr_rules.expression import Compare, Linear, Node, Not
from imr_rules.expression.values import FactType
from imr_rules.rulebook.model import Guideline
from imr_rules.screening import screen
from imr_rules.workbench.witness import Search, never_differ, periods, rules_of, sites, tell_apart

BEHAVIORAL = "mtus/chronic-pain-2009/behavioral-interventions"
STATUSES = ("met", "unmet", "undocumented", "unknown", "not_applicable")


def distinct_searches(rulebook: Rulebook, chance: random.Random, most: int) -> Iterator[Search]:
    """One search for each distinct set of rules, in no particular order."""
    seen: set[object] = set()
    everywhere = [
        (name, each) for name in rulebook.vocabulary.treatments for each in periods([rulebook], name)
    ]
    chance.shuffle(everywhere)
    for name, period in everywhere:
        if len(seen) == most:
            return
        treatment = rulebook.vocabulary.treatments[name]
        plan = rulebook.select(treatment, Window(period.first, period.first)).plan
        key = rules_of(plan), treatment.unit
        if key not in seen:
            seen.add(key)
            yield Search([rulebook], name, period)


def statement(kind: FactType, chance: random.Random) -> Any:
    """Anything that a finding may say of a fact, or None."""
    how = chance.random()
    if how < 0.2:
        return chance.choice((None, {"undocumented": ["the record"]}, {"missing": "not legible"}))
    if kind.kind == "choice":
        return chance.choice(sorted(kind.choices)) if kind.choices else None
    if kind.kind == "boolean":
        return chance.random() < 0.5
    number = chance.randint(kind.low, min(kind.high, kind.low + 40))
    if kind.kind == "date":
        return str(
            date.fromordinal(chance.randint(date(2001, 1, 1).toordinal(), date(2020, 1, 1).toordinal()))
        )
    return number if how < 0.8 else {"at_least": number, "at_most": min(kind.high, number + 5)}


def hold_up(rulebook: Rulebook, seed: int, plans: int, each: int) -> tuple[int, int]:
    """Ask for what random cases come to: it is never called impossible, and what is found comes out so.

    Returns:
        how much was asked for, and how much of that was found.
    """
    chance = random.Random(seed)
    asked = found = 0
    for search in distinct_searches(rulebook, chance, plans):
        (encoded,) = search.encoded
        for _ in range(each):
            some = chance.sample(sorted(search.among.findings), min(12, len(search.among.findings)))
            said = {name: statement(search.among.findings[name].kind, chance) for name in some}
            data = search.among.data({name: each for name, each in said.items() if each is not None})
            try:
                question = search.among.asked(data, rulebook)
            except CaseError:
                continue  # no case may say so
            place = chance.randrange(len(question.plan.criteria))
            planned = question.plan.criteria[place]
            status = question.judge(question.row)[place]
            suggestion = question.suggest(question.row).suggestion
            result = search.find(encoded.statuses[place][status], encoded.suggestion[suggestion])
            asked += 1
            assert not result.exhausted, (data, planned.id, status, suggestion)
            if result.cases is None:
                continue
            found += 1
            (item, *_) = screen(result.cases[0], rulebook).items
            assert item.suggestion == suggestion
            (real,) = result.posed
            assert real.judge(real.row)[place] == status
    return asked, found


@pytest.mark.long
def test_what_random_cases_come_to_is_found(rulebook: Rulebook) -> None:
    asked, found = hold_up(rulebook, seed=1, plans=30, each=2)
    assert asked > 40
    assert found >= 0.95 * asked, (asked, found)


@pytest.mark.long
def test_what_random_cases_come_to_is_found_under_every_set_of_rules(rulebook: Rulebook) -> None:
    asked, found = hold_up(rulebook, seed=2, plans=1_000, each=3)
    assert found >= 0.98 * asked, (asked, found)


def test_nothing_can_be_left_out_of_a_found_case(rulebook: Rulebook) -> None:
    search = Search([rulebook], "psychotherapy", Period(date(2010, 1, 1), date(2010, 12, 31)))
    (encoded,) = search.encoded
    found = search.find(encoded.suggestion["overturn"])
    assert found.cases
    case = found.cases[0]
    for name in case.findings:
        fewer = case.model_copy(update={"findings": {n: s for n, s in case.findings.items() if n != name}})
        assert screen(fewer, rulebook).items[0].suggestion != "overturn", name


def test_a_found_case_is_answered_as_asked(rulebook: Rulebook) -> None:
    search = Search([rulebook], "acupuncture", Period(date(2014, 1, 1), date(2014, 12, 31)))
    (encoded,) = search.encoded
    for suggestion, term in encoded.suggestion.items():
        found = search.find(term)
        assert found.cases
        assert screen(found.cases[0], rulebook).items[0].suggestion == suggestion


def test_what_no_case_can_do_is_exhausted(rulebook: Rulebook) -> None:
    search = Search([rulebook], "acupuncture", Period(date(2014, 1, 1), date(2014, 12, 31)))
    (encoded,) = search.encoded
    found = search.find(encoded.suggestion["uphold"], encoded.suggestion["overturn"])
    assert found == (None, (), True)


def with_guideline(rulebook: Rulebook, guideline: Guideline) -> Rulebook:
    loaded = rulebook._loaded
    return Rulebook(replace(loaded, guidelines={**loaded.guidelines, guideline.id: guideline}), "test")


def with_requirement(rulebook: Rulebook, criterion: str, require: Node) -> Rulebook:
    guideline = rulebook.guidelines[criterion.split("#")[0]]
    criteria = tuple(
        replace(each, require=require) if each.id == criterion else each for each in guideline.criteria
    )
    return with_guideline(rulebook, replace(guideline, criteria=criteria))


def moved(node: Node, by: int) -> Node:
    assert isinstance(node, Compare)
    return Compare(node.op, Linear(node.form.terms, node.form.constant + by))


def required(rulebook: Rulebook, criterion: str) -> Node:
    (found,) = [
        each.require for each in rulebook.guidelines[criterion.split("#")[0]].criteria if each.id == criterion
    ]
    return found


def test_a_moved_limit_is_shown_by_a_case_on_which_both_rulebooks_were_asked(rulebook: Rulebook) -> None:
    criterion = f"{BEHAVIORAL}#within-total"
    edited = with_requirement(rulebook, criterion, moved(required(rulebook, criterion), -2))
    verdict = tell_apart(rulebook, edited)
    assert verdict.outcome == "differs"
    assert verdict.found
    assert verdict.found.cases
    before, after = (
        screen(case, rules).items[0]
        for case, rules in zip(verdict.found.cases, (rulebook, edited), strict=True)
    )
    assert before.suggestion != after.suggestion


def test_what_is_only_written_otherwise_is_proven_the_same(rulebook: Rulebook) -> None:
    criterion = f"{BEHAVIORAL}#within-total"
    edited = with_requirement(rulebook, criterion, Not(Not(required(rulebook, criterion))))
    (site,) = sites(rulebook, edited)
    assert {name for name, _ in site.where} == {
        "psychotherapy", "cognitive_behavioral_therapy", "relaxation_training", "group_psychotherapy",
    }  # fmt: skip
    assert never_differ(site.old, site.new, "answer")
    assert tell_apart(rulebook, edited, "answer").outcome == "same"


def test_the_same_rulebook_differs_nowhere(rulebook: Rulebook) -> None:
    assert sites(rulebook, Rulebook.load()) == ()


def test_an_answer_may_differ_where_the_suggestion_does_not(rulebook: Rulebook) -> None:
    criterion = f"{BEHAVIORAL}#reason-for-more"
    guideline = rulebook.guidelines[BEHAVIORAL]
    criteria = tuple(
        replace(each, kind="caution") if each.id == criterion else each for each in guideline.criteria
    )
    edited = with_guideline(rulebook, replace(guideline, criteria=criteria))
    assert tell_apart(rulebook, edited, "answer").outcome == "differs"
