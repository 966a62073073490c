"""Writes a document for a terminal, as wide as it is. Every color has its word beside it."""

from __future__ import annotations

import io
import os
import re
import shutil
import sys
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, assert_never

from msgspec.structs import replace

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

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

WIDEST = 100
"""Columns beyond which lines get hard to read."""
_NARROWEST = 20
_LEAST = 8
"""Columns that words need beside the mark of their entry; where there are fewer, they stand below it."""
_GAP = 2
_WRAPPED = 30
"""Columns below which the widest cell of a table is too narrow to be read."""
_STYLES = {"strong": "bold", "code": "", "quiet": "dim", "good": "green", "bad": "red", "open": "yellow"}


def terminal(report: Report, *, width: int | None = None, color: bool | None = None) -> str:
    """Return a document as lines of text.

    Args:
        report: the report.
        width: in columns; that of the terminal unless given, and at most :data:`WIDEST`.
        color: whether to color; where standard output is a terminal that takes it, unless given.
    """
    # Taken in here: it takes as long as everything else that a screening needs.
    from rich.console import Console

    colored = _colorful() if color is None else color
    columns = width or shutil.get_terminal_size((WIDEST, 24)).columns
    console = Console(
        file=io.StringIO(),
        width=max(_NARROWEST, min(WIDEST, columns)),
        force_terminal=colored,
        color_system="standard" if colored else None,
        legacy_windows=False,
        _environ={},  # what the caller has decided, the environment does not undo
    )
    writer = _Writer(console.width)
    with console.capture() as captured:
        console.print(_text(strong(report.title)), end="\n\n")
        for rendered in writer.document(report.blocks):
            console.print(rendered, highlight=False, markup=False, emoji=False)
    return re.sub(r"[ ]+$", "", captured.get(), flags=re.MULTILINE).rstrip("\n")


def _colorful() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


class _Writer:
    """Turns blocks into what rich prints, for a width."""

    def __init__(self, width: int) -> None:
        self._width = width

    def document(self, blocks: tuple[Block, ...]) -> Iterator[RenderableType]:
        """Yield blocks with an empty line between them; what stands under a heading is indented under it."""
        indent = 0
        before: Block | None = None
        for block in blocks:
            if isinstance(block, Heading):
                indent = 2 * max(0, block.level - 2)
            if before is not None and not isinstance(before, Heading):
                yield ""
            yield from self._at(block, indent)
            if isinstance(block, Heading):
                indent += 2
            before = block

    def _at(self, block: Block, indent: int) -> Iterator[RenderableType]:
        yield from self._indented(_Writer(self._width - indent).block(block), indent)

    def _under(self, blocks: tuple[Block, ...]) -> Iterator[RenderableType]:
        yield from self._indented(_Writer(self._width - 2).document(blocks), 2)

    @staticmethod
    def _indented(rendered: Iterator[RenderableType], by: int) -> Iterator[RenderableType]:
        from rich.padding import Padding

        yield from (Padding(each, (0, 0, 0, by)) for each in rendered)

    def block(self, block: Block) -> Iterator[RenderableType]:
        """Yield one block."""
        match block:
            case Heading(text):
                yield _text(text, "bold")
            case Paragraph(text):
                yield _text(text)
            case Bullets(entries, title):
                if title:
                    yield _text(f"{title}:", "bold")
                yield from self._bullets(entries)
            case Table():
                yield from self._table(block)
            case Code(text):
                yield _text_of_lines(text)
            case Figure(title, alt):
                yield _text((strong(title), f": {alt}"))
            case Details(summary, inner):
                yield _text(summary, "bold")
                yield from self._under(inner)
            case SideBySide(parts):
                for number, (title, inner) in enumerate(parts):
                    if number:
                        yield ""
                    yield _text(title, "bold")
                    yield from self._under(inner)
            case _:
                assert_never(block)

    def _bullets(self, entries: tuple[Entry, ...]) -> Iterator[RenderableType]:
        from rich.console import Group
        from rich.table import Table as Grid

        apart = any(entry.inner for entry in entries) and len(entries) > 1
        for number, entry in enumerate(entries):
            mark = entry.mark or Span("·")
            left = self._width - len(mark.text) - 1
            inner = _Writer(left) if left >= _LEAST else self
            below = [each for block in entry.inner for each in inner.block(block)]
            if apart and number:
                yield ""
            if left >= _LEAST:
                grid = Grid.grid(padding=(0, 1, 0, 0))
                grid.add_column(no_wrap=True)
                grid.add_column(overflow="fold")
                grid.add_row(_text(mark), Group(_text(entry.text), *below))
                yield grid
            else:
                yield _text((mark, " ", *spans(entry.text)))
                yield from below

    def _table(self, table: Table) -> Iterator[RenderableType]:
        for form in (
            table,
            replace(table, head=_broken(table)),
        ):  # heads of several words: over several lines
            widths = _widths(form)
            spare = self._width - sum(widths) - _GAP * (len(widths) - 1)
            if spare >= 0 or max(widths) + spare >= _WRAPPED:
                yield self._grid(form, None if spare >= 0 else widths)
                return
        yield from self._stacked(table)

    def _grid(self, table: Table, widths: list[int] | None) -> RenderableType:
        from rich.table import Table as Grid

        grid = Grid(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="bold")
        widest = widths.index(max(widths)) if widths else None
        for place, head in enumerate(table.head):
            right = place in table.numbers
            grid.add_column(
                _text(head), justify="right" if right else "left", overflow="fold", no_wrap=place != widest
            )
        for row in table.rows:
            grid.add_row(*map(_text, row))
        return grid

    def _stacked(self, table: Table) -> Iterator[RenderableType]:
        """Yield a table that is too wide row by row, each cell behind the head of its column."""
        for number, row in enumerate(table.rows):
            if number:
                yield ""
            yield _text(row[0], "bold")
            cells = (
                (*(spans(head) if words(head) else ()), ": " if words(head) else "", *spans(cell))
                for head, cell in zip(table.head[1:], row[1:], strict=True)
                if words(cell)
            )
            yield from self._under((Bullets.of(cells),))


def _widths(table: Table) -> list[int]:
    """Return how wide each column is."""
    return [max(_cells(each) for each in column) for column in zip(table.head, *table.rows, strict=True)]


def _broken(table: Table) -> tuple[Line, ...]:
    """Return the heads of a table, each over as many lines as keep it within what stands below it."""
    columns = zip(*table.rows, strict=True) if table.rows else ([] for _ in table.head)
    return tuple(
        lines(wrap(words(head), max((1, *map(_cells, column))), break_long_words=False) or [""])
        for head, column in zip(table.head, columns, strict=True)
    )


def _cells(line: Line) -> int:
    """Return how wide a line is, or the widest of its lines."""
    from rich.cells import cell_len

    return max(cell_len(each) for each in words(line).split("\n"))


def _text(line: Line, style: str = "") -> Text:
    from rich.text import Text

    found = Text(style=style, overflow="fold")
    for span in spans(line):
        found.append(span.text, _STYLES[span.style] if span.style else "")
    return found


def _text_of_lines(text: str) -> Text:
    from rich.text import Text

    return Text(text, overflow="fold")
