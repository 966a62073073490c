"""The records of a unit, as record batches of flat facts."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from imr_rules._reading import read_document
from imr_rules.batch.flatten import FlatRow, as_batch, flat_rows
from imr_rules.batch.inputs import Source, schema_of
from imr_rules.batch.tables import read_table, sliced, together
from imr_rules.batch.text import Rejects, columns_known, csv_names, read_csv, read_flat_line
from imr_rules.batch.units import Unit
from imr_rules.case import Case
from imr_rules.engines.columnar import check_schema
from imr_rules.errors import CaseError, InputError, Place, Problem, printable_name
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment

LINES = 4_096
"""Lines of NDJSON read at once."""


class Chunk(NamedTuple):
    """Some records of a unit.

    Attributes:
        batch: rows of flat facts; the records of a unit begin anew at 0.
        records: for each row, the place of its record in the unit.
        rejects: records that gave no row.
        total: how many lines or rows there were.
        blank: how many of those were blank, and no record.
        cases: what the rows' cases are called, where ``batch`` tells cases apart by a name of its own.
    """

    batch: pa.RecordBatch
    records: Any
    rejects: Rejects
    total: int
    cases: pa.Array | None = None
    blank: int = 0


_Named = tuple[FlatRow, Any]
"""A row, and what its case is called."""


class Reading:
    """Reads units of some sources.

    Args:
        sources: the files.
        rulebook: whose dictionary they use.
        ignored: columns of tables that are not to be read.
        asked: the facts to be worked out from whole cases, where more than one rulebook judges them.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        rulebook: Rulebook,
        ignored: frozenset[str] = frozenset(),
        asked: Callable[[Treatment], Iterable[FactSpec]] | None = None,
    ) -> None:
        self.sources, self.rulebook, self.ignored, self.asked = sources, rulebook, ignored, asked
        self.facts = dict(rulebook.vocabulary.facts)

    @cached_property
    def known(self) -> dict[str, pa.DataType]:
        """Every column there may be."""
        return columns_known(self.facts)

    def check(self) -> None:
        """Refuse tables with columns that nobody declared, or of another type.

        Raises:
            CaseError: with each such column.
        """
        problems: list[Problem] = []
        for source in self.sources:
            try:
                schema = schema_of(source)
                if source.format == "csv":
                    names = self._header(source)[1]
                    schema = pa.schema([(name, self.known.get(name, pa.string())) for name in names])
                if schema is not None:
                    _check_once(schema.names)
                    _check_edition(schema.names)
                    check_schema(schema, self.facts, self.ignored)
            except CaseError as error:
                problems += [_in_file(each, source.name) for each in error.problems]
        if problems:
            raise CaseError(problems)

    def read(self, unit: Unit) -> Iterator[Chunk]:
        """Yield the records of a unit in their order."""
        source = self.sources[unit.source]
        if source.format == "case":
            yield self._case_file(source)
        elif source.format == "csv":
            yield from self._csv(source, unit)
        elif source.format == "ndjson":
            yield from self._lines(source, unit)
        else:
            yield from self._tables(source, unit)

    # -- tables --------------------------------------------------------------------------------------

    def _tables(self, source: Source, unit: Unit) -> Iterator[Chunk]:
        first = 0
        for batch in together(read_table(source, unit, self.ignored)):
            yield Chunk(batch, np.arange(first, first + batch.num_rows), [], batch.num_rows)
            first += batch.num_rows

    # -- lines ---------------------------------------------------------------------------------------

    def _header(self, source: Source) -> tuple[bytes, list[str]]:
        with source.path.open("rb") as stream:
            header = stream.readline()
        return header, next(csv_names(header), [])

    def _csv(self, source: Source, unit: Unit) -> Iterator[Chunk]:
        header, _ = self._header(source)
        batch, places, rejects, count = read_csv(header, _text(source.path, unit), self.known, self.ignored)
        whole = list(together(iter(sliced(batch)))) or [batch]  # all may have been rejected
        first = 0
        for number, part in enumerate(whole):
            last = number == len(whole) - 1
            rows = places[first : first + part.num_rows]
            yield Chunk(part, rows, rejects if last else [], count if last else 0)
            first += part.num_rows

    def _lines(self, source: Source, unit: Unit) -> Iterator[Chunk]:
        first = 0
        text = _text(source.path, unit)
        lines = (text.removeprefix(codecs.BOM_UTF8) if not unit.start else text).split(b"\n")
        if lines and not lines[-1]:
            lines.pop()
        for block in _line_blocks(lines):
            yield self._line_block(block, first)
            first += len(block)

    def _line_block(self, lines: list[bytes], first: int) -> Chunk:
        rows: list[FlatRow] = []
        records: list[int] = []
        cases: list[Any] = []
        rejects: Rejects = []
        blank = 0
        for number, line in enumerate(lines, first):
            if not line.strip():
                blank += 1
                continue
            try:
                for row, case in self._line(line, number):
                    rows.append(row)
                    cases.append(case)
                    records.append(number)
            except InputError as error:
                rejects.append((number, _reason(error)))
        batch = as_batch(rows, self.facts)
        named = pa.array(cases, pa.string())
        return Chunk(batch, np.array(records, np.int64), rejects, len(lines), named, blank)

    def _line(self, line: bytes, number: int) -> list[_Named]:
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise CaseError(Problem("wrong-row", "this is not UTF-8", Place())) from None
        if '"items"' in text:
            return self._rows(Case.from_text(text, is_json=True), number)
        row = read_flat_line(text, self.known, self.ignored)
        return [(row, row.get("case"))]

    def _rows(self, case: Case, number: int) -> list[_Named]:
        """Return the rows of a case, told apart from those of any other by the place of its record."""
        return [
            (row | {"case": f"\0{number}"}, case.case) for row in flat_rows(case, self.rulebook, self.asked)
        ]

    def _case_file(self, source: Source) -> Chunk:
        rejects: Rejects = []
        rows: list[_Named] = []
        try:
            rows = self._rows(Case.from_document(read_document(source.path, CaseError)), 0)
        except InputError as error:
            rejects.append((0, _reason(error)))
        batch = as_batch([row for row, _ in rows], self.facts)
        cases = pa.array([case for _, case in rows], pa.string())
        return Chunk(batch, np.zeros(len(rows), np.int64), rejects, 1, cases)


