"""A quantity, exact or between bounds, and a rate."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from imr_rules.reading.numbers import Number

__all__ = ["Amount", "Period", "Rate"]

Period = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Amount:
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

    def to_dict(self) -> dict[str, object]:
        """Return ``value``, or else ``at_least`` and ``at_most``; with ``unit`` and ``method``."""
        found: dict[str, object] = (
            {"value": _plain(self.value)}
            if self.value is not None
            else {
                name: _plain(bound)
                for name, bound in (("at_least", self.at_least), ("at_most", self.at_most))
                if bound is not None
            }
        )
        return found | {"unit": self.unit, "method": self.method}


def _plain(value: Number | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value


@dataclass(frozen=True, slots=True)
class Rate:
    """So many times each period: 2 to 3 a week."""

    at_least: Number
    at_most: Number
    per: Period

    def to_dict(self) -> dict[str, object]:
        """Return ``value`` or bounds, and ``per``."""
        if self.at_least == self.at_most:
            return {"value": _plain(self.at_least), "per": self.per}
        return {"at_least": _plain(self.at_least), "at_most": _plain(self.at_most), "per": self.per}
