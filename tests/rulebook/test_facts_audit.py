"""Every known fact on limits is carried by the rulebook, number for number, or left out for a stated reason.

``known-facts.yaml`` holds the figures, ``facts-audit.yaml`` where they are carried. A number's status is no better
than the way it is known: *read* in the official text or the statute, *secondary* where it was seen elsewhere,
*recalled* otherwise.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from imr_rules import Rulebook
from imr_rules.rulebook.model import Limit, LimitRow

HERE = Path(__file__).resolve().parent
AUDIT: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "facts-audit.yaml").read_text(encoding="utf-8"))
KNOWN: dict[str, dict[str, Any]] = yaml.safe_load((HERE / "known-facts.yaml").read_text(encoding="utf-8"))
RULEBOOK = Rulebook.load()
TABLE = RULEBOOK.guidelines["mtus/postsurgical-2009/postsurgical-physical-medicine"]

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
    if field in AUDIT.get(fact, {}).get("named", {}):
        return RANK["secondary"]
    return RANK[KNOWN[fact]["known"]]


def fields(fact: str) -> set[str]:
    """What a fact says, in figures or in words."""
    return {*KNOWN[fact].get("values", {}), *KNOWN[fact].get("words", ())}


def rows_of(limit: Limit) -> list[Limit | LimitRow]:
    return [limit, *limit.rows, *([limit.otherwise] if limit.otherwise else [])]


def numbers(value: Any) -> tuple[int, int]:
    return (value[0], value[-1]) if isinstance(value, list) else (value, value)


def test_every_fact_is_in_the_audit() -> None:
    table = {each for each in KNOWN if each.startswith("ps.tbl.")}
    assert set(AUDIT) | table == set(KNOWN)
    assert len(KNOWN) == 256


@pytest.mark.parametrize("fact", AUDIT)
def test_every_field_is_carried_or_left_out_for_a_reason(fact: str) -> None:
    entry = AUDIT[fact]
    if "left_out" in entry:
        assert len(entry) == 1, f"{fact} is left out and carried"
        assert len(entry["left_out"].split()) >= 3
        return
    assert set(entry) - META <= fields(fact), f"{fact} has no such field"
    if fields(fact) - set(entry):
        assert entry.get("rest"), f"{fact}: nothing is said of {fields(fact) - set(entry)}"
    else:
        assert "rest" not in entry, f"{fact} gives a reason, and leaves nothing out"


@pytest.mark.parametrize(("fact", "field", "place"), CARRIED, ids=lambda each: str(each)[:60])
def test_a_field_is_carried_where_the_audit_says(fact: str, field: str, place: str) -> None:
    value = KNOWN[fact].get("values", {}).get(field)
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
    row: Limit | LimitRow | None = limit
    if label:
        row = limit.otherwise if label == "-" else next(each for each in limit.rows if each.label == label)
    assert row is not None
    low, high = row.amounts[unit]
    if end:
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
    assert day == (value or effective(fact)[0]), fact


def effective(fact: str) -> tuple[date | None, date | None]:
    """Return the days a fact holds for requests: the sets of 2016 govern from the day after they took effect."""
    first: date | None = KNOWN[fact].get("from")
    last: date | None = KNOWN[fact].get("to")
    shift: dict[date | None, date] = {
        date(2016, 7, 28): date(2016, 7, 29),
        date(2016, 7, 27): date(2016, 7, 28),
    }
    return shift.get(first, first), shift.get(last, last)


def carried_chapters(fact: str, chapters: dict[str, Any]) -> None:
    first = KNOWN[fact]["from"]
    adopted = [each for each in RULEBOOK.sources.values() if each.in_force and each.in_force.first == first]
    assert chapters
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
        assert scale.bands_status is not None
        assert RANK[scale.bands_status] <= best
    else:
        amount = {"points": value, "permille": round(float(value) * 10)}[place[1]]
        change = next(each for each in scale.changes if getattr(each, place[1]) == amount)
        assert RANK[change.status] <= best


def of_the_chronic_pain_set(fact: str) -> bool:
    return fact.startswith(("cp09.", "cp16.", "op16.", "acu.", "acoem."))


@pytest.mark.parametrize("fact", sorted(filter(of_the_chronic_pain_set, AUDIT)))
def test_a_fact_is_in_force_on_the_days_of_the_guidelines_that_carry_it(fact: str) -> None:
    first, last = effective(fact)
    for field, place in AUDIT[fact].items():
        if field in META:
            continue
        requests = RULEBOOK.guidelines["mtus/" + re.split(r"[ #]", place)[0]].requests
        if fact.startswith("acu."):  # one guideline since 2009, and the same in its first place before
            before = RULEBOOK.guidelines["mtus/acupuncture-2007/acupuncture-before-2009"].requests
            assert before.last is not None
            assert before.first == first
            assert requests.first == before.last + timedelta(days=1)
            assert requests.last == date(2017, 11, 30)
        elif fact.startswith("acoem."):
            assert requests.first == first
        else:
            assert (requests.first, requests.last) == (first, last)


TABLE_FACTS = [each for each in KNOWN if "operation" in KNOWN[each]]
ROWS = {
    operation: row
    for row in TABLE.limits["course"].rows
    for operation in re.findall(r"\w+", row.when_text.removeprefix("postsurgical_procedure in"))
}


def test_every_operation_has_its_row_and_no_row_is_of_our_own() -> None:
    found = [ROWS[KNOWN[fact]["operation"]].label for fact in TABLE_FACTS]
    recalled_since = [
        "arthropathy of elbow, arthroplasty",
        "flexor tendon repair, zone 2",
        "fracture of metatarsal of foot",
    ]
    assert sorted([*found, *recalled_since]) == sorted(row.label for row in TABLE.limits["course"].rows)


@pytest.mark.parametrize("fact", TABLE_FACTS)
def test_a_row_of_the_postsurgical_table_has_its_numbers(fact: str) -> None:
    values, row = KNOWN[fact]["values"], ROWS[KNOWN[fact]["operation"]]
    assert row.amounts["visits"] == numbers(values["visits"])
    assert row.amounts["months"] == numbers(values["period_months"])
    if "weeks" in values:
        assert row.amounts["weeks"] == numbers(values["weeks"])
    if "over_months" in values:
        assert "weeks" not in row.amounts
        assert row.note == f"Visits over {values['over_months']} months."
    assert RANK[row.status] <= allowed(fact, "visits"), f"{row.label} is {row.status}"
    assert TABLE.requests.first == KNOWN[fact]["from"]
    assert TABLE.requests.last is None
