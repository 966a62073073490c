"""Aquatic therapy, massage, passive modalities, programs, home care: each by its own limits."""

from typing import Any

import pytest

from tests.rulebook.asking_for_visits import CHRONIC, IMPROVED, PM09, PM16, SILENT, judge, reason


def test_aquatic_therapy_takes_the_visits_of_physical_medicine_and_a_reason_of_its_own() -> None:
    history = [{"treatment": "physical_therapy", "attended": 6, "body_part": {"region": "low_back"}}]
    asks: dict[str, Any] = {"request": "2016-07-28", "injury": "2015-01-05", "history": history}
    water = IMPROVED | {"reduced_weight_bearing_desirable": True}
    assert judge("aquatic_therapy", 4, findings=water, **asks).suggestion == "overturn"
    assert judge("aquatic_therapy", 5, findings=water, **asks).grounds == (f"{PM09}#within-total",)
    land = judge(
        "aquatic_therapy", 4, findings=IMPROVED | {"reduced_weight_bearing_desirable": SILENT}, **asks
    )
    assert land.grounds == ("mtus/chronic-pain-2009/aquatic-therapy#reduced-weight-bearing",)


def test_massage_has_six_visits_beside_active_treatment() -> None:
    asks: dict[str, Any] = {
        "request": "2016-07-28",
        "injury": "2015-01-05",
        "findings": {"active_treatment_combined": True, "functional_deficit": True},
    }
    assert judge("massage_therapy", 6, **asks).suggestion == "overturn"
    assert judge("massage_therapy", 7, **asks).grounds == ("mtus/chronic-pain-2009/massage#within-total",)
    silent = judge("massage_therapy", 6, request="2016-07-28", injury="2015-01-05", diagnoses=CHRONIC)
    assert silent.grounds == ("mtus/chronic-pain-2009/massage#with-active-treatment",)


@pytest.mark.parametrize(
    ("treatment", "request_date", "ground"),
    [
        ("therapeutic_ultrasound", "2016-07-28", "mtus/chronic-pain-2009/ultrasound#recommended"),
        ("therapeutic_ultrasound", "2016-07-29", "mtus/chronic-pain-2016/ultrasound#recommended"),
        ("low_level_laser", "2016-07-28", "mtus/chronic-pain-2009/low-level-laser#recommended"),
        ("traction", "2016-12-01", "mtus/acoem-2004/low-back-traction#recommended"),
        ("hot_cold_packs", "2016-12-01", "mtus/acoem-2004/low-back-heat-at-a-visit#recommended"),
        ("infrared", "2016-12-01", "mtus/acoem-2004/low-back-heat-at-a-visit#recommended"),
        ("shock_wave_therapy", "2016-12-01", "mtus/odg/shock-wave#recommended"),
    ],
)
def test_passive_modalities_that_are_not_recommended(treatment: str, request_date: str, ground: str) -> None:
    found = judge(treatment, 6, request=request_date, injury="2015-01-05")
    assert (found.suggestion, found.grounds) == ("uphold", (ground,))


PROGRAM = {
    "baseline_evaluation_done": True, "earlier_methods_failed": True, "lost_independent_function": True,
    "surgery_not_an_option": True, "motivated_to_change": True, "negative_predictors_addressed": True,
    "surgery_to_be_avoided": False, "program_plan_beyond_limit": False,
}  # fmt: skip
FRP = "mtus/chronic-pain-2009/functional-restoration"


