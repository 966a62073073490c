"""One string for a whole letter, with the page each character stands on.

Everything later works on this string, and every span counts its characters: line breaks kept, runs of blanks
made one, typographic characters made plain, page furniture dropped, words that a page or a line break split
joined again. The same pages always give the same string.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from msgspec import Struct

from imr_rules.words.lexicon import word_group
from imr_rules.words.plain import plain


class Span(Struct, frozen=True):
    """Where something stands in the letter's text: page (from 1), and character offsets, end excluded."""

    page: int
    start: int
    end: int

    def to_dict(self) -> dict[str, int]:
        """Return the three numbers by name."""
        return {"page": self.page, "start": self.start, "end": self.end}


class LetterText(Struct, frozen=True, dict=True):
    """The text of a letter.

    Attributes:
        text: all of it.
        page_starts: offset at which each page begins.
    """

    text: str
    page_starts: tuple[int, ...]

    def __repr__(self) -> str:
        """Leave the words out: they are a person's record, and a repr may end in a log."""
        return f"LetterText({len(self.page_starts)} pages)"

    @cached_property
    def flat(self) -> str:
        """The text with every line break made a blank: the same length, so the same offsets."""
        return self.text.replace("\n", " ")

    def span(self, start: int, end: int) -> Span:
        """Return the span from ``start`` to ``end``, without blanks at its ends, on the page where it starts."""
        while start < end and self.text[start] in " \n":
            start += 1
        while end > start and self.text[end - 1] in " \n":
            end -= 1
        return Span(max(1, bisect_right(self.page_starts, start)), start, end)


# Beside what every reader makes plain: bullets, breaks of lines, and how PDFium marks a hyphen at the end of a line (the
# printed one, since these letters are not justified).
_MARKS = str.maketrans(
    {"\t": " ", "\v": " ", "\u0085": "\n", "\u2022": "-", "\uf0b7": "-", "\x02": "-", "\ufffe": "-"}
)
_CONTROL = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]")

# Page furniture by its words: what the organization prints at the foot and head of each page.
_FURNITURE = re.compile(
    r"(?:page )?\d{1,3}(?: of \d{1,3}| ?/ ?\d{1,3})?"
    r"|(?:imr )?final determination letter for imr case number\b.{0,40}"
    r"|imr (?:case number|determination)\b.{0,30}page \d{1,3}.{0,12}"
    r"|(?:cm|imr)\d\d-\d{5,9} +(?:page )?\d{1,3}",
    re.I,
)


def _plain(page: str) -> list[str]:
    """Return the page's lines in plain characters, without blanks at either end and without empty lines."""
    page = _CONTROL.sub(" ", plain(page.replace("\r\n", "\n").replace("\r", "\n").translate(_MARKS)))
    return [stripped for line in page.split("\n") if (stripped := re.sub(r" {2,}", " ", line).strip(" "))]


def _without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Drop headers and footers: known ones, and lines at the edge of pages that count the pages."""
    counting: dict[tuple[str, int], set[int]] = {}

    def counted(line: str, index: int) -> list[tuple[str, int]]:
        shape = re.sub(r"\d+", "9", line)
        return [(shape, int(number) - index) for number in re.findall(r"\d{1,3}(?!\d)", line)]

    def edges(lines: list[str]) -> list[str]:
        return lines[:2] + lines[-2:]

    for index, lines in enumerate(pages):
        for line in edges(lines):
            if len(line) <= 90:
                for key in counted(line, index):
                    counting.setdefault(key, set()).add(index)
    same_on_all: set[str] = set()
    if len(pages) >= 3:
        for edge in (slice(0, 1), slice(1, 2), slice(-2, -1), slice(-1, None)):
            same_on_all.update(set(pages[0][edge]).intersection(*(lines[edge] for lines in pages[1:])))

    def furniture(line: str, index: int) -> bool:
        if _FURNITURE.fullmatch(line) or line in same_on_all:
            return True
        return (
            len(line) <= 90
            and re.search(r"(?i)\bpage\b|determination|maximus|case number|^\d{1,3}$|confidential", line)
            is not None
            and any(len(counting.get(key, ())) >= 2 for key in counted(line, index))
        )

    kept: list[list[str]] = []
    for index, lines in enumerate(pages):
        first, last = 0, len(lines)
        while first < min(2, last) and furniture(lines[first], index):
            first += 1
        while last > max(first, len(lines) - 2) and furniture(lines[last - 1], index):
            last -= 1
        kept.append(lines[first:last])
    return kept


def join_pages(pages: list[str]) -> LetterText:
    """Join the pages of a letter into one text."""
    starts: list[int] = []
    pieces: list[str] = []
    length = 0
    lines_of = _without_furniture([_plain(page) for page in pages])
    words = _Words(lines_of)
    for lines in lines_of:
        for number, line in enumerate(lines):
            glue = ""
            if pieces:
                glue = words.glue(pieces[-1], line, across_pages=number == 0)
            pieces.append(glue + line)
            length += len(glue) + len(line)
            if number == 0:
                starts.append(length - len(line))
        if not lines:
            starts.append(length)
    text = "".join(pieces)
    return LetterText(text, tuple(starts))


class _Words:
    """The words a letter uses elsewhere: they tell whether a break has split one."""

    def __init__(self, pages: list[list[str]]) -> None:
        self._known = {*word_group("of_the_form")}
        for lines in pages:
            for line in lines:
                self._known.update(word.lower() for word in re.findall(r"[A-Za-z]{3,}", line))

    def glue(self, before: str, after: str, *, across_pages: bool) -> str:
        """Return what belongs between two lines: nothing inside a word or after a hyphen, else a break."""
        if re.search(r"[A-Za-z0-9]-$", before) and re.match(r"[A-Za-z0-9]", after):
            return ""
        if across_pages:
            head, tail = re.search(r"[A-Za-z]+$", before), re.match(r"[a-z]+", after)
            if head and tail:
                halves = (head[0].lower(), tail[0])
                if "".join(halves) in self._known and not word_group("words_in_words").issuperset(halves):
                    return ""
        return "\n"
