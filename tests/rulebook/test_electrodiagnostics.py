"""Studies of nerves, and functional capacity evaluations."""

from typing import Any

import pytest

from tests.rulebook.asking import SILENT, item, names


def test_electromyography_asks_for_suspected_radiculopathy_and_a_month_of_care() -> None:
    facts: dict[str, Any] = {
        "region": "low_back",
        "radiculopathy_suspected": True,
        "failed_conservative_care": True,
    }
    assert item("EMG bilateral lower extremities", **facts).suggestion == "overturn"
    new: dict[str, Any] = {"injury": "2016-11-20", "symptoms_predate_injury": SILENT}
    early = item("EMG bilateral lower extremities", **facts, **new)
    assert "a-month-of-care-first" in names(early.grounds)
    obvious = item("EMG bilateral lower extremities", **facts, radiculopathy_obvious=True)
    assert names(obvious.grounds) == {"not-already-obvious"}


def test_nerve_conduction_of_the_leg_is_not_recommended_for_radiculopathy() -> None:
    found = item("NCV of the bilateral lower extremities", region="low_back", entrapment_signs=False)
    assert "recommended" in names(found.grounds)
    neuropathy = item("NCV of the bilateral lower extremities", region="leg", entrapment_signs=True)
    assert neuropathy.suggestion == "overturn"


def test_both_studies_of_the_leg_together_fall_with_the_nerve_conduction() -> None:
    found = item(
        "EMG/NCV of the lower extremities", region="low_back", radiculopathy_suspected=True,
        failed_conservative_care=True, entrapment_signs=False, nerve_compromise=True,
    )  # fmt: skip
    assert found.treatment == "emg_and_ncs"
    assert found.suggestion == "uphold"
    assert names(found.grounds) == {"recommended"}


def test_nerve_conduction_of_the_arm_for_carpal_tunnel_signs() -> None:
    facts: dict[str, Any] = {
        "region": "wrist",
        "entrapment_signs": True,
        "symptoms_unimproved": True,
        "red_flags": False,
    }
    assert item("NCS of the left upper extremity", **facts).suggestion == "overturn"
    new: dict[str, Any] = {"injury": "2016-12-01", "symptoms_predate_injury": False}
    early = item("NCS of the left upper extremity", **facts, **new)
    assert names(early.grounds) == {"wait-four-weeks"}
    older = item(
        "NCS of the left upper extremity", **facts, injury="2016-12-01", symptoms_predate_injury=True
    )
    assert older.suggestion == "overturn"
    better = item("NCS of the left upper extremity", **{**facts, "symptoms_unimproved": False})
    assert names(better.grounds) == {"no-improvement"}
    silent = item("NCS of the left upper extremity", **{**facts, "symptoms_unimproved": SILENT})
    assert names(silent.grounds) == {"no-improvement"}


@pytest.mark.parametrize(
    ("in_question", "suggestion"),
    [(True, "overturn"), (False, "uphold"), (SILENT, "uphold"), ({"missing": "illegible"}, "needs_review")],
)
def test_a_functional_capacity_evaluation_answers_a_question_about_work(
    in_question: Any, suggestion: str
) -> None:
    found = item("Functional capacity evaluation", work_capability_in_question=in_question)
    assert found.suggestion == suggestion
