"""A page as it looks: words, tick boxes and ruled lines with their places, however the page carries them.

Drawn text, the values of form fields and the words of a scan all become words with a place, so that whoever
reads a form asks one question, what stands beside this label, and not three. Places are in points from the
lower left corner of the page as it looks upright.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Literal

from msgspec import Struct


class Box(Struct, frozen=True):
    """A rectangle, in points from the lower left corner of the page."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Points from bottom to top."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Where its middle stands above the bottom of the page."""
        return (self.top + self.bottom) / 2

    def __or__(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left), min(self.bottom, other.bottom),
            max(self.right, other.right), max(self.top, other.top),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"box [{self.left:.0f}, {self.bottom:.0f}, {self.right:.0f}, {self.top:.0f}]"


class Word(Struct, frozen=True):
    """A word and its place.

    Attributes:
        confidence: percent, where text recognition read it.
        field: which form field of the page holds it; words of one field belong together.
    """

    text: str
    box: Box
    confidence: int | None = None
    field: int | None = None


class Tick(Struct, frozen=True):
    """A box to tick, and whether it is ticked."""

    box: Box
    on: bool


Carrier = Literal["text", "fields", "scan", "nothing"]


class Page(Struct, frozen=True, dict=True):
    """A page of a paper.

    Attributes:
        number: from 1, within its file.
        carrier: what it was read from; ``nothing`` where it yields no words.
        words: in no order.
        ticks: the boxes to tick of form fields.
        upright, across: ruled lines, as thin boxes.
        squares: drawn boxes to tick.
    """

    number: int
    width: float
    height: float
    carrier: Carrier
    words: tuple[Word, ...]
    ticks: tuple[Tick, ...] = ()
    upright: tuple[Box, ...] = ()
    across: tuple[Box, ...] = ()
    squares: tuple[Tick, ...] = ()

    @cached_property
    def lines(self) -> tuple[tuple[Word, ...], ...]:
        """The words line by line from the top, each line from the left."""
        lines: list[list[Word]] = []
        boxes: list[Box] = []
        for word in sorted(self.words, key=lambda word: -word.box.middle):
            at = next(
                (
                    index
                    for index in range(len(lines) - 1, max(-1, len(lines) - 6), -1)
                    if _beside(boxes[index], word.box)
                ),
                None,
            )
            if at is None:
                lines.append([word])
                boxes.append(word.box)
            else:
                lines[at].append(word)
                if word.box.height < 1.5 * boxes[at].height:
                    boxes[at] = Box(
                        min(boxes[at].left, word.box.left), (boxes[at].bottom + word.box.bottom) / 2,
                        max(boxes[at].right, word.box.right), (boxes[at].top + word.box.top) / 2,
                    )  # fmt: skip
        lines.sort(key=lambda line: -max(word.box.middle for word in line))
        return tuple(tuple(sorted(line, key=lambda word: word.box.left)) for line in lines)

    def apart(self, one: Word, other: Word) -> bool:
        """Whether two words that follow one another on a line belong to different cells or columns."""
        if one.field != other.field:
            return True
        if one.field is not None:
            return False
        gap = other.box.left - one.box.right
        if gap > 1.1 * min(one.box.height, other.box.height):
            return True
        return gap > 0 and any(
            one.box.right - 2 <= rule.left <= other.box.left + 2 and rule.bottom < one.box.middle < rule.top
            for rule in self.upright
        )


def _beside(one: Box, other: Box) -> bool:
    shared = min(one.top, other.top) - max(one.bottom, other.bottom)
    return shared > 0.5 * min(one.height, other.height)


class Place(Struct, frozen=True):
    """Where something stands: page of the file, box on it, and how surely it was read (percent; text: ``None``)."""

    page: int
    box: Box
    confidence: int | None = None


class Line(Struct, frozen=True):
    """One line of a flow: its characters, its page and its box."""

    start: int
    end: int
    page: int
    box: Box


class Flow(Struct, frozen=True, dict=True):
    """The words of several pages as one text, line by line, that knows where each character stands.

    Words are parted by a blank, columns by a tab, lines by a line feed.
    """

    text: str
    lines: tuple[Line, ...]
    words: tuple[tuple[int, int, Word], ...]

    @classmethod
    def of(cls, pages: Iterable[tuple[Page, Sequence[tuple[Word, ...]]]]) -> Flow:
        """Return the flow of some lines of some pages."""
        text = ""
        lines: list[Line] = []
        words: list[tuple[int, int, Word]] = []
        for page, rows in pages:
            for row in rows:
                start, box = len(text), row[0].box
                for index, word in enumerate(row):
                    if index:
                        text += "\t" if page.apart(row[index - 1], word) else " "
                    words.append((len(text), len(text) + len(word.text), word))
                    text += word.text
                    box |= word.box
                lines.append(Line(start, len(text), page.number, box))
                text += "\n"
        return cls(text, tuple(lines), tuple(words))

    @cached_property
    def _starts(self) -> list[int]:
        return [line.start for line in self.lines]

    def line_at(self, offset: int) -> int:
        """Return the number of the line a character stands on."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def words_of(self, start: int, end: int) -> Sequence[tuple[int, int, Word]]:
        """Return the words that begin between two characters."""
        first = bisect_left(self.words, start, key=lambda each: each[0])
        return self.words[first : bisect_left(self.words, end, lo=first, key=lambda each: each[0])]

    def within(self, start: int, end: int) -> Iterator[Word]:
        """Yield the words that a stretch of text touches."""
        first = bisect_right(self.words, start, key=lambda each: each[1])
        for at in range(first, len(self.words)):
            begin, _, word = self.words[at]
            if begin >= end:
                break
            yield word

    def place(self, start: int, end: int) -> Place:
        """Return where a stretch of text stands: on the page where it starts."""
        line = self.lines[self.line_at(start)]
        box: Box | None = None
        sure: int | None = None
        for word in self.within(start, end):
            sure = word.confidence if sure is None else min(sure, word.confidence or 0)
        for word in self.within(start, min(end, self._end_of_page(start))):
            box = word.box if box is None else box | word.box
        return Place(line.page, box or line.box, sure)

    def _end_of_page(self, start: int) -> int:
        page = self.lines[self.line_at(start)].page
        following = bisect_right(self.lines, page, key=lambda line: line.page)
        return len(self.text) if following == len(self.lines) else self.lines[following].start

    def cut(self, start: int, end: int) -> str:
        """Return a stretch of text on one line, words parted by single blanks, a word split by a line joined."""
        return re.sub(r"\s+", " ", re.sub(r"(?<=[A-Za-z])-\n(?=[a-z])", "-", self.text[start:end])).strip()


