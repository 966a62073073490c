"""A request of any day from 2007 to today is judged by the editions of that day: never two of one family, no gap unsaid.

The days are written down here once more, so that a day moved by mistake in the rulebook is seen.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from imr_rules import Case, Rulebook, screen
from imr_rules._dates import Period, days_in_words

RULEBOOK = Rulebook.load()
TREATMENTS = sorted(RULEBOOK.vocabulary.treatments)
REGIONS = [None, *sorted(RULEBOOK.vocabulary.regions)]
A_DAY = timedelta(days=1)
BEGINS, TODAY = date(2007, 6, 15), date(2026, 11, 26)

EDITIONS = {  # family → the first day of each edition for requests, and the day after the last where it ended
    "mtus-general-approaches": ["2007-06-15", "2017-12-01", "2023-08-10"],
    "mtus-neck-and-upper-back": ["2007-06-15", "2017-12-01", "2019-04-18"],
    "mtus-shoulder": ["2007-06-15", "2017-12-01", "2023-08-10"],
    "mtus-elbow": ["2007-06-15", "2009-07-18", "2017-12-01", "2019-04-18"],
    "mtus-forearm-wrist-hand": ["2007-06-15", "2017-12-01", "2019-04-18", "2023-11-10"],
    "mtus-low-back": ["2007-06-15", "2017-12-01", "2019-08-11", "2021-11-23"],
    "mtus-knee": ["2007-06-15", "2017-12-01", "2020-09-21"],
    "mtus-ankle-and-foot": ["2007-06-15", "2017-12-01", "2019-04-18"],
    "mtus-eye": ["2007-06-15", "2017-12-01"],
    "mtus-stress": ["2007-06-15", "until 2019-04-18"],
    "mtus-hip-and-groin": ["2017-12-01", "2019-10-07"],
    "mtus-asthma": ["2017-12-01", "2020-09-21"],
    "mtus-interstitial-lung-disease": ["2017-12-01", "2020-09-21"],
    "mtus-traumatic-brain-injury": ["2018-08-18"],
    "mtus-posttraumatic-stress": ["2019-04-18"],
    "mtus-depressive-disorders": ["2020-09-21"],
    "mtus-anxiety-disorders": ["2021-07-19"],
    "mtus-covid-19": ["2021-06-28", "2023-08-10", "2023-11-10"],
    "mtus-acupuncture": ["2007-06-15", "until 2017-12-01"],
    "mtus-chronic-pain": ["2009-07-18", "2016-07-29", "2017-12-01"],
    "mtus-postsurgical": ["2009-07-18"],
    "mtus-opioids": ["2016-07-29", "2017-12-01"],
    "mtus-formulary": ["2018-01-01"],
}


def first_day_in_force(family: str, day: date) -> date | None:
    """Return the first day of the edition of a family that governs a request of ``day``."""
    found = None
    for each in EDITIONS[family]:
        start = date.fromisoformat(each.removeprefix("until "))
        if start <= day:
            found = None if each.startswith("until") else start
    return found


def test_the_editions_of_each_family_follow_one_another_without_gap_or_overlap() -> None:
    families: dict[str, list[Period]] = {}
    for source in RULEBOOK.sources.values():
        if source.family and source.in_force:
            families.setdefault(source.family, []).append(source.in_force)
    assert set(families) == set(EDITIONS)
    for family, periods in families.items():
        periods.sort()
        for earlier, later in pairwise(periods):
            assert earlier.last is not None
            assert later.first == earlier.last + A_DAY, family
        told = [each for each in EDITIONS[family] if not each.startswith("until")]
        assert [str(each.first) for each in periods] == told, family
        ended = EDITIONS[family][-1].startswith("until")
        assert (periods[-1].last is not None) is ended, family


@pytest.mark.parametrize("name", sorted(RULEBOOK.guidelines))
def test_a_guideline_governs_requests_while_its_source_is_in_force(name: Any) -> None:
    guideline = RULEBOOK.guidelines[name]
    period = guideline.source.in_force
    if period is not None and guideline.source.tier == "mtus":
        assert period.covers(guideline.requests.first, guideline.requests.last or guideline.requests.first)
        assert guideline.requests.last is not None or period.last is None


conditions = st.fixed_dictionaries(
    {},
    optional={
        name: st.booleans() for name in ("chronic_pain", "depressive_disorder", "stress_disorder", "covid_19")
    },
)


@given(st.dates(BEGINS, TODAY), st.sampled_from(TREATMENTS), st.sampled_from(REGIONS), conditions)
@example(date(2016, 7, 28), "physical_therapy", "low_back", {"chronic_pain": True})
@example(date(2016, 7, 29), "physical_therapy", "low_back", {"chronic_pain": True})
@example(date(2017, 11, 30), "acupuncture", "low_back", {})
@example(date(2017, 12, 1), "acupuncture", "low_back", {})
def test_any_day_has_the_editions_of_that_day(day: Any, treatment: Any, region: Any, findings: Any) -> None:
    item = {"service": "it", "treatment": treatment, "in_dispute": 4}
    if region:
        item["body_part"] = {"region": region}
    case = {
        "request": {"date": str(day)},
        "injury": {"date": "2006-05-01"},
        "items": [item],
        "findings": findings,
    }
    found = screen(Case.from_data(case), RULEBOOK).items[0]
    editions: dict[str, set[str]] = {}
    for name in found.guidelines:
        guideline = RULEBOOK.guidelines[name]
        assert guideline.requests.covers(day, day), name
        source = guideline.source
        if source.family and source.in_force:
            editions.setdefault(source.family, set()).add(source.id)
            assert source.in_force.first == first_day_in_force(source.family, day), name
    assert all(len(sources) == 1 for sources in editions.values()), editions
    judged = {each.id.split("#")[0] for each in found.criteria}
    assert judged <= set(found.guidelines)
    if not any(RULEBOOK.guidelines[name].source.tier != "statute" for name in found.guidelines):
        assert found.suggestion in ("needs_review", "uphold")
        if found.suggestion == "needs_review":
            assert "nothing_governs" in found.review_reasons
            assert "guideline" in found.headline.lower()
        else:
            assert all(
                RULEBOOK.guidelines[each.split("#")[0]].source.tier == "statute" for each in found.grounds
            )
    silent = [name for name in found.guidelines if not RULEBOOK.guidelines[name].known]
    if silent and found.suggestion == "needs_review" and "criteria_not_known" in found.review_reasons:
        assert any(days_in_words(RULEBOOK.guidelines[name].title) in found.headline for name in silent)


@pytest.mark.parametrize("discipline", ["physical_therapy", "occupational_therapy", "chiropractic"])
def test_every_day_since_2007_has_one_cap_for_each_capped_discipline(discipline: str) -> None:
    day = BEGINS
    while day <= TODAY:
        caps = [
            name for name, each in RULEBOOK.guidelines.items()
            if "visit-cap" in name and discipline in each.treatments and each.requests.covers(day, day)
        ]  # fmt: skip
        assert len(caps) == 1, day
        day += 3 * A_DAY


CHANGES = sorted({each.removeprefix("until ") for days in EDITIONS.values() for each in days})


@pytest.mark.parametrize("change", CHANGES)
def test_on_the_day_of_each_change_every_family_has_its_new_edition_and_the_day_before_its_old(
    change: Any,
) -> None:
    day = date.fromisoformat(change)
    for family in EDITIONS:
        for each in (day, day - A_DAY):
            first = first_day_in_force(family, each)
            held = {
                source.in_force.first for source in RULEBOOK.sources.values()
                if source.family == family and source.in_force and source.in_force.covers(each, each)
            }  # fmt: skip
            assert held == ({first} if first else set()), family
