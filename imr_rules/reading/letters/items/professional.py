"""Items of the form headed MEDICAL PROFESSIONAL REVIEW: issues in one section, decisions in another."""

from __future__ import annotations

import re

from msgspec.structs import replace

from imr_rules.case import Outcome
from imr_rules.reading.letters.items.raw import RawItem, Stretch, bare_title, key
from imr_rules.reading.letters.items.titled import OUTCOME
from imr_rules.reading.letters.layout import Sections
from imr_rules.reading.letters.text import LetterText

_ENTRY = re.compile(r"(?:(?<=\n)|^)(?:Issue\s*)?#?(?P<number>\d{1,2})\s*[.):]\s*")
_QUESTION = re.compile(
    r"^(?:(?:Whether|Is|Are|Was|Were)\s+)?(?:or not )?(?:the\s+)?(?:requested\s+|proposed\s+"
    r"|disputed\s+)?(?:(?:requests?|treatments?|services?)\s+(?:for|of|:)\s+)?(?P<title>.+?)"
    r"(?:\s+(?:is|are|was|were))?(?:\s+medically\s+necessary(?:\s+and\s+appropriate)?)?\s*\??$",
    re.I | re.S,
)
_VERDICT = re.compile(
    r"(?P<word>\b(?:upheld?|uphold|overturn(?:ed)?|affirm(?:ed)?|revers(?:e|ed))\b)|(?:is|are|was"
    r"|were)\s*(?P<negative>not)?\s*medically\s+necessary",
    re.I,
)


def professional(letter: LetterText, sections: Sections) -> list[RawItem]:
    """Read the form headed MEDICAL PROFESSIONAL REVIEW: issues in one section, decisions in another."""
    text = letter.text
    issues = sections.of("issues")
    if not issues:
        return []
    entries = _entries(text, issues[0].start, issues[0].end)
    items: list[RawItem] = []
    for number, begin, stop in entries:
        words, outcome, outcome_at = text[begin:stop].strip(), None, None
        titled = OUTCOME.search(text, begin, stop)
        if titled is not None:
            words = text[begin : titled.start()]
            outcome, outcome_at = _word(titled["outcome"]), titled.span("outcome")
        match = _QUESTION.match(re.sub(r"\s+", " ", words).strip())
        title = bare_title(match["title"] if match else words)
        if title:
            items.append(RawItem(title, (begin, stop), outcome, outcome_at, number=number))
    for section in sections.of("decision"):
        items = _decide(text, items, section.start, section.end)
    reasons = sections.of("rationale")
    guidelines = sections.of("guidelines")
    return [
        replace(
            item,
            reviewer=_part(text, guidelines[0].start, guidelines[0].end, item, len(items))
            if guidelines
            else None,
            rationale=_part(text, reasons[0].start, reasons[0].end, item, len(items)) if reasons else None,
        )
        for item in items
    ]


def _entries(text: str, start: int, end: int) -> list[tuple[int | None, int, int]]:
    marks = list(_ENTRY.finditer(text, start, end))
    if not marks:
        return [(None, start, end)]
    stops = [mark.start() for mark in marks[1:]] + [end]
    return [(int(mark["number"]), mark.end(), stop) for mark, stop in zip(marks, stops, strict=True)]


def _part(text: str, start: int, end: int, item: RawItem, of: int) -> Stretch:
    """Return the entry of a section that carries the item's number; the whole section where it has none."""
    for number, begin, stop in _entries(text, start, end):
        if number is not None and number == item.number and of > 1:
            return begin, stop
    return start, end


def _word(word: str) -> Outcome:
    return "overturned" if word.lower().startswith(("overturn", "revers")) else "upheld"


def _decide(text: str, items: list[RawItem], start: int, end: int) -> list[RawItem]:
    """Give items the outcomes a decision section states: by number, by name, or one to one."""
    decided = list(items)
    untitled = _without_titles(text, items, start, end)
    for number, begin, stop in _statements(text, start, end):
        verdicts = list(_VERDICT.finditer(untitled, begin, stop))
        outcomes = {_outcome_of(match) for match in verdicts}
        if len(outcomes) != 1:
            continue
        (outcome,) = outcomes
        words = key(text[begin:stop])
        for index, item in enumerate(decided):
            if not _is_about(words, number, item, len(items)):
                continue
            if item.doubt is not None or item.outcome not in (None, outcome):
                decided[index] = item.withheld("outcome-contradicted")
            else:
                decided[index] = replace(item, outcome=outcome, outcome_at=verdicts[0].span())
    return decided


def _without_titles(text: str, items: list[RawItem], start: int, end: int) -> str:
    """Return the text with the items' titles blanked: a title may hold a verdict's word that decides nothing."""
    for item in items:
        words = r"\s+".join(map(re.escape, item.title.split()))
        for match in re.compile(words, re.I).finditer(text, start, end):
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]
    return text


def _outcome_of(verdict: re.Match[str]) -> Outcome:
    if verdict["word"]:
        return _word(verdict["word"])
    return "upheld" if verdict["negative"] else "overturned"


def _statements(text: str, start: int, end: int) -> list[tuple[int | None, int, int]]:
    """Return the numbered entries of a section; or, where it has none, its sentences."""
    entries = _entries(text, start, end)
    if entries[0][0] is not None:
        return entries
    return [
        (None, sentence.start(), sentence.end())
        for sentence in re.compile(r"(?:[^.]|\.(?=[\d.]))+\.?").finditer(text, start, end)
    ]


def _is_about(words: str, number: int | None, item: RawItem, of: int) -> bool:
    """Return whether an entry of a decision section is about the item: by its name, or by its number or place.

    An entry that names what it decides must share most of the title's words, whatever its number.
    """
    title = key(item.title)
    if title in words:
        return True
    if re.search(
        r"\b(?:request|treatment|service)s? (?:for|of) (?!this|the patient|the claimant|care)", words
    ):
        shared = set(title.split()) & set(words.split())
        if 2 * len(shared) <= len(set(title.split())):
            return False
    if number is not None and item.number is not None:
        return number == item.number
    return of == 1 and number in (None, 1)
