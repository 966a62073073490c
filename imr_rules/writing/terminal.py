"""Writes a document for a terminal, as wide as it is. Every color has its word beside it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap
from typing import assert_never

from msgspec.structs import replace
from rich.cells import cell_len, chop_cells

from imr_rules.writing.document import (
    Block,
    Bullets,
    Code,
    Details,
    Entry,
    Figure,
    Heading,
    Line,
    Paragraph,
    Report,
    SideBySide,
    Span,
    Table,
    lines,
    spans,
    strong,
    words,
)

WIDEST = 100
"""Columns beyond which lines get hard to read."""
_NARROWEST = 20
_LEAST = 8
"""Columns that words get however deep they stand: a line may be too wide, and is never a letter."""
_GAP = 2
_WRAPPED = 30
"""Columns below which the widest cell of a table is too narrow to be read."""
_LOOKS = {"strong": "1", "code": "", "quiet": "2", "good": "32", "bad": "31", "open": "33"}
"""How a terminal is told of each style; nothing where it looks like any text."""
_WORD = re.compile(r"\s*\S+\s*")
_UNSEEN = dict.fromkeys((7, 8, 11, 12, 13))
"""What rings or moves about on the line: a document has its own lines."""

_Row = list[tuple[str, str]]
"""A line as it is printed: its parts, each with its look."""


def terminal(report: Report, *, width: int | None = None, color: bool | None = None) -> str:
    """Return a document as lines of text.

    Args:
        report: the report.
        width: in columns; that of the terminal unless given, and at most :data:`WIDEST`.
        color: whether to color; where standard output is a terminal that takes it, unless given.
    """
    colored = _colorful() if color is None else color
    columns = width or shutil.get_terminal_size((WIDEST, 24)).columns
    writer = _Writer(max(_NARROWEST, min(WIDEST, columns)))
    rows = [*writer.wrapped(_row(strong(report.title))), [], *writer.document(report.blocks)]
    return "\n".join(_printed(row, colored) for row in rows).rstrip("\n")


def _colorful() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _printed(row: _Row, colored: bool) -> str:
    """Return a line with nothing behind its last word."""
    text = "".join(text for text, _ in row).rstrip(" ")
    if not colored:
        return text
    return "".join(
        f"\x1b[{look}m{part}\x1b[0m" if look else part for part, look in _between(row, 0, len(text))
    )


class _Writer:
    """Turns blocks into lines, for a width."""

    def __init__(self, width: int) -> None:
        self._width = max(_LEAST, width)

    def document(self, blocks: tuple[Block, ...]) -> Iterator[_Row]:
        """Yield blocks with an empty line between them; what stands under a heading is indented under it."""
        indent = 0
        before: Block | None = None
        for block in blocks:
            if isinstance(block, Heading):
                indent = 2 * max(0, block.level - 2)
            if before is not None and not isinstance(before, Heading):
                yield []
            yield from _indented(_Writer(self._width - indent).block(block), indent)
            if isinstance(block, Heading):
                indent += 2
            before = block

    def _under(self, blocks: tuple[Block, ...]) -> Iterator[_Row]:
        yield from _indented(_Writer(self._width - 2).document(blocks), 2)

    def block(self, block: Block) -> Iterator[_Row]:
        """Yield one block."""
        match block:
            case Heading(text):
                yield from self.wrapped(_row(text, "1"))
            case Paragraph(text):
                yield from self.wrapped(_row(text))
            case Bullets(entries, title):
                if title:
                    yield from self.wrapped(_row(f"{title}:", "1"))
                yield from self._bullets(entries)
            case Table():
                yield from self._table(block)
            case Code(text):
                yield from self.wrapped([(text.expandtabs().translate(_UNSEEN), "")])
            case Figure(title, alt):
                yield from self.wrapped(_row((strong(title), f": {alt}")))
            case Details(summary, inner):
                yield from self.wrapped(_row(summary, "1"))
                yield from self._under(inner)
            case SideBySide(parts):
                for number, (title, inner) in enumerate(parts):
                    if number:
                        yield []
                    yield from self.wrapped(_row(title, "1"))
                    yield from self._under(inner)
            case _:
                assert_never(block)

    def _bullets(self, entries: tuple[Entry, ...]) -> Iterator[_Row]:
        apart = any(entry.inner for entry in entries) and len(entries) > 1
        for number, entry in enumerate(entries):
            mark = _row(entry.mark or Span("·"))
            beside = _wide(mark) + 1
            inner = _Writer(self._width - beside)
            if apart and number:
                yield []
            first, *further = inner.wrapped(_row(entry.text))
            yield [*mark, (" ", ""), *first]
            yield from _indented(further, beside)
            for block in entry.inner:
                yield from _indented(inner.block(block), beside)

    def _table(self, table: Table) -> Iterator[_Row]:
        for form in (
            table,
            replace(table, head=_broken(table)),
        ):  # heads of several words: over several lines
            widths = _widths(form)
            spare = self._width - sum(widths) - _GAP * (len(widths) - 1)
            if spare >= 0 or max(widths) + spare >= _WRAPPED:
                widths[widths.index(max(widths))] += min(0, spare)
                yield from _grid(form, widths)
                return
        yield from self._stacked(table)

    def _stacked(self, table: Table) -> Iterator[_Row]:
        """Yield a table that is too wide row by row, each cell behind the head of its column."""
        for number, row in enumerate(table.rows):
            if number:
                yield []
            yield from self.wrapped(_row(row[0], "1"))
            cells = (
                (*(spans(head) if words(head) else ()), ": " if words(head) else "", *spans(cell))
                for head, cell in zip(table.head[1:], row[1:], strict=True)
                if words(cell)
            )
            yield from self._under((Bullets.of(cells),))

    def wrapped(self, row: _Row) -> Iterator[_Row]:
        """Yield a line over as many lines as it takes here."""
        return _wrapped(row, self._width)


def _row(line: Line, look: str = "") -> _Row:
    return [
        (
            span.text.translate(_UNSEEN),
            ";".join(filter(None, (look, _LOOKS[span.style] if span.style else ""))),
        )
        for span in spans(line)
    ]


def _wide(row: _Row) -> int:
    return sum(cell_len(text) for text, _ in row)


def _indented(rows: Iterable[_Row], by: int) -> Iterator[_Row]:
    return ([(" " * by, ""), *row] if row else row for row in rows)


def _wrapped(row: _Row, width: int) -> Iterator[_Row]:
    """Yield a line over as many lines as it takes: broken between words, and within one that is too long."""
    for first, last in _broken_at("".join(text for text, _ in row), width):
        yield [*_between(row, first, last)]


def _between(row: _Row, first: int, last: int) -> Iterator[tuple[str, str]]:
    """Yield what stands in a line from one character to another."""
    at = 0
    for text, look in row:
        part = text[max(0, first - at) : max(0, last - at)]
        if part:
            yield part, look
        at += len(text)


def _broken_at(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Yield where each line of a text begins and ends."""
    begins = 0
    for line in text.split("\n"):
        first, ends, filled = begins, begins + len(line), 0
        for word in _WORD.finditer(line):
            at, wide = begins + word.start(), cell_len(word[0].rstrip())
            if filled + wide <= width:
                filled += cell_len(word[0])
                continue
            for part in chop_cells(word[0], width) if wide > width else [word[0]]:
                if at > first:
                    yield first, first + len(text[first:at].rstrip(" "))
                first, filled = at, cell_len(part)
                at += len(part)
        yield first, first + len(text[first:ends].rstrip(" "))
        begins = ends + 1


