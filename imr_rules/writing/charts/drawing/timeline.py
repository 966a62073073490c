"""The dates of a case, one line each, on one scale of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from imr_rules._dates import Window
from imr_rules.writing.charts.canvas import PALETTES, Palette, Scheme, canvas, to_svg
from imr_rules.writing.charts.drawing.style import SMALL, fit
from imr_rules.writing.charts.events import Event

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["draw_events"]


def draw_events(events: Sequence[Event], alt: str, scheme: Scheme, width: int) -> str:
    """Draw the dates of a case, one line each, on one scale of time."""
    palette = PALETTES[scheme]
    each = 26
    placed = [(event, event.days) for event in events]
    shown = [days for _, days in placed if days is not None]
    first, last = min(days.first for days in shown), max(days.last for days in shown)
    left, right = (150.0, width - 14.0) if width > 500 else (112.0, width - 10.0)
    height = each * len(events) + 26
    figure, axes = canvas(width, height, palette)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    length = max(1, (last - first).days)
    start, end = left + 8, right - 8

    def x(day: date) -> float:
        return start + (end - start) * (day - first).days / length

    foot = each * len(events) + 4
    for year in _years(first, last):
        at = x(date(year, 1, 1))
        axes.plot([at, at], [4, foot], color=palette.rule, lw=0.8, zorder=0)
        axes.text(at, foot + 12, str(year), size=SMALL, ha="center", va="center", color=palette.quiet)
    colors = {
        "injury": palette.ink,
        "care": palette.attended,
        "dispute": palette.disputed,
        "due": palette.ink,
    }
    for number, (event, days) in enumerate(placed):
        y = 4 + each * (number + 0.5)
        name = fit(event.name, 24 if width > 500 else 18)
        axes.text(
            left - 10, y, name, size=12 if width > 500 else SMALL, ha="right", va="center", color=palette.ink
        )
        axes.plot([left, right], [y, y], color=palette.rule, lw=0.8, zorder=0)
        if days is None:
            axes.text(
                left + 8,
                y - 1,
                event.said,
                size=SMALL,
                va="center",
                color=palette.quiet,
                zorder=6,
                bbox=_halo(palette),
            )
            continue
        _draw_event(
            axes, event, days, x(days.first), x(days.last), y, colors[event.kind], palette, (start, end)
        )
    return to_svg(figure, alt)


def _draw_event(
    axes: Axes, event: Event, days: Window, begin: float, finish: float, y: float, color: str, palette: Palette,
    extent: tuple[float, float],
) -> None:  # fmt: skip
    if event.lasting:
        axes.plot([begin, max(finish, begin + 4)], [y, y], color=color, lw=9, solid_capstyle="butt", zorder=3)
    else:
        if finish - begin > 6:
            axes.plot([begin, finish], [y, y], color=color, lw=3, solid_capstyle="round", zorder=3)
        face = palette.paper if event.kind == "due" else color
        axes.plot([(begin + finish) / 2], [y], "o", ms=8, color=face, mec=color, mew=2, zorder=4)
    room = 6.0 * len(event.said) + 14
    before = finish + room > extent[1]
    if before and begin - room < extent[0]:
        return  # no room for it; the numbers below the picture have it
    place = begin - 10 if before else finish + 10
    axes.text(
        place,
        y - 0.5,
        event.said,
        size=SMALL,
        ha="right" if before else "left",
        va="center",
        color=palette.quiet,
        zorder=6,
        bbox=_halo(palette),
    )


def _halo(palette: Palette) -> dict[str, object]:
    return {"facecolor": palette.paper, "edgecolor": "none", "pad": 1.5}


def _years(first: date, last: date) -> list[int]:
    years = list(range(first.year + 1, last.year + 1))
    step = max(1, -(-len(years) // 8))
    return years[::-1][::step][::-1]
