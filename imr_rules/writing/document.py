"""A document as a tree: headings, paragraphs, lists, tables, figures. Three writers turn it into words on a page.

:mod:`~imr_rules.writing.markdown`, :mod:`~imr_rules.writing.html` and :mod:`~imr_rules.writing.terminal` write the
same tree, so a report is put together once. Text is never markup: each writer escapes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from msgspec import Struct

Style = Literal["strong", "code", "quiet", "good", "bad", "open"]
"""How words look. ``good``, ``bad`` and ``open`` are colors; they only repeat what the words say."""


class Span(NamedTuple):
    """Some words of a line in one style.

    Attributes:
        link: where they lead: an address, a page beside this one, or ``#`` and the id of a heading.
    """

    text: str
    style: Style | None = None
    link: str | None = None


BREAK = Span("\n")
"""Begins a new line within a cell or a paragraph."""

Line = str | Span | tuple[str | Span, ...]
"""Words on one line: plain, in one style, or in several."""


def strong(text: str) -> Span:
    """Return words that stand out."""
    return Span(text, "strong")


def code(text: str) -> Span:
    """Return words for machines: an id, a path, an expression."""
    return Span(text, "code")


def quiet(text: str) -> Span:
    """Return words that stand back."""
    return Span(text, "quiet")


def spans(line: Line) -> Iterator[Span]:
    """Yield the parts of a line, every run of white space in them as one space."""
    parts: Iterable[str | Span] = (line,) if isinstance(line, (str, Span)) else line
    for part in parts:
        if part is BREAK:
            yield BREAK
            continue
        span = part if isinstance(part, Span) else Span(part)
        before = " " if span.text[:1].isspace() else ""
        after = " " if span.text[-1:].isspace() and span.text.strip() else ""
        yield span._replace(text=before + " ".join(span.text.split()) + after)


def lines(several: Iterable[Line]) -> Line:
    """Return several lines as one, each beginning anew."""
    found: list[Span] = []
    for each in several:
        found += [*([BREAK] if found else []), *spans(each)]
    return tuple(found)


def words(line: Line) -> str:
    """Return a line without its styles."""
    return "".join(span.text for span in spans(line))


def slug(line: Line) -> str:
    """Return the id of a heading, the way Markdown's readers make it."""
    kept = "".join(letter for letter in words(line).lower() if letter.isalnum() or letter in " -_")
    return kept.replace(" ", "-")


class Heading(Struct, frozen=True):
    """A heading. Level 1 is the document's title."""

    text: Line
    level: int = 2


class Paragraph(Struct, frozen=True):
    """A paragraph."""

    text: Line


class Entry(Struct, frozen=True):
    """An entry of a list, with what belongs under it.

    Attributes:
        mark: stands before the words: ``✓``, ``✗``. A terminal shows it in place of the list's own mark.
    """

    text: Line
    inner: tuple[Block, ...] = ()
    mark: Span | None = None


class Bullets(Struct, frozen=True):
    """A list, with what it is a list of where that is said."""

    entries: tuple[Entry, ...]
    title: str | None = None

    @classmethod
    def of(cls, several: Iterable[Line], title: str | None = None) -> Bullets:
        """Return a list of lines."""
        return cls(tuple(map(Entry, several)), title)


class Table(Struct, frozen=True):
    """A table: a line of heads, and rows as long as it. The first cell of a row names the row.

    Attributes:
        numbers: the columns that hold numbers, from 0; they are set to the right.
    """

    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]
    numbers: frozenset[int] = frozenset()


class Code(Struct, frozen=True):
    """Text that keeps its lines: a file, a case."""

    text: str
    language: str = ""


class Figure(Struct, frozen=True):
    """A picture as SVG, with its title and what it shows in words; ``dark`` is for dark screens."""

    title: str
    alt: str
    svg: str
    dark: str | None = None


class Details(Struct, frozen=True):
    """What is shown on demand where a page can do so, and always elsewhere."""

    summary: Line
    inner: tuple[Block, ...]


class SideBySide(Struct, frozen=True):
    """Parts to be compared: each a title and what belongs under it."""

    parts: tuple[tuple[str, tuple[Block, ...]], ...]


Block = Heading | Paragraph | Bullets | Table | Code | Figure | Details | SideBySide


class Report(Struct, frozen=True):
    """A document.

    Attributes:
        made: how it was made, for whoever would edit the page; Markdown alone says it, in a comment.
    """

    title: str
    blocks: tuple[Block, ...]
    made: str | None = None
