"""A family of cases as unknowns, and the row of facts that derivation makes of each.

The family holds cases on one treatment requested on one day: an amount in dispute and authorised, earlier
courses here, elsewhere and after an operation, the injury, an operation, a principal item, and every other
fact as a finding. It is narrower than all cases (no two documents that disagree, no date without its day),
and what derivation makes of its members is written here a second time, as terms;
:mod:`imr_rules.workbench.witness.search` holds each case that leaves it to what derivation really makes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property

import z3

from imr_rules._dates import Period
from imr_rules._units import MOST, PLURALS
from imr_rules.evaluators.symbolic.values import (
    FALSE,
    TRUE,
    SymbolicRow,
    SymbolicValue,
    Words,
    all_of,
    any_of,
    negation,
    stepped,
)
from imr_rules.facts.dictionary import FactSpec, Treatment
from imr_rules.facts.response import RESTS_ON
from imr_rules.facts.values import EARLIEST, LATEST, FactType
from imr_rules.facts.vocabulary import Vocabulary
from imr_rules.workbench.witness.said import Said, say

__all__ = ["COURSES", "DAYS", "Family", "part_of"]

COURSES = ("here", "after_surgery", "elsewhere")
"""The earlier courses a case of the family may have: one each."""

DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_COUNTED = frozenset({"visit", "study", "block", "injection"})
"""Units of which a course that began has had at least one."""
_PARTS = {
    "in_dispute": "in_dispute",
    "authorised": "authorised",
    "authorised_claim": "authorised",
    "prior_visits": "attended",
    "prior_visits_claim": "attended_claim",
    "prior_visits_since_surgery": "attended_since_surgery",
    "visits_if_granted": "if_granted",
    "visits_if_granted_claim": "if_granted_claim",
    "visits_if_granted_since_surgery": "if_granted_since_surgery",
} | {
    f"{plural}_{part}": part
    for plural in PLURALS
    if plural != "visits"
    for part in ("in_dispute", "attended", "if_granted")
}
_PLURAL = {unit: plural for plural, unit in PLURALS.items()}
_MOST = 1_000
"""The most of anything that a case of the family asks for or had before."""

_Term = Callable[["Family", FactSpec], SymbolicValue]


def is_worked_out(name: str) -> bool:
    """Whether the family knows how a derived fact, other than an instrument's, comes about."""
    return name in _WORKED_OUT or name in _PARTS or name in GIVEN


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
        most = min(_MOST, MOST[self.unit])
        self.disputed = self._say("(in dispute)", FactType.integer(1, most, self.unit))
        self.granted = self._say("(authorised)", FactType.integer(0, most, self.unit), undocumented=False)
        self.courses = {
            name: self._say(f"(course {name})", FactType.integer(0, most, self.unit)) for name in COURSES
        }
        for course in self.courses.values():
            self.constraints.append(z3.Implies(course.stated, course.high > 0))
        self.constraints += [
            z3.Implies(self.courses["after_surgery"].given, self.operated),
            z3.Implies(self.courses["elsewhere"].given, self.placed),
        ]

    def _say(self, name: str, kind: FactType, **may: bool) -> Said:
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
            if name in RESTS_ON:
                found.append((z3.And(said.stated, said.high == 1, negation(began)), 9))
            if said.kind.kind == "integer":
                found.append((z3.And(said.stated, said.low != said.high), 1))
        return found

    # -- the row ------------------------------------------------------------------------------------

    def row(self, vocabulary: Vocabulary) -> SymbolicRow:
        """Return the row that derivation makes of a case, by the dictionary of a rulebook."""
        found: dict[str, SymbolicValue] = {}
        for name in self.facts:
            spec = vocabulary.facts.get(name)
            if spec is not None:
                found[name] = self.value(spec)
        return found

    def value(self, spec: FactSpec) -> SymbolicValue:
        """Return one fact of the row."""
        if not spec.derived:
            return self._finding(spec)
        part = part_of(spec.name)
        if part is not None:
            return self._count(spec, part)
        worked_out = _WORKED_OUT.get(spec.name)
        return worked_out(self, spec) if worked_out else self._given(spec)

    def _finding(self, spec: FactSpec) -> SymbolicValue:
        """Return a fact that a case gives as a finding, with what its silence means."""
        absent = spec.silence == "absent"
        said = self._say(spec.name, spec.type, undocumented=not absent, missing=absent)
        if not absent:
            return said.open_value(said.undocumented if spec.silence == "against_request" else FALSE)
        none = negation(any_of((said.stated, said.missing)))
        if spec.type.kind == "boolean":
            value = said.open_value(FALSE)
            return SymbolicValue.truth(value.yes, any_of((value.no, none)))
        if spec.type.kind == "choice":  # nothing said is no word, and yet not open
            return SymbolicValue.choice(said.stated, said.word, FALSE, any_of((said.stated, none)))
        value = said.open_value(FALSE)
        zero = z3.IntVal(0)
        return SymbolicValue.number(z3.If(none, zero, value.low), z3.If(none, zero, value.high))

    def _given(self, spec: FactSpec) -> SymbolicValue:
        """Return a derived fact of which the structured parts say nothing: as a finding gives it, else missing."""
        said = self._say(spec.name, spec.type, missing=False)
        return said.open_value(said.undocumented if spec.silence == "against_request" else FALSE)

    # -- counts -------------------------------------------------------------------------------------

    def _count(self, spec: FactSpec, part: str) -> SymbolicValue:
        if part == "in_dispute":
            return self._in_dispute(spec)
        if part == "authorised":
            return self._authorised(spec)
        if part.startswith("attended"):
            return self._attended(spec, part)
        attended = self._attended(spec, part.replace("if_granted", "attended"))
        return self._sum((attended, self._authorised(spec), self._in_dispute(spec)), spec.type)

    def _sum(self, parts: Iterable[SymbolicValue], kind: FactType) -> SymbolicValue:
        values = tuple(parts)
        low, most = z3.Sum([each.low for each in values]), z3.Sum([each.high for each in values])
        self.constraints.append(low <= kind.high)  # beyond its type a sum is not known, and flagged
        high = z3.If(most > kind.high, z3.IntVal(kind.high), most)
        silent = all_of(any_of((each.exact, each.silent)) for each in values)
        return SymbolicValue.number(low, high, z3.And(silent, low != high))

    def _amount(self, said: Said, spec: FactSpec) -> SymbolicValue:
        """Return an amount of the request in the unit it is stated in."""
        low = z3.If(said.stated, said.low, z3.IntVal(spec.type.low))
        high = z3.If(said.stated, said.high, z3.IntVal(spec.type.high))
        silent = said.undocumented if spec.silence == "against_request" else FALSE
        return SymbolicValue.number(low, high, silent)

    def _in_dispute(self, spec: FactSpec) -> SymbolicValue:
        if spec.type.unit == self.unit:
            return self._amount(self.disputed, spec)
        name = "in_dispute" if spec.type.unit == "visit" else f"{_PLURAL[str(spec.type.unit)]}_in_dispute"
        said = self._say(name, FactType.integer(1, 50, spec.type.unit), missing=False)
        return self._amount(said, spec)

    def _authorised(self, spec: FactSpec) -> SymbolicValue:
        granted, zero, most = self.granted, z3.IntVal(0), z3.IntVal(spec.type.high)
        if spec.type.unit == self.unit:
            low = z3.If(granted.stated, granted.low, zero)
            high = z3.If(granted.stated, granted.high, z3.If(granted.given, most, zero))
            return SymbolicValue.number(low, z3.If(high > most, most, high))
        return SymbolicValue.number(zero, z3.If(granted.given, most, zero))

    def _attended(self, spec: FactSpec, part: str) -> SymbolicValue:
        names = {
            "attended": ("here", "after_surgery"),
            "attended_claim": ("here", "elsewhere"),
            "attended_since_surgery": ("after_surgery",),
        }[part]
        courses = [self.courses[name] for name in names]
        if spec.type.unit == self.unit:
            return self._sum((self._visits(course, spec) for course in courses), spec.type)
        zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
        begun = any_of(course.given for course in courses)
        name = "prior_visits" if spec.type.unit == "visit" else f"{_PLURAL[str(spec.type.unit)]}_attended"
        said = self._say(name, FactType.integer(0, 50, spec.type.unit), missing=False)
        open_ = z3.If(any_of((begun, said.undocumented)), most, zero)
        silent = said.undocumented if spec.silence == "against_request" else FALSE
        return SymbolicValue.number(
            z3.If(said.stated, said.low, zero), z3.If(said.stated, said.high, open_), silent
        )

    def _visits(self, course: Said, spec: FactSpec) -> SymbolicValue:
        """Return what was attended of one course; 0 where there was none."""
        zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
        begun = z3.IntVal(1 if spec.type.unit in _COUNTED else 0)
        low = z3.If(course.stated, course.low, z3.If(course.undocumented, begun, zero))
        high = z3.If(course.stated, course.high, z3.If(course.given, most, zero))
        silent = course.undocumented if spec.silence == "against_request" else FALSE
        return SymbolicValue.number(low, high, silent)

    def _first_course(self, spec: FactSpec) -> SymbolicValue:
        here = [self.courses[name] for name in ("here", "after_surgery")]
        began = any_of(
            any_of((course.undocumented, z3.And(course.stated, course.low > 0))) for course in here
        )
        none = negation(any_of(course.given for course in here))
        if self.unit != "visit" and "prior_visits" in self.said:
            visits = self.said["prior_visits"]
            began = any_of((began, all_of((none, visits.stated, visits.low > 0))))
            none = all_of((none, negation(visits.given)))
        return SymbolicValue.truth(none, began)

    def _days_of_use(self, spec: FactSpec) -> SymbolicValue:
        here = [self.courses[name] for name in ("here", "after_surgery")]
        any_here = any_of(course.given for course in here)
        said = self._say(
            spec.name, FactType.integer(0, spec.type.high, "day"), missing=False, undocumented=False
        )
        zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
        if self.unit not in DAYS:
            high = z3.If(said.stated, said.high, z3.If(any_here, most, zero))
            return SymbolicValue.number(z3.If(said.stated, said.low, zero), high)
        self.constraints.append(z3.Implies(any_here, negation(said.stated)))
        times = DAYS[self.unit]
        parts = []
        for course in here:
            self.constraints.append(z3.Implies(course.stated, course.high * times <= spec.type.high))
            parts.append(
                SymbolicValue.number(
                    z3.If(course.stated, course.low * times, zero),
                    z3.If(course.stated, course.high * times, z3.If(course.given, most, zero)),
                    course.undocumented,
                )
            )
        total = self._sum(parts, spec.type)
        return SymbolicValue.number(
            z3.If(said.stated, said.low, total.low), z3.If(said.stated, said.high, total.high), total.silent
        )

    def _days_requested(self, spec: FactSpec) -> SymbolicValue:
        """Return the days asked for: the item's duration, else its amounts where they are lengths of time."""
        said = self._say(spec.name, spec.type, undocumented=False, missing=False)
        self.constraints.append(said.low == said.high)  # a duration is one number
        disputed, granted = self.disputed, self.granted
        against = spec.silence == "against_request"
        zero, most = z3.IntVal(0), z3.IntVal(spec.type.high)
        if self.unit not in DAYS:
            silent = all_of((negation(said.stated), disputed.undocumented)) if against else FALSE
            return SymbolicValue.number(
                z3.If(said.stated, said.low, zero), z3.If(said.stated, said.low, most), silent
            )
        times = DAYS[self.unit]
        for each in (disputed, granted):
            self.constraints.append(z3.Implies(each.stated, each.high * times <= spec.type.high))
        asked = SymbolicValue.number(
            z3.If(disputed.stated, disputed.low * times, zero),
            z3.If(disputed.stated, disputed.high * times, most),
            disputed.undocumented,
        )
        more = SymbolicValue.number(
            z3.If(granted.stated, granted.low * times, zero),
            z3.If(granted.stated, granted.high * times, z3.If(granted.given, most, zero)),
        )
        total = self._sum((asked, more), spec.type)
        unstated = negation(disputed.given)
        return SymbolicValue.number(
            z3.If(said.stated, said.low, z3.If(unstated, zero, total.low)),
            z3.If(said.stated, said.low, z3.If(unstated, most, total.high)),
            all_of((negation(said.stated), disputed.given, total.silent)),
        )

    # -- time ---------------------------------------------------------------------------------------

    def _elapsed(self, known: z3.BoolRef, days: z3.ArithRef, spec: FactSpec) -> SymbolicValue:
        return SymbolicValue.number(
            z3.If(known, days, z3.IntVal(spec.type.low)), z3.If(known, days, z3.IntVal(spec.type.high))
        )

    def _day(self, known: z3.BoolRef, day: z3.ArithRef, spec: FactSpec) -> SymbolicValue:
        found = self._elapsed(known, day, spec)
        return SymbolicValue.number(found.low, found.high, kind="date")

    @cached_property
    def months(self) -> z3.ArithRef:
        """Whole months from the operation to the request: within bounds here, exact :meth:`on` a day."""
        found, days = z3.Int("months_since_surgery"), self.requested - self.surgery
        loose = z3.And(found >= 0, 30 * found <= days + 3 + found / 2, days <= 31 * found + 31)
        self.constraints.append(z3.Implies(self.surgery <= self.requested, loose))
        return found

    @property
    def _past(self) -> z3.BoolRef:
        """Whether an operation of a known day lies before the request; one still to come has no time since."""
        return z3.And(self.dated, self.surgery <= self.requested)

    def on(self, day: date) -> list[z3.BoolRef]:
        """Return that the request is of ``day``."""
        settled = [self.requested == day.toordinal()]
        if "months" in self.__dict__:
            steps = [(self.surgery <= _months_before(day, count), count) for count in range(30, 0, -1)]
            settled.append(self.months == stepped(steps, 0))
        return settled

    # -- the operation ------------------------------------------------------------------------------

    def _procedure(self, spec: FactSpec) -> SymbolicValue:
        said = self._say(spec.name, spec.type, undocumented=False, missing=False)
        self.constraints.append(z3.Implies(said.stated, self.operated))
        return SymbolicValue.choice(said.stated, said.word)

    # -- the body part, the principal item ----------------------------------------------------------

    def _region(self, spec: FactSpec) -> SymbolicValue:
        said = self._say(spec.name, spec.type, undocumented=False, missing=False)
        self.constraints.append(said.stated == self.placed)
        return SymbolicValue.choice(said.stated, said.word)

    def _age(self, spec: FactSpec) -> SymbolicValue:
        said = self._say(spec.name, spec.type, undocumented=False, missing=False)
        return said.open_value(FALSE)

    # -- response -----------------------------------------------------------------------------------

    def _after_care(self, spec: FactSpec) -> SymbolicValue:
        """Return whether earlier care helped: as a finding, held against its parts and the first course."""
        said = self._say(spec.name, spec.type)
        yes, no = z3.And(said.stated, said.low == 1), z3.And(said.stated, said.high == 0)
        against = spec.silence == "against_request"
        parts = [self.value(self.facts[name]) for name in RESTS_ON[spec.name] if name in self.facts]
        some, none = any_of(part.yes for part in parts), FALSE
        if len(parts) == len(RESTS_ON[spec.name]):
            none = all_of(part.no for part in parts)
        open_parts = any_of(negation(part.exact) for part in parts)
        first = self._first_course(spec)
        self.constraints += [z3.Implies(some, negation(first.yes)), z3.Implies(open_parts, said.given)]
        if parts:
            self.constraints += [z3.Implies(some, negation(no)), z3.Implies(none, negation(yes))]
        none = all_of((none, negation(first.yes)))
        if spec.name != "response" and "response" in self.facts:
            general = self._say("response", spec.type)
            denied = all_of((general.stated, general.high == 0, negation(first.yes), negation(some)))
            self.constraints.append(z3.Implies(denied, negation(yes)))
            none = any_of((none, denied))
            quiet = all_of(
                (
                    general.undocumented,
                    negation(first.yes),
                    negation(some),
                    negation(none),
                    negation(said.given),
                )
            )
        else:
            quiet = FALSE
        nothing = all_of((negation(said.given), first.yes))  # no visit yet: nothing to respond to
        silent = all_of((any_of((said.undocumented, quiet)), negation(some), negation(none)))
        return SymbolicValue.truth(
            any_of((yes, some)), any_of((no, none, nothing)), silent if against else FALSE
        )


