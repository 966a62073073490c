"""From the flat facts of a record batch to columns of bounds, with every cell checked on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.arrow import numbers, texts, valid
from imr_rules.engines.columnar.column import Column, default
from imr_rules.facts.flat import HIGH, LOW, STATE, STATES

if TYPE_CHECKING:
    from imr_rules.expression.values import FactType
    from imr_rules.rulebook.dictionary import FactSpec


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


def read(columns: Mapping[str, pa.Array], spec: FactSpec, faults: Faults) -> Column:
    """Return what a batch says of one fact. A cell that its type does not allow is noted in ``faults``.

    Args:
        columns: those of the batch that say anything at all.
        spec: the fact.
        faults: of the batch.
    """
    value, said = columns.get(spec.name), columns.get(spec.name + STATE)
    state = None if said is None else _states(said, spec, faults)
    if spec.type.kind == "choice":
        return _choice(value, state, spec, faults)
    ends = [columns.get(spec.name + part) for part in (LOW, HIGH)]
    if value is None and state is None and ends == [None, None]:
        return default(spec)
    return _bounds(value, ends, state, spec, faults, len(faults.bad))


def _states(column: pa.Array, spec: FactSpec, faults: Faults) -> Any:
    """Return the states as codes: -1 for none, else the place in STATES."""
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
    values, known = numbers(value), valid(value) if value.null_count else None
    if state is not None:
        clash = (state >= 0) if known is None else known & (state >= 0)
        faults.add(clash, f"{spec.name}: a value excludes bounds and a state")
    # the extremes may be of numbers that mean nothing
    if kind.kind != "boolean" and (values.min() < kind.low or values.max() > kind.high):
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
    return valid(column)


def _first(value: pa.Array | None, end: pa.Array | None, unknown: Any, kind: FactType, rows: int) -> Any:
    """Return the value, else the bound, else what is possible where neither is given."""
    dtype = bool if kind.kind == "boolean" else np.int64
    found = unknown if isinstance(unknown, np.ndarray) else dtype(unknown)
    for column in (end, value):
        if column is not None:
            given = numbers(column)
            if isinstance(unknown, int) and -(2**31) <= unknown < 2**31 and not isinstance(found, np.ndarray):
                found = given.dtype.type(unknown)
            found = np.where(valid(column), given, found)
    return found if isinstance(found, np.ndarray) else np.full(rows, found)
