"""Warnings about a case that does not agree with itself."""

from __future__ import annotations

import pytest

from imr_rules import Case
from imr_rules.screening.consistency import warnings_about


def warnings(**parts):
    item = {"service": "psychotherapy", **parts.pop("item", {})}
    case = Case.from_data({"items": [item], "documents": [{"kind": "progress_report"}], **parts})
    return warnings_about(case, case.items[0])


def test_a_consistent_case_has_none():
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
        ({"documents": None}, "No list of documents"),
        (
            {"injury": {"date": "2014-05"}, "request": {"date": "2014-03-01"}},
            "request is dated before the injury",
        ),
        (
            {"injury": {"date": "2015"}, "item": {"utilization_review": {"date": "2014-03-10"}}},
            "utilization-review decision is dated before the injury",
        ),
        (
            {"accepted_body_parts": [{"region": "neck"}], "item": {"body_part": {"region": "low_back"}}},
            "body region in dispute is not among the accepted",
        ),
        (
            {
                "accepted_body_parts": [{"region": "knee", "side": "left"}],
                "item": {"body_part": {"region": "knee", "side": "right"}},
            },
            "side in dispute is not the accepted side",
        ),
        (
            {
                "accepted_body_parts": [{"region": "low_back", "level": "L4-L5"}],
                "item": {"body_part": {"region": "low_back", "level": "L5-S1"}},
            },
            "level in dispute",
        ),
        ({"item": {"asked": 12, "authorized": 9, "in_dispute": 2}}, "do not add up"),
        ({"item": {"asked": 4, "in_dispute": 6}}, "more is in dispute than was asked"),
        (
            {
                "item": {
                    "asked": 8,
                    "frequency": {"times": 3, "per": "week"},
                    "duration": {"value": 4, "unit": "week"},
                }
            },
            "not frequency times duration (12)",
        ),
    ],
)
def test_what_does_not_fit(parts, words):
    assert any(words in each for each in warnings(**parts)), warnings(**parts)


def test_dates_that_overlap_are_not_out_of_order():
    assert warnings(injury={"date": "2014"}, request={"date": "2014-03-01"}) == ()
