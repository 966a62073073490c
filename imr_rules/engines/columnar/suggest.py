"""From the statuses of criteria to the deciding tier and a suggestion, for many rows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from imr_rules.engines.columnar.codes import (
    MET,
    NOT_APPLICABLE,
    OVERTURN,
    REVIEW,
    UNDOCUMENTED,
    UNKNOWN,
    UNMET,
    UPHOLD,
    bit,
)
from imr_rules.engines.columnar.column import exact
from imr_rules.engines.columnar.masks import Mask, both, either, negated
from imr_rules.engines.columnar.rows import Rows
from imr_rules.engines.columnar.shape import Criterion, Shape
from imr_rules.rulebook.plan import TIERS


class Heard(NamedTuple):
    """A criterion, its status row by row, and where it is heard."""

    criterion: Criterion
    status: Any
    where: Mask

    @property
    def counted(self) -> Mask:
        """Where it counts for or against the request."""
        return self.where if self.criterion.counts else False

    @property
    def against(self) -> Any:
        """Where its status speaks against the request."""
        return (self.status == UNMET) | (self.status == UNDOCUMENTED)


def hear(criterion: Criterion, status: Any, deciding: Any) -> Heard:
    """Hear a criterion where it is a statute's or of the deciding tier."""
    if criterion.tier == "statute":
        return Heard(criterion, status, True)
    on = deciding == TIERS.index(criterion.tier)
    return Heard(criterion, status, True if on.all() else on if on.any() else False)


def deciding_tier(shape: Shape, statuses: Sequence[Any], rows: Rows) -> tuple[Any, Mask]:
    """Return the first tier with a criterion, or a guideline of unknown contents, and where it has one."""
    deciding = np.full(rows.count, -1, np.int8)
    unknown: Mask = False
    for tier in shape.tiers:
        silent: Mask = False
        for guideline in shape.silent:
            if guideline.tier == tier:
                here: Mask = True
                if guideline.applies is not None:
                    here = negated(guideline.applies.rail("false", rows))
                for when in guideline.replaced:
                    here = both(here, negated(when.rail("true", rows)))
                silent = either(silent, here)
        speaks: Mask = False
        for criterion, status in zip(shape.criteria, statuses, strict=True):
            if criterion.tier == tier:
                speaks = either(speaks, status != NOT_APPLICABLE)
        undecided = deciding < 0
        np.copyto(deciding, np.int8(TIERS.index(tier)), where=both(undecided, either(silent, speaks)))
        unknown = either(unknown, both(undecided, silent))
    return deciding, unknown


def suggest(
    shape: Shape, heard: Sequence[Heard], tier: Any, unknown_contents: Mask, rows: Rows
) -> tuple[Any, Any]:
    """Return the suggestion of each row, and the bits of its reasons.

    Args:
        shape: of the rows.
        heard: the criteria.
        tier: the deciding tier.
        unknown_contents: where it has a guideline of unknown contents.
        rows: what is judged.
    """
    count = rows.count
    if not shape.settled:
        reasons = np.full(count, bit("edition_not_settled"), np.uint16)
        return np.full(count, REVIEW, np.int8), reasons
    against: Mask = False
    unknown: Mask = False
    met: Mask = False
    for each in heard:
        counted = each.counted
        if counted is False:
            continue
        against = either(against, both(counted, each.against))
        unknown = either(unknown, both(counted, each.status == UNKNOWN))
        if each.criterion.tier != "statute":
            met = either(met, both(counted, each.status == MET))
    calm = negated(against)
    documented: Mask = False
    reasons = np.zeros(count, np.uint16)
    for name, fact in shape.always:
        shown = rows.column(fact).low == 1
        documented = either(documented, shown)
        _set(reasons, both(against, shown), bit(name))  # type: ignore[arg-type]  # the facts bear the reasons' names
    waits = _waiting(shape, rows)
    open_ = both(calm, unknown)
    _set(reasons, both(open_, waits), bit("principal_needs_review"))
    _set(reasons, both(open_, negated(waits)), bit("facts_missing"))
    _set(reasons, both(calm, unknown_contents), bit("criteria_not_known"))
    none = tier < 0
    _set(reasons, both(calm, none), bit("nothing_governs"))
    _set(reasons, both(both(calm, negated(met)), ~none & (reasons == 0)), bit("nothing_met"))
    suggestion = np.where(reasons != 0, np.int8(REVIEW), np.int8(OVERTURN))
    np.copyto(suggestion, np.int8(UPHOLD), where=both(against, negated(documented)))
    return suggestion, reasons


def _waiting(shape: Shape, rows: Rows) -> Mask:
    """Return where an item follows another that is not decided."""
    if shape.waits is None:
        return False
    follows, supported = shape.waits
    return both(rows.column(follows).low == 1, negated(exact(rows.column(supported))))


def _set(reasons: Any, where: Mask, one: int) -> None:
    if isinstance(where, bool):
        if where:
            reasons |= np.uint16(one)
    else:
        reasons |= where.astype(np.uint16) * np.uint16(one)
