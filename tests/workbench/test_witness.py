"""Cases found by proof hold up: derivation makes of each what the solver took it for."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
import z3

from imr_rules import Rulebook
from imr_rules._dates import Period
from imr_rules.expression import Compare, Linear, Node, Not
from imr_rules.facts.derive import DERIVED
from imr_rules.rulebook.model import Guideline
from imr_rules.screening import screen
from imr_rules.workbench.witness import Search, never_differ, periods, rules_of, sites, tell_apart
from imr_rules.workbench.witness.terms import is_worked_out

BEHAVIORAL = "mtus/chronic-pain-2009/behavioral-interventions"


def distinct_searches(rulebook: Rulebook, chance: random.Random, most: int) -> Iterator[Search]:
    """One search for each distinct set of rules, in no particular order."""
    seen: set[tuple[object, ...]] = set()
    everywhere = [
        (name, each) for name in rulebook.vocabulary.treatments for each in periods([rulebook], name)
    ]
    chance.shuffle(everywhere)
    for name, period in everywhere:
        if len(seen) == most:
            return
        treatment = rulebook.vocabulary.treatments[name]
        plan = rulebook.select(treatment, (period.first, period.first)).plan  # type: ignore[arg-type]
        key = rules_of(plan), treatment.unit
        if key not in seen:
            seen.add(key)
            yield Search([rulebook], name, period)


def something(search: Search, chance: random.Random) -> z3.ModelRef:
    """A member of the family with as much said at random as can be said together."""
    family = search.family
    wishes: list[z3.BoolRef] = []
    for said in family.said.values():
        wishes += chance.choice(
            ([said.stated], [said.stated], [said.undocumented], [said.missing], [z3.Not(said.given)])
        )
        if said.kind.kind in ("integer", "boolean"):
            number = chance.randint(said.kind.low, min(said.kind.high, 40))
            wishes += [said.low == number] + [said.high == number] * chance.choice((0, 1, 1))
        elif said.kind.choices:
            wishes.append(said.word == search.words.number(chance.choice(sorted(said.kind.choices))))
    for term in (family.injured, family.operated, family.dated, family.follows, family.placed):
        wishes.append(term if chance.random() < 0.6 else z3.Not(term))
    wishes.append(family.surgery == family.requested - chance.randint(-300, 890))
    wishes.append(family.injury == family.requested - chance.randint(0, 2000))
    first, last = search.period.first, search.period.last or date(2030, 1, 1)
    solver = z3.Solver()
    solver.add(family.constraints)
    solver.add(family.on(first + timedelta(days=chance.randint(0, min(400, (last - first).days)))))
    chance.shuffle(wishes)
    for wish in wishes:
        if solver.check(wish) == z3.sat:
            solver.add(wish)
    assert solver.check() == z3.sat
    return solver.model()


def hold_up(rulebook: Rulebook, seed: int, plans: int, each: int) -> None:
    chance = random.Random(seed)
    said: Counter[str] = Counter()
    for search in distinct_searches(rulebook, chance, plans):
        for _ in range(each):
            found = search._real(something(search, chance))
            assert found is not None, (search.family.treatment.name, search.period)
            row = found.posed[0].row
            said.update(value.state for value in row.values())
    assert said.keys() == {"known", "bounded", "undocumented", "missing"}


def test_random_cases_of_the_family_are_derived_as_the_solver_has_them(rulebook: Rulebook) -> None:
    hold_up(rulebook, seed=1, plans=25, each=2)


@pytest.mark.long
def test_random_cases_under_every_set_of_rules_are_derived_as_the_solver_has_them(rulebook: Rulebook) -> None:
    hold_up(rulebook, seed=2, plans=1_000, each=3)


def test_every_derived_fact_is_known_to_the_family() -> None:
    assert [name for name in DERIVED if not is_worked_out(name)] == ["asked"], "no rule asks for it"


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
