"""The page that lists the rulebook is made from its files, and up to date."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.writing.document import slug
from imr_rules.writing.facts_page import facts_page
from imr_rules.writing.markdown import markdown
from imr_rules.writing.rulebook_page import pages
from imr_rules.writing.treatment_pages import by_class, rows_of
from tests.paths import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def made(rulebook: Rulebook) -> dict[str, str]:
    """Every page by its path, as it is made from the files."""
    return {path: markdown(page) for path, page in pages(rulebook).items()}


def test_no_page_is_stale(made: dict[str, str]) -> None:
    there = {"rulebook.md", *(f"treatments/{each.name}" for each in (DOCS / "treatments").iterdir())}
    assert there == set(made)
    for path, page in made.items():
        assert (DOCS / path).read_text(encoding="utf-8") == page, (
            f"docs/{path} is stale: python -m imr_rules.writing.rulebook_page docs"
        )


def test_the_pages_name_every_guideline_limit_criterion_and_source(
    rulebook: Rulebook, made: dict[str, str]
) -> None:
    for name, guidelines in by_class(rulebook).items():
        page = made[f"treatments/{slug(name)}.md"]
        timeline = page.split("\n## ", 1)[0]
        for guideline in guidelines:
            if not guideline.known:
                assert f"`{guideline.id}`" in page.split("\n## Not read\n", 1)[1]
                assert "(#not-read)" in timeline
                continue
            lead = re.search(rf"\((?:([\w-]+\.md))?#{re.escape(slug(guideline.id))}\)", timeline)
            assert lead is not None
            told = made[f"treatments/{lead[1]}"] if lead[1] else page
            section = told.split(f"## {guideline.id}\n", 1)[1].split("\n## ", 1)[0]
            assert str(guideline.requests.first) in section
            for criterion in guideline.criteria:
                assert re.search(rf"\| {criterion.name.replace('-', ' ')}( \(caution\))? \|", section)
                assert f"| {criterion.citation.status} |" in section
            for name_, row in rows_of(guideline):
                words = " ".join(name_.split()).replace("_", " ").replace("-", " ")
                assert words.replace("|", "") in section.replace("|", "")
                assert row.amounts
    shown = {each.id for guidelines in by_class(rulebook).values() for each in guidelines}
    assert shown == set(rulebook.guidelines)
    for source in rulebook.sources:
        assert f"`{source}`" in made["rulebook.md"]


def test_no_page_is_longer_than_a_sitting(made: dict[str, str]) -> None:
    assert {name for name, page in made.items() if len(page.split()) > 4_500} == set()


def test_the_first_page_leads_to_every_treatment_and_is_short(made: dict[str, str]) -> None:
    first = made["rulebook.md"]
    assert {f"treatments/{each}.md" for each in re.findall(r"\(treatments/([\w-]+)\.md\)", first)} == (
        set(made) - {"rulebook.md"}
    )
    assert len(first.splitlines()) < 200


def test_the_summary_counts_what_the_rulebook_holds(rulebook: Rulebook, made: dict[str, str]) -> None:
    criteria = [each for guideline in rulebook.guidelines.values() for each in guideline.criteria]
    line = next(line for line in made["rulebook.md"].splitlines() if line.startswith("| criteria |"))
    counts = [int(cell) for cell in line.strip("| ").split("|")[1:]]
    assert counts[-1] == len(criteria) == sum(counts[:-1])
    assert counts[2] == sum(each.citation.status == "recalled" for each in criteria)


def test_the_module_writes_the_pages_and_removes_old_ones(made: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "treatments").mkdir()
    (tmp_path / "treatments" / "leeches.md").write_text("old", encoding="utf-8")
    subprocess.run(
        [sys.executable, "-m", "imr_rules.writing.rulebook_page", str(tmp_path)], cwd=ROOT, check=True
    )
    written = {str(path.relative_to(tmp_path)): path for path in tmp_path.rglob("*.md")}
    assert set(written) == set(made)
    assert all(path.read_text(encoding="utf-8") == made[name] for name, path in written.items())


def test_the_page_of_the_facts_is_not_stale(rulebook: Rulebook) -> None:
    made = markdown(facts_page(rulebook))
    assert (ROOT / "docs" / "facts.md").read_text(encoding="utf-8") == made, (
        "docs/facts.md is stale: python -m imr_rules.writing.facts_page > docs/facts.md"
    )
    for spec in rulebook.vocabulary.facts.values():
        assert f"`{spec.name}`" in made or f"`{spec.name.rpartition('_')[0]}`" in made
