"""What a process pays before its first answer: imports, and a rulebook from its files or from the cache."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.side_by_side import compare
from imr_rules import Rulebook

SEED = "fixtures/determinations/seed-cbt-relaxation.yaml"
SCREEN = f"""
from imr_rules import Case, Rulebook, screen
screen(Case.from_file({SEED!r}), Rulebook.load()).to_dict()
"""


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of rulebooks of the benchmark's own."""
    (tmp_path / "cache").mkdir(mode=0o700)
    monkeypatch.setenv("IMR_RULES_CACHE", str(tmp_path / "cache"))


@pytest.mark.usefixtures("own_cache")
def test_a_screening_from_the_shell(benchmark: Any, root: Path) -> None:
    def python(code: str) -> Callable[[], object]:
        return lambda: subprocess.run([sys.executable, "-c", code], cwd=root, check=True)

    command = [str(Path(sys.executable).with_name("imr-rules")), "screen", SEED]
    compare(
        benchmark,
        "a process that imports imr_rules and screens the seed",
        python(SCREEN),
        {
            "one that imports pydantic and yaml": python("import pydantic, yaml"),
            "one that imports pydantic.BaseModel and yaml": python(
                "from pydantic import BaseModel; import yaml"
            ),
            "imr-rules screen": lambda: subprocess.run(
                command, cwd=root, check=True, stdout=subprocess.DEVNULL
            ),
        },
        rounds=9,
        targets={"one that imports pydantic and yaml": 2.0},
    )


@pytest.mark.usefixtures("own_cache")
def test_loading_the_whole_rulebook(benchmark: Any) -> None:
    compare(
        benchmark,
        "Rulebook.load(), 150 files read and checked",
        lambda: Rulebook.load(cached=False),
        {"Rulebook.load() from the cache": Rulebook.load},
        rounds=9,
    )
