"""From lines of CSV or NDJSON to flat facts, each cell read as its column's declared type and as nothing else.

``12`` is a number in a column of numbers and a word in one of words; anything else in a column of numbers
makes the row a reject.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from imr_rules.batch.flatten import FlatRow, column_type
from imr_rules.batch.plain_csv import refusal
from imr_rules.errors import CaseError, Place, Problem, nearest, printable_name
from imr_rules.facts.flat import ITEM_COLUMNS, columns_of
from imr_rules.rulebook.dictionary import FactSpec

Rejects = list[tuple[int, str]]
"""The place of a record among those read, and why it was rejected."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_AS_SPREADSHEETS_WRITE = re.compile(r"\d{1,2}/\d{1,2}/(\d{2}|\d{4})( .*)?")
_TRUTHS = {each: each.lower() == "true" for each in ("true", "True", "TRUE", "false", "False", "FALSE")}
_BELONGS = {
    pa.int64(): "a whole number belongs here",
    pa.bool_(): "true or false belongs here",
    pa.date32(): "a date like 2014-08-05 belongs here",
    pa.string(): "text belongs here",
}


_SPREADSHEET_DATE = "a date as a spreadsheet shows it, month/day/year, is not read: format the column as yyyy-mm-dd before you export it"


def columns_known(facts: dict[str, FactSpec]) -> dict[str, pa.DataType]:
    """Return every column of flat facts there may be, with its type."""
    names = [*ITEM_COLUMNS, *(name for spec in facts.values() for name in columns_of(spec))]
    return {name: column_type(name, facts) for name in names}


def _number(text: str) -> int:
    if _NUMBER.fullmatch(text) is None:
        raise ValueError
    return int(text)


def _day(text: str) -> date:
    if _DAY.fullmatch(text) is None:
        raise ValueError
    return date.fromisoformat(text)


def _truth(text: str) -> bool:
    if text not in _TRUTHS:
        raise ValueError
    return _TRUTHS[text]


_READ: dict[pa.DataType, Callable[[str], Any]] = {pa.int64(): _number, pa.bool_(): _truth, pa.date32(): _day}


def read_csv(
    header: bytes, body: bytes, known: dict[str, pa.DataType], ignored: frozenset[str]
) -> tuple[pa.RecordBatch, Any, Rejects, int]:
    """Read lines of CSV.

    Args:
        header: the first line of the file.
        body: some of the lines after it.
        known: the columns there may be.
        ignored: columns not to be read.

    Returns:
        The rows that can be read, the place of each among the records, the others, and how many records.
    """
    short: Rejects = []

    def wrong_length(row: csv.InvalidRow) -> str:
        if reason := refusal(row.text):
            short.append((row.number - 2, reason))
            return "skip"
        cells = "1 cell" if row.actual_columns == 1 else f"{row.actual_columns} cells"
        short.append((row.number - 2, f"{cells}, where {row.expected_columns} belong"))
        return "skip"

    names = next(csv_names(header))
    table = csv.read_csv(
        io.BytesIO(header + body),
        read_options=csv.ReadOptions(use_threads=False, block_size=max(1 << 20, len(header) + len(body) + 1)),
        parse_options=csv.ParseOptions(newlines_in_values=False, invalid_row_handler=wrong_length),
        convert_options=csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.binary()),
            include_columns=[name for name in names if name not in ignored],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )
    records = table.num_rows + len(short)
    places = np.delete(np.arange(records), [place for place, _ in short])
    bad: dict[int, str] = {}
    arrays = []
    for name in table.column_names:
        cells, wrong = _typed(table.column(name).combine_chunks(), known[name])
        for row, reason in wrong:
            bad.setdefault(row, f"{name}: {reason}")
        arrays.append(cells)
    batch = pa.RecordBatch.from_arrays(arrays, names=table.column_names)
    if bad:
        good = np.delete(np.arange(batch.num_rows), list(bad))
        short += [(int(places[row]), reason) for row, reason in bad.items()]
        batch, places = batch.take(pa.array(good)), places[good]
    return batch, places, sorted(short), records


def csv_names(header: bytes) -> Iterator[list[str]]:
    """Yield the names in a header of CSV."""
    import csv as plain

    try:
        yield from plain.reader(io.StringIO(header.decode("utf-8-sig"), newline=""), strict=True)
    except (UnicodeDecodeError, plain.Error):
        raise CaseError(
            Problem("cannot-read", "its first line is no header of CSV in UTF-8", Place())
        ) from None


def _typed(column: pa.Array, kind: pa.DataType) -> tuple[pa.Array, list[tuple[int, str]]]:
    """Return the cells of a column as its type, and the rows of those that are not of it."""
    coded = column.dictionary_encode()
    words: list[bytes] = coded.dictionary.to_pylist()
    read = _READ.get(kind, str)
    values: list[Any] = []
    reasons: dict[int, str] = {}
    for place, word in enumerate(words):
        try:
            values.append(read(word.decode()))
        except UnicodeDecodeError:
            values.append(None)
            reasons[place] = "this is not UTF-8"
        except ValueError:
            values.append(None)
            reasons[place] = _BELONGS[kind]
            if kind == pa.date32() and _AS_SPREADSHEETS_WRITE.fullmatch(word.decode()):
                reasons[place] = _SPREADSHEET_DATE
    cells = pa.DictionaryArray.from_arrays(coded.indices, pa.array(values, kind))
    wrong: list[tuple[int, str]] = []
    if reasons:
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        rows = np.flatnonzero(np.isin(codes, list(reasons)))
        wrong = [(row, reasons[int(codes[row])]) for row in rows.tolist()]
    return (cells if kind == pa.string() else cells.dictionary_decode()), wrong


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def read_flat_line(line: str, known: dict[str, pa.DataType], ignored: frozenset[str]) -> FlatRow:
    """Read one line of NDJSON as a row of flat facts.

    Raises:
        CaseError: saying what is wrong with it.
    """
    try:
        data = json.loads(line, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise _wrong("this is no JSON object with each key once") from None
    if not isinstance(data, dict):
        raise _wrong("this is no JSON object")
    row: FlatRow = {}
    for name, value in data.items():
        if name in ignored or value is None:
            continue
        kind = known.get(name)
        if kind is None:
            said = printable_name(name) or "of this name"
            raise _wrong(
                f"there is no fact or column {said}",
                nearest(name, [each for each in known if "." not in each]),
            )
        row[name] = _cell(name, value, kind)
    return row


def _cell(name: str, value: Any, kind: pa.DataType) -> Any:
    if kind == pa.date32() and isinstance(value, str):
        try:
            return _day(value)
        except ValueError:
            pass
    elif kind == pa.bool_() and isinstance(value, bool):
        return value
    elif (
        kind == pa.int64() and isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18
    ):
        return value
    elif kind == pa.string() and isinstance(value, str) and not _lone(value):
        return value
    raise _wrong(f"{name}: {_BELONGS[kind]}")


def _lone(text: str) -> bool:
    """Whether text has half of a pair of surrogates in it, which is no text."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _wrong(what: str, hint: str | None = None) -> CaseError:
    return CaseError(Problem("wrong-row", what, Place(), hint))
