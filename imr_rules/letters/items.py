"""The disputed items of a letter: title, outcome, and where guidelines and rationale stand.

An outcome is read only where the letter states it of that item: after its title, or in the sentence that
names it. Two statements about one item that disagree give none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from imr_rules.letters.layout import Sections
from imr_rules.letters.text import LetterText

__all__ = ["Outcome", "RawItem", "find_items"]

Outcome = Literal["upheld", "overturned"]
Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RawItem:
    """One item as found: stretches are pairs of offsets into the letter's text, ``None`` where absent."""

    title: str
    title_at: Stretch
    outcome: Outcome | None
    outcome_at: Stretch | None
    administrator: Stretch | None = None
    reviewer: Stretch | None = None
    rationale: Stretch | None = None
    number: int | None = None
    contradictory: bool = False


def find_items(letter: LetterText, sections: Sections) -> list[RawItem]:
    """Find the items in order, whichever of the layouts they are written in."""
    issues = sections.of("issues")
    start = issues[0].start if issues else 0
    closing = sections.of("closing")
    end = closing[0].heading if closing and closing[0].heading > start else len(letter.text)
    if sections.layout == "professional_review":
        return _professional(letter, sections)
    items = _titled(letter, start, end)
    if not items:
        items = _numbered(letter, end)
    if not items:
        items = _stated(letter, start, end)
    return items


# --- labels inside an item ---------------------------------------------------------------------------------

_LABELS = re.compile(
    r"(?P<administrator>Claims\s+Administrator\s+guidelines?(?:\(s\))?\s*:"
    r"|(?:The\s+)?Claims\s+Administrator\s+(?:based\s+(?:its|their|his/her)\s+decision|did\s+not\s+cite))"
    r"|(?P<reviewer>(?:MAXIMUS|IMR|Reviewer)\s+guidelines?(?:\(s\))?\s*:|(?:The\s+)?(?:Expert|Physician"
    r"|Medical|Chiropractic|Psychologist)\s+Reviewer\s+(?:based\s+(?:its|their|his/her)\s+decision"
    r"|relied\s+(?:up)?on|found\s+the\s+guidelines|did\s+not\s+cite|stated\s+that\s+no))"
    r"|(?P<rationale>(?:The\s+(?:Expert|Physician|Medical)\s+Reviewer's\s+)?[Dd]ecision\s+rationale\s*:"
    r"|(?:The\s+)?(?:Expert|Physician)\s+Reviewer's\s+(?:decision\s+)?rationale\s*:"
    r"|Rationale\s+for\s+the\s+Decision\s*:)"
    r"|(?P<schedule>Section(?:\(s\)|s)?\s+of\s+the\s+Medical\s+Treatment\s+Utilization\s+Schedule\s+Relied"
    r"\s+Upon[^\n]*(?:\n[^\n]{0,60}Decision)?:?)"
)


def _fill(letter: LetterText, item: RawItem, start: int, end: int) -> RawItem:
    """Find the guideline and rationale stretches of an item whose own text runs from ``start`` to ``end``."""
    found: dict[str, Stretch] = {}
    marks: list[tuple[str, int]] = []
    for match in _LABELS.finditer(letter.text, start, end):
        kind = match.lastgroup or ""
        if marks and marks[-1][0] == "rationale":
            break  # what follows is the reviewer's prose
        if kind in (name for name, _ in marks):
            continue  # "The Claims Administrator based ..." behind its own label
        # a sentence that is its own label is read with its words; a label proper is not
        labelled = match[0].rstrip().endswith(":")
        marks.append((kind, match.end() if labelled else match.start()))
    for index, (kind, at) in enumerate(marks):
        stop = marks[index + 1][1] if index + 1 < len(marks) else end
        if index + 1 < len(marks):
            label = _LABELS.search(letter.text, at, end)
            while label is not None and label.end() < stop and label.start() < stop:
                following = _LABELS.search(letter.text, label.end(), end)
                if following is None or following.start() >= stop:
                    break
                label = following
            if label is not None and at < label.start() < stop:
                stop = label.start()
        found[kind] = (at, stop)
    found.pop("schedule", None)
    rationale = found.get("rationale")
    return replace(
        item, administrator=found.get("administrator"), reviewer=found.get("reviewer"), rationale=rationale
    )


# --- "<title>: Upheld" -------------------------------------------------------------------------------------

_OUTCOME = re.compile(
    r"(?:\bis|\bare)?[ \n]*:[ \n]*(?P<outcome>Upheld|Overturned|UPHELD|OVERTURNED)\b[. ]*(?=\n|$|(?:The"
    r" )?Claims[ \n]Administrator|MAXIMUS[ \n]guideline|Decision[ \n]rationale)"
)
_CONCLUSION = re.compile(
    r"(?:medically )?(?:necessary|appropriate|reasonable)(?: (?:and|or) (?:medically )?appropriate)?(?:"
    r" for this patient)?(?: at this time)?[.)\"']*(?=\s)"
)
_SENTENCE_END = re.compile(r"[.?!][\"')\]]*$")


