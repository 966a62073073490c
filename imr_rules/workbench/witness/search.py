"""Finds the smallest case for which something holds, and shows none that does not hold up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import z3

from imr_rules._dates import Period, Window
from imr_rules.case import Case
from imr_rules.engines.symbolic import SymbolicRow, SymbolicValue, Words, encode
from imr_rules.engines.symbolic.solver import limited_solver, never
from imr_rules.engines.symbolic.values import all_of
from imr_rules.expression.values import Row, Value
from imr_rules.facts.check import check
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.screening import PreparedItem, prepare_item
from imr_rules.workbench.witness.build import ITEM, build
from imr_rules.workbench.witness.family import Family
from imr_rules.workbench.witness.terms import row_of

__all__ = ["Found", "Search"]

_TRIES = 8
"""How many cases are tried that derivation does not make what the solver took them for."""


class Found(NamedTuple):
    """What a search came to.

    Attributes:
        cases: the smallest case, once for each rulebook: the same but for facts a rulebook does not know.
            None where none was found.
        posed: its item as each rulebook judges it.
        exhausted: where no case was found: True when none of the family fits; False when a bound was hit, or
            when those that seemed to fit did not hold up.
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
        rulebooks: the rulebooks; each must know the treatment.
        treatment: its name.
        period: days throughout which each rulebook selects the same guidelines.

    Attributes:
        plans: what each rulebook judges by.
        encoded: what each rulebook comes to, as terms over one unknown case
            (:class:`~imr_rules.engines.symbolic.Encoded`).
        family: the unknown case.
    """

    def __init__(self, rulebooks: Sequence[Rulebook], treatment: str, period: Period) -> None:
        self.rulebooks, self.period, self.words = tuple(rulebooks), period, Words()
        known = [each.vocabulary.treatments[treatment] for each in self.rulebooks]
        window = Window(period.first, period.first)
        self.plans = tuple(
            rulebook.select(each, window).plan for rulebook, each in zip(self.rulebooks, known, strict=True)
        )
        facts: dict[str, FactSpec] = {}
        for plan in self.plans:
            for spec in plan.facts:
                facts.setdefault(spec.name, spec)
        self.family = Family(known[0], period, facts.values(), self.words)
        self.rows: tuple[SymbolicRow, ...] = tuple(
            row_of(self.family, rulebook.vocabulary) for rulebook in self.rulebooks
        )
        self.encoded = tuple(
            encode(plan, row, self.words) for plan, row in zip(self.plans, self.rows, strict=True)
        )

    def find(self, *wanted: z3.BoolRef) -> Found:
        """Return the smallest case for which all of some terms hold.

        The case is derived as a case that arrives is, and only one whose facts come out as the solver had
        them is returned; so what ``wanted`` says of the reference's answer is true of it.
        """
        solver = limited_solver((*self.family.constraints, *wanted))
        for _ in range(_TRIES):
            day, outcome = self._day(solver)
            if day is None:
                return Found(None, exhausted=outcome == z3.unsat)
            solver.push()
            solver.add(self.family.on(day))
            model = self._smallest(solver)
            solver.pop(solver.num_scopes())
            if model is None:  # the months since an operation do not come out on that day
                solver.add(self.family.requested != day.toordinal())
                continue
            found = self._real(model)
            if found is not None:
                return found
            solver.add(self._other_than(model))
        return Found(None)

    def possible(self, *wanted: z3.BoolRef) -> bool:
        """Whether some case may be such; False only where none of the family is."""
        return not never(limited_solver(self.family.constraints), *wanted)

    def _day(self, solver: z3.Solver) -> tuple[date | None, z3.CheckSatResult]:
        """Return a day of request on which a case may be found: the first of the period where that will do."""
        first = self.family.on(self.period.first)
        if solver.check(*first) == z3.sat:
            return self.period.first, z3.sat
        outcome = solver.check()
        if outcome != z3.sat:
            return None, outcome
        ordinal = solver.model().eval(self.family.requested, model_completion=True)
        return date.fromordinal(ordinal.as_long()), outcome

    def _smallest(self, solver: z3.Solver) -> z3.ModelRef | None:
        """Return the model in which least is said, and the least of that: one and the same each time."""
        cost = self.family.cost
        best: z3.ModelRef | None = None
        while solver.check() == z3.sat:
            best = solver.model()
            total = sum(weight for term, weight in cost if _holds(best, term))
            if total == 0:
                break
            solver.push()
            solver.add(z3.PbLe(cost, total - 1))
        if best is None:
            return None
        total = sum(weight for term, weight in cost if _holds(best, term))
        solver.pop(solver.num_scopes() - 1)
        solver.add(z3.PbLe(cost, total))
        return self._first(solver, best)

    def _first(self, solver: z3.Solver, model: z3.ModelRef) -> z3.ModelRef:
        """Return, of the models that say equally much, the first in a fixed order."""
        settled: list[z3.BoolRef] = []

        def settle(term: z3.BoolRef) -> None:
            """Let ``term`` hold, if it can beside what was settled before it."""
            nonlocal model
            if _holds(model, term):
                settled.append(term)
                return
            solver.add(all_of(settled))
            settled.clear()
            if solver.check(term) == z3.sat:
                model = solver.model()
                settled.append(term)
            else:
                settled.append(z3.Not(term))

        family = self.family
        for term, _ in family.cost:
            settle(z3.Not(term))
        solver.add(all_of(settled))
        settled.clear()
        for _, said in sorted(family.said.items()):
            if _holds(model, said.stated):
                if said.kind.kind == "boolean":
                    settle(said.low == 1)
                elif said.kind.kind == "choice":
                    model = self._least(solver, model, said.word)
                else:
                    model = self._least(solver, model, said.low)
                    model = self._least(solver, model, said.high)
            else:
                settle(said.undocumented)
            solver.add(all_of(settled))
            settled.clear()
        for known, day in ((family.injured, family.injury), (family.dated, family.surgery)):
            if _holds(model, known):
                model = self._least(solver, model, family.requested - day)
        return model

    def _least(self, solver: z3.Solver, model: z3.ModelRef, term: z3.ArithRef) -> z3.ModelRef:
        """Make ``term`` as small as it can be, and return a model of that."""
        low, high = None, _number(model, term)
        step = 1
        while low is None or low < high:
            middle = high - step if low is None else (low + high - 1) // 2
            if solver.check(term <= middle) == z3.sat:
                model = solver.model()
                high, step = _number(model, term), step * 2
            else:
                low = middle + 1
        solver.add(term == high)
        return model

    def _other_than(self, model: z3.ModelRef) -> z3.BoolRef:
        """Return that something else is said than in ``model``."""
        said = [term for term, _ in self.family.cost]
        return z3.Or([term != model.eval(term, model_completion=True) for term in said])

    def _real(self, model: z3.ModelRef) -> Found | None:
        """Return the case of a model, where derivation makes of it what the solver took it for."""
        cases, posed = [], []
        for rulebook, row in zip(self.rulebooks, self.rows, strict=True):
            case = Case.from_data(build(self.family, model, rulebook.vocabulary))
            check(case, rulebook.vocabulary)
            items = dict(case.named_items)
            principal = "needs_review" if items[ITEM].follows else None
            question = prepare_item(case, ITEM, items[ITEM], rulebook, principal)
            if isinstance(question, str) or not self._reproduces(row, question.row, model):
                return None
            cases.append(case)
            posed.append(question)
        return Found(tuple(cases), tuple(posed))

    def _reproduces(self, row: SymbolicRow, real: Row, model: z3.ModelRef) -> bool:
        return all(
            self._same(value, real[name], model)
            for name, value in row.items()
            if name in real  # a plan does not ask what the other one alone asks
        )

    def _same(self, value: SymbolicValue, real: Value, model: z3.ModelRef) -> bool:
        if _holds(model, value.silent) != real.silent:
            return False
        if value.kind == "choice":
            if real.text is None:
                return not _holds(model, value.known)
            return _holds(model, value.known) and self.words.number(real.text) == _number(model, value.word)
        return (_number(model, value.low), _number(model, value.high)) == (real.low, real.high)


def _holds(model: z3.ModelRef, term: z3.BoolRef) -> bool:
    return bool(z3.is_true(model.eval(term, model_completion=True)))


def _number(model: z3.ModelRef, term: z3.ArithRef) -> int:
    return int(model.eval(term, model_completion=True).as_long())
