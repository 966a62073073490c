"""Every known fact on limits is carried by the rulebook, number for number, or left out for a stated reason.

``facts-audit.yaml`` says where. A number's status is no better than the way it is known: *read* where its source
is the official text or the statute, *secondary* where it was seen elsewhere, *recalled* otherwise.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from imr_rules import Rulebook

HERE = Path(__file__).resolve()
FACTS = HERE.parents[3] / "shared" / "mtus-facts.yaml"
AUDIT: dict[str, dict[str, Any]] = yaml.safe_load(
    (HERE.parent / "facts-audit.yaml").read_text(encoding="utf-8")
)
RULEBOOK = Rulebook.load()
TABLE = RULEBOOK.guidelines["mtus/postsurgical-2009/postsurgical-physical-medicine"]

if not FACTS.exists():
    pytest.skip(
        f"SKIPPED LOUDLY: {FACTS} is not here; the rulebook was not held against it", allow_module_level=True
    )
KNOWN: dict[str, dict[str, Any]] = {
    each["id"]: each for each in yaml.safe_load(FACTS.read_text(encoding="utf-8"))["facts"]
}

OFFICIAL = re.compile(
    r"dir\.ca\.gov/t8|findlaw\.com|onecle\.com|self-law\.org|law\.cornell\.edu|regulations\.justia\.com"
    r"|govt\.westlaw\.com|leginfo|california\.public\.law|lexace\.ai|cloudfront\.net/regulation"
)
RANK = {"recalled": 0, "practice": 0, "secondary": 1, "read": 2}
META = {"rest", "left_out", "named"}
CARRIED = [
    (fact, field, place)
    for fact, entry in AUDIT.items()
    for field, place in entry.items()
    if field not in META
]


def allowed(fact: str, field: str) -> int:
    """Return the best status that a field's own source allows."""
    known = KNOWN[fact]
    if field in AUDIT.get(fact, {}).get("named", {}):
        return RANK["secondary"]
    if known["confidence"] != "seen":
        return RANK["recalled"]
    return RANK["read"] if any(OFFICIAL.search(each) for each in known["source"]) else RANK["secondary"]


def rows_of(limit):
    return [limit, *limit.rows, *([limit.otherwise] if limit.otherwise else [])]


def numbers(value: Any) -> tuple[int, int]:
    return (value[0], value[-1]) if isinstance(value, list) else (value, value)


def plural(unit: str) -> str:
    known = {unit for guideline in RULEBOOK.guidelines.values() for limit in guideline.limits.values()
             for row in rows_of(limit) for unit in row.amounts}  # fmt: skip
    assert unit in known, f"no limit counts in {unit}"
    return unit


def test_every_fact_is_in_the_audit():
    table = {each for each in KNOWN if each.startswith("ps.tbl.")}
    assert set(AUDIT) | table == set(KNOWN)
    assert len(KNOWN) == 256


@pytest.mark.parametrize("fact", AUDIT)
def test_every_field_is_carried_or_left_out_for_a_reason(fact):
    entry = AUDIT[fact]
    fields = set(KNOWN[fact]["values"])
    if "left_out" in entry:
        assert len(entry) == 1, f"{fact} is left out and carried"
        assert len(entry["left_out"].split()) >= 3
        return
    assert set(entry) - META <= fields, f"{fact} has no such field"
    if fields - set(entry):
        assert entry.get("rest"), f"{fact}: nothing is said of {fields - set(entry)}"
    else:
        assert "rest" not in entry, f"{fact} gives a reason, and leaves nothing out"


@pytest.mark.parametrize(("fact", "field", "place"), CARRIED, ids=lambda each: str(each)[:60])
def test_a_field_is_carried_where_the_audit_says(fact, field, place):
    value = KNOWN[fact]["values"][field]
    if place == "chapters":
        carried_chapters(fact, value)
    elif re.fullmatch(r"\S+ (first|last)", place):
        carried_day(fact, value, *place.split())
    elif "#" in place:
        carried_criterion(fact, field, place)
    elif place.split()[0] in RULEBOOK.vocabulary.instruments:
        carried_scale(fact, field, value, place.split())
    else:
        carried_limit(fact, field, value, place)


def carried_limit(fact: str, field: str, value: Any, place: str) -> None:
    path, _, label = place.partition(" / ")
    guideline, name, unit, *end = path.split()
    limit = RULEBOOK.guidelines[f"mtus/{guideline}"].limits[name]
    row = limit
    if label:
        row = limit.otherwise if label == "-" else next(each for each in limit.rows if each.label == label)
    low, high = row.amounts[plural(unit)]
    if isinstance(value, str):
        assert {low, high} <= {int(each) for each in re.findall(r"\d+", value)}
    elif end:
        assert (high if end == ["max"] else low) == value
    else:
        assert (low, high) == numbers(value)
    assert RANK[row.status] <= allowed(fact, field), f"{place} is {row.status}, {fact} is not"


def carried_criterion(fact: str, field: str, place: str) -> None:
    guideline, _, name = place.partition("#")
    found = {each.name: each for each in RULEBOOK.guidelines[f"mtus/{guideline}"].criteria}[name]
    status = found.citation.status
    # A criterion on a limit is as well known as the limit, which is held to its own fact.
    if not found.limits:
        assert RANK[status] <= allowed(fact, field), f"{place} is {status}, {fact} is not"


