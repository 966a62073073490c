"""Where a title begins, and what belongs to it."""

from __future__ import annotations

import re

from imr_rules.reading.letters.items.raw import Stretch

__all__ = ["after_preamble", "bare_title", "key", "title_start", "trim"]

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
