"""Why a decision refuses an item, in its own words: beside a label, in a column, or in a paragraph that names the item.

No rule reads a reason. It is shown to whoever judges the denial, so persons are taken out of it more widely than of
other words: each word of a name is hidden, and a birth date however it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from imr_rules.reading.papers.cited import GOES_ON, cited_in
from imr_rules.reading.papers.labels import Entry
from imr_rules.reading.papers.paper import PaperItem, Read
from imr_rules.reading.papers.reader import Reader
from imr_rules.reading.papers.tables import Cell, words_of
from imr_rules.reading.papers.wording import decision_words
from imr_rules.words.body_parts import find_body_parts
from imr_rules.words.lexicon import word_group

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
    for start, end in stretches(reader):
        if end <= begins[0] or any(first <= start < stop for first, stop in reader.tables):
            continue
        text = reader.flat[start:end]
        if _ENDS.match(text) or any(
            start <= each.at < end and each.at == reader.flow.lines[reader.flow.line_at(each.at)].start
            for each in reader.named("service")
        ):
            last = []
            continue
        named = [item for item in named_first(reader, text) if item in open_]
        goes_on = not named and last and re.match(r"[a-z]", text)  # a sentence that the end of a page broke
        for item in named or (last if goes_on else ()):
            head = _NUMBERS.match(text)
            if _STARTS_A_REQUEST.search(text) and not re.match(r"[^.:]{3,60}: ", text):
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
        item = _FIRST_ITEM.match(text)
        if item is None:
            return []
        return like(reader, item["colon"] or opening(text))
    named = [item for item in items if item.treatment == treatment]
    lineage = reader.vocabulary.treatments[treatment].lineage
    return named or [item for item in items if item.treatment in lineage][:1]


_ABOUT = r"(?:[Aa]s )?(?:[Ff]or|[Tt]o|[Rr]egarding|[Cc]oncerning|[Ww]ith (?:regard|respect) to|[Ii]n (?:regard|respect) to|[Tt]urning to) (?:the |your )?"
_SETTLED = r"(?:cut|reduced|limited|denied|modified|approved|certified|authori[sz]ed|non-certified|recommended|supported|indicated|needed|necessary|medically necessary|covered|appropriate)\b"
_OF_AN_ITEM = (
    rf"(?:{_ABOUT}(?P<about>[\w /-]{{3,60}}), |(?P<colon>[A-Z][\w /-]{{1,60}}): "
    rf"|(?:(?:The|A|An|Your) )?(?P<settled>[A-Z]?[\w /-]{{3,60}}?) (?:(?:was|were) (?:only |not |partly )?{_SETTLED}|(?:is|are|cannot be) not {_SETTLED}))"
)
"""How the reasons for an item begin: "For the pillow, ...", "MRI: the guideline ...", "Therapy was cut because ...". A
guideline's "is recommended" begins nothing."""
_NEXT_ITEM = re.compile(rf"(?<=[.;:)] )(?={_OF_AN_ITEM})")
_FIRST_ITEM = re.compile(_OF_AN_ITEM)


def stretches(reader: Reader) -> list[tuple[int, int]]:
    """Return the paragraphs, cut where one begins to speak of another item.

    What decides several items at the head of a paragraph is no reason of any of them, and is left out.
    """
    found: list[tuple[int, int]] = []
    for start, end in reader.paragraphs:
        here = [each for each in reader.decided if start <= each[0] < end]
        several = len({treatment for *_, treatment in here}) > 1
        begin = max(last for _, last, _ in here) if several else start
        cuts = [
            match.start()
            for match in _NEXT_ITEM.finditer(reader.flat, begin, end)
            if (name := match["about"] or match["colon"] or match["settled"])
            and (reader.recognized(name) or (not match["colon"] and like(reader, name)))
        ]
        cuts += [
            entry.start for entry in reader.named("why") if entry.at == start < entry.start < end
        ]  # a heading
        if begin > start:
            begin = next((at for at, _ in reader.sentences if at >= begin), end)
        found += [(first, last) for first, last in pairwise([begin, *sorted(set(cuts)), end]) if first < last]
    return found


def like(reader: Reader, words: str) -> list[PaperItem]:
    """Return the item whose own words are most like some words; none where two are as like, or none is.

    Words that many items share, of counting and of the body, make no likeness.
    """
    cited = cited_in(words)
    own = _telling(words[: cited[0][1]] if cited else words)
    likeness = [(len(own & _telling(item.service.value)), item) for item in reader.paper.items]
    best = max((score for score, _ in likeness), default=0)
    most = [item for score, item in likeness if score == best]
    return most if best and len(most) == 1 else []


def _telling(words: str) -> set[str]:
    found = set(re.findall(r"[a-z]{5,}", words.lower())) - word_group("no_likeness")
    return {word for word in found if not find_body_parts(word)}


def opening(text: str) -> str:
    """Return the words that a paragraph begins with; of "For the pillow, the guideline ..." the item alone."""
    item = _FIRST_ITEM.match(text)
    if item is not None and not item["colon"]:
        return str(item["about"] or item["settled"])
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
        on = GOES_ON.search(rest, first, stop)
        rest = rest[:first] + rest[on.start() if on is not None else stop :]
    title = re.match(r"[^.:]{0,80}[.:](?= |$)", rest.strip()) if named else None
    told = title is not None and (
        re.search(r"\b(?:is|are|was|were|because|since)\b", title[0]) or re.match(_ABOUT, title[0])
    )
    said = rest.strip()[title.end() :] if title is not None and not told else rest
    if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\bguidelines?\b:?", "", said, flags=re.I))) < _FEWEST_WORDS:
        return []
    words = reader.without_persons(reader.flow.cut(start, end))
    if reader.paper.carrier == "scan":
        words = _SPECK.sub(" ", words)
    return [Read(words, reader.flow.place(start, end), f"reason, {where}", words)]
