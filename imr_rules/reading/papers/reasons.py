"""Why a decision refuses an item, in its own words: beside a label, in a column, or in a paragraph that names the item.

No rule reads a reason. It is shown to whoever judges the denial, so persons are taken out of it more widely than of
other words: each word of a name is hidden, and a birth date however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from imr_rules.reading.papers.cited import cited_in
from imr_rules.reading.papers.labels import Entry
from imr_rules.reading.papers.paper import PaperItem, Read
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.tables import Cell, words_of
from imr_rules.reading.papers.wording import decision_words

STANDING = re.compile(
    r"\bif (?:you|the|this|we|it|your)\b|\bmay (?:be|go|ask|request|submit|dispute|appeal)\b|\b(?:30|10|ten|thirty) (?:calendar )?days\b|independent medical review"
    r"|\bany (?:treatment|decision|dispute)|\btreatment that is\b|\bright to\b|\bappeal\b|\bshall\b|guideline (?:does|do)|\bcannot be known\b", re.I,
)  # fmt: skip
"""Sentences that stand on every letter, or say what would be; they decide nothing."""
_ENDS = re.compile(
    r"\W*(?:(?:if|should) (?:you|the employee|the worker|either)\b|you (?:may|have the right)|a dispute\b|(?:the|your) (?:signed )?application\b|sincerely|respectfully|thank you|cc:|enclos"
    r"|(?:re)?view(?:ed|er)\b|read:|records?\b|documents? (?:reviewed|read)|for disputes|our own appeal|proof of service)", re.I,
)  # fmt: skip
"""What begins a paragraph that stands behind the reasons."""
_OF_REASONS = frozenset({"why", "guideline", "decision", "service", "code", "approved", "refused", "other"})
"""Labels that may stand among reasons; any other one ends them."""
_NUMBERS = re.compile(
    r"\W*(?:(?:items?|requests?|no\.?|#) ?)?((?:\(?\d{1,2}[a-z]?[.):]*(?:,? ?(?:and|&) ?|, ?| (?=\d))?)+)",
    re.I,
)
_FEWEST_WORDS = 2
"""Fewer words than these, beside what is cited, are no reason; nor beside the item's name, where no label says reason."""
_NEXT_REQUEST = re.compile(
    r"\W*(?:request|item|treatment|service)\s*#?\s*\d{1,2}[a-z]?(?: of \d{1,2})?\W*$", re.I
)
_SPECK = re.compile(r" [.,·|_~'] (?=\w)")
"""What text recognition makes of a speck between two words."""


def reason_in_block(reader: Reader, own: Sequence[Entry], stop: int, where: str) -> list[Read[str]]:
    """Return the reason that a block of labels gives: under its label, else behind the word that decides."""
    for entry in own:
        if entry.name == "why":
            beside = "\t" in reader.flow.text[entry.at : entry.start]
            end = entry.end if beside else _goes_on(reader, entry.start, entry.end, stop)
            return _reason(reader, where, entry.start, end)
    for entry in own:
        if entry.name == "decision":
            first = re.match(r"[^.!?]*[.!?]\s+", reader.flat[entry.start : entry.end])
            return _reason(reader, where, entry.start + first.end(), entry.end) if first else []
    return []


def reason_in_cell(reader: Reader, cell: Cell, where: str) -> list[Read[str]]:
    """Return the reason that a column gives."""
    words = reader.without_persons(words_of(cell))
    return [reader.of_cell(words, f"reason, {where}", cell)] if words else []


def reason_behind(reader: Reader, item: PaperItem, first: int, last: int) -> list[Read[str]]:
    """Return the reason that stands with a deciding sentence: in it, or behind it in its paragraph.

    Args:
        reader: of the paper.
        item: the item that is decided.
        first: where the deciding words begin, in the flow.
        last: and where they end.
    """
    paragraph = next(((a, b) for a, b in reader.paragraphs if a <= first < b), None)
    if paragraph is None:
        return []
    where = item.service.where
    told: list[tuple[int, int]] = []
    for start, end in reader.sentences:
        if not paragraph[0] <= start < paragraph[1]:
            continue
        sentence = reader.flat[start:end]
        if start <= first < end:
            if re.search(
                r"\b(?:because|since|due to|for (?:lack|want) of|as (?:there|the|no))\b", sentence, re.I
            ):
                told.append((start, end))
        elif start >= last:
            if decision_words(sentence) or STANDING.search(sentence) or _ENDS.match(sentence):
                break
            told.append((start, end))
    return _reason(reader, where, told[0][0], told[-1][1]) if told else []


