"""Improvement is only ever evidence of response: across every guideline that counts visits, days or weeks.

What ends care is goals met, readiness to end, a plateau or no remaining deficit; their absence from the record is
no ground, and neither is silence about less dependence on care.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imr_rules import Case, Rulebook, screen
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import READ

RULEBOOK = Rulebook.load()
SILENT = {"undocumented": ["the progress notes"]}
MISSING = {"missing": "illegible"}

COUNTED = {
    name: guideline
    for name, guideline in RULEBOOK.guidelines.items()
    if any(
        "_if_granted" in each.require_text or "prior_visits" in str(each.when_text)
        for each in guideline.criteria
    )
    and guideline.source.tier != "statute"
    and not {"epidural_steroid_injection", "joint_injection", "urine_drug_test"} & set(guideline.treatments)
    and "instruction" not in guideline.limits
}
"""Guidelines that limit a course of treatment, and not single procedures, tests, or the teaching of exercise."""

IMPROVEMENT = [
    "response", "objective_improvement", "functional_improvement", "activities_improved", "restrictions_reduced",
    "measured_gain", "dependence_reduced", "returned_to_work", "medication_reduced",
]  # fmt: skip
ENDS = ["goals_met", "ready_to_end", "plateau", "no_remaining_deficit"]
OTHERS = [
    "chronic_pain", "rationale", "home_program", "flare_up", "further_improvement_expected", "home_program_sufficient",
    "with_cognitive_behavioral_therapy", "active_treatment_combined", "reduced_weight_bearing_desirable",
    "pain_medication_reduced_or_not_tolerated", "maintenance_care", "plateau_after_therapy",
    "functional_restoration_adjunct", "other_course_unfinished", "severe_depression", *ENDS,
]  # fmt: skip

states = st.sampled_from([None, True, False, SILENT, MISSING])


def having(screened: Any, *statuses: str) -> set[str]:
    """Return the criteria of a status, cautions left out."""
    return {each.id for each in screened.criteria if each.kind != "caution" and each.status in statuses}


def grounds(screened: Any) -> set[str]:
    """Return the criteria that speak against the request, whatever was suggested."""
    return having(screened, "unmet", "undocumented")


@st.composite
def asked(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """A request under a counted guideline, with earlier visits and any findings."""
    guideline = COUNTED[name]
    first, last = guideline.requests
    day = draw(st.dates(first, last or first.replace(year=first.year + 8)))
    named = draw(st.sampled_from(sorted(guideline.treatments)))
    kinds = [name for name, each in RULEBOOK.vocabulary.treatments.items() if named in each.lineage]
    treatment = draw(st.sampled_from(sorted(kinds)))
    regions = (
        ["knee", "shoulder"] if "postsurgical" in name else ["low_back", "neck", "knee", "hand", "psyche"]
    )
    region = draw(st.sampled_from(regions))
    part = {"region": region}
    prior = draw(st.integers(0, 30))
    findings: dict[str, Any] = {name: state for name in OTHERS if (state := draw(states)) is not None}
    if guideline.source.tier == "acoem_odg" or not guideline.by_analogy:  # else another tier would be heard
        findings["chronic_pain"] = guideline.source.tier == "mtus"
    case: dict[str, Any] = {
        "request": {"date": str(day)},
        "injury": {"date": str(day.replace(year=day.year - 1, day=1))},
        "items": [
            {
                "service": "it",
                "treatment": treatment,
                "body_part": part,
                "in_dispute": draw(st.integers(1, 20)),
            }
        ],
        "findings": findings,
    }
    if prior:
        case["history"] = [{"treatment": treatment, "body_part": part, "attended": prior}]
    procedure = {"knee": "knee_meniscectomy", "shoulder": "shoulder_labrum_repair"}.get(region)
    if procedure and ("postsurgical" in name or draw(st.booleans())):
        case["surgeries"] = [{"procedure": procedure, "body_part": part, "date": str(day.replace(day=1))}]
        for course in case.get("history", ()):
            course["after_surgery"] = True
    return case


def screened(case: dict[str, Any], **findings: Any) -> ItemScreening:
    known = {name: each for name, each in {**case["findings"], **findings}.items() if each is not None}
    return screen(Case.from_data({**READ, **case, "findings": known}), RULEBOOK).items[0]


def test_the_guidelines_that_count_are_found() -> None:
    assert len(COUNTED) >= 17
    assert {name.split("/")[1] for name in COUNTED} >= {
        "chronic-pain-2009", "chronic-pain-2016", "acupuncture-2007", "postsurgical-2009", "odg",
    }  # fmt: skip


every_guideline = pytest.mark.parametrize("name", sorted(COUNTED))
few = settings(max_examples=8, deadline=None)


@every_guideline
@few
@given(st.data())
def test_improvement_that_comes_to_light_never_adds_a_ground(name: Any, data: Any) -> None:
    case = data.draw(asked(name))
    for fact in IMPROVEMENT:
        before = data.draw(st.sampled_from([None, False, SILENT, MISSING]), label=fact)
        earlier = screened(case, **{fact: before})
        later = screened(case, **{fact: True})
        assert having(later, "unmet") <= having(earlier, "unmet"), f"{fact} turned true"
        # Where two facts were open, only the silence about the other one may be left.
        assert grounds(later) <= grounds(earlier) | having(earlier, "unknown"), f"{fact} turned true"
        assert not (earlier.suggestion == "overturn" and later.suggestion == "uphold")


@every_guideline
@few
@given(st.data())
def test_what_ends_care_is_a_ground_by_its_presence_alone(name: Any, data: Any) -> None:
    case = data.draw(asked(name))
    without = grounds(screened(case, **dict.fromkeys(ENDS)))
    for fact in ENDS:
        for absent in (SILENT, False):
            assert grounds(screened(case, **{**dict.fromkeys(ENDS), fact: absent})) == without


@every_guideline
@few
@given(st.data())
def test_silence_on_the_second_limb_of_functional_improvement_never_makes_a_ground(
    name: Any, data: Any
) -> None:
    case = data.draw(asked(name))
    told = screened(case, dependence_reduced=True)
    for dependence in (SILENT, None):  # an explicit no denies improvement, 8 CCR 9792.20(e)
        untold = screened(case, dependence_reduced=dependence)
        assert grounds(untold) == grounds(told)
        assert untold.suggestion == told.suggestion


@pytest.mark.parametrize("name", sorted(COUNTED))
@pytest.mark.parametrize("fact", ["goals_met", "ready_to_end"])
def test_every_counted_guideline_ends_care_on_goals_met_and_readiness(name: Any, fact: str) -> None:
    guideline = COUNTED[name]
    part = {"region": "knee" if "postsurgical" in name else "hand" if "limb" in name else "low_back"}
    treatment = sorted(guideline.treatments)[0]
    case: dict[str, Any] = {
        "request": {"date": str(guideline.requests.first)},
        "injury": {"date": str(guideline.requests.first.replace(year=guideline.requests.first.year - 1))},
        "diagnoses": [{"text": "chronic pain"}],
        "items": [{"service": "it", "treatment": treatment, "body_part": part, "in_dispute": 1}],
        "history": [{"treatment": treatment, "body_part": part, "attended": 2}],
        "findings": {},
    }
    if "postsurgical" in name:
        case["surgeries"] = [
            {"procedure": "knee_meniscectomy", "body_part": part, "date": str(guideline.requests.first)}
        ]
        case["history"][0]["after_surgery"] = True
    assert f"{name}#continued-need" not in grounds(screened(case))
    assert f"{name}#continued-need" in grounds(screened(case, **{fact: True}))
    assert f"{name}#continued-need" not in grounds(screened(case, **{fact: SILENT}))
