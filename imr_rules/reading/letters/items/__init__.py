"""The disputed items of a letter: title, outcome, and where guidelines and rationale stand.

An outcome is read only where the letter states it of that item: after its title, or in the sentence that
names it. Two statements about one item that disagree give none.
"""

from __future__ import annotations

import re

from imr_rules.case import Outcome
from imr_rules.reading.letters.items.professional import professional
from imr_rules.reading.letters.items.raw import RawItem
from imr_rules.reading.letters.items.titled import numbered, stated, titled
from imr_rules.reading.letters.layout import Sections
from imr_rules.reading.letters.text import LetterText

__all__ = ["Outcome", "RawItem", "find_items"]


def find_items(letter: LetterText, sections: Sections) -> list[RawItem]:
    """Find the items in order, whichever of the layouts they are written in."""
    issues = sections.of("issues")
    start = issues[0].start if issues else 0
    closing = sections.of("closing")
    end = closing[0].heading if closing and closing[0].heading > start else len(letter.text)
    if sections.layout == "professional_review":
        return [_believed(item) for item in professional(letter, sections)]
    items = titled(letter, start, end) or numbered(letter, end) or stated(letter, start, end)
    return [_believed(item) for item in items]


# Words of the form that never stand in a title: where they do, lines were displaced.
_FORM = re.compile(
    r"HOW THE IMR|(?i:CASE SUMMARY)|IMR ISSUES|State\(s\) of Licensure|Certification\(s\)|MAXIMUS (?:Federal|guideline)"
    r"|(?i:including all medical records|Decision (?:rationale|based on)|guideline ?:|set forth below"
    r"|Rationale for the|Regarding the request|Documents Reviewed|Qualifications of the|Effect of the|Case Number"
    r"|\bmedically necessary\b|: ?(?:Upheld|Overturned) *$)"
)
_PARTIAL = re.compile(r"\boriginal\s+request\b.*\bauthori[sz]ed\b.*\bIMR[- ]eligible\b", re.I | re.S)


def _believed(item: RawItem) -> RawItem:
    """Return the item, its outcome withheld where its title holds words that cannot be part of one."""
    partial = re.search(r"\bIMR[- ]eligible\b", item.title, re.I) is None or _PARTIAL.search(item.title)
    if item.outcome is not None and (_FORM.search(item.title) or not partial):
        return item.withheld("title-out-of-place")
    return item
