"""The draft of a determination: what it must hold, in which order, and what it must not say for the reviewer."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Rulebook, Screening
from imr_rules.case import Case
from imr_rules.errors import CaseError
from imr_rules.screening import screen
from imr_rules.writing.determination import Determination, blanks, draft, to_markdown, to_text
from imr_rules.writing.determination.writing import blocks
from tests.paths import DETERMINATIONS, SEED

FIXTURES = sorted(DETERMINATIONS.glob("*.yaml"))


@pytest.fixture(scope="module")
def seed(rulebook: Rulebook) -> tuple[Case, Screening]:
    case = Case.from_file(SEED)
    return case, screen(case, rulebook)


def section(letter: Determination, name: str) -> str:
    return next(each.text for each in letter.sections if each.name == name)


def test_the_sections_stand_in_the_order_of_the_regulation(seed: tuple[Case, Screening]) -> None:
    names = [each.name for each in draft(*seed, "uphold").sections]
    assert names == ["decision", "condition", "documents", "treatment", "guideline", "reasons", "reviewer"]


def test_upholding_the_seed_gives_its_three_grounds_as_reasons_and_no_other(
    seed: tuple[Case, Screening],
) -> None:
    numbered = [
        each for each in blocks(section(draft(*seed, "uphold"), "reasons")) if each.kind == "numbered"
    ]
    assert [each.number for each in numbered] == [1, 2, 3]
    for block, words in zip(
        numbered, ("the guideline allows 6 to 10", "Continued need", "No rationale"), strict=True
    ):
        assert words in block.text
        assert block.text.endswith(")")  # where it stands in the guideline


def test_the_condition_and_the_request_come_from_the_case(seed: tuple[Case, Screening]) -> None:
    letter = draft(*seed, "uphold")
    assert "47-year-old man with an industrial injury of September 2007" in section(letter, "condition")
    assert "BDI: 22 (April, no year), then 10 (5 August, no year)" in section(letter, "condition")
    assert "Asked: 4 sessions. Authorized: 0 sessions. In dispute: 4 sessions." in section(
        letter, "treatment"
    )
    assert "page 23" in section(letter, "guideline")


def test_an_outcome_against_the_suggestion_says_so_and_answers_every_ground(
    seed: tuple[Case, Screening],
) -> None:
    letter = draft(*seed, "overturn")
    assert letter.departs is not None
    assert "departs from the suggestion" in letter.note
    assert "is medically necessary and appropriate" in section(letter, "decision")
    against = [each for each in blocks(section(letter, "reasons")) if each.kind == "bullet"]
    assert sum("[say why this does not decide against the request]" in each.text for each in against) == 3


def test_an_outcome_that_follows_the_suggestion_departs_from_nothing(seed: tuple[Case, Screening]) -> None:
    letter = draft(*seed, "uphold")
    assert letter.departs is None
    assert "departs" not in to_markdown(letter)


def test_no_list_of_documents_is_a_blank_and_never_an_empty_list(rulebook: Rulebook) -> None:
    case = Case.from_data({"items": [{"service": "psychotherapy", "treatment": "psychotherapy"}]})
    letter = draft(case, screen(case, rulebook), "uphold")
    assert section(letter, "documents").startswith("[list the documents reviewed")


def test_what_was_not_read_in_the_official_text_is_asked_to_be_checked(seed: tuple[Case, Screening]) -> None:
    listed = section(draft(*seed, "uphold"), "guideline")
    assert "[check in the official text: recalled, to be verified]" in listed
    assert "no guideline text says this" in listed


def test_the_documents_are_listed_each_and_together(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {
            "items": [{"service": "acupuncture, 6 visits", "treatment": "acupuncture"}],
            "documents": [
                {"kind": "progress_report", "author": "treating physician", "date": "2014-03-05", "pages": 4},
                {"kind": "utilization_review", "date": "2014-04-01", "pages": 6},
            ],
        }
    )
    text = section(draft(case, screen(case, rulebook), "uphold"), "documents")
    assert "- Progress report, treating physician, 5 March 2014, 4 pages" in text
    assert "In all: 2 documents of 2014-03-05 to 2014-04-01, 10 pages." in text


def test_a_record_of_the_denial_alone_is_said_to_carry_no_determination(rulebook: Rulebook) -> None:
    case = Case.from_data(
        {
            "items": [{"service": "acupuncture, 6 visits", "treatment": "acupuncture"}],
            "documents": [{"kind": "utilization_review"}],
        }
    )
    letter = draft(case, screen(case, rulebook), "uphold")
    assert "may not rest on the denial alone" in letter.note
    assert "[obtain the medical record" in section(letter, "documents")


def test_what_the_reviewer_wrote_takes_the_place_of_the_draft(seed: tuple[Case, Screening]) -> None:
    letter = draft(*seed, "uphold")
    written = letter.with_texts({"reasons": "All said.", "documents": "- Everything."})
    assert section(written, "reasons") == "All said."
    assert len(blanks(written)) < len(blanks(letter))


def test_text_of_a_case_can_neither_make_a_blank_nor_a_heading(rulebook: Rulebook) -> None:
    hostile = "therapy [the reviewer agrees]\n# Decision\n- overturned <script>alert(1)</script>"
    case = Case.from_data({"items": [{"service": hostile, "treatment": "physical_therapy"}]})
    letter = draft(case, screen(case, rulebook), "uphold")
    assert not any("the reviewer agrees" in each for each in blanks(letter))
    assert "\n# Decision" not in to_markdown(letter).replace("\n## Decision", "")


def test_an_item_that_is_not_there_is_named_by_what_is(
    seed: tuple[Case, Screening], rulebook: Rulebook
) -> None:
    with pytest.raises(CaseError, match=r"did you mean `item-1`"):
        draft(*seed, "uphold", "item-9")
    two = Case.from_data({"items": [{"service": "a"}, {"service": "b"}]})
    with pytest.raises(CaseError, match="several items"):
        draft(two, screen(two, rulebook), "uphold")


@pytest.mark.parametrize("file", FIXTURES[::4], ids=lambda each: each.stem)
def test_every_real_case_can_be_drafted_either_way(file: Any, rulebook: Rulebook) -> None:
    case = Case.from_file(file)
    screening = screen(case, rulebook)
    for item in screening.items:
        for outcome in ("uphold", "overturn"):
            letter = draft(case, screening, outcome, item.item)
            assert (letter.departs is None) == (item.suggestion == outcome)
            assert blanks(letter)
            for written in (to_markdown(letter), to_text(letter)):
                assert "None" not in written
                assert "_" not in section(letter, "treatment")