_NUMBERED = re.compile(
    r"(?:(?:page|p\.|pg\.?)? ?\d{1,3}(?: ?(?:of|/) ?\d{1,3})?|[^.:]{1,60} (?:page|pg\.?) \d{1,3}(?: ?(?:of|/) ?\d{1,3})?)",
    re.I,
)
"""A line at the edge of a page that numbers it, alone or behind a name."""


def furniture(
    pages: Sequence[Page],
) -> tuple[list[list[tuple[Word, ...]]], list[tuple[Page, tuple[Word, ...]]]]:
    """Part the lines of pages from their running heads and feet: what stands at one height of several pages.

    Returns:
        The lines of each page, and the heads and feet with their pages.
    """
    seen: dict[str, dict[int, list[float]]] = {}  # shape -> page -> heights, in order
    for page in pages:
        for line in page.lines:
            seen.setdefault(_shape(line), {}).setdefault(page.number, []).append(line[0].box.middle)
    for heights in (each for of_shape in seen.values() for each in of_shape.values()):
        heights.sort()
    kept: list[list[tuple[Word, ...]]] = []
    running: list[tuple[Page, tuple[Word, ...]]] = []
    for page in pages:
        own: list[tuple[Word, ...]] = []
        for line in page.lines:
            at = line[0].box.middle
            edge = not 0.09 * page.height < at < 0.91 * page.height
            again = edge and any(
                number != page.number and _close_by(heights, at)
                for number, heights in seen[_shape(line)].items()
            )
            numbered = _NUMBERED.fullmatch(" ".join(word.text for word in line)) is not None
            if edge and (again or numbered):
                running.append((page, line))
            else:
                own.append(line)
        kept.append(own)
    return kept, running


def _close_by(heights: Sequence[float], at: float) -> bool:
    """Whether one of some heights in order is less than four points from another."""
    index = bisect_right(heights, at - 4)
    return index < len(heights) and heights[index] < at + 4


def _shape(line: Sequence[Word]) -> str:
    return re.sub(r"\d+", "9", " ".join(word.text for word in line)).lower()