def _titled(letter: LetterText, start: int, end: int) -> list[RawItem]:
    text = letter.text
    outcomes = list(_OUTCOME.finditer(text, start, end))
    items: list[RawItem] = []
    floor = _after_preamble(text, start)
    for index, match in enumerate(outcomes):
        title_start = _title_start(text, floor, match.start(), first=index == 0)
        title, title_at = _trim(text, title_start, match.start())
        stop = outcomes[index + 1].start() if index + 1 < len(outcomes) else end
        if index + 1 < len(outcomes):
            stop = _title_start(text, match.end(), stop, first=False)
        if title:
            word: Outcome = "upheld" if match["outcome"].lower() == "upheld" else "overturned"
            item = RawItem(title, title_at, word, (match.start("outcome"), match.end("outcome")))
            items.append(_fill(letter, item, match.end(), stop))
        floor = match.end()
    return items


def _after_preamble(text: str, start: int) -> int:
    preamble = re.compile(
        r"\s*The\s+Final\s+Determination\s+was\s+based\s+on\s+decisions\s+for\s+the\s+disputed\s+items/ser"
        r"vices\s+set\s+forth\s+below\s*:?"
    )
    match = preamble.match(text, start)
    if match is not None:
        return match.end()
    found = preamble.search(text, start)
    return found.end() if found is not None else start


# Lines; the longest title of a real letter has seven.
_LONGEST_TITLE = 40


def _title_start(text: str, floor: int, stop: int, *, first: bool) -> int:
    """Return where the title before ``stop`` begins: at a line, after the end of the rationale before it.

    A title that tells what was asked, allowed and left over has full stops of its own; it begins with the
    sentence that was "the original request".
    """
    stretch = text[floor:stop]
    concluded = max((match.end() for match in _CONCLUSION.finditer(stretch)), default=0)
    partial = re.compile(r"\b(?:was|were)\s+the\s+original\s+request\b").search(stretch, concluded)
    anchor = partial.start() if partial is not None else len(stretch)
    lines = [0] + [match.end() for match in re.finditer(r"\n", stretch[:anchor])]
    begin = lines[-1]
    for line in reversed(lines[-_LONGEST_TITLE:]):
        begin = line
        before = stretch[:line].rstrip()
        if not before:
            break
        if first and line == lines[0]:
            break
        opens = stretch[line:anchor].lstrip()
        if _SENTENCE_END.search(before) and not re.match(r"[a-z(]", opens):
            break
    # a rationale whose last sentence lacks its full stop, or a text without line breaks
    head = stretch[begin:anchor]
    cut = max((match.end() for match in _CONCLUSION.finditer(head)), default=0)
    if cut == 0 and len(head) > 400:
        cut = max((match.end() for match in re.finditer(r"[.?!][\"')]* (?=[A-Z0-9\"])", head)), default=0)
    return floor + begin + cut


def _trim(text: str, start: int, end: int) -> tuple[str, Stretch]:
    while start < end and text[start] in " \n:;,.":
        start += 1
    while end > start and text[end - 1] in " \n:;,":
        end -= 1
    title = re.sub(r"\s+", " ", text[start:end])
    numbered = re.match(r"\d{1,2}[.)] (?=[A-Z])", title)
    if numbered:
        title = title[numbered.end() :]
        start = text.index(title[:1], start + numbered.end() - 1)
    shorter = re.sub(r",? (?:is|are)$", "", title)
    return shorter, (start, end - (len(title) - len(shorter)))


# --- "1) MAXIMUS Federal Services, Inc. has determined the request for <title> is ..." ----------------------

