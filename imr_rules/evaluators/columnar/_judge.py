"""One plan over many rows: statuses, tier, suggestion, grounds and what is missing.

Says for arrays what :mod:`imr_rules.evaluators.reference`, :mod:`imr_rules.rulebook.plan` and
:mod:`imr_rules.suggestion` say for one row; property tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, NamedTuple, get_args

import numpy as np

from imr_rules.evaluators.columnar._columns import Column
from imr_rules.evaluators.columnar._rails import Compiler, Mask, Part, Rows, both, either, exact, negated
from imr_rules.evaluators.reference import Status
from imr_rules.expression import names
from imr_rules.rulebook.plan import ALWAYS, TIERS, Plan, TableLimit
from imr_rules.screening.suggestion import ReviewReason, Suggestion

__all__ = ["REASONS", "STATUSES", "SUGGESTIONS", "Judge", "Judged", "Ragged", "bit"]

STATUSES: tuple[Status, ...] = get_args(Status)
SUGGESTIONS: tuple[Suggestion, ...] = get_args(Suggestion)
REASONS: tuple[ReviewReason, ...] = get_args(ReviewReason)
"""Every reason; a row's reasons are the bits of a number, and are told in this order."""

_UNKNOWN, _NOT_APPLICABLE = STATUSES.index("unknown"), STATUSES.index("not_applicable")
_UPHOLD, _OVERTURN, _REVIEW = (SUGGESTIONS.index(each) for each in ("uphold", "overturn", "needs_review"))
assert STATUSES == ("met", "unmet", "undocumented", "unknown", "not_applicable")


def bit(reason: ReviewReason) -> int:
    """Return the bit that stands for a reason."""
    return 1 << REASONS.index(reason)


class Ragged(NamedTuple):
    """A list for each row: how many, and all of them one row after another.

    ``width`` is how long each is where all are as long; else None.
    """

    counts: Any
    values: Any
    width: int | None = None


class Judged(NamedTuple):
    """What a plan came to, row by row.

    Attributes:
        suggestion, tier: places in SUGGESTIONS and TIERS, the latter -1 for none.
        reasons: bits.
        heard, statuses: the criteria that were heard, by number, and their statuses.
        grounds: criteria by number.
        missing, ask_for: facts by number.
    """

    suggestion: Any
    tier: Any
    reasons: Any
    heard: Ragged
    statuses: Ragged
    grounds: Ragged
    missing: Ragged
    ask_for: Ragged


class _Criterion(NamedTuple):
    number: int
    tier: str
    counts: bool
    condition: Part
    require: Part
    asks: tuple[str, ...]
    """The facts of its requirement."""