def _grid(table: Table, widths: Sequence[int]) -> Iterator[_Row]:
    """Yield a table whose columns are so wide; heads of one line stand at the foot of those of several."""
    for head, cells in [(True, table.head), *((False, row) for row in table.rows)]:
        columns = [
            [*_wrapped(_row(cell, "1" if head else ""), width)]
            for width, cell in zip(widths, cells, strict=True)
        ]
        tall = max(map(len, columns))
        for at in range(tall):
            found: _Row = []
            for place, (width, column) in enumerate(zip(widths, columns, strict=True)):
                line = at - (tall - len(column) if head else 0)
                row = column[line] if 0 <= line < len(column) else []
                blank = (" " * (width - _wide(row)), "")
                found += [blank, *row] if place in table.numbers else [*row, blank]
                found.append((" " * _GAP, ""))
            yield found


def _widths(table: Table) -> list[int]:
    """Return how wide each column is."""
    return [max(_cells(each) for each in column) for column in zip(table.head, *table.rows, strict=True)]


def _broken(table: Table) -> tuple[Line, ...]:
    """Return the heads of a table, each over as many lines as keep it within what stands below it."""
    columns = zip(*table.rows, strict=True) if table.rows else ([] for _ in table.head)
    return tuple(
        lines(wrap(words(head), max(1, *map(_cells, column)), break_long_words=False) or [""])
        for head, column in zip(table.head, columns, strict=True)
    )


def _cells(line: Line) -> int:
    """Return how wide a line is, or the widest of its lines."""
    return max(cell_len(each) for each in words(line).split("\n"))
