"""What statute and procedure say beside an answer: each is a warning from its day on, and never a ground."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, screen
from tests.rulebook.asking import RULEBOOK

CASES: list[tuple[str, str, dict[str, Any], bool]] = [
    # what the warning says, the day of the request, what the case states, whether it is warned
    (
        "is due 30 days after",
        "2014-03-01",
        {"decided": "2014-03-05", "applied": "2014-04-09"},
        False,
    ),  # 35 days
    ("is due 30 days after", "2014-03-01", {"decided": "2014-03-05", "applied": "2014-04-10"}, True),
    (
        "is due 30 days after",
        "2012-12-01",
        {"decided": "2012-12-05", "applied": "2013-04-10"},
        False,
    ),  # before 2013
    ("is due 30 days after", "2026-03-01", {"decided": "2026-03-05", "applied": "2026-05-10"}, True),
    ("is due 30 days after", "2014-03-01", {"decided": "2014-03-05"}, False),
    (
        "has 10 days",
        "2019-03-01",
        {"decided": "2019-03-05", "applied": "2019-03-15", "formulary_dispute": True},
        False,
    ),
    (
        "has 10 days",
        "2019-03-01",
        {"decided": "2019-03-05", "applied": "2019-03-16", "formulary_dispute": True},
        True,
    ),
    (
        "has 10 days",
        "2017-12-31",
        {"decided": "2018-01-05", "applied": "2018-01-25", "formulary_dispute": True},
        False,
    ),
    ("has 10 days", "2019-03-01", {"decided": "2019-03-05", "applied": "2019-03-16"}, False),
    ("within 5 working days", "2018-01-01", {"formulary_dispute": True}, True),
    ("within 5 working days", "2017-12-31", {"formulary_dispute": True}, False),
    ("within 5 working days", "2018-01-01", {}, False),
    ("takes 5 business days", "2019-03-01", {"decided": "2019-03-15"}, False),
    ("takes 5 business days", "2019-03-01", {"decided": "2019-03-16"}, True),
    ("stands for a year", "2019-03-01", {"denied_within_a_year": True, "changed_since_denial": False}, True),
    ("stands for a year", "2019-03-01", {"denied_within_a_year": True, "changed_since_denial": True}, False),
    ("stands for a year", "2019-03-01", {}, False),
    ("stands for a year", "2012-12-31", {"denied_within_a_year": True, "changed_since_denial": False}, False),
    ("has not signed", "2019-03-01", {"request_unsigned": True}, True),
    ("has not signed", "2019-03-01", {}, False),
    ("days older than the request", "2026-04-01", {"reported": "2026-03-01"}, True),  # 31 days
    ("days older than the request", "2026-04-01", {"reported": "2026-03-02"}, False),
    ("days older than the request", "2026-03-31", {"reported": "2026-02-20"}, False),
    ("days older than the request", "2026-03-31", {"reported": "2026-02-13"}, True),  # 46 days
    ("days older than the request", "2026-03-31", {"reported": "2026-02-14"}, False),
    ("in the first 30 days", "2018-01-05", {"injury": "2018-01-01"}, True),
    ("in the first 30 days", "2018-02-05", {"injury": "2018-01-01"}, False),
    ("in the first 30 days", "2017-12-31", {"injury": "2017-12-20"}, False),
    ("communicated from 1 July 2013", "2013-06-30", {"injury": "2012-12-31"}, True),
    ("communicated from 1 July 2013", "2013-06-30", {"injury": "2013-01-01"}, False),
    ("communicated from 1 July 2013", "2013-07-01", {"injury": "2012-12-31"}, False),
]


@pytest.mark.parametrize(("says", "day", "stated", "warned"), CASES)
def test_a_rule_of_procedure_warns_from_its_day_on_and_decides_nothing(
    says: str, day: str, stated: dict[str, Any], warned: bool
) -> None:
    facts = dict(stated)
    reported = facts.pop("reported", None)
    case: dict[str, Any] = {
        "injury": {"date": facts.pop("injury", "2012-01-01")},
        "request": {"date": day},
        "application": {"received": facts.pop("applied")} if "applied" in facts else {},
        "items": [
            {
                "service": "Naproxen 500 mg #60"
                if "formulary_dispute" in facts
                else "Physical therapy 6 visits, low back",
                "utilization_review": {"decision": "denied"}
                | ({"date": facts.pop("decided")} if "decided" in facts else {}),
            }
        ],
        "documents": [{"kind": "progress_report"} | ({"date": reported} if reported else {})],
        "findings": facts,
    }
    (found,) = screen(Case.from_data(case), RULEBOOK).items
    assert any(says in each for each in found.warnings) is warned
    procedure = [
        each
        for each in found.criteria
        if each.id.startswith(("mtus/labor-code/request-and-application#", "mtus/formulary/disputes#"))
    ]
    assert all(each.kind == "caution" for each in procedure)
    assert not set(found.grounds) & {each.id for each in procedure}


def test_a_day_that_is_not_known_is_held_against_nobody() -> None:
    case = {
        "injury": {"date": "2018-06-01"},
        "request": {"date": "2019-03-01"},
        "items": [{"service": "Acupuncture 6 visits"}],
    }
    (found,) = screen(Case.from_data(case), RULEBOOK).items
    procedure = [
        each for each in found.criteria if each.id.startswith("mtus/labor-code/request-and-application#")
    ]
    assert not procedure
