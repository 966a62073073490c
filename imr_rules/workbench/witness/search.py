"""Finds the smallest case for which something holds, and shows none that the engine does not answer so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import z3

from imr_rules._dates import Period
from imr_rules.case import Case, Recorded
from imr_rules.engines.symbolic import SymbolicRow, SymbolicValue, Words, encode, pins
from imr_rules.engines.symbolic.solver import checked, limited_solver, never
from imr_rules.engines.symbolic.values import all_of, at_most
from imr_rules.errors import CaseError
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.check import check
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.screening import PreparedItem
from imr_rules.workbench.witness.cases import Cases
from imr_rules.workbench.witness.findings import holds

_TRIES = 24
"""How many cases are put to the engine of which derivation makes something else than was asked for."""


class Found(NamedTuple):
    """What a search came to.

    Attributes:
        cases: the smallest case, once for each rulebook. None where none was found.
        posed: its item as each rulebook judges it.
        exhausted: where no case was found: True when no row of findings fits; False when a bound was hit, or
            when those that seemed to fit did not come out so.
    """

    cases: tuple[Case, ...] | None
    posed: tuple[PreparedItem, ...] = ()
    exhausted: bool = False


class Search:
    """Cases on one treatment, requested within one period, as one or more rulebooks judge them.

    ::

        search = Search([rulebook], "acupuncture", Period(date(2014, 1, 1), date(2014, 12, 31)))
        (encoded,) = search.encoded
        found = search.find(encoded.suggestion["overturn"])
        if found.cases:
            print(found.posed[0].suggest(found.posed[0].row).suggestion)

    Terms of two searches must not be mixed: their unknowns bear the same names.

    Args:
        rulebooks: each knows the treatment, and no guideline of theirs begins or ends within the period.
        treatment: its name.
        period: the days of the request.
    """

    def __init__(self, rulebooks: Sequence[Rulebook], treatment: str, period: Period) -> None:
        self.rulebooks, self.period, self.words = tuple(rulebooks), period, Words()
        self.among = Cases(self.rulebooks, treatment, period, self.words)
        self.rows: tuple[SymbolicRow, ...] = self.among.rows
        self.plans = tuple(question.plan for question in self.among.bare)
        self.encoded = tuple(
            encode(plan, row, self.words) for plan, row in zip(self.plans, self.rows, strict=True)
        )

    def find(self, *wanted: z3.BoolRef) -> Found:
        """Return the smallest case for which all of some terms hold.

        Each case is put to the engine, and returned only if they hold of what derivation really makes of it.
        """
        asked, real = (limited_solver((*self.among.constraints, *wanted)) for _ in range(2))
        left_out = False
        seen: set[tuple[str, ...]] = set()
        for _ in range(_TRIES):
            outcome = asked.check()
            if outcome != z3.sat:
                return Found(None, exhausted=outcome == z3.unsat and not left_out)
            model = asked.model()
            asked.push()
            model = self._smallest(asked, model)
            asked.pop(asked.num_scopes())
            said = {
                name: statement
                for name, finding in self.among.findings.items()
                if (statement := finding.statement(model, self.words)) is not None
            }
            follows = holds(model, self.among.follows)
            found = self._really(said, follows, real)
            if found is not None:
                return self._without_what_follows(said, follows, real, found)
            left_out = True
            asked.add(z3.Not(self._mistaken(said, follows, model, seen)))
        return Found(None)

    def possible(self, *wanted: z3.BoolRef) -> bool:
        """Whether some case may be such; False only where no row of findings is."""
        return not never(limited_solver(self.among.constraints), *wanted)

    def among_numbers(
        self, wanted: z3.BoolRef, values: Sequence[SymbolicValue], numbers: Iterable[int]
    ) -> list[int]:
        """Return the numbers that a fact, known exactly, can be where a term holds: all but those proven not."""
        solver = limited_solver((*self.among.constraints, wanted))
        return [
            number
            for number in numbers
            if not never(
                solver, *(z3.And(each.low == number, each.high == number, each.exact) for each in values)
            )
        ]

    # -- the engine's word -----------------------------------------------------------------------------------

    def _really(self, said: Mapping[str, Any], follows: bool, real: z3.Solver) -> Found | None:
        """Return the case that says something, if what is wanted holds of what derivation makes of it."""
        found = self._asked(said, follows)
        if found is None:
            return None
        rows = [
            term
            for row, question in zip(self.rows, found.posed, strict=True)
            for term in pins(row, question.row, self.words)
        ]
        return found if checked(real, *rows) == z3.sat else None

    def _asked(self, said: Mapping[str, Any], follows: bool) -> Found | None:
        """Return the case that says something, as each rulebook reads it, or None where one refuses it."""
        cases, posed = [], []
        for rulebook in self.rulebooks:
            known = {name: each for name, each in said.items() if name in rulebook.vocabulary.facts}
            data = self.among.data(known, follows)
            try:
                case = Case.from_data(data)
                check(case, rulebook.vocabulary)
                posed.append(self.among.asked(data, rulebook))
            except CaseError:
                return None
            cases.append(case)
        return Found(tuple(cases), tuple(posed))

    def _without_what_follows(
        self, said: Mapping[str, Any], follows: bool, real: z3.Solver, found: Found
    ) -> Found:
        """Leave out each finding without which the case comes out the same."""
        left = dict(said)
        for name in sorted(said):
            if name == self.among.amount:
                continue
            fewer = {each: statement for each, statement in left.items() if each != name}
            smaller = self._really(fewer, follows, real)
            if smaller is not None:
                left, found = fewer, smaller
        return found

    def _mistaken(
        self, said: Mapping[str, Any], follows: bool, model: z3.ModelRef, seen: set[tuple[str, ...]]
    ) -> z3.BoolRef:
        """Return what was said, as far as derivation made something else of it than the solver took it for.

        The second time that the same facts lead to it, numbers and words are taken not to matter.
        """
        found = self._asked(said, follows)
        names: list[str] = []
        if found is not None:
            names = sorted(self._read_otherwise(found, model))
        if not names:
            return all_of(finding.same(model) for finding in self.among.findings.values())
        findings = [self.among.findings[name] for name in names]
        key = (*names, *(finding.alike(model).sexpr() for finding in findings))
        again = key in seen
        seen.add(key)
        return all_of(finding.alike(model) if again else finding.same(model) for finding in findings)

    def _read_otherwise(self, found: Found, model: z3.ModelRef) -> set[str]:
        """Return the findings that derivation looks at for the first fact it makes something else of."""
        for row, question in zip(self.rows, found.posed, strict=True):
            for spec in question.plan.facts:
                mine = {spec.name: row[spec.name]}
                terms = pins(mine, question.row, self.words)
                if not all(holds(model, term) for term in terms):
                    return _looked_at(question, spec) & self.among.findings.keys()
        return set()

    # -- the smallest ----------------------------------------------------------------------------------------

    def _smallest(self, asked: z3.Solver, best: z3.ModelRef) -> z3.ModelRef:
        """Return the model in which least is said, and the least of that: one and the same each time."""
        cost = self.among.cost
        total = _total(best, cost)
        while total:
            asked.push()
            asked.add(at_most(cost, total - 1))
            if asked.check() != z3.sat:
                break
            best = asked.model()
            total = _total(best, cost)
        asked.pop(asked.num_scopes() - 1)
        asked.add(at_most(cost, total))
        return self._first(asked, best)

    def _first(self, asked: z3.Solver, model: z3.ModelRef) -> z3.ModelRef:
        """Return, of the models that say equally much, the first in a fixed order."""

        def settle(term: z3.BoolRef) -> None:
            """Let ``term`` hold, if it can beside what was settled before it."""
            nonlocal model
            if not holds(model, term):
                if asked.check(term) != z3.sat:
                    asked.add(z3.Not(term))
                    return
                model = asked.model()
            asked.add(term)

        settle(z3.Not(self.among.follows))
        for _, finding in sorted(
            self.among.findings.items(), key=lambda each: (each[0] == self.among.amount, each[0])
        ):
            settle(z3.Not(finding.given))
            if not holds(model, finding.given):
                continue
            settle(finding.stated)
            if not holds(model, finding.stated):
                settle(finding.undocumented)
            elif finding.kind.kind == "boolean":
                settle(finding.low == 1)
            elif finding.kind.kind == "choice":
                model = _least(asked, model, finding.word)
            else:
                model = _least(asked, model, finding.low)
                model = _least(asked, model, finding.high)
        return model


class _Watched(Record):
    """A record that notes which findings are looked at."""

    looked_at: set[str]

    def finding(self, name: str) -> tuple[Recorded, ...] | None:
        """Return what is said outright of a fact."""
        self.looked_at.add(name)
        return super().finding(name)


def _looked_at(question: PreparedItem, spec: FactSpec) -> set[str]:
    """Return the facts whose findings are looked at to work out a fact; the amount in dispute always is."""
    mine = question.record
    record = _Watched(mine.case, mine.item, mine.treatment, mine.as_of, mine.vocabulary, mine.principal)
    record.looked_at = set()
    derive(record, spec)
    return record.looked_at


def _total(model: z3.ModelRef, cost: Sequence[tuple[z3.BoolRef, int]]) -> int:
    return sum(weight for term, weight in cost if holds(model, term))


def _least(asked: z3.Solver, model: z3.ModelRef, term: z3.ArithRef) -> z3.ModelRef:
    """Make ``term`` as small as it can be, and return a model of that."""
    low, high = None, _number(model, term)
    step = 1
    while low is None or low < high:
        middle = high - step if low is None else (low + high - 1) // 2
        if asked.check(term <= middle) == z3.sat:
            model = asked.model()
            high, step = _number(model, term), step * 2
        else:
            low = middle + 1
    asked.add(term == high)
    return model


def _number(model: z3.ModelRef, term: z3.ArithRef) -> int:
    return int(model.eval(term, model_completion=True).as_long())
