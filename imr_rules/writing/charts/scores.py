"""Scores over time, one series an instrument, with the bands and important differences published for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from imr_rules._dates import PartialDate, say_date
from imr_rules._units import count_in_words
from imr_rules.case import Amount, Case
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import Instrument
from imr_rules.writing.words import say_count


class Score(NamedTuple):
    """A score, with its bounds and its date as far as it is known."""

    low: int
    high: int
    when: PartialDate | None

    def __str__(self) -> str:
        return count_in_words(self.low, self.high)


class Course(NamedTuple):
    """A course of treatment: how many sessions were attended, in words, and when."""

    treatment: str
    attended: str | None
    since: PartialDate | None
    until: PartialDate | None

    def __str__(self) -> str:
        count = f"{self.attended} attended" if self.attended else "number not stated"
        span = [say_date(each) for each in (self.since, self.until) if each]
        when = f", {' to '.join(span)}" if len(span) == 2 else ""
        if len(span) == 1:
            when = f", {'since' if self.since else 'until'} {span[0]}"
        return f"{self.treatment}, {count}{when}"


class Series(NamedTuple):
    """The scores on one instrument.

    Attributes:
        title: the instrument.
        span: the least and greatest score there is.
        scores: in the order of the record.
        bands: severity bands, name and scores, without gaps; where the edition is not stated and editions disagree
            about a score, both names.
        important: the scores that the published minimal important differences lead to from the first score:
            from the most lenient to the strictest; None where none is published.
        courses: what was attended of the disciplines whose outcome the instrument measures.
        note: what a reader must know of the scale.
    """

    title: str
    span: tuple[int, int]
    scores: tuple[Score, ...]
    bands: tuple[tuple[str, int, int], ...]
    important: tuple[float, float] | None
    lower_is_better: bool
    courses: tuple[Course, ...]
    note: str | None

    def rows(self) -> Iterator[tuple[str, str]]:
        """Yield the numbers, a label and what it is."""
        for each in self.scores:
            band = self.band(each)
            yield (
                say_date(each.when) if each.when else "date not stated",
                f"{each}" + (f" ({band})" if band else ""),
            )
        if self.important:
            yield "minimal important difference reached at", self.say_important()
        yield from (("sessions", str(each)) for each in self.courses)

    def band(self, score: Score) -> str | None:
        """Return the band a score lies in, or None where that is not settled."""
        return next((name for name, low, high in self.bands if low <= score.low and score.high <= high), None)

    def say_important(self) -> str:
        """Return the scores that the published important differences lead to."""
        assert self.important is not None
        first, last = (self._reached_at(each) for each in self.important)
        return first if first == last else f"{first} (most lenient) to {last} (strictest)"

    def _reached_at(self, score: float) -> str:
        """Return a score in words; one that the scale does not have cannot be reached."""
        if not self.span[0] <= score <= self.span[1]:
            return "not reachable"
        return f"{score:.1f}".removesuffix(".0")

    def __str__(self) -> str:
        said = "; ".join(f"{label}: {number}" for label, number in self.rows())
        return f"{self.title}, scores from {self.span[0]} to {self.span[1]}. {said}."


def scores(case: Case, rulebook: Rulebook) -> tuple[Series, ...]:
    """Return a series for each instrument of the case that the rulebook knows."""
    found = []
    for name in dict.fromkeys(each.instrument for each in case.measurements):
        instrument = rulebook.vocabulary.instrument(name)
        points = tuple(
            point
            for each in case.measurements
            if each.instrument == name
            for point in [_point(each.score, each.date)]
            if point is not None
        )
        if instrument is None or not points:
            continue
        editions = [rulebook.vocabulary.instruments[each] for each in instrument.editions] or [instrument]
        found.append(
            Series(
                instrument.label,
                (instrument.low, instrument.high),
                points,
                _agreed([each.bands for each in editions]),
                _important(points[0], editions, instrument.lower_is_better),
                instrument.lower_is_better,
                _courses(case, instrument, rulebook),
                instrument.note,
            )
        )
    return tuple(found)


def _point(statements: Sequence[Amount], when: PartialDate | None) -> Score | None:
    bounds = [
        (each.value, each.value) if each.value is not None else (each.at_least, each.at_most)
        for each in statements
    ]
    lows = [low for low, _ in bounds if low is not None]
    highs = [high for _, high in bounds if high is not None]
    return Score(min(lows), max(highs), when) if lows and highs else None


def _agreed(readings: Sequence[tuple[tuple[str, int, int], ...]]) -> tuple[tuple[str, int, int], ...]:
    """Return bands over every score that some edition has one for; a score they disagree about has both names."""
    ends = [end for bands in readings for _, low, high in bands for end in (low, high)]
    found: list[tuple[str, int, int]] = []
    for score in range(min(ends), max(ends) + 1) if ends else ():
        names = dict.fromkeys(name for bands in readings for name, low, high in bands if low <= score <= high)
        said = " or ".join(name.replace("_", " ") for name in names)
        if found and found[-1][0] == said:
            found[-1] = (said, found[-1][1], score)
        elif said:
            found.append((said, score, score))
    return tuple(found)


def _important(
    first: Score, editions: Sequence[Instrument], lower_is_better: bool
) -> tuple[float, float] | None:
    if first.low != first.high:
        return None
    steps = []
    for change in (each for edition in editions for each in edition.changes):
        by_part = first.low * change.permille / 1000 if change.permille is not None else 0.0
        steps.append(max(by_part, float(change.points or 0)))
    if not steps:
        return None
    sign = -1 if lower_is_better else 1
    return first.low + sign * min(steps), first.low + sign * max(steps)


_OF_THE_MIND = frozenset({"psychotherapy", "biofeedback"})
"""The disciplines whose outcome is told by scales of mood; every other one's, by scales of function and pain."""


def _courses(case: Case, instrument: Instrument, rulebook: Rulebook) -> tuple[Course, ...]:
    treatments = rulebook.vocabulary.treatments
    of_mood = instrument.measures == "mood"
    return tuple(
        Course(each.treatment.replace("_", " "), say_count(each.attended), each.since, each.until)
        for each in case.history
        if each.treatment in treatments and (treatments[each.treatment].discipline in _OF_THE_MIND) is of_mood
    )
