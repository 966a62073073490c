"""What a reason is taken to say, and what it is not."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules.workbench.lint.said_numbers import mentions, numbers_said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("over the total of 12 visits", [(12, "visits")]),
        ("over ten sessions in eight weeks", [(10, "visits"), (8, "weeks")]),
        ("twenty-four visits", [(24, "visits")]),
        ("12 full days", [(12, "days")]),
        ("over {limits.total.visits} visits", []),
        ("{prior_visits} of 24 visits", [(24, "visits")]),
        ("3 visits a week", []),
        ("two visits per week, ten visits in all", [(10, "visits")]),
        ("one visit was missed", []),
        ("8 CCR 9792.24 visits", []),
        ("section 4604.5 days", []),
        ("in 2014 visits were denied", []),
        ("forty", []),
    ],
)
def test_numbers_with_a_unit(text: str, said: list[Any] | list[tuple[int, str]]) -> None:
    assert [(number, unit) for number, unit, _ in numbers_said(text)] == said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("over ten", True),
        ("over 10", True),
        ("over 10.5", False),
        ("over 100", False),
        ("{limits.ten}", False),
    ],
)
def test_a_number_is_mentioned(text: str, found: bool) -> None:
    assert mentions(text, {10}) is found