def _line_blocks(lines: list[bytes]) -> Iterator[list[bytes]]:
    """Yield lines some at a time; all together where flat rows follow others."""
    if any(b'"follows"' in line and b'"items"' not in line for line in lines):
        yield lines
    else:
        yield from (lines[first : first + LINES] for first in range(0, len(lines), LINES))


def _text(path: Path, unit: Unit) -> bytes:
    with path.open("rb") as stream:
        stream.seek(unit.start)
        return stream.read(unit.stop - unit.start)


def _reason(error: InputError) -> str:
    """Say in one line why a record cannot be read, without the place of a file that is not one."""
    problem = error.problems[0]
    where = f"{problem.place.pointer}: " if problem.place.pointer else ""
    return f"{where}{problem.what}" + (f"; {problem.hint}" if problem.hint else "")


def _check_once(names: Sequence[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        said = ", ".join(printable_name(name) or "one of another name" for name in twice)
        raise CaseError(Problem("duplicate-column", f"columns are given twice: {said}"))


def _check_edition(names: Sequence[str]) -> None:
    """Refuse a table that dates its requests where no edition is chosen by it."""
    if "request_date" in names and "edition_from" not in names:
        what = "there is a column request_date and none that says whose guidelines govern"
        hint = "name the request's date edition_from, or give both"
        raise CaseError(Problem("missing-column", what, Place(pointer="/edition_from"), hint))


def _in_file(problem: Problem, name: str) -> Problem:
    """Return a problem of a table with its file; a column is named only where its name is one of a fact's form."""
    pointer = problem.place.pointer
    if pointer is not None and not printable_name(pointer.removeprefix("/")):
        pointer = None
    return Problem(problem.code, problem.what, Place(name, pointer=pointer), problem.hint)