def carried_day(fact: str, value: Any, guideline: str, which: str) -> None:
    requests = RULEBOOK.guidelines[f"mtus/{guideline}"].requests
    day = getattr(requests, which)
    stated = re.search(r"on or after (\d{4}-\d\d-\d\d)|^(\d{4}-\d\d-\d\d)$", str(value))
    if stated:
        assert str(day) == (stated.group(1) or stated.group(2)), place_of(fact)
    else:
        assert str(day) == effective(fact)[0], place_of(fact)


def place_of(fact: str) -> str:
    return f"{fact}: {KNOWN[fact]['effective']}"


def effective(fact: str) -> tuple[str, str | None]:
    """Return the days a fact holds for requests: the sets of 2016 govern from the day after they took effect."""
    first, last = KNOWN[fact]["effective"]["from"], KNOWN[fact]["effective"]["to"]
    shift = {"2016-07-28": "2016-07-29", "2016-07-27": "2016-07-28"}
    return shift.get(first, first), shift.get(last, last)


def carried_chapters(fact: str, chapters: dict[str, Any]) -> None:
    first = KNOWN[fact]["effective"]["from"]
    adopted = [
        each for each in RULEBOOK.sources.values() if each.in_force and str(each.in_force.first) == first
    ]
    for chapter, text in chapters.items():
        title = chapter.split(":")[-1].replace("PTSD", "Posttraumatic").split()[0]
        assert any(str(text) in each.document and title in each.document for each in adopted), chapter


def carried_scale(fact: str, field: str, value: Any, place: list[str]) -> None:
    scale = RULEBOOK.vocabulary.instruments[place[0]]
    best = allowed(fact, field)
    if place[1] == "scores":
        assert [scale.low, scale.high] == value
    elif place[1] == "band":
        assert (place[2], *value) in scale.bands
        assert RANK[scale.bands_status] <= best
    else:
        amount = {"points": value, "permille": round(float(value) * 10)}[place[1]]
        change = next(each for each in scale.changes if getattr(each, place[1]) == amount)
        assert RANK[change.status] <= best


def of_the_chronic_pain_set(fact: str) -> bool:
    return fact.startswith(("cp09.", "cp16.", "op16.", "acu.", "acoem."))


@pytest.mark.parametrize("fact", sorted(filter(of_the_chronic_pain_set, AUDIT)))
def test_a_fact_is_in_force_on_the_days_of_the_guidelines_that_carry_it(fact):
    first, last = effective(fact)
    for field, place in AUDIT[fact].items():
        if field in META:
            continue
        requests = RULEBOOK.guidelines["mtus/" + re.split(r"[ #]", place)[0]].requests
        if fact.startswith("acu."):  # one guideline since 2009, and the same in its first place before
            before = RULEBOOK.guidelines["mtus/acupuncture-2007/acupuncture-before-2009"].requests
            assert str(before.first) == first
            assert requests.first == before.last + timedelta(days=1)
            assert requests.last == date(2017, 11, 30)
        elif fact.startswith("acoem."):
            assert str(requests.first) == first
        else:
            assert (str(requests.first), str(requests.last)) == (first, last)


def procedure_words(text: str) -> set[str]:
    stop = {"of", "or", "and", "the", "to", "postsurgical", "a", "dwc", "two", "three"}
    text = text.lower().replace("bi/trimalleolar", "malleoli")
    return set(re.findall(r"[a-z]+", text)) - stop


TABLE_FACTS = [each for each in KNOWN if each.startswith("ps.tbl.")]
AREA = {
    "shoulder": "shoulder", "shoulder/upper arm": "humerus", "elbow & upper arm": "elbow",
    "forearm wrist hand": "(forearm|carpal|wrist|hand)", "low back": "low_back", "spine": "spine",
    "neck & upper back": "neck", "knee": "knee", "knee/leg": "(leg|thigh)", "leg": "leg",
    "hip pelvis thigh": "hip", "ankle & foot": "(ankle|foot)", "skin": "skin", "cardiopulmonary": "cardiac",
}  # fmt: skip


def test_every_operation_has_its_row_and_no_row_is_of_our_own():
    """By region and by words: condition and procedure of a fact are those of exactly one row."""
    rows = TABLE.limits["course"].rows
    found = [row_of(fact) for fact in TABLE_FACTS]
    assert len(set(found)) == len(found) == len(rows)


def row_of(fact: str):
    values = KNOWN[fact]["values"]
    words = procedure_words(f"{values['condition']} {values['procedure']}")
    region = re.compile(AREA[values["body_part"].lower()])
    near = [row for row in TABLE.limits["course"].rows if region.search(row.when_text)]
    scored = sorted(
        near,
        key=lambda row: (
            -len(words & procedure_words(row.label)) + len(procedure_words(row.label) - words) / 10
        ),
    )
    return scored[0]


@pytest.mark.parametrize("fact", TABLE_FACTS)
def test_a_row_of_the_postsurgical_table_has_its_numbers(fact):
    values, row = KNOWN[fact]["values"], row_of(fact)
    assert row.amounts["visits"] == numbers(values["visits"])
    assert row.amounts["months"] == numbers(values["period_months"])
    if "weeks" in values:
        assert row.amounts["weeks"] == numbers(values["weeks"])
    if "over_months" in values:
        assert "weeks" not in row.amounts
        assert row.note == f"Visits over {values['over_months']} months."
    assert RANK[row.status] <= allowed(fact, "visits"), f"{row.label} is {row.status}"
    assert str(TABLE.requests.first) == KNOWN[fact]["effective"]["from"]
    assert TABLE.requests.last is None
