"""Some fixture sees each criterion of the rulebook met, and some fixture sees it fail, unless that cannot be."""

from __future__ import annotations

import pytest

from imr_rules.rulebook import Rulebook
from imr_rules.workbench.coverage import measure
from imr_rules.workbench.fixtures import fixtures_in
from tests.paths import FIXTURES, ROOT


def test_each_criterion_is_seen_in_each_direction() -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: Z3 is not installed, what cannot be is not known")
    from imr_rules.engines.symbolic.solver import limited_solver, never
    from imr_rules.workbench.lint.solved import judged

    rulebook = Rulebook.load(ROOT / "rulesets" / "mtus", ROOT / "rulesets" / "adapted-ny-2021")
    seen = {
        criterion.id: criterion.seen
        for guideline in measure(rulebook, fixtures_in(FIXTURES)).guidelines
        for criterion in guideline.criteria
    }
    rows, found = judged(rulebook)
    solver = limited_solver(rows.constraints)
    missing = []
    for _, criteria in found:
        for each in criteria:
            of = seen[each.criterion.id]
            if not of.get("met") and not never(solver, each.statuses["met"]):
                missing.append(f"{each.criterion.id} met")
            if not of.get("unmet") and not of.get("undocumented") and not never(solver, each.fails):
                missing.append(f"{each.criterion.id} failing")
    assert len(seen) > 500
    assert not missing, "write a fixture in which these are seen:\n" + "\n".join(missing)
