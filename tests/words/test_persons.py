"""Names of persons are taken out of running words; kinds of care in capitals are no names."""

from __future__ import annotations

import pytest

from imr_rules.words.persons import without_names


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Seen by Jane Q. Doe, M.D. today", "Seen by [...] today"),
        ("Notes of Mary Ann Doe PT show gains", "Notes of [...] show gains"),
        ("Roe, PT saw him", "[...] saw him"),
        ("Mr. Doe attended", "[...] attended"),
    ],
)
def test_a_name_is_taken_out(written: str, kept: str) -> None:
    assert without_names(written) == kept


@pytest.mark.parametrize(
    "care", ["Right Knee PT", "Postoperative PT", "Outpatient Hand PT", "Additional Pool PT", "More PT", "PT"]
)
def test_what_makes_therapy_of_pt_is_no_name(care: str) -> None:
    assert without_names(care) == care


def test_a_title_in_capitals_keeps_its_kind_of_care() -> None:
    assert without_names("Pain Management, MD Consultation with Dr. Doe Left Hip", degrees=False) == (
        "Pain Management, MD Consultation with [...] Left Hip"
    )
