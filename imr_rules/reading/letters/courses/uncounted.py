"""Courses told without a count: given, never given, or not in the record."""

from __future__ import annotations

import re

from imr_rules.reading import Amount
from imr_rules.reading.letters.courses.cues import state_of
from imr_rules.reading.letters.courses.places import where_and_when
from imr_rules.reading.letters.disciplines import DISCIPLINE, name_of
from imr_rules.reading.letters.facts import Fact, FactSection
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_uncounted"]

_NONE = re.compile(
    rf"\b(?:no|without|never|(?:not|yet to) (?:yet )?(?:ha(?:d|ve)|receive[d]?|attend(?:ed)?|start(?:ed)?|beg[iu]n|undergo(?:ne)?"
    rf"|tried|trialed)|denies|lack of)\b[^.;,]{{0,50}}?(?P<discipline>{DISCIPLINE})",
    re.I,
)
# "it does not appear that the patient has had any acupuncture"
_NOT_ANY = re.compile(
    rf"\b(?:not|n't|never)\b[^.;]{{0,70}}?\bany (?:(?:prior|previous|past|recent|formal|such|supervised) )*(?P<discipline>{DISCIPLINE})",
    re.I,
)
_NO_COUNT = re.compile(
    r"(?:\bhow many\b|\b(?:number|amount|total) of\b)[^.;]{0,60}?(?:visits?|sessions?|treatments?)", re.I
)
_SILENT = re.compile(
    r"\bno\b|\bnot\b|\black|\bunknown\b|\bunclear\b|\bwithout\b|\bunspecified\b|\bfail", re.I
)


def find_uncounted(
    letter: LetterText, sentence: Sentence, section: FactSection, counted: list[tuple[int, int]]
) -> list[Fact]:
    """Return the courses of a sentence that no count covers, and counts said not to be known."""
    text = sentence.text
    found: list[Fact] = []
    if _NO_COUNT.search(text) and _SILENT.search(text):
        first = re.search(DISCIPLINE, text, re.I)
        found.append(
            Fact(
                "prior_visits",
                section,
                letter.span(sentence.start, sentence.end),
                "the record does not say how many",
                status="undocumented",
                discipline=name_of(first[0]) if first else None,
            )
        )
    seen: set[str] = set()
    for none in (*_NONE.finditer(text), *_NOT_ANY.finditer(text)):
        name = name_of(none["discipline"])
        rest = text[none.end("discipline") :]
        if (
            re.match(r"(?: \w+){0,2} (?:notes?|records?|reports?|documentation|progress)\b", rest, re.I)
            or name in seen
        ):
            continue
        if (
            none.re is _NONE
            and not re.match(
                r"(?:no|without|lack of) (?:(?:\w+ ){0,2}|(?:records?|documentation|evidence|history|mention|indication|reports?) "
                r"(?:of|for) (?:(?:any|prior|previous|past|recent|formal|such|supervised) )*)$",
                text[none.start() : none.start("discipline")],
                re.I,
            )
            and re.match(r"(?:no|without|lack of)\b", none[0], re.I)
        ):
            continue  # "no improvement with physical therapy" is about the improvement
        counted.append(none.span())
        seen.add(name)
        recorded = none.re is _NONE and re.match(r"(?:never|not|yet|denies)", none[0], re.I) is not None
        span = letter.span(sentence.start + none.start(), sentence.start + none.end())
        if recorded:
            found.append(
                Fact(
                    "course",
                    section,
                    span,
                    "said not to have happened",
                    amount=Amount(0, 0, "visit"),
                    count_of="attended",
                    discipline=name,
                )
            )
        else:
            found.append(
                Fact(
                    "course",
                    section,
                    span,
                    "none recorded",
                    status="undocumented",
                    count_of="attended",
                    discipline=name,
                )
            )
    for match in re.finditer(DISCIPLINE, text, re.I):
        if any(start < match.end() and match.start() < end for start, end in counted):
            continue
        name = name_of(match[0])
        if name in seen or (name == "therapy" and section == "summary"):
            continue
        state = state_of(text, match.start(), match.end(), "")
        if state != "attended" or re.match(
            r"[a-z' -]{0,20}\b(?:notes?|guidelines?|evaluation|referral|program to be)\b",
            text[match.end() :],
            re.I,
        ):
            continue
        parts, date = where_and_when(text, match.end())
        seen.add(name)
        found.append(
            Fact(
                "course",
                section,
                letter.span(sentence.start + match.start(), sentence.start + match.end()),
                "recorded without a count",
                amount=Amount(1, None, "visit"),
                count_of="attended",
                discipline=name,
                body_parts=parts,
                date=date,
            )
        )
    return found
