"""Scores over time, with their bands and important differences, and the sessions below."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from typing import TYPE_CHECKING

from imr_rules._dates import PartialDate
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
from imr_rules.writing.charts.scores import Course, Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


_LINE = 15.0
_DEEP = 124.0


def series_figure(series: Sequence[Series], scheme: Scheme, width: int) -> Figure:
    """Draw the scores of each instrument in a panel of its own: never joined across instruments."""
    palette = PALETTES[scheme]
    plans = [_Plan(each, width) for each in series]
    height = round(sum(plan.height for plan in plans))
    figure, axes = canvas(width, height, palette)
    top = 0.0
    for plan in plans:
        _draw_series(axes, plan, palette, top)
        top += plan.height
    return figure


class _Plan:
    """Where everything of one panel goes."""

    def __init__(self, series: Series, width: int) -> None:
        self.series, self.width = series, width
        better = "lower is better" if series.lower_is_better else "higher is better"
        self.title = wrapped(f"{series.title}, {better}", width - 8, 12, weight=600)
        labels = [_band(each) for each in series.bands]
        wide = max((text_width(each, SMALL) for each in labels), default=0.0)
        self.left, self.right = 34.0, width - 14 - wide
        self.places, self.ticks, remark = _places(
            [each.when for each in series.scores], self.left + 26, self.right - 26
        )
        said = [f"Dates: {remark}."] if remark else []
        if series.important:
            said.insert(0, f"Dashed: minimal important difference, {series.say_important()}.")
        self.remarks = [line for each in said for line in wrapped(each, width - 8, SMALL)]
        self.courses = [wrapped(str(each), width - 8, SMALL) for each in series.courses]
        self.scale_of_time = _scale(series, self.left + 26, self.right - 26)
        self.high = 18.0 * len(self.title) + 32
        self.low = self.high + _DEEP
        drawn = [_span(each, self.scale_of_time) is not None for each in series.courses]
        self.height = (
            self.low + 26 + _LINE * (len(self.remarks) + sum(map(len, self.courses))) + 14 * sum(drawn) + 12
        )


def _band(band: tuple[str, int, int]) -> str:
    name, least, greatest = band
    return f"{name} {least}" if least == greatest else f"{name} {least}–{greatest}"


def _draw_series(axes: Axes, plan: _Plan, palette: Palette, top: float) -> None:
    series, left, right = plan.series, plan.left, plan.right
    high, low = top + plan.high, top + plan.low
    bottom, most = series.span
    scale = (low - high) / (most - bottom)

    def y(score: float) -> float:
        return low - (score - bottom) * scale

    for number, line in enumerate(plan.title):
        axes.text(4, top + 14 + 18 * number, line, size=12, weight=600, color=palette.ink, va="center")
    ordered = series.bands if series.lower_is_better else series.bands[::-1]
    taken = float("inf")
    for number, band in enumerate(ordered):
        _, least, greatest = band
        upper, lower = y(min(greatest + 0.5, most)), y(max(least - 0.5, bottom))
        axes.fill_between([left, right], upper, lower, color=palette.bands[min(number, 4)], lw=0, zorder=0)
        place = (upper + lower) / 2
        if abs(taken - place) >= 16:  # a band too thin for its name has it among the numbers below
            axes.text(right + 8, place, _band(band), size=SMALL, va="center", color=palette.quiet)
            taken = place
    if not series.bands:
        axes.fill_between([left, right], high, low, color=palette.bands[0], lw=0, zorder=0)
    for end in (bottom, most):
        axes.text(left - 7, y(end), str(end), size=SMALL, ha="right", va="center", color=palette.quiet)
    if series.important:
        for reached in {min(max(each, bottom), most) for each in series.important}:
            axes.plot(
                [left, right], [y(reached)] * 2, color=palette.important, lw=1.2, ls=(0, (5, 3)), zorder=1
            )
    marks = [y((each.low + each.high) / 2) for each in series.scores]
    axes.plot(plan.places, marks, color=palette.ink, lw=1.4, zorder=4)
    labels: list[tuple[float, float]] = []
    for place, mark, score in zip(plan.places, marks, series.scores, strict=True):
        if score.low != score.high:
            axes.plot([place, place], [y(score.low), y(score.high)], color=palette.ink, lw=2.2, zorder=4)
        axes.plot([place], [mark], "o", ms=7, color=palette.ink, mec=palette.paper, mew=1.5, zorder=5)
        half = text_width(str(score), 12, weight=600) / 2
        if labels and place - half < labels[-1][0] + 4 and abs(mark - labels[-1][1]) < 22:
            continue  # too near the one before; the numbers below have it
        axes.text(
            place,
            mark - 8,
            str(score),
            size=12,
            weight=600,
            ha="center",
            va="bottom",
            color=palette.ink,
            zorder=6,
        )
        labels.append((place + half, mark))
    for place, words in plan.ticks:
        axes.text(place, low + 12, words, size=SMALL, ha="center", va="center", color=palette.quiet)
    at = low + 30.0
    for line in plan.remarks:
        axes.text(4, at, line, size=SMALL, va="center", color=palette.quiet)
        at += _LINE
    for course, lines in zip(series.courses, plan.courses, strict=True):
        for line in lines:
            axes.text(4, at, line, size=SMALL, va="center", color=palette.ink)
            at += _LINE
        span = _span(course, plan.scale_of_time)
        if span is not None:
            start, stop = max(span[0], left), min(span[1], right)
            _span_bar(axes, at - 3, start, max(stop - start, 3.0), bool(course.attended), palette)
            at += 14.0


def _span_bar(axes: Axes, y: float, begin: float, wide: float, known: bool, palette: Palette) -> None:
    """Draw how long a course lasted: hatched where nobody knows how many visits it had."""
    if known:
        axes.barh(y, wide, 8, left=begin, color=palette.attended, lw=0)
    else:
        axes.barh(y, wide, 8, left=begin, facecolor="none", edgecolor=palette.attended, hatch=HATCH, lw=0)


_Scale = tuple[float, float, float, float]
"""Days and places: the first and the last day of a scale of time, and where they stand."""


def _scale(series: Series, left: float, right: float) -> _Scale | None:
    """Return the scale of time of a panel; None where its scores are not set to one."""
    dates = [each.when for each in series.scores]
    if not all(each is not None and each.year for each in dates):
        return None
    days = [_middle(each) for each in dates if each is not None]
    return (min(days), max(days), left, right) if min(days) < max(days) and days == sorted(days) else None


def _span(course: Course, scale: _Scale | None) -> tuple[float, float] | None:
    """Return where a course lies on a scale of time; None where its days are not known or it lies outside."""
    if scale is None or course.since is None or course.until is None:
        return None
    since, until = course.since.window, course.until.window
    if since is None or until is None:
        return None
    first, last, left, right = scale
    if until.last.toordinal() < first or since.first.toordinal() > last:
        return None
    step = (right - left) / (last - first)
    return left + (since.first.toordinal() - first) * step, left + (until.last.toordinal() - first) * step


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
        if not ticks or place - ticks[-1][0] > 78:
            ticks.append((place, _short(when) if when else "undated"))
    return places, ticks, said


def _short(when: PartialDate) -> str:
    month = calendar.month_abbr[when.month] if when.month else ""
    day = f"{month} {when.day}" if when.day else month
    between = ", " if when.day and when.year else " " if month and when.year else ""
    return f"{day}{between}{when.year or ''}"


def _middle(when: PartialDate) -> float:
    window = when.window
    assert window is not None
    return (window.first.toordinal() + window.last.toordinal()) / 2
