"""Some fixture sees each criterion of the rulebook met, and some fixture sees it fail, unless that cannot be."""

from __future__ import annotations

import pytest

from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.plan import make_plan
from imr_rules.workbench.coverage import measure
from imr_rules.workbench.fixtures import fixtures_in
from tests.paths import FIXTURES, ROOT


@pytest.mark.long
def test_each_criterion_is_seen_in_each_direction() -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: Z3 is not installed, what cannot be is not known")
    from imr_rules.engines.symbolic import AnyRow, encode
    from imr_rules.engines.symbolic.solver import limited_solver, never
    from imr_rules.engines.symbolic.values import any_of

    rulebook = Rulebook.load(ROOT / "rulesets" / "mtus", ROOT / "rulesets" / "adapted-ny-2021")
    seen = {
        criterion.id: criterion.seen
        for guideline in measure(rulebook, fixtures_in(FIXTURES)).guidelines
        for criterion in guideline.criteria
    }
    rows, missing = AnyRow(), []
    for guideline in rulebook.guidelines.values():
        plan = make_plan([guideline], rulebook.vocabulary)
        statuses = encode(plan, rows.row(plan.facts), rows.words).statuses
        solver = limited_solver(rows.constraints)
        for planned, each in zip(plan.criteria, statuses, strict=True):
            of = seen[planned.id]
            if not of.get("met") and not never(solver, each["met"]):
                missing.append(f"{planned.id} met")
            fails = any_of((each["unmet"], each["undocumented"]))
            if not of.get("unmet") and not of.get("undocumented") and not never(solver, fails):
                missing.append(f"{planned.id} failing")
    assert len(seen) > 500
    assert not missing, "write a fixture in which these are seen:\n" + "\n".join(missing)
