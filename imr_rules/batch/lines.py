"""Cutting text, of which every line is a record: plain CSV and NDJSON. Rows of one case that stand together stay together."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator

from imr_rules.batch.inputs import Source
from imr_rules.batch.text import csv_names

UNIT_BYTES = 8_000_000
"""Bytes of text in one unit, about."""
_UNREADABLE = 1_000
"""Records that cannot be read in a row, behind which a case is no longer looked for."""

_CaseOf = Callable[[bytes], str | None]
"""The case of a record; raises ValueError where it cannot be read."""


def pieces_of_text(source: Source) -> Iterator[tuple[int, int]]:
    """Yield the first byte of each unit, and the one behind its last."""
    whole = source.path.stat().st_size
    with source.path.open("rb") as stream:
        is_csv = source.format == "csv"
        header = stream.readline() if is_csv else b""
        case_of = _csv_case_of(header) if is_csv else _case_in_line
        at = len(header)
        stream.seek(at)
        while block := stream.read(UNIT_BYTES):
            while not (end := len(block) if at + len(block) >= whole else _end(block, case_of)):
                block += stream.read(UNIT_BYTES)
            yield at, at + end
            at += end
            stream.seek(at)


def _end(block: bytes, case_of: _CaseOf | None) -> int:
    """Return the place behind the last record of the last case that surely ends in a block; 0 for none."""
    end = block.rfind(b"\n") + 1
    if case_of is None:
        return end
    stop, seen, unreadable = end, False, 0
    last: str | None = None
    while stop:
        begin = block.rfind(b"\n", 0, stop - 1) + 1
        try:
            case = case_of(block[begin:stop])
        except ValueError:
            unreadable += 1
            if unreadable == _UNREADABLE:
                return end
        else:
            if not seen:
                last, seen = case, True
            if last is None:
                return end
            if case != last:
                return stop
        stop = begin
    return 0


def _csv_case_of(header: bytes) -> _CaseOf | None:
    """Return what reads the case of a record of CSV; None where no row follows another."""
    names = next(csv_names(header), [])
    if not {"case", "follows"} <= {*names}:
        return None
    place = names.index("case")

    def case_of(record: bytes) -> str | None:
        cells = next(csv.reader([record.decode()]), [])
        if len(cells) != len(names):
            raise ValueError
        return cells[place] or None

    return case_of


def _case_in_line(line: bytes) -> str | None:
    """Return the case of a row of flat facts in JSON; a whole case stands alone."""
    if b'"items"' in line:
        return None
    try:
        row = json.loads(line)
    except RecursionError:
        raise ValueError from None
    case = row.get("case") if isinstance(row, dict) else 0
    if case is not None and not isinstance(case, str):
        raise ValueError
    return case
