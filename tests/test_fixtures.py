"""Every fixture gets the answer it must get, and says why where that is not what was decided."""

from __future__ import annotations

import pytest
from conftest import ROOT

from imr_rules import Case
from imr_rules.workbench.fixtures import differences

FIXTURES = sorted((ROOT / "fixtures").glob("**/*.yaml"))
AGREES = {"uphold": "upheld", "overturn": "overturned"}


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_gets_its_answer(path, rulebook):
    assert [str(each) for each in differences(Case.from_file(path), rulebook)] == []


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_fixture_that_differs_from_its_outcome_says_why(path):
    case = Case.from_file(path)
    for name, expected in (case.expect.items if case.expect else {}).items():
        recorded = expected.outcome and expected.suggestion
        if recorded and AGREES.get(expected.suggestion) != expected.outcome:
            assert expected.differs, f"{name} differs from the recorded outcome and does not say why"


def test_a_wrong_expectation_is_seen(rulebook):
    """The comparison itself must be able to fail."""
    case = Case.from_file(ROOT / "fixtures" / "determinations" / "seed-cbt-relaxation.yaml")
    data = case.model_dump(mode="json", exclude_defaults=True)
    expected = data["expect"]["items"]["item-1"]
    expected["suggestion"] = "overturn"
    expected["grounds"] = expected["grounds"][:2]
    expected["statuses"] = {"mtus/chronic-pain-2009/behavioral-interventions#within-total": "met"}
    found = differences(Case.from_data(data), rulebook)
    assert [each.what for each in found] == [
        "the suggestion",
        "the grounds",
        "mtus/chronic-pain-2009/behavioral-interventions#within-total",
    ]
