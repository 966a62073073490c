"""Another state's rulebook, end to end: no word of California comes out where it is not its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.running import run

CALIFORNIAN = re.compile(r"MTUS|California|Labor Code|\bCCR\b|9792|4610|ACOEM|\bODG\b", re.IGNORECASE)


@pytest.fixture
def oregon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project with a rulebook of its own, one more guideline, and two fixtures."""
    monkeypatch.chdir(tmp_path)
    for arguments in (
        ("rulebook", "rulesets/oregon"),
        ("treatment", "taping", "--within", "physical_therapy"),
        (
            "guideline",
            "oregon/2024/taping",
            "--treatment",
            "taping",
            "--source",
            "first-source",
            "--from",
            "2024-01-01",
        ),
        ("fixture", "fixtures/therapy.yaml"),
        ("fixture", "fixtures/taping.yaml", "--treatment", "taping"),
    ):
        made = run("new", *arguments)
        assert made.status == 0, made.err
    Path("fixtures/denial.yaml").write_text(
        "request: {date: 2024-03-01}\nrecord: {read: part}\ndocuments: [{kind: utilization_review}]\n"
        "application: {received: 2024-04-01}\nfindings: {rebuttal_documented: true}\n"
        "items: [{service: 'Taping, 4 visits', in_dispute: 4, asked: 4, authorized: 0}]\n",
        encoding="utf-8",
    )
    case = Path("fixtures/taping.yaml")
    case.write_text(
        case.read_text(encoding="utf-8").replace("findings: {}", "findings: {rebuttal_documented: true}"),
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "line",
    [
        "lint", "test", "screen fixtures --all", "screen fixtures --format json", "screen fixtures --format markdown",
        "what-if fixtures", "charts fixtures/denial.yaml", "facts", "facts --derived", "rules", "coverage --gaps",
        "schema case", "schema guideline", "determination fixtures/taping.yaml --outcome uphold --sheet",
        "determination fixtures/denial.yaml --outcome overturn --sheet --format markdown", "--help", "batch --help",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("oregon")
def test_no_command_speaks_of_california(line: str) -> None:
    found = run(*line.split())
    assert len(found.out + found.err) > 20
    assert CALIFORNIAN.findall(found.out + found.err) == []


@pytest.mark.usefixtures("oregon")
def test_the_batch_and_the_letter_speak_of_no_california(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    from imr_rules import Case, Rulebook, screen
    from imr_rules.writing.determination.draft import draft

    assert run("batch", "fixtures", "out.csv", "--workers", "1").status == 0
    rulebook = Rulebook.load("rulesets")
    case = Case.from_file("fixtures/denial.yaml", rulebook)
    letter = draft(case, screen(case, rulebook), rulebook, {"item-1": "uphold"})
    assert letter.above is None
    said = Path("out.csv").read_text(encoding="utf-8") + letter.to_json().decode()
    assert CALIFORNIAN.findall(said) == []
