"""The units quantities and limits are counted in."""

from __future__ import annotations

from typing import Literal, get_args

__all__ = ["MOST", "PLURALS", "UNITS", "Unit"]

Unit = Literal[
    "visit", "session", "hour", "day", "week", "month", "year", "tablet", "study", "block", "level",
    "injection", "item", "unit15", "mg_per_day", "percent", "point", "gram_per_day",
]  # fmt: skip
"""``session`` and ``unit15`` (a timed unit of 15 minutes) count as visits only by a cited conversion."""

UNITS: tuple[str, ...] = get_args(Unit)

MOST: dict[str, int] = {
    "visit": 1_000, "session": 1_000, "hour": 20_000, "unit15": 20_000, "day": 40_000, "week": 6_000, "month": 1_500,
    "year": 120, "tablet": 20_000, "study": 100, "block": 100, "level": 100, "injection": 500, "item": 1_000,
    "mg_per_day": 20_000, "gram_per_day": 1_000, "percent": 100, "point": 1_000,
}  # fmt: skip
"""The most a case may say in each unit; more is a slip of the pen (a life of care is within it)."""

PLURALS: dict[str, str] = {
    **{f"{unit}s": unit for unit in UNITS if unit not in ("study", "percent", "mg_per_day", "gram_per_day")},
    "studies": "study",
    "percent": "percent",
    "mg_per_day": "mg_per_day",
    "gram_per_day": "gram_per_day",
}
"""How a guideline file writes each unit as a key of a limit: ``visits: [6, 10]``."""