class Judge:
    """A plan compiled.

    Args:
        plan: what governs.
        settled: False where the days of a request fall under more than one edition.
        criteria, facts: numbers of all criteria and facts of the rulebook, by name.
    """

    def __init__(
        self, plan: Plan, settled: bool, criteria: Mapping[str, int], facts: Mapping[str, int]
    ) -> None:
        compiler = Compiler()
        self.settled, self.facts = settled, facts
        self.names = tuple(spec.name for spec in plan.facts)
        self.tables = [_Table(table, compiler) for table in plan.tables]
        self.criteria = [
            _Criterion(
                criteria[each.id], each.guideline.source.tier, each.criterion.kind == "ground",
                compiler.compile(each.condition), compiler.compile(each.require),
                tuple(dict.fromkeys(names(each.require))),
            )
            for each in plan.criteria
        ]  # fmt: skip
        self.unknown_contents = [
            (
                guideline.source.tier,
                None if guideline.by_analogy else compiler.compile(guideline.applies_when),
                [compiler.compile(when) for _, when in plan.superseded.get(guideline.id, ())],
            )
            for guideline in plan.guidelines
            if not guideline.known
        ]
        present = {each.tier for each in self.criteria} | {tier for tier, _, _ in self.unknown_contents}
        self.tiers = [tier for tier in TIERS if tier in present]
        self.always = [name for name in ALWAYS if name in self.names]
        self.stands_for = {
            table.name: tuple(dict.fromkeys(each for row in table.limit.rows for each in names(row.when)))
            for table in plan.tables
        }

    def judge(self, rows: Rows, wanted: Container[str]) -> Judged:
        """Judge some rows; lists that are not ``wanted`` are empty."""
        for table in self.tables:
            rows.add(table.name, table.column(rows))
        statuses = [_status(each, rows) for each in self.criteria]
        tier, silent = self._tier(statuses, rows)
        heard = [self._heard(each.tier, tier) for each in self.criteria]
        counted = [on if each.counts else False for each, on in zip(self.criteria, heard, strict=True)]
        suggestion, reasons = self._suggest(statuses, counted, tier, silent, rows)
        reasoned = self._lists(statuses, counted, suggestion, rows, wanted)
        numbers = [each.number for each in self.criteria]
        if "statuses" in wanted:
            criteria = _ragged(list(zip(numbers, heard, strict=True)), rows.count)
            shown = _values(statuses, heard, rows.count)
        else:
            criteria = shown = _empty(rows.count)
        return Judged(suggestion, tier, reasons, criteria, shown, *reasoned)

    def _lists(
        self, statuses: list[Any], counted: list[Mask], suggestion: Any, rows: Rows, wanted: Container[str]
    ) -> tuple[Ragged, Ragged, Ragged]:
        """Return the grounds, the missing facts and those to ask for."""
        review, uphold = suggestion == _REVIEW, suggestion == _UPHOLD
        overturn = suggestion == _OVERTURN
        grounds: list[tuple[int, Mask]] = []
        missing: list[tuple[str, Mask]] = []
        silence: list[tuple[str, Mask]] = []
        for criterion, status, on in zip(self.criteria, statuses, counted, strict=True):
            if on is False:
                continue
            if "grounds" in wanted:
                against = (status == 1) | (status == 2)
                grounds.append((criterion.number, both(on, (against & uphold) | ((status == 0) & overturn))))
            if "missing" in wanted:
                unknown = both(on, (status == _UNKNOWN) & review)
                if unknown.any():
                    missing += criterion.condition.open_facts(rows, unknown)
                    missing += criterion.require.open_facts(rows, unknown)
            if "ask_for" in wanted:
                undocumented = both(on, (status == 2) & uphold)
                if undocumented.any():
                    silence += criterion.require.open_facts(rows, undocumented)
        found = self._named(missing, rows)
        if not self.settled and "missing" in wanted and "request_date" in self.facts:
            found.append((self.facts["request_date"], self._inexact("request_date", rows, True)))
        return (
            _ragged(grounds, rows.count),
            _ragged(_once(found), rows.count),
            _ragged(_once(self._named(silence, rows)), rows.count),
        )

    def _heard(self, tier: str, deciding: Any) -> Mask:
        if tier == "statute":
            return True
        on = deciding == TIERS.index(tier)
        return True if on.all() else on if on.any() else False

    def _tier(self, statuses: list[Any], rows: Rows) -> tuple[Any, Mask]:
        """Return the first tier with a criterion, or a guideline of unknown contents, and where it has one."""
        deciding = np.full(rows.count, -1, np.int8)
        unknown: Mask = False
        for tier in self.tiers:
            silent: Mask = False
            for its_tier, applies, replacing in self.unknown_contents:
                if its_tier == tier:
                    here: Mask = True if applies is None else negated(applies.rail("false", rows))
                    for when in replacing:
                        here = both(here, negated(when.rail("true", rows)))
                    silent = either(silent, here)
            speaks: Mask = False
            for criterion, status in zip(self.criteria, statuses, strict=True):
                if criterion.tier == tier:
                    speaks = either(speaks, status != _NOT_APPLICABLE)
            undecided = deciding < 0
            fresh = both(undecided, either(silent, speaks))
            deciding[fresh if isinstance(fresh, np.ndarray) else slice(None) if fresh else slice(0)] = (
                TIERS.index(tier)
            )
            unknown = either(unknown, both(undecided, silent))
        return deciding, unknown

    def _suggest(
        self, statuses: list[Any], counted: list[Mask], tier: Any, unknown_contents: Mask, rows: Rows
    ) -> tuple[Any, Any]:
        count = rows.count
        if not self.settled:
            reasons = np.full(count, bit("edition_not_settled"), np.uint16)
            return np.full(count, _REVIEW, np.int8), reasons
        against: Mask = False
        unknown: Mask = False
        met: Mask = False
        for criterion, status, on in zip(self.criteria, statuses, counted, strict=True):
            if on is False:
                continue
            against = either(against, both(on, (status == 1) | (status == 2)))
            unknown = either(unknown, both(on, status == _UNKNOWN))
            if criterion.tier != "statute":
                met = either(met, both(on, status == 0))
        calm = negated(against)
        documented: Mask = False
        reasons = np.zeros(count, np.uint16)
        for name in self.always:
            shown = rows.column(name).low == 1
            documented = either(documented, shown)
            _set(reasons, both(against, shown), bit(name))  # type: ignore[arg-type]  # the facts bear the reasons' names
        if {"follows_principal", "principal_supported"} <= set(self.names):
            waits: Mask = both(
                rows.column("follows_principal").low == 1, self._inexact("principal_supported", rows, True)
            )
        else:
            waits = False
        open_ = both(calm, unknown)
        _set(reasons, both(open_, waits), bit("principal_needs_review"))
        _set(reasons, both(open_, negated(waits)), bit("facts_missing"))
        _set(reasons, both(calm, unknown_contents), bit("criteria_not_known"))
        none = tier < 0
        _set(reasons, both(calm, none), bit("nothing_governs"))
        _set(reasons, both(both(calm, negated(met)), ~none & (reasons == 0)), bit("nothing_met"))
        suggestion = np.where(reasons != 0, np.int8(_REVIEW), np.int8(_OVERTURN))
        upheld = both(against, negated(documented))
        if isinstance(upheld, np.ndarray):
            suggestion[upheld] = _UPHOLD
        elif upheld:
            suggestion[:] = _UPHOLD
        return suggestion, reasons

    def _inexact(self, name: str, rows: Rows, within: Mask) -> Mask:
        if name not in self.names:
            return within  # a fact that was not asked for is not known
        column = rows.column(name)
        return both(within, negated(exact(column)))

    def _named(self, found: Iterable[tuple[str, Mask]], rows: Rows) -> list[tuple[int, Mask]]:
        """Return facts by number; a table of limits stands for the facts its rows ask for."""
        every: list[tuple[int, Mask]] = []
        for name, within in found:
            stands_for = self.stands_for.get(name)
            if stands_for is None:
                if name in self.facts:
                    every.append((self.facts[name], within))
                continue
            for each in stands_for:
                if each in self.facts:
                    every.append((self.facts[each], self._inexact(each, rows, within)))
        return every


