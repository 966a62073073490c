"""``imr-rules watch``: what is said after a save, and that a save is noticed."""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from imr_rules.workbench.watching import Watch
from tests.paths import DETERMINATIONS, ROOT

pytestmark = pytest.mark.long

SEED = "seed-cbt-relaxation.yaml"
FILE = Path("chronic-pain-2009") / "behavioral-interventions.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A rulebook and two fixtures of which one has nothing to do with the guideline that is edited."""
    shutil.copytree(ROOT / "rulesets" / "mtus", tmp_path / "rulesets" / "mtus")
    (tmp_path / "fixtures").mkdir()
    for name in (SEED, "cm16-0228949.yaml"):
        shutil.copy(DETERMINATIONS / name, tmp_path / "fixtures")
    return tmp_path


def edit(place: Path, old: str, new: str) -> Path:
    path = place / "rulesets" / "mtus" / FILE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_an_edit_that_changes_an_answer_is_told_whole(place: Any) -> None:
    watch = Watch((place / "rulesets" / "mtus",), place / "fixtures")
    said = list(watch.look([edit(place, "visits: [6, 10]", "visits: [6, 16]")]))
    assert said[0] == "lint: nothing found"
    assert "fixtures: 1 asked, 1 differs" in said
    assert "      - mtus/chronic-pain-2009/behavioral-interventions#within-total" in said
    assert any("#within-total is met: 12 attended" in line for line in said), "and why"
    assert any("together 11 to 16" in line for line in said), "the receipt names for whom it turns"
    told = " ".join(said)
    assert "flips: the grounds in 1 item" in " ".join(told.split()), (
        "what differs in the fixture is what the receipt says of it"
    )
    assert "seed-cbt-relaxation item-1: uphold, on other grounds (recorded: upheld)" in " ".join(told.split())


def test_undone_it_is_as_it_was(place: Any) -> None:
    watch = Watch((place / "rulesets" / "mtus",), place / "fixtures")
    list(watch.look([edit(place, "visits: [6, 10]", "visits: [6, 16]")]))
    said = list(watch.look([edit(place, "visits: [6, 16]", "visits: [6, 10]")]))
    assert "fixtures: 1 asked, 0 differ" in said


def test_a_broken_file_is_told_by_lint_and_nothing_else_is_asked(place: Any) -> None:
    watch = Watch((place / "rulesets" / "mtus",), place / "fixtures")
    path = edit(place, "require: response", "require: respons")
    line = path.read_text(encoding="utf-8").splitlines().index("    require: respons") + 1
    (said,) = watch.look([path])
    assert f"{FILE}:{line}:14: unknown-fact: there is no fact `respons`; did you mean `response`" in said


def test_an_edited_fixture_is_asked_again(place: Any) -> None:
    watch = Watch((place / "rulesets" / "mtus",), place / "fixtures")
    path = place / "fixtures" / SEED
    path.write_text(path.read_text(encoding="utf-8").replace("suggestion: uphold", "suggestion: overturn"))
    said = list(watch.look([path]))
    assert "fixtures: 1 asked, 1 differs" in said
    assert any("suggestion: expected overturn, got uphold" in line for line in said)


def test_a_fixture_that_cannot_be_read_is_told_with_its_place(place: Any) -> None:
    watch = Watch((place / "rulesets" / "mtus",), place / "fixtures")
    path = place / "fixtures" / SEED
    path.write_text(path.read_text(encoding="utf-8").replace("worker:", "wroker:"))
    assert any("wroker" in line for line in watch.look([path]))


_HEARING_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from imr_rules.cli import main; main()"
"""The command, also where whoever started the tests in the background told what they start to ignore Ctrl-C."""


@pytest.mark.long
def test_a_save_is_noticed_by_the_command(place: Any) -> None:
    """The real thing: the command in a process of its own, a file saved, and Ctrl-C."""
    pytest.importorskip("watchfiles")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "IMR_RULES_CACHE": "off"}
    with subprocess.Popen(
        [sys.executable, "-u", "-c", _HEARING_CTRL_C, "watch"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=place, encoding="utf-8", env=environment,
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "rulebook: rulesets/mtus (./rulesets)\n"
            assert process.stdout.readline() == "watching rulesets/mtus and fixtures\n"
            said: list[str] = []
            before = "visits: [6, 10]"
            for number in range(11, 31):  # the first saves may fall before the system watches
                after = f"visits: [6, {number}]"
                edit(place, before, after)
                before = after
                if said := read_until(process, seconds=10):
                    break
            assert "behavioral-interventions.yaml" in said
            assert "fixtures: 1 asked, 0 differ" in said or "fixtures: 1 asked, 1 differs" in said
        finally:
            process.send_signal(signal.SIGINT)
            try:
                ended = process.wait(timeout=120)
            finally:
                process.kill()
        assert ended in (0, 130)


def read_until(process: subprocess.Popen[str], *, seconds: int) -> list[str]:
    """Return the lines up to the one with the time taken; none where nothing comes for a while."""
    assert process.stdout is not None
    lines: list[str] = []
    while lines or select.select([process.stdout], [], [], seconds)[0]:
        line = process.stdout.readline()
        lines.append(line.rstrip("\n"))
        if not line or re.fullmatch(r"\([\d.]+ s\)\n", line):
            return lines
    return []
