"""Z3 with a time limit: what it cannot settle in time is neither proven nor found."""

from __future__ import annotations

from collections.abc import Iterable

import z3

MILLISECONDS = 5_000
"""How long one question may take."""


def limited_solver(constraints: Iterable[z3.BoolRef] = ()) -> z3.Solver:
    """Return a solver that gives up on a question in time.

    It decides by search alone: without the tactics of ``z3.Solver``, which cost more than these questions do.
    """
    found = z3.SimpleSolver()
    found.set("timeout", MILLISECONDS)
    found.set("phase_selection", 0)  # what need not hold does not: most models are small at once
    found.add(*constraints)
    return found


def checked(asked: z3.Solver, *terms: z3.BoolRef) -> z3.CheckSatResult:
    """Return what ``asked.check`` does, without its look at the sort of each term, which takes longest."""
    every = (z3.Ast * len(terms))(*(term.ast for term in terms))
    return z3.CheckSatResult(z3.Z3_solver_check_assumptions(asked.ctx.ref(), asked.solver, len(terms), every))


def never(asked: z3.Solver, *terms: z3.BoolRef) -> bool:
    """Whether it is proven that some terms never hold together; False says only that it is not."""
    return bool(checked(asked, *terms) == z3.unsat)
