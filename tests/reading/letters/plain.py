"""Plain data of cases, compared."""

from __future__ import annotations

from typing import Any


def without_places(part: Any) -> Any:
    """Return the data without evidence, whose characters move when a letter's words do, and without remarks."""
    if isinstance(part, dict):
        return {
            name: without_places(each) for name, each in part.items() if name not in ("evidence", "about")
        }
    return [without_places(each) for each in part] if isinstance(part, (list, tuple)) else part
