"""One shape over many rows: statuses, and the lists of what was heard, what speaks and what is missing.

Says for arrays what :mod:`imr_rules.expression.reference`, :mod:`imr_rules.rulebook.plan` and
:mod:`imr_rules.suggestion` say for one row; property tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from imr_rules.engines.columnar.codes import MET, OVERTURN, REVIEW, UNDOCUMENTED, UNKNOWN, UPHOLD
from imr_rules.engines.columnar.column import exact
from imr_rules.engines.columnar.limits import limit
from imr_rules.engines.columnar.lists import Ragged, chosen, empty, once
from imr_rules.engines.columnar.masks import Mask, both, negated
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.columnar.shape import Criterion, Shape
from imr_rules.engines.columnar.suggest import Heard, deciding_tier, hear, suggest


class Judged(NamedTuple):
    """What rows came to.

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


def judge(shape: Shape, rows: Rows, wanted: Container[str]) -> Judged:
    """Judge some rows; lists that are not ``wanted`` are empty."""
    for table in shape.tables:
        rows.add(table.fact, limit(table, rows))
    statuses = [_status(each, rows) for each in shape.criteria]
    tier, silent = deciding_tier(shape, statuses, rows)
    heard = [hear(*each, tier) for each in zip(shape.criteria, statuses, strict=True)]
    suggestion, reasons = suggest(shape, heard, tier, silent, rows)
    criteria = shown = grounds = open_ = silences = empty(rows.count)
    if "statuses" in wanted:
        every = [each.where for each in heard]
        criteria, shown = rows.named(enumerate(every), "criteria"), chosen(statuses, every, rows.count)
    if "grounds" in wanted:
        grounds = rows.named(_grounds(heard, suggestion), "criteria")
    if "missing" in wanted:
        open_ = rows.named(once(_missing(shape, heard, suggestion, rows)), "codes")
    if "ask_for" in wanted:
        silences = rows.named(once(_silent(shape, heard, suggestion, rows)), "codes")
    return Judged(suggestion, tier, reasons, criteria, shown, grounds, open_, silences)


def _status(criterion: Criterion, rows: Rows) -> Any:
    condition, require = criterion.condition, criterion.require
    governs, outside = condition.rail("true", rows), condition.rail("false", rows)
    status = np.full(rows.count, UNKNOWN, np.uint8)
    _add(status, outside, 1)
    if governs is False:
        return status
    shown, refused = require.rail("true", rows), require.rail("false", rows)
    _add(status, both(governs, shown), -3)
    _add(status, both(governs, refused), -2)
    open_ = both(governs, require.open(rows))
    if open_ is not False and any(rows.column(fact).silent is not None for fact in criterion.asks):
        held = both(require.rail("false_or_silent", rows), require.rail("true_if_shown", rows))
        _add(status, both(open_, held), -1)
    return status


def _add(status: Any, where: Mask, number: int) -> None:
    if isinstance(where, bool):
        if where:
            status += np.uint8(number % 256)
    else:
        status += where.view(np.uint8) * np.uint8(number % 256)


def _grounds(heard: Sequence[Heard], suggestion: Any) -> Iterator[tuple[int, Mask]]:
    """Yield each criterion that may speak for what is suggested, and where it does."""
    uphold, overturn = suggestion == UPHOLD, suggestion == OVERTURN
    for place, each in enumerate(heard):
        if each.counted is not False:
            yield place, both(each.counted, (each.against & uphold) | ((each.status == MET) & overturn))


def _missing(shape: Shape, heard: Sequence[Heard], suggestion: Any, rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield each fact that keeps rows from being decided, and where it does."""
    review = suggestion == REVIEW
    for each in heard:
        unknown = both(each.counted, (each.status == UNKNOWN) & review)
        if np.any(unknown):
            for part in (each.criterion.condition, each.criterion.require):
                yield from _asked(part.open_facts(rows, unknown), shape, rows)
    if shape.date is not None:
        date, asked = shape.date
        yield date, negated(exact(rows.column(date))) if asked else True  # what nobody asked for is not known


def _silent(shape: Shape, heard: Sequence[Heard], suggestion: Any, rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield each fact whose silence is a ground, and where it is."""
    uphold = suggestion == UPHOLD
    for each in heard:
        undocumented = both(each.counted, (each.status == UNDOCUMENTED) & uphold)
        if np.any(undocumented):
            yield from _asked(each.criterion.require.open_facts(rows, undocumented), shape, rows)


def _asked(found: Iterable[tuple[int, Mask]], shape: Shape, rows: Rows) -> Iterator[tuple[int, Mask]]:
    """Yield facts of the dictionary: a table of limits stands for those that its rows ask for."""
    stands_for = {table.fact: table.stands_for for table in shape.tables}
    for fact, within in found:
        if fact not in stands_for:
            yield fact, within
        for each in stands_for.get(fact, ()):
            yield each, both(within, negated(exact(rows.column(each))))
