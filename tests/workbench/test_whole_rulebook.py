"""The fixtures notice a mistake anywhere in the rulebook."""

from __future__ import annotations

import pytest

from imr_rules.rulebook import Rulebook
from imr_rules.workbench.fixtures import fixtures_in
from imr_rules.workbench.mutation import mutate
from tests.paths import FIXTURES, ROOT


@pytest.mark.long
def test_nearly_every_mutant_of_the_rulebook_is_killed_and_the_rest_proven_to_change_nothing() -> None:
    pytest.importorskip("z3", reason="SKIPPED LOUDLY: Z3 is not installed, survivors cannot be looked into")
    result = mutate(Rulebook.load(ROOT / "rulesets"), fixtures_in(FIXTURES), jobs=2)
    print(
        f"{result.mutants} mutants: {result.killed} killed, {len(result.equivalent)} proven to change no answer, "
        f"{len(result.survivors)} survive; score {result.score:.2f}%"
    )
    assert result.mutants > 2500
    assert result.score >= 99, "\n".join(str(each.mutation) for each in result.survivors)
    assert [each.to_dict() for each in result.survivors if each.outcome != "open"] == [], (
        "imr-rules mutate --write keeps a case for each of these"
    )
