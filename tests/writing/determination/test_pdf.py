"""The letter as PDF, read back by another library."""

from __future__ import annotations

from typing import Any

import pytest

from imr_rules import Rulebook
from imr_rules.case import Case
from imr_rules.screening import screen
from imr_rules.writing.determination import draft
from tests.paths import SEED

pypdfium2 = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: pypdfium2 is not installed")
pytest.importorskip("typst", reason="SKIPPED LOUDLY: typst is not installed")

HOSTILE = '#import "x" $x$ *bold* <script> \\ [blank] #sys.inputs'


def text_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


@pytest.fixture(scope="module")
def letter(rulebook: Rulebook) -> Any:
    case = Case.from_file(SEED)
    return draft(case, screen(case, rulebook), "uphold")


def test_the_letter_says_what_the_draft_says_and_the_working_sheet_stands_apart(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    pages = text_of(to_pdf(letter))
    for words in ("The denial is upheld", "the guideline allows 6 to 10", "Draft."):
        assert words in " ".join(pages[:-1])
    assert "Working sheet" in pages[-1]
    assert not any("Suggestion of the screening" in page for page in pages[:-1])
    assert not any("Working sheet" in page for page in text_of(to_pdf(letter, working_sheet=False)))


def test_the_same_letter_gives_the_same_bytes(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    assert to_pdf(letter) == to_pdf(letter)


def test_a_letter_without_blanks_is_no_draft(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    whole = letter._replace(
        heading=(("Case", "X"),), sections=tuple(each._replace(text="Said.") for each in letter.sections)
    )
    assert not any("Draft" in page for page in text_of(to_pdf(whole, working_sheet=False)))


def test_text_of_a_case_is_never_read_as_markup(rulebook: Rulebook) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    case = Case.from_data({"items": [{"service": HOSTILE, "treatment": "physical_therapy"}]})
    pages = text_of(to_pdf(draft(case, screen(case, rulebook), "uphold")))
    assert HOSTILE.replace("[blank]", "(blank)") in " ".join(pages)
