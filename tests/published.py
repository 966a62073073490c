"""The published determination letters. They are no part of this project: what is measured on them skips without them.

``IMR_LETTERS`` names the directory that holds them: ``pdf/CM*.pdf``, and in ``decisions.yaml`` what was read of each.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def published_letters() -> Path:
    """The directory of the letters; where there is none, the test or the module that asks skips and says so."""
    letters = Path(os.environ.get("IMR_LETTERS", "-"))
    if not (letters / "decisions.yaml").is_file():
        pytest.skip(
            "SKIPPED LOUDLY: IMR_LETTERS names no directory of published letters, so nothing is measured on them",
            allow_module_level=True,
        )
    return letters
