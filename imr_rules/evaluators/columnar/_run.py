"""One record batch on its way through: read, grouped by treatment and edition, judged, put together again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from imr_rules._dates import Window
from imr_rules.evaluators.columnar._columns import Column, Faults, dates, default, read, texts
from imr_rules.evaluators.columnar._judge import REASONS, SUGGESTIONS, Judge, Ragged, bit
from imr_rules.evaluators.columnar._lists import listed, offsets_of, reordered
from imr_rules.evaluators.columnar._rails import Rows
from imr_rules.evaluators.columnar._schema import OUTPUT
from imr_rules.facts.flat import STATE
from imr_rules.screening.missing import FIRST

if TYPE_CHECKING:
    from imr_rules.evaluators.columnar._evaluator import ColumnarEvaluator
    from imr_rules.facts.dictionary import FactSpec
    from imr_rules.screening.suggestion import ReviewReason

__all__ = ["Run"]

_PRINCIPAL = "principal_supported"


class _Columns(dict[str, Column]):
    """The facts of a batch; one that it does not mention is made when it is asked for."""

    def __init__(self, facts: dict[str, FactSpec]) -> None:
        super().__init__()
        self.facts = facts

    def __missing__(self, name: str) -> Column:
        found = self[name] = default(self.facts[name])
        return found


class Run:
    """One batch on its way through."""

    def __init__(self, evaluator: ColumnarEvaluator, batch: pa.RecordBatch) -> None:
        self.evaluator, self.batch, self.count = evaluator, batch, batch.num_rows
        self.present = set(batch.schema.names)
        self.faults = Faults(self.count)
        self.columns = _Columns(evaluator._facts)
        for name, columns in evaluator._columns_of.items():
            if not self.present.isdisjoint(columns):
                self.columns[name] = read(batch, evaluator._facts[name], self.faults)
        self.suggestion = np.full(self.count, SUGGESTIONS.index("needs_review"), np.int8)
        self.tier = np.full(self.count, -1, np.int8)
        self.reasons = np.zeros(self.count, np.uint16)
        self.lists: dict[str, list[tuple[Any, Ragged]]] = {
            name: [] for name in ("heard", "statuses", "grounds", "missing", "ask_for")
        }

    def result(self) -> pa.RecordBatch:
        """Return the suggestions."""
        self._read_item()
        for rows in self._passes():
            self._judge(rows)
        return self._assembled()

    # -- what the rows are about ---------------------------------------------------------------------

    def _column(self, name: str) -> pa.Array | None:
        if name not in self.present:
            return None
        column = self.batch.column(name)
        return None if column.null_count == len(column) else column

    def _read_item(self) -> None:
        evaluator, count = self.evaluator, self.count
        treatment = self._column("treatment")
        if treatment is None:
            self.treatment = np.full(count, -1, np.int32)
        else:
            codes, words = texts(treatment)
            places = [evaluator._treatments.get(str(word), -1) for word in words]
            self.treatment = np.array([*places, -1], np.int32).take(codes)
        begin, end = self._column("edition_from"), self._column("edition_to")
        if begin is None:
            self.begin, dated = np.zeros(count, np.int32), np.zeros(count, bool)
        else:
            self.begin, dated = dates(begin)
        self.end = self.begin
        if end is not None:
            days, given = dates(end)
            self.end = np.where(given, days, self.begin)
            self.faults.add(given & ~dated, "edition_to: there is no edition_from")
            self.faults.add(dated & (self.end < self.begin), "edition_to: it lies before edition_from")
        self._not_judged(self.treatment < 0, "treatment_not_recognised")
        self._not_judged(~dated, "edition_not_known")
        denial = self._column("only_denial")
        if denial is not None:
            only = denial.fill_null(False).to_numpy(zero_copy_only=False)
            self.reasons[only] = 0
            self._not_judged(only, "record_holds_only_the_denial")

    def _not_judged(self, where: Any, reason: ReviewReason) -> None:
        self.reasons[where & (self.reasons == 0)] = bit(reason)

    # -- items that follow another -------------------------------------------------------------------

    def _passes(self) -> Iterator[Any]:
        """Yield the rows to be judged, pass by pass: those that follow an item after that item."""
        follows = self._column("follows")
        behind = np.zeros(self.count, bool)
        if follows is not None:
            behind = follows.is_valid().to_numpy(zero_copy_only=False)
        if "follows_principal" in self.evaluator._facts:
            self._say_who_follows(behind)
        waiting = np.flatnonzero(behind & ~self.faults.bad)
        if not len(waiting):
            yield self._judgeable(~behind)
            return
        assert follows is not None
        principals = self._principals(waiting, follows)
        yield self._judgeable(~behind)
        while len(waiting):
            ready = ~behind[principals]
            if not ready.any():
                stuck = np.zeros(self.count, bool)
                stuck[waiting] = True
                self.faults.add(stuck, "follows: items that follow one another in a circle")
                return
            rows, before = waiting[ready], principals[ready]
            failed = self.faults.bad[before]
            if failed.any():
                lost = np.zeros(self.count, bool)
                lost[rows[failed]] = True
                self.faults.add(lost, "follows: the item that this one follows was rejected")
            self._tell(rows, before)
            chosen = np.zeros(self.count, bool)
            chosen[rows] = True
            yield self._judgeable(chosen)
            behind[rows] = False
            waiting, principals = waiting[~ready], principals[~ready]

    def _principals(self, waiting: Any, follows: pa.Array) -> Any:
        """Return the row of the item that each waiting row follows; one that is not there is a fault."""
        case, item = self._column("case"), self._column("item")
        codes = np.full(self.count, -1) if case is None else texts(case)[0]
        concerned = np.zeros(int(codes.max(initial=-1)) + 2, bool)
        concerned[codes[waiting]] = True
        concerned[-1] = False  # a row without a case
        rows = np.flatnonzero(concerned[codes])
        named: dict[tuple[int, str], int | None] = {}
        if item is not None:
            for row, name in zip(rows.tolist(), item.take(pa.array(rows)).to_pylist(), strict=True):
                key = int(codes[row]), str(name)
                named[key] = None if key in named else row
        found = []
        lost = np.zeros(self.count, bool)
        for row, name in zip(waiting.tolist(), follows.take(pa.array(waiting)).to_pylist(), strict=True):
            principal = named.get((int(codes[row]), str(name)))
            lost[row] = principal is None
            found.append(row if principal is None else principal)
        self.faults.add(lost, "follows: it must name one item of the same case, beside this row")
        return np.array(found, np.int64)

    def _unmentioned(self, name: str) -> Any:
        """Return where a fact has neither a value nor a state."""
        found = np.ones(self.count, bool)
        for column in (self._column(name), self._column(name + STATE)):
            if column is not None:
                found &= column.is_null().to_numpy(zero_copy_only=False)
        return found

    def _say_who_follows(self, behind: Any) -> None:
        fresh = self._unmentioned("follows_principal")
        column = self.columns["follows_principal"]
        low = np.where(fresh, behind, column.low).astype(bool)
        high = np.where(fresh, behind, column.high).astype(bool)
        self.columns["follows_principal"] = Column(low, high, silent=column.silent)

    def _tell(self, rows: Any, before: Any) -> None:
        """Say of rows what was suggested for the items that they follow."""
        if _PRINCIPAL not in self.evaluator._facts:
            return
        column = self.columns[_PRINCIPAL]
        low = np.broadcast_to(np.asarray(column.low, bool), (self.count,)).copy()
        high = np.broadcast_to(np.asarray(column.high, bool), (self.count,)).copy()
        silent = np.broadcast_to(np.asarray(column.silent or False if not isinstance(column.silent, np.ndarray)
                                            else column.silent), (self.count,)).copy()  # fmt: skip
        suggested = self.suggestion[before]
        decided = suggested != SUGGESTIONS.index("needs_review")
        rows, supported = rows[decided], suggested[decided] == SUGGESTIONS.index("overturn")
        open_ = low[rows] != high[rows]
        state = self._column(_PRINCIPAL + STATE)
        stated = np.zeros(len(rows), bool)
        if state is not None:
            stated = np.array([each == "conflict" for each in state.take(pa.array(rows)).to_pylist()], bool)
        against = ~open_ & (low[rows] != supported)
        told = open_ & ~stated
        low[rows] = np.where(told, supported, low[rows] & ~against)
        high[rows] = np.where(told, supported, high[rows] | against)
        silent[rows] &= ~told
        self.columns[_PRINCIPAL] = Column(low, high, silent=silent if silent.any() else None)

    # -- judging -------------------------------------------------------------------------------------

    def _judgeable(self, chosen: Any) -> Any:
        return np.flatnonzero(chosen & (self.reasons == 0) & ~self.faults.bad)

    def _judge(self, rows: Any) -> None:
        for judge, places in self._groups(rows):
            found = judge.judge(Rows(self.columns, places), self.evaluator.wanted)
            self.suggestion[places] = found.suggestion
            self.tier[places] = found.tier
            self.reasons[places] = found.reasons
            for name, lists in self.lists.items():
                lists.append((places, getattr(found, name)))

    def _groups(self, rows: Any) -> Iterator[tuple[Judge, Any]]:
        """Yield what judges some rows, and those rows: one group a treatment and edition."""
        if not len(rows):
            return
        turns = self.evaluator._turns
        periods = len(turns) + 1
        first = turns.searchsorted(self.begin[rows], "right")
        last = first if self.end is self.begin else turns.searchsorted(self.end[rows], "right")
        keys = (self.treatment[rows].astype(np.int64) * periods + first) * periods + last
        present, group = _distinct(keys, len(self.evaluator._treatments) * periods * periods)
        order = group.argsort(kind="stable")
        ends = offsets_of(np.bincount(group, minlength=len(present)))
        names = list(self.evaluator._treatments)
        for number, key in enumerate(present.tolist()):
            places = rows[order[ends[number] : ends[number + 1]]]
            (treatment, begin), end = divmod(key // periods, periods), key % periods
            example = int(places[0])
            days = (int(self.begin[example]), int(self.end[example]))
            window = Window(*map(date.fromordinal, days))
            yield self.evaluator.judge_for(names[treatment], begin, end, window), places

    # -- what comes out ------------------------------------------------------------------------------

    def _assembled(self) -> pa.RecordBatch:
        evaluator, words, bad = self.evaluator, self.evaluator._words, self.faults.bad
        self._say_what_comes_first()
        self.reasons[bad] = 0
        if bad.any():
            self._drop_rejected()
        made = {
            "case": lambda: self._text("case"),
            "item": lambda: self._text("item"),
            "treatment": lambda: _coded(np.where(bad, -1, self.treatment), words["treatments"]),
            "suggestion": lambda: _coded(np.where(bad, np.int8(-1), self.suggestion), words["suggestions"]),
            "grounds": lambda: listed(*reordered(self.lists["grounds"], self.count), words["criteria"]),
            "review_reasons": lambda: listed(*_told(self.reasons), words["reasons"]),
            "tier": lambda: _coded(np.where(bad, np.int8(-1), self.tier), words["tiers"]),
            "statuses": self._statuses,
            "missing": lambda: listed(*reordered(self.lists["missing"], self.count), words["facts"]),
            "ask_for": lambda: listed(*reordered(self.lists["ask_for"], self.count), words["facts"]),
            "rulebook_digest": self._digest,
            "input_digest": lambda: self._text("input_digest"),
            "rejected": self._rejected,
        }
        schema = evaluator.schema
        return pa.RecordBatch.from_arrays([made[name]() for name in schema.names], schema=schema)

    def _statuses(self) -> pa.Array:
        words = self.evaluator._words
        offsets, criteria = reordered(self.lists["heard"], self.count)
        _, statuses = reordered(self.lists["statuses"], self.count)
        return pa.MapArray.from_arrays(
            pa.array(offsets),
            pa.DictionaryArray.from_arrays(pa.array(criteria), words["criteria"]),
            pa.DictionaryArray.from_arrays(pa.array(statuses.astype(np.int8)), words["statuses"]),
            OUTPUT.field("statuses").type,
        )

    def _digest(self) -> pa.Array:
        digest = pa.array([self.evaluator.rulebook.digest])
        return pa.DictionaryArray.from_arrays(pa.array(np.zeros(self.count, np.int8)), digest)

    def _say_what_comes_first(self) -> None:
        for reason, fact in FIRST.items():
            rows = np.flatnonzero((self.reasons == bit(reason)) & ~self.faults.bad)
            number = np.full(len(rows), self.evaluator._fact_numbers[fact.fact], np.int32)
            self.lists["missing"].append((rows, Ragged(np.ones(len(rows), np.int32), number)))

    def _drop_rejected(self) -> None:
        """A row may be found out only after its case was judged in part: nothing is said of it then."""
        for name, parts in self.lists.items():
            kept = []
            for places, lists in parts:
                good = ~self.faults.bad[places]
                if not good.all():
                    values = lists.values[np.repeat(good, lists.counts)]
                    places, lists = places[good], Ragged(lists.counts[good], values)
                kept.append((places, lists))
            self.lists[name] = kept

    def _text(self, name: str) -> pa.Array:
        column = self._column(name)
        if column is None:
            return pa.nulls(self.count, pa.string())
        return column if column.type == pa.string() else column.cast(pa.string())

    def _rejected(self) -> pa.Array:
        if not self.faults.reasons:
            return pa.nulls(self.count, pa.string())
        found: list[str | None] = [None] * self.count
        for row, reason in self.faults.reasons.items():
            found[row] = reason
        return pa.array(found, pa.string())


def _distinct(keys: Any, space: int) -> tuple[Any, Any]:
    """Return the distinct keys, and for each key its place among them."""
    if space > 2**22:
        present, group = np.unique(keys, return_inverse=True)
    else:
        present = np.flatnonzero(np.bincount(keys, minlength=space))
        places = np.empty(space, np.int32)
        places[present] = np.arange(len(present), dtype=np.int32)
        group = places[keys]
    return present, group.astype(np.int16 if len(present) < 2**15 else np.int32)


def _coded(codes: Any, words: pa.Array) -> pa.Array:
    """Return words by their codes, -1 for none."""
    none = codes < 0
    found = pa.array(codes, mask=none) if none.any() else pa.array(codes)
    return pa.DictionaryArray.from_arrays(found, words)


def _spelt() -> tuple[Any, Any, Any]:
    lists: Sequence[list[int]] = [
        [place for place in range(len(REASONS)) if bits >> place & 1] for bits in range(1 << len(REASONS))
    ]
    counts = np.array([len(each) for each in lists], np.int32)
    return counts, offsets_of(counts)[:-1], np.array([place for each in lists for place in each], np.int8)


_COUNTS, _BEGINS, _SPELT = _spelt()


def _told(reasons: Any) -> tuple[Any, Any]:
    """Return the offsets and places of the reasons whose bits are set."""
    counts = _COUNTS.take(reasons)
    offsets = offsets_of(counts)
    source = np.repeat(_BEGINS.take(reasons) - offsets[:-1], counts)
    source += np.arange(len(source), dtype=np.int32)
    return offsets, _SPELT.take(source)
