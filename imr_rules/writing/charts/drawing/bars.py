"""Counts against their limits: what is sure in full color, what is bounded hatched, what nobody knows an arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imr_rules.writing.charts.canvas import (
    HATCH,
    PALETTES,
    SMALL,
    Palette,
    Scheme,
    canvas,
    text_width,
    wrapped,
)
from imr_rules.writing.charts.counts import Bar, Mark

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LINE = 15.0
_THICK = 26.0
_ARROW = 34.0


def bars_figure(bars: Sequence[Bar], scheme: Scheme, width: int) -> Figure:
    """Draw counts against their limits: every number in a line of words, every limit named below its line."""
    palette = PALETTES[scheme]
    plans = [_Plan(bar, width) for bar in bars]
    height = sum(plan.height for plan in plans) + 4
    figure, axes = canvas(width, round(height), palette)
    top = 0.0
    for plan in plans:
        _draw(axes, plan, palette, top)
        top += plan.height
    return figure


class _Plan:
    """Where everything of one bar goes."""

    def __init__(self, bar: Bar, width: int) -> None:
        self.bar = bar
        self.left, self.right = 4.0, width - 6.0
        room = self.right - self.left
        self.title = wrapped(f"{bar.title}: {bar.total} {bar.unit} together", room, 12, weight=600)
        self.legend: list[list[tuple[int, str]]] = [[]]
        used = 0.0
        for place, part in enumerate(bar.parts):
            words = f"{part} {part.name}"
            wide = 16 + text_width(words, SMALL) + 12
            if used + wide > room and self.legend[-1]:
                self.legend.append([])
                used = 0.0
            self.legend[-1].append((place, words))
            used += wide
        self.base = 18 * len(self.title) + _LINE * len(self.legend) + 12
        sure = sum(each.low for each in bar.parts)
        self.slack = sum((each.high or each.low) - each.low for each in bar.parts)
        self.open = any(each.high is None for each in bar.parts)
        most = max([sure + self.slack, *(mark.high for mark in bar.marks), 1])
        self.scale = (room - (_ARROW if self.open else 0) - 8) / most
        self.marks = self._placed(bar.marks)
        rows = 1 + max((row for _, _, row in self.marks), default=-1)
        self.height = self.base + _THICK + 12 + rows * _LINE + 10

    def x(self, number: float) -> float:
        return self.left + number * self.scale

    def _placed(self, marks: Sequence[Mark]) -> list[tuple[Mark, float, int]]:
        """Return where the name of each limit begins and in which row, so that none stands on another."""
        ends: list[float] = []
        found = []
        for mark in marks:
            wide = text_width(str(mark), SMALL)
            begin = max(
                self.left,
                min(
                    self.x(mark.low) if mark.low != mark.high else self.x(mark.high) - wide / 2,
                    self.right - wide,
                ),
            )
            row = next((each for each, end in enumerate(ends) if end + 8 <= begin), len(ends))
            if row == len(ends):
                ends.append(0.0)
            ends[row] = begin + wide
            found.append((mark, begin, row))
        return found


def _draw(axes: Axes, plan: _Plan, palette: Palette, top: float) -> None:
    fills = (palette.attended, palette.authorized, palette.disputed)
    y = top + 14
    for line in plan.title:
        axes.text(plan.left, y, line, size=12, weight=600, color=palette.ink, va="center")
        y += 18
    for row in plan.legend:
        at = plan.left
        for place, words in row:
            axes.barh(y - 2, 10, 10, left=at, color=fills[place], lw=0, zorder=2)
            axes.text(at + 15, y - 2, words, size=SMALL, color=palette.ink, va="center")
            at += 16 + text_width(words, SMALL) + 12
        y += _LINE
    base = top + plan.base
    middle = base + _THICK / 2
    axes.plot([plan.left, plan.right], [base + _THICK] * 2, color=palette.rule, lw=1)
    at = plan.left
    for part, fill in zip(plan.bar.parts, fills, strict=True):
        if part.low:
            axes.barh(middle, part.low * plan.scale, _THICK, left=at, color=fill, lw=0, zorder=2)
            at += part.low * plan.scale
            axes.plot([at, at], [base, base + _THICK], color=palette.paper, lw=1.5, zorder=3)
    if plan.slack:
        axes.barh(
            middle, plan.slack * plan.scale, _THICK, left=at, facecolor="none", edgecolor=palette.quiet, hatch=HATCH,
            lw=1.2, zorder=2,
        )  # fmt: skip
        at += plan.slack * plan.scale
    if plan.open:  # nothing says how many: it goes on, and has no end
        axes.annotate(
            "", xy=(plan.right, middle), xytext=(at + 2, middle),
            arrowprops={"arrowstyle": "->", "color": palette.ink, "lw": 1.6, "linestyle": (0, (4, 3))}, zorder=6,
        )  # fmt: skip
    foot = base + _THICK + 6
    for mark, begin, rank in plan.marks:
        first, last = plan.x(mark.low), plan.x(mark.high)
        if mark.low != mark.high:
            axes.plot([first, first, last], [foot - 3, foot, foot], color=palette.ink, lw=1.2, zorder=5)
        axes.plot([last, last], [base - 4, foot], color=palette.paper, lw=4, solid_capstyle="butt", zorder=4)
        axes.plot([last, last], [base - 4, foot], color=palette.ink, lw=1.6, solid_capstyle="butt", zorder=5)
        axes.text(
            begin, foot + 10 + rank * _LINE, str(mark), size=SMALL, color=palette.ink, va="center", zorder=6
        )
