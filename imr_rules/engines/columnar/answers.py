"""What was found of the rows of a batch, put together as the record batch that comes out."""

from __future__ import annotations

from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.catalogue import Catalogue
from imr_rules.engines.columnar.codes import REASONS, REVIEW, bit
from imr_rules.engines.columnar.column import Places
from imr_rules.engines.columnar.items import Items
from imr_rules.engines.columnar.judge import Coded
from imr_rules.engines.columnar.lists import Ragged, listed, offsets_of, reordered
from imr_rules.engines.columnar.questions import facts_to_find_out
from imr_rules.engines.columnar.schema import OUTPUT
from imr_rules.rulebook.questions import FIRST


class Answers:
    """What was found so far: of a row that was not judged, that it needs review, and why.

    Args:
        items: the rows.
    """

    def __init__(self, items: Items) -> None:
        self.suggestion = np.full(items.count, REVIEW, np.int8)
        self._items = items
        self._tier, self._lean = np.full((2, items.count), -1, np.int8)
        self._rests_on = np.zeros(items.count, np.uint16)
        self._reasons = items.unjudged.copy()
        self._lists: dict[str, list[tuple[Places, Ragged]]] = {
            name: [] for name in ("in_scope", "statuses", "grounds", "missing", "ask_for")
        }

    def add(self, places: Places, found: Coded) -> None:
        """Note what some rows came to."""
        self.suggestion[places] = found.suggestion
        self._tier[places] = found.tier
        self._lean[places] = found.lean
        self._reasons[places], self._rests_on[places] = found.reasons, found.rests_on
        for name, lists in self._lists.items():
            lists.append((places, getattr(found, name)))

    def batch(self, catalogue: Catalogue, schema: pa.Schema) -> pa.RecordBatch:
        """Return the columns of ``schema`` for every row."""
        words, bad, none = catalogue.words, self._items.faults.bad, np.int8(-1)
        self._say_what_comes_first(catalogue)
        self._reasons[bad] = self._rests_on[bad] = 0
        if bad.any():
            self._drop_rejected()
        made = {
            "case": lambda: self._text("case"),
            "item": lambda: self._text("item"),
            "treatment": lambda: _coded(np.where(bad, -1, self._items.treatment), words["treatments"]),
            "suggestion": lambda: _coded(np.where(bad, none, self.suggestion), words["suggestions"]),
            "grounds": lambda: listed(*self._reordered("grounds"), words["criteria"]),
            "review_reasons": lambda: listed(*_told(self._reasons), words["reasons"]),
            "lean": lambda: _coded(np.where(bad, none, self._lean), words["suggestions"]),
            "lean_rests_on": lambda: listed(*_told(self._rests_on), words["rests_on"]),
            "questions": lambda: self._questions(catalogue),
            "tier": lambda: _coded(np.where(bad, none, self._tier), words["tiers"]),
            "statuses": lambda: self._statuses(words),
            "missing": lambda: listed(*self._reordered("missing"), words["facts"]),
            "ask_for": lambda: listed(*self._reordered("ask_for"), words["facts"]),
            "rulebook_digest": lambda: _coded(
                np.zeros(self._items.count, np.int8), pa.array([catalogue.rulebook.digest])
            ),
            "input_digest": lambda: self._text("input_digest"),
            "rejected": self._rejected,
        }
        return pa.RecordBatch.from_arrays([made[name]() for name in schema.names], schema=schema)

    def _reordered(self, name: str) -> tuple[Any, Any]:
        return reordered(self._lists[name], self._items.count)

    def _statuses(self, words: dict[str, pa.Array]) -> pa.Array:
        offsets, criteria = self._reordered("in_scope")
        _, statuses = self._reordered("statuses")
        return pa.MapArray.from_arrays(
            pa.array(offsets),
            pa.DictionaryArray.from_arrays(pa.array(criteria), words["criteria"]),
            pa.DictionaryArray.from_arrays(pa.array(statuses.astype(np.int8)), words["statuses"]),
            OUTPUT.field("statuses").type,
        )

    def _questions(self, catalogue: Catalogue) -> pa.Array:
        found: list[list[int]] = [[] for _ in range(self._items.count)]
        for reason, first in FIRST.items():
            for row in np.flatnonzero(
                (self._items.unjudged == bit(reason)) & ~self._items.faults.bad
            ).tolist():
                found[row] = [catalogue.fact_numbers[first.fact]]
        for row, facts in facts_to_find_out(self._items, self.suggestion, catalogue):
            found[row] = facts
        counts = np.fromiter(map(len, found), np.int32, len(found))
        numbers = np.fromiter(chain.from_iterable(found), np.int32, int(counts.sum()))
        return listed(offsets_of(counts), numbers, catalogue.words["facts"])

    def _say_what_comes_first(self, catalogue: Catalogue) -> None:
        for reason, fact in FIRST.items():
            rows = np.flatnonzero((self._items.unjudged == bit(reason)) & ~self._items.faults.bad)
            number = np.full(len(rows), catalogue.fact_numbers[fact.fact], np.int32)
            self._lists["missing"].append((rows, Ragged(np.ones(len(rows), np.int32), number)))

    def _drop_rejected(self) -> None:
        """A row may be found out only after its case was judged in part: nothing is said of it then."""
        bad = self._items.faults.bad
        every = np.arange(self._items.count)
        for name, parts in self._lists.items():
            kept = []
            for places, lists in parts:
                good = ~bad[places]
                if not good.all():
                    values = lists.values[np.repeat(good, lists.counts)]
                    places, lists = every[places][good], Ragged(lists.counts[good], values)
                kept.append((places, lists))
            self._lists[name] = kept

    def _text(self, name: str) -> pa.Array:
        column = self._items.columns.get(name)
        if column is None:
            return pa.nulls(self._items.count, pa.string())
        return column if column.type == pa.string() else column.cast(pa.string())

    def _rejected(self) -> pa.Array:
        reasons = self._items.faults.reasons
        if not reasons:
            return pa.nulls(self._items.count, pa.string())
        found: list[str | None] = [None] * self._items.count
        for row, reason in reasons.items():
            found[row] = reason
        return pa.array(found, pa.string())


def _coded(codes: Any, words: pa.Array) -> pa.Array:
    """Return words by their codes, -1 for none."""
    none = codes < 0
    found = pa.array(codes, mask=none) if none.any() else pa.array(codes)
    return pa.DictionaryArray.from_arrays(found, words)


_EVERY = np.unpackbits(np.arange(1 << len(REASONS), dtype="<u2").view(np.uint8), bitorder="little").reshape(
    -1, 16
)
_COUNTS = _EVERY.sum(axis=1, dtype=np.int32)
_BEGINS = offsets_of(_COUNTS)[:-1]
_SPELLED = np.nonzero(_EVERY)[1].astype(np.int8)
"""For every set of bits: how many are set, where its places begin among all, and those places."""


def _told(bits: Any) -> tuple[Any, Any]:
    """Return the offsets and places of the bits that are set."""
    counts = _COUNTS.take(bits)
    offsets = offsets_of(counts)
    source = np.repeat(_BEGINS.take(bits) - offsets[:-1], counts)
    source += np.arange(len(source), dtype=np.int32)
    return offsets, _SPELLED.take(source)
