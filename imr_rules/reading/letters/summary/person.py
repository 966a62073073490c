"""Age and sex."""

from __future__ import annotations

import re
from collections.abc import Iterator

from imr_rules.reading import Amount
from imr_rules.reading.letters.facts import Fact, FactSection
from imr_rules.reading.letters.prose import Sentence, sentences
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_person"]

_AGE = re.compile(
    r"\b(?P<age>\d{1,3})(?: |-)?(?:years?|yrs?|y)\.?(?: |-|/)?(?:olds?|o)\b\.?,?(?:(?:[ ,-]+(?!(?:and|with|who|whose|has|had|is|was)\b)[a-z]+){0"
    r",6}?[ ,-]+(?P<sex>male|female|man|woman|gentleman|lady"
    r"|(?-i:[MF]\b)))?",
    re.I,
)
_SEXES = {
    "male": "male",
    "man": "male",
    "gentleman": "male",
    "m": "male",
    "female": "female",
    "woman": "female",
    "lady": "female",
    "f": "female",
}


def _whole(found: list[Sentence], letter: LetterText, start: int, end: int) -> Iterator[Sentence]:
    """Yield sentences with the blanks between them, so that together they are as long as the text."""
    at = start
    for sentence in found:
        if sentence.start > at:
            yield Sentence(at, sentence.start, letter.flat[at : sentence.start])
        yield sentence
        at = sentence.end
    if at < end:
        yield Sentence(at, end, letter.flat[at:end])


def find_person(letter: LetterText, start: int, end: int, section: FactSection) -> list[Fact]:
    """Return age and sex: as stated, or the sex by its pronouns where they all agree."""
    flat = "".join(
        " " * len(sentence.text) if sentence.concludes else sentence.text
        for sentence in _whole(sentences(letter, start, end), letter, start, end)
    )
    found: list[Fact] = []
    sexed = False
    age_said = False
    for match in _AGE.finditer(flat):
        age = int(match["age"])
        if not 12 <= age <= 110:
            continue
        if not age_said:
            span = letter.span(start + match.start(), start + match.end())
            found.append(Fact("age", section, span, "stated", amount=Amount(age, age, "year")))
            age_said = True
        if match["sex"] and not sexed:
            at = letter.span(start + match.start("sex"), start + match.end("sex"))
            found.append(Fact("sex", section, at, "stated", value=_SEXES[match["sex"].lower()]))
            sexed = True
        break
    if not sexed and (
        word := re.search(
            r"\b(?P<sex>male|female)\b (?:injured )?(?:worker|patient|claimant|applicant|employee)\b",
            flat,
            re.I,
        )
    ):
        at = letter.span(start + word.start("sex"), start + word.end("sex"))
        found.append(Fact("sex", section, at, "stated", value=word["sex"].lower()))
        sexed = True
    if not sexed:
        pronouns = list(re.finditer(r"(?<![/\w])(he|his|him|she|her|hers)(?![/\w])", flat, re.I))
        sexes = {
            "male" if match[0].lower().startswith("hi") or match[0].lower() == "he" else "female"
            for match in pronouns
        }
        if len(pronouns) >= 2 and len(sexes) == 1:
            at = letter.span(start + pronouns[0].start(), start + pronouns[0].end())
            found.append(Fact("sex", section, at, "pronouns, all alike", value=sexes.pop()))
    return found
