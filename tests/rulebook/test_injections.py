"""Injections and implants: relief, weeks, blocks and levels; trigger points; what comes first."""

from typing import Any

import pytest

from tests.rulebook.asking import SILENT, item, names, status

# --- epidural steroid injections: relief, weeks, blocks, levels ---


ESI: dict[str, Any] = {
    "request": "2014-03-01",
    "injury": "2013-01-01",
    "region": "low_back",
    "in_dispute": 1,
    "radiculopathy_signs": True,
    "radiculopathy_confirmed": True,
    "failed_conservative_care": True,
    "levels_requested": 1,
    "chronic_pain": True,
}
ONE_BLOCK = [{"treatment": "epidural_steroid_injection", "attended": 1, "body_part": {"region": "low_back"}}]
REPEAT: dict[str, Any] = {
    **ESI,
    "history": ONE_BLOCK,
    "activities_improved": True,
    "medication_reduced": True,
}


def test_a_first_epidural_for_confirmed_radiculopathy_is_supported() -> None:
    found = item("Lumbar ESI L4-5", **ESI)
    assert (found.suggestion, found.tier) == ("overturn", "mtus")
    assert names(found.grounds) == {"radiculopathy", "failed-conservative-care"}
    assert status(found, "no-series") == status(found, "levels") == "met"
    assert status(found, "repeat-relief") == "not_applicable"


@pytest.mark.parametrize(
    ("percent", "weeks", "suggestion"),
    [(50, 6, "overturn"), (80, 8, "overturn"), (49, 6, "uphold"), (50, 5, "uphold"), (0, 0, "uphold")],
)
def test_a_repeat_epidural_asks_for_half_the_pain_gone_for_six_weeks(
    percent: int, weeks: int, suggestion: str
) -> None:
    found = item("Lumbar ESI L4-5", **REPEAT, relief_percent=percent, relief_weeks=weeks)
    assert found.suggestion == suggestion
    assert ("repeat-relief" in names(found.grounds)) is True
    assert status(found, "repeat-relief") == ("met" if suggestion == "overturn" else "unmet")


def test_a_repeat_epidural_without_less_medication_is_not_supported() -> None:
    found = item(
        "Lumbar ESI L4-5", **{**REPEAT, "medication_reduced": False}, relief_percent=70, relief_weeks=8
    )
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"repeat-function"}


def test_silence_about_relief_is_a_ground_and_says_what_to_ask_for() -> None:
    found = item("Lumbar ESI L4-5", **REPEAT, relief_percent=SILENT, relief_weeks=SILENT)
    assert found.suggestion == "uphold"
    assert "absence of documentation" in found.headline
    assert {each.fact for each in found.ask_for} == {"relief_percent", "relief_weeks"}


def test_relief_that_nobody_looked_up_needs_review_and_names_it() -> None:
    unread = {"missing": "the visit after the injection was not at hand"}
    found = item("Lumbar ESI L4-5", **REPEAT, relief_percent=unread, relief_weeks=unread)
    assert found.suggestion == "needs_review"
    assert {each.fact for each in found.missing} == {"relief_percent", "relief_weeks"}


def test_a_series_of_three_is_over_the_two_of_the_diagnostic_phase() -> None:
    found = item("Lumbar ESI, series of three", **{**ESI, "in_dispute": 3})
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"no-series"}


@pytest.mark.parametrize(("before", "suggestion"), [(3, "overturn"), (4, "uphold")])
def test_a_region_has_four_blocks_a_year(before: int, suggestion: str) -> None:
    history = [{**ONE_BLOCK[0], "attended": 6}]
    found = item(
        "Lumbar ESI",
        **{**REPEAT, "history": history},
        relief_percent=60,
        relief_weeks=7,
        blocks_past_year=before,
    )
    assert found.suggestion == suggestion
    assert status(found, "within-year") == ("met" if suggestion == "overturn" else "unmet")


@pytest.mark.parametrize(
    ("approach", "levels", "met"),
    [
        ("transforaminal", 2, True),
        ("transforaminal", 3, False),
        ("interlaminar", 1, True),
        ("interlaminar", 2, False),
    ],
)
def test_levels_of_one_session(approach: str, levels: int, met: bool) -> None:
    found = item("Lumbar ESI", **{**ESI, "levels_requested": levels}, injection_approach=approach)
    assert status(found, "levels") == ("met" if met else "unmet")


