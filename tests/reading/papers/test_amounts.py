"""How much was asked for, authorized and refused, however a decision or an application puts it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from imr_rules.reading.papers import Draft
from imr_rules.reading.papers.outcome import bare_count
from imr_rules.reading.papers.wording import amounts_in, decision_in
from tests.reading.papers.test_forms_and_decisions import count, lines
from tests.reading.papers.test_forms_and_decisions import read as read  # the fixture


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("12 visits", 12), ("None", 0), ("#30", 30), ("60 tablets, 2 refills", 180), ("#30 w/ 2 refills", 90),
        ("#30 RF 2", 90), ("#30, refill: 2", 90), ("60 (2 refills)", 180), ("30 tablets, no refills", 30),
        ("90 with one (1) refill", 180), ("#30 refills 0", 30), ("2 refills", 2),
    ],
)  # fmt: skip
def test_a_field_of_amounts_counts_each_fill(words: str, value: int) -> None:
    assert bare_count(words) == value


@pytest.mark.parametrize(
    ("words", "amounts", "decision"),
    [
        ("Lidocaine patch #30 with 2 refills: DENIED", {"in_dispute": 90}, "denied"),
        ("Modified to #30 with 0 refills", {"authorized": 30}, "modified"),
        ("#60 with 1 refill is approved", {"authorized": 120}, "approved"),
        ("#60, 2 refills requested; #60, no refills certified", {"asked": 180, "authorized": 60}, "approved"),
        ("Partially certified - 6 sessions", {"authorized": 6}, "modified"),
        (
            "#60 is modified to Flexeril 7.5 mg #30 with no refills",
            {"asked": 60, "authorized": 30},
            "modified",
        ),
        ("Modified \u2013 4 visits", {"authorized": 4}, "modified"),
    ],
)
def test_the_words_of_a_decision_give_its_amounts(words: str, amounts: dict[str, int], decision: str) -> None:
    assert amounts_in(words) == amounts
    assert decision_in(words) == decision


def amounts(draft: Draft) -> list[tuple[object, object, object]]:
    return [
        (count(item, "asked"), count(item, "authorized"), count(item, "in_dispute"))
        for item in draft.case.items
    ]


HEAD = ("NOTICE OF UTILIZATION REVIEW DECISION", "Date of decision: 06/12/2023", "Date of injury: 01/05/2022")


def test_a_later_sentence_says_how_much_of_a_modified_item(read: Callable[..., Draft]) -> None:
    draft = read(
        lines(
            *HEAD,
            "1. Percocet 10/325 mg #120: MODIFIED. Percocet 10/325 mg #90 is approved to allow a taper; the remaining #30 is denied.",
            "Rationale: No record shows that function has improved. Citation: MTUS Opioids Guideline (2016), Tapering, page 68.",
        )
    )
    assert amounts(draft) == [(120, 90, 30)]
    (item,) = draft.case.items
    assert item.cited is not None and item.cited.administrator[0].pages == (68,)


def test_a_modified_item_without_an_amount_is_asked_about(read: Callable[..., Draft]) -> None:
    draft = read(lines(*HEAD, "1. Acupuncture, 12 visits: MODIFIED.", "2. Lumbar brace: DENIED."))
    assert any("how much was authorized cannot be read" in each for each in draft.cautions)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Physical therapy right foot, 16 visits requested and 6 certified", (16, 6, 10)),
        ("Acupuncture, 10 visits requested; only 4 approved", (10, 4, 6)),
        ("Physical therapy, 8 visits (12 requested, 4 certified)", (12, 4, 8)),
    ],
)
def test_an_application_may_restate_what_was_asked_for(
    read: Callable[..., Draft], words: str, expected: tuple[int, int, int]
) -> None:
    draft = read(
        lines(
            "APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "Date of Injury: 07/07/2020",
            "List each specific requested medical service that was denied or modified:", f"1. {words}",
        )
    )  # fmt: skip
    assert amounts(draft) == [expected]


def test_each_item_has_the_reason_and_the_guideline_that_speak_of_it(read: Callable[..., Draft]) -> None:
    draft = read(
        lines(
            *HEAD, "",
            "We have certified 6 of the 12 physical therapy visits; 6 are not certified. Of the acupuncture",
            "visits, 3 of 8 are approved as a trial. The cervical pillow is denied.", "",
            "Physical therapy was cut because six visits renew a home program (ACOEM Cervical and Thoracic",
            "Spine Disorders Guideline 2018, Exercise, page 71). For acupuncture, the Acupuncture Medical Treatment",
            "Guidelines (2009), page 8, call for a trial. A pillow is not recommended without better evidence (ACOEM",
            "Cervical and Thoracic Spine Disorders Guideline 2018, page 112).",
        )
    )  # fmt: skip
    found = {
        item.treatment: (item.cited.administrator[0].pages, str(item.utilization_review.rationale))
        for item in draft.case.items
        if item.cited and item.utilization_review
    }
    assert {name: pages for name, (pages, _) in found.items()} == {
        "physical_therapy": (71,),
        "acupuncture": (8,),
        "pillow": (112,),
    }
    assert "home program" in found["physical_therapy"][1]
    assert "trial" in found["acupuncture"][1] and "home program" not in found["acupuncture"][1]
    assert "better evidence" in found["pillow"][1] and "trial" not in found["pillow"][1]
    assert amounts(draft)[:2] == [(12, 6, 6), (8, 3, 5)]


def test_a_letter_that_asks_bears_its_date_and_numbers_its_diagnoses(read: Callable[..., Draft]) -> None:
    def letter(*foot: str) -> Draft:
        return read(
            lines(
                "August 14, 2024", "REQUEST FOR AUTHORIZATION OF MEDICAL TREATMENT", "Date of Injury: 02/05/2021",
                "Diagnoses: 1) Lumbar radiculopathy (M54.16). 2) Lumbar sprain (S33.5XXD).", "Treatment requested:",
                "1. Chiropractic manipulation, low back, once weekly for eight (8) weeks (CPT 98941).", "2. Psychological evaluation (CPT 90791), 1.", *foot,
            )
        )  # fmt: skip

    unsigned = letter()
    assert unsigned.case.request is not None and str(unsigned.case.request.date) == "2024-08-14"
    signed = letter("", "Signed: 08/15/2024")
    assert signed.case.request is not None and str(signed.case.request.date) == "2024-08-15"
    assert [each.text for each in signed.case.diagnoses] == ["Lumbar radiculopathy", "Lumbar sprain"]
