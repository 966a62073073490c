"""Reads a stretch of text sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from imr_rules.reading.sentences.circumstances import (
    find_age,
    find_days,
    find_diagnoses,
    find_surgery,
    find_work_status,
)
from imr_rules.reading.sentences.courses import find_courses, given
from imr_rules.reading.sentences.findings import find_findings
from imr_rules.reading.sentences.mentions import MEDICATION, THERAPY, Mentions
from imr_rules.reading.sentences.scores import Scales, find_scores
from imr_rules.reading.sentences.sentence import sentences
from imr_rules.reading.sentences.statement import Section, Statement
from imr_rules.reading.sentences.told import Told
from imr_rules.words.dates import DATE, read_date

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

# A sentence that opens with its date or its report dates the ones after it as well.
_OPENS = re.compile(
    r"\s*(?:On|As of|Per|According to|In|The|A|Medical records?|Progress|Provider|Physician|Objective|Subjective)\b"
)
_PRONOUN = re.compile(r"(?<![/\w])(he|his|him|she|her|hers)(?![/\w])", re.I)


class SentenceReader:
    """Reads sentences in the names of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.mentions = Mentions(vocabulary.names)
        self._scales = Scales(vocabulary)

    def read(
        self,
        text: str,
        start: int = 0,
        end: int | None = None,
        *,
        section: Section = "record",
        injured: str | None = None,
    ) -> list[Statement]:
        """Return what the sentences between two offsets of a text state, in their order.

        Args:
            text: without line breaks.
            start, end: where to read.
            section: the part of the paper it is.
            injured: the day of injury where it is known: care dated before it is another injury's.
        """
        found: list[Statement] = []
        carried: str | None = None
        pronouns: list[tuple[int, str]] = []
        for sentence in sentences(text, start, end):
            if sentence.concludes:
                continue
            pronouns += [
                (sentence.start + match.start(), match[0].lower())
                for match in _PRONOUN.finditer(sentence.text)
            ]
            told = Told(sentence, self.mentions(sentence.text), section, injured)
            dates = [
                day for match in re.finditer(DATE, sentence.text) if (day := read_date(match[0])) is not None
            ]
            own = [*self._circumstances(told, dates, carried)]
            found += own
            if dates and _OPENS.match(sentence.text) and not any(each.fact == "injury_date" for each in own):
                carried = dates[0]
        return [*found, *_sex_by_pronouns(found, pronouns, section)]

    def visit_care(self, text: str) -> tuple[str, ...]:
        """Return the kinds of care counted in visits, hours or days that a text names, each once."""
        kinds = self.vocabulary.treatments
        named = (mention.name for mention in self.mentions(text, people=True) if mention.sign == "τ")
        return tuple(
            dict.fromkeys(
                name for name in named if name == THERAPY or kinds[name].unit in ("visit", "hour", "day")
            )
        )

    def _circumstances(self, told: Told, dates: list[str], carried: str | None) -> Iterator[Statement]:
        yield from find_age(told)
        yield from find_days(told)
        if told.sentence.tells_of_utilization_review:
            return
        yield from find_diagnoses(told)
        courses = find_courses(told)
        yield from courses
        yield from find_scores(told, self._scales, carried)
        yield from find_work_status(told, dates, carried)
        yield from find_surgery(told)
        findings = [*find_findings(told)]
        yield from findings
        for each in findings:  # what helped, or did not, was given
            if (
                each.fact in ("response", "functional_improvement")
                and each.treatment not in (None, THERAPY, MEDICATION)
                and each.value is not None
                and each.treatment not in {course.treatment for course in courses}
            ):
                yield given(
                    told,
                    each.start - told.sentence.start,
                    each.end - told.sentence.start,
                    str(each.treatment),
                )


def _sex_by_pronouns(
    found: list[Statement], pronouns: list[tuple[int, str]], section: Section
) -> Iterator[Statement]:
    """Yield the sex that the pronouns of a text tell, where it is stated nowhere and they all agree."""
    sexes = {"female" if word.startswith(("she", "her")) else "male" for _, word in pronouns}
    if len(pronouns) >= 2 and len(sexes) == 1 and not any(each.fact == "sex" for each in found):
        at, word = pronouns[0]
        yield Statement(
            "sex",
            at,
            at + len(word),
            (at, at + len(word)),
            "pronouns, all alike",
            value=sexes.pop(),
            section=section,
        )
