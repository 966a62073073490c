"""The receipt of an edit beside running the fixtures that would test it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from msgspec.structs import replace

from benchmarks.side_by_side import compare
from imr_rules import Rulebook, screen
from imr_rules.expression import Compare, Linear
from imr_rules.workbench.diff import receipt
from imr_rules.workbench.fixtures import Fixture, fixtures_in

GUIDELINE = "mtus/chronic-pain-2009/behavioral-interventions"


def raised(rulebook: Rulebook, by: int) -> Rulebook:
    """The shipped rulebook with one total raised."""
    loaded = rulebook._loaded
    guideline = loaded.guidelines[GUIDELINE]
    first, *others = guideline.criteria
    assert isinstance(first.require, Compare)
    form = first.require.form
    higher = Compare(first.require.op, Linear(form.terms, form.constant - by))
    edited = replace(guideline, criteria=(replace(first, require=higher), *others))
    return Rulebook(replace(loaded, guidelines={**loaded.guidelines, GUIDELINE: edited}), "edited")


def run(fixtures: list[Fixture], rulebook: Rulebook) -> None:
    for each in fixtures:
        screen(each.case, rulebook)


def test_the_whole_rulebook_beside_its_fixtures(benchmark: Any, root: Path) -> None:
    """Nothing edited: every treatment and day of request is compared, and found to have the same rules."""
    old, new, fixtures = Rulebook.load(), Rulebook.load(cached=False), fixtures_in(root / "fixtures")
    compare(
        benchmark,
        "a receipt of no edit, the whole rulebook",
        lambda: receipt(old, new),
        {f"screening its {len(fixtures)} fixtures": lambda: run(fixtures, old)},
        rounds=10,
        targets={f"screening its {len(fixtures)} fixtures": 1.0},
    )


def test_one_edit_beside_the_fixtures(benchmark: Any, root: Path) -> None:
    """One limit raised: every way a suggestion changes, with its region and smallest case."""
    old, fixtures = Rulebook.load(), fixtures_in(root / "fixtures")
    new = raised(old, 2)
    assert len(receipt(old, new).changes) == 3
    compare(
        benchmark,
        "a receipt of one raised limit",
        lambda: receipt(old, new),
        {f"screening its {len(fixtures)} fixtures": lambda: run(fixtures, old)},
        rounds=5,
    )
