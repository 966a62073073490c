"""``imr-rules determination`` as its users meet it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.paths import ROOT

SEED = "fixtures/determinations/seed-cbt-relaxation.yaml"


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from imr_rules.cli import main; main()", "determination", *map(str, arguments)],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip


def test_the_draft_is_printed_and_written(tmp_path: Path) -> None:
    printed = run(SEED, "--outcome", "item-1=uphold", "--sheet")
    assert printed.returncode == 0, printed.stderr
    assert "Decision: Upheld." in printed.stdout
    assert "WORKING SHEET" in printed.stdout
    file = tmp_path / "letter.md"
    assert run(SEED, "--outcome", "overturn", "--format", "markdown", "-o", file).returncode == 0
    assert "### Rationale" in file.read_text(encoding="utf-8")


def test_items_are_decided_apart_in_one_letter() -> None:
    done = run(
        "fixtures/determinations/cm16-0231745.yaml", "--outcome", "overturn", "--outcome", "ultrasound=uphold"
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CLINICAL SUMMARY") == 1
    assert "Decision: Upheld." in done.stdout
    assert "Decision: Overturned." in done.stdout


def test_the_pdf_is_a_pdf(tmp_path: Path) -> None:
    pytest.importorskip("typst", reason="SKIPPED LOUDLY: typst is not installed")
    file = tmp_path / "letter.pdf"
    done = run(SEED, "--outcome", "uphold", "--format", "pdf", "-o", file)
    assert done.returncode == 0, done.stderr
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
    assert done.returncode == 2
    assert words in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
