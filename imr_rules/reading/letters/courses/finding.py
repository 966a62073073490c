"""The courses a sentence tells of."""

from __future__ import annotations

import re

from imr_rules.reading import Amount, number
from imr_rules.reading.letters.courses.counts import (
    BARE,
    ORDINAL,
    ORDINALS,
    amount_of,
    discipline_of,
    find_counts,
    reach,
)
from imr_rules.reading.letters.courses.cues import state_of
from imr_rules.reading.letters.courses.places import where_and_when
from imr_rules.reading.letters.courses.uncounted import find_uncounted
from imr_rules.reading.letters.disciplines import DISCIPLINE, name_of
from imr_rules.reading.letters.facts import Fact, FactSection
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_courses"]

_ONE_AUTHORIZATION = re.compile(
    r"through th(?:is|e) (?:particular )?(?:request|authorization|approval|rfa)|of the (?:authorized"
    r"|approved)",
    re.I,
)
_WORKER = re.compile(
    r"\b(?:patient|claimant|injured worker|worker|applicant|employee|IW|he|she|records?|documentation"
    r"|documents?|notes?|reports?|notation|summary|provider|physician|prior|previous(?:ly)?)\b",
    re.I,
)


def find_courses(letter: LetterText, sentence: Sentence, section: FactSection) -> list[Fact]:
    """Return the courses a sentence tells of.

    A course recorded without its count is "at least 1". A sentence that concludes, quotes a guideline or
    tells of utilization review gives nothing but, in the summary, what was requested.
    """
    text = sentence.text
    if sentence.concludes or (
        section == "rationale" and (sentence.quotes_guideline or not _WORKER.search(text))
    ):
        return []
    if sentence.tells_of_utilization_review:
        return []
    found: list[Fact] = []
    counted: list[tuple[int, int]] = []
    for match in find_counts(text):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        fact = _counted_course(letter, sentence, match, section)
        counted.append(reach(text, match))
        if fact is not None:
            found.append(fact)
    found.extend(_numbered(letter, sentence, section, counted))
    found.extend(find_uncounted(letter, sentence, section, counted))
    return found


def _numbered(
    letter: LetterText, sentence: Sentence, section: FactSection, counted: list[tuple[int, int]]
) -> list[Fact]:
    """Return courses told by their latest visit ("finished his sixth visit"), or by a count without its unit."""
    text = sentence.text
    disciplines = {name_of(match[0]) for match in re.finditer(DISCIPLINE, text, re.I)}
    if len(disciplines) != 1:
        return []
    (discipline,) = disciplines
    found = []
    for match in (*ORDINAL.finditer(text), *BARE.finditer(text)):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        ordinal = match.groupdict().get("ordinal")
        if ordinal is not None:
            least = ORDINALS.get(ordinal.lower()) or int(re.sub(r"\D", "", ordinal))
            amount = Amount(least, None, "visit", "stated, by the number of a visit")
            if state_of(text, match.start(), match.end(), "") != "attended":
                continue
        else:
            least = number(match["low"])  # type: ignore[assignment]
            amount = Amount(least, least, "visit", "stated, its unit before")
        counted.append(match.span())
        span = letter.span(sentence.start + match.start(), sentence.start + match.end())
        found.append(
            Fact(
                "course",
                section,
                span,
                amount.method,
                amount=amount,
                count_of="attended",
                discipline=discipline,
            )
        )
    return found


def _counted_course(
    letter: LetterText, sentence: Sentence, match: re.Match[str], section: FactSection
) -> Fact | None:
    text = sentence.text
    amount = amount_of(match)
    discipline = discipline_of(text, match)
    if amount is None or (discipline is None and section == "summary"):
        return None
    state = state_of(text, match.start(), match.end(), match.groupdict().get("middle") or "")
    if state is None:
        return None
    start, end = reach(text, match)
    if state == "attended" and amount.value is not None and _ONE_AUTHORIZATION.search(text, match.end()):
        amount = Amount(amount.at_least, None, "visit", "stated, of one authorization")
    parts, date = where_and_when(text, end)
    return Fact(
        "course",
        section,
        letter.span(sentence.start + start, sentence.start + end),
        amount.method,
        amount=amount,
        count_of=state,
        discipline=discipline,
        body_parts=parts,
        date=date,
    )