def reasons_by_paragraph(reader: Reader, items: Iterable[PaperItem]) -> None:
    """Give each item that has no reason yet the paragraphs that begin with its number or its name.

    Where only one item is decided, all that stands under a heading of reasons is about it.
    """
    open_ = [item for item in items if not item.why]
    if not open_:
        return
    headed = [entry for entry in reader.named("why") if entry.end > entry.start]
    if len(reader.paper.items) == 1 and headed:
        (item,) = open_
        item.why = _reason(
            reader,
            item.service.where,
            headed[0].start,
            _goes_on(reader, headed[0].start, headed[0].end, len(reader.flow.text)),
        )
        return
    last: list[PaperItem] = []
    begins = [entry.at for entry in headed][:1] or [0]
    for start, end in reader.paragraphs:
        if end <= begins[0] or any(first <= start < stop for first, stop in reader.tables):
            continue
        text = reader.flat[start:end]
        if _ENDS.match(text) or any(start <= each.at < end for each in reader.named("service")):
            last = []
            continue
        named = [item for item in named_first(reader, text) if item in open_]
        goes_on = not named and last and re.match(r"[a-z]", text)  # a sentence that the end of a page broke
        for item in named or (last if goes_on else ()):
            head = _NUMBERS.match(text)
            if _STARTS_A_REQUEST.search(text):
                continue
            begin = start + (head.end() if head else 0)
            item.why = [*item.why, *_reason(reader, item.service.where, begin, end, named=bool(named))]
        last = named or (last if goes_on else [])


_STARTS_A_REQUEST = re.compile(
    r"\b(?:your request|you asked|asked for|has reviewed the request|decided on)\b", re.I
)
"""A paragraph that says what was asked for and decided is not one of reasons."""


def named_first(reader: Reader, text: str) -> list[PaperItem]:
    """Return the items that a paragraph begins with, by their numbers or by a treatment it names."""
    items = reader.paper.items
    head = _NUMBERS.match(text)
    labels = re.findall(r"\d{1,2}[a-z]?", head[1]) if head else []
    named = [item for number, item in enumerate(items, 1) if (item.label or str(number)) in labels]
    if named:
        return named
    treatment = reader.recognized(opening(text))
    if treatment is None:
        return []
    named = [item for item in items if item.treatment == treatment]
    lineage = reader.vocabulary.treatments[treatment].lineage
    return named or [item for item in items if item.treatment in lineage][:1]


def opening(text: str) -> str:
    """Return the words that a paragraph begins with."""
    return re.split(r"[.:](?:\s|$)", text, maxsplit=1)[0][:120]


def _goes_on(reader: Reader, start: int, end: int, stop: int) -> int:
    """Return where the reasons end that run on from a value over further paragraphs."""
    limit = min(
        (entry.at for entry in reader.entries if end <= entry.at < stop and entry.name not in _OF_REASONS),
        default=stop,
    )
    begins = dict(reader.paragraphs)
    for line in reader.flow.lines:
        if line.start <= start:
            continue
        text = reader.flow.text[line.start : line.end]
        if line.start < end:
            if _NEXT_REQUEST.match(text):
                return line.start
            continue
        heading = len(text) < 70 and text.upper() == text and sum(map(str.isalpha, text)) > 5
        if line.start >= limit or heading or _NEXT_REQUEST.match(text):
            break
        paragraph = reader.flat[line.start : begins.get(line.start, line.start)]
        if _ENDS.match(paragraph) or STANDING.search(paragraph):
            break
        end = min(line.end, limit)
    return end


def _reason(reader: Reader, where: str, start: int, end: int, *, named: bool = False) -> list[Read[str]]:
    """Return the reason that stands between two offsets; none where only a citation does, or a name and a citation."""
    flat = rest = reader.flat[start:end]
    for _, first, stop in reversed(cited_in(flat)):
        rest = rest[:first] + rest[stop:]
    said = re.sub(r"^[^.:]{0,80}[.:](?= |$)", "", rest.strip()) if named else rest
    if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\bguidelines?\b:?", "", said, flags=re.I))) < _FEWEST_WORDS:
        return []
    words = reader.without_persons(reader.flow.cut(start, end))
    if reader.paper.carrier == "scan":
        words = _SPECK.sub(" ", words)
    return [Read(words, reader.flow.place(start, end), f"reason, {where}", words)]
