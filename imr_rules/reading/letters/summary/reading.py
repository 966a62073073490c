"""The summary read sentence by sentence."""

from __future__ import annotations

import re

from imr_rules.reading.letters.courses import find_courses
from imr_rules.reading.letters.dates import DATE, read_date
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.layout import Section
from imr_rules.reading.letters.prose import sentences
from imr_rules.reading.letters.responses import find_responses
from imr_rules.reading.letters.summary.injury import find_diagnoses, find_injury, find_request_date
from imr_rules.reading.letters.summary.person import find_person
from imr_rules.reading.letters.summary.received import find_surgery, find_treatments
from imr_rules.reading.letters.summary.scores import find_scores
from imr_rules.reading.letters.summary.work_status import find_work_status
from imr_rules.reading.letters.text import LetterText

__all__ = ["read_summary"]


def read_summary(letter: LetterText, section: Section) -> list[Fact]:
    """Return the facts of the summary, in the order of its sentences."""
    found = find_person(letter, section.start, section.end, "summary")
    carried: str | None = None
    for sentence in sentences(letter, section.start, section.end):
        if sentence.concludes:
            continue
        dates = [
            day for match in re.finditer(DATE, sentence.text) if (day := read_date(match[0])) is not None
        ]
        found.extend(find_injury(letter, sentence))
        found.extend(find_request_date(letter, sentence))
        found.extend(find_diagnoses(letter, sentence))
        found.extend(find_treatments(letter, sentence))
        found.extend(find_courses(letter, sentence, "summary"))
        found.extend(find_scores(letter, sentence, dates, carried))
        found.extend(find_work_status(letter, sentence, dates, carried))
        found.extend(find_surgery(letter, sentence))
        found.extend(find_responses(letter, sentence, "summary"))
        told_injury = any(fact.fact == "injury_date" and fact.span.start >= sentence.start for fact in found)
        if (
            not told_injury
            and re.match(
                r"\s*(?:On|As of|Per|According to|In|The|A|Medical records?|Progress|Provider|Physician"
                r"|Objective|Subjective)\b",
                sentence.text,
            )
            and dates
        ):
            carried = dates[0]
    return found
