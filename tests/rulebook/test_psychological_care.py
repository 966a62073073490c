"""Psychotherapy and biofeedback: trial, total, and the tier that judges."""

from typing import Any

import pytest

from tests.rulebook.asking_for_visits import CBT09, CBT16, CHRONIC, SILENT, judge, reason


@pytest.mark.parametrize(("edition", "request_date"), [(CBT09, "2016-07-28"), (CBT16, "2016-07-29")])
def test_psychotherapy_for_chronic_pain_has_a_trial_and_a_total(edition: Any, request_date: str) -> None:
    asks: dict[str, Any] = {
        "region": "psyche",
        "request": request_date,
        "diagnoses": CHRONIC,
        "injury": "2014-01-01",
    }
    need: dict[str, Any] = {"findings": {"psychological_symptoms": True}}
    assert judge("psychotherapy", 4, **asks, **need).suggestion == "overturn"
    assert judge("psychotherapy", 4, **asks).grounds == (f"{edition}#psychological-need",)
    assert judge("psychotherapy", 5, **asks, **need).grounds == (f"{edition}#response-beyond-trial",)
    more: dict[str, Any] = {"prior": 4, "findings": {"response": True, "rationale": True}}
    assert judge("psychotherapy", 6, **asks, **more).suggestion == "overturn"
    assert judge("psychotherapy", 7, **asks, **more).grounds == (f"{edition}#within-total",)


def test_psychotherapy_without_chronic_pain_goes_to_the_next_tier() -> None:
    findings = {"chronic_pain": False, "response": True}
    diagnoses = [{"text": "major depressive disorder"}]
    asks: dict[str, Any] = {"region": "psyche", "prior": 10, "diagnoses": diagnoses, "request": "2016-12-01"}
    within, over = (judge("psychotherapy", count, findings=findings, **asks) for count in (10, 11))
    assert (within.suggestion, within.tier) == ("overturn", "acoem_odg")
    assert over.grounds == ("mtus/odg/psychotherapy#within-total",)
    severe = judge("psychotherapy", 40, findings=findings | {"severe_depression": True}, **asks)
    assert severe.suggestion == "overturn"
    assert "50 sessions" in reason(severe, "mtus/odg/psychotherapy#within-total")
    assert "severe major depression" in reason(severe, "mtus/odg/psychotherapy#within-total")


def test_psychotherapy_asks_whether_pain_is_chronic_where_that_is_not_known() -> None:
    found = judge("psychotherapy", 4, region="psyche")
    assert found.suggestion == "needs_review"
    assert "chronic_pain" in {each.fact for each in found.missing}


def test_biofeedback_goes_with_cognitive_behavioral_therapy_alone() -> None:
    asks: dict[str, Any] = {"region": "psyche", "diagnoses": CHRONIC}
    assert (
        judge("biofeedback", 4, findings={"with_cognitive_behavioral_therapy": True}, **asks).suggestion
        == "overturn"
    )
    silent = judge("biofeedback", 4, findings={"with_cognitive_behavioral_therapy": SILENT}, **asks)
    assert silent.grounds == ("mtus/chronic-pain-2016/biofeedback#with-cognitive-behavioral-therapy",)
