"""Totals of physical medicine by diagnosis: rows, the larger of several, and what holds otherwise."""

from typing import Any

import pytest

from tests.rulebook.asking_for_visits import IMPROVED, PM16, judge, reason


@pytest.mark.parametrize(
    ("diagnosis", "total", "row"),
    [
        ("myalgia", 10, "myalgia and myositis"),
        ("lumbar radiculopathy", 10, "neuralgia, neuritis and radiculitis"),
        ("osteoarthritis of the knee", 9, "arthritis"),
        ("CRPS", 26, "complex regional pain syndrome"),
    ],
)
def test_the_diagnosis_selects_the_row(diagnosis: str, total: int, row: str) -> None:
    asks: dict[str, Any] = {"findings": IMPROVED, "diagnoses": [{"text": diagnosis}], "injury": "2003-12-31"}
    within = judge("physical_therapy", 2, prior=total - 2, **asks)
    over = judge("physical_therapy", 3, prior=total - 2, **asks)
    assert within.suggestion == "overturn"
    assert over.grounds == (f"{PM16}#within-total",)
    assert f"The row for {row} governs." in reason(over, f"{PM16}#within-total")


def test_where_several_rows_fit_the_larger_governs_and_says_so() -> None:
    diagnoses = [{"text": "osteoarthritis"}, {"text": "complex regional pain syndrome"}]
    found = judge(
        "physical_therapy", 3, prior=20, findings=IMPROVED, diagnoses=diagnoses, injury="2003-12-31"
    )
    assert found.suggestion == "overturn"
    assert "Several rows fit (complex regional pain syndrome, arthritis); the larger governs." in reason(
        found, f"{PM16}#within-total"
    )


def test_after_an_injection_there_are_two_visits_unless_another_row_fits() -> None:
    asks: dict[str, Any] = {"findings": {"post_injection_course": True, "functional_deficit": True}}
    assert judge("physical_therapy", 2, **asks).suggestion == "overturn"
    assert judge("physical_therapy", 3, **asks).grounds == (f"{PM16}#within-total",)
    assert judge("physical_therapy", 3, diagnoses=[{"text": "myalgia"}], **asks).suggestion == "overturn"


def test_other_diagnoses_take_the_row_for_myalgia_by_analogy() -> None:
    found = judge("physical_therapy", 6, prior=6, findings=IMPROVED, diagnoses=[{"text": "lumbar sprain"}])
    within_total = next(each for each in found.criteria if each.id == f"{PM16}#within-total")
    assert found.grounds == (within_total.id,)
    assert within_total.citation.status == "secondary"
    assert "Reviewers reason so" not in within_total.reason


def test_a_row_that_depends_on_what_is_not_known_leaves_the_total_open() -> None:
    asks: dict[str, Any] = {
        "prior": 10,
        "findings": IMPROVED | {"complex_regional_pain_syndrome": {"missing": "page 2 is illegible"}},
    }
    found = judge("physical_therapy", 6, injury="2003-12-31", **asks)
    assert found.suggestion == "needs_review"
    assert "complex_regional_pain_syndrome" in {each.fact for each in found.missing}
    assert judge("physical_therapy", 17, injury="2003-12-31", **asks).grounds == (f"{PM16}#within-total",), (
        "over every row"
    )
