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


def letter_of(data: dict[str, Any], rulebook: Rulebook) -> Any:
    case = Case.from_data(data)
    names = [name for name, _ in case.named_items]
    return draft(case, screen(case, rulebook), rulebook, dict.fromkeys(names, "uphold"))


@pytest.fixture(scope="module")
def letter(rulebook: Rulebook) -> Any:
    case = Case.from_file(SEED)
    return draft(case, screen(case, rulebook), rulebook, {"item-1": "uphold"})


def test_the_letter_says_what_the_draft_says_and_the_working_sheet_stands_apart(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    pages = text_of(to_pdf(letter, working_sheet=True))
    sent = text_of(to_pdf(letter))
    for words in ("Decision: Upheld", "6 to 10 sessions", "Draft. ", "blanks left to fill in"):
        assert words in " ".join(sent)
    assert pages[: len(sent)] != pages
    assert "Working sheet" in pages[len(sent)]
    assert not any("Working sheet" in page or "sha256" in page for page in sent)


def test_the_same_letter_gives_the_same_bytes(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    assert to_pdf(letter) == to_pdf(letter)


def test_a_letter_without_blanks_is_no_draft_unless_something_else_is_open(letter: Any) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    whole = letter.with_texts(
        {name: text.replace("[", "").replace("]", "") for name, text in letter.texts().items()}
    )
    assert not any("Draft" in page for page in text_of(to_pdf(whole)))
    assert "Draft. 1 of 2 items not signed." in text_of(to_pdf(whole, remark="1 of 2 items not signed."))[0]


def test_text_of_a_case_is_never_read_as_markup(rulebook: Rulebook) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    data = {"items": [{"service": HOSTILE, "treatment": "physical_therapy"}]}
    pages = text_of(to_pdf(letter_of(data, rulebook)))
    assert HOSTILE.replace("[blank]", "(blank)") in " ".join(pages)


@pytest.mark.parametrize(
    "words",
    ["Привет", "Tiếng Việt", "ქართული", "Αθήνα", "հայերեն", "العربية", "עברית", "हिन्दी", "ñandú µg ≥ ½"],
)
def test_scripts_that_the_fonts_have_are_set(words: str, rulebook: Rulebook) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    data = {"items": [{"service": "acupuncture"}], "diagnoses": [{"text": f"pain {words}"}]}
    said = " ".join(text_of(to_pdf(letter_of(data, rulebook))))
    assert "▯" not in said
    assert "No font here" not in said


@pytest.mark.parametrize(
    "characters", ["\u0378", "\U000e0fff", "\u0378\U0001f8ff", "".join(map(chr, range(0x13000, 0x13060)))]
)
def test_a_glyph_nobody_has_is_said_and_never_an_error(characters: str, rulebook: Rulebook) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    data = {"items": [{"service": "acupuncture"}], "diagnoses": [{"text": f"pain {characters} of the back"}]}
    said = " ".join(text_of(to_pdf(letter_of(data, rulebook))))
    assert "of the back" in said
    if "▯" in said:
        assert "No font here has" in said


def test_what_stands_behind_every_character_is_told_by_its_code(rulebook: Rulebook) -> None:
    from imr_rules.writing.determination.typesetting import to_pdf

    data = {"items": [{"service": "acupuncture"}], "diagnoses": [{"text": "pain \u0378"}]}
    assert "U+0378" in " ".join(text_of(to_pdf(letter_of(data, rulebook))))
