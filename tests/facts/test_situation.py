"""An item that follows an operation in dispute is asked for after that operation."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules.expression.values import Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record


def case_of(principal: str, **changes: Any) -> Case:
    shoulder = {"region": "shoulder", "side": "right"}
    therapy = {"id": "therapy", "service": "Physical therapy, 12 visits", "in_dispute": 12, "body_part": shoulder,
               "follows": "principal"}  # fmt: skip
    return Case.from_data(
        {
            "request": {"date": "2014-03-01"},
            "injury": {"date": "2013-01-20"},
            "items": [{"id": "principal", "service": principal, "body_part": shoulder}, therapy],
            **changes,
        }
    )


def planned(case: Case, rulebook: Rulebook) -> Value:
    vocabulary = rulebook.vocabulary
    record = Record(case, case.items[1], vocabulary.treatment_of(case.items[1]), None, vocabulary)
    return derive(record, vocabulary.facts["after_planned_surgery"])


@pytest.mark.parametrize(
    ("principal", "expected"), [("Right shoulder arthroscopy", 1), ("Right shoulder MRI", 0), ("Leeches", 0)]
)
def test_what_follows_an_operation_is_asked_for_after_it(
    principal: str, expected: int, rulebook: Rulebook
) -> None:
    value = planned(case_of(principal), rulebook)
    assert (value.low, value.high) == (expected, expected)
    assert value.assumed != bool(expected)


def test_a_finding_against_it_is_a_conflict(rulebook: Rulebook) -> None:
    value = planned(
        case_of("Right shoulder arthroscopy", findings={"after_planned_surgery": False}), rulebook
    )
    assert (value.low, value.high, value.conflict) == (0, 1, True)


def test_therapy_after_an_operation_under_review_waits_for_it(rulebook: Rulebook) -> None:
    # By the counts for chronic pain it would be over the total; after the operation those do not govern.
    principal, therapy = screen(case_of("Right shoulder arthroscopy"), rulebook).items
    assert principal.suggestion == "needs_review"
    assert therapy.suggestion == "needs_review"
    assert therapy.review_reasons == ("principal_needs_review",)
