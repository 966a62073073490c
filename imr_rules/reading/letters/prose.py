"""Sentences, and what kind of thing each one says.

A fact is never taken from a sentence that states the conclusion or a synonym of it: a figure read there would
only repeat the outcome. Nor is a finding taken from a sentence that quotes a guideline, or from one that
tells what the claims administrator decided.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from imr_rules.reading.letters.text import LetterText

__all__ = ["Sentence", "sentences"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its place in the letter, its words with line breaks as blanks, and what it is about."""

    start: int
    end: int
    text: str

    @property
    def concludes(self) -> bool:
        """Whether it states the conclusion, or judges the request against a limit."""
        return _CONCLUDES.search(self.text) is not None

    @property
    def quotes_guideline(self) -> bool:
        """Whether it says what guidelines say, rather than what happened to this worker."""
        return _GUIDELINE.search(self.text) is not None

    @property
    def tells_of_utilization_review(self) -> bool:
        """Whether it tells what the claims administrator or an earlier reviewer decided, or why."""
        return _UTILIZATION_REVIEW.search(self.text) is not None

    @property
    def asks(self) -> bool:
        """Whether it tells what was requested."""
        return _ASKS.search(self.text) is not None


_CONCLUDES = re.compile(
    r"\bexceed|\bsurpass|\bin excess\b|\bexcess(?:ive)?\b|\bbeyond (?:the |what )?(?:guideline|recommend"
    r"|MTUS|ODG|ACOEM|limit)"
    r"|medical(?:ly)? necess|\bnecessity\b|\b(?:un)?necessary\b|\bneed (?:for|of)\b|\bno need\b|\bwithin"
    r" (?:the )?(?:recommended )?(?:guideline|MTUS|ODG)"
    r"|\b(?:is|are|was|were|be|been|seem\w*|appear\w*)(?: not| also)?(?: clinically| medically| therefore|"
    r" fully| further)? (?:supported|warranted|indicated(?! that| by| as)|appropriate|justified"
    r"|established|substantiated|reasonable|certified|recommended)\b"
    r"|\bnot (?:clinically |medically |fully )?(?:supported|warranted|indicated|appropriate|justified"
    r"|established|substantiated|reasonable|recommended|apparent)\b"
    r"|\bwarrant|\b(?:to|would|does not|do not|not|fails? to) (?:support|justify)\b|\bsupports? (?:the"
    r"|this|ongoing|additional|continued|further) (?:request|use|need|treatment)"
    r"|\b(?:guidelines?|criteria) (?:have been|has been|are|is|was|were) (?:not )?met\b|\bmeets? (?:the "
    r"|published |evidence[- ]based )*(?:guideline|criteria)"
    r"|\b(?:overturn|uphold|upheld|revers(?:e|ing) the)\b|\bnon-? ?certif|\bargued? against\b|\bcontingent"
    r" upon\b",
    re.I,
)
_GUIDELINE = re.compile(
    r"guideline|\bMTUS\b|\bODG\b|\bACOEM\b|official disability|\brecommend|\bICD|\bshould\b|\bmay be"
    r" (?:appropriate|indicated|warranted|extended|considered|needed)"
    r"|\bpatients\b|\([A-Z][A-Za-z]+, (?:19|20)\d\d\)|\bis (?:considered|defined)\b|\bdefinition\b"
    r"|\ballow(?:s|ed)? for\b|\bif (?:return|used|needed)\b",
    re.I,
)
_UTILIZATION_REVIEW = re.compile(
    r"utilization review|\bUR\b|claims administrator|non-? ?certif|\bden(?:y|ied|ial)\b|\bpartially"
    r" (?:approved|certified)|\bmodified (?:the|a|by|to|for)\b"
    r"|\bprior (?:determination|review(?:er)?)\b|\bprevious(?:ly)? (?:review(?:er|ed)?|deemed|denied)\b"
    r"|\boriginal request\b|\bIMR[- ]eligible\b|\brationale for denial\b|\bwas modified (?:to|for|by"
    r"|due)\b|\bnot medically\b",
    re.I,
)
_ASKS = re.compile(r"\brequest|\bRFA\b|\bappeal", re.I)

# A full stop that does not end a sentence stands behind one of these.
_ABBREVIATION = re.compile(
    r"(?:\b(?:Dr|Mr|Mrs|Ms|vs|e\.g|i\.e|etc|approx|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec|St|Inc|a\.m|p\.m|q\.d"
    r"|b\.i\.d|Fig|al)|\b[A-Z])\.$"
)
_BREAK = re.compile(r"[.?!][\"')\]]*(?: +(?=[A-Z0-9\"'(])|(?=[A-Z][a-z]))")


# No sentence of a letter is this long; what is, is cut, so that no pattern sees more at once.
_LONGEST = 2000


def sentences(letter: LetterText, start: int, end: int) -> list[Sentence]:
    """Split the letter between two offsets into sentences."""
    flat = letter.flat
    found: list[Sentence] = []
    begin = start

    def close(at: int) -> None:
        for piece in range(begin, at, _LONGEST):
            words = flat[piece : min(piece + _LONGEST, at)]
            if words.strip():
                found.append(Sentence(piece, piece + len(words), words))

    for match in _BREAK.finditer(flat, start, end):
        before = flat[max(begin, match.start() - 7) : match.start() + 1]
        if flat[match.start()] == "." and _ABBREVIATION.search(before):
            continue
        close(match.end())
        begin = match.end()
    close(end)
    return found
