"""Drawing the three pictures; what they show was worked out before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from imr_rules._dates import PartialDate, Window
from imr_rules.charts.canvas import PALETTES, Palette, Scheme, canvas, to_svg
from imr_rules.charts.counts import Bar, Part
from imr_rules.charts.events import Event
from imr_rules.charts.scores import Series

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_bars", "draw_events", "draw_series"]

SMALL = 10.5
HATCH = "////"


def draw_bars(bars: Sequence[Bar], alt: str, scheme: Scheme, width: int) -> str:
    """Draw counts against their limits: attended, authorised and in dispute stacked, unknown hatched."""
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
    fills = (palette.attended, palette.authorised, palette.disputed)
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
            f"{_fit(name, room - 3 - len(f'{least}{greatest}'))} {least}–{greatest}",
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
            f"{_fit(course.treatment, room - 5)} × {many}",
            size=SMALL,
            va="center",
            color=palette.quiet,
        )


def _fit(words: str, room: int) -> str:
    """Return words cut to so many characters."""
    return words if len(words) <= room else f"{words[: room - 1].rstrip()}…"


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
    colours = {
        "injury": palette.ink,
        "care": palette.attended,
        "dispute": palette.disputed,
        "due": palette.ink,
    }
    for number, (event, days) in enumerate(placed):
        y = 4 + each * (number + 0.5)
        name = _fit(event.name, 24 if width > 500 else 18)
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
            axes, event, days, x(days.first), x(days.last), y, colours[event.kind], palette, (start, end)
        )
    return to_svg(figure, alt)


def _draw_event(
    axes: Axes, event: Event, days: Window, begin: float, finish: float, y: float, colour: str, palette: Palette,
    extent: tuple[float, float],
) -> None:  # fmt: skip
    if event.lasting:
        axes.plot(
            [begin, max(finish, begin + 4)], [y, y], color=colour, lw=9, solid_capstyle="butt", zorder=3
        )
    else:
        if finish - begin > 6:
            axes.plot([begin, finish], [y, y], color=colour, lw=3, solid_capstyle="round", zorder=3)
        face = palette.paper if event.kind == "due" else colour
        axes.plot([(begin + finish) / 2], [y], "o", ms=8, color=face, mec=colour, mew=2, zorder=4)
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
