"""Imaging: red flags, failed care, waiting, and repeats."""

from typing import Any

import pytest

from tests.rulebook.asking import SILENT, item, names, status

LUMBAR: dict[str, Any] = {
    "region": "low_back",
    "nerve_compromise": True,
    "failed_conservative_care": True,
    "surgery_considered": True,
    "red_flags": False,
}


def test_lumbar_imaging_for_nerve_compromise_that_care_did_not_help() -> None:
    assert item("MRI of the lumbar spine", **LUMBAR).suggestion == "overturn"


@pytest.mark.parametrize(
    ("absent", "ground"),
    [
        ("nerve_compromise", "nerve-compromise-or-red-flag"),
        ("failed_conservative_care", "failed-conservative-care"),
        ("surgery_considered", "surgery-considered"),
    ],
)
def test_lumbar_imaging_asks_for_each_of_three(absent: str, ground: str) -> None:
    no = {absent: False, "nerve_dysfunction_tested": False, "invasive_procedure_planned": False}
    facts: dict[str, Any] = {**LUMBAR, **no}
    assert names(item("MRI of the lumbar spine", **facts).grounds) == {ground}
    facts[absent] = SILENT
    assert names(item("MRI of the lumbar spine", **facts).grounds) == {ground}


def test_a_red_flag_opens_lumbar_imaging_on_the_first_day() -> None:
    facts: dict[str, Any] = {"region": "low_back", "red_flags": True, "injury": "2016-12-15"}
    assert item("MRI of the lumbar spine", **facts).suggestion == "overturn"
    assert item("X-rays of the lumbar spine", **facts).suggestion == "overturn"


def test_nobody_having_looked_for_red_flags_is_not_their_absence() -> None:
    found = item("X-rays of the lumbar spine", region="low_back", red_flags={"missing": "nobody looked"})
    assert found.suggestion == "needs_review"
    assert [each.fact for each in found.missing] == ["red_flags"]


@pytest.mark.parametrize(("injury", "status_"), [("2016-11-17", "met"), ("2016-11-18", "unmet")])
def test_lumbar_imaging_waits_four_weeks(injury: str, status_: str) -> None:
    found = item("MRI of the lumbar spine", **LUMBAR, injury=injury, symptoms_predate_injury=False)
    assert status(found, "wait-a-month") == status_


def test_a_second_study_asks_for_a_change() -> None:
    before = [
        {"treatment": "mri", "attended": {"value": 1, "unit": "study"}, "body_part": {"region": "low_back"}}
    ]
    again = item("MRI of the lumbar spine", **LUMBAR, history=before, changed_since_last_study=SILENT)
    assert names(again.grounds) == {"repeat-study"}
    changed = item("MRI of the lumbar spine", **LUMBAR, history=before, changed_since_last_study=True)
    assert changed.suggestion == "overturn"


@pytest.mark.parametrize(
    ("service", "region", "facts"),
    [
        ("MRI of the right shoulder", "shoulder", {"failed_conservative_care": True}),
        ("MRI of the right shoulder", "shoulder", {"invasive_procedure_planned": True}),
        ("MRI of the knee", "knee", {"failed_conservative_care": True, "internal_derangement_signs": True}),
        ("MRI of the cervical spine", "neck", {"failed_conservative_care": True, "nerve_compromise": True}),
        ("MRI of the left wrist", "wrist", {"failed_conservative_care": True}),
    ],
)
def test_imaging_that_the_clinical_topics_support(service: str, region: str, facts: dict[str, Any]) -> None:
    found = item(service, region=region, red_flags=False, **facts)
    assert (found.suggestion, found.tier) == ("overturn", "mtus")


@pytest.mark.parametrize(
    ("service", "region"),
    [
        ("MRI of the right shoulder", "shoulder"),
        ("MRI of the knee", "knee"),
        ("MRI of the cervical spine", "neck"),
        ("MRI of the left wrist", "wrist"),
    ],
)
def test_imaging_before_conservative_care_failed(service: str, region: str) -> None:
    facts: dict[str, Any] = {
        "red_flags": SILENT,
        "failed_conservative_care": SILENT,
        "nerve_compromise": SILENT,
        "nerve_dysfunction_tested": SILENT,
        "internal_derangement_signs": SILENT,
        "surgery_considered": SILENT,
        "invasive_procedure_planned": SILENT,
    }
    found = item(service, region=region, **facts)
    assert found.suggestion == "uphold"
    assert "absence of documentation" in found.headline


def test_head_imaging_is_judged_by_odg_since_the_mtus_is_silent() -> None:
    found = item("CT scan of the head", region="head", red_flags=False, head_findings=False)
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert (
        item("CT scan of the head", region="head", red_flags=False, head_findings=True).suggestion
        == "overturn"
    )


def test_a_chapter_whose_criteria_were_not_read_gives_no_answer() -> None:
    found = item("Right elbow MRI", region="elbow", failed_conservative_care=True, red_flags=False)
    assert found.suggestion == "needs_review"
    assert found.review_reasons == ("criteria_not_known",)
    assert "Elbow Disorders" in found.headline
