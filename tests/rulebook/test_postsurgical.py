"""Therapy after an operation: initial half, general course, period, and what it replaces."""

from typing import Any

import pytest

from imr_rules.errors import CaseError
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking_for_visits import CAP, IMPROVED, PM16, PS, RULEBOOK, SILENT, judge, reason, status


def operated(
    in_dispute: Any,
    *,
    procedure: str | None = "knee_meniscectomy",
    day: str = "2016-09-10",
    attended: Any = None,
    treatment: str = "physical_therapy",
    **rest: Any,
) -> ItemScreening:
    surgery = {"procedure": procedure, "body_part": {"region": "knee"}, "date": day}
    if attended is not None:
        rest["prior"] = {"attended": attended, "after_surgery": True}
    return judge(
        treatment, in_dispute, region="knee", surgeries=[{k: v for k, v in surgery.items() if v}], **rest
    )


def test_the_initial_course_is_one_half_of_the_general_course() -> None:
    within, over = operated(6), operated(7)
    assert within.suggestion == "overturn"
    assert within.grounds == (f"{PS}#operation",), "a course that is within its limit is no ground"
    assert status(within, f"{PS}#within-initial-course") == "met"
    assert over.grounds == (f"{PS}#within-initial-course",)
    assert over.quantity_within_limits is not None
    assert over.quantity_within_limits.high == 6


@pytest.mark.parametrize(("day", "heard"), [("2019-05-01", False), ("2018-11-01", True)])
def test_what_another_state_adapted_is_not_heard_within_the_period(day: str, heard: bool) -> None:
    surgery = {"procedure": "low_back_discectomy", "body_part": {"region": "low_back"}, "date": day}
    found = judge("physical_therapy", 6, request="2019-06-01", region="low_back", surgeries=[surgery])
    adapted = [each for each in found.criteria if each.id.startswith("mtus/adapted-ny-2021/low-back-therapy")]
    assert any(each.status != "not_applicable" for each in adapted) is heard
    if not heard:
        assert (found.suggestion, found.grounds) == ("overturn", (f"{PS}#operation",))


def test_half_a_visit_is_rounded_up() -> None:
    assert operated(11, procedure="ankle_fracture").suggestion == "overturn"  # 21 visits
    assert operated(12, procedure="ankle_fracture").suggestion == "uphold"


@pytest.mark.parametrize(
    ("improvement", "suggestion", "grounds"),
    [
        (True, "overturn", None),
        (SILENT, "uphold", (f"{PS}#improvement-beyond-initial-course",)),
        (False, "uphold", (f"{PS}#improvement-beyond-initial-course",)),
    ],
)
def test_the_subsequent_course_needs_functional_improvement(
    improvement: Any, suggestion: str, grounds: tuple[str] | None
) -> None:
    found = operated(6, attended=6, findings={"objective_improvement": improvement})
    assert found.suggestion == suggestion
    assert grounds is None or found.grounds == grounds


def test_the_general_course_ends_unless_more_can_be_accomplished() -> None:
    over = operated(6, attended=8, findings=IMPROVED | {"further_improvement_expected": False})
    assert over.grounds == (f"{PS}#within-general-course",)
    assert operated(6, attended=8, findings=IMPROVED).suggestion == "needs_review"
    assert (
        operated(6, attended=8, findings=IMPROVED | {"further_improvement_expected": True}).suggestion
        == "overturn"
    )


def test_the_period_ends_with_its_months_and_care_reverts() -> None:
    asks: dict[str, Any] = {"attended": 11, "findings": IMPROVED, "day": "2016-03-10", "injury": "2015-01-05"}
    during, after = operated(1, request="2016-09-09", **asks), operated(1, request="2016-09-10", **asks)
    assert status(during, f"{PS}#within-general-course") == "met"
    assert [(each.guideline, each.by) for each in during.superseded] == [
        ("mtus/labor-code/visit-cap-2013", PS),
        (PM16, PS),
    ]
    assert status(during, f"{PM16}#within-total") == "not_applicable"
    assert during.suggestion == "overturn"
    assert after.superseded == ()
    assert status(after, f"{PS}#within-general-course") == "not_applicable"
    assert after.grounds == (f"{PM16}#within-total",)


