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


WHOLE: dict[str, Any] = {
    "record": {"read": "all"},
    "documents": [{"kind": "progress_report"}, {"kind": "request"}],
}
BROADER = pytest.mark.parametrize("name", ["response", "objective_improvement"])
STATED = {"value": True, "evidence": {"place": "progress report"}}


@BROADER
@pytest.mark.parametrize("read", ["none", "part", "all"])
def test_stated_functional_improvement_is_each_broader_one(rulebook: Rulebook, name: str, read: str) -> None:
    value = improved(rulebook, name, {"functional_improvement": STATED}, **WHOLE | {"record": {"read": read}})
    assert (value.state, value.low, value.conflict) == ("known", 1, False)
    assert [getattr(each, "place", None) for each in value.evidence] == ["progress report"]


def test_stated_objective_improvement_is_a_response_and_not_functional(rulebook: Rulebook) -> None:
    found = {"objective_improvement": True}
    assert improved(rulebook, "response", found, **WHOLE).low == 1
    assert improved(rulebook, "functional_improvement", found, **WHOLE).silent


@BROADER
def test_a_stated_no_against_stated_functional_improvement_is_a_conflict(
    rulebook: Rulebook, name: str
) -> None:
    value = improved(rulebook, name, {"functional_improvement": True, "response": False})
    assert (value.low, value.high, value.conflict) == (0, 1, True)


@BROADER
def test_a_broader_fact_that_was_searched_for_in_vain_gives_way(rulebook: Rulebook, name: str) -> None:
    assert improved(rulebook, name, {"functional_improvement": True, name: SILENT}).low == 1


@BROADER
def test_no_functional_improvement_says_nothing_of_a_broader_one(rulebook: Rulebook, name: str) -> None:
    found = {"functional_improvement": False, "measured_gain": True}
    assert improved(rulebook, name, found, **WHOLE).low == 1


@BROADER
@pytest.mark.parametrize("unclear", [{"missing": "page cut off"}, [True, False]])
def test_functional_improvement_that_is_not_clear_keeps_a_broader_one_open(
    rulebook: Rulebook, name: str, unclear: Any
) -> None:
    value = improved(rulebook, name, {"functional_improvement": unclear}, **WHOLE)
    assert (value.low, value.high, value.silent) == (0, 1, False)


@pytest.mark.parametrize("name", ["response", "objective_improvement", "functional_improvement"])
def test_stated_improvement_against_a_denied_limb_is_no_objective_one(rulebook: Rulebook, name: str) -> None:
    value = improved(rulebook, name, {"functional_improvement": True, "dependence_reduced": False})
    assert (value.low, value.conflict) == ((1, False) if name == "response" else (0, True))


@BROADER
def test_improvement_without_an_earlier_visit_is_no_response_to_one(rulebook: Rulebook, name: str) -> None:
    item = {"service": "Acupuncture", "treatment": "acupuncture", "in_dispute": 6, "course": "initial"}
    value = improved(rulebook, name, {"functional_improvement": True}, items=[item], history=[])
    assert (value.state, value.high) == ("known", 0)


@pytest.mark.parametrize(
    ("found", "state", "low"),
    [
        ({"response": True}, "known", 1),
        ({"response": True, "functional_improvement": True}, "known", 1),
        ({"response": False}, "known", 0),
        ({"functional_improvement": True}, "missing", 0),
        ({"activities_improved": True}, "missing", 0),
        ({"activities_improved": False}, "undocumented", 0),
        ({}, "undocumented", 0),
    ],
)
def test_better_function_leaves_relief_of_pain_open(
    rulebook: Rulebook, found: dict[str, Any], state: str, low: int
) -> None:
    value = improved(rulebook, "pain_relief", found, **WHOLE)
    assert (value.state, value.low) == (state, low)


@pytest.mark.parametrize(("latest", "low", "high"), [(3, 1, 1), (8, 0, 0)])
def test_a_scale_of_pain_shows_relief_and_a_scale_of_mood_does_not(
    rulebook: Rulebook, latest: int, low: int, high: int
) -> None:
    pain = [
        {"instrument": "NRS", "date": f"2014-0{month}-01", "score": score}
        for month, score in ((1, 8), (2, latest))
    ]
    mood = [
        {"instrument": "BDI-II", "date": f"2014-0{month}-01", "score": score}
        for month, score in ((1, 30), (2, 10))
    ]
    value = improved(rulebook, "pain_relief", {}, measurements=pain, **WHOLE)
    assert (value.low, value.high) == (low, high)
    assert improved(rulebook, "pain_relief", {}, measurements=mood, **WHOLE).silent


@pytest.mark.parametrize("name", ["functional_improvement", "function_not_improved", "objective_improvement"])
def test_improvement_and_its_opposite_both_stated_are_a_conflict(rulebook: Rulebook, name: str) -> None:
    value = improved(rulebook, name, {"functional_improvement": True, "function_not_improved": True}, **WHOLE)
    assert (value.low, value.high, value.conflict) == (0, 1, True)


def test_activities_that_improved_against_a_record_that_says_function_did_not(rulebook: Rulebook) -> None:
    found = {"activities_improved": True, "function_not_improved": True}
    assert improved(rulebook, "functional_improvement", found, **WHOLE).conflict


@pytest.mark.parametrize(("said", "state", "high"), [(True, "known", 0), (False, "undocumented", 1)])
def test_only_a_yes_to_the_opposite_is_a_no(rulebook: Rulebook, said: bool, state: str, high: int) -> None:
    value = improved(rulebook, "functional_improvement", {"function_not_improved": said}, **WHOLE)
    assert (value.state, value.high) == (state, high)


def test_a_request_said_to_be_the_first_beside_an_earlier_course_is_a_conflict(rulebook: Rulebook) -> None:
    item = {"service": "Acupuncture", "treatment": "acupuncture", "in_dispute": 6, "course": "initial"}
    value = improved(rulebook, "first_course", {}, items=[item], **WHOLE)
    assert (value.low, value.high, value.conflict) == (0, 1, True)


DENIED = {"activities_improved": False, "restrictions_reduced": False, "dependence_reduced": False}
MAY_BE_FIRST = {
    "items": [{"service": "Acupuncture", "treatment": "acupuncture", "in_dispute": 6}],
    "history": [],
}


@BOTH
@pytest.mark.parametrize("read", ["none", "part"])
@pytest.mark.parametrize("denied", [DENIED, {"dependence_reduced": False}])
def test_a_lack_of_gain_is_left_open_while_this_may_be_the_first_course(
    rulebook: Rulebook, name: str, read: str, denied: dict[str, Any]
) -> None:
    value = improved(rulebook, name, denied, record={"read": read}, **MAY_BE_FIRST)
    assert (value.low, value.high, value.note) == (0, 1, "whether there was an earlier visit is not known")


@BOTH
def test_where_no_visit_was_attended_there_is_nothing_to_respond_to(rulebook: Rulebook, name: str) -> None:
    none = [{"treatment": "acupuncture", "attended": 0}]
    value = improved(rulebook, name, DENIED, **MAY_BE_FIRST | {"history": none})
    assert (value.high, value.note) == (0, "no visit attended yet")


@BOTH
def test_a_lack_of_gain_counts_where_the_request_continues_care(rulebook: Rulebook, name: str) -> None:
    assert improved(rulebook, name, DENIED, history=[]).high == 0


def test_improvement_denied_in_so_many_words_tells_of_earlier_care(rulebook: Rulebook) -> None:
    value = improved(rulebook, "functional_improvement", {"functional_improvement": False}, **MAY_BE_FIRST)
    assert value.high == 0
