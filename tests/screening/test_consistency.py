"""A case that does not agree with itself: contradictions that make a review, and warnings."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.facts.record import Record
from imr_rules.screening.consistency import warnings_about


def warnings(**parts: Any) -> Any:
    item = {"service": "psychotherapy", **parts.pop("item", {})}
    case = Case.from_data({"items": [item], "documents": [{"kind": "progress_report"}], **parts})
    return warnings_about(Record(case, case.items[0], None, None, Rulebook.load().vocabulary))


def test_a_consistent_case_has_none() -> None:
    assert (
        warnings(
            injury={"date": "2013-01-05"},
            request={"date": "2014-03-01"},
            accepted_body_parts=[{"region": "neck", "side": "left"}],
            item={
                "body_part": {"region": "neck", "side": "left"},
                "asked": 12,
                "authorized": 10,
                "in_dispute": 2,
                "frequency": {"times": 3, "per": "week"},
                "duration": {"value": 4, "unit": "week"},
                "utilization_review": {"date": "2014-03-10"},
            },
        )
        == ()
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"documents": None}, "lists no documents"),
        (
            {"accepted_body_parts": [{"region": "neck"}], "item": {"body_part": {"region": "low_back"}}},
            "body region in dispute is not among the accepted",
        ),
        (
            {
                "accepted_body_parts": [{"region": "low_back", "level": "L4-L5"}],
                "item": {"body_part": {"region": "low_back", "level": "L5-S1"}},
            },
            "level in dispute",
        ),
        ({"item": {"asked": 12, "authorized": 9, "in_dispute": 2}}, "do not add up"),
        ({"item": {"asked": 4, "in_dispute": 6}}, "6 in dispute is more than the 4 asked"),
        (
            {
                "item": {
                    "asked": 8,
                    "frequency": {"times": 3, "per": "week"},
                    "duration": {"value": 4, "unit": "week"},
                }
            },
            "8 asked is not 3 a week for 4 weeks (12)",
        ),
    ],
)
def test_what_does_not_fit(parts: dict[str, Any], words: str) -> None:
    assert any(words in each for each in warnings(**parts)), warnings(**parts)


def test_dates_that_overlap_are_not_out_of_order() -> None:
    dates = {"injury": {"date": "2014"}, "request": {"date": "2014-03-01"}}
    assert warnings(**dates, item={"in_dispute": 4}) == ()


THREE_A_WEEK, FOUR_WEEKS = {"times": 3, "per": "week"}, {"value": 4, "unit": "week"}
SAYS_NOTHING_WRONG = {
    "injury": {"date": "2013-01-05"},
    "request": {"date": "2014-03-01"},
    "diagnoses": [{"text": "chronic right knee pain"}],
    "documents": [{"kind": "progress_report"}],
    "items": [
        {"service": "Physical therapy 6 visits, right knee", "body_part": {"region": "knee", "side": "right"}}
    ],
}


def contradiction(rulebook: Rulebook, item: dict[str, Any] | None = None, **parts: Any) -> str:
    """Return what contradicts itself in a case that is in order but for some parts; empty where nothing does."""
    data = {**SAYS_NOTHING_WRONG, **parts}
    if item is not None:
        data["items"] = [{**data["items"][0], **item}]
    found = screen(Case.from_data(data), rulebook).items[0]
    if "contradiction" not in found.review_reasons:
        return ""
    assert found.suggestion == "needs_review"
    assert found.lean is None
    first = found.questions[0]
    assert first.conflict, "what contradicts itself is asked first, with both sides"
    return " / ".join(side.value for side in first.conflict)


def test_a_case_in_order_contradicts_itself_in_nothing(rulebook: Rulebook) -> None:
    assert contradiction(rulebook) == ""


@pytest.mark.parametrize(
    ("parts", "sides"),
    [
        ({"injury": {"date": "2014-05"}}, "2014-03-01 / 2014-05"),
        ({"item": {"utilization_review": {"date": "2012-12-01"}}}, "2012-12-01 / 2013-01-05"),
        ({"item": {"body_part": {"region": "knee", "side": "left"}}}, "left knee / right knee"),
        ({"item": {"body_part": {"region": "shoulder", "side": "right"}}}, "right shoulder / right knee"),
        ({"item": {"body_part": {"region": "low_back"}}, "diagnoses": [{"text": "lumbar sprain"}]}, "low back / right knee"),
        ({"item": {"treatment": "acupuncture"}}, "acupuncture / physical therapy"),
        ({"item": {"service": "Chiropractic manipulation 6 visits", "treatment": "physical_therapy"}}, "physical therapy / chiropractic care"),
        ({"item": {"service": "Additional physical therapy 6 visits, right knee", "course": "initial"}}, "initial / continuing"),
        ({"item": {"service": "Initial physical therapy 6 visits, right knee", "course": "continuing"}}, "continuing / initial"),
        ({"diagnoses": [{"text": "left knee meniscal tear"}]}, "right knee / left knee"),
        ({"surgeries": [{"body_part": {"region": "knee", "side": "left"}}], "diagnoses": []}, "right knee / left knee"),
        ({"accepted_body_parts": [{"region": "neck"}], "diagnoses": []}, "right knee / neck"),
        ({"worker": {"age": 9}}, "9"),
        ({"worker": {"age": 112}}, "112"),
    ],
)  # fmt: skip
def test_what_every_answer_turns_on_makes_a_review_with_both_sides(
    rulebook: Rulebook, parts: dict[str, Any], sides: str
) -> None:
    assert contradiction(rulebook, **parts) == sides


@pytest.mark.parametrize(
    "parts",
    [
        {"injury": {"date": "2014"}},
        {
            "item": {
                "body_part": {"region": "knee", "side": "bilateral"},
                "service": "Physical therapy 6 visits",
            }
        },
        {"diagnoses": [{"text": "bilateral knee pain"}]},
        {"diagnoses": [{"text": "lumbar radiculopathy"}]},
        {
            "item": {"service": "EMG of the right lower extremity", "body_part": {"region": "low_back"}},
            "diagnoses": [{"text": "lumbar radiculopathy"}],
        },
        {
            "item": {
                "service": "Sacroiliac joint injection",
                "treatment": "sacroiliac_injection",
                "body_part": {"region": "low_back"},
            },
            "diagnoses": [{"text": "lumbar sprain"}],
        },
        {"item": {"treatment": "physical_medicine"}},
        {"item": {"service": "Aquatic therapy 6 visits, right knee", "treatment": "physical_therapy"}},
        {"item": {"service": "PT 6 visits, right knee, then home program", "treatment": "physical_therapy"}},
        {"item": {"course": "continuing"}},
        {"accepted_body_parts": [{"region": "knee"}]},
        {"worker": {"age": 17}},
    ],
)
def test_what_may_be_so_is_no_contradiction(rulebook: Rulebook, parts: dict[str, Any]) -> None:
    assert contradiction(rulebook, **parts) == ""


def test_of_many_alike_a_few_are_named(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {"request": {"date": "2014-03-04"}, "items": [{"service": "Yoga, 6 visits"} for _ in range(9)]}
    )
    (warning, *_) = screen(case, rulebook).items[2].warnings
    assert "as item-1, item-2, item-4, item-5, item-6 and 3 more too" in warning


@pytest.mark.parametrize(
    ("first", "second", "twice"),
    [
        ("PT 6 visits, right knee", "Physical therapy 2 times a week for 3 weeks, right knee", True),
        ("PT 6 visits, right knee", "PT 6 visits, right knee", True),
        ("PT 6 visits, right knee", "PT 6 visits, left knee", False),
        ("PT 6 visits, right knee", "PT 8 visits, right knee", False),
        ("Bupropion HCL 150 mg #90", "Venlafaxine HCL ER 37.5 mg #90", False),
        ("Acupuncture 6 visits, right knee", "PT 6 visits, right knee", False),
    ],
)
def test_one_request_listed_twice(rulebook: Rulebook, first: str, second: str, twice: bool) -> None:
    data = {**SAYS_NOTHING_WRONG, "diagnoses": [], "items": [{"service": first}, {"service": second}]}
    reasons = {
        reason for item in screen(Case.from_data(data), rulebook).items for reason in item.review_reasons
    }
    assert ("contradiction" in reasons) == twice


@pytest.mark.parametrize(
    ("of_the_second", "twice"),
    [
        ({}, True),
        ({"in_dispute": 6}, True),
        ({"in_dispute": 8}, False),
        ({"utilization_review": {"date": "2014-03-05"}}, True),
        ({"utilization_review": {"date": "2014-06-05"}}, False),
        ({"course": "continuing"}, False),
        ({"duration": {"value": 3, "unit": "week"}}, True),
        ({"duration": {"value": 6, "unit": "week"}}, False),
        ({"service": "Acupuncture, right knee"}, False),
        ({"treatment": "physical_therapy"}, True),
        ({"findings": {"rationale": True}}, False),
    ],
)
def test_items_of_which_a_case_says_other_things_are_two_requests(
    rulebook: Rulebook, of_the_second: dict[str, Any], twice: bool
) -> None:
    first = {
        "service": "PT, right knee", "in_dispute": 6, "course": "initial",
        "utilization_review": {"date": "2014-03-05"}, "duration": {"value": 3, "unit": "week"},
    }  # fmt: skip
    second = {"service": "PT, right knee", **of_the_second}
    data = {**SAYS_NOTHING_WRONG, "diagnoses": [], "items": [first, second]}
    reasons = {
        reason for item in screen(Case.from_data(data), rulebook).items for reason in item.review_reasons
    }
    assert ("contradiction" in reasons) == twice


@pytest.mark.parametrize(
    ("amounts", "low", "high"),
    [
        ({"asked": 12, "authorized": 4, "in_dispute": 6}, 6, 8),
        ({"asked": 12, "authorized": 4, "in_dispute": 8}, 8, 8),
        ({"service": "Physical therapy 12 visits, right knee", "asked": 6, "in_dispute": 6}, 6, 12),
        ({"service": "Physical therapy 12 visits, right knee", "in_dispute": 12}, 12, 12),
        (
            {
                "service": "Physical therapy 12 visits, right knee",
                "asked": 12,
                "authorized": 6,
                "in_dispute": 6,
            },
            6,
            6,
        ),
        ({"asked": 6, "in_dispute": 6, "frequency": THREE_A_WEEK, "duration": FOUR_WEEKS}, 6, 12),
        ({"asked": 12, "in_dispute": 6, "frequency": THREE_A_WEEK, "duration": FOUR_WEEKS}, 6, 6),
    ],
)
def test_amounts_that_do_not_agree_bound_what_is_in_dispute(
    rulebook: Rulebook, amounts: dict[str, Any], low: int, high: int
) -> None:
    data = {**SAYS_NOTHING_WRONG, "items": [{"service": "Physical therapy, right knee", **amounts}]}
    found = screen(Case.from_data(data), rulebook).items[0]
    assert (found.in_dispute.low, found.in_dispute.high) == (low, high)