def test_the_period_is_that_of_the_row() -> None:
    asks: dict[str, Any] = {
        "findings": IMPROVED,
        "day": "2016-07-20",
        "request": "2016-11-25",
        "injury": "2015-01-05",
    }
    assert operated(4, procedure="knee_meniscectomy", **asks).superseded  # six months
    assert not operated(4, procedure="knee_arthroplasty", **asks).superseded  # four months


def test_the_statutory_cap_does_not_reach_care_after_surgery_and_governs_again_beside_it() -> None:
    visits: dict[str, Any] = {"attended": 30, "procedure": "knee_quadriceps_tendon"}  # 34 visits
    during = operated(4, findings=IMPROVED, **visits)
    assert during.suggestion == "overturn"
    assert status(during, CAP) == "not_applicable"
    # After the period: those thirty were given for the surgery and do not count towards the cap.
    after = operated(4, findings=IMPROVED, day="2016-01-10", injury="2015-01-05", **visits)
    assert status(after, CAP) == "met"


def test_before_2008_there_was_no_exception_for_surgery() -> None:
    found = operated(4, attended=30, request="2007-12-31", day="2007-10-01", injury="2007-01-05")
    assert "mtus/labor-code/visit-cap-2004" in found.guidelines
    assert PS not in found.guidelines


def test_an_operation_whose_row_is_not_known_needs_review() -> None:
    found = operated(20, procedure=None)
    assert found.suggestion == "needs_review"
    assert "postsurgical_procedure" in {each.fact for each in found.missing}


def test_an_operation_by_a_name_that_no_row_has_is_refused() -> None:
    with pytest.raises(CaseError, match="there is no procedure of this name"):
        operated(20, procedure="osteotomy")


def test_an_operation_that_is_not_in_the_table_falls_to_the_other_guidelines() -> None:
    found = operated(4, procedure="not_listed", findings={"functional_deficit": True})
    assert [each.guideline for each in found.superseded] == ["mtus/labor-code/visit-cap-2013"]
    assert status(found, f"{PM16}#within-total") == "met"
    assert found.suggestion == "overturn"
    later = operated(4, procedure="not_listed", day="2016-05-31", findings={"functional_deficit": True})
    assert later.superseded == (), "after six months the cap counts again"


def test_an_operation_elsewhere_changes_nothing() -> None:
    surgery = {"procedure": "knee_meniscectomy", "body_part": {"region": "knee"}, "date": "2016-11-01"}
    found = judge("physical_therapy", 12, region="low_back", surgeries=[surgery])
    assert f"{PM16}#within-total" in found.grounds


def test_every_row_of_the_table_can_govern() -> None:
    course = RULEBOOK.guidelines[PS].limits["course"]
    assert len(course.rows) == 76
    for row in course.rows:
        procedure = row.when_text.split("[")[1].rstrip("]")
        visits, months = row.amounts["visits"][1], row.amounts["months"][1]
        assert 3 <= months <= 6
        ended = IMPROVED | {"further_improvement_expected": False}
        over = operated(1, procedure=procedure, attended=visits, findings=ended)
        assert over.grounds == (f"{PS}#within-general-course",), procedure
        assert f"The row for {row.label} governs." in reason(over, f"{PS}#within-general-course")
        assert (
            operated(1, procedure=procedure, attended=visits - 1, findings=IMPROVED).suggestion == "overturn"
        )


def test_silence_about_the_re_evaluation_is_a_caution() -> None:
    found = operated(6, attended=6, findings=IMPROVED | {"reevaluated_within_45_days": SILENT})
    assert found.suggestion == "overturn"
    assert any("45 days" in warning for warning in found.warnings)
