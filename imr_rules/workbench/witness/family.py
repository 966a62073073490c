"""A family of cases as unknowns.

The family holds cases on one treatment requested on one day: an amount in dispute and authorized, earlier
courses here, elsewhere and after an operation, the injury, an operation, a principal item, and every other
fact as a finding. It is narrower than all cases (no two documents that disagree, no date without its day),
and what derivation makes of its members is written a second time, in :mod:`imr_rules.workbench.witness.terms`;
:mod:`imr_rules.workbench.witness.search` holds each case that leaves it to what derivation really makes of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property

import z3

from imr_rules._dates import Period
from imr_rules._units import UNITS
from imr_rules.engines.symbolic.facts import stepped
from imr_rules.engines.symbolic.values import (
    Words,
    any_of,
    negation,
)
from imr_rules.expression.values import EARLIEST, LATEST, FactType
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.sums import SCOPES, SUMS
from imr_rules.workbench.witness.said import Said, say

__all__ = ["COURSES", "Family", "part_of"]

COURSES = ("here", "after_surgery", "elsewhere")
"""The earlier courses a case of the family may have: one each."""

_PARTS = {
    name: part
    for each in SUMS.values()
    for name, part in (
        (each.in_dispute, "in_dispute"),
        (each.authorized, "authorized"),
        (each.attended, f"attended{SCOPES[each.scope]}"),
        (each.total, f"if_granted{SCOPES[each.scope]}"),
    )
}
_MOST = 1_000
"""The most of anything that a case of the family asks for or had before."""


def part_of(name: str) -> str | None:
    """Return which count a fact is, whatever its unit: ``in_dispute``, ``attended`` ...; None if it is none."""
    return _PARTS.get(name)


class Family:
    """Cases on one treatment, requested within one period, as unknowns.

    Args:
        treatment: what is asked for.
        period: the days of the request.
        facts: the facts the rows must hold.
        words: the numbers of the words that choices may be.

    Attributes:
        constraints: what holds of every case of the family.
        said: what a case says, by name of the fact or of the part of the case.
        requested: the day of the request.
    """

    def __init__(self, treatment: Treatment, period: Period, facts: Iterable[FactSpec], words: Words) -> None:
        self.treatment, self.words = treatment, words
        self.facts = {spec.name: spec for spec in facts}
        self.constraints: list[z3.BoolRef] = []
        self.said: dict[str, Said] = {}
        units = {spec.type.unit for spec in self.facts.values() if part_of(spec.name)}
        self.unit = (
            treatment.unit if treatment.unit in units or not units else sorted(str(each) for each in units)[0]
        )
        self.requested = z3.Int("request")
        self.period = period
        last = min(period.last.toordinal() if period.last else LATEST, period.first.toordinal() + 20_000)
        self.constraints += [period.first.toordinal() <= self.requested, self.requested <= last]
        self.injured, self.injury = z3.Bool("injury:stated"), z3.Int("injury")
        self.constraints += [self.injury <= self.requested, self.injury >= self.requested - 20_000]
        self.operated, self.dated = z3.Bool("surgery"), z3.Bool("surgery:dated")
        self.surgery = z3.Int("surgery:date")
        self.constraints += [
            self.surgery <= self.requested + 400, self.surgery >= self.requested - 900, self.surgery >= EARLIEST,
            self.injury >= EARLIEST, z3.Implies(self.dated, self.operated),
        ]  # fmt: skip
        self.follows, self.placed = z3.Bool("follows"), z3.Bool("region")
        most = min(_MOST, UNITS[self.unit].most)
        self.disputed = self.say("(in dispute)", FactType.integer(1, most, self.unit))
        self.granted = self.say("(authorized)", FactType.integer(0, most, self.unit), undocumented=False)
        self.courses = {
            name: self.say(f"(course {name})", FactType.integer(0, most, self.unit)) for name in COURSES
        }
        for course in self.courses.values():
            self.constraints.append(z3.Implies(course.stated, course.high > 0))
        self.constraints += [
            z3.Implies(self.courses["after_surgery"].given, self.operated),
            z3.Implies(self.courses["elsewhere"].given, self.placed),
        ]

    def say(self, name: str, kind: FactType, **may: bool) -> Said:
        """Return what a case says of a fact or of a part of it; ``may`` as :func:`~imr_rules.workbench.witness.said.say` has it."""
        if name not in self.said:
            self.said[name] = say(name, kind, self.words, **may)
            self.constraints += self.said[name].constraints
        return self.said[name]

    @property
    def cost(self) -> list[tuple[z3.BoolRef, int]]:
        """What makes a case larger or odder, with its weight.

        Each thing said counts, more so what is not plainly a value; so does a request that does not say how
        much it asks for, and a response to care that was never given.
        """
        found = [(self.injured, 2), (self.operated, 2), (self.dated, 2), (self.follows, 2), (self.placed, 2)]
        if any(part_of(name) for name in self.facts):
            found.append((negation(self.disputed.given), 5))
        began = any_of(self.courses[name].given for name in ("here", "after_surgery"))
        for name, said in self.said.items():
            found += [(said.given, 2), (any_of((said.undocumented, said.missing)), 1)]
            if name in self.facts and self.facts[name].rests_on:
                found.append((z3.And(said.stated, said.high == 1, negation(began)), 9))
            if said.kind.kind == "integer":
                found.append((z3.And(said.stated, said.low != said.high), 1))
        return found

    @cached_property
    def months(self) -> z3.ArithRef:
        """Whole months from the operation to the request: within bounds here, exact :meth:`on` a day."""
        found, days = z3.Int("months_since_surgery"), self.requested - self.surgery
        loose = z3.And(found >= 0, 30 * found <= days + 3 + found / 2, days <= 31 * found + 31)
        self.constraints.append(z3.Implies(self.surgery <= self.requested, loose))
        return found

    def on(self, day: date) -> list[z3.BoolRef]:
        """Return that the request is of ``day``."""
        settled = [self.requested == day.toordinal()]
        if "months" in self.__dict__:
            steps = [(self.surgery <= _months_before(day, count), count) for count in range(30, 0, -1)]
            settled.append(self.months == stepped(steps, 0))
        return settled


def _months_before(day: date, months: int) -> int:
    """Return the last day from which ``months`` whole months have passed at ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last)).toordinal()
