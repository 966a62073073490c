"""CSV as programs write it, made plain: one record a line, commas, UTF-8, quotes that close where they open.

Spreadsheets write CSV with semicolons or tabs, in Windows-1252 or UTF-16, with lines that end in CR, with blank lines
before the header; people leave stray quotes in it. A file that is plain is read as it is. Any other is copied, record by
record, and what cannot be read becomes one line that says so: no record is lost, and none swallows another.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path

from imr_rules.errors import CaseError, Place, Problem

REFUSED = "\x1a"
"""Begins a line that stands for a record that cannot be read; the reason comes after it."""
LINE_END = "␤"
"""Stands for a line end within a cell."""
_BLOCK = 1 << 20
_MOST_LINES = 50
"""Lines that one record may go over."""
_SEPARATORS = ",;\t|"
_OF_UTF_8 = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def is_plain(path: Path) -> bool:
    """Return whether a file can be read as it is."""
    quoted, last = False, b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        first = stream.readline().removeprefix(codecs.BOM_UTF8)
        if not first.strip() or _separator(first.decode("latin-1")) != ",":
            return False
        stream.seek(0)
        while block := stream.read(_BLOCK):
            if REFUSED.encode() in block or b"\x00" in block:
                return False
            whole = last + block
            if whole.count(b"\r") - whole.endswith(b"\r") > whole.count(b"\r\n"):
                return False
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False
            quoted = quoted or b'"' in block
            last = block[-1:]
    if last == b"\r":
        return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    if not quoted:
        return True
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.reader(lines, strict=True)
        try:
            return all(reader.line_num == number for number, _ in enumerate(reader, 1))
        except csv.Error:
            return False


def write_plain(path: Path, to: Path) -> None:
    """Copy a file of CSV as plain CSV: its header, and a line for each of its records.

    Raises:
        CaseError: it has no header.
    """
    with (
        path.open(encoding=_encoding(path), errors="surrogateescape", newline=None) as stream,
        to.open("w", encoding="utf-8", errors="surrogateescape", newline="") as written,
    ):
        lines = (line.rstrip("\n") for line in stream)
        header = next((line for line in lines if line.strip(" \t")), "")
        if told := re.fullmatch(r'"?sep=(.)"?', header):  # what Excel writes for itself
            header = next((line for line in lines if line.strip(" \t")), "")
        separator = told[1] if told else _separator(header)
        names = _cells(header, separator)
        if names is None:
            raise CaseError(Problem("cannot-read", "its first line is no header of CSV", Place()))
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(names)
        for record in _records(lines, separator, len(names)):
            if not isinstance(record, str) and record and len(record) != len(names):
                record = f"{len(record)} cell{'s' * (len(record) > 1)}, where {len(names)} belong"
            if isinstance(record, str):
                written.write(REFUSED + record + "," * len(names) + "\n")
            else:
                writer.writerow(record)


def refusal(line: str) -> str | None:
    """Return why a record cannot be read that a line of plain CSV stands for; None where it is one."""
    return line.removeprefix(REFUSED).rstrip(",\r\n") if line.startswith(REFUSED) else None


def _records(lines: Iterator[str], separator: str, width: int) -> Iterator[list[str] | str]:
    """Yield each record: its cells, or why it cannot be read.

    A quoted cell may go over lines, as long as none of them is a record by itself; otherwise the quote is a stray
    one, and only the line that it stands in is refused.
    """
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        if not line:
            continue
        cells = _cells(line, separator)
        if cells is not None:
            yield _on_one_line(cells)
            continue
        if _open(line, separator) and width > 1:
            ahead: list[str] = []
            joined = line
            while len(ahead) < _MOST_LINES:
                more = waiting.pop(0) if waiting else next(lines, None)
                if more is None:
                    break
                ahead.append(more)
                if _alone(more, separator, width):
                    break
                joined += "\n" + more
                cells = _cells(joined, separator)
                if cells is not None:
                    break
            if cells is not None and len(cells) == width:
                yield _on_one_line(cells)
                continue
            waiting = ahead + waiting
        yield "a quote in it does not close where it should; write a quote within a cell twice"


def _on_one_line(cells: list[str]) -> list[str]:
    """Return cells with a sign for each line end, so that a record is one line and no two cells become alike."""
    return [each.replace("\n", LINE_END) for each in cells]


def _cells(record: str, separator: str) -> list[str] | None:
    """Return the cells of one record; None where its quotes are not those of CSV."""
    try:
        found = list(csv.reader([record], delimiter=separator, strict=True))
    except csv.Error:
        return None
    return found[0] if len(found) == 1 else [] if not found else None


def _alone(line: str, separator: str, width: int) -> bool:
    """Return whether a line is a record by itself, with no quote in it but around whole cells."""
    cell = rf'(?:"(?:[^"]|"")*"|[^"{re.escape(separator)}]*)'
    return re.fullmatch(rf"{cell}(?:{re.escape(separator)}{cell}){{{width - 1}}}", line) is not None


def _open(line: str, separator: str) -> bool:
    """Return whether a line ends within a quoted cell that may go on in the next."""
    return _cells(line + '"', separator) is not None


def _separator(header: str) -> str:
    """Return what separates the cells of a header, a comma where nothing does."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_SEPARATORS, key=lambda each: (bare.count(each), each == ","))


def _encoding(path: Path) -> str:
    """Return how a file is encoded: UTF-16 by its mark, Windows-1252 where no letter of it is one of UTF-8."""
    odd = False
    with path.open("rb") as stream:
        begin = stream.read(2)
        if begin in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        stream.seek(0)
        last = b""
        while block := stream.read(_BLOCK):
            if not block.isascii():
                if _OF_UTF_8.search(last + block):
                    return "utf-8-sig"
                odd = True
            last = block[-1:]
    return "cp1252" if odd else "utf-8-sig"