class _Table:
    """A number of a limit with rows, worked out for many rows at once."""

    def __init__(self, table: TableLimit, compiler: Compiler) -> None:
        self.name, self.type = table.name, table.type
        self.rows = [
            (compiler.compile(row.when), row.amounts[table.plural][table.end]) for row in table.limit.rows
        ]
        other = table.limit.otherwise
        self.otherwise = None if other is None else other.amounts[table.plural][table.end]

    def column(self, rows: Rows) -> Column:
        """Return the largest number of the rows that fit, within what the open rows still allow."""
        count, none = rows.count, np.iinfo(np.int64)
        sure = np.full(count, none.min)
        least, most = np.full(count, none.max), np.full(count, none.min)
        for when, amount in self.rows:
            fits, possible = when.rail("true", rows), negated(when.rail("false", rows))
            if fits is not False:
                np.maximum(sure, amount, out=sure, where=fits)
            if possible is not False:
                np.minimum(least, amount, out=least, where=possible)
                np.maximum(most, amount, out=most, where=possible)
        settled = sure > none.min
        if self.otherwise is not None:
            np.minimum(least, self.otherwise, out=least, where=~settled)
            np.maximum(most, self.otherwise, out=most, where=~settled)
        nothing = most == none.min
        low = np.where(settled, sure, least)
        low[nothing], most[nothing] = self.type.low, self.type.high
        exact = (low == most) & ~nothing
        return Column(low, most, exact=exact, most=max(abs(self.type.low), abs(self.type.high)))


