"""Shared by the benchmarks: a generated rulebook and its cases, and the ratios at the end of the run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.side_by_side import REPORT
from benchmarks.workload import Workload, make_workload
from imr_rules import Rulebook


@pytest.fixture(scope="session")
def workload(tmp_path_factory: pytest.TempPathFactory) -> Workload:
    """The rules: 30 treatments of five criteria."""
    return make_workload(tmp_path_factory.mktemp("rulebook"))


@pytest.fixture(scope="session")
def rulebook(workload: Workload) -> Rulebook:
    return Rulebook.load(workload.directory)


@pytest.fixture(scope="session")
def root() -> Path:
    return Path(__file__).resolve().parent.parent


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if REPORT:
        terminalreporter.section("ratios within this run (median of rounds; each round times all in turn)")
        for line in REPORT:
            terminalreporter.write_line(line)
