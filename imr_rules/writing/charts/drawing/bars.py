"""Counts against their limits: attended, authorized and in dispute stacked, unknown hatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imr_rules.writing.charts.canvas import PALETTES, Palette, Scheme, canvas, to_svg
from imr_rules.writing.charts.counts import Bar, Part
from imr_rules.writing.charts.drawing.style import HATCH, SMALL

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["draw_bars"]


def draw_bars(bars: Sequence[Bar], alt: str, scheme: Scheme, width: int) -> str:
    """Draw counts against their limits: attended, authorized and in dispute stacked, unknown hatched."""
    palette = PALETTES[scheme]
    each = 118
    height = each * len(bars) + 4
    figure, axes = canvas(width, height, palette)
    axes.set_ylim(height, 0)
    left, right = 4.0, width - 16.0
    for number, bar in enumerate(bars):
        _draw_bar(axes, bar, palette, number * each, left, right)
    axes.set_xlim(0, width)
    return to_svg(figure, alt)


def _draw_bar(axes: Axes, bar: Bar, palette: Palette, top: float, left: float, right: float) -> None:
    open_width = max(2, round(max([each.high for each in bar.marks] or [6]) / 5))
    spans = [(each, each.high if each.high is not None else each.low + open_width) for each in bar.parts]
    most = max([sum(high for _, high in spans), *(mark.high * 1.12 for mark in bar.marks), 1])
    scale = (right - left) / most
    axes.text(left, top + 14, bar.title, size=12, weight=600, color=palette.ink)
    total = f"{bar.total} {bar.unit} together"
    axes.text(right, top + 14, total, size=12, color=palette.quiet, ha="right")
    base, thick = top + 44, 30
    axes.plot([left, right], [base + thick, base + thick], color=palette.rule, lw=1)
    fills = (palette.attended, palette.authorized, palette.disputed)
    inks = (
        palette.on_dark,
        palette.on_light if palette.paper == "#ffffff" else palette.ink,
        palette.on_light,
    )
    at = left
    for (part, high), fill, ink in zip(spans, fills, inks, strict=True):
        at = _draw_part(axes, part, high, at, base, thick, scale, fill, ink, palette)
    for mark in bar.marks:
        first, last = left + mark.low * scale, left + mark.high * scale
        foot = base + thick + 7
        if mark.low != mark.high:
            axes.plot([first, last], [foot, foot], color=palette.ink, lw=1.2, zorder=5)
            axes.plot([first, first], [foot - 3, foot], color=palette.ink, lw=1.2, zorder=5)
        axes.plot([last, last], [base - 5, foot], color=palette.paper, lw=4, solid_capstyle="butt", zorder=4)
        axes.plot([last, last], [base - 5, foot], color=palette.ink, lw=1.6, solid_capstyle="butt", zorder=5)
        label = str(mark)
        near = last + 4 + 6.2 * len(label) > right
        axes.text(
            last + 3 if near else first, foot + 11, label, size=SMALL, color=palette.ink,
            ha="right" if near else "left", va="center", zorder=6,
        )  # fmt: skip


def _draw_part(
    axes: Axes, part: Part, high: int, at: float, base: float, thick: float, scale: float, fill: str, ink: str,
    palette: Palette,
) -> float:  # fmt: skip
    """Draw one part from ``at``; return where the next begins."""
    sure, most = part.low * scale, high * scale
    if sure:
        axes.barh(base + thick / 2, sure, thick, left=at, color=fill, lw=0, zorder=2)
    if most > sure:
        axes.barh(
            base + thick / 2, most - sure, thick, left=at + sure, facecolor="none", edgecolor=fill, hatch=HATCH,
            lw=1.2, zorder=2,
        )  # fmt: skip
    if most <= 0:
        return at
    axes.plot([at + most] * 2, [base, base + thick], color=palette.paper, lw=1.5, zorder=3)
    label = f"{part} {part.name}"
    if sure >= 6.3 * len(label) + 8:
        axes.text(
            at + sure / 2,
            base + thick / 2 + 0.5,
            label,
            size=SMALL,
            color=ink,
            ha="center",
            va="center",
            zorder=6,
        )
    else:
        axes.text(at + 2, base - 8, label, size=SMALL, color=palette.ink, ha="left", va="bottom", zorder=6)
    return at + most
