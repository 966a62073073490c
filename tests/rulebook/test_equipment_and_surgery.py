"""Equipment, visits, transport, surgery, and what follows it."""

from typing import Any

import pytest

from imr_rules import Case, screen
from imr_rules.screening.result import ItemScreening
from tests.rulebook.asking import READ, RULEBOOK, SILENT, item, names

# --- equipment, visits, transport ---


def test_a_lumbar_support_has_no_use_beyond_the_acute_phase() -> None:
    late = item("Lumbar support", region="low_back")
    assert (late.suggestion, names(late.grounds)) == ("uphold", {"recommended"})
    acute = item("Lumbar support", region="low_back", injury="2016-12-05", medical_need=True)
    assert acute.suggestion != "uphold"


def test_braces_of_the_wrist_are_for_its_conditions() -> None:
    silent = item("Wrist braces #2", region="wrist")
    assert (silent.suggestion, names(silent.grounds)) == ("uphold", {"indication"})
    unread = item("Wrist braces #2", region="wrist", record={"read": "none"}, documents=[])
    assert unread.suggestion == "needs_review"
    tunnel = item("Wrist braces #2", region="wrist", diagnoses=["carpal tunnel syndrome"])
    assert (tunnel.suggestion, names(tunnel.grounds)) == ("overturn", {"indication"})


def test_equipment_of_which_the_mtus_is_silent_asks_for_a_medical_need() -> None:
    found = item("Standard wheelchair", medical_need=SILENT)
    assert (found.suggestion, found.tier) == ("uphold", "acoem_odg")
    assert item("Standard wheelchair", medical_need=True).suggestion == "overturn"


def test_transport_is_for_who_cannot_travel_alone() -> None:
    assert item("Transportation to appointments", self_transport_prevented=False).suggestion == "uphold"
    assert item("Transportation to appointments", self_transport_prevented=True).suggestion == "overturn"


def test_a_consultation_asks_why_this_patient_needs_it() -> None:
    assert item("Spine surgery evaluation for the lumbar", rationale=True).suggestion == "overturn"
    assert item("Follow up office visit", rationale=SILENT).suggestion == "uphold"


# --- surgery, and what follows it ---


def followers(*services: str, **findings: Any) -> tuple[ItemScreening, ...]:
    case = Case.from_data(
        {
            **READ,
            "request": {"date": "2016-12-15"},
            "injury": {"date": "2016-09-15"},
            "items": [
                {
                    "id": "surgery",
                    "service": "Right shoulder arthroscopy",
                    "body_part": {"region": "shoulder"},
                },
                *({"service": service, "follows": "surgery"} for service in services),
            ],
            "findings": {"red_flags": False, **findings},
        }
    )
    return screen(case, RULEBOOK).items


SERVICES = (
    "Assistant surgeon",
    "Pre-op clearance",
    "EKG",
    "Labs - CBC",
    "Cold compression therapy 30 day rental",
    "TENS unit",
)


def test_what_belongs_to_an_operation_falls_with_it() -> None:
    surgery, *rest = followers(*SERVICES, failed_conservative_care=False, lesion_shown=True)
    assert names(surgery.grounds) == {"failed-conservative-care"}
    for each in rest:
        assert each.suggestion == "uphold"
        assert "mtus/labor-code/necessity#principal-procedure-supported" in each.grounds
        reason = next(one.reason for one in each.criteria if one.id == each.grounds[0])
        assert "cap" not in reason


def test_what_belongs_to_a_supported_operation_stands_with_it() -> None:
    surgery, *rest = followers(*SERVICES, failed_conservative_care=True, lesion_shown=True)
    assert surgery.suggestion == "overturn"
    assert all("principal-procedure-supported" not in names(each.grounds) for each in rest)
    suggested = {each.service: each.suggestion for each in rest}
    assert suggested == {
        # These are part of the operation, and nothing else is asked of them.
        "Assistant surgeon": "overturn",
        "Pre-op clearance": "overturn",
        # Whether a healthy worker needs tests before an operation is said beside the answer.
        "EKG": "overturn",
        "Labs - CBC": "overturn",
        "Cold compression therapy 30 day rental": "uphold",
        "TENS unit": "uphold",
    }


def test_what_belongs_to_an_operation_under_review_waits() -> None:
    unread = {"missing": "the report of the study was not at hand"}
    surgery, assistant = followers("Assistant surgeon", failed_conservative_care=True, lesion_shown=unread)
    assert surgery.suggestion == assistant.suggestion == "needs_review"
    assert "principal_needs_review" in assistant.review_reasons


def test_a_request_that_leaves_out_its_quantity_shows_no_necessity() -> None:
    found = item(
        "Wrist braces", region="wrist", request_incomplete=True, diagnoses=["carpal tunnel syndrome"]
    )
    assert (found.suggestion, found.review_reasons) == ("needs_review", ("practice_against",))
    assert found.lean is not None
    assert found.lean.suggestion == "uphold"
    assert found.lean.grounds == ("mtus/labor-code/necessity#request-says-what-is-asked",)


# --- equipment after an operation on the shoulder ---


@pytest.mark.parametrize(
    ("days", "after", "suggestion", "grounds"),
    [
        (7, True, "overturn", {"after-surgery"}),
        (8, True, "uphold", {"within-a-week"}),
        (7, False, "uphold", {"after-surgery"}),
    ],
)
def test_cold_therapy_of_the_shoulder_is_for_a_week_after_surgery(
    days: int, after: bool, suggestion: str, grounds: set[str]
) -> None:
    found = item(
        "Cold therapy unit rental",
        region="shoulder",
        after_planned_surgery=after,
        in_dispute={"value": days, "unit": "day"},
    )
    assert (found.treatment, found.suggestion) == ("cold_or_heat_therapy", suggestion)
    assert names(found.grounds) == grounds


@pytest.mark.parametrize(
    ("region", "after", "suggestion"),
    [
        ("shoulder", True, "overturn"),
        # Without an operation the general entry on equipment asks for a medical need; with one it stands with it.
        ("shoulder", False, "uphold"),
        ("elbow", True, "overturn"),
    ],
)
def test_a_sling_follows_an_operation_on_the_shoulder(region: str, after: bool, suggestion: str) -> None:
    found = item("Slingshot sling", region=region, after_planned_surgery=after)
    assert (found.treatment, found.suggestion) == ("sling", suggestion)
    if suggestion == "uphold":
        assert names(found.grounds) == {"medical-need"}
        needed = item("Slingshot sling", region=region, after_planned_surgery=after, medical_need=True)
        assert needed.suggestion == "overturn"
