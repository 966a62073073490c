"""What a request's own words say, where the case leaves it out."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen


def judged(rulebook: Rulebook, service: str, **parts: Any) -> Any:
    item = {"service": service, **parts.pop("item", {})}
    case = Case.from_data(
        {"request": {"date": "2016-10-03"}, "injury": {"date": "2016-03-14"}, "items": [item],
         "documents": [{"kind": "progress_report"}], **parts}
    )  # fmt: skip
    (found,) = screen(case, rulebook).items
    return found


def fact(found: Any, name: str) -> Any:
    return next(each.value for result in found.criteria for each in result.facts if each.name == name)


@pytest.mark.parametrize(
    ("service", "asked", "authorized", "in_dispute"),
    [
        ("Continue physical therapy 3 times a week for 2 weeks, right shoulder", 6, 0, 6),
        ("Physical therapy 2x6, low back", 12, 0, 12),
        ("12 sessions of acupuncture was the original request; 10 sessions authorized; the remaining 2", 12, 10, 2),
        ("Chiropractic manipulation x 6 visits, low back", 6, 0, 6),
    ],
)  # fmt: skip
def test_quantities_are_read_from_the_words(
    rulebook: Rulebook, service: str, asked: int, authorized: int, in_dispute: int
) -> None:
    found = judged(rulebook, service)
    assert [(each.low, each.high) for each in (found.asked, found.authorized, found.in_dispute)] == [
        (asked, asked), (authorized, authorized), (in_dispute, in_dispute)
    ]  # fmt: skip


def test_a_number_that_may_count_the_spinal_levels_is_one_or_more(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Bilateral L4-5 and L5-S1 transforaminal epidural steroid injection x 2")
    assert (found.in_dispute.low, found.in_dispute.high) == (1, 2)


def test_the_words_are_the_evidence(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Physical therapy 3 times a week for 2 weeks, low back")
    (evidence,) = fact(found, "in_dispute").evidence
    assert evidence.place == "the request's words"


def test_fields_and_words_that_disagree_bound_the_count(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Physical therapy 12 visits, low back", item={"in_dispute": 4})
    assert (found.in_dispute.low, found.in_dispute.high) == (4, 12)
    assert found.asked.low is None


def test_what_the_case_states_of_the_rest_comes_first(rulebook: Rulebook) -> None:
    item = {"asked": 12, "authorized": 8, "in_dispute": 4}
    found = judged(rulebook, "Physical therapy 12 visits, low back", item=item)
    assert found.in_dispute.low == found.in_dispute.high == 4


def test_words_that_leave_the_rest_open_are_not_guessed_at(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Physical therapy 12 sessions, modified to 6, low back")
    assert found.asked.low == 12
    assert found.authorized.low == 6
    assert found.in_dispute.low is None


def test_quantities_that_contradict_each_other_are_bounds_and_said(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Physical therapy 3 times a week for 4 weeks, 8 visits")
    assert (found.asked.low, found.asked.high) == (8, 12)
    assert any("is not frequency times duration (8 to 12)" in warning for warning in found.warnings)


def test_one_body_part_is_read_and_several_are_not(rulebook: Rulebook) -> None:
    earlier = [
        {"treatment": "physical_therapy", "attended": 4, "body_part": {"region": "low_back"}},
        {"treatment": "physical_therapy", "attended": 5, "body_part": {"region": "neck"}},
    ]
    one = judged(rulebook, "Physical therapy x 6 visits, low back", history=earlier)
    assert fact(one, "visits_if_granted").low == fact(one, "visits_if_granted").high == 10
    several = judged(rulebook, "Physical therapy x 6 visits, neck and low back", history=earlier)
    assert not fact(several, "visits_if_granted").exact


def test_a_course_for_an_unnamed_part_counts_only_where_one_region_is_spoken_of(rulebook: Rulebook) -> None:
    found = judged(
        rulebook,
        "Physical therapy x 6 visits",
        history=[{"treatment": "physical_therapy", "attended": 9, "body_part": {"region": "knee"}}],
        accepted_body_parts=[{"region": "knee"}, {"region": "shoulder"}],
    )
    assert (fact(found, "visits_if_granted").low, found.suggestion) == (6, "needs_review")


def test_a_wider_region_leaves_it_open_whether_a_course_belongs(rulebook: Rulebook) -> None:
    found = judged(
        rulebook,
        "Physical therapy x 6 visits",
        item={"body_part": {"region": "spine"}},
        history=[{"treatment": "physical_therapy", "attended": 9, "body_part": {"region": "low_back"}}],
    )
    assert (fact(found, "visits_if_granted").low, fact(found, "visits_if_granted").high) == (6, 15)


def test_more_of_a_course_is_a_continuation(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Additional physical therapy x 6 visits, low back")
    assert fact(found, "visits_if_granted").low >= 7


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (
            {"asked": 8, "service": "Physical therapy 6 visits, low back"},
            "not the one in the request's words (6)",
        ),
        (
            {"service": "Physical therapy, left knee", "body_part": {"region": "knee", "side": "right"}},
            "the request's words say left knee",
        ),
        (
            {"service": "MRI of the neck", "body_part": {"region": "knee"}},
            "the request's words say neck",
        ),
    ],
)
def test_fields_are_held_against_the_words(rulebook: Rulebook, item: dict[str, Any], words: str) -> None:
    found = judged(rulebook, item.pop("service"), item=item)
    assert any(words in warning for warning in found.warnings)


def test_an_operation_that_the_table_does_not_have_is_refused_with_the_nearest(rulebook: Rulebook) -> None:
    with pytest.raises(Exception, match="knee_meniscectomy"):
        judged(rulebook, "Physical therapy", surgeries=[{"procedure": "knee_meniscectomi"}])


@pytest.mark.parametrize(
    ("service", "refills"),
    [
        ("Gabapentin 600 mg TID #90 with 2 refills", "2"),
        ("Naproxen 550 mg #60, refills: 1-3", "1 to 3"),
        ("Flexeril 7.5 mg #60 no refills", None),
        ("Flexeril 7.5 mg #60", None),
    ],
)
def test_refills_beside_a_quantity_are_said(rulebook: Rulebook, service: str, refills: str | None) -> None:
    said = [each for each in judged(rulebook, service).warnings if "refill" in each]
    assert [f"({refills})" in each for each in said] == ([True] if refills else [])


def test_refills_are_not_said_where_the_case_states_its_quantity(rulebook: Rulebook) -> None:
    found = judged(rulebook, "Norco 10/325 #120, refill x 2", item={"asked": 360, "in_dispute": 360})
    assert not any("refill" in each for each in found.warnings)
