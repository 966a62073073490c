"""What words tell of an operation, and what they leave open: the row of the table, the part of the body, silence."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Case, screen
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import READ, RULEBOOK, item, names, status

VOCABULARY = RULEBOOK.vocabulary


@pytest.mark.parametrize("row", VOCABULARY.procedures)
def test_the_words_of_a_row_tell_of_that_row_alone(row: str) -> None:
    for words in VOCABULARY.procedures[row]:
        assert VOCABULARY.procedures_told(words.replace(" + ", " "), None) == (row,), words


@pytest.mark.parametrize(
    ("text", "region", "rows"),
    [
        ("arthroscopic rotator cuff repair, full-thickness tear", None, ("shoulder_rotator_cuff_repair",)),
        ("Left shoulder arthroscopy with subacromial decompression", None, ("shoulder_rotator_cuff_arthroscopic",)),
        ("rotator cuff repair", "shoulder", ()),
        ("anterior cervical discectomy and fusion C5-6", None, ("neck_fusion",)),
        ("L5-S1 microdiscectomy", "low_back", ("low_back_discectomy",)),
        ("lumbar laminectomy and fusion L4-S1", None, ("low_back_fusion",)),
        ("lumbar discectomy with interbody fusion", None, ("low_back_fusion",)),
        ("L4-5 laminectomy and TLIF", "low_back", ("low_back_fusion",)),
        ("lumbar laminectomy", None, ("low_back_discectomy",)),
        ("cervical laminectomy and fusion", None, ("neck_fusion",)),
        ("fusion", "ankle", ("ankle_arthroplasty_fusion",)),
        ("ACL reconstruction with partial meniscectomy", "knee", ("knee_meniscectomy", "knee_acl")),
        ("knee arthroscopy", "knee", ()),
        ("inguinal hernia repair", "abdomen", ()),
    ],
)  # fmt: skip
def test_an_operation_in_words(text: str, region: str | None, rows: tuple[str, ...]) -> None:
    assert VOCABULARY.procedures_told(text, region) == rows


def with_an_operation(service: str, follower: str, **findings: Any) -> ItemScreening:
    """What an item gets that is asked for with an operation, whose grounds ``findings`` state."""
    case = Case.from_data(
        {
            **READ,
            "injury": {"date": "2013-06-01"},
            "request": {"date": findings.pop("request", "2014-05-15")},
            "diagnoses": [{"text": "low back strain"}, {"text": "meniscus tear"}],
            "history": [
                {"treatment": "physical_therapy", "attended": 9, "body_part": {"region": "low_back"}}
            ],
            "items": [
                {"id": "operation", "service": service},
                {"id": "with", "service": follower, "follows": "operation"},
            ],
            "findings": findings,
        }
    )
    return screen(case, RULEBOOK).items[1]


KNEE = "Left knee arthroscopy with partial meniscectomy"
SUPPORTED = {"failed_conservative_care": True, "internal_derangement_signs": True, "lesion_shown": True}


@pytest.mark.parametrize(
    ("follower", "suggestion"),
    [
        (
            "Post-operative physical therapy 6 visits",
            "overturn",
        ),  # half of 12, and no visit of the back counts
        ("Post-operative physical therapy 7 visits", "uphold"),
        ("Assistant surgeon", "overturn"),
        ("Pre-op medical clearance", "overturn"),
        ("Pre-operative labs", "overturn"),
        ("EKG", "overturn"),
        ("crutches", "overturn"),
        ("TENS unit rental 30 days", "overturn"),
        ("TENS unit rental 60 days", "uphold"),
    ],
)
def test_what_goes_with_an_operation_stands_with_it(follower: str, suggestion: str) -> None:
    found = with_an_operation(KNEE, follower, **SUPPORTED)
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    "follower",
    ["Post-operative physical therapy 6 visits", "Assistant surgeon", "Pre-operative labs", "crutches"],
)
def test_what_goes_with_an_operation_falls_with_it(follower: str) -> None:
    found = with_an_operation(KNEE, follower, failed_conservative_care=False)
    assert found.suggestion == "uphold"
    assert "principal-procedure-supported" in names(found.grounds) or "operation-supported" in names(
        found.grounds
    )


def test_an_opioid_after_an_operation_comes_before_the_ladder() -> None:
    found = with_an_operation(KNEE, "Norco 5/325 mg #30", **SUPPORTED, opioid_dose=20)
    assert (found.suggestion, names(found.grounds)) == ("overturn", {"non-opioids-first"})


@pytest.mark.parametrize(
    ("day", "days", "suggestion"),
    [("2014-05-15", 30, "overturn"), ("2016-12-15", 30, "overturn"), ("2016-12-15", 31, "uphold")],
)
def test_tens_after_an_operation_has_its_thirty_days(day: str, days: int, suggestion: str) -> None:
    found = item(
        "TENS unit rental", request=day, injury="2013-06-01", duration={"value": days, "unit": "day"},
        purchase_requested=False, region="knee", surgery_done=True, days_since_surgery=10,
    )  # fmt: skip
    assert found.suggestion == suggestion


@pytest.mark.parametrize(
    ("diagnosis", "suggestion"),
    [
        ("displaced distal radius fracture", "needs_review"),
        ("status post ORIF", "needs_review"),
        ("wrist sprain", "uphold"),
    ],
)
def test_silence_beside_a_diagnosis_that_may_speak_of_a_fact_leaves_it_open(
    diagnosis: str, suggestion: str
) -> None:
    asked: dict[str, Any] = {
        "request": "2014-03-05",
        "injury": "2014-02-25",
        "course": "initial",
        "opioid_dose": 20,
    }
    assert item("Norco 5/325 mg #30", diagnoses=[diagnosis], **asked).suggestion == suggestion


def test_a_benefit_of_a_trial_leaves_open_whether_it_was_completed() -> None:
    asked: dict[str, Any] = {
        "request": "2014-03-01", "injury": "2013-03-01", "neuropathic_pain": True, "failed_conservative_care": True,
        "functional_restoration_adjunct": True, "treatment_goals": True, "purchase_requested": True,
    }  # fmt: skip
    told = item("TENS unit purchase", **asked, trial_benefit=True)
    assert (told.suggestion, [each.fact for each in told.questions][:1]) == (
        "needs_review",
        ["trial_completed"],
    )
    silent = item("TENS unit purchase", **asked)
    assert "one-month-trial-first" in names(silent.grounds)


def test_a_year_of_drug_tests_at_once_is_too_many() -> None:
    asked: dict[str, Any] = {"request": "2014-03-01", "injury": "2013-03-01", "on_opioids": True}
    assert item("Urine drug screen x 4", **asked).suggestion == "overturn"
    found = item("Urine drug screen, monthly, 12", asked={"value": 12, "unit": "study"}, **asked)
    assert status(found, "no-more-than-a-year-at-once") == "unmet"
