"""The report of a screening: as a page that stands alone, and as PDF."""

from __future__ import annotations

import pytest

from imr_rules import Rulebook, Screening
from imr_rules.case import Case
from imr_rules.screening import screen
from imr_rules.writing.charts.pictures import Picture
from imr_rules.writing.html import html
from imr_rules.writing.markdown import markdown
from imr_rules.writing.screening_report import screening_report
from imr_rules.writing.terminal import terminal
from tests.paths import DETERMINATIONS, SEED

HOSTILE = '<script>alert(1)</script> [x](https://elsewhere.example) ![y](https://elsewhere.example/y) <https://elsewhere.example> #import "z"'
GROUNDS = ("the guideline allows 6 to 10", "Continued need is not shown", "No rationale for further sessions")

pytest.importorskip("typst", reason="SKIPPED LOUDLY: typst is not installed")
pytest.importorskip("matplotlib", reason="SKIPPED LOUDLY: Matplotlib is not installed")


Pictured = tuple[Screening, dict[str, tuple[Picture, ...]]]


@pytest.fixture(scope="module")
def seed(rulebook: Rulebook) -> Pictured:
    from imr_rules.writing.charts.pictures import pictures

    case = Case.from_file(SEED)
    screening = screen(case, rulebook)
    return screening, {"item-1": pictures(case, screening, "item-1", rulebook)}


def test_the_page_says_what_the_markdown_says_and_carries_its_pictures(seed: Pictured) -> None:
    page = html(screening_report(seed[0], pictures=seed[1]))
    for words in (*GROUNDS, "A suggestion, not a decision"):
        assert words in page
        assert words in markdown(screening_report(seed[0]))
    assert page.count("data:image/svg+xml;base64,") == len(seed[1]["item-1"]) == 2
    assert "12 attended, 0 authorized, 4 in dispute" in page  # a picture's words


def test_the_pdf_says_it_too_and_is_the_same_each_time(seed: Pictured) -> None:
    pypdfium2 = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: pypdfium2 is not installed")
    from imr_rules.writing.screening_pdf import to_pdf

    made = to_pdf(*seed)
    assert made == to_pdf(*seed)
    document = pypdfium2.PdfDocument(made)
    text = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    for words in (*GROUNDS, "Ground 3, not documented", "A suggestion, not a decision"):
        assert words in text


def test_text_of_a_case_makes_no_markup_no_link_and_no_picture(rulebook: Rulebook) -> None:
    from imr_rules.writing.screening_pdf import to_pdf

    case = Case.from_data({"items": [{"service": HOSTILE, "treatment": "physical_therapy"}]})
    page = html(screening_report(screen(case, rulebook)))
    assert "<script" not in page
    assert "href" not in page
    assert "<img" not in page
    assert to_pdf(screen(case, rulebook)).startswith(b"%PDF-")


def test_every_writing_shows_the_lean_and_the_questions_above_the_criteria(rulebook: Rulebook) -> None:
    from imr_rules.writing.screening_pdf import to_pdf

    pypdfium2 = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: pypdfium2 is not installed")
    screening = screen(Case.from_file(DETERMINATIONS / "cm17-0016311.yaml"), rulebook)
    (item,) = screening.items
    assert item.suggestion == "needs_review"
    assert item.lean is not None
    assert item.questions
    report = screening_report(screening)
    document = pypdfium2.PdfDocument(to_pdf(screening))
    pdf = "".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    for said in (markdown(report), html(report), terminal(report, width=100, color=False), pdf):
        flat = " ".join(said.split())
        lean, question = flat.index("Leans toward upholding"), flat.index(item.questions[0].asks)
        assert lean < question < flat.index("Unknown")
