"""Treatments received, and operations done."""

from __future__ import annotations

import re

from imr_rules.reading import find_body_parts
from imr_rules.reading.letters.dates import DATE, read_date
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.summary.told import fact_of
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_surgery", "find_treatments"]

_LIST = re.compile(
    r"\b(?:treatments?|therapy|care|interventions?)(?: and (?:treatments?|diagnostics?|evaluations?"
    r"|diagnostic testing))?(?: (?:to date|rendered|received|history|thus far))*,?(?: has| have| had)?(?:"
    r" been)?(?: noted to)? includ(?:ed?s?|ing):? (?P<list>[^.]{3,600}(?:\.\d[^.]*)*)"
    r"|\bfollowing treatments:? (?P<after>[^.]{3,400})",
    re.I,
)


def find_treatments(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return each element of a list of treatments received, in the letter's words."""
    match = _LIST.search(sentence.text)
    if (
        match is None
        or sentence.tells_of_utilization_review
        or re.search(r"\bplan\b|\brequest", sentence.text[: match.end()][: match.start() + 30], re.I)
    ):
        return []
    name = "list" if match["list"] else "after"
    found = []
    at = match.start(name)
    for piece in re.finditer(r"(?:[^,;()]|\([^()]*\))+", match[name]):
        words = re.sub(r"^(?:and|or|with)\s+", "", piece[0].strip())
        if words:
            start = at + piece.start() + piece[0].index(words)
            found.append(
                fact_of(
                    letter, sentence, "treatment_received", start, start + len(words), "listed", value=words
                )
            )
    return found


_OPERATION = (
    r"surger(?:y|ies)|\w+(?:ectomy|otomy|plasty|scopy|scopic \w+|desis)\b|\bORIF\b|fixation"
    r"|\brepair\b|\bfusion\b|\brelease\b|\bexcision\b|\bresection\b|reconstruction|decompression|amputation|debridement"
)
_SURGERY = re.compile(
    rf"\b(?:status post|s/p|underwent|has had|had|undergone|following|after)(?: an?| the| his| her| prior|"
    rf" previous)? (?P<what>[^.;,]{{0,80}}?(?:{_OPERATION})[^.;,]{{0,60}})",
    re.I,
)
_SURGERY_LISTED = re.compile(rf"(?P<what>(?:[a-z]+ ){{0,4}}surger(?:y|ies)) \((?P<date>{DATE})\)", re.I)


def find_surgery(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return an operation that was done."""
    text = sentence.text
    if sentence.asks or sentence.tells_of_utilization_review or sentence.quotes_guideline:
        return []
    match = _SURGERY_LISTED.search(text) or _SURGERY.search(text)
    if match is None or re.search(
        r"\b(?:no|not|without|denies|if|consider\w*|candidate|recommend\w*|pending|plan\w*)\b",
        text[max(0, match.start() - 40) : match.end()],
        re.I,
    ):
        return []
    words = re.split(rf" (?:on|in|dated) {DATE}| and (?:has|have|had|is|was)\b", match["what"])[0].strip()
    day = re.search(DATE, text[match.start() : match.end() + 25])
    return [
        fact_of(
            letter,
            sentence,
            "surgery",
            match.start("what"),
            match.start("what") + len(words),
            "stated",
            value=words,
            date=read_date(day[0]) if day else None,
            body_parts=find_body_parts(words),
        )
    ]
