"""Agreement with recorded outcomes."""

from __future__ import annotations

import io
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from imr_rules import Case, Rulebook
from imr_rules.agreement import Share, agreement, decided_items, exact_interval, share, without_rationale
from imr_rules.agreement.intervals import Estimate, balanced, kappa
from imr_rules.agreement.picture import alt, confusion_figure
from imr_rules.agreement.report import agreement_report
from imr_rules.cli.agree import _shown
from imr_rules.cli.program import app
from imr_rules.writing.html import html
from tests.paths import DETERMINATIONS

FIXTURES = DETERMINATIONS


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
def test_exact_intervals(count: int, total: int, low: float, high: float) -> None:
    assert exact_interval(count, total) == pytest.approx((low, high), abs=1e-4)


def test_exact_intervals_of_large_counts() -> None:
    """Near the normal approximation, where counts are too large for plain binomial coefficients."""
    assert exact_interval(50_000, 100_000) == pytest.approx((0.4969, 0.5031), abs=1e-4)
    assert exact_interval(1, 1_000_000) == pytest.approx((2.53e-8, 5.57e-6), rel=0.01)


@given(st.integers(1, 60), st.data())
def test_an_exact_interval_covers_as_often_as_it_says(total: Any, data: Any) -> None:
    """For any true share: the counts whose interval leaves it out are at most one in twenty."""
    chance = data.draw(st.floats(0.01, 0.99))
    missed = math.fsum(
        math.comb(total, count) * chance**count * (1 - chance) ** (total - count)
        for count in range(total + 1)
        if not (limits := exact_interval(count, total))[0] <= chance <= limits[1]
    )
    assert missed <= 0.05 + 1e-9


# Cohen's own kind of example: 20 and 15 agreed, 5 and 10 not: observed 0.7, by chance 0.5.
def test_kappa_of_a_table_worked_by_hand() -> None:
    found = kappa(share(20, 30), share(15, 20))
    assert found.value == pytest.approx(0.4)
    assert balanced(share(20, 30), share(15, 20)).value == pytest.approx((2 / 3 + 3 / 4) / 2)


def known(figure: Estimate | Share) -> tuple[float, float, float]:
    """The low end, the value and the high end of a figure that has them."""
    low, value, high = figure.low, figure.value, figure.high
    assert low is not None
    assert value is not None
    assert high is not None
    return low, value, high


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_intervals_hold_their_value_and_narrow_to_no_point(
    upheld: int, overturned: int, data: st.DataObject
) -> None:
    up = share(data.draw(st.integers(0, upheld)), upheld)
    over = share(data.draw(st.integers(0, overturned)), overturned)
    for estimate, least in ((balanced(up, over), 0), (kappa(up, over), -1)):
        low, value, high = known(estimate)
        assert least <= low <= value <= high <= 1
        assert high - low > 0.01


def test_kappa_needs_both_outcomes() -> None:
    assert kappa(share(9, 10), share(0, 0)).value is None
    assert balanced(share(9, 10), share(0, 0)).value is None


def test_a_share_of_nothing_has_no_value() -> None:
    assert share(0, 0).value is None


def case(sessions: int, outcome: str) -> Case:
    return Case.from_data(
        {
            "request": {"date": "2014-03-01"},
            "diagnoses": [{"text": "chronic pain"}],
            "items": [{"service": "psychotherapy", "in_dispute": sessions}],
            "history": [{"treatment": "psychotherapy", "attended": 4}],
            "findings": {"activities_improved": True, "rationale": True},
            "record": {"read": "all"},
            "documents": [{"kind": "progress_report"}],
            "expect": {"items": {"item-1": {"outcome": outcome}}},
        }
    )


def test_figures_of_a_small_corpus(rulebook: Rulebook) -> None:
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


def test_a_case_without_an_outcome_does_not_count(rulebook: Rulebook) -> None:
    assert decided_items("x", Case.from_data({"items": [{"service": "psychotherapy"}]}), rulebook) == []


