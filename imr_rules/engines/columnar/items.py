"""What a record batch says: the facts of each row, which treatment it is about, and of which day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from imr_rules.engines.columnar.arrow import dates, numbers, texts, valid
from imr_rules.engines.columnar.catalogue import Catalogue
from imr_rules.engines.columnar.codes import bit
from imr_rules.engines.columnar.column import Column, picked
from imr_rules.engines.columnar.masks import Mask, Masks
from imr_rules.engines.columnar.reading import Faults, read, says
from imr_rules.facts.flat import SILENCE, STATE
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.suggestion import ReviewReason

READ = ("none", "part", "all")


class Facts(dict[str, Column]):
    """The facts of a batch; one that it does not mention is made when it is asked for.

    Attributes:
        specs: the dictionary.
        whole: where the whole record was read.
        contradicted: where a case contradicts itself in something that every answer turns on.
    """

    def __init__(self, specs: dict[str, FactSpec], whole: Mask, contradicted: Mask) -> None:
        super().__init__()
        self.specs, self.whole, self.contradicted = specs, whole, contradicted

    def __missing__(self, name: str) -> Column:
        found = self[name] = read({}, self.specs[name], Faults(0), self.whole)
        return found


class Items:
    """The rows of a batch.

    Attributes:
        count: how many.
        columns: those that say anything at all, as they came.
        facts: what is known of each fact, by its name.
        silence: the same with silence in what was read taken as silence; of rows of which ``part`` was read.
        part: where part of the record was read.
        faults: the rows that are rejected, and why.
        treatment: the number of each row's treatment; -1 for none.
        begin, end: the ordinals of the days of its request.
        unjudged: the bit of the reason why a row cannot be judged at all; else 0.
    """

    def __init__(self, batch: pa.RecordBatch, catalogue: Catalogue) -> None:
        self.count = batch.num_rows
        self.faults = Faults(self.count)
        self.unjudged = np.zeros(self.count, np.uint16)
        self._against: dict[str, Any] = {}
        every = {name: batch.column(name) for name in batch.schema.names}
        self.columns = {name: column for name, column in every.items() if column.null_count < self.count}
        self.part, whole = self._read()
        contradicted = self._stated("contradicted")
        self.facts = Facts(catalogue.facts, whole, contradicted)
        self.silence = Facts(catalogue.facts, True, contradicted)
        for name, columns in catalogue.columns_of.items():
            if not self.columns.keys().isdisjoint(columns):
                self._read_fact(catalogue.facts[name], whole)
        self.treatment = self._read_treatment(catalogue)
        self.begin, self.end, dated = self._read_days()
        self._leave(self.treatment < 0, "treatment_not_recognized")
        self._leave(~dated, "edition_not_known")
        only = self._stated("only_denial")
        if only is not False:
            self.unjudged[only] = 0
            self._leave(only, "record_holds_only_the_denial")

    def judgeable(self, chosen: Any) -> Any:
        """Return the places of those of some rows that can be judged."""
        return np.flatnonzero(chosen & (self.unjudged == 0) & ~self.faults.bad)

    def put(self, name: str, column: Column, against: Mask = False) -> None:
        """Say of a fact what was found out since, and where that goes against what the case states."""
        self.facts[name] = self.silence[name] = column
        self._against[name] = self.in_conflict(name) | against

    def in_conflict(self, name: str) -> Any:
        """Return where documents disagree about a fact, or what was found out since goes against them."""
        found = self._against.get(name, np.zeros(self.count, bool))
        cells = self.columns.get(name + STATE)
        if cells is None:
            return found
        codes, words = texts(cells)
        return found | (codes == words.index("conflict")) if "conflict" in words else found

    def _read_fact(self, spec: FactSpec, whole: Mask) -> None:
        self.facts[spec.name] = read(self.columns, spec, self.faults, whole)
        if self.part is False:
            return
        found = self.silence[spec.name] = read(self.columns, spec, self.faults, True)
        apart = says(self.columns, SILENCE + spec.name)
        if apart is not False:
            said = read(self.columns, spec, self.faults, True, SILENCE)
            where = np.broadcast_to(apart, self.count)
            self.silence[spec.name] = picked((said, found), (where, ~where))

    def _read(self) -> tuple[Mask, Mask]:
        """Return where part of the record was read, and where all of it was."""
        column = self.columns.get("read")
        if column is None:
            return False, False
        codes, words = texts(column)
        places = [READ.index(str(word)) if word in READ else -1 for word in words]
        found = np.array([*places, 0], np.int8).take(codes)
        self.faults.add(found < 0, f"read: one of {', '.join(READ)} belongs here")
        return Masks.plain(found == READ.index("part")), Masks.plain(found == READ.index("all"))

    def _stated(self, name: str) -> Mask:
        """Return where a column of truths says yes."""
        column = self.columns.get(name)
        return False if column is None else Masks.plain(numbers(column) & valid(column))

    def _read_treatment(self, catalogue: Catalogue) -> Any:
        treatment = self.columns.get("treatment")
        if treatment is None:
            return np.full(self.count, -1, np.int32)
        codes, words = texts(treatment)
        places = [catalogue.treatments.get(str(word), -1) for word in words]
        return np.array([*places, -1], np.int32).take(codes)

    def _read_days(self) -> tuple[Any, Any, Any]:
        """Return the first and last day of each row's request, and where there is one."""
        first, last = self.columns.get("edition_from"), self.columns.get("edition_to")
        if first is None:
            begin, dated = np.zeros(self.count, np.int32), np.zeros(self.count, bool)
        else:
            begin, dated = dates(first)
        if last is None:
            return begin, begin, dated
        days, given = dates(last)
        end = np.where(given, days, begin)
        self.faults.add(given & ~dated, "edition_to: there is no edition_from")
        self.faults.add(dated & (end < begin), "edition_to: it lies before edition_from")
        return begin, end, dated

    def _leave(self, where: Any, reason: ReviewReason) -> None:
        self.unjudged[where & (self.unjudged == 0)] = bit(reason)
