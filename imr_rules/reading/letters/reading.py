"""The verbs that read letters: from files, or from text at hand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from imr_rules.errors import LetterError
from imr_rules.reading.letters.header import Header, read_header, read_reviewer
from imr_rules.reading.letters.item import read_item
from imr_rules.reading.letters.items import find_items
from imr_rules.reading.letters.layout import find_sections
from imr_rules.reading.letters.letter import Letter
from imr_rules.reading.letters.pdf import Limits, PdfReader, letter_error
from imr_rules.reading.letters.text import join_pages
from imr_rules.reading.sentences import SentenceReader, Statement

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary


def read_letter(path: Path | str, vocabulary: Vocabulary, *, limits: Limits | None = None) -> Letter:
    """Read one letter, a PDF or a text file.

    Args:
        path: the file. A text file is UTF-8; a form feed begins a page.
        vocabulary: what the rulebook calls treatments and scales.
        limits: what the letter may cost.

    Raises:
        LetterError: the file cannot be read within the limits, or is not a determination letter.
    """
    (found,) = read_letters([path], vocabulary, limits=limits)
    if isinstance(found, LetterError):
        raise found
    return found


def read_letters(
    paths: Iterable[Path | str], vocabulary: Vocabulary, *, limits: Limits | None = None
) -> Iterator[Letter | LetterError]:
    """Read many letters; each one gives a :class:`Letter`, or the error that stopped it and nothing else.

    One confined process serves all PDFs, so this is much faster than :func:`read_letter` in a loop.
    """
    reader = SentenceReader(vocabulary)
    with PdfReader(limits) as pdf:
        for path in paths:
            try:
                yield _read(_pages(Path(path), pdf), reader, str(path), pdf.limits)
            except LetterError as error:
                yield error


def read_text(
    pages: list[str], vocabulary: Vocabulary, *, file: Path | str = "letter", limits: Limits | None = None
) -> Letter:
    """Read a letter whose text is at hand, page by page.

    Raises:
        LetterError: it has no text, is not a determination letter, or goes beyond the limits.
    """
    return _read(pages, SentenceReader(vocabulary), str(file), limits or Limits())


def _pages(path: Path, pdf: PdfReader) -> list[str]:
    written = pages_of_text(path, pdf.limits)
    return pdf.pages(path) if written is None else written


def pages_of_text(path: Path, limits: Limits) -> list[str] | None:
    """Return the pages of a text file, parted by form feeds; None of a PDF.

    Raises:
        LetterError: there is no such file, it is empty, beyond the limits, or neither text nor PDF.
    """
    try:
        if not path.is_file():
            what = "there is no such file" if not path.exists() else "this is not a file"
            raise letter_error(path, "no-file", what)
        size = path.stat().st_size
        if size > limits.file_bytes:
            what = f"the file has {size} bytes; at most {limits.file_bytes} are read"
            raise letter_error(path, "too-big", what)
        with path.open("rb") as file:
            head = file.read(1024)
            if not head:
                raise letter_error(path, "empty", "the file is empty", "download it again")
            if b"%PDF-" in head or path.suffix.lower() == ".pdf":
                return None
            raw = head + file.read(limits.characters * 4 + 1)
    except OSError as error:
        raise letter_error(path, "unreadable", f"the file cannot be read ({type(error).__name__})") from None
    if b"\x00" in raw:
        raise letter_error(path, "not-text", "this is neither a PDF nor a text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    pages = text.removesuffix("\f").split("\f")  # what writes text ends each page by one
    if len(pages) > limits.pages:
        what = f"the file has {len(pages)} pages; at most {limits.pages} are read"
        raise letter_error(path, "too-many-pages", what)
    if len(text) > limits.characters:
        what = f"the file holds more than {limits.characters} characters"
        raise letter_error(path, "too-much-text", what)
    return pages


_FEWEST_LETTERS = 200


def _read(pages: list[str], reader: SentenceReader, file: str, limits: Limits) -> Letter:
    if len(pages) > limits.pages:
        what = f"the file has {len(pages)} pages; a letter has at most {limits.pages}"
        raise letter_error(file, "too-many-pages", what)
    if sum(map(len, pages)) > limits.characters:
        what = f"the file holds more than {limits.characters} characters"
        raise letter_error(file, "too-much-text", what, "this is no letter")
    letter = join_pages(pages)
    if len(re.findall(r"[^\W\d_]", letter.text[:20_000])) < _FEWEST_LETTERS:
        what = "the file holds no text; its pages may be images"
        raise letter_error(file, "no-text", what, "run it through text recognition first")
    sections = find_sections(letter)
    if sections.layout is None:
        what = "this does not read as a determination letter"
        raise letter_error(file, "not-a-letter", what, "see the layouts in the documentation")
    header = read_header(letter, sections)
    raw_items = find_items(letter, sections)
    if not raw_items:
        what = "no disputed item can be found in the letter"
        raise letter_error(file, "no-items", what, "it may be truncated; download it again")
    injured = header.date_of_injury
    facts = [
        told
        for section in sections.of("summary")
        for told in reader.read(letter.flat, section.start, section.end, section="summary", injured=injured)
    ]
    items = tuple(
        read_item(letter, sections, number, raw, facts, reader, injured)
        for number, raw in enumerate(raw_items, start=1)
    )
    known = {told.fact for told in facts}
    elsewhere = {
        told.fact: told
        for item in reversed(items)
        for told in reversed(item.findings)
        if told.fact in ("age", "sex") and told.method == "stated"
    }
    return Letter(
        file=file,
        layout=sections.layout,
        pages=len(pages),
        header=header,
        reviewer=read_reviewer(letter),
        items=items,
        facts=(*facts, *(told for told in elsewhere.values() if told.fact not in known)),
        cautions=(*_without_words(pages), *_cautions(header, facts)),
        source=letter,
    )


def _without_words(pages: list[str]) -> Iterator[str]:
    """Yield a caution for each page that yielded nothing: it may be a picture."""
    for number, page in enumerate(pages, start=1):
        if not re.search(r"[^\W_]", page):
            yield f"page-{number}-has-no-words"


def _cautions(header: Header, facts: list[Statement]) -> tuple[str, ...]:
    cautions = []
    told = {each.date for each in facts if each.fact == "injury_date" and each.date is not None}
    injury = header.date_of_injury
    if injury is not None and told and not any(injury.startswith(day) for day in told):
        cautions.append("injury-date-differs-from-narrative")
    order = [day for day in (injury, header.ur_denial_date, header.decision_date) if day is not None]
    if order != sorted(order):
        cautions.append("dates-out-of-order")
    return tuple(cautions)
