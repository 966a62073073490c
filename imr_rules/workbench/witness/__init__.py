"""Cases found by proof: the smallest case for which something holds of one rulebook, or of two at once.

* :class:`Search` finds the smallest case on one treatment for which a Z3 term holds, and returns it as a
  :class:`~imr_rules.case.Case` that the reference was asked, with its answer. A case that derivation does
  not make what the solver took it for is never returned.
* :func:`tell_apart` says whether two rulebooks can answer differently: ``same`` (proven for every case),
  ``differs`` (with a case) or ``open``. A mutant is a second :class:`~imr_rules.rulebook.Rulebook`::

      verdict = tell_apart(rulebook, mutant, "answer")
      if verdict.outcome == "differs":
          case = verdict.found.cases[0]

* :func:`sites` and :func:`periods` say where two rulebooks' rules are not written alike.

Needs Z3 (the ``workbench`` extra).
"""

from imr_rules.workbench.witness.compare import (
    Extent,
    Verdict,
    differs,
    judged_alike,
    never_differ,
    tell_apart,
)
from imr_rules.workbench.witness.search import Found, Search
from imr_rules.workbench.witness.sites import Site, changed_guidelines, days_of, periods, rules_of, sites

__all__ = [
    "Extent",
    "Found",
    "Search",
    "Site",
    "Verdict",
    "changed_guidelines",
    "days_of",
    "differs",
    "judged_alike",
    "never_differ",
    "periods",
    "rules_of",
    "sites",
    "tell_apart",
]
