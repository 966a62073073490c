"""Agreement with recorded outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules import Case
from imr_rules.agreement import agreement, decided_items, exact_interval, share

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "determinations"


# Published Clopper-Pearson limits, to four places.
@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [
        (0, 10, 0.0, 0.3085),
        (10, 10, 0.6915, 1.0),
        (5, 10, 0.1871, 0.8129),
        (1, 100, 0.0003, 0.0545),
        (50, 100, 0.3983, 0.6017),
    ],
)
def test_exact_intervals(count, total, low, high):
    assert exact_interval(count, total) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_a_share_of_nothing_has_no_value():
    assert share(0, 0).value is None


def case(sessions: int, outcome: str) -> Case:
    return Case.from_data(
        {
            "request": {"date": "2014-03-01"},
            "diagnoses": [{"text": "chronic pain"}],
            "items": [{"service": "psychotherapy", "in_dispute": sessions}],
            "expect": {"items": {"item-1": {"outcome": outcome}}},
        }
    )


def test_figures_of_a_small_corpus(rulebook):
    """Two upheld (one suggested so, one suggested overturned), two overturned (the same way round)."""
    corpus = [case(12, "upheld"), case(4, "upheld"), case(4, "overturned"), case(12, "overturned")]
    found = agreement(
        each for number, one in enumerate(corpus) for each in decided_items(str(number), one, rulebook)
    )
    figures = found.overall
    assert figures.items == 4
    assert figures.agree.value == 0.5
    assert figures.always_uphold.value == 0.5
    assert figures.upheld_recall.value == figures.overturned_recall.value == 0.5
    assert figures.kappa.value == 0
    assert figures.balanced.value == 0.5
    assert [each.case for each in found.disagreements] == ["1", "3"]


def test_a_case_without_an_outcome_does_not_count(rulebook):
    assert decided_items("x", Case.from_data({"items": [{"service": "psychotherapy"}]}), rulebook) == []


def test_the_seed_agrees(rulebook):
    (found,) = decided_items("seed", Case.from_file(FIXTURES / "seed-cbt-relaxation.yaml"), rulebook)
    assert found.agrees
    assert found.inside_mtus
