"""One shape over many rows: what it comes to, as codes, and as lists of what was heard, what speaks and what is missing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from imr_rules.engines.columnar.codes import OVERTURN, REASONS, RESTS_ON, REVIEW, STATUSES, UPHOLD
from imr_rules.engines.columnar.items import Items
from imr_rules.engines.columnar.lists import Ragged, chosen, empty, once
from imr_rules.engines.columnar.masks import Mask, Masks, both, negated
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.judging import Judged, Statuses, Suggested, grounds_of, judge, lean_towards, suggest
from imr_rules.engines.shape import Compared, Joined, Leaf, Opposite, Part, Shape


class Coded(NamedTuple):
    """What rows came to.

    Attributes:
        suggestion, lean, tier: places in SUGGESTIONS, LEANS and the search sequence, the last two -1 for none.
        reasons, rests_on: bits.
        in_scope, statuses: the criteria that were heard, by number, and their statuses.
        grounds: criteria by number.
        missing, ask_for: facts by number.
    """

    suggestion: Any
    lean: Any
    tier: Any
    reasons: Any
    rests_on: Any
    in_scope: Ragged
    statuses: Ragged
    grounds: Ragged
    missing: Ragged
    ask_for: Ragged


def judge_rows(shape: Shape, rows: Rows, items: Items, wanted: Container[str]) -> Coded:
    """Judge some rows of a batch; what is not ``wanted`` is left empty."""
    count = rows.count
    judged = judge(shape, rows)
    suggested = suggest(shape, judged, rows)
    ways = suggested.suggestion
    suggestion = _code({UPHOLD: ways["uphold"], OVERTURN: ways["overturn"]}, count, REVIEW)
    tier = _code({place: judged.tiers[name] for place, name in enumerate(shape.tiers)}, count, -1)
    reasons = _bits((suggested.reasons[name] for name in REASONS), count)
    lean, rests_on = np.full(count, -1, np.int8), np.zeros(count, np.uint16)
    if "lean" in wanted or "lean_rests_on" in wanted:
        lean, rests_on = _lean(shape, judged, suggested, rows, items)
    criteria = shown = carrying = open_ = silences = empty(count)
    grounds = grounds_of(shape, judged, suggested, rows.algebra)
    if "statuses" in wanted:
        criteria = rows.named(enumerate(judged.in_scope), "criteria")
        codes = [_status_codes(each, count) for each in judged.statuses]
        shown = chosen(codes, judged.in_scope, count)
    if "grounds" in wanted:
        carrying = rows.named(enumerate(grounds), "criteria")
    if "missing" in wanted:
        open_ = rows.named(once(_missing(shape, judged, ways["needs_review"], rows)), "codes")
    if "ask_for" in wanted:
        silences = rows.named(once(_silent(shape, judged, grounds, rows)), "codes")
    return Coded(suggestion, lean, tier, reasons, rests_on, criteria, shown, carrying, open_, silences)


def _code(where: Mapping[int, Mask], count: int, otherwise: int) -> Any:
    """Return in each row the code whose mask holds."""
    found = np.full(count, otherwise, np.int8)
    for code, mask in where.items():
        if mask is not False:
            np.copyto(found, np.int8(code), where=mask)
    return found


def _bits(masks: Iterable[Mask], count: int) -> Any:
    """Return in each row the bits of those places whose mask holds."""
    found = np.zeros(count, np.uint16)
    for place, mask in enumerate(masks):
        if mask is not False:
            found |= np.uint16(1 << place) * np.asarray(mask, np.uint16)
    return found


def _status_codes(statuses: Statuses[Mask], count: int) -> Any:
    """Return the code of a criterion's status in each row: exactly one of the masks holds."""
    found = np.zeros(count, np.uint8)
    for code, status in enumerate(STATUSES):
        where = statuses[status]
        if code and where is not False:
            found += np.uint8(code) * np.asarray(where).view(np.uint8)
    return found


def _lean(
    shape: Shape, judged: Judged[Mask], suggested: Suggested[Mask], rows: Rows, items: Items
) -> tuple[Any, Any]:
    """Return which way rows under review lean, and the bits of what that rests on.

    Where part of the record was read and nothing leans yet, silence in that part is taken as silence: it may lean
    towards upholding, and never towards overturning.
    """
    count, may = rows.count, suggested.may_lean
    found = lean_towards(shape, judged, rows.algebra)
    ways = {UPHOLD: both(may, found.uphold), OVERTURN: both(may, found.overturn)}
    lean = _code(ways, count, -1)
    rests_on = _bits((both(may, found.rests_on.get(name, False)) for name in RESTS_ON), count)
    part = items.part if isinstance(items.part, bool) else items.part[rows.places]
    open_ = both(both(may, part), negated(Masks.some(ways.values())))
    if np.any(open_):
        some = np.flatnonzero(np.broadcast_to(open_, count))
        silent = rows.some(some, items.silence)
        found = lean_towards(shape, judge(shape, silent), silent.algebra)
        by_silence = {"silence": found.uphold} | {
            name: both(found.uphold, where) for name, where in found.rests_on.items()
        }
        lean[some] = _code({UPHOLD: found.uphold}, len(some), -1)
        rests_on[some] = _bits((by_silence[name] for name in RESTS_ON), len(some))
    return lean, rests_on


def _missing(shape: Shape, judged: Judged[Mask], review: Mask, rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield each fact that keeps rows from being decided, and where it does."""
    for criterion, unknown in zip(shape.criteria, judged.counting("unknown", rows.algebra), strict=True):
        within = both(review, unknown)
        if np.any(within):
            for part in (criterion.condition, criterion.require):
                yield from _asked(_open_facts(part, rows, within), shape, rows)
    if shape.date is not None:
        date, asked = shape.date
        yield date, negated(rows.exact(date)) if asked else True  # what nobody asked for is not known


def _silent(
    shape: Shape, judged: Judged[Mask], grounds: Sequence[Mask], rows: Rows
) -> Iterator[tuple[int, Mask]]:
    """Yield each fact whose silence is a ground, and where it is."""
    for criterion, statuses, ground in zip(shape.criteria, judged.statuses, grounds, strict=True):
        within = both(ground, statuses["undocumented"])
        if np.any(within):
            yield from _asked(_open_facts(criterion.require, rows, within), shape, rows)


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
