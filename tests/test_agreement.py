"""Agreement with recorded outcomes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from imr_rules import Case
from imr_rules.agreement import agreement, decided_items, exact_interval, share, without_rationale
from imr_rules.cli import app

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


def test_the_page_on_fit_is_not_stale():
    made = CliRunner().invoke(
        app, ["agree", str(FIXTURES.parent), "--format", "markdown"], catch_exceptions=False
    )
    page = FIXTURES.parents[1] / "docs" / "fit.md"
    assert made.stdout == page.read_text(encoding="utf-8"), (
        "docs/fit.md is stale: imr-rules agree fixtures --format markdown > docs/fit.md"
    )
    assert "This is fit, not validation" in made.stdout


def test_the_aims_inside_the_mtus_are_kept(rulebook):
    """95 % agreement among decided, a fifth to review, three quarters of overturned found; 1 in 50 wrongly overturned."""
    found = agreement(
        each
        for path in sorted(FIXTURES.glob("*.yaml"))
        for each in decided_items(path.stem, Case.from_file(path), rulebook)
    )
    inside = found.inside_mtus
    assert inside.items >= 60
    assert inside.items + found.outside_mtus.items == found.overall.items
    assert inside.agree.value >= 0.95
    assert inside.review.value <= 0.20
    assert inside.overturned_recall.value >= 0.75
    assert found.overall.false_overturns.value <= 0.02


def test_a_case_can_be_read_without_what_only_the_rationale_tells(rulebook):
    told = {"value": True, "evidence": {"place": "rationale"}}
    both = {"value": True, "evidence": [{"place": "rationale"}, {"place": "clinical case summary"}]}
    whole = Case.from_data(
        {
            "items": [{"service": "psychotherapy", "findings": {"goals_met": told, "plateau": both}}],
            "history": [{"treatment": "psychotherapy", "evidence": {"place": "rationale"}}],
            "findings": {"rationale": told},
        }
    )
    left = without_rationale(whole)
    assert not left.history
    assert not left.findings
    assert set(left.items[0].findings) == {"plateau"}
    assert without_rationale(left) == left
