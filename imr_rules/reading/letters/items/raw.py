"""One disputed item as found, before its words are read: where its title begins, and the labels inside it."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from imr_rules.case import Outcome
from imr_rules.reading.letters.text import LetterText

Stretch = tuple[int, int]
"""Where something stands in the letter's text: two offsets, end excluded."""
Doubt = Literal["outcome-contradicted", "title-out-of-place"]
"""Why an outcome that the letter seems to state is withheld."""


class RawItem(Struct, frozen=True):
    """One item as found: stretches are pairs of offsets into the letter's text, ``None`` where absent."""

    title: str
    title_at: Stretch
    outcome: Outcome | None
    outcome_at: Stretch | None
    administrator: Stretch | None = None
    reviewer: Stretch | None = None
    rationale: Stretch | None = None
    number: int | None = None
    doubt: Doubt | None = None

    def withheld(self, doubt: Doubt) -> RawItem:
        """Return the item without its outcome: none is better than a wrong one."""
        return replace(self, outcome=None, outcome_at=None, doubt=doubt)


# --- titles

_CONCLUSION = re.compile(
    r"(?:medically )?(?:necessary|appropriate|reasonable)(?: (?:and|or) (?:medically )?appropriate)?(?:"
    r" for this patient)?(?: at this time)?[.)\"']*(?=\s)"
)
# A title goes on behind these, even where a line ends with one; "etc." and "D." more often end a rationale.
_ABBREVIATED = re.compile(r"(?:\b(?:Dr|Mr|Mrs|Ms|vs|e\.g|i\.e|approx|est|qty|[Rr]t|[Ll]t|No)|\b[RL])\.$")
_SENTENCE_END = re.compile(r"[.?!][\"')\]]*$")


def after_preamble(text: str, start: int) -> int:
    """Return where the first title may begin: behind the sentence that opens the section."""
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


def title_start(text: str, floor: int, stop: int, *, first: bool) -> int:
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
        if (
            _SENTENCE_END.search(before)
            and not re.match(r"[a-z(]", opens)
            and not _ABBREVIATED.search(before[-9:])
        ):
            break
    # a rationale whose last sentence lacks its full stop, or a text without line breaks
    head = stretch[begin:anchor]
    cut = max((match.end() for match in _CONCLUSION.finditer(head)), default=0)
    if cut == 0 and len(head) > 400:
        cut = max((match.end() for match in re.finditer(r"[.?!][\"')]* (?=[A-Z0-9\"])", head)), default=0)
    return floor + begin + cut


def trim(text: str, start: int, end: int) -> tuple[str, Stretch]:
    """Return a title without its number and its closing "is", and where it stands."""
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


def bare_title(words: str) -> str:
    """Return a title that a sentence holds, without its article."""
    title = re.sub(r"\s+", " ", words).strip(" .,;:")
    return re.sub(r"^(?:a|an|the) (?=\w)", "", title)


def key(title: str) -> str:
    """Return a title's words alone, to compare titles by."""
    return re.sub(r"\W+", " ", title).strip().lower()


# --- the labels inside an item: where each side's guidelines and the rationale stand

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


def fill(letter: LetterText, item: RawItem, start: int, end: int) -> RawItem:
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
        labeled = match[0].rstrip().endswith(":")
        marks.append((kind, match.end() if labeled else match.start()))
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
