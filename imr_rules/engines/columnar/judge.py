"""One shape over many rows: what it comes to, as codes, and as lists of what was heard, what speaks and what is missing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from imr_rules.engines.columnar.codes import OVERTURN, REVIEW, STATUSES, UPHOLD, bit
from imr_rules.engines.columnar.lists import Ragged, chosen, empty, once
from imr_rules.engines.columnar.masks import Mask, both, either, negated
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.judging import Judged, Statuses, judge
from imr_rules.engines.shape import Compared, Joined, Leaf, Opposite, Part, Shape
from imr_rules.rulebook.plan import TIERS


class Coded(NamedTuple):
    """What rows came to.

    Attributes:
        suggestion, tier: places in SUGGESTIONS and TIERS, the latter -1 for none.
        reasons: bits.
        in_scope, statuses: the criteria that were heard, by number, and their statuses.
        grounds: criteria by number.
        missing, ask_for: facts by number.
    """

    suggestion: Any
    tier: Any
    reasons: Any
    in_scope: Ragged
    statuses: Ragged
    grounds: Ragged
    missing: Ragged
    ask_for: Ragged


def judge_rows(shape: Shape, rows: Rows, wanted: Container[str]) -> Coded:
    """Judge some rows; lists that are not ``wanted`` are empty."""
    judged = judge(shape, rows)
    suggestion = np.full(rows.count, REVIEW, np.int8)
    for code, where in ((UPHOLD, judged.suggestion["uphold"]), (OVERTURN, judged.suggestion["overturn"])):
        np.copyto(suggestion, np.int8(code), where=where)
    tier = np.full(rows.count, -1, np.int8)
    for place, name in enumerate(TIERS):
        np.copyto(tier, np.int8(place), where=judged.tiers[name])
    reasons = np.zeros(rows.count, np.uint16)
    for reason, where in judged.reasons.items():
        if where is not False:
            reasons |= np.uint16(bit(reason)) * np.asarray(where, np.uint16)
    criteria = shown = grounds = open_ = silences = empty(rows.count)
    if "statuses" in wanted:
        criteria = rows.named(enumerate(judged.in_scope), "criteria")
        codes = [_codes(each, rows.count) for each in judged.statuses]
        shown = chosen(codes, judged.in_scope, rows.count)
    if "grounds" in wanted:
        grounds = rows.named(_grounds(judged), "criteria")
    if "missing" in wanted:
        open_ = rows.named(once(_missing(shape, judged, rows)), "codes")
    if "ask_for" in wanted:
        silences = rows.named(once(_silent(shape, judged, rows)), "codes")
    return Coded(suggestion, tier, reasons, criteria, shown, grounds, open_, silences)


def _codes(statuses: Statuses[Mask], count: int) -> Any:
    """Return the code of a criterion's status in each row: exactly one of the masks holds."""
    found = np.zeros(count, np.uint8)
    for code, status in enumerate(STATUSES):
        where = statuses[status]
        if code and where is not False:
            found += np.uint8(code) * np.asarray(where).view(np.uint8)
    return found


def _grounds(judged: Judged[Mask]) -> Iterator[tuple[int, Mask]]:
    """Yield each criterion that may speak for what is suggested, and where it does."""
    uphold, overturn = judged.suggestion["uphold"], judged.suggestion["overturn"]
    for place, (fails, meets) in enumerate(zip(judged.failing, judged.meeting, strict=True)):
        yield place, either(both(uphold, fails), both(overturn, meets))


def _missing(shape: Shape, judged: Judged[Mask], rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield each fact that keeps rows from being decided, and where it does."""
    review = judged.suggestion["needs_review"]
    for criterion, statuses, heard in zip(shape.criteria, judged.statuses, judged.in_scope, strict=True):
        unknown = both(both(heard, review), statuses["unknown"]) if criterion.counts else False
        if np.any(unknown):
            for part in (criterion.condition, criterion.require):
                yield from _asked(_open_facts(part, rows, unknown), shape, rows)
    if shape.date is not None:
        date, asked = shape.date
        yield date, negated(rows.exact(date)) if asked else True  # what nobody asked for is not known


def _silent(shape: Shape, judged: Judged[Mask], rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield each fact whose silence is a ground, and where it is."""
    uphold = judged.suggestion["uphold"]
    for criterion, statuses, heard in zip(shape.criteria, judged.statuses, judged.in_scope, strict=True):
        undocumented = both(both(heard, uphold), statuses["undocumented"]) if criterion.counts else False
        if np.any(undocumented):
            yield from _asked(_open_facts(criterion.require, rows, undocumented), shape, rows)


def _open_facts(part: Part, rows: Rows, within: Mask) -> Iterator[tuple[int, Mask]]:
    """Yield each fact that keeps a part open, with the rows where it does, in the reference's order."""
    if isinstance(part, Opposite):
        yield from _open_facts(part.inner, rows, within)
        return
    within = both(within, rows.open(part))
    if within is False:
        return
    if isinstance(part, Joined):
        for each in part.parts:
            yield from _open_facts(each, rows, within)
    elif isinstance(part, Leaf):
        for fact in part.facts:
            yield fact, both(within, negated(rows.exact(fact))) if isinstance(part, Compared) else within


def _asked(found: Iterable[tuple[int, Mask]], shape: Shape, rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield facts of the dictionary: a table of limits stands for those that its rows ask for."""
    stands_for = {table.fact: table.stands_for for table in shape.tables}
    for fact, within in found:
        if fact not in stands_for:
            yield fact, within
        for each in stands_for.get(fact, ()):
            yield each, both(within, negated(rows.exact(each)))
