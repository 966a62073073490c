"""The rulebook says things in words of its own: numbers and references carry over, sentences do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.paths import ROOT
from tests.published import published_letters

RUN = 8
"""So many words in a row, and not a number among them, are a sentence carried over."""


def runs(text: str) -> Iterator[tuple[str, ...]]:
    words = re.findall(r"[a-z]+|\d+", text.lower())
    for start in range(len(words) - RUN + 1):
        run = tuple(words[start : start + RUN])
        if not any(word.isdigit() for word in run):
            yield run


@pytest.mark.long
def test_no_run_of_words_of_the_rulebook_is_a_letter_s() -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="SKIPPED LOUDLY: no reader of PDF files is installed")
    theirs: set[tuple[str, ...]] = set()
    for letter in sorted((published_letters() / "pdf").glob("*.pdf")):
        with pdfium.PdfDocument(letter) as document:
            theirs.update(runs(" ".join(page.get_textpage().get_text_range() for page in document)))
    assert len(theirs) > 40_000
    for path in sorted((ROOT / "rulesets").rglob("*.yaml")):
        for run in runs(path.read_text(encoding="utf-8")):
            assert run not in theirs, f"{path.name}: {' '.join(run)}"