_DETERMINED = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?MAXIMUS\s+Federal\s+Services,?\s+Inc\.?"
    r",?\s+has\s+determined\s+(?:that\s+)?(?:the\s+)?(?:requests?\s+for\s+)?(?P<title>.+?)\s+(?:is"
    r"|are)\s*(?P<negative>not)?\s*medically\s+necessary\s+and\s+appropriate",
    re.S | re.I,
)
_REGARDING = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?Regarding\s+(?:the\s+)?requests?\s+for\s+(?P<title>[^:]{"
    r"2,600}?)\s*:",
    re.I,
)


def _numbered(letter: LetterText, end: int) -> list[RawItem]:
    text = letter.text
    items: dict[object, RawItem] = {}
    for match in _DETERMINED.finditer(text, 0, end):
        if len(match["title"]) > 600 or "has determined" in match["title"]:
            continue
        number = int(match["number"]) if match["number"] else None
        title = _bare_title(match["title"])
        key: object = number if number is not None else _key(title)
        outcome: Outcome = "upheld" if match["negative"] else "overturned"
        new = RawItem(title, match.span("title"), outcome, match.span(), number=number)
        old = items.get(key)
        if old is None:
            items[key] = new
        elif old.outcome != new.outcome or _key(old.title) != _key(title):
            items[key] = replace(old, outcome=None, outcome_at=None, contradictory=True)
    bodies = list(_REGARDING.finditer(text, 0, end))
    for index, body in enumerate(bodies):
        stop = bodies[index + 1].start() if index + 1 < len(bodies) else end
        title = _bare_title(body["title"])
        number = int(body["number"]) if body["number"] else None
        key = (
            number
            if number is not None and number in items
            else next(
                (name for name, item in items.items() if _key(item.title) == _key(title)),
                number if number is not None else _key(title),
            )
        )
        item = items.get(key) or RawItem(title, body.span("title"), None, None, number=number)
        items[key] = _fill(letter, item, body.end(), stop)
    return list(items.values())


def _bare_title(words: str) -> str:
    title = re.sub(r"\s+", " ", words).strip(" .,;:")
    return re.sub(r"^(?:a|an|the) (?=\w)", "", title)


def _key(title: str) -> str:
    return re.sub(r"\W+", " ", title).strip().lower()


# --- "1. Decision for <title> is not medically necessary and appropriate." ----------------------------------

_STATED = re.compile(
    r"(?:(?<=\n)|^)(?:(?P<number>\d{1,2})[.)]\s*)?(?:(?:The\s+)?(?:(?P<decision>Decision)"
    r"|Request)s?\s+for\s+)?(?P<title>[^\n][^:]{2,600}?)\s+(?:is"
    r"|are)\s*(?P<negative>not)?\s*medically\s+necessary(?:\s+and\s+appropriate)?\.?\s*(?=\n|$"
    r"|(?:The\s+)?Claims\s+Administrator)"
    r"(?=\s*(?:(?:The\s+)?Claims\s+Administrator\s+(?:guideline|based|did)|\Z))",
    re.S | re.I,
)


def _stated(letter: LetterText, start: int, end: int) -> list[RawItem]:
    text = letter.text
    floor = _after_preamble(text, start)
    matches = []
    at = floor
    while (match := _STATED.search(text, at, end)) is not None:
        # the nearest start: a match that begins in the prose of the item before is cut to its last line or
        # number
        inner = list(
            re.finditer(
                r"\n(?=\d{1,2}[.)]\s|(?:The )?(?:Decision|Request)s? for )",
                text[match.start() : match.end("title")],
            )
        )
        if inner:
            match = _STATED.match(text, match.start() + inner[-1].end(), end) or match
        at = match.end()
        # behind the last words of a letter stands no label: there a rationale may close with such a sentence
        if text[at:end].strip() or match["number"] or match["decision"]:
            matches.append(match)
    items = []
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else end
        begin = match.start("title")
        if match["number"] is None:
            begin = max(begin, _title_start(text, floor, match.end("title"), first=index == 0))
        title = _bare_title(
            re.sub(
                r"^(?:The )?(?:Decision|Request)s? for ",
                "",
                re.sub(r"\s+", " ", text[begin : match.end("title")]),
                flags=re.I,
            )
        )
        outcome: Outcome = "upheld" if match["negative"] else "overturned"
        item = RawItem(
            title,
            (begin, match.end("title")),
            outcome,
            match.span(),
            number=int(match["number"]) if match["number"] else None,
        )
        items.append(_fill(letter, item, match.end(), stop))
        floor = match.end()
    return items


# --- MEDICAL PROFESSIONAL REVIEW ----------------------------------------------------------------------------

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


def _professional(letter: LetterText, sections: Sections) -> list[RawItem]:
    """Read the form headed MEDICAL PROFESSIONAL REVIEW: issues in one section, decisions in another."""
    text = letter.text
    issues = sections.of("issues")
    if not issues:
        return []
    entries = _entries(text, issues[0].start, issues[0].end)
    items: list[RawItem] = []
    for number, begin, stop in entries:
        words, outcome, outcome_at = text[begin:stop].strip(), None, None
        titled = _OUTCOME.search(text, begin, stop)
        if titled is not None:
            words = text[begin : titled.start()]
            outcome, outcome_at = _word(titled["outcome"]), titled.span("outcome")
        match = _QUESTION.match(re.sub(r"\s+", " ", words).strip())
        title = _bare_title(match["title"] if match else words)
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
    for number, begin, stop in _statements(text, start, end):
        verdicts = list(_VERDICT.finditer(text, begin, stop))
        outcomes = {_outcome_of(match) for match in verdicts}
        if len(outcomes) != 1:
            continue
        (outcome,) = outcomes
        words = _key(text[begin:stop])
        for index, item in enumerate(decided):
            if not _is_about(words, number, item, len(items)):
                continue
            if item.contradictory or item.outcome not in (None, outcome):
                decided[index] = replace(item, outcome=None, outcome_at=None, contradictory=True)
            else:
                decided[index] = replace(item, outcome=outcome, outcome_at=verdicts[0].span())
    return decided


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
    title = _key(item.title)
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
