"""From the flat facts of a record batch to columns of bounds, with every cell checked on the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.arrow import numbers, texts, valid
from imr_rules.engines.columnar.column import Column, unmentioned
from imr_rules.engines.columnar.masks import Mask, Masks, both, either, negated
from imr_rules.facts.flat import HIGH, LOW, STATE, STATES

if TYPE_CHECKING:
    from imr_rules.expression.values import FactType
    from imr_rules.rulebook.dictionary import FactSpec


class Faults:
    """Rows that cannot be judged, with the first reason found for each."""

    def __init__(self, rows: int) -> None:
        self.bad = np.zeros(rows, bool)
        self.reasons: dict[int, str] = {}

    def add(self, rows: Mask, reason: str) -> None:
        """Note ``reason`` for each row where the mask ``rows`` is true and none was noted before."""
        if rows is False:
            return
        fresh = rows & ~self.bad
        if fresh.any():
            self.reasons.update(dict.fromkeys(np.flatnonzero(fresh).tolist(), reason))
            self.bad |= fresh


class _Said:
    """What the cells of one fact say, row by row.

    Attributes:
        value, low, high: the columns, None for those that say nothing anywhere.
        given, bounded: where there is a value, and where there are bounds.
        silent: where it is open for silence that counts against the request.
        absent: where that nothing was found, or said, means that it is not so.
        assumed, told: where a value is assumed, and where a value or bounds are stated.
    """

    def __init__(
        self, columns: Mapping[str, pa.Array], name: str, spec: FactSpec, faults: Faults, whole: Mask
    ) -> None:
        self.value, self.low, self.high = (columns.get(name + part) for part in ("", LOW, HIGH))
        self.given: Mask = _given(self.value)
        self.bounded: Mask = either(_given(self.low), _given(self.high))
        cells = columns.get(name + STATE)
        state = None if cells is None else _states(cells, name, faults)

        def stands(word: str) -> Mask:
            if state is None:
                return False
            return Masks.plain(state == STATES.index(word))

        undocumented, silent, assumed = (stands(word) for word in ("undocumented", "silent", "assumed"))
        said = either(either(self.given, self.bounded), False if state is None else state >= 0)
        unsaid = both(negated(said), _told_by_silence(spec, whole))
        against, absent = spec.silence == "against_request", spec.silence == "absent"
        self.silent = either(silent, both(against, either(undocumented, unsaid)))
        self.absent: Mask = both(absent, either(undocumented, unsaid))
        self.assumed: Mask = either(assumed, self.absent)
        stated = either(self.given, both(self.bounded, negated(undocumented)))
        self.told: Mask = either(both(stated, negated(assumed)), stands("conflict"))
        if state is not None:
            odd = both(self.given, negated(either(assumed, state < 0)))
            faults.add(odd, f"{name}: a value excludes bounds and a state other than assumed")
            faults.add(both(assumed, negated(self.given)), f"{name}{STATE}: assumed belongs beside a value")
        faults.add(
            both(self.given, self.bounded), f"{name}: a value excludes bounds and a state other than assumed"
        )


def read(
    columns: Mapping[str, pa.Array], spec: FactSpec, faults: Faults, whole: Mask, begins: str = ""
) -> Column:
    """Return what a batch says of one fact. A cell that its type does not allow is noted in ``faults``.

    Args:
        columns: those of the batch that say anything at all.
        spec: the fact.
        faults: of the batch.
        whole: where the whole record was read.
        begins: what the names of its columns begin with.
    """
    name = begins + spec.name
    if columns.keys().isdisjoint((name, name + LOW, name + HIGH, name + STATE)):
        silence = _told_by_silence(spec, whole)
        return unmentioned(
            spec.type,
            both(spec.silence == "absent", silence),
            both(spec.silence == "against_request", silence),
        )
    said = _Said(columns, name, spec, faults, whole)
    if spec.type.kind == "choice":
        return _choice(said, name, spec, faults)
    if spec.type.kind == "boolean" or (said.low is None and said.high is None):
        return _plain(said, name, spec.type, faults)
    return _bounds(said, name, spec.type, faults)


def _told_by_silence(spec: FactSpec, whole: Mask) -> Mask:
    """Return where not mentioning a fact says what the dictionary has silence about it say."""
    return not spec.derived and (spec.in_request or whole)


def says(columns: Mapping[str, pa.Array], name: str) -> Mask:
    """Return where any cell of a fact says anything."""
    return Masks.some(_given(columns.get(name + part)) for part in ("", LOW, HIGH, STATE))


def _given(column: pa.Array | None) -> Mask:
    if column is None:
        return False
    return valid(column) if column.null_count else True


def _states(column: pa.Array, name: str, faults: Faults) -> Any:
    """Return the states as codes: -1 for none, else the place in STATES."""
    codes, words = texts(column)
    places = [STATES.index(word) if word in STATES else -2 for word in words]
    found = np.array([*places, -1], np.int8).take(codes)
    if -2 in places:
        faults.add(found == -2, f"{name}{STATE}: one of {', '.join(STATES)} belongs here")
    return found


def _choice(said: _Said, name: str, spec: FactSpec, faults: Faults) -> Column:
    rest = {"silent": said.silent, "assumed": said.assumed, "told": said.told}
    if said.value is None:
        return Column(0, 1, codes=-1, exact=False, **rest)
    codes, words = texts(said.value)
    allowed = np.array([not spec.type.choices or word in spec.type.choices for word in words] + [True])
    wrong = ~allowed.take(codes)
    if wrong.any():
        faults.add(wrong, f"{name}: one of its words belongs here")
    return Column(0, 1, codes=codes, words=tuple(map(str, words)), exact=codes >= 0, **rest)


def _plain(said: _Said, name: str, kind: FactType, faults: Faults) -> Column:
    """Return a fact that is known or is not, with no bounds between."""
    rest = {"silent": said.silent, "assumed": said.assumed, "told": said.told}
    least, most = (0, 1) if kind.kind == "boolean" else (kind.low, kind.high)
    largest = max(abs(least), abs(most))
    known = either(said.given, said.absent)
    if said.value is None:
        if kind.kind == "boolean":
            return Column(False, negated(said.absent), **rest)
        only = False if least == most else None
        return Column(least, most, exact=only, most=largest, **rest)
    values = numbers(said.value)
    if said.absent is not False:
        values = values & negated(said.absent)
    # the extremes may be of numbers that mean nothing
    if kind.kind != "boolean" and (values.min() < least or values.max() > most):
        faults.add(both(said.given, (values < least) | (values > most)), f"{name}: {_range(kind)}")
        values = np.clip(values, least, most)
    exact = known if least == most else None
    if known is True:
        return Column(values, values, exact=exact, most=largest, **rest)
    return Column(values=values, known=known, unknown=(least, most), exact=exact, most=largest, **rest)


def _bounds(said: _Said, name: str, kind: FactType, faults: Faults) -> Column:
    """Return a number or a day, known or within bounds."""
    low = _first(said.value, said.low, kind.low, len(faults.bad))
    high = _first(said.value, said.high, kind.high, len(faults.bad))
    least, most = min(int(low.min()), int(high.min())), max(int(low.max()), int(high.max()))
    faults.add(low > high, f"{name}: the least value is more than the greatest")
    if least < kind.low or most > kind.high:
        outside = (low < kind.low) | (high > kind.high) | (high < kind.low) | (low > kind.high)
        faults.add(outside, f"{name}: {_range(kind)}")
        # within their domain, refused rows disturb no other row's arithmetic
        low, high = np.clip(low, kind.low, kind.high), np.clip(high, kind.low, kind.high)
    exact = said.given if kind.low == kind.high else None
    largest = max(abs(kind.low), abs(kind.high))
    return Column(
        low, high, silent=said.silent, told=said.told, assumed=said.assumed, exact=exact, most=largest
    )


def _range(kind: FactType) -> str:
    if kind.kind == "date":
        return "the year must be between 1900 and 2199"
    return f"this number must lie between {kind.low} and {kind.high}"


def _first(value: pa.Array | None, end: pa.Array | None, unknown: int, rows: int) -> Any:
    """Return the value, else the bound, else what is possible where neither is given."""
    found: Any = np.full(rows, unknown, np.int64)
    for column in (end, value):
        if column is not None:
            found = np.where(valid(column), numbers(column), found)
    return found
