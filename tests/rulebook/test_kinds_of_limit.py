"""Each kind of limit at one below, at, and one above: where exactly it turns."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import item, status
from tests.rulebook.asking_for_visits import CHRONIC, IMPROVED, judge, reason
from tests.rulebook.asking_for_visits import status as status_of

SHOWN: dict[str, Any] = {
    **IMPROVED, "chronic_pain": True, "functional_deficit": True, "response": True, "functional_improvement": True, "rationale": True,
    "pain_medication_reduced_or_not_tolerated": True, "with_cognitive_behavioral_therapy": True,
    "active_treatment_combined": True, "reduced_weight_bearing_desirable": True,
    "plateau_after_therapy": True, "job_demands_medium_or_higher": True, "return_to_work_goal_agreed": True,
    "surgery_not_an_option": True,
}  # fmt: skip
OLD: dict[str, Any] = {"request": "2014-03-01", "injury": "2012-01-05"}  # under the edition of 2009
NEW = {"request": "2016-12-01", "injury": "2012-01-05"}  # under the edition of 2016

VISITS = [  # kind, treatment, when, criterion, visits attended before, the most in dispute, more of the case
    ("trial of practice", "physical_therapy", NEW, "chronic-pain-2016/physical-medicine#within-trial", 0, 6, {}),
    ("trial", "chiropractic", OLD, "chronic-pain-2009/manual-therapy#within-trial", 0, 6, {}),
    ("trial", "chiropractic", NEW, "chronic-pain-2016/manual-therapy#within-trial", 0, 6, {}),
    ("trial", "acupuncture", NEW, "acupuncture-2007/acupuncture#within-time-to-effect", 0, 6, {}),
    ("total", "psychotherapy", OLD, "chronic-pain-2009/behavioral-interventions#within-total", 4, 6, {"diagnoses": CHRONIC}),
    ("total", "psychotherapy", NEW, "chronic-pain-2016/behavioral-interventions#within-total", 4, 6, {"diagnoses": CHRONIC}),
    ("total", "biofeedback", OLD, "chronic-pain-2009/biofeedback#within-total", 4, 6, {}),
    ("total", "biofeedback", NEW, "chronic-pain-2016/biofeedback#within-total", 4, 6, {}),
    ("total", "massage_therapy", OLD, "chronic-pain-2009/massage#within-total", 2, 4, {}),
    ("total", "chiropractic", OLD, "chronic-pain-2009/manual-therapy#within-total", 12, 6, {}),
    ("total", "work_conditioning", {**OLD, "injury": "2012-06-01"}, "chronic-pain-2009/work-conditioning#within-total", 4, 6, {}),
    ("by diagnosis", "physical_therapy", OLD, "chronic-pain-2009/physical-medicine#within-total", 6, 4,
     {"diagnoses": [{"text": "myalgia"}]}),
    ("by diagnosis", "physical_therapy", OLD, "chronic-pain-2009/physical-medicine#within-total", 20, 4,
     {"diagnoses": [{"text": "complex regional pain syndrome"}]}),
    ("by diagnosis, another limit stands in the way", "physical_therapy", NEW,
     "chronic-pain-2016/physical-medicine#within-total", 20, 6,
     {"diagnoses": [{"text": "complex regional pain syndrome"}]}),
    ("by diagnosis", "physical_therapy", NEW, "chronic-pain-2016/physical-medicine#within-total", 6, 3,
     {"diagnoses": [{"text": "osteoarthritis of the knee"}]}),
    ("otherwise", "occupational_therapy", NEW, "chronic-pain-2016/physical-medicine#within-total", 6, 4, {}),
    ("cap per injury, another limit stands in the way", "physical_therapy", NEW, "labor-code/visit-cap-2013#visits-per-injury", 20, 4, {}),
    ("cap per injury, another limit stands in the way", "occupational_therapy", NEW, "labor-code/visit-cap-2013#visits-per-injury", 20, 4, {}),
    ("cap per injury, another limit stands in the way", "chiropractic", NEW, "labor-code/visit-cap-2013#visits-per-injury", 20, 4, {}),
    ("cap per injury, another limit stands in the way", "chiropractic", {"request": "2007-12-31", "injury": "2006-01-05"},
     "labor-code/visit-cap-2004#visits-per-injury", 20, 4, {}),
    ("cap per injury, another limit stands in the way", "occupational_therapy", {"request": "2007-12-31", "injury": "2006-01-05"},
     "labor-code/visit-cap-2004-occupational#visits-per-injury", 20, 4, {}),
    ("cap per injury, another limit stands in the way", "physical_therapy", {"request": "2010-02-01", "injury": "2006-01-05"},
     "labor-code/visit-cap-2008#visits-per-injury", 20, 4, {}),
    ("next tier", "psychotherapy", NEW, "odg/psychotherapy#within-total", 10, 10, {"findings": {"chronic_pain": False}}),
    ("next tier", "psychotherapy", NEW, "odg/psychotherapy#within-total", 40, 10,
     {"findings": {"chronic_pain": False, "severe_depression": True}}),
    ("adopted chapter", "acupuncture", {"request": "2018-03-01", "injury": "2017-01-05"},
     "acoem-2017/low-back-acupuncture-from-2017-12-01#within-total", 6, 6, {}),
]  # fmt: skip


@pytest.mark.parametrize("over", [-1, 0, 1], ids=["below", "at", "above"])
@pytest.mark.parametrize(("kind", "treatment", "days", "criterion", "prior", "most", "more"), VISITS)
def test_a_count_of_visits_turns_above_its_limit(
    kind: str,
    treatment: str,
    days: dict[str, Any],
    criterion: str,
    prior: int,
    most: int,
    more: dict[str, Any],
    over: int,
) -> None:
    findings = {**SHOWN, **more.get("findings", {})}
    rest: dict[str, Any] = {name: each for name, each in more.items() if name != "findings"}
    found = judge(treatment, most + over, prior=prior or None, findings=findings, **days, **rest)
    name = f"mtus/{criterion}"
    assert status_of(found, name) == ("unmet" if over > 0 else "met"), kind
    if over <= 0:
        assert name not in found.grounds, "a limit that is kept is no ground"
        if "another limit stands in the way" not in kind:
            assert found.suggestion == "overturn", (found.grounds, found.review_reasons)
        else:
            assert found.suggestion != "overturn"
        return
    assert str(prior + most) in reason(found, name)
    if kind == "trial of practice":
        assert (found.suggestion, found.grounds) == ("needs_review", ())
        assert found.lean is not None
        assert (found.lean.suggestion, name in found.lean.grounds) == ("uphold", True)
    else:
        assert (found.suggestion, name in found.grounds) == ("uphold", True)


BEYOND = [  # where a course goes beyond its trial, and improvement is asked for
    ("physical_therapy", NEW, "chronic-pain-2016/physical-medicine#improvement-after-six-visits", 4, 2),
    ("chiropractic", OLD, "chronic-pain-2009/manual-therapy#improvement-beyond-trial", 4, 2),
    ("acupuncture", NEW, "acupuncture-2007/acupuncture#improvement-beyond-effect", 4, 2),
    ("psychotherapy", OLD, "chronic-pain-2009/behavioral-interventions#response-beyond-trial", 2, 2),
    ("biofeedback", OLD, "chronic-pain-2009/biofeedback#improvement-beyond-trial", 2, 2),
]


@pytest.mark.parametrize("over", [-1, 0, 1], ids=["below", "at", "above"])
@pytest.mark.parametrize(("treatment", "days", "criterion", "prior", "most"), BEYOND)
def test_response_is_asked_for_beyond_the_trial_and_not_within_it(
    treatment: str, days: dict[str, Any], criterion: str, prior: int, most: int, over: int
) -> None:
    none: dict[str, Any] = {
        "response": False,
        "objective_improvement": False,
        "functional_improvement": False,
    }
    found = judge(
        treatment,
        most + over,
        prior=prior,
        findings={**SHOWN, **none},
        diagnoses=CHRONIC,
        region="neck",
        **days,
    )
    assert status_of(found, f"mtus/{criterion}") == ("unmet" if over > 0 else "not_applicable")


def operated(visits: Any, attended: Any, day: str, **findings: Any) -> ItemScreening:
    part = {"region": "knee"}
    surgery = {"procedure": "knee_meniscectomy", "body_part": part, "date": day}
    prior = {"attended": attended, "after_surgery": True} if attended else None
    return judge(
        "physical_therapy", visits, region="knee", prior=prior, surgeries=[surgery], findings=IMPROVED | findings,
        request="2016-12-01", injury="2016-05-01",
    )  # fmt: skip


AFTER = "mtus/postsurgical-2009/postsurgical-physical-medicine#"


@pytest.mark.parametrize(("visits", "met"), [(5, "met"), (6, "met"), (7, "unmet")])
def test_the_initial_course_after_surgery_is_half_of_twelve(visits: int, met: str) -> None:
    assert status_of(operated(visits, 0, "2016-11-01"), f"{AFTER}within-initial-course") == met


@pytest.mark.parametrize(("visits", "met"), [(5, "met"), (6, "met"), (7, "unmet")])
def test_the_general_course_after_surgery_is_twelve(visits: int, met: str) -> None:
    found = operated(visits, 6, "2016-11-01", further_improvement_expected=False)
    assert status_of(found, f"{AFTER}within-general-course") == met


@pytest.mark.parametrize(("day", "met"), [("2016-06-03", "met"), ("2016-06-02", "met"), ("2016-06-01", None)])
def test_the_period_after_surgery_is_six_months_and_then_other_limits_govern(
    day: str, met: str | None
) -> None:
    found = operated(2, 6, day)
    assert status_of(found, f"{AFTER}operation") in (met, "not_applicable" if met is None else met)
    governs = status_of(found, "mtus/chronic-pain-2016/physical-medicine#within-total")
    assert (governs in ("met", "unmet")) is (met is None)


ESI: dict[str, Any] = {
    "request": "2014-03-01", "injury": "2013-01-01", "region": "low_back", "radiculopathy_signs": True,
    "radiculopathy_confirmed": True, "failed_conservative_care": True, "levels_requested": 1, "in_dispute": 1,
    "chronic_pain": True, "activities_improved": True, "medication_reduced": True,
}  # fmt: skip
ONE_BLOCK = [{"treatment": "epidural_steroid_injection", "attended": 1, "body_part": {"region": "low_back"}}]


@pytest.mark.parametrize(
    ("percent", "weeks", "met"),
    [(49, 6, "unmet"), (50, 6, "met"), (51, 6, "met"), (50, 5, "unmet"), (50, 7, "met")],
)
def test_a_repeated_epidural_asks_for_half_the_pain_gone_for_six_weeks(
    percent: int, weeks: int, met: str
) -> None:
    found = item("Lumbar ESI", **ESI, history=ONE_BLOCK, relief_percent=percent, relief_weeks=weeks)
    assert status(found, "repeat-relief") == met


@pytest.mark.parametrize(("before", "met"), [(2, "met"), (3, "met"), (4, "unmet")])
def test_a_region_has_four_blocks_a_year(before: int, met: str) -> None:
    history = [{**ONE_BLOCK[0], "attended": 6}]
    found = item(
        "Lumbar ESI", **ESI, history=history, relief_percent=60, relief_weeks=8, blocks_past_year=before
    )
    assert status(found, "within-year") == met


DEVICES = [("TENS unit", "tens", OLD), ("TENS unit", "tens", NEW), ("H-wave unit", "h-wave", OLD),
           ("Interferential unit", "interferential-current", OLD)]  # fmt: skip


@pytest.mark.parametrize(("days", "met"), [(30, "met"), (31, "met"), (32, "unmet")])
@pytest.mark.parametrize(("service", "name", "when"), DEVICES)
def test_a_device_is_first_tried_for_a_month(
    service: str, name: str, when: dict[str, Any], days: int, met: str
) -> None:
    when = {**when, "trial_completed": False}
    found = item(service, **when, in_dispute={"value": days, "unit": "day"}, purchase_requested=False)
    assert status(found, "one-month-trial-first") == met
    bought = item(service, **when, in_dispute={"value": 30, "unit": "day"}, purchase_requested=True)
    assert status(bought, "one-month-trial-first") == "unmet"


DRUGS = [  # drug, when, criterion, the most days
    ("Diazepam", OLD, "within-four-weeks", 28),
    ("Flexeril", OLD, "within-three-weeks", 21),
    ("Flexeril", NEW, "within-three-weeks", 21),
    ("Norflex", OLD, "longer-than-three-weeks", 21),
    ("Norflex", NEW, "less-than-three-weeks", 20),
    ("Voltaren gel", OLD, "within-twelve-weeks", 84),
]


@pytest.mark.parametrize("over", [-1, 0, 1], ids=["below", "at", "above"])
@pytest.mark.parametrize(("drug", "when", "criterion", "most"), DRUGS)
def test_a_drug_lasts_so_many_days_those_before_counted(
    drug: str, when: dict[str, Any], criterion: str, most: int, over: int
) -> None:
    treatment = item(drug, **when).treatment
    history = [{"treatment": treatment, "attended": {"value": 7, "unit": "day"}}]
    found = item(
        drug, **when, history=history, duration={"value": most - 7 + over, "unit": "day"}, region="knee"
    )
    assert status(found, criterion) == ("unmet" if over > 0 else "met")


DOSES = [
    ("Norco #60", OLD, "dose-ceiling", "opioid_dose", 120),
    ("Norco #60", NEW, "dose-threshold", "opioid_dose", 80),
    ("Norco #60", NEW, "dose-caution", "opioid_dose", 50),
    ("Tramadol 50mg #60", OLD, "daily-dose", "daily_dose", 400),
]


@pytest.mark.parametrize("over", [-1, 0, 1], ids=["below", "at", "above"])
@pytest.mark.parametrize(("drug", "when", "criterion", "fact", "most"), DOSES)
def test_a_dose_has_its_ceiling(
    drug: str, when: dict[str, Any], criterion: str, fact: str, most: int, over: int
) -> None:
    later = {"course": "continuing", "pain_consultation": False, "severe_acute_injury": False}
    found = item(drug, **when | {fact: most + over} | later)
    assert status(found, criterion) == ("unmet" if over > 0 else "met")


@pytest.mark.parametrize(("hours", "met"), [(34, "met"), (35, "met"), (36, "unmet")])
def test_home_care_of_2009_is_35_hours_a_week(hours: int, met: str) -> None:
    found = item("Home health care", **OLD, hours_per_week=hours, homebound=True)
    assert status(found, "hours-a-week") == met


@pytest.mark.parametrize(("amount", "met"), [(19, "met"), (20, "met"), (21, "unmet")])
def test_a_restoration_program_is_twenty_days(amount: int, met: str) -> None:
    found = item(
        "Functional restoration program",
        **OLD,
        chronic_pain=True,
        in_dispute={"value": amount, "unit": "day"},
        program_plan_beyond_limit=False,
    )
    assert status(found, "within-total") == met


@pytest.mark.parametrize(("hours", "met"), [(159, "met"), (160, "met"), (161, "unmet")])
def test_a_restoration_program_asked_for_in_hours_is_counted_in_full_days(hours: int, met: str) -> None:
    found = item(
        "Functional restoration program",
        **OLD,
        chronic_pain=True,
        in_dispute={"value": hours, "unit": "hour"},
        program_plan_beyond_limit=False,
    )
    assert status(found, "within-total") == met


@pytest.mark.parametrize(("days", "asked"), [(9, "not_applicable"), (10, "not_applicable"), (11, "unmet")])
def test_gains_are_asked_of_a_program_beyond_two_weeks(days: int, asked: str) -> None:
    found = item(
        "Functional restoration program", **OLD, chronic_pain=True, in_dispute={"value": days, "unit": "day"},
        response=False, objective_improvement=False,
    )  # fmt: skip
    assert status(found, "gains-after-two-weeks") == asked
