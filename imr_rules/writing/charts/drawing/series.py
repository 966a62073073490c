"""Scores over time, with their bands and important differences, and the sessions below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imr_rules._dates import PartialDate
from imr_rules.writing.charts.canvas import PALETTES, Palette, Scheme, canvas, to_svg
from imr_rules.writing.charts.drawing.style import HATCH, SMALL, fit
from imr_rules.writing.charts.scores import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["draw_series"]


def draw_series(series: Sequence[Series], alt: str, scheme: Scheme, width: int) -> str:
    """Draw the scores of each instrument in a panel of its own: never joined across instruments."""
    palette = PALETTES[scheme]
    tall = [188 + 24 * max(1, len(each.courses)) for each in series]
    height = sum(tall)
    figure, axes = canvas(width, height, palette)
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    top = 0.0
    for each, own in zip(series, tall, strict=True):
        _draw_series(axes, each, palette, top, width)
        top += own
    return to_svg(figure, alt)


def _draw_series(axes: Axes, series: Series, palette: Palette, top: float, width: int) -> None:
    left, right = 34.0, width - (146.0 if width > 500 else 100.0)
    room = round((width - right - 8) / 5.0)
    high, low = top + 34, top + 150
    bottom, most = series.span
    scale = (low - high) / (most - bottom)

    def y(score: float) -> float:
        return low - (score - bottom) * scale

    axes.text(4, top + 14, series.title, size=12, weight=600, color=palette.ink)
    better = "lower is better" if series.lower_is_better else "higher is better"
    axes.text(width - 4, top + 14, better, size=SMALL, color=palette.quiet, ha="right")
    ordered = series.bands if series.lower_is_better else series.bands[::-1]
    for number, (name, least, greatest) in enumerate(ordered):
        top_of_band, foot = y(min(greatest + 0.5, most)), y(max(least - 0.5, bottom))
        fill = palette.bands[min(number, 4)]
        axes.fill_between([left, right], top_of_band, foot, color=fill, lw=0, zorder=0)
        axes.text(
            right + 8,
            (top_of_band + foot) / 2,
            f"{fit(name, room - 3 - len(f'{least}{greatest}'))} {least}–{greatest}",
            size=SMALL,
            va="center",
            color=palette.quiet,
        )
    if not series.bands:
        axes.fill_between([left, right], high, low, color=palette.bands[0], lw=0, zorder=0)
    for end in (bottom, most):
        axes.text(left - 7, y(end), str(end), size=SMALL, ha="right", va="center", color=palette.quiet)
    if series.important:
        nearest, farthest = sorted(series.important)
        nearest, farthest = max(nearest, bottom), min(farthest, most)
        axes.fill_between(
            [left, right],
            y(nearest),
            y(farthest),
            facecolor="none",
            edgecolor=palette.important,
            hatch="..",
            lw=0,
            alpha=0.55,
            zorder=1,
        )
        strict = y(nearest if series.lower_is_better else farthest)
        axes.plot([left, right], [strict, strict], color=palette.important, lw=1.1, ls=(0, (5, 3)), zorder=1)
        edge = width - 24 - 5.0 * len(better)
        if width > 500:
            axes.plot(
                [edge - 164, edge - 142],
                [top + 10, top + 10],
                color=palette.important,
                lw=1.1,
                ls=(0, (5, 3)),
            )
            axes.text(
                edge - 137, top + 14, "minimal important difference", size=SMALL, color=palette.important
            )
    places, ticks, said = _places([each.when for each in series.scores], left + 26, right - 30)
    marks = [y((each.low + each.high) / 2) for each in series.scores]
    axes.plot(places, marks, color=palette.ink, lw=1.4, zorder=4)
    for place, mark, score in zip(places, marks, series.scores, strict=True):
        if score.low != score.high:
            axes.plot([place, place], [y(score.low), y(score.high)], color=palette.ink, lw=2.2, zorder=4)
        axes.plot([place], [mark], "o", ms=7, color=palette.ink, mec=palette.paper, mew=1.5, zorder=5)
        axes.text(
            place,
            mark - 11,
            str(score),
            size=12,
            weight=600,
            ha="center",
            va="bottom",
            color=palette.ink,
            zorder=6,
        )
    for place, words in ticks:
        axes.text(place, low + 12, words, size=SMALL, ha="center", va="center", color=palette.quiet)
    if said:
        axes.text(right + 8, low + 12, said, size=SMALL, va="center", color=palette.quiet)
    for number, course in enumerate(series.courses):
        at = low + 33 + 24 * number
        count = min(course.attended or 0, 60)
        for tick in range(count):
            place = left + 8 + (right - left - 16) * (tick + 0.5) / count
            axes.plot([place, place], [at - 5, at + 5], color=palette.attended, lw=1.6, zorder=2)
        if course.attended is None:
            axes.barh(
                at,
                right - left - 16,
                9,
                left=left + 8,
                facecolor="none",
                edgecolor=palette.attended,
                hatch=HATCH,
                lw=0,
            )
        many = "?" if course.attended is None else str(course.attended)
        axes.text(
            right + 8,
            at,
            f"{fit(course.treatment, room - 5)} × {many}",
            size=SMALL,
            va="center",
            color=palette.quiet,
        )


def _places(
    dates: Sequence[PartialDate | None], left: float, right: float
) -> tuple[list[float], list[tuple[float, str]], str]:
    """Return where scores stand, what is written below, and a remark on the dates.

    To scale where every year is known, or every month and no year; else evenly, in the order recorded.
    """
    days: list[float] | None = None
    said = ""
    if all(each is not None and each.year for each in dates):
        days = [_middle(each) for each in dates if each is not None]
    elif all(each is not None and each.month and not each.year for each in dates):
        days = [_middle(PartialDate(2000, each.month, each.day)) for each in dates if each is not None]
        said = "year not stated"
    if days is None or max(days) == min(days):
        said = said or "not to scale"
        days = list(range(len(dates)))
    if days != sorted(days):
        said, days = "not to scale", list(range(len(dates)))
    first, last = min(days), max(days)
    places = [
        (left + right) / 2 if first == last else left + (right - left) * (each - first) / (last - first)
        for each in days
    ]
    ticks: list[tuple[float, str]] = []
    for place, when in zip(places, dates, strict=True):
        if not ticks or place - ticks[-1][0] > 66:
            ticks.append((place, _short(when) if when else "undated"))
    return places, ticks, said


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _short(when: PartialDate) -> str:
    parts = (
        str(when.day) if when.day else "",
        _MONTHS[when.month - 1] if when.month else "",
        str(when.year or ""),
    )
    return " ".join(filter(None, parts))


def _middle(when: PartialDate) -> float:
    window = when.window
    assert window is not None
    return (window.first.toordinal() + window.last.toordinal()) / 2
