"""Functional improvement has two limbs, and the silence of all it rests on is its own."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.screening import PreparedItem, prepare_item

SILENT = {"undocumented": ["progress notes"]}


def improved(rulebook: Rulebook, name: str, findings: dict[str, Any], **more: Any) -> Value:
    item = {"service": "Acupuncture", "treatment": "acupuncture", "in_dispute": 6, "course": "continuing"}
    history = [{"treatment": "acupuncture", "attended": 12}]
    case = Case.from_data(
        {
            "request": {"date": "2014-03-01"},
            "items": [item],
            "history": history,
            "findings": findings,
            **more,
        }
    )
    prepared = prepare_item(case, "item-1", case.items[0], rulebook, None)
    assert isinstance(prepared, PreparedItem)
    return derive(prepared.record, rulebook.vocabulary.facts[name])


BOTH = pytest.mark.parametrize("name", ["functional_improvement", "objective_improvement"])


@BOTH
@pytest.mark.parametrize("gain", ["activities_improved", "restrictions_reduced"])
def test_an_explicit_no_on_the_second_limb_is_a_no(rulebook: Rulebook, name: str, gain: str) -> None:
    value = improved(rulebook, name, {gain: True, "dependence_reduced": False})
    assert (value.state, value.high, value.note) == ("known", 0, "less dependence on continued care: no")


@BOTH
@pytest.mark.parametrize("second", [{}, {"dependence_reduced": True}, {"dependence_reduced": SILENT}])
def test_silence_on_the_second_limb_is_none(rulebook: Rulebook, name: str, second: dict[str, Any]) -> None:
    assert improved(rulebook, name, {"activities_improved": True} | second).low == 1


def test_relief_is_a_response_without_less_dependence(rulebook: Rulebook) -> None:
    assert improved(rulebook, "response", {"measured_gain": True, "dependence_reduced": False}).low == 1


def test_documents_that_disagree_about_dependence_leave_it_to_the_first_limb(rulebook: Rulebook) -> None:
    found = {"activities_improved": True, "dependence_reduced": [True, False]}
    assert improved(rulebook, "functional_improvement", found).low == 1


def test_a_finding_of_improvement_against_a_denied_limb_is_a_conflict(rulebook: Rulebook) -> None:
    value = improved(
        rulebook, "functional_improvement", {"functional_improvement": True, "dependence_reduced": False}
    )
    assert (value.low, value.high, value.conflict) == (0, 1, True)


LIMBS = ("measured_gain", "activities_improved", "restrictions_reduced")


@pytest.mark.parametrize("name", ["response", "objective_improvement"])
def test_three_silent_limbs_make_improvement_silent_where_no_scale_was_used(
    rulebook: Rulebook, name: str
) -> None:
    value = improved(rulebook, name, dict.fromkeys(LIMBS, SILENT))
    assert (value.state, value.silent) == ("undocumented", True)


@pytest.mark.parametrize("left_out", LIMBS)
def test_a_limb_nobody_looked_for_keeps_improvement_open(rulebook: Rulebook, left_out: str) -> None:
    found = {name: SILENT for name in LIMBS if name != left_out}
    assert improved(rulebook, "objective_improvement", found).state == "missing"


def test_scores_that_leave_it_open_keep_improvement_open(rulebook: Rulebook) -> None:
    scores = [
        {"instrument": "bdi", "score": {"at_least": 10, "at_most": 30}},
        {"instrument": "bdi", "score": 12},
    ]
    value = improved(rulebook, "response", dict.fromkeys(LIMBS, SILENT), measurements=scores)
    assert value.state == "missing"