def test_reviewers_fell_back_on_the_superseded_criteria_as_practice() -> None:
    found = item("Lumbar ESI", **{**REPEAT, "request": "2016-12-15"}, relief_percent=30, relief_weeks=7)
    assert (found.suggestion, found.tier) == ("needs_review", "practice")
    assert found.lean is not None
    assert (found.lean.suggestion, found.lean.rests_on) == ("uphold", ("practice",))
    assert found.lean.grounds == ("mtus/practice/epidural-steroid-injections-after-2016#repeat-relief",)
    sources = {each.citation.source for each in found.criteria if each.status == "met"}
    assert "mtus-chronic-pain-2009" in sources


def test_an_epidural_of_the_neck_meets_odg_before_that_practice() -> None:
    found = item("Cervical ESI", **{**ESI, "request": "2016-12-15", "region": "neck"})
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert found.grounds == ("mtus/odg/cervical-epidural#recommended",)


def test_a_recalled_number_says_so_in_its_reason() -> None:
    found = item("Lumbar ESI, series of three", **{**ESI, "in_dispute": 3})
    reason = next(each.reason for each in found.criteria if each.id.endswith("#no-series"))
    assert "recalled" in reason


# --- trigger points, sympathetic blocks, botulinum, implants ---


TRIGGER: dict[str, Any] = {
    "request": "2014-03-01",
    "injury": "2013-01-01",
    "chronic_pain": True,
    "trigger_points": True,
    "failed_conservative_care": True,
    "in_dispute": 1,
}


@pytest.mark.parametrize(("sites", "suggestion"), [(4, "overturn"), (5, "uphold")])
def test_trigger_point_injections_in_one_session(sites: int, suggestion: str) -> None:
    found = item("Trigger point injections", **TRIGGER, injection_sites=sites)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(("percent", "suggestion"), [(51, "overturn"), (50, "uphold")])
def test_repeat_trigger_point_injections_ask_for_more_than_half(percent: int, suggestion: str) -> None:
    history = [{"treatment": "trigger_point_injection", "attended": 3}]
    found = item(
        "Trigger point injections",
        **TRIGGER,
        history=history,
        injection_sites=3,
        relief_percent=percent,
        relief_weeks=6,
        activities_improved=True,
        months_since_injection=2,
    )
    assert found.suggestion == suggestion


def test_botulinum_toxin_is_for_dystonia_not_for_headache() -> None:
    old: dict[str, Any] = {
        "request": "2014-03-01",
        "injury": "2013-01-01",
        "in_dispute": 1,
        "chronic_pain": True,
    }
    unread = item("Botox injections", **old, region="neck", cervical_dystonia={"missing": "nobody looked"})
    assert unread.suggestion == "needs_review"
    headache = item("Botox injections", **old, region="neck", cervical_dystonia=SILENT)
    assert names(headache.grounds) == {"indication"}
    dystonia = item("Botox injections", **old, region="neck", diagnoses=["cervical dystonia"])
    assert dystonia.suggestion == "overturn"


def test_a_permanent_stimulator_follows_a_trial_that_succeeded() -> None:
    stimulator: dict[str, Any] = {
        "request": "2014-03-01",
        "injury": "2013-01-01",
        "chronic_pain": True,
        "stimulator_indication": True,
        "failed_conservative_care": True,
        "psychological_clearance": True,
    }
    assert item("Spinal cord stimulator", **stimulator).suggestion == "needs_review"
    trial = item("Spinal cord stimulator trial", **stimulator, permanent_implant=False)
    assert trial.suggestion == "overturn"
    untried: dict[str, Any] = {"permanent_implant": True, "trial_completed": SILENT, "trial_benefit": SILENT}
    permanent = item("Spinal cord stimulator, permanent", **stimulator, **untried)
    assert names(permanent.grounds) == {"trial-before-implant"}
    after = item(
        "Spinal cord stimulator",
        **stimulator,
        permanent_implant=True,
        trial_completed=True,
        trial_benefit=True,
    )
    assert after.suggestion == "overturn"
