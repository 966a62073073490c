"""What the tests share."""

from __future__ import annotations

from pathlib import Path

import pytest

from imr_rules import Rulebook

ROOT = Path(__file__).resolve().parent.parent
SEED = ROOT / "fixtures" / "determinations" / "seed-cbt-relaxation.yaml"


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The shipped rulebook, loaded once."""
    return Rulebook.load()