def _months_before(day: date, months: int) -> int:
    """Return the last day from which ``months`` whole months have passed at ``day``."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - date(year, month + 1, 1)).days
    return date(year, month + 1, min(day.day, last)).toordinal()


GIVEN = frozenset(
    {"principal_supported", "visits_per_week", "weeks_since_start", "measured_response", "measured_function"}
)
"""Derived facts that a case of the family gives as findings: it has no frequency, no dated courses
and no scores."""

_WORKED_OUT: dict[str, _Term] = {
    "after_planned_surgery": Family._finding,  # the principal item of the family is no operation
    "first_course": Family._first_course,
    "days_of_use": Family._days_of_use,
    "days_requested": Family._days_requested,
    "request_date": lambda self, spec: self._day(TRUE, self.requested, spec),
    "injury_date": lambda self, spec: self._day(self.injured, self.injury, spec),
    "surgery_date": lambda self, spec: self._day(self.dated, self.surgery, spec),
    "days_since_injury": lambda self, spec: self._elapsed(self.injured, self.requested - self.injury, spec),
    "weeks_since_injury": lambda self, spec: self._elapsed(
        self.injured, (self.requested - self.injury) / 7, spec
    ),
    "days_since_surgery": lambda self, spec: self._elapsed(self._past, self.requested - self.surgery, spec),
    "weeks_since_surgery": lambda self, spec: self._elapsed(
        self._past, (self.requested - self.surgery) / 7, spec
    ),
    "months_since_surgery": lambda self, spec: self._elapsed(self._past, self.months, spec),
    "surgery_done": lambda self, spec: SymbolicValue.truth(self.operated, negation(self.operated)),
    "postsurgical_procedure": Family._procedure,
    "body_region": Family._region,
    "age": Family._age,
    "follows_principal": lambda self, spec: SymbolicValue.truth(self.follows, negation(self.follows)),
    "response": Family._after_care,
    "objective_improvement": Family._after_care,
    "functional_improvement": Family._after_care,
}
