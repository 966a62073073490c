"""The verbs that read letters: from files, or from text at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_rules.errors import LetterError
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.header import Header, read_header, read_reviewer
from imr_rules.reading.letters.item_reading import read_item
from imr_rules.reading.letters.items import RawItem, find_items
from imr_rules.reading.letters.layout import find_sections
from imr_rules.reading.letters.letter import Letter
from imr_rules.reading.letters.pdf import Limits, PdfReader, letter_error
from imr_rules.reading.letters.summary import find_person, read_summary
from imr_rules.reading.letters.text import LetterText, join_pages
from imr_rules.reading.names import TreatmentNames

__all__ = ["read_letter", "read_letters", "read_text"]


def read_letter(
    path: Path | str, names: TreatmentNames | None = None, *, limits: Limits | None = None
) -> Letter:
    """Read one letter, a PDF or a text file.

    Args:
        path: the file. A text file is UTF-8; a form feed begins a page.
        names: what the rulebook's treatments are called; without them no treatment is recognized.
        limits: what the letter may cost.

    Raises:
        LetterError: the file cannot be read within the limits, or is not a determination letter.
    """
    with PdfReader(limits) as reader:
        return _read(Path(path), names, reader)


def read_letters(
    paths: Iterable[Path | str], names: TreatmentNames | None = None, *, limits: Limits | None = None
) -> Iterator[Letter | LetterError]:
    """Read many letters; each one gives a :class:`Letter`, or the error that stopped it and nothing else.

    One confined process serves all PDFs, so this is much faster than :func:`read_letter` in a loop.
    """
    with PdfReader(limits) as reader:
        for path in paths:
            try:
                yield _read(Path(path), names, reader)
            except LetterError as error:
                yield error


def _read(path: Path, names: TreatmentNames | None, reader: PdfReader) -> Letter:
    return read_text(_pages(path, reader), names, file=path, limits=reader.limits)


def _pages(path: Path, reader: PdfReader) -> list[str]:
    limits = reader.limits
    try:
        if not path.is_file():
            raise letter_error(
                path, "no-file", "there is no such file" if not path.exists() else "this is not a file"
            )
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise letter_error(
                path, "too-big", f"the file has {size} bytes; a letter has at most {limits.file_bytes}"
            )
        with path.open("rb") as file:
            head = file.read(1024)
            if not head:
                raise letter_error(path, "empty", "the file is empty", "download it again")
            if b"%PDF-" in head or path.suffix.lower() == ".pdf":
                return reader.pages(path)
            raw = head + file.read(limits.characters * 4 + 1)
    except OSError as error:
        raise letter_error(path, "unreadable", f"the file cannot be read ({type(error).__name__})") from None
    if b"\x00" in raw:
        raise letter_error(path, "not-text", "this is neither a PDF nor a text file")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    return text.split("\f")


_FEWEST_LETTERS = 200


def read_text(
    pages: list[str],
    names: TreatmentNames | None = None,
    *,
    file: Path | str = "letter",
    limits: Limits | None = None,
) -> Letter:
    """Read a letter whose text is at hand, page by page.

    Raises:
        LetterError: it has no text, is not a determination letter, or goes beyond the limits.
    """
    limits = limits or Limits()
    if len(pages) > limits.pages:
        raise letter_error(
            file, "too-many-pages", f"the file has {len(pages)} pages; a letter has at most {limits.pages}"
        )
    if sum(map(len, pages)) > limits.characters:
        raise letter_error(
            file,
            "too-much-text",
            f"the file holds more than {limits.characters} characters",
            "this is no letter",
        )
    letter = join_pages(pages)
    if sum(character.isalpha() for character in letter.text[:20_000]) < _FEWEST_LETTERS:
        raise letter_error(
            file,
            "no-text",
            "the file holds no text; its pages may be images",
            "run it through text recognition first",
        )
    sections = find_sections(letter)
    if sections.layout is None:
        raise letter_error(
            file,
            "not-a-letter",
            "this does not read as a determination letter",
            "see the layouts in the documentation",
        )
    header = read_header(letter, sections)
    raw_items = find_items(letter, sections)
    if not raw_items:
        raise letter_error(
            file,
            "no-items",
            "no disputed item can be found in the letter",
            "it may be truncated; download it again",
        )
    facts = [fact for section in sections.of("summary") for fact in read_summary(letter, section)]
    items = tuple(
        read_item(letter, sections, number, raw, facts, names)
        for number, raw in enumerate(raw_items, start=1)
    )
    return Letter(
        file=str(file),
        layout=sections.layout,
        pages=len(pages),
        header=header,
        reviewer=read_reviewer(letter),
        items=items,
        facts=tuple(facts + _person_elsewhere(letter, raw_items, facts)),
        cautions=_cautions(header, facts),
        text=letter.text,
    )


def _person_elsewhere(letter: LetterText, items: list[RawItem], facts: list[Fact]) -> list[Fact]:
    """Return the age or sex that only a rationale states."""
    known = {fact.fact for fact in facts}
    found: dict[str, Fact] = {}
    for item in items:
        if item.rationale is not None:
            for fact in find_person(letter, *item.rationale, "rationale"):
                if fact.fact not in known and fact.method == "stated":
                    found.setdefault(fact.fact, fact)
    return list(found.values())


def _cautions(header: Header, facts: list[Fact]) -> tuple[str, ...]:
    cautions = []
    told = {fact.date for fact in facts if fact.fact == "injury_date" and fact.date is not None}
    injury = header.date_of_injury
    if injury is not None and told and not any(injury.startswith(day) for day in told):
        cautions.append("injury-date-differs-from-narrative")
    order = [day for day in (injury, header.ur_denial_date, header.decision_date) if day is not None]
    if order != sorted(order):
        cautions.append("dates-out-of-order")
    return tuple(cautions)
