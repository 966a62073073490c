"""Whether the worker works, and how far restricted."""

from __future__ import annotations

import re

from imr_rules.reading.letters.dates import DATE
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.summary.told import fact_of
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_work_status"]

_WORK: list[tuple[str | None, re.Pattern[str]]] = [
    (
        None,
        re.compile(
            r"work status (?:is |was |has |are )?(?:currently )?(?:not (?:been )?(?:documented|provided"
            r"|stated|noted|specified|indicated|clear)|unclear|unknown|undocumented)",
            re.I,
        ),
    ),
    (
        "off_work",
        re.compile(
            r"\btemporar(?:y|ily),? total(?:ly)?(?: disab\w+)?|\btotal(?:ly)? temporar(?:y|ily) disab\w+"
            r"|(?-i:\bTTD\b)|\boff (?:of )?work\b|\bnot (?:currently )?working\b|\bunable to (?:return to"
            r" )?work\b|\bout of work\b",
            re.I,
        ),
    ),
    (
        "full_duty",
        re.compile(
            r"\b(?:full|regular|usual|normal)(?: and customary)?[- ](?:duty|duties|work)\b|\bwork(?:ing)?(?: full[- ]time)?"
            r" without restrictions?\b|\bfull[- ]duty\b|\bno (?:work )?(?:limitations or )?restrictions\b",
            re.I,
        ),
    ),
    (
        "modified_duty",
        re.compile(
            r"\bmodified[- ](?:duty|duties|work|activit(?:y|ies))|\bwork status (?:was|is) modified\b"
            r"|\b(?:light|restricted|limited)[- ]dut(?:y|ies)\b|\bwith (?!no )(?:\w+ ){0,2}(?:work"
            r" )?restrictions\b|\bwork restrictions were\b|\btemporar(?:y|ily) partial(?:ly)? disab\w+"
            r"|\bwork status:? (?:\w+ ){0,3}restricted\b",
            re.I,
        ),
    ),
]


def find_work_status(
    letter: LetterText, sentence: Sentence, dates: list[str], carried: str | None
) -> list[Fact]:
    """Return whether the worker is off work, restricted or at full duty, each with its date."""
    text = sentence.text
    if (
        sentence.tells_of_utilization_review
        or sentence.quotes_guideline
        or re.search(r"\bneeds? to be\b|\bwants?\b|\bprior to (?:the )?injury\b", text, re.I)
    ):
        return []
    found: list[tuple[int, Fact]] = []
    covered: list[tuple[int, int]] = []
    for value, pattern in _WORK:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in covered):
                continue
            covered.append(match.span())
            if value == "modified_duty" and re.search(r"\btreatments?\b[^.]{0,60}includ", text, re.I):
                continue  # restrictions in a list of past treatments tell of no day
            if value == "full_duty" and re.search(
                r"\b(?:not|unable|cannot|until|before|prior)\b[^.;,]{0,25}$", text[: match.start()], re.I
            ):
                continue
            day = dates[0] if len(dates) == 1 else carried if not dates else None
            if re.search(rf"\b(?:until|through) {DATE}", text, re.I):
                day = None if len(dates) == 1 else day  # the day it ends
            method = "said to be missing from the record" if value is None else "stated"
            status = {"status": "undocumented"} if value is None else {"value": value}
            found.append(
                (
                    match.start(),
                    fact_of(
                        letter,
                        sentence,
                        "work_status",
                        match.start(),
                        match.end(),
                        method,
                        date=day,
                        **status,
                    ),
                )
            )
            break
    return [fact for _, fact in sorted(found, key=lambda pair: pair[0])]
