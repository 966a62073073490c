"""A quantity, exact or between bounds, and a rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from imr_rules.words.numbers import Number

Period = Literal["day", "week", "month", "year"]


SINGULAR = "in the singular"
"""How an amount was got that nothing but a singular says."""


class Amount(Struct, frozen=True):
    """A quantity, exact or between bounds (both included).

    Attributes:
        at_least, at_most: the bounds; equal where the quantity is exact, ``None`` where open.
        unit: ``visit``, ``hour``, ``day``, ``week``, ``month``, ``tablet`` ..., or ``None`` where not said.
        method: how it was got, in a few plain words: ``stated``, ``frequency x duration`` ...
    """

    at_least: Number | None
    at_most: Number | None
    unit: str | None = None
    method: str = "stated"

    @property
    def value(self) -> Number | None:
        """The exact quantity, or ``None`` where only bounds are known."""
        return self.at_least if self.at_least == self.at_most else None

    @property
    def implied(self) -> bool:
        """Whether a singular alone says it ("epidural injection"): any count that is stated says more."""
        return self.method == SINGULAR

    @property
    def counted(self) -> bool:
        """Whether it says more than that there was some."""
        return self.at_most is not None or (self.at_least or 0) > 1

    def overlaps(self, other: Amount) -> bool:
        """Whether some number is within the bounds of both."""
        return not (
            (self.at_most is not None and other.at_least is not None and self.at_most < other.at_least)
            or (other.at_most is not None and self.at_least is not None and other.at_most < self.at_least)
        )

    def to_dict(self) -> dict[str, object]:
        """Return ``value``, or else ``at_least`` and ``at_most``; with ``unit`` and ``method``."""
        return _bounds(self.at_least, self.at_most) | {"unit": self.unit, "method": self.method}


class Rate(Struct, frozen=True):
    """So many times each period: 2 to 3 a week; once in ``every`` periods where that is more than one.

    ``seldom`` is the most of these periods, where they are a range: "every 6 to 8 weeks".
    """

    at_least: Number
    at_most: Number
    per: Period
    every: int = 1
    seldom: int = 0

    def to_dict(self) -> dict[str, object]:
        """Return ``value`` or bounds, ``per``, and ``every`` where it is more than one."""
        found = _bounds(self.at_least, self.at_most) | {"per": self.per}
        return found | {"every": self.every} if self.every != 1 else found


def whole(read: Amount | Rate) -> dict[str, int]:
    """Return a whole number as ``value``, or else its bounds; nothing where it is not whole."""
    bounds = {"at_least": read.at_least, "at_most": read.at_most}
    told = {name: bound for name, bound in bounds.items() if isinstance(bound, int)}
    if len(told) < sum(bound is not None for bound in bounds.values()):
        return {}
    return {"value": told["at_least"]} if len(set(told.values())) == 1 and len(told) == 2 else told


def _bounds(low: Number | None, high: Number | None) -> dict[str, object]:
    if low is not None and low == high:
        return {"value": _plain(low)}
    return {
        name: _plain(bound) for name, bound in (("at_least", low), ("at_most", high)) if bound is not None
    }


def _plain(value: Number) -> int | float:
    return float(value) if isinstance(value, Decimal) else value
