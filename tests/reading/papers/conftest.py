"""What the tests of papers share."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from imr_rules.reading.letters.pdf import Limits, PdfReader
from imr_rules.reading.papers.reading import LIMITS


@pytest.fixture(scope="session")
def pdfium() -> Iterator[PdfReader]:
    """PDFium in its process, started once: what it may cost is tried with limits of a test's own."""
    with PdfReader(LIMITS) as reader:
        yield reader


@pytest.fixture(autouse=True)
def _one_pdfium(pdfium: PdfReader, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(limits: Limits) -> contextlib.AbstractContextManager[PdfReader]:
        return contextlib.nullcontext(pdfium) if limits == LIMITS else PdfReader(limits)

    monkeypatch.setattr("imr_rules.reading.papers.reading.PdfReader", opened)
