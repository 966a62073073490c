"""The units things are counted in: one table that the case, the rulebook, derivation and every printed count read.

A new unit is one entry of :data:`TABLE`. It may then be the unit of an amount in a case and the key of a limit
in a guideline (``capsules: 60``); where it says what was done with earlier ones, its three counts are facts
(``capsules_in_dispute``, ``capsules_attended``, ``capsules_if_granted``) that are worked out, searched by
``what_if`` and written in words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple


class UnitEntry(NamedTuple):
    """One unit.

    Attributes:
        name: how a case writes it, and a fact's type.
        plural: the key of a limit in it (``visits: [6, 10]``), and the first word of its facts.
        most: the most of it a case may state; more is a slip of the pen (a life of care is within it).
        received: what was done with earlier ones (``attended``, ``dispensed``); empty where it is not counted
            over time.
        begun_means_one: a course that began has had at least one of them.
        days: how many days each stands for; a month's supply is dispensed as thirty days.
        counts_as: the unit each of them is one of, whatever the treatment.
        one, many: how a reader is told it, where the name and its plural are not plain English.
        aliases: other words that requests use for it, in the singular.
    """

    name: str
    plural: str
    most: int
    received: str = ""
    begun_means_one: bool = False
    days: int | None = None
    counts_as: str = ""
    one: str = ""
    many: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def spoken(self) -> tuple[str, str]:
        """How one of it and several of it are told to a reader."""
        return self.one or self.name, self.many or self.plural


TABLE: tuple[UnitEntry, ...] = (
    UnitEntry(
        "visit", "visits", 1_000, "attended", begun_means_one=True, aliases=("treatment", "appointment", "encounter")
    ),
    # A session of whatever is counted in visits is one visit: determinations count the two alike.
    UnitEntry("session", "sessions", 1_000, counts_as="visit"),
    UnitEntry("hour", "hours", 20_000, "received", aliases=("hr",)),
    UnitEntry("day", "days", 40_000, "attended", days=1),
    UnitEntry("week", "weeks", 6_000, "used", days=7, aliases=("wk",)),
    UnitEntry("month", "months", 1_500, "used", days=30, aliases=("mo",)),
    UnitEntry("year", "years", 120, days=365, aliases=("yr",)),
    UnitEntry("tablet", "tablets", 20_000, "dispensed", aliases=("tab", "pill", "caplet")),
    UnitEntry("capsule", "capsules", 20_000, "dispensed", aliases=("cap",)),
    UnitEntry("patch", "patches", 20_000, "dispensed"),
    UnitEntry("study", "studies", 100, "done", begun_means_one=True),
    UnitEntry("block", "blocks", 100, "given", begun_means_one=True),
    UnitEntry("level", "levels", 100, "treated"),
    UnitEntry("injection", "injections", 500, "given", begun_means_one=True),
    UnitEntry("item", "items", 1_000, "supplied"),
    # A timed unit of 15 minutes becomes visits only by a conversion that a rulebook cites.
    UnitEntry("unit15", "units15", 20_000, one="unit of 15 minutes", many="units of 15 minutes"),
    UnitEntry("mg_per_day", "mg_per_day", 20_000, one="mg a day", many="mg a day"),
    UnitEntry("gram_per_day", "gram_per_day", 1_000, one="g a day", many="g a day"),
    UnitEntry("percent", "percent", 100),
    UnitEntry("point", "points", 1_000),
)  # fmt: skip

UNITS: dict[str, UnitEntry] = {entry.name: entry for entry in TABLE}
PLURALS: dict[str, str] = {entry.plural: entry.name for entry in TABLE}
"""Key of a limit → the unit: ``visits`` → ``visit``."""

if TYPE_CHECKING:
    Unit = str
else:
    Unit = Literal[tuple(UNITS)]
"""The unit of an amount in a case, a fact or a conversion."""


def counted_as(unit: str | None) -> str | None:
    """Return the unit that amounts in ``unit`` are added up in: ``visit`` for a session."""
    entry = UNITS.get(unit or "")
    return entry.counts_as or unit if entry else unit


def say_unit(unit: str, *, several: bool = True) -> str:
    """Return a unit as a reader is told it: ``visits``, ``mg a day``."""
    entry = UNITS.get(unit)
    return entry.spoken[several] if entry else unit.replace("_", " ")


def count_in_words(low: int | None, high: int | None, unit: str | None = None) -> str:
    """Return a number with its bounds in words: ``12 visits``, ``4 to 6 weeks``, ``at least 1 visit``.

    Args:
        low, high: its bounds; None where nothing bounds it. One of them is given.
        unit: its unit; the bare number unless given.
    """
    if low is not None and high is not None:
        number = str(low) if low == high else f"{low} to {high}"
    else:
        number = f"at most {high}" if low is None else f"at least {low}"
    if unit is None:
        return number
    one = 1 in (low, high) and (low == high or None in (low, high))
    return f"{number} {say_unit(unit, several=not one)}"
