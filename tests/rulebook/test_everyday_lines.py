"""Eighty everyday request lines on four days, and nothing else known: nothing is overturned, and every review has its questions."""

from __future__ import annotations

import pytest
import yaml

from imr_rules import Case, screen
from tests.paths import ROOT
from tests.rulebook.asking import RULEBOOK

LINES = yaml.safe_load((ROOT / "tests" / "rulebook" / "everyday-lines.yaml").read_text(encoding="utf-8"))[
    "lines"
]
DAYS = {
    "2014-03-01": "2013-03-01",
    "2016-12-01": "2016-06-01",
    "2019-06-01": "2018-12-01",
    "2026-03-01": "2025-06-01",
}
"""The day of the request, and that of the injury."""
BROKEN_BY_ITS_WORDS = {
    "Compound cream flurbiprofen 20% cyclobenzaprine 4%": "no-ingredient-that-is-not-recommended"
}
"""Lines whose own words break a limit of the text, until November 2017."""


@pytest.mark.parametrize("day", DAYS)
def test_no_line_alone_is_overturned_and_each_has_its_questions(day: str) -> None:
    for service, diagnosis in LINES:
        case = {
            "injury": {"date": DAYS[day]},
            "request": {"date": day},
            "diagnoses": [{"text": diagnosis}],
            "items": [{"service": service, "utilization_review": {"decision": "denied"}}],
        }
        (found,) = screen(Case.from_data(case), RULEBOOK).items
        broken = BROKEN_BY_ITS_WORDS.get(service) if day < "2017-12-01" else None
        if broken is not None:
            assert (found.suggestion, [each.split("#")[1] for each in found.grounds]) == ("uphold", [broken])
            continue
        assert found.suggestion == "needs_review", service
        assert 3 <= len(found.questions) <= 5, service
        assert found.lean is None or found.lean.suggestion == "uphold", service


@pytest.mark.parametrize(
    ("service", "diagnosis", "asked"),
    [
        ("Omeprazole 20 mg #60", "chronic low back pain", {"gastrointestinal_risk", "nsaid_taken", "age"}),
        (
            "Carpal tunnel release, right",
            "carpal tunnel syndrome",
            {"nerve_dysfunction_tested", "failed_conservative_care"},
        ),
        (
            "L4-5 lumbar fusion",
            "lumbar degenerative disc disease",
            {"spinal_instability", "failed_conservative_care"},
        ),
        (
            "Functional capacity evaluation",
            "lumbar strain",
            {"return_to_work_failed", "near_maximum_improvement"},
        ),
        (
            "TENS unit purchase",
            "chronic low back pain",
            {"trial_completed", "trial_benefit", "functional_restoration_adjunct"},
        ),
        (
            "Home health aide 4 hours a day 5 days a week",
            "chronic low back pain",
            {"homebound", "skilled_or_personal_care_needed"},
        ),
        ("Norco 10/325 mg #60", "chronic low back pain", {"opioid_dose", "opioid_monitoring"}),
        ("Sleep study", "insomnia", {"insomnia_six_months", "psychiatric_cause_excluded"}),
    ],
)
def test_the_questions_are_those_of_the_treatment_where_no_criteria_are_known(
    service: str, diagnosis: str, asked: set[str]
) -> None:
    case = {
        "injury": {"date": "2025-06-01"},
        "request": {"date": "2026-03-01"},
        "diagnoses": [{"text": diagnosis}],
        "items": [{"service": service}],
    }
    (found,) = screen(Case.from_data(case), RULEBOOK).items
    assert asked <= {each.fact for each in found.questions}
