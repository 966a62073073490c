"""Visits belong to one operation or to none: which courses count since the operation, and which on the claim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.screening import PreparedItem, prepare_item

KNEE = {"region": "knee", "side": "left"}
FIRST = {"procedure": "knee_meniscectomy", "date": "2013-03-01", "body_part": KNEE}
SECOND = {"procedure": "knee_acl", "date": "2014-02-20", "body_part": KNEE}


def derived(rulebook: Rulebook, *names: str, request: str = "2014-03-20", **changes: Any) -> list[Value]:
    item = {"service": "Therapy", "treatment": "physical_therapy", "in_dispute": 12, "body_part": KNEE}
    data = {
        "record": {"read": "all"},
        "documents": [{"kind": "progress_report"}],
        "injury": {"date": "2012-12-01"},
        "request": {"date": request},
        "items": [item | changes.pop("item", {})],
        **changes,
    }
    case = Case.from_data(data)
    prepared = prepare_item(case, "item-1", case.items[0], rulebook, None)
    assert isinstance(prepared, PreparedItem)
    return [derive(prepared.record, rulebook.vocabulary.facts[name]) for name in names]


def course(attended: int = 24, **more: Any) -> dict[str, Any]:
    return {"treatment": "physical_therapy", "attended": attended, "body_part": KNEE} | more


def since(rulebook: Rulebook, *history: Mapping[str, Any], **changes: Any) -> tuple[int, int]:
    changes.setdefault("surgeries", [FIRST, SECOND])
    (value,) = derived(rulebook, "prior_visits_since_surgery", history=list(history), **changes)
    return value.low, value.high


BEFORE: dict[str, Any] = {"since": "2013-03-15", "until": "2013-09-01"}
AFTER: dict[str, Any] = {"since": "2014-02-25", "until": "2014-03-18"}


@pytest.mark.parametrize("flag", [{}, {"after_surgery": True}, {"after_surgery": False}])
def test_visits_before_an_operation_are_not_visits_since_it_whatever_the_flag(
    rulebook: Rulebook, flag: Mapping[str, bool]
) -> None:
    assert since(rulebook, course(**BEFORE, **flag)) == (0, 0)
    assert since(rulebook, course(since="2013-03", until="2013-09", **flag)) == (0, 0)


@pytest.mark.parametrize("flag", [{}, {"after_surgery": True}])
def test_visits_after_the_last_operation_count_since_it(rulebook: Rulebook, flag: Mapping[str, bool]) -> None:
    assert since(rulebook, course(6, **AFTER, **flag), course(24, **BEFORE, **flag)) == (6, 6)


def test_a_course_said_to_be_for_no_operation_counts_for_none(rulebook: Rulebook) -> None:
    assert since(rulebook, course(6, **AFTER, after_surgery=False)) == (0, 0)


def test_a_course_after_the_first_operation_that_has_no_end_belongs_to_the_first(rulebook: Rulebook) -> None:
    assert since(rulebook, course(24, since="2013-03-15", after_surgery=True)) == (0, 0)


def test_a_course_that_went_on_through_the_operation_may_have_visits_on_both_sides(
    rulebook: Rulebook,
) -> None:
    assert since(rulebook, course(24, since="2014-01-05", until="2014-03-10")) == (0, 24)
    assert since(rulebook, course(24, since="2014-01-05", after_surgery=True), surgeries=[SECOND]) == (0, 24)


def test_a_flag_settles_a_course_without_dates_only_where_there_is_one_operation(rulebook: Rulebook) -> None:
    assert since(rulebook, course(8, after_surgery=True), surgeries=[SECOND]) == (8, 8)
    assert since(rulebook, course(8, after_surgery=True)) == (0, 8)
    assert since(rulebook, course(8), surgeries=[SECOND]) == (0, 8)
    same_day = [SECOND, {"text": "repair of a ligament", "date": "2014-02-20", "body_part": KNEE}]
    assert since(rulebook, course(8, after_surgery=True), surgeries=same_day) == (8, 8)


def test_a_flag_settles_a_month_that_holds_the_operation(rulebook: Rulebook) -> None:
    assert since(rulebook, course(3, since="2014-02", after_surgery=True)) == (3, 3)
    assert since(rulebook, course(3, since="2014-02")) == (0, 3)


@pytest.mark.parametrize(
    "treatment", ["occupational_therapy", "chiropractic", "massage_therapy", "aquatic_therapy"]
)
def test_one_operation_has_one_sum_over_all_of_physical_medicine(rulebook: Rulebook, treatment: str) -> None:
    other = course(12, treatment=treatment, **AFTER)
    assert since(rulebook, course(6, **AFTER), other) == (18, 18)
    (total,) = derived(
        rulebook, "visits_if_granted_since_surgery", history=[course(6, **AFTER), other], surgeries=[SECOND]
    )
    assert (total.low, total.high) == (30, 30)


@pytest.mark.parametrize("treatment", ["acupuncture", "psychotherapy"])
def test_care_outside_physical_medicine_is_no_postsurgical_visit(rulebook: Rulebook, treatment: str) -> None:
    assert since(rulebook, course(6, **AFTER), course(12, treatment=treatment, **AFTER)) == (6, 6)


def test_the_other_side_and_another_region_have_operations_of_their_own(rulebook: Rulebook) -> None:
    right = KNEE | {"side": "right"}
    shoulder = {"region": "shoulder"}
    for part in (right, shoulder):
        assert since(rulebook, course(9, body_part=part, **AFTER, after_surgery=True)) == (0, 0)
    later = [FIRST, SECOND | {"body_part": right}]
    assert since(rulebook, course(9, **BEFORE), surgeries=later) == (9, 9), "the left knee's is the first one"


def test_an_operation_after_the_request_was_not_done_when_care_was_asked_for(rulebook: Rulebook) -> None:
    ahead = SECOND | {"date": "2014-05-01"}
    assert since(rulebook, course(9, **BEFORE), surgeries=[FIRST, ahead]) == (9, 9)
    done, months = derived(rulebook, "surgery_done", "months_since_surgery", surgeries=[ahead])
    assert (done.high, months.state) == (0, "missing")


def claim(rulebook: Rulebook, *history: Mapping[str, Any], **changes: Any) -> tuple[int, int]:
    (value,) = derived(rulebook, "prior_visits_claim", history=list(history), **changes)
    return value.low, value.high


def test_the_cap_leaves_out_courses_for_an_operation_of_their_own_part(rulebook: Rulebook) -> None:
    assert claim(rulebook, course(24, **BEFORE, after_surgery=True), surgeries=[FIRST]) == (0, 0)
    assert claim(rulebook, course(9, since="2013-01-05", until="2013-02-01"), surgeries=[FIRST]) == (9, 9)
    assert claim(rulebook, course(9, **BEFORE), surgeries=[FIRST]) == (0, 9)
    neck = course(9, body_part={"region": "neck"}, **BEFORE)
    assert claim(rulebook, neck, surgeries=[FIRST]) == (9, 9), "a knee's operation says nothing of the neck"


def test_a_flag_against_every_date_leaves_open_whether_a_course_counts_on_the_claim(
    rulebook: Rulebook,
) -> None:
    ended = course(9, since="2013-01-05", until="2013-02-01", after_surgery=True)
    assert claim(rulebook, ended, surgeries=[FIRST]) == (0, 9)


def test_a_continuation_of_a_course_for_an_operation_is_no_unrecorded_course_on_the_claim(
    rulebook: Rulebook,
) -> None:
    history = [course(6, **BEFORE, after_surgery=True)]
    asked = {"item": {"course": "continuing"}, "surgeries": [FIRST]}
    assert claim(rulebook, *history, **asked) == (0, 0)
    assert claim(rulebook, item={"course": "continuing"})[0] == 1, "nothing recorded explains this one"


def test_what_is_authorized_by_a_finding_is_exact_in_every_sum(rulebook: Rulebook) -> None:
    totals = derived(
        rulebook,
        "visits_if_granted", "visits_if_granted_claim", "visits_if_granted_since_surgery",
        history=[course(6, **AFTER)], surgeries=[SECOND], findings={"authorized": 5},
    )  # fmt: skip
    assert [(each.low, each.high) for each in totals] == [(23, 23), (17, 23), (23, 23)]


def answer(
    rulebook: Rulebook, *history: Mapping[str, Any], surgeries: list[Any], **item: Any
) -> tuple[str, set[str]]:
    asked = {
        "service": "Therapy",
        "treatment": "physical_therapy",
        "in_dispute": 12,
        "body_part": KNEE,
    } | item
    case = Case.from_data(
        {
            "record": {"read": "all"},
            "documents": [{"kind": "therapy_notes"}],
            "injury": {"date": "2012-12-01"},
            "request": {"date": "2014-03-20"},
            "items": [asked],
            "history": list(history),
            "surgeries": surgeries,
        }
    )
    found = screen(case, rulebook).items[0]
    met = {each.id.partition("#")[2] for each in found.criteria if each.status == "met"}
    return found.suggestion, met


@pytest.mark.parametrize("flag", [{}, {"after_surgery": True}])
def test_a_second_operation_begins_a_course_of_its_own(rulebook: Rulebook, flag: Mapping[str, bool]) -> None:
    suggestion, met = answer(
        rulebook, course(24, **BEFORE, **flag), surgeries=[FIRST, SECOND], course="initial"
    )
    assert suggestion == "overturn"
    assert {"within-initial-course", "within-general-course"} <= met


def test_visits_of_two_disciplines_fill_one_general_course(rulebook: Rulebook) -> None:
    history = [course(12, **AFTER), course(12, treatment="chiropractic", **AFTER)]
    _, met = answer(rulebook, *history, surgeries=[SECOND])
    assert "within-general-course" not in met
