"""From the flat facts of a record batch to columns of bounds, with every cell checked on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from imr_rules.errors import CaseError, Place, Problem, nearest, printable_name
from imr_rules.facts.flat import HIGH, ITEM_COLUMNS, LOW, STATE, STATES

if TYPE_CHECKING:
    from imr_rules.facts.dictionary import FactSpec
    from imr_rules.facts.values import FactType

__all__ = ["EPOCH", "Column", "Faults", "Numbers", "check_schema", "dates", "default", "read", "texts"]

Numbers = Any
"""A NumPy array with one number a row, or one Python number that stands for every row."""

EPOCH = 719_163
"""Ordinal of 1970-01-01, from which Arrow counts days."""

_BELONGS = {"integer": "whole numbers", "date": "dates", "boolean": "true or false", "choice": "words"}


class Faults:
    """Rows that cannot be judged, with the first reason found for each."""

    def __init__(self, rows: int) -> None:
        self.bad = np.zeros(rows, bool)
        self.reasons: dict[int, str] = {}

    def add(self, rows: Any, reason: str) -> None:
        """Note ``reason`` for each row where the mask ``rows`` is true and none was noted before."""
        fresh = rows & ~self.bad
        if fresh.any():
            self.reasons.update(dict.fromkeys(np.flatnonzero(fresh).tolist(), reason))
            self.bad |= fresh


class Column:
    """What is known of one fact, row by row: bounds, or for a choice the code of its word.

    Attributes:
        values, known: values, and where they are known; elsewhere the fact lies within ``unknown``, and the value
            means nothing. None where there are bounds row by row instead, or one for all rows.
        unknown: the least and greatest value of a fact that is not known.
        codes: for a choice, the place of the word in ``words``, or -1 while it is not known.
        silent: where it is open for silence that counts against the request; None for nowhere.
        exact: where one value alone is possible; None where ``low == high`` says so.
        most: the largest absolute value within.
    """

    __slots__ = ("_high", "_low", "codes", "exact", "known", "most", "silent", "unknown", "values", "words")

    def __init__(
        self,
        low: Numbers = None,
        high: Numbers = None,
        *,
        values: Any = None,
        known: Any = None,
        unknown: tuple[int, int] = (0, 0),
        silent: Numbers = None,
        exact: Numbers = None,
        codes: Numbers = None,
        words: tuple[str, ...] = (),
        most: int = 1,
    ) -> None:
        self._low, self._high, self.silent, self.exact = low, high, silent, exact
        self.values, self.known, self.unknown = values, known, unknown
        self.codes, self.words, self.most = codes, words, most

    @property
    def low(self) -> Numbers:
        """The least value possible; the same object as ``high`` where every row is exact."""
        if self._low is None:
            self._low = np.where(self.known, self.values, self.unknown[0])
        return self._low

    @property
    def high(self) -> Numbers:
        """The greatest value possible."""
        if self._high is None:
            least, most = self.unknown
            self._high = self.low if least == most else np.where(self.known, self.values, most)
        return self._high

    def at(self, rows: Any) -> Column:
        """Return the column at some rows."""
        low = high = known = values = None
        if self.known is None:
            low = _at(self._low, rows)
            high = low if self._high is self._low else _at(self._high, rows)
        else:
            values, known = self.values.take(rows), self.known.take(rows)
        silent = None if self.silent is None else _at(self.silent, rows)
        exact = None if self.exact is None else _at(self.exact, rows)
        codes = None if self.codes is None else _at(self.codes, rows)
        return Column(
            low, high, values=values, known=known, unknown=self.unknown, silent=silent, exact=exact, codes=codes,
            words=self.words, most=self.most,
        )  # fmt: skip


def _at(values: Numbers, rows: Any) -> Numbers:
    return values.take(rows) if isinstance(values, np.ndarray) else values


def default(spec: FactSpec) -> Column:
    """Return a fact that no row mentions."""
    kind = spec.type
    if not spec.derived and spec.silence == "absent" and kind.kind != "choice":
        return Column(0, 0)
    if kind.kind == "choice":
        absent = not spec.derived and spec.silence == "absent"
        return Column(0, 0 if absent else 1, codes=-1, exact=absent)
    exact = False if kind.low == kind.high else None
    return Column(kind.low, kind.high, exact=exact, most=max(abs(kind.low), abs(kind.high)))


def check_schema(schema: pa.Schema, facts: dict[str, FactSpec], carried: Iterable[str] = ()) -> None:
    """Refuse columns that nobody declared, and columns of another type than their fact's.

    Args:
        schema: of the flat facts.
        facts: the dictionary.
        carried: further columns to be carried along unread.

    Raises:
        CaseError: with each such column.
    """
    problems = []
    known = set(carried)
    for field in schema:
        name = field.name
        if name in known:
            continue
        base, dot, part = name.partition(".")
        spec = facts.get(base)
        place = Place(pointer="/" + name.replace("~", "~0").replace("/", "~1"))
        wanted: str
        if name in ITEM_COLUMNS:
            wanted = {"text": "choice", "date": "date", "yes_no": "boolean"}[ITEM_COLUMNS[name]]
        elif spec is not None and (not dot or dot + part == STATE):
            wanted = "choice" if dot else spec.type.kind
        elif spec is not None and dot + part in (LOW, HIGH) and spec.type.kind in ("integer", "date"):
            wanted = spec.type.kind
        else:
            what = f"there is no fact or column {printable_name(name) or 'of this name'}"
            close = nearest(name, [*facts, *ITEM_COLUMNS]) or "imr-rules facts lists the facts"
            problems.append(Problem("unknown-column", what, place, close))
            continue
        if not _fits(field.type, wanted):
            hint = "write them as integers (in pandas: Int64)" if pa.types.is_floating(field.type) else None
            what = f"column `{name}` is of type {field.type}: {_BELONGS[wanted]} belong here"
            problems.append(Problem("wrong-type", what, place, hint))
    if problems:
        raise CaseError(problems)


def _fits(found: pa.DataType, wanted: str) -> bool:
    types = pa.types
    if types.is_null(found):
        return True
    if wanted == "integer":
        return bool(types.is_integer(found)) and found != pa.uint64()
    if wanted == "date":
        return bool(types.is_date32(found))
    if wanted == "boolean":
        return bool(types.is_boolean(found))
    if types.is_dictionary(found):
        found = found.value_type
    return bool(types.is_string(found) or types.is_large_string(found) or types.is_string_view(found))


def texts(column: pa.Array) -> tuple[Any, list[str | None]]:
    """Return a column of words as codes (-1 for none) and the words they stand for."""
    if pa.types.is_null(column.type):
        return np.full(len(column), -1, np.int32), []
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    codes = column.indices
    if codes.null_count:
        codes = codes.cast(pa.int32()).fill_null(-1)
    found = codes.to_numpy(zero_copy_only=False)
    words = column.dictionary.to_pylist()
    if None in words:  # a dictionary may hold a null of its own
        found = np.where(found == words.index(None), -1, found)
    return found, words


def dates(column: pa.Array) -> tuple[Any, Any]:
    """Return a column of dates as ordinals, and where there is one."""
    if pa.types.is_null(column.type):
        return np.zeros(len(column), np.int32), np.zeros(len(column), bool)
    days = column.cast(pa.int32()).fill_null(0).to_numpy(zero_copy_only=False) + np.int32(EPOCH)
    return days, column.is_valid().to_numpy(zero_copy_only=False)


def read(batch: pa.RecordBatch, spec: FactSpec, faults: Faults) -> Column:
    """Return what a batch says of one fact. A cell that its type does not allow is noted in ``faults``."""
    present = set(batch.schema.names)
    state = _states(batch, spec, faults) if spec.name + STATE in present else None
    value = batch.column(spec.name) if spec.name in present else None
    if value is not None and value.null_count == len(value):
        value = None
    if spec.type.kind == "choice":
        return _choice(value, state, spec, faults)
    ends = [batch.column(spec.name + part) if spec.name + part in present else None for part in (LOW, HIGH)]
    ends = [end if end is not None and end.null_count < len(end) else None for end in ends]
    if value is None and state is None and ends == [None, None]:
        return default(spec)
    return _bounds(value, ends, state, spec, faults, batch.num_rows)


def _states(batch: pa.RecordBatch, spec: FactSpec, faults: Faults) -> Any:
    """Return the states as codes: -1 for none, else the place in STATES; None where every one is null."""
    column = batch.column(spec.name + STATE)
    if column.null_count == len(column):
        return None
    codes, words = texts(column)
    places = [STATES.index(word) if word in STATES else -2 for word in words]
    if spec.silence == "against_request":
        places = [1 if place == 0 else place for place in places]
    found = np.array([*places, -1], np.int8).take(codes)
    if -2 in places:
        faults.add(found == -2, f"{spec.name}{STATE}: one of {', '.join(STATES)} belongs here")
    return found


def _choice(value: pa.Array | None, state: Any, spec: FactSpec, faults: Faults) -> Column:
    silent = None if state is None else state == 1
    absent: Any = not spec.derived and spec.silence == "absent"
    if state is not None:
        absent = (absent & (state < 0)) | ((state == 0) & (spec.silence == "absent"))
    if value is None:
        return Column(0, 1, codes=-1, exact=absent, silent=silent)
    codes, words = texts(value)
    allowed = np.array([not spec.type.choices or word in spec.type.choices for word in words] + [True])
    wrong = ~allowed.take(codes)
    if wrong.any():
        faults.add(wrong, f"{spec.name}: one of its words belongs here")
    if state is not None:
        faults.add((codes >= 0) & (state >= 0), f"{spec.name}: a value and a state exclude each other")
    exact = (codes >= 0) | absent
    return Column(0, 1, codes=codes, words=tuple(map(str, words)), exact=exact, silent=silent)


def _bounds(
    value: pa.Array | None, ends: list[pa.Array | None], state: Any, spec: FactSpec, faults: Faults, rows: int
) -> Column:
    kind = spec.type
    absent = not spec.derived and spec.silence == "absent"
    if kind.kind == "boolean":
        unknown: tuple[Any, Any] = (False, not absent)
    else:
        unknown = (0, 0) if absent else (kind.low, kind.high)
    silent = None
    if state is not None:
        open_ = state >= 0
        if spec.silence == "absent":
            open_ = open_ & (state != 0)  # searched and silent: absent
            nothing = ~open_ if absent else state == 0
            unknown = (0, np.where(nothing, 0, kind.high)) if kind.low == 0 else (
                np.where(nothing, 0, kind.low), np.where(nothing, 0, kind.high))  # fmt: skip
        silent = state == 1
        if not silent.any():
            silent = None
    if ends == [None, None] and value is not None and not isinstance(unknown[1], np.ndarray):
        return _plain(value, state, silent, unknown, spec, faults)
    low = _first(value, ends[0], unknown[0], kind, rows)
    high = _first(value, ends[1], unknown[1], kind, rows)
    if ends != [None, None] and absent:
        # one end alone leaves the other open, as in a case
        given = [_valid(end, rows) for end in ends]
        blank = ~_valid(value, rows)
        low = np.where(blank & given[1] & ~given[0], kind.low, low)
        high = np.where(blank & given[0] & ~given[1], kind.high, high)
    if value is not None and (ends != [None, None] or state is not None):
        others = [_valid(end, rows) for end in ends if end is not None]
        others += [state >= 0] if state is not None else []
        clash = _valid(value, rows) & np.logical_or.reduce(others)
        faults.add(clash, f"{spec.name}: a value excludes bounds and a state")
    if kind.kind == "boolean":
        return Column(low, high, silent=silent)
    low, high, most = _held(low, high, spec, faults)
    exact = _valid(value, rows) if kind.low == kind.high else None
    return Column(low, high, silent=silent, exact=exact, most=most)


def _plain(
    value: pa.Array, state: Any, silent: Any, unknown: tuple[Any, Any], spec: FactSpec, faults: Faults
) -> Column:
    """Return a fact that is known or is not, with no bounds between."""
    kind = spec.type
    least, most = (int(each) for each in unknown)
    values, known = _numbers(value, kind), None
    if value.null_count:
        known = value.is_valid().to_numpy(zero_copy_only=False)
    if state is not None:
        clash = (state >= 0) if known is None else known & (state >= 0)
        faults.add(clash, f"{spec.name}: a value excludes bounds and a state")
    if kind.kind != "boolean":
        found = pc.min_max(value.cast(pa.int32()) if kind.kind == "date" else value)
        first, last = found["min"].as_py(), found["max"].as_py()
        if kind.kind == "date":
            first, last = first + EPOCH, last + EPOCH
        if first < kind.low or last > kind.high:
            wrong = (values < kind.low) | (values > kind.high)
            faults.add(wrong if known is None else wrong & known, f"{spec.name}: {_range(kind)}")
            values = np.clip(values, kind.low, kind.high)
    exact = known if kind.low == kind.high else None
    largest = max(abs(kind.low), abs(kind.high))
    if known is None:
        return Column(values, values, silent=silent, exact=exact, most=largest)
    return Column(values=values, known=known, unknown=(least, most), silent=silent, exact=exact, most=largest)


def _held(low: Any, high: Any, spec: FactSpec, faults: Faults) -> tuple[Any, Any, int]:
    """Hold numbers against their domain; return them no wider than they need be, and the largest."""
    kind = spec.type
    least, most = int(low.min(initial=kind.low)), int(high.max(initial=kind.high))
    if low is not high:
        least, most = min(least, int(high.min(initial=kind.low))), max(most, int(low.max(initial=kind.high)))
        crossed = low > high
        if crossed.any():
            faults.add(crossed, f"{spec.name}: the least value is more than the greatest")
    if least < kind.low or most > kind.high:
        outside = (low < kind.low) | (high > kind.high) | (high < kind.low) | (low > kind.high)
        faults.add(outside, f"{spec.name}: {_range(kind)}")
        low, high, least, most = _within(low, high, kind)
    return low, high, max(abs(least), abs(most))


def _within(low: Any, high: Any, kind: FactType) -> tuple[Any, Any, int, int]:
    """Bring the numbers of refused rows within their domain, so that they disturb no other row's arithmetic."""
    held = np.clip(low, kind.low, kind.high)
    return held, held if high is low else np.clip(high, kind.low, kind.high), kind.low, kind.high


