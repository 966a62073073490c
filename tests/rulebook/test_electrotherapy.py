"""TENS and other stimulation: a month on trial, beside active care, and what is not recommended."""

from typing import Any

import pytest

from tests.rulebook.asking import SILENT, item, names, status

TENS: dict[str, Any] = {
    "functional_restoration_adjunct": True,
    "treatment_goals": True,
    "neuropathic_pain": True,
}


@pytest.mark.parametrize(
    ("request_", "suggestion"),
    [
        ({"duration": {"value": 30, "unit": "day"}, "purchase_requested": False}, "overturn"),
        ({"asked": {"value": 1, "unit": "month"}, "purchase_requested": False}, "overturn"),
        ({"asked": {"value": 2, "unit": "month"}, "purchase_requested": False}, "uphold"),
        ({"asked": {"value": 1, "unit": "month"}, "purchase_requested": True}, "uphold"),
    ],
)
def test_tens_begins_with_a_month_on_trial(request_: dict[str, Any], suggestion: str) -> None:
    found = item("TENS unit", **TENS, **request_, trial_completed=False, trial_benefit=False)
    assert found.suggestion == suggestion
    assert status(found, "one-month-trial-first") == ("met" if suggestion == "overturn" else "unmet")


def test_tens_may_be_bought_after_a_trial_that_helped() -> None:
    bought: dict[str, Any] = {"purchase_requested": True, "trial_completed": True}
    assert item("TENS unit purchase", **TENS, **bought, trial_benefit=True).suggestion == "overturn"
    failed = item("TENS unit purchase", **TENS, **bought, trial_benefit=False)
    assert names(failed.grounds) == {"trial-showed-benefit"}


def test_tens_alone_is_no_primary_treatment() -> None:
    found = item(
        "TENS unit", duration={"value": 30, "unit": "day"}, purchase_requested=False,
        **{**TENS, "functional_restoration_adjunct": SILENT},
    )  # fmt: skip
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"adjunct-to-functional-restoration"}


def test_h_wave_comes_after_tens() -> None:
    old: dict[str, Any] = {"request": "2014-03-01", "injury": "2013-01-01", "chronic_pain": True, **TENS}
    rental: dict[str, Any] = {
        "asked": {"value": 1, "unit": "month"},
        "purchase_requested": False,
        "failed_conservative_care": True,
        "h_wave_indication": True,
    }
    assert item("H-wave unit", **old, **rental, tens_failed=True).suggestion == "overturn"
    assert names(item("H-wave unit", **old, **rental, tens_failed=False).grounds) == {"other-care-failed"}
    without: dict[str, Any] = {**rental, "h_wave_indication": SILENT}
    assert names(item("H-wave unit", **old, **without, tens_failed=True).grounds) == {"indication"}


@pytest.mark.parametrize(
    ("service", "diagnoses", "suggestion"),
    [
        ("Microcurrent stimulation", [], "uphold"),
        ("Fioricet #30", [], "uphold"),
        ("Soma 350mg #60", [], "uphold"),
    ],
)
def test_what_the_guideline_of_2009_does_not_recommend(
    service: str, diagnoses: list[Any], suggestion: str
) -> None:
    found = item(service, request="2014-03-01", injury="2013-01-01", chronic_pain=True, diagnoses=diagnoses)
    assert found.suggestion == suggestion
    assert "recommended" in names(found.grounds)


def test_neuromuscular_stimulation_is_for_rehabilitation_after_a_stroke() -> None:
    old: dict[str, Any] = {"request": "2014-03-01", "injury": "2013-01-01", "chronic_pain": True}
    after = item("NMES unit", **old, diagnoses=["stroke"])
    assert (after.suggestion, names(after.grounds)) == ("overturn", {"after-stroke"})
    assert names(item("NMES unit", **old, stroke=SILENT).grounds) == {"after-stroke"}
    unread = item("NMES unit", **old, stroke={"missing": "the chart was not read"})
    assert unread.suggestion == "needs_review"


def test_stimulation_in_the_clinic_is_an_adjunct() -> None:
    found = item("Electrical stimulation 1 times 8", functional_restoration_adjunct=False)
    assert (found.treatment, found.suggestion) == ("electrical_stimulation", "uphold")


def test_stimulation_in_the_clinic_waits_for_the_result_of_another_course() -> None:
    clinic = "Electrical stimulation 1 times 8"
    asks: dict[str, Any] = {"neuropathic_pain": True, "functional_restoration_adjunct": True}
    assert item(clinic, **asks).suggestion == "overturn"
    found = item(clinic, **asks, other_course_unfinished=True)
    assert (found.suggestion, found.review_reasons) == ("needs_review", ("practice_against",))
    assert found.lean is not None
    assert (found.lean.suggestion, names(found.lean.grounds)) == ("uphold", {"one-course-at-a-time"})
