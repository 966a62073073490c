"""The units quantities and limits are counted in."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["PLURALS", "UNITS", "Unit"]

Unit = Literal[
    "visit", "session", "hour", "day", "week", "month", "year", "tablet", "study", "block", "level",
    "injection", "item", "unit15", "mg_per_day", "percent", "point", "gram_per_day",
]  # fmt: skip
"""``session`` and ``unit15`` (a timed unit of 15 minutes) count as visits only by a cited conversion."""

UNITS: tuple[str, ...] = get_args(Unit)

PLURALS: dict[str, str] = {
    **{f"{unit}s": unit for unit in UNITS if unit not in ("study", "percent", "mg_per_day", "gram_per_day")},
    "studies": "study",
    "percent": "percent",
    "mg_per_day": "mg_per_day",
    "gram_per_day": "gram_per_day",
}
"""How a guideline file writes each unit as a key of a limit: ``visits: [6, 10]``."""