def _range(kind: FactType) -> str:
    if kind.kind == "date":
        return "the year must be between 1900 and 2199"
    return f"this number must lie between {kind.low} and {kind.high}"


def _valid(column: pa.Array | None, rows: int) -> Any:
    if column is None:
        return np.zeros(rows, bool)
    return column.is_valid().to_numpy(zero_copy_only=False)


def _numbers(column: pa.Array, kind: FactType) -> Any:
    """Return the numbers of a column; where it is null, any number."""
    if kind.kind == "date":
        column = column.cast(pa.int32())
    elif kind.kind == "integer" and column.type not in (pa.int32(), pa.int64()):
        column = column.cast(pa.int64())
    if column.null_count:
        buffers = [None, column.buffers()[1]]
        column = pa.Array.from_buffers(column.type, len(column), buffers, offset=column.offset)
    found = column.to_numpy(zero_copy_only=False)
    return found + np.int32(EPOCH) if kind.kind == "date" else found


def _first(value: pa.Array | None, end: pa.Array | None, unknown: Any, kind: FactType, rows: int) -> Any:
    """Return the value, else the bound, else what is possible where neither is given."""
    dtype = bool if kind.kind == "boolean" else np.int64
    found = unknown if isinstance(unknown, np.ndarray) else dtype(unknown)
    for column in (end, value):
        if column is not None:
            numbers = _numbers(column, kind)
            if isinstance(unknown, int) and -(2**31) <= unknown < 2**31 and not isinstance(found, np.ndarray):
                found = numbers.dtype.type(unknown)
            found = np.where(_valid(column, rows), numbers, found)
    return found if isinstance(found, np.ndarray) else np.full(rows, found)
