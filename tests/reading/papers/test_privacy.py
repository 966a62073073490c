"""No name, birth date, number or address of a person comes out of a paper, whatever field it stands in."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_rules import Rulebook
from imr_rules.reading.papers import draft_text, read_papers
from tests.reading.papers.composing import CANARIES, DATES, Truth, truth
from tests.reading.papers.drawing import scan
from tests.reading.papers.test_forms_and_decisions import APPLICATIONS, DECISIONS, REQUESTS

PAPERS: dict[str, Callable[[Truth, int], bytes]] = {
    **{f"request, {name}": make for name, make in REQUESTS.items()},
    **{f"decision, {name}": make for name, make in DECISIONS.items()},
    **{f"application, {name}": make for name, make in APPLICATIONS.items()},
}


def planted(case: Truth) -> set[str]:
    """Every canary, whole and in the words that name somebody."""
    found = {value for value in CANARIES.values() if value}
    for name in (
        "name",
        "doctor",
        "contact",
        "adjuster",
        "attorney",
        "reviewer",
        "practice",
        "company",
        "employer",
        "street",
    ):
        found |= {
            word
            for word in CANARIES[name].split()
            if word not in ("Associates", "Mutual", "Foundry", "Lane") and not word.isdigit()
        }
    return found | {written(case.born) for written in DATES}


def leaks(text: str, case: Truth) -> list[str]:
    return [each for each in planted(case) if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text, re.I)]


@pytest.mark.parametrize("name", PAPERS)
def test_no_canary_comes_out(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    for seed in (1, 2):
        case = truth(seed)
        file = tmp_path / "paper.pdf"
        file.write_bytes(PAPERS[name](case, seed))
        draft = read_papers([file], rulebook.vocabulary)
        said = json.dumps([proposal.to_dict() for proposal in draft.proposals], default=str)
        assert not leaks(draft_text(draft) + said + repr(draft.cautions) + repr(draft.settled), case)


def test_no_canary_comes_out_of_a_scan(rulebook: Rulebook, tmp_path: Path) -> None:
    case = truth(3)
    file = tmp_path / "paper.pdf"
    file.write_bytes(scan(PAPERS["request, 2014, flat"](case, 1), fax=True))
    draft = read_papers([file], rulebook.vocabulary)
    said = json.dumps([proposal.to_dict() for proposal in draft.proposals], default=str)
    assert not leaks(draft_text(draft) + said + repr(draft.cautions), case)


def test_the_command_says_no_name(tmp_path: Path) -> None:
    case = truth(6)
    files = [tmp_path / "a.pdf", tmp_path / "b.pdf"]
    files[0].write_bytes(PAPERS["request, 2014, fields"](case, 0))
    files[1].write_bytes(PAPERS["decision, prose"](case, 0))
    for more in ([], ["--words"]):
        done = subprocess.run(
            [sys.executable, "-c", "from imr_rules.cli import main; main()", "read", *map(str, files), *more],
            capture_output=True,
            text=True,
            check=True,
        )
        assert "physical_therapy" in done.stdout or "item-1" in done.stdout or "/items/0" in done.stdout
        assert not leaks(done.stdout + done.stderr, case)
