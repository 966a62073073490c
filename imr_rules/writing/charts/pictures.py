"""The three pictures of a case, each with its title, its words and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from imr_rules.case import Case
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.screening import Screening
from imr_rules.writing.charts.canvas import Scheme, drawing, to_svg
from imr_rules.writing.charts.counts import Bar, counts
from imr_rules.writing.charts.events import events
from imr_rules.writing.charts.scores import scores

WIDE, NARROW = 680, 350
"""Widths in pixels: for a desk or a printed page, and for a telephone."""


class Numbers(NamedTuple):
    """What a picture shows, without the picture.

    Attributes:
        name: ``counts``, ``scores`` or ``events``.
        title: its heading.
        alt: what it shows, in words.
        rows: its numbers, a label and what it is.
        drawn: whether there is a picture too: one day alone makes none.
    """

    name: str
    title: str
    alt: str
    rows: tuple[tuple[str, str], ...]
    drawn: bool = True


class Picture(NamedTuple):
    """A picture, as SVG."""

    name: str
    title: str
    alt: str
    svg: str


def numbers(
    case: Case, screening: Screening, item: str, rulebook: Rulebook, whole: WholeCase | None = None
) -> tuple[Numbers, ...]:
    """Return what the pictures of one item show, where there is anything to show.

    Args:
        case, screening, item, rulebook: what is shown.
        whole: what the case says whichever item is asked about, where that was worked out already.
    """
    return tuple(_numbers(case, counts(case, screening, item, rulebook, whole), item, rulebook))


def _numbers(case: Case, bars: tuple[Bar, ...], item: str, rulebook: Rulebook) -> Iterator[Numbers]:
    if bars:
        rows = tuple(row for bar in bars for row in ((bar.title, ""), *bar.rows()))
        yield Numbers("counts", "Against the limits", " ".join(map(str, bars)), rows)
    series = scores(case, rulebook)
    if series:
        rows = tuple(row for each in series for row in ((each.title, ""), *each.rows()))
        yield Numbers("scores", "Scores over time", " ".join(map(str, series)), rows)
    dated = events(case, item, rulebook.vocabulary.law.due)
    if dated:
        rows = tuple((each.name, each.said) for each in dated)
        drawn = sum(each.days is not None for each in dated) > 1
        yield Numbers("events", "Dates", f"{'; '.join(map(str, dated))}.", rows, drawn)


def draw(
    name: str, case: Case, screening: Screening, item: str, rulebook: Rulebook, *,
    scheme: Scheme = "light", width: int = WIDE,
) -> Picture | None:  # fmt: skip
    """Return one picture of an item, or None where the case has nothing to show in it."""
    bars = counts(case, screening, item, rulebook)
    found = {each.name: each for each in _numbers(case, bars, item, rulebook)}.get(name)
    return _drawn(found, case, bars, item, rulebook, scheme, width) if found else None


def _drawn(
    found: Numbers,
    case: Case,
    bars: tuple[Bar, ...],
    item: str,
    rulebook: Rulebook,
    scheme: Scheme,
    width: int,
) -> Picture | None:
    from imr_rules.writing.charts.drawing.bars import bars_figure
    from imr_rules.writing.charts.drawing.series import series_figure
    from imr_rules.writing.charts.drawing.timeline import events_figure

    if not found.drawn:
        return None
    with drawing():
        if found.name == "counts":
            figure = bars_figure(bars, scheme, width)
        elif found.name == "scores":
            figure = series_figure(scores(case, rulebook), scheme, width)
        else:
            figure = events_figure(events(case, item, rulebook.vocabulary.law.due), scheme, width)
        return Picture(found.name, found.title, found.alt, to_svg(figure, found.alt))


def pictures(
    case: Case, screening: Screening, item: str, rulebook: Rulebook, whole: WholeCase | None = None
) -> tuple[Picture, ...]:
    """Return every picture there is of an item, in the light scheme and wide, as a letter shows them."""
    bars = counts(case, screening, item, rulebook, whole)
    drawn = (
        _drawn(each, case, bars, item, rulebook, "light", WIDE)
        for each in _numbers(case, bars, item, rulebook)
    )
    return tuple(each for each in drawn if each is not None)
