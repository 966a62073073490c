"""Real determinations, in a few lines each."""

from typing import Any

import pytest

from tests.rulebook.asking_for_visits import (
    ACU,
    IMPROVED,
    MT16,
    PM16,
    PS,
    SILENT,
    item,
    judge,
    judged,
    reason,
)

UNMEASURED = {"objective_improvement": SILENT, "functional_improvement": SILENT}


@pytest.mark.parametrize(
    ("letter", "treatment", "asks", "suggestion", "ground"),
    [
        ("CM16-0245295", "physical_therapy", {"in_dispute": 6, "prior": 8, "findings": UNMEASURED}, "uphold", f"{PM16}#within-total"),
        ("CM17-0005177", "physical_therapy", {"in_dispute": 6, "prior": {"attended": {"at_least": 5}}, "findings": UNMEASURED}, "uphold", f"{PM16}#improvement-after-six-visits"),
        ("CM17-0006045", "physical_therapy", {"in_dispute": 8, "region": "neck", "prior": 8, "findings": UNMEASURED | {"no_remaining_deficit": True}}, "uphold", f"{PM16}#remaining-deficit"),
        ("CM17-0013240", "physical_therapy", {"in_dispute": 6, "prior": 12, "findings": {"home_program_sufficient": True}}, "uphold", f"{PM16}#home-program-would-do"),
        ("CM17-0013754", "physical_therapy", {"in_dispute": 2, "asked": 12, "authorized": 10}, "uphold", f"{PM16}#within-total"),
        ("CM17-0014320", "physical_therapy", {"in_dispute": 3, "asked": 12, "authorized": 9, "region": "shoulder", "prior": 3, "findings": {"measured_gain": True}}, "uphold", f"{PM16}#within-total"),
        ("CM17-0016311", "physical_therapy", {"in_dispute": 2, "asked": 8, "authorized": 6}, "leans to uphold", f"{PM16}#within-trial"),
        ("CM17-0016666", "physical_therapy", {"in_dispute": 12}, "uphold", f"{PM16}#within-total"),
        ("CM17-0019120", "physical_therapy", {"in_dispute": 6, "prior": {"attended": 3, "authorized_unused": 3}, "findings": {"measured_gain": True}}, "uphold", f"{PM16}#within-total"),
        ("CM17-0019907", "physical_therapy", {"in_dispute": 6, "findings": {"functional_deficit": True}}, "overturn", f"{PM16}#deficit-to-treat"),
        ("CM17-0020728", "physical_therapy", {"in_dispute": 4, "asked": 6, "authorized": 2, "prior": 6, "findings": {"objective_improvement": True}}, "uphold", f"{PM16}#within-total"),
        ("CM16-0243453", "chiropractic", {"in_dispute": 8, "region": "knee"}, "uphold", f"{MT16}#recommended"),
        ("CM16-0247405", "chiropractic", {"in_dispute": 2, "asked": 8, "authorized": 6, "region": "neck"}, "uphold", f"{MT16}#within-trial"),
        ("CM16-0247660", "chiropractic", {"in_dispute": 6, "prior": 6, "findings": UNMEASURED}, "uphold", f"{MT16}#improvement-beyond-trial"),
        ("CM17-0004738", "chiropractic", {"in_dispute": 6, "prior": 6, "findings": {"measured_gain": True}}, "overturn", f"{MT16}#improvement-beyond-trial"),
        ("CM17-0010006", "chiropractic", {"in_dispute": 12, "prior": {"attended": SILENT}, "findings": UNMEASURED}, "uphold", f"{MT16}#improvement-beyond-trial"),
        ("CM16-0242419", "acupuncture", {"in_dispute": 6, "prior": {"attended": 4, "authorized_unused": 2}, "findings": {"restrictions_reduced": True}}, "overturn", f"{ACU}#improvement-beyond-effect"),
        ("CM16-0248698", "acupuncture", {"in_dispute": 12, "asked": 18, "authorized": 6, "findings": {"pain_medication_reduced_or_not_tolerated": SILENT, "adjunct_to_rehabilitation": SILENT}}, "uphold", f"{ACU}#option"),
        ("CM16-0249735", "home_health_care", {"in_dispute": {"value": 120, "unit": "hour"}, "findings": {"homebound": SILENT, "after_major_surgery_or_hospital_stay": True, "skilled_or_personal_care_needed": True}}, "uphold", "mtus/chronic-pain-2016/home-health#homebound"),
    ],
)  # fmt: skip
def test_determinations_decided_inside_the_guideline(
    letter: str, treatment: str, asks: dict[str, Any], suggestion: str, ground: str
) -> None:
    found = judge(treatment, **asks)
    if suggestion.startswith("leans"):  # what practice alone decides is a lean
        assert found.suggestion == "needs_review", letter
        assert found.lean is not None, letter
        assert (f"leans to {found.lean.suggestion}", ground in found.lean.grounds) == (suggestion, True), (
            letter
        )
        return
    assert found.suggestion == suggestion, letter
    assert ground in found.grounds


def test_the_femur_and_the_hand_of_one_determination() -> None:
    """CM17-0006912: the larger of two operations has 30 visits; 24 at once pass the initial course."""
    surgeries = [
        {"procedure": "thigh_femur_fracture", "date": "2016-11-22"},
        {"procedure": "hand_metacarpal_fracture", "date": "2016-11-16"},
    ]
    therapy = item(
        "PT/OT two to three times a week for six to eight weeks (24 sessions) left hand, right lower leg",
        asked=24, authorized=6, in_dispute=18, findings={"objective_improvement": SILENT},
    )  # fmt: skip
    history = [{"treatment": "occupational_therapy", "attended": {"at_least": 1}, "since": "2016-11-23"}]
    found = judged(therapy, request="2016-12-15", injury="2016-11-15", surgeries=surgeries, history=history)[
        0
    ]
    assert found.treatment == "physical_medicine"
    assert found.grounds == (f"{PS}#improvement-beyond-initial-course",)


def test_a_knee_sprain_of_weeks_is_judged_by_analogy_where_the_reviewer_went_elsewhere() -> None:
    """CM17-0015348: overturned outside the guideline, by an ODG row of 12 and two visits more."""
    found = judge("physical_therapy", 8, region="knee", prior=6, findings=IMPROVED)
    assert found.grounds == (f"{PM16}#within-total",)
    assert "Applied by analogy" in reason(found, f"{PM16}#within-total")
