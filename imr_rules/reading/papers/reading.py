"""The verb that reads papers: files in, one draft case out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from imr_rules.reading.letters.pdf import Limits, PdfReader, letter_error
from imr_rules.reading.letters.reading import pages_of_text
from imr_rules.reading.papers import recognition
from imr_rules.reading.papers.decisions import read_decision
from imr_rules.reading.papers.draft import Draft, draft_of
from imr_rules.reading.papers.forms import read_application, read_request_form
from imr_rules.reading.papers.kinds import Part, cut
from imr_rules.reading.papers.page import Page
from imr_rules.reading.papers.paper import Paper, PaperKind
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.records import read_record
from imr_rules.reading.papers.sheets import read_pages, typed_pages, with_ink

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

LIMITS = Limits(pages=200, characters=1_000_000)
"""What one file of papers may cost."""

_READERS = {
    "rfa": read_request_form,
    "imr-application": read_application,
    "ur": read_decision,
    "record": read_record,
}


def read_papers(
    files: Sequence[Path | str],
    vocabulary: Vocabulary,
    *,
    kind: PaperKind | None = None,
    limits: Limits = LIMITS,
) -> Draft:
    """Read the papers of one case into a draft.

    Args:
        files: PDF or text files; one may hold several papers.
        vocabulary: the names a case may use.
        kind: what all of them are; without it each paper is recognized by its title and its words.
        limits: what one file may cost.

    Raises:
        LetterError: a file cannot be read within the limits, or none of them holds a paper of these kinds.
    """
    papers: list[Paper] = []
    unread: list[tuple[str, int]] = []
    met: Counter[str] = Counter()
    with PdfReader(limits) as pdf:
        for file in files:
            for part in _parts(Path(file), pdf, kind):
                met[part.kind] += 1
                name = part.kind if met[part.kind] == 1 else f"{part.kind}-{met[part.kind]}"
                first = part.pages[0].number
                unread += [
                    (name, page.number - first + 1) for page in part.pages if page.carrier == "nothing"
                ]
                if part.kind in _READERS:
                    papers.append(_paper(name, part, vocabulary))
    if not any(paper.kind != "record" or paper.states_something for paper in papers):
        raise letter_error(
            files[0], "no-paper", "no request, decision, application or record with a fact of a case is found in it",
            "say what it is with --as; a determination is read with --as determination",
        )  # fmt: skip
    return draft_of(papers, vocabulary, unread)


def _parts(file: Path, pdf: PdfReader, kind: PaperKind | None) -> list[Part]:
    written = pages_of_text(file, pdf.limits)
    pages = _pages(file, pdf) if written is None else list(typed_pages(written))
    parts = cut(pages) if kind is None else [Part(kind, tuple(pages))]
    return parts if written is not None else [_with_ink(file, part, pdf) for part in parts]


def _with_ink(file: Path, part: Part, pdf: PdfReader) -> Part:
    """Look at the boxes and rules of a paper."""
    written = ("text", "fields")
    pages = [with_ink(file, page.number, pdf) if page.carrier in written else page for page in part.pages]
    return Part(part.kind, tuple(pages))


def _pages(file: Path, pdf: PdfReader) -> list[Page]:
    pages = list(read_pages(file, pdf))
    if all(page.carrier == "nothing" for page in pages):
        if recognition.available():
            raise letter_error(file, "no-text", "no words can be read on any page")
        raise letter_error(
            file, "no-ocr", "its pages are pictures, and Tesseract is not installed",
            "install the program tesseract-ocr",
        )  # fmt: skip
    return pages


def _paper(name: str, part: Part, vocabulary: Vocabulary) -> Paper:
    carriers = Counter(page.carrier for page in part.pages if page.carrier != "nothing")
    carrier = "scan" if carriers["scan"] else carriers.most_common(1)[0][0] if carriers else "nothing"
    paper = Paper(name, part.kind, part.pages[0].number, len(part.pages), carrier)
    reader = Reader(paper, [page for page in part.pages if page.words], vocabulary)
    if reader.pages:
        _READERS[part.kind](reader)
    if part.kind == "record":
        if not paper.states_something:
            paper.questions.append("it states nothing that a case holds")
    elif not paper.items:
        paper.questions.append("no treatment can be found in it")
    return paper
