"""The table of units, and that one entry of it is all that a unit takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imr_rules import Case, Rulebook, screen
from imr_rules._units import PLURALS, TABLE, UNITS, count_in_words, counted_as, say_unit
from imr_rules.rulebook.sums import SUMS, TOTALS_OF, sum_in
from imr_rules.writing.words import say_quantities
from tests.workbench.lint_examples import base


def test_names_and_keys_tell_units_apart() -> None:
    assert len(UNITS) == len(PLURALS) == len(TABLE)
    for entry in TABLE:
        assert entry.counts_as in ("", *UNITS)
        assert not set(entry.aliases) & set(UNITS)


@pytest.mark.parametrize(
    ("low", "high", "unit", "said"),
    [
        (1, 1, "visit", "1 visit"),
        (0, 0, "visit", "0 visits"),
        (4, 6, "week", "4 to 6 weeks"),
        (90, 90, "mg_per_day", "90 mg a day"),
        (8, 8, "unit15", "8 units of 15 minutes"),
        (2, 2, "study", "2 studies"),
        (50, 50, "percent", "50 percent"),
        (1, None, "patch", "at least 1 patch"),
        (None, 1, "block", "at most 1 block"),
        (0, 1, "block", "0 to 1 blocks"),
        (3, None, None, "at least 3"),
    ],
)
def test_a_count_in_words(low: int | None, high: int | None, unit: str | None, said: str) -> None:
    assert count_in_words(low, high, unit) == said


def test_a_session_counts_as_a_visit_and_a_timed_unit_does_not() -> None:
    assert (counted_as("session"), counted_as("visit"), counted_as("unit15")) == ("visit", "visit", "unit15")
    assert say_unit("session", several=False) == "session"


def test_every_sum_is_found_from_its_parts() -> None:
    for total in SUMS.values():
        assert all(total in TOTALS_OF[part] for part in total.parts)
    assert [each.total for each in TOTALS_OF["in_dispute"]] == [
        "visits_if_granted",
        "visits_if_granted_claim",
        "visits_if_granted_since_surgery",
    ]
    assert sum_in("percent") is None


def case(item: dict[str, Any], *history: dict[str, Any]) -> Case:
    return Case.from_data(
        {
            "request": {"date": "2014-03-01"},
            "findings": {"chronic_pain": True},
            "items": [{"service": "Treatment", "body_part": {"region": "low_back"}} | item],
            "history": list(history),
        }
    )


@pytest.mark.parametrize(
    "treatment", ["physical_therapy", "acupuncture", "psychotherapy", "chiropractic", "biofeedback"]
)
def test_sessions_and_visits_of_a_treatment_counted_in_visits_give_one_answer(
    treatment: str, rulebook: Rulebook
) -> None:
    answers = []
    for unit in ("visit", "session", None):
        amount: Any = {"value": 6, "unit": unit} if unit else 6
        course = {"treatment": treatment, "attended": amount, "body_part": {"region": "low_back"}}
        found = screen(case({"treatment": treatment, "in_dispute": amount}, course), rulebook).items[0]
        answers.append([(each.id, each.status, each.reason) for each in found.criteria])
    assert answers[0] == answers[1] == answers[2]


def test_a_pace_in_visits_is_the_amount_of_a_request_stated_in_sessions(rulebook: Rulebook) -> None:
    item = {
        "treatment": "psychotherapy",
        "authorized": {"value": 0, "unit": "session"},
        "frequency": {"times": 1, "per": "week"},
        "duration": {"value": 6, "unit": "week"},
    }
    found = screen(case(item), rulebook).items[0].in_dispute
    assert (found.low, found.high, found.unit) == (6, 6, "session")


@pytest.mark.parametrize("unit", ["capsule", "patch", "tablet"])
def test_what_is_dispensed_keeps_its_unit(unit: str, rulebook: Rulebook) -> None:
    item = {"treatment": "nsaids", "in_dispute": {"value": 60, "unit": unit}}
    assert say_quantities(screen(case(item), rulebook).items[0]).endswith(
        f"in dispute {count_in_words(60, 60, unit)}"
    )


def test_one_entry_of_the_table_is_all_that_a_unit_takes(tmp_path: Path) -> None:
    book = base(tmp_path / "book")
    therapy = book / "example" / "therapy.yaml"
    text = therapy.read_text(encoding="utf-8")
    for old, new in (
        ("visits: [9, 10]", "ampoules: [9, 10]"),
        ("visits_if", "ampoules_if"),
        (".visits", ".ampoules"),
    ):
        text = text.replace(old, new)
    therapy.write_text(text, encoding="utf-8")
    script = Path(__file__).with_name("a_new_unit.py")
    run = subprocess.run(
        [sys.executable, str(script), str(book)],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": str(script.parents[1])},
    )  # fmt: skip
    found = json.loads(run.stdout)
    assert found["flips"], "something would flip it"
    assert all(found.pop(f"in the {file}'s schema") for file in ("case", "guideline"))
    flips = found.pop("flips")
    assert found == {
        "status": "unmet",
        "reason": "12 visits: over the total of 9 to 10",
        "words": "asked not stated; authorized none recorded; in dispute 8 ampoules",
        "limit": "9 to 10 ampoules",
        "asks": "How many ampoules were injected before?",
        "bar": "This treatment: 4 attended, 0 authorized, 8 in dispute",
    }
    assert any("ampoules_attended" in change for way in flips for change in way)
