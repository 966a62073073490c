"""Every change that ``what_if`` shows is the engine's own word: derived again from the record, and judged again."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules import Case, Rulebook, screen, what_if
from imr_rules.case import Suggestion
from imr_rules.facts.derive import derive
from imr_rules.screening import PreparedItem, prepare_item
from imr_rules.screening.suppositions import OUT_OF_THE_WAY, Suppositions
from imr_rules.screening.what_if import facts_to_change
from tests.paths import ROOT

DETERMINATIONS = sorted((ROOT / "fixtures" / "determinations").glob("*.yaml"))


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if place % 8 == 0 else pytest.mark.long)
        for place, path in enumerate(DETERMINATIONS)
    ],
    ids=lambda path: path.stem,
)
def test_every_way_that_is_shown_comes_out_so_when_the_engine_is_asked(
    path: Path, rulebook: Rulebook
) -> None:
    case = Case.from_file(path)
    screened = {each.item: each.suggestion for each in screen(case, rulebook).items}
    items = dict(case.named_items)
    for found in what_if(case, rulebook):
        item = items[found.item]
        principal = screened[item.follows] if item.follows else None
        prepared = prepare_item(case, found.item, item, rulebook, principal)
        if not isinstance(prepared, PreparedItem):
            continue
        for way in (*found.flips, *found.decides):
            record = prepared.record.supposing({change.fact: change.then.value for change in way.changes})
            row = prepared.plan.complete({spec.name: derive(record, spec) for spec in prepared.plan.facts})
            assert prepared.suggest(row).suggestion == way.suggestion != found.suggestion
        assert not found.bounded


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if place % 30 == 0 else pytest.mark.long)
        for place, path in enumerate(DETERMINATIONS)
        if place % 5 == 0
    ],
    ids=lambda path: path.stem,
)
def test_no_one_or_two_facts_that_flip_an_item_are_missed(path: Path, rulebook: Rulebook) -> None:
    """Every value of every fact, and of every pair of facts, that the search may try is tried here."""
    case = Case.from_file(path)
    screened = {each.item: each.suggestion for each in screen(case, rulebook).items}
    items = dict(case.named_items)
    for found in what_if(case, rulebook):
        item = items[found.item]
        prepared = prepare_item(
            case, found.item, item, rulebook, screened[item.follows] if item.follows else None
        )
        if not isinstance(prepared, PreparedItem) or not prepared.settled or prepared.contradicted:
            continue
        suppositions = Suppositions(prepared, rulebook.vocabulary.facts)
        shown = {(way.suggestion, frozenset(each.fact for each in way.changes)) for way in found.flips}
        usable = facts_to_change(prepared, rulebook.vocabulary.facts)
        missed = set()
        for name in usable:
            for value in suppositions.values(name, ()):
                one = ((name, value),)
                reached = suppositions.under(one).suggested.suggestion
                if reached not in (found.suggestion, "needs_review") and not _has(shown, reached, {name}):
                    missed.add((reached, name))
                for other in usable:
                    if other <= name:
                        continue
                    for second in suppositions.values(other, one):
                        reached = suppositions.under((*one, (other, second))).suggested.suggestion
                        if reached in (found.suggestion, "needs_review"):
                            continue
                        if not _has(shown, reached, {name, other}):
                            missed.add((reached, f"{name} and {other}"))
        assert not missed


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, marks=() if path.stem == "cm16-0230651" else pytest.mark.long)
        for path in DETERMINATIONS
        if path.stem
        in ("cm16-0230651", "cm16-0245295", "cm17-0014320")  # limits of numbers, and totals of visits
    ],
    ids=lambda path: path.stem,
)
def test_values_that_leave_no_criterion_in_the_way_do_so_when_judged_and_none_worth_trying_is_missed(
    path: Path, rulebook: Rulebook
) -> None:
    case = Case.from_file(path)
    screened = {each.item: each.suggestion for each in screen(case, rulebook).items}
    for name, item in case.named_items:
        prepared = prepare_item(case, name, item, rulebook, screened[item.follows] if item.follows else None)
        assert isinstance(prepared, PreparedItem)
        suppositions = Suppositions(prepared, rulebook.vocabulary.facts)
        usable = facts_to_change(prepared, rulebook.vocabulary.facts)
        for one in [((first, value),) for first in usable for value in suppositions.values(first, ())]:
            statuses = suppositions.under(one).statuses
            in_the_way = [place for place, status in enumerate(statuses) if status not in OUT_OF_THE_WAY]
            for wanted in filter(None, (in_the_way[:1], in_the_way[:2], in_the_way[-1:])):
                for other in usable:
                    if other == one[0][0]:
                        continue
                    lifting = {
                        each
                        for each in {
                            *suppositions.values(other, one),
                            *suppositions.values(other, one, wanted),
                        }
                        if all(
                            suppositions.under((*one, (other, each))).statuses[place] in OUT_OF_THE_WAY
                            for place in wanted
                        )
                    }
                    assert set(suppositions.values(other, one, wanted)) == lifting


def _has(shown: set[tuple[Suggestion, frozenset[str]]], reached: Suggestion, facts: set[str]) -> bool:
    return any(suggestion == reached and found <= facts for suggestion, found in shown)
