"""A treatment's limits over time, from one edition of the guidelines to the next."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from imr_rules._dates import say_days
from imr_rules._units import count_in_words
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.writing.charts.canvas import PALETTES, Scheme, canvas, drawing, to_svg

TODAY_YEAR = 2026
"""Where a limit that still holds ends in the picture; the same each time."""


class LimitSpan(NamedTuple):
    """A limit while one guideline gives it: for requests from ``first`` to ``last``, open where that is None."""

    name: str
    unit: str
    first: date
    last: date | None
    low: int
    high: int
    guideline: str
    title: str
    status: str

    def __str__(self) -> str:
        number = count_in_words(self.low, self.high)
        return f"{self.name} {number} {self.unit}, requests from {say_days(self.first, self.last)} ({self.title})"


def limits_over_time(guideline: Guideline, rulebook: Rulebook) -> tuple[LimitSpan, ...]:
    """Return every limit that this guideline and others on the same treatments give, the earliest first.

    Only limits in a unit in which this guideline has one; a table of rows is shown from its least to its greatest.
    """
    mine = set(guideline.treatments)
    units = {unit for limit in guideline.limits.values() for unit in limit.extents}
    found = [
        LimitSpan(
            name.replace("_", " "), unit, each.requests.first, each.requests.last, low, high, each.id, each.title,
            limit.status,
        )
        for each in rulebook.guidelines.values()
        if mine & set(each.treatments)
        for name, limit in each.limits.items()
        for unit, (low, high) in limit.extents.items()
        if unit in units
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda span: (span.unit, span.first, span.name)))


def draw_limits(spans: tuple[LimitSpan, ...], scheme: Scheme, *, narrow: bool = False) -> str:
    """Draw limits over time, one line a limit, one group a unit; as SVG."""
    palette = PALETTES[scheme]
    width, each = (350, 30) if narrow else (680, 30)
    units = list(dict.fromkeys(span.unit for span in spans))
    height = sum(24 + each * sum(span.unit == unit for span in spans) for unit in units) + 22
    first = min(span.first for span in spans)
    last = date(TODAY_YEAR, 12, 31)
    alt = "; ".join(map(str, spans)) + "."
    with drawing():
        figure, axes = canvas(width, height, palette)
        left, right = 6.0, width - 12.0
        scale = (right - left) / max(1, (last - first).days)

        def x(day: date) -> float:
            return left + (min(day, last) - first).days * scale

        foot = height - 18
        step = 4 if narrow else 2
        for year in range(first.year + 1, TODAY_YEAR + 1):
            if year % step == 0:
                at = x(date(year, 1, 1))
                axes.plot([at, at], [4, foot], color=palette.rule, lw=0.8, zorder=0)
                axes.text(at, foot + 9, str(year), size=10, ha="center", va="center", color=palette.quiet)
        y = 0.0
        for unit in units:
            axes.text(left, y + 14, unit.replace("_", " "), size=12, weight=600, color=palette.ink)
            y += 24
            for span in spans:
                if span.unit != unit:
                    continue
                begin, end = x(span.first), x(span.last or last)
                axes.plot(
                    [begin, max(end, begin + 2)],
                    [y + 21] * 2,
                    color=palette.attended,
                    lw=5,
                    solid_capstyle="butt",
                    zorder=2,
                )
                number = count_in_words(span.low, span.high)
                near_end = begin + 150 > right
                axes.text(
                    min(end, right) if near_end else begin, y + 8, f"{number}  {span.name}", size=10.5, va="center",
                    ha="right" if near_end else "left", color=palette.ink, zorder=3,
                    bbox={"facecolor": palette.paper, "edgecolor": "none", "pad": 0},
                )  # fmt: skip
                y += each
        return to_svg(figure, alt)
