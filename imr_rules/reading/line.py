"""A line of text being read, number by number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.reading.numbers import FIGURES, LATER_FIGURES, Number, in_figures, number

__all__ = ["RANGE", "Line", "bounds"]

RANGE = rf"(?P<low>{FIGURES})(?: ?(?:-|to|or) ?(?P<high>{LATER_FIGURES}))?"
"""A number, or the least and the greatest of a range."""


class Line:
    """The text, its numbers in figures, with what has been read blanked out: no number is read twice."""

    def __init__(self, text: str) -> None:
        self.left = in_figures(text)

    def take(self, match: re.Match[str]) -> None:
        """Blank out what matched, but for words ``between`` a number and its unit: they name the service."""
        kept = match.groupdict().get("between") or ""
        start, end = match.span()
        middle = match.start("between") if kept else end
        blank = "\x00"
        self.left = (
            self.left[:start]
            + blank * (middle - start)
            + kept
            + blank * (end - middle - len(kept))
            + self.left[end:]
        )

    def says(self, word: str) -> bool:
        """Whether a word stands in the line, in either case: asked before a pattern that cannot do without it."""
        return word in self.left.lower()

    def first(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return the first match, taken out of the line."""
        match = pattern.search(self.left)
        if match is not None:
            self.take(match)
        return match

    def all(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield each match, taken out of the line."""
        while (match := self.first(pattern)) is not None:
            yield match


def bounds(match: re.Match[str]) -> tuple[Number, Number]:
    """Return the least and the greatest number of a match of :data:`RANGE`."""
    low = number(match["low"])
    high = number(match["high"]) if "high" in match.re.groupindex and match["high"] else low
    return (low, high) if low <= high else (high, low)
