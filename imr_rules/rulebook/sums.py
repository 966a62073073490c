"""The counts of a request and of earlier care, in every unit, and the sums they make: one table.

Derivation adds by it, ``what_if`` and the search for cases follow it, charts draw it, and limits are known by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from imr_rules._units import TABLE

Scope = Literal["course", "claim", "operation"]
"""Which earlier care counts: of this discipline and body region; of this discipline on the whole claim, care for
an operation left out (Labor Code 4604.5(c)); or since the operation, in every discipline of physical medicine
(8 CCR 9792.24.3)."""


class Sum(NamedTuple):
    """What it comes to if the request is granted: attended, authorized and not yet used, and in dispute.

    Attributes:
        total: the fact that is the sum.
        attended, authorized, in_dispute: the facts it is made of. ``authorized`` counts in one scope; in the
            others what is left over from other courses comes to it.
        unit: what they count.
        scope: which earlier care counts.
    """

    total: str
    attended: str
    authorized: str
    in_dispute: str
    unit: str
    scope: Scope

    @property
    def parts(self) -> tuple[str, str, str]:
        """The facts it is made of."""
        return self.attended, self.authorized, self.in_dispute


SCOPES: Mapping[Scope, str] = {"course": "", "claim": "_claim", "operation": "_since_surgery"}
"""Scope → how a fact's name ends that counts in it."""


def _sum(unit: str, plural: str, scope: Scope) -> Sum:
    if unit == "visit":  # the counts everything began with have names of their own
        end = SCOPES[scope]
        return Sum(f"visits_if_granted{end}", f"prior_visits{end}", "authorized", "in_dispute", unit, scope)
    attended, authorized, disputed = (f"{plural}_{part}" for part in ("attended", "authorized", "in_dispute"))
    return Sum(f"{plural}_if_granted", attended, authorized, disputed, unit, scope)


SUMS: Mapping[str, Sum] = {
    each.total: each
    for each in (
        *(_sum("visit", "visits", scope) for scope in SCOPES),
        *(_sum(unit.name, unit.plural, "course") for unit in TABLE if unit.received and unit.name != "visit"),
    )
}
"""Name of a total → what it is made of."""

ATTENDED_COUNTS = frozenset(each.attended for each in SUMS.values())
"""The counts of care attended before this request."""

AUTHORIZED_COUNTS = frozenset(each.authorized for each in SUMS.values())
"""The counts of care authorized and not yet used."""

TOTALS_OF: Mapping[str, tuple[Sum, ...]] = {
    part: tuple(each for each in SUMS.values() if part in each.parts)
    for part in dict.fromkeys(part for each in SUMS.values() for part in each.parts)
}
"""Name of a count → the sums it is part of."""


def sum_in(unit: str, scope: Scope = "course") -> Sum | None:
    """Return the sum in a unit, or None where nothing is counted in it over time."""
    return _SUM_IN.get((unit, scope))


_SUM_IN = {(each.unit, each.scope): each for each in SUMS.values()}


def counts_that_follow(part: str) -> frozenset[str]:
    """Return the counts that are worked out from another: the sums it is part of.

    What was attended in a course is one number in every sum of its unit, and says that nothing it counts was
    left over, so that every count of earlier care in the unit follows from it.
    """
    sums = TOTALS_OF.get(part, ())
    found = {each.total for each in sums}
    if any(part == each.attended and each.scope == "course" for each in sums):
        unit = sums[0].unit
        for each in SUMS.values():
            if each.unit == unit:
                found |= {each.total, each.attended, each.authorized}
    return frozenset(found)
