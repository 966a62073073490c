"""Files that are no papers: one typed error, one line, none of their words; a page that yields nothing is said."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from imr_rules import Rulebook
from imr_rules.errors import LetterError
from imr_rules.reading.letters.pdf import Limits
from imr_rules.reading.papers import Draft, read_papers
from tests.reading.papers import composing as compose
from tests.reading.papers.composing import truth
from tests.reading.papers.drawing import Sheet

SECRET = "Quillon Marwick has radiculopathy"


def pdf(*pages: str, encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=encrypt)
    for words in pages:
        canvas.drawString(72, 700, words)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("L", (600, 800), 255).save(out, "PDF")
    return out.getvalue()


def looping() -> bytes:
    """A page tree that holds itself."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \ntrailer<</Size 3/Root 1 0 R>>\nstartxref\n120\n%%EOF"
    )


HOSTILE = {
    "nothing": (b"", "empty"),
    "words": (f"{SECRET}\n".encode() * 20, "not-a-pdf"),
    "cut short": (pdf(SECRET)[:300], "not-a-pdf"),
    "encrypted": (pdf(SECRET, encrypt=StandardEncryption("secret", canPrint=0)), "encrypted"),
    "an empty picture": (picture(), "no-text"),
    "a loop": (looping(), None),
    "no paper": (pdf(f"{SECRET}. The weather was fine that day and nobody asked for anything."), "no-paper"),
}


def read(rulebook: Rulebook, file: Path, content: bytes, **more: object) -> Draft:
    file.write_bytes(content)
    return read_papers([file], rulebook.vocabulary, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_paper_costs_one_clear_error(rulebook: Rulebook, tmp_path: Path, name: str) -> None:
    content, code = HOSTILE[name]
    with pytest.raises(LetterError) as caught:
        read(rulebook, tmp_path / "paper.pdf", content)
    (problem,) = caught.value.problems
    assert code is None or problem.code == code
    assert "\n" not in str(problem)
    assert "Marwick" not in str(problem)
    assert "radiculopathy" not in str(problem)


def test_a_file_beyond_the_limits_is_refused(rulebook: Rulebook, tmp_path: Path) -> None:
    for limits, code in (
        (Limits(pages=2), "too-many-pages"), (Limits(file_bytes=100), "too-big"), (Limits(characters=40), "too-much-text"),
    ):  # fmt: skip
        with pytest.raises(LetterError) as caught:
            read(rulebook, tmp_path / "paper.pdf", pdf(*[SECRET * 3] * 3), limits=limits)
        assert caught.value.problems[0].code == code


def test_a_missing_file_is_said(rulebook: Rulebook, tmp_path: Path) -> None:
    with pytest.raises(LetterError) as caught:
        read_papers([tmp_path / "none.pdf"], rulebook.vocabulary)
    assert caught.value.problems[0].code == "no-file"


def test_a_page_that_yields_nothing_is_said(rulebook: Rulebook, tmp_path: Path) -> None:
    whole = pypdfium2.PdfDocument.new()
    whole.import_pages(pypdfium2.PdfDocument(compose.request_2014(truth(1), Sheet())))
    whole.import_pages(pypdfium2.PdfDocument(picture()))
    out = io.BytesIO()
    whole.save(out)
    assert read(rulebook, tmp_path / "paper.pdf", out.getvalue()).unread_pages == (("rfa", 2),)
