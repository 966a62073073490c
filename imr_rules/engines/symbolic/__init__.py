"""Every possible item, in Z3: the same trees, statuses and suggestion as terms over one symbolic row.

A *row* maps the name of each fact to a :class:`SymbolicValue`: not one value but every state of knowledge a
fact can be in. :func:`encode` says what a plan comes to over a row, as Z3 terms; what a solver then finds
holds for every item that can ever be screened, or gives one for which it does not::

    rows = AnyRow()
    encoded = encode(plan, rows.row(plan.facts), rows.words)
    solver = z3.Solver()
    solver.add(rows.constraints, encoded.suggestion["overturn"], encoded.statuses[0]["unknown"])
    assert solver.check() == z3.unsat       # no item is overturned while its first criterion is unknown

:class:`AnyRow` leaves every fact free, so that what is *impossible* over it is impossible for every case; a
row it allows need not come from a case. For rows that do come from a case, with the case, see
:mod:`imr_rules.workbench.witness`.

Needs Z3 (the ``workbench`` extra); only who imports this package needs it.
"""

from imr_rules.engines.symbolic.facts import SymbolicFacts
from imr_rules.engines.symbolic.plans import Encoded, encode
from imr_rules.engines.symbolic.rows import AnyRow, pinned, pins
from imr_rules.engines.symbolic.values import SymbolicRow, SymbolicValue, Words

__all__ = [
    "AnyRow",
    "Encoded",
    "SymbolicFacts",
    "SymbolicRow",
    "SymbolicValue",
    "Words",
    "encode",
    "pinned",
    "pins",
]
