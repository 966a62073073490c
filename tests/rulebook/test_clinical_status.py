"""What ends care, what silence means, and items that follow another."""

from typing import Any

import pytest

from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking_for_visits import (
    ACU,
    CBT16,
    CHRONIC,
    IMPROVED,
    MT16,
    NECESSITY,
    PM16,
    PS,
    SILENT,
    item,
    judge,
    judged,
    reason,
)

# --- what ends care ---


@pytest.mark.parametrize("ending", ["goals_met", "ready_to_end", "plateau"])
@pytest.mark.parametrize(
    ("treatment", "criterion"),
    [
        ("physical_therapy", f"{PM16}#continued-need"),
        ("chiropractic", f"{MT16}#continued-need"),
        ("acupuncture", f"{ACU}#continued-need"),
        ("psychotherapy", f"{CBT16}#continued-need"),
    ],
)
def test_improvement_alone_never_ends_care_and_what_does_is_a_ground(
    treatment: str, criterion: str, ending: str
) -> None:
    findings = {
        "objective_improvement": True,
        "restrictions_reduced": True,
        "response": True,
        "rationale": True,
    }
    asks: dict[str, Any] = {"prior": 4, "diagnoses": CHRONIC}
    improved = judge(treatment, 3, findings=findings, **asks)
    assert improved.suggestion == "overturn"
    ended = judge(treatment, 3, findings=findings | {ending: True}, **asks)
    assert ended.grounds == (criterion,)
    silent = judge(treatment, 3, findings=findings | {ending: SILENT}, **asks)
    assert silent.suggestion == "overturn", "that nothing ends care is never charted"


def leans_to_uphold(found: ItemScreening, ground: str) -> None:
    """Hold that practice alone stands against the request, by one criterion."""
    assert (found.suggestion, found.review_reasons) == ("needs_review", ("practice_against",))
    assert found.lean is not None
    assert (found.lean.suggestion, found.lean.grounds) == ("uphold", (ground,))


def test_an_examination_without_deficit_needs_no_supervised_therapy() -> None:
    found = judge("physical_therapy", 4, findings={"chronic_pain": True, "no_remaining_deficit": True})
    leans_to_uphold(found, f"{PM16}#remaining-deficit")
    silent = judge(
        "physical_therapy", 4, findings={"functional_deficit": True, "no_remaining_deficit": SILENT}
    )
    assert silent.suggestion == "overturn"
    both = judge("physical_therapy", 4, findings={"functional_deficit": True, "no_remaining_deficit": True})
    assert (both.suggestion, both.lean) == ("needs_review", None)


def test_a_home_program_that_would_do_is_a_ground_and_a_missing_one_a_caution() -> None:
    asks: dict[str, Any] = {"prior": 6, "findings": IMPROVED}
    would_do = judge("physical_therapy", 3, prior=6, findings=IMPROVED | {"home_program_sufficient": True})
    leans_to_uphold(would_do, f"{PM16}#home-program-would-do")
    missing = judge("physical_therapy", 3, prior=6, findings=IMPROVED | {"home_program": SILENT})
    assert missing.suggestion == "overturn"
    assert any("home exercise program" in warning for warning in missing.warnings)
    assert judge("physical_therapy", 3, **asks).suggestion == "overturn"


# --- silence ---


def test_a_searched_record_without_the_number_of_visits_is_a_ground_and_an_unread_one_is_not() -> None:
    asks: dict[str, Any] = {"findings": IMPROVED}
    silent = judge("physical_therapy", 4, prior={"attended": SILENT}, **asks)
    assert silent.grounds == (f"{PM16}#within-total",)
    assert "not documented" in reason(silent, f"{PM16}#within-total")
    unread = judge("physical_therapy", 4, prior={"attended": {"missing": "not legible"}}, **asks)
    assert unread.suggestion == "needs_review"


def test_a_request_without_a_number_is_a_ground() -> None:
    found = judge(
        "acupuncture",
        {"undocumented": ["the request"]},
        findings={"adjunct_to_rehabilitation": True},
        authorized=6,
    )
    assert f"{ACU}#quantity-stated" in found.grounds


def test_exceptional_factors_turn_a_ground_into_a_matter_for_review() -> None:
    found = judge("physical_therapy", 12, findings={"exceptional_factors": True})
    assert (found.suggestion, found.review_reasons) == ("needs_review", ("exceptional_factors",))


# --- items that follow another ---


def test_therapy_after_a_disputed_operation_falls_with_it() -> None:
    surgery = item(
        "shoulder arthroscopy", id="surgery", treatment="surgery", in_dispute=1, body_part={"region": "hand"}
    )
    therapy = item(
        id="pt", treatment="physical_therapy", in_dispute=6, body_part={"region": "hand"}, follows="surgery"
    )
    waits = judged(surgery, therapy)[1]
    assert (waits.suggestion, waits.review_reasons) == ("needs_review", ("principal_needs_review",))
    acupuncture = item(id="acu", treatment="acupuncture", in_dispute=12, body_part={"region": "low_back"})
    adjunct = item(
        treatment="myofascial_release",
        in_dispute=6,
        body_part={"region": "low_back"},
        follows="acu",
        findings={"functional_deficit": True, "active_treatment_combined": True},
    )
    denied, falls = judged(acupuncture, adjunct)
    assert denied.suggestion == "uphold"
    assert falls.grounds == (NECESSITY,)


def test_therapy_after_an_operation_still_to_be_done_is_held_to_its_row() -> None:
    planned = {"after_planned_surgery": True, "postsurgical_procedure": "shoulder_dislocation_stabilization"}
    prior = {"attended": 12}
    within = judge("physical_therapy", 12, region="shoulder", findings=planned, prior=prior)
    assert within.suggestion == "overturn"
    assert "24" in reason(within, f"{PS}#within-general-course")
    over = judge("physical_therapy", 13, region="shoulder", findings=planned, prior=prior)
    assert over.grounds == (f"{PS}#within-initial-course",)
