"""The page that lists the rulebook is made from its files, and up to date."""

import re
import subprocess
import sys

import pytest

from imr_rules import Rulebook
from imr_rules.writing.facts_page import facts_page
from imr_rules.writing.markdown import markdown
from imr_rules.writing.rulebook_page import rows_of, rulebook_page
from tests.paths import ROOT

PAGE = ROOT / "docs" / "rulebook.md"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


def test_the_page_is_not_stale(rulebook: Rulebook) -> None:
    made = markdown(rulebook_page(rulebook))
    assert PAGE.read_text(encoding="utf-8") == made, (
        "docs/rulebook.md is stale: python -m imr_rules.writing.rulebook_page > docs/rulebook.md"
    )


def test_the_page_names_every_guideline_limit_criterion_and_source(rulebook: Rulebook) -> None:
    page = markdown(rulebook_page(rulebook))
    for guideline in rulebook.guidelines.values():
        assert f"`{guideline.id}`" in page
        section = page.split(f"`{guideline.id}`\n", 1)[1].split("\n### ", 1)[0]
        assert str(guideline.requests.first) in section
        assert ("Contents not known" in section) is not guideline.known
        for criterion in guideline.criteria:
            assert re.search(rf"\| {criterion.name.replace('-', ' ')}( \(caution\))? \|", section)
            assert f"| {criterion.citation.status} |" in section
        for name, row in rows_of(guideline):
            assert f"| {' '.join(name.split()).replace('_', ' ').replace('-', ' ')} |".replace("|", "") in (
                section.replace("|", "")
            )
            assert row.amounts
    for source in rulebook.sources:
        assert f"`{source}`" in page


def test_the_summary_counts_what_the_rulebook_holds(rulebook: Rulebook) -> None:
    page = markdown(rulebook_page(rulebook))
    criteria = [each for guideline in rulebook.guidelines.values() for each in guideline.criteria]
    line = next(line for line in page.splitlines() if line.startswith("| criteria |"))
    counts = [int(cell) for cell in line.strip("| ").split("|")[1:]]
    assert counts[-1] == len(criteria) == sum(counts[:-1])
    assert counts[2] == sum(each.citation.status == "recalled" for each in criteria)


def test_the_module_prints_the_page(rulebook: Rulebook) -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "imr_rules.writing.rulebook_page"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed.stdout == markdown(rulebook_page(rulebook))


def test_the_page_of_the_facts_is_not_stale(rulebook: Rulebook) -> None:
    made = markdown(facts_page(rulebook))
    assert (ROOT / "docs" / "facts.md").read_text(encoding="utf-8") == made, (
        "docs/facts.md is stale: python -m imr_rules.writing.facts_page > docs/facts.md"
    )
    for spec in rulebook.vocabulary.facts.values():
        assert f"`{spec.name}`" in made or f"`{spec.name.rpartition('_')[0]}`" in made
