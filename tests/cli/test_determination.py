"""``imr-rules determination`` as its users meet it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Ran
from tests.cli.running import run as command
from tests.paths import ROOT

SEED = "fixtures/determinations/seed-cbt-relaxation.yaml"


def run(*arguments: object) -> Ran:
    return command("determination", *arguments, cwd=ROOT)


def test_the_draft_is_printed_and_written(tmp_path: Path) -> None:
    printed = run(SEED, "--outcome", "item-1=uphold", "--sheet")
    assert printed.status == 0, printed.err
    assert "Decision: Upheld." in printed.out
    assert "WORKING SHEET" in printed.out
    file = tmp_path / "letter.md"
    assert run(SEED, "--outcome", "overturn", "--format", "markdown", "-o", file).status == 0
    assert "### Rationale" in file.read_text(encoding="utf-8")


def test_items_are_decided_apart_in_one_letter() -> None:
    done = run(
        "fixtures/determinations/cm16-0231745.yaml", "--outcome", "overturn", "--outcome", "ultrasound=uphold"
    )
    assert done.status == 0, done.err
    assert done.out.count("CLINICAL SUMMARY") == 1
    assert "Decision: Upheld." in done.out
    assert "Decision: Overturned." in done.out


def test_the_pdf_is_a_pdf(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="SKIPPED LOUDLY: typst is not installed")
    file = tmp_path / "letter.pdf"
    done = run(SEED, "--outcome", "uphold", "--format", "pdf", "-o", file)
    assert done.status == 0, done.err
    assert file.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((SEED, "--outcome", "uphold", "--format", "pdf"), "a PDF needs a file"),
        ((SEED, "--outcome", "perhaps"), "uphold"),
        ((SEED,), "--outcome"),
        ((SEED, "--outcome", "item-7=uphold"), "item-1"),
        ((SEED, "--outcome", "item-1=granted"), "uphold or overturn"),
        ((SEED, "--outcome", "uphold", "-o", "/nowhere/letter.txt"), "cannot be written"),
    ],
)
def test_a_mistake_gets_one_clear_line(arguments: tuple[Any, ...], words: str) -> None:
    done = run(*arguments)
    assert done.status == 2
    assert words in done.err
    assert len(done.err.strip().splitlines()) == 1