def test_a_restoration_program_is_counted_in_days_whatever_it_is_asked_in() -> None:
    asks: dict[str, Any] = {"request": "2016-07-28", "injury": "2013-01-05", "diagnoses": CHRONIC}
    assert (
        judge(
            "functional_restoration_program", {"value": 80, "unit": "hour"}, findings=PROGRAM, **asks
        ).suggestion
        == "overturn"
    )
    over = judge("functional_restoration_program", {"value": 81, "unit": "hour"}, findings=PROGRAM, **asks)
    assert set(over.grounds) == {f"{FRP}#two-weeks-first", f"{FRP}#gains-after-two-weeks"}
    gains = PROGRAM | IMPROVED | {"response": True}
    prior = {"attended": {"value": 10, "unit": "day"}}
    assert (
        judge("functional_restoration_program", 10, findings=gains, prior=prior, **asks).suggestion
        == "overturn"
    )
    assert judge("functional_restoration_program", 11, findings=gains, prior=prior, **asks).grounds == (
        f"{FRP}#within-total",
    )


@pytest.mark.parametrize("criterion", sorted(name for name, state in PROGRAM.items() if state))
def test_each_condition_of_a_restoration_program_counts(criterion: Any) -> None:
    found = judge(
        "functional_restoration_program", 10, findings=PROGRAM | {criterion: SILENT},
        request="2016-07-28", injury="2013-01-05", diagnoses=CHRONIC,
    )  # fmt: skip
    assert found.suggestion == "uphold"
    assert len(found.grounds) == 1
    assert [each.fact for each in found.ask_for] == [criterion]


def test_work_conditioning_is_ten_visits_within_two_years() -> None:
    conditions = (
        "plateau_after_therapy",
        "job_demands_medium_or_higher",
        "return_to_work_goal_agreed",
        "surgery_not_an_option",
    )
    findings = dict.fromkeys(conditions, True)
    asks: dict[str, Any] = {"findings": findings, "request": "2016-07-01", "prior": 0}
    assert judge("work_conditioning", 10, injury="2015-07-01", **asks).suggestion == "overturn"
    assert judge("work_conditioning", 11, injury="2015-07-01", **asks).grounds == (
        "mtus/chronic-pain-2009/work-conditioning#within-total",
    )
    assert judge("work_conditioning", 10, injury="2014-06-01", **asks).grounds == (
        "mtus/chronic-pain-2009/work-conditioning#within-two-years",
    )


@pytest.mark.parametrize(
    ("findings", "ground"),
    [
        ({"hours_per_week": 36}, "hours-a-week"),
        ({"homebound": False}, "homebound"),
        ({"skilled_or_personal_care_needed": SILENT}, "care-needed"),
        ({"hours_per_week": SILENT}, "hours-a-week"),
    ],
)
def test_home_health_of_2009_is_limited_in_hours_a_week(findings: dict[str, Any], ground: str) -> None:
    asks: dict[str, Any] = {"request": "2016-07-28", "injury": "2015-01-05"}
    base = {"homebound": True, "hours_per_week": 35, "skilled_or_personal_care_needed": True}
    assert (
        judge("home_health_care", {"value": 140, "unit": "hour"}, findings=base, **asks).suggestion
        == "overturn"
    )
    found = judge("home_health_care", {"value": 140, "unit": "hour"}, findings=base | findings, **asks)
    assert found.grounds == (f"mtus/chronic-pain-2009/home-health#{ground}",)


def test_home_health_of_2016_has_no_greatest_number_of_hours() -> None:
    findings = {
        "homebound": True,
        "after_major_surgery_or_hospital_stay": True,
        "skilled_or_personal_care_needed": True,
    }
    assert (
        judge(
            "home_health_care", {"value": 400, "unit": "hour"}, findings=findings | {"hours_per_week": 80}
        ).suggestion
        == "overturn"
    )
    found = judge(
        "home_health_care", {"value": 40, "unit": "hour"}, findings=findings | {"homebound": SILENT}
    )
    assert found.grounds == ("mtus/chronic-pain-2016/home-health#homebound",)


def test_an_analogy_says_how_old_the_injury_is() -> None:
    found = judge("physical_therapy", 6, injury="2016-10-27")
    assert "Applied by analogy: injury 5 weeks old, chronic pain not recorded." in reason(
        found, f"{PM16}#within-total"
    )
