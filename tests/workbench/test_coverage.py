"""Coverage counts what fixtures saw, and nothing else."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Case, Rulebook
from imr_rules.workbench.coverage import measure
from imr_rules.workbench.coverage.report import coverage_page
from imr_rules.workbench.fixtures import WHOLE_RECORD, Fixture, fixtures_in
from imr_rules.writing.html import html
from tests.paths import DETERMINATIONS

G = "mtus/chronic-pain-2009/behavioral-interventions"


def fixture(visits: int, day: str, **findings: object) -> Fixture:
    item = {"service": "psychotherapy", "treatment": "psychotherapy", "in_dispute": visits}
    expect: dict[str, Any] = {"items": {"item-1": {}}}
    data = {**WHOLE_RECORD, "request": {"date": day}, "items": [item], "findings": findings, "expect": expect}
    return Fixture(Path("case.yaml"), Case.from_data(data))


def seen(rulebook: Rulebook, *fixtures: Fixture) -> Any:
    found = measure(rulebook, fixtures)
    return next(each for each in found.guidelines if each.id == G)


def test_nothing_is_seen_where_nothing_is_asked(rulebook: Rulebook) -> None:
    found = measure(rulebook, [])
    assert found.items == 0
    assert {seen for seen, _ in found.counts().values()} == {0}
    assert all(total > 0 for _, total in found.counts().values())


@pytest.mark.parametrize(("visits", "side"), [(9, "below"), (10, "at"), (11, "above")])
def test_a_limit_is_seen_below_at_and_above(rulebook: Rulebook, visits: int, side: str) -> None:
    found = seen(rulebook, fixture(visits, "2014-08-05", chronic_pain=True))
    (total,) = [each for each in found.limits if each.limit == "total"]
    assert (total.number, total.plural, total.end) == (10, "visits", "max")
    assert {name: count for name, count in total.seen.items() if count} == {side: 1}
    assert len(total.missing) == 2


def test_two_away_from_a_limit_is_not_seen(rulebook: Rulebook) -> None:
    found = seen(rulebook, fixture(12, "2014-08-05", chronic_pain=True))
    assert [each.missing for each in found.limits if each.limit == "total"] == [("below", "at", "above")]


def test_the_row_that_governs_is_the_one_that_is_seen(rulebook: Rulebook) -> None:
    name = "mtus/chronic-pain-2009/physical-medicine"
    item = {"service": "physical therapy", "treatment": "physical_therapy", "in_dispute": 24}
    findings = {
        "complex_regional_pain_syndrome": True,
        "myalgia_or_myositis": False,
        "neuralgia_or_radiculitis": False,
    }
    data = {
        **WHOLE_RECORD,
        "request": {"date": "2014-08-05"},
        "items": [item],
        "findings": findings,
        "expect": {"items": {"item-1": {}}},
    }
    found = measure(rulebook, [Fixture(Path("case.yaml"), Case.from_data(data))])
    (guideline,) = [each for each in found.guidelines if each.id == name]
    at = {each.row: each.seen["at"] for each in guideline.limits if each.limit == "total"}
    assert {row for row, count in at.items() if count} == {"complex regional pain syndrome"}


def test_statuses_are_counted_where_the_criterion_was_heard(rulebook: Rulebook) -> None:
    met = fixture(10, "2014-08-05", chronic_pain=True, response=True)
    over = fixture(11, "2014-08-05", chronic_pain=True)
    found = {each.id.split("#")[1]: each for each in seen(rulebook, met, over).criteria}
    assert dict(found["within-total"].seen) == {"met": 1, "unmet": 1}
    assert "undocumented" in found["within-total"].missing
    assert "undocumented" not in found["continued-need"].possible, (
        "silence about the end of care is no ground"
    )


def test_a_lean_is_counted_by_the_practice_it_rests_on(rulebook: Rulebook) -> None:
    """Nothing in text speaks against the request; a rationale that is not shown does, by practice."""
    shown = {"chronic_pain": True, "response": True, "psychological_symptoms": True, "prior_visits": 5}
    leaning, decided = fixture(4, "2014-08-05", **shown), fixture(4, "2014-08-05", rationale=True, **shown)
    (one,) = [each for each in seen(rulebook, leaning).criteria if each.id == f"{G}#reason-for-more"]
    assert (one.may_lean, dict(one.leans), one.missing_leans) == (("uphold",), {"uphold": 1}, ())
    (other,) = [each for each in seen(rulebook, decided).criteria if each.id == f"{G}#reason-for-more"]
    assert (dict(other.leans), other.missing_leans) == ({}, ("uphold",))
    (text,) = [each for each in seen(rulebook, leaning).criteria if each.id == f"{G}#within-total"]
    assert text.may_lean == (), "guideline text decides; it is no lean"


def test_the_edges_of_an_edition(rulebook: Rulebook) -> None:
    found = seen(rulebook, fixture(1, "2009-07-17"), fixture(1, "2016-07-29"), fixture(1, "2012-01-01"))
    first, last = found.dates
    assert (first.seen_before, first.seen_of, first.missing) == (1, 0, ("2009-07-18",))
    assert (last.seen_before, last.seen_of, last.missing) == (0, 1, ("2016-07-28",))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: Any, attrs: Any) -> None:
        assert not {"src", "href"} & {name for name, value in attrs if value and not value.startswith("#")}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: Any) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_and_holds_every_line_of_every_guideline(rulebook: Rulebook) -> None:
    found = measure(rulebook, fixtures_in(DETERMINATIONS))
    made = html(coverage_page(found))
    reader = Reader()
    reader.feed(made)
    assert reader.open == []
    lines = sum(
        len(Path(str(each.place.file)).read_text(encoding="utf-8").splitlines()) for each in found.guidelines
    )
    assert len(re.findall(r'<th scope="row" class="number"><span class="quiet">\d+</span>', made)) == lines
    assert '<span class="bad">met: never</span>' in made
    assert json.dumps(found.to_dict())
