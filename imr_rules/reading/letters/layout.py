"""Which of the historical layouts a letter has, and where its sections are.

=========================  ================================================================================
``credentials_lines``      2016-17: a header table, "State(s) of Licensure" and
                           "Certification(s)/Specialty" on lines of their own, items "<title>: Upheld"
``credentials_inline``     2013-15: the reviewer's credentials inside the first paragraph, items "<title>:
                           Upheld" or "1. Decision for <title> is not medically necessary and appropriate"
``notice``                 2013: "Notice of Independent Medical Review Determination", items numbered
                           "1) MAXIMUS Federal Services, Inc. has determined the request for <title> is ..."
``professional_review``    headed MEDICAL PROFESSIONAL REVIEW, with ISSUE AT DISPUTE and CASE SUMMARY
=========================  ================================================================================

The layout is only a name for what was found: sections are found by their headings in all of them, so that a
letter which mixes two layouts, or has lost a page, is still read as far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from imr_rules.reading.letters.text import LetterText

Layout = Literal["credentials_lines", "credentials_inline", "notice", "professional_review"]
SectionKind = Literal[
    "header", "reviewer", "summary", "documents", "issues", "decision", "guidelines", "rationale", "closing"
]


class Section(Struct, frozen=True):
    """One section: its kind, where its heading starts, and where its own text starts and ends."""

    kind: SectionKind
    heading: int
    start: int
    end: int


class Sections(Struct, frozen=True):
    """The sections of a letter, in order, and the layout they show."""

    layout: Layout | None
    sections: tuple[Section, ...]

    def of(self, *kinds: SectionKind) -> tuple[Section, ...]:
        """Return the sections of these kinds, in order."""
        return tuple(section for section in self.sections if section.kind in kinds)


# Headings stand at the start of a line. Those in plain sentence case need their colon, or the line to
# themselves.
_HEADINGS: list[tuple[SectionKind, str]] = [
    ("reviewer", r"HOW THE IMR FINAL DETERMINATION WAS MADE:?"),
    ("reviewer", r"(?i:Medical Qualifications of the (?:Expert|Physician|Professional) Reviewer) ?:?"),
    (
        "reviewer",
        r"(?:MEDICAL )?(?:PROFESSIONAL |EXPERT |PHYSICIAN )?REVIEWER(?:'S)? (?:CREDENTIALS"
        r"|QUALIFICATIONS)(?:/QUALIFICATIONS)?:?",
    ),
    (
        "reviewer",
        r"(?:MEDICAL |PROFESSIONAL )?(?:QUALIFICATIONS|CREDENTIALS)(?: OF (?:THE )?REVIEWER)?:?(?=\n)",
    ),
    ("header", r"MEDICAL PROFESSIONAL REVIEW(?:ER)?:?"),
    ("summary", r"(?:CLINICAL |BRIEF )?CASE SUMMARY:?"),
    ("summary", r"CLINICAL SUMMARY:?|SUMMARY OF (?:THE )?CASE:?"),
    ("summary", r"(?i:(?:(?:Expert|Physician) Reviewer )?Case Summary) ?:"),
    (
        "documents",
        r"(?i:(?:Documents|Records|Medical Records) Reviewed(?: for (?:the )?Determination)?) ?(?::|(?=\n))",
    ),
    ("issues", r"IMR ISSUES,? DECISIONS? AND RATIONALES?:?"),
    ("issues", r"IMR DECISION\(?S?\)? AND RATIONALE\(?S?\)?:?"),
    ("issues", r"INDEPENDENT MEDICAL REVIEW DECISION\(?S?\)? AND RATIONALE\(?S?\)?:?"),
    ("issues", r"(?i:ISSUES?(?:\(S\))? (?:AT|IN) DISPUTE) ?:?"),
    (
        "guidelines",
        r"(?:APPLICABLE |CITED |GOVERNING )?(?:GUIDELINES?|CRITERIA|CITATIONS?|REFERENCES)(?: (?:USED"
        r"|CITED|APPLIED|RELIED UPON|AND CITATIONS))?(?:/CITATIONS)?:?(?=\n)",
    ),
    (
        "decision",
        r"(?:FINAL |REVIEWER'S |IMR )?(?:DECISION|DETERMINATION|CONCLUSION)S?(?:\(S\))? ?(?::|(?=\n))",
    ),
    (
        "rationale",
        r"(?:DECISION |REVIEWER'S |CLINICAL |MEDICAL )?(?:RATIONALE|ANALYSIS|DISCUSSION)S?(?:\(S\))?(?:"
        r" FOR (?:THE )?(?:DECISION|DETERMINATION))? ?(?::|(?=\n))",
    ),
    ("closing", r"(?i:Effect of the (?:Decision|Determination)) ?:?"),
    ("closing", r"Sincerely,"),
]
_ANY = re.compile("|".join(rf"(?P<h{n}>{form})" for n, (_, form) in enumerate(_HEADINGS)), re.M)
# Inside one item of the earlier layouts these are labels of the item, not sections of the letter.
_ONLY_PROFESSIONAL: frozenset[SectionKind] = frozenset({"guidelines", "decision", "rationale"})


def find_sections(letter: LetterText) -> Sections:
    """Find the sections; the text before the first heading is the header."""
    text = letter.text
    professional = re.search(r"^MEDICAL PROFESSIONAL REVIEW", text, re.M) is not None or (
        re.search(r"(?i)^issues? (?:at|in) dispute", text, re.M) is not None
        and re.search(r"(?i)claims administrator guideline|maximus federal services", text) is None
    )
    marks: list[tuple[SectionKind, int, int]] = [("header", 0, 0)]
    for match in filter(None, (_ANY.match(text, start) for start in _line_starts(text))):
        kind = _HEADINGS[int(match.lastgroup[1:])][0] if match.lastgroup else "header"
        if kind in _ONLY_PROFESSIONAL and not professional:
            continue
        marks.append((kind, match.start(), match.end()))
    ends = [start for _, start, _ in marks[1:]] + [len(text)]
    sections = tuple(
        Section(kind, heading, _skip_opening(text, kind, start, end), end)
        for (kind, heading, start), end in zip(marks, ends, strict=True)
    )
    return Sections(_layout(text, professional, sections), sections)


def _line_starts(text: str) -> Iterator[int]:
    yield 0
    yield from (match.end() for match in re.finditer("\n", text))


# The sentence that opens a section on every letter, and says nothing about this one.
_OPENING = re.compile(
    r"\s*(?:The (?:expert|physician) reviewer developed the following clinical case summary.{0"
    r",120}?medical records:"
    r"|Disclaimer: The following case summary was taken directly from the utilization.{0,80}?\d{4}\.?)",
    re.S,
)


def _skip_opening(text: str, kind: SectionKind, start: int, end: int) -> int:
    if kind == "summary" and (opening := _OPENING.match(text, start, end)):
        start = opening.end()
    while start < end and text[start] in " \n:":
        start += 1
    return start


def _layout(text: str, professional: bool, sections: tuple[Section, ...]) -> Layout | None:
    if professional:
        return "professional_review"
    if re.search(r"MAXIMUS Federal Services, Inc\.,? has determined", text.replace("\n", " ")) or re.search(
        r"(?i)notice of independent medical review determination", text
    ):
        return "notice"
    if re.search(r"State\(s\) of Licensure|Certification\(s\)/Specialty", text):
        return "credentials_lines"
    if any(section.kind in ("issues", "summary", "reviewer") for section in sections) and re.search(
        r"(?i)guidelines?:|based (?:its|his/her|their) decision|Upheld|Overturned|medically necessary", text
    ):
        return "credentials_inline"
    return None
