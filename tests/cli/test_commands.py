"""The command line as its users meet it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import run as run_here
from tests.paths import ROOT

SEED = "fixtures/determinations/seed-cbt-relaxation.yaml"


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    code = "from imr_rules.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": "/nonexistent", **environment},
        check=False,
    )


def test_the_json_has_the_keys_callers_were_promised() -> None:
    done = run("screen", SEED, "--format", "json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["human_review"] == "required"
    assert {"digest", "version"} <= answer["rulebook"].keys()
    assert {"input_digest", "engine"} <= answer.keys()
    (item,) = answer["items"]
    assert {
        "item", "service", "suggestion", "grounds", "review_reasons", "criteria", "superseded", "missing",
        "warnings", "asked", "authorized", "in_dispute", "quantity_within_limits",
    } <= item.keys()  # fmt: skip
    for criterion in item["criteria"]:
        assert {"id", "status", "reason", "citation", "evidence", "facts"} <= criterion.keys()
        assert {"document", "regulation", "section", "pages", "status"} <= criterion["citation"].keys()


def test_several_files_give_one_line_each() -> None:
    done = run_here("screen", SEED, SEED, "--format", "json", cwd=ROOT)
    assert [json.loads(line)["items"][0]["suggestion"] for line in done.out.splitlines()] == ["uphold"] * 2


@pytest.mark.parametrize("arguments", [("--format", "text"), ("--format", "markdown"), ("--all",)])
def test_text_and_markdown_name_the_three_grounds(arguments: tuple[Any, ...]) -> None:
    done = run_here("screen", SEED, *arguments, cwd=ROOT)
    assert done.status == 0, done.err
    for words in ("the guideline allows 6 to 10", "BDI 22 to 10", "No rationale", "page 23"):
        assert words in " ".join(done.out.split())


def test_the_c_locale_gives_the_same_bytes() -> None:
    assert (
        run("screen", SEED, LC_ALL="C", PYTHONUTF8="0").stdout == run("screen", SEED, LC_ALL="C.UTF-8").stdout
    )


def test_an_unknown_treatment_needs_review(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text("items: [{service: leech therapy}]")
    done = run_here("screen", file, "--format", "json")
    (item,) = json.loads(done.out)["items"]
    assert (item["suggestion"], item["review_reasons"]) == ("needs_review", ["treatment_not_recognized"])


def test_a_disagreement_of_the_evaluators_exits_with_3() -> None:
    code = (
        "from imr_rules.rulebook import Rulebook\n"
        "class Wrong:\n"
        "    def __init__(self, plan): self.count = len(plan.criteria)\n"
        "    def judge(self, row): return ['met'] * self.count\n"
        "Rulebook.second_evaluator = lambda self, plan: Wrong(plan)\n"
        "import sys; sys.argv = ['imr-rules', 'screen', sys.argv[1]]\n"
        "from imr_rules.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, SEED], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert done.returncode == 3
    assert "within-total (unmet / met)" in done.stderr
    assert done.stdout == ""
