"""Which edition a request falls under, and what the answer says it went by."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from imr_rules import Case, Rulebook
from imr_rules.rulebook.edition import edition_of

CITED = {"administrator": [{"document": "MTUS Chronic Pain Treatment Guidelines"}]}


def edition(rulebook: Rulebook, **parts: Any) -> Any:
    item = {"service": "psychotherapy", **parts.pop("item", {})}
    case = Case.from_data({"items": [item], **parts})
    return edition_of(case, case.items[0], rulebook.sources)


def test_the_requests_date_comes_first(rulebook: Rulebook) -> None:
    found = edition(
        rulebook,
        request={"date": "2014-03-01"},
        item={"utilization_review": {"date": "2016-10-01"}},
    )
    assert (found.basis, found.window) == ("request_date", (date(2014, 3, 1), date(2014, 3, 1)))


def test_then_the_review_decisions_date(rulebook: Rulebook) -> None:
    found = edition(rulebook, item={"utilization_review": {"date": "2016-10-01"}})
    assert found.basis == "utilization_review_date"


def test_a_date_without_its_year_tells_no_edition(rulebook: Rulebook) -> None:
    assert edition(rulebook, request={"date": "--03-01"}).basis == "none"


@pytest.mark.parametrize(
    ("reviewer", "basis"),
    [
        (
            {"document": "MTUS Chronic Pain", "part": "Part 2, Pain Interventions and Treatments"},
            "cited_edition",
        ),
        ({"document": "MTUS Chronic Pain", "edition": 2016}, "cited_edition"),
        ({"document": "MTUS Chronic Pain"}, "none"),
        ({"document": "Official Disability Guidelines"}, "none"),
    ],
)
def test_then_the_edition_both_sides_cited(rulebook: Rulebook, reviewer: dict[str, Any], basis: str) -> None:
    found = edition(rulebook, item={"cited": {**CITED, "reviewer": [reviewer]}})
    assert found.basis == basis


def test_one_side_alone_tells_no_edition(rulebook: Rulebook) -> None:
    cited = {"reviewer": [{"document": "MTUS Chronic Pain", "edition": 2009}]}
    assert edition(rulebook, item={"cited": cited}).basis == "none"
