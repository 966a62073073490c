"""How often and for how long: frequency and duration caution at one over the limit, and make no ground."""

from typing import Any

import pytest

from imr_rules import Case, screen
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.rulebook import Rulebook
from tests.rulebook.asking import READ, SILENT, item, names, status
from tests.rulebook.asking_for_visits import IMPROVED, judge

RULEBOOK = Rulebook.load()


def per_week(frequency: dict[str, Any] | None) -> Value:
    case = Case.from_data(
        {
            **READ,
            "request": {"date": "2016-12-01"},
            "items": [{"service": "physical therapy", **({"frequency": frequency} if frequency else {})}],
        }
    )
    treatment = RULEBOOK.vocabulary.treatments["physical_therapy"]
    assert case.request.date is not None
    record = Record(case, case.items[0], treatment, case.request.date.window, RULEBOOK.vocabulary)
    return derive(record, RULEBOOK.vocabulary.facts["visits_per_week"])


@pytest.mark.parametrize(
    ("frequency", "low", "high"),
    [
        ({"times": 2, "per": "week"}, 2, 2),
        ({"times": {"at_least": 2, "at_most": 3}, "per": "week"}, 2, 3),
        ({"times": 1, "per": "day"}, 5, 7),
        ({"times": 2, "per": "month"}, 0, 1000),
        (None, 0, 1000),
    ],
)
def test_visits_a_week_are_read_off_the_frequency_and_never_guessed(
    frequency: dict[str, Any] | None, low: int, high: int
) -> None:
    value = per_week(frequency)
    assert (value.low, value.high) == (low, high)
    assert (value.state == "missing") is (high == 1000)


PACED = [  # treatment, day of request, criterion, visits a week that are within
    ("physical_therapy", "2016-07-01", "chronic-pain-2009/physical-medicine#pace", 3),
    ("physical_therapy", "2016-12-01", "chronic-pain-2016/physical-medicine#pace", 3),
    ("chiropractic", "2016-07-01", "chronic-pain-2009/manual-therapy#pace", 2),
    ("acupuncture", "2008-06-01", "acupuncture-2007/acupuncture-before-2009#frequency", 3),
    ("acupuncture", "2016-12-01", "acupuncture-2007/acupuncture#frequency", 3),
    ("work_hardening", "2016-07-01", "chronic-pain-2009/work-hardening#pace", 5),
]


@pytest.mark.parametrize(("treatment", "request_", "criterion", "most"), PACED)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_visit_a_week_more_than_the_guideline_has_is_a_caution(
    treatment: str, request_: str, criterion: str, most: int, over: int
) -> None:
    frequency = {"times": most + over, "per": "week"}
    found = judge(treatment, 4, request=request_, injury="2005-06-01", frequency=frequency)
    each = next(each for each in found.criteria if each.id == f"mtus/{criterion}")
    assert each.kind == "caution"
    assert each.status == ("unmet" if over > 0 else "met")
    assert each.id not in found.grounds
    assert any(f"{most + over} " in warning and "a week" in warning for warning in found.warnings) is (
        over > 0
    )


@pytest.mark.parametrize(
    ("treatment", "request_", "criterion", "unit", "most"),
    [
        ("chiropractic", "2016-07-01", "chronic-pain-2009/manual-therapy#duration", "week", 8),
        ("acupuncture", "2016-12-01", "acupuncture-2007/acupuncture#duration", "month", 2),
    ],
)
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_course_longer_than_the_guideline_has_is_a_caution(
    treatment: str, request_: str, criterion: str, unit: str, most: int, over: int
) -> None:
    found = judge(
        treatment, 4, request=request_, injury="2005-06-01", duration={"value": most + over, "unit": unit}
    )
    each = next(each for each in found.criteria if each.id == f"mtus/{criterion}")
    assert (each.kind, each.status) == ("caution", "unmet" if over > 0 else "met")


HARDENING = {
    "plateau_after_therapy": True,
    "job_demands_medium_or_higher": True,
    "return_to_work_goal_agreed": True,
    "surgery_not_an_option": True,
    "chronic_pain": True,
}


