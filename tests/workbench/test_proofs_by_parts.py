"""Proofs from the parts that differ, held to proofs of the whole."""

from __future__ import annotations

import z3

from imr_rules import Rulebook
from imr_rules._reading import read_document
from imr_rules.engines.symbolic import AnyRow, encode
from imr_rules.errors import RulebookError
from imr_rules.workbench.mutation import mutants
from imr_rules.workbench.witness import differs, sites
from imr_rules.workbench.witness.parts import never_unlike, unlike_parts
from tests.paths import ROOT


def test_a_proof_part_by_part_is_never_bolder_than_one_of_the_whole(rulebook: Rulebook) -> None:
    """Whatever is proven from the parts that differ is proven from the whole plans too, mutant by mutant."""

    agreed = proven = 0
    for name in ("acoem-2004/low-back-supports", "chronic-pain-2009/antidepressants", "acoem-2004/elbow"):
        document = read_document(ROOT / "rulesets" / "mtus" / f"{name}.yaml", RulebookError)
        for _, mutant in list(mutants(document, rulebook)):
            for site in sites(rulebook, rulebook.with_guideline(mutant))[:2]:
                parts = unlike_parts(site.old, site.new)
                if parts is None:
                    continue
                facts = {spec.name: spec for spec in (*site.old.facts, *site.new.facts)}
                free = AnyRow()
                before = encode(site.old, free.row(site.old.facts), free.words)
                after = encode(site.new, free.row(site.new.facts), free.words)
                solver = z3.Solver()
                solver.add(free.constraints)
                solver.add(differs(before, after, "answer"))
                if never_unlike(parts, facts.values()):
                    proven += 1
                    assert solver.check() == z3.unsat
                else:
                    agreed += solver.check() == z3.sat
    assert proven > 0
    assert agreed > 0
