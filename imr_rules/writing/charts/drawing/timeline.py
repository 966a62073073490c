"""The dates of a case: a line of words each, and below it its place on one scale of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from imr_rules.writing.charts.canvas import PALETTES, SMALL, Scheme, canvas, text_width, wrapped
from imr_rules.writing.charts.events import Event

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LINE = 15.0
_MARK = 16.0


def events_figure(events: Sequence[Event], scheme: Scheme, width: int) -> Figure:
    """Draw the dates of a case on one scale of time."""
    palette = PALETTES[scheme]
    left, right = 8.0, width - 8.0
    lines = [wrapped(str(each), right - 4, SMALL + 0.5) for each in events]
    tops = [4.0]
    for said in lines:
        tops.append(tops[-1] + _LINE * len(said) + _MARK)
    height = round(tops[-1] + 22)
    figure, axes = canvas(width, height, palette)
    shown = [each.days for each in events if each.days is not None]
    first, last = min(days.first for days in shown), max(days.last for days in shown)
    length = max(1, (last - first).days)

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / length

    foot = tops[-1] + 8
    taken = -100.0
    for year in range(first.year + 1, last.year + 1):
        at, half = x(date(year, 1, 1)), text_width(str(year), SMALL) / 2
        if at - half < max(taken + 6, 0) or at + half > width:
            continue
        axes.plot([at, at], [2, foot - 4], color=palette.rule, lw=0.8, zorder=0)
        axes.text(at, foot + 4, str(year), size=SMALL, ha="center", va="center", color=palette.quiet)
        taken = at + half
    colors = {
        "injury": palette.ink, "care": palette.attended, "dispute": palette.disputed, "due": palette.ink,
    }  # fmt: skip
    for event, said, top in zip(events, lines, tops[:-1], strict=True):
        y = top + _LINE / 2 + 2
        for line in said:
            axes.text(
                left - 4, y, line, size=SMALL + 0.5, va="center", color=palette.ink, zorder=6,
                bbox={"facecolor": palette.paper, "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip
            y += _LINE
        axes.plot([left, right], [y, y], color=palette.rule, lw=0.8, zorder=0)
        if event.days is None:
            continue
        begin, finish, color = x(event.days.first), x(event.days.last), colors[event.kind]
        if event.lasting:
            axes.plot(
                [begin, max(finish, begin + 4)], [y, y], color=color, lw=8, solid_capstyle="butt", zorder=3
            )
            continue
        if finish - begin > 6:
            axes.plot([begin, finish], [y, y], color=color, lw=3, solid_capstyle="round", zorder=3)
        face = palette.paper if event.kind == "due" else color
        axes.plot([(begin + finish) / 2], [y], "o", ms=7, color=face, mec=color, mew=2, zorder=4)
    return figure