def test_the_seed_agrees(rulebook: Rulebook) -> None:
    (found,) = decided_items("seed", Case.from_file(FIXTURES / "seed-cbt-relaxation.yaml"), rulebook)
    assert found.agrees
    assert found.inside


def test_the_page_on_fit_is_not_stale() -> None:
    made = CliRunner().invoke(
        app, ["agree", str(FIXTURES.parent), "--format", "markdown"], catch_exceptions=False
    )
    page = FIXTURES.parents[1] / "docs" / "fit.md"
    assert made.stdout == page.read_text(encoding="utf-8"), (
        "docs/fit.md is stale: imr-rules agree fixtures --format markdown > docs/fit.md"
    )
    assert "This is fit, not validation" in made.stdout


def test_the_aims_inside_the_mtus_are_kept(rulebook: Rulebook) -> None:
    """95% agreement among decided, a fifth to review, three quarters of overturned found; 1 in 50 wrongly overturned."""
    found = agreement(
        each
        for path in sorted(FIXTURES.glob("*.yaml"))
        for each in decided_items(path.stem, Case.from_file(path), rulebook)
    )
    inside = found.inside
    assert inside.items >= 60
    assert inside.items + found.outside.items == found.overall.items
    assert known(inside.agree)[1] >= 0.95
    assert known(inside.review)[1] <= 0.20
    assert known(inside.overturned_recall)[1] >= 0.75
    assert known(found.overall.false_overturns)[1] <= 0.02


def test_a_case_can_be_read_without_what_only_the_rationale_tells(rulebook: Rulebook) -> None:
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


def test_the_page_stands_alone_and_names_every_disagreement(rulebook: Rulebook) -> None:
    name = "<b>one & two</b>"
    found = agreement(
        each
        for number, one in enumerate([case(12, "overturned"), case(4, "upheld"), case(4, "overturned")])
        for each in decided_items(f"{name}{number}", one, rulebook)
    )
    page = html(agreement_report(found, "the MTUS", figures=[confusion_figure(found.overall)]))
    assert page.count("data:image/svg+xml") == 2  # light and dark
    assert "&lt;b&gt;one &amp; two&lt;/b&gt;0 item-1" in page
    assert name not in page
    assert not re.findall(r"(?:src|href)\s*=\s*[\"'](?!#|data:)|url\((?!#)|@import|<script", page)
    (disagreed, *_) = found.disagreements
    assert all(f"<code>{ground.split('/', 1)[1]}</code>" in page for ground in disagreed.grounds)
    assert alt(found.overall) in page
    assert page == html(agreement_report(found, "the MTUS", figures=[confusion_figure(found.overall)]))


def test_the_picture_says_its_numbers_in_words(rulebook: Rulebook) -> None:
    found = agreement(decided_items("x", case(12, "upheld"), rulebook)).overall
    assert alt(found) == (
        "Suggestions against outcomes. uphold: 1 were upheld, 0 were overturned; "
        "overturn: 0 were upheld, 0 were overturned; needs review: 0 were upheld, 0 were overturned."
    )


@pytest.mark.parametrize("format", ["text", "json", "markdown", "html"])
def test_the_command_writes_every_format(format: str) -> None:
    made = CliRunner().invoke(app, ["agree", str(FIXTURES), "--format", format], catch_exceptions=False)
    assert made.exit_code == 0
    assert {
        "text": "all items",
        "json": '"always_uphold"',
        "markdown": "# Fit",
        "html": "<!doctype html>",
    }[format] in made.stdout


def test_a_long_run_shows_a_bar_to_a_person_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [Path(str(number)) for number in range(60)]
    assert list(_shown(files)) == files
    shown = io.StringIO()
    monkeypatch.setattr(shown, "isatty", lambda: True)
    monkeypatch.setattr("sys.stderr", shown)
    monkeypatch.setenv("TERM", "xterm")
    assert list(_shown(files)) == files
    assert "Screening" in shown.getvalue()
    before = shown.getvalue()
    assert list(_shown(files[:10])) == files[:10]
    assert shown.getvalue() == before
