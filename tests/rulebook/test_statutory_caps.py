"""The caps of Labor Code 4604.5: each discipline by itself, per injury."""

import pytest

from tests.rulebook.asking_for_visits import CAP, item, judge, judged, reason, status


@pytest.mark.parametrize(
    "treatment", ["physical_therapy", "aquatic_therapy", "occupational_therapy", "chiropractic"]
)
@pytest.mark.parametrize(("prior", "expected"), [(20, "met"), (21, "unmet")])
def test_each_discipline_has_24_visits_an_injury_over_all_body_parts(
    treatment: str, prior: int, expected: str
) -> None:
    history = [
        {"treatment": treatment, "attended": prior, "body_part": {"region": "shoulder"}},
        {"treatment": "acupuncture", "attended": 50},
    ]
    found = judge(treatment, 4, history=history)
    assert status(found, CAP) == expected
    assert (CAP in found.grounds and found.suggestion == "uphold") is (expected == "unmet")
    if expected == "unmet":
        assert "may authorize more in writing" in reason(found, CAP)


@pytest.mark.parametrize(
    ("injury", "expected"),
    [("2003-12-31", "not_applicable"), ("2004-01-01", "unmet"), ("2003", "not_applicable")],
)
def test_the_cap_turns_on_the_day_of_injury(injury: str, expected: str) -> None:
    history = [{"treatment": "physical_therapy", "attended": 40, "body_part": {"region": "shoulder"}}]
    assert status(judge("physical_therapy", 4, history=history, injury=injury), CAP) == expected


def test_without_a_day_of_injury_the_cap_stays_open() -> None:
    found = judge("physical_therapy", 4, injury=None)
    assert status(found, CAP) == "unknown"
    assert "injury_date" in {each.fact for each in found.missing}


def test_the_employer_may_waive_the_cap_in_writing() -> None:
    history = [{"treatment": "physical_therapy", "attended": 40, "body_part": {"region": "shoulder"}}]
    found = judge(
        "physical_therapy",
        4,
        history=history,
        findings={"cap_waived_in_writing": True, "functional_deficit": True},
    )
    assert status(found, CAP) == "not_applicable"
    assert found.suggestion == "overturn"


def test_a_cap_that_is_kept_shows_no_need() -> None:
    found = judged(
        item(treatment="physical_therapy", in_dispute=4, body_part={"region": "shoulder"}),
        request="2008-06-01",
        injury="2008-01-05",
    )[0]
    assert (found.suggestion, found.tier) == ("needs_review", None)


def test_acupuncture_and_psychotherapy_have_no_cap() -> None:
    for treatment in ("acupuncture", "psychotherapy", "massage_therapy"):
        assert not any("visit-cap" in each for each in judge(treatment, 4).guidelines)
