from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")

from workload import make_workload

from imr_rules import Rulebook


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a rulebook of 30 treatments."""
    return make_workload(tmp_path_factory.mktemp("rulebook")).directory


@pytest.fixture(scope="session")
def shipped() -> Rulebook:
    return Rulebook.load()