def _status(criterion: _Criterion, rows: Rows) -> Any:
    condition, require = criterion.condition, criterion.require
    governs, outside = condition.rail("true", rows), condition.rail("false", rows)
    status = np.full(rows.count, _UNKNOWN, np.uint8)
    _add(status, outside, 1)
    if governs is False:
        return status
    shown, refused = require.rail("true", rows), require.rail("false", rows)
    _add(status, both(governs, shown), -3)
    _add(status, both(governs, refused), -2)
    open_ = both(governs, require.open(rows))
    if open_ is not False and any(rows.column(name).silent is not None for name in criterion.asks):
        held = both(require.rail("false_or_silent", rows), require.rail("true_if_shown", rows))
        _add(status, both(open_, held), -1)
    return status


def _add(status: Any, where: Mask, number: int) -> None:
    if isinstance(where, bool):
        if where:
            status += np.uint8(number % 256)
    else:
        status += where.view(np.uint8) * np.uint8(number % 256)


def _set(reasons: Any, where: Mask, one: int) -> None:
    if isinstance(where, bool):
        if where:
            reasons |= np.uint16(one)
    else:
        reasons |= where.astype(np.uint16) * np.uint16(one)


def _once(found: Iterable[tuple[int, Mask]]) -> Iterator[tuple[int, Mask]]:
    """Leave out, row by row, what was named before."""
    before: dict[int, Mask] = {}
    for number, where in found:
        seen = before.get(number)
        before[number] = where if seen is None else either(seen, where)
        yield number, where if seen is None else both(where, negated(seen))


def _ragged(found: Iterable[tuple[int, Mask]], count: int) -> Ragged:
    """Return as lists the numbers whose masks hold, row by row, in the order given."""
    every = [(number, where) for number, where in found if where is not False]
    if not every:
        return _empty(count)
    numbers = np.array([number for number, _ in every], np.int32)
    if all(where is True for _, where in every):
        return Ragged(np.full(count, len(every), np.int32), np.tile(numbers, count), len(every))
    matrix = np.empty((count, len(every)), bool)
    counts = np.zeros(count, np.int32)
    for place, (_, where) in enumerate(every):
        matrix[:, place] = where
        counts += matrix[:, place]
    return Ragged(counts, numbers.take(np.flatnonzero(matrix) % len(every)))


def _empty(count: int) -> Ragged:
    return Ragged(np.zeros(count, np.int32), np.zeros(0, np.int32), 0)


def _values(statuses: list[Any], heard: list[Mask], count: int) -> Ragged:
    every = [(status, on) for status, on in zip(statuses, heard, strict=True) if on is not False]
    matrix = np.empty((count, len(every)), np.uint8)
    for place, (status, _) in enumerate(every):
        matrix[:, place] = status
    if all(on is True for _, on in every):
        return Ragged(np.full(count, len(every), np.int32), matrix.reshape(-1), len(every))
    masks = np.empty((count, len(every)), bool)
    for place, (_, on) in enumerate(every):
        masks[:, place] = on
    return Ragged(masks.sum(axis=1, dtype=np.int32), matrix[masks])