@pytest.mark.parametrize(("days", "suggestion"), [(27, "overturn"), (28, "overturn"), (29, "uphold")])
def test_work_hardening_is_four_consecutive_weeks(days: int, suggestion: str) -> None:
    found = item(
        "Work hardening", request="2014-03-01", injury="2013-06-01", asked=10, in_dispute=10,
        duration={"value": days, "unit": "day"}, **HARDENING,
    )  # fmt: skip
    assert found.suggestion == suggestion
    if suggestion == "uphold":
        assert names(found.grounds) == {"within-four-weeks"}


@pytest.mark.parametrize(("days", "suggestion"), [(9, "overturn"), (10, "overturn"), (11, "uphold")])
def test_a_program_to_avoid_surgery_is_a_trial_of_ten(days: int, suggestion: str) -> None:
    facts = {
        "baseline_evaluation_done": True, "earlier_methods_failed": True, "lost_independent_function": True,
        "motivated_to_change": True, "negative_predictors_addressed": True, "chronic_pain": True,
        "surgery_not_an_option": False, "surgery_to_be_avoided": True, **IMPROVED, "response": True,
    }  # fmt: skip
    found = item(
        "Functional restoration program", request="2014-03-01", injury="2013-01-01",
        in_dispute={"value": days, "unit": "day"}, **facts,
    )  # fmt: skip
    assert found.suggestion == suggestion
    ground = "surgery-not-an-option" if suggestion == "overturn" else "trial-to-avoid-surgery"
    assert ground in names(found.grounds)


@pytest.mark.parametrize(
    ("operated", "asked", "met"),
    [("2014-01-30", 30, "met"), ("2014-01-30", 31, "unmet"), ("2014-01-29", 31, "not_applicable")],
)
def test_after_an_operation_tens_is_an_option_for_thirty_days(operated: str, asked: int, met: str) -> None:
    """The thirtieth day after the operation is 1 March; on the thirty-first the conditions of chronic pain hold."""
    case = Case.from_data(
        {
            **READ,
            "request": {"date": "2014-03-01"},
            "injury": {"date": "2014-01-10"},
            "surgeries": [{"text": "arthroscopy", "body_part": {"region": "knee"}, "date": operated}],
            "items": [
                {
                    "service": "TENS unit", "body_part": {"region": "knee"},
                    "in_dispute": {"value": asked, "unit": "day"},
                    "findings": {"purchase_requested": False, "trial_completed": True, "trial_benefit": True,
                                 "chronic_pain": False, "failed_conservative_care": SILENT},
                }
            ],
        }
    )  # fmt: skip
    found = screen(case, RULEBOOK).items[0]
    assert status(found, "after-surgery") == met
    assert (status(found, "acute-pain-of-an-operation") == "met") is (met != "not_applicable")
    assert status(found, "three-months-of-pain") == ("unmet" if met == "not_applicable" else "not_applicable")
    assert found.suggestion == ("overturn" if met == "met" else "uphold")


@pytest.mark.parametrize(("region", "most"), [("elbow", 8), ("knee", 16)])
@pytest.mark.parametrize("over", [-1, 0, 1])
def test_a_gel_has_its_grams_for_each_joint(region: str, most: int, over: int) -> None:
    found = item(
        "Voltaren gel", request="2014-03-01", injury="2013-01-01", region=region, rationale=True,
        daily_grams=most + over, duration={"value": 28, "unit": "day"}, tendinitis=True,
    )  # fmt: skip
    assert status(found, "daily-dose") == ("unmet" if over > 0 else "met")
    assert found.suggestion == "overturn"


@pytest.mark.parametrize(("dose", "met"), [(49, "met"), (50, "met"), (51, "unmet")])
def test_from_fifty_milligrams_opioids_ask_for_caution(dose: int, met: str) -> None:
    found = item("Norco #60", opioid_dose=dose, course="initial", severe_acute_injury=True)
    assert status(found, "dose-caution") == met
    assert found.suggestion == "overturn"


@pytest.mark.parametrize(("days", "met"), [(6, "met"), (7, "met"), (8, "unmet")])
def test_what_a_physician_dispenses_is_one_supply_of_seven_days(days: int, met: str) -> None:
    found = item(
        "Ibuprofen", request="2018-02-01", injury="2018-01-28", physician_dispensed=True,
        duration={"value": days, "unit": "day"},
    )  # fmt: skip
    assert status(found, "dispensed-by-the-physician") == met
