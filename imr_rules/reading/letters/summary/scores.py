"""Scores on scales, with their dates."""

from __future__ import annotations

import re

from imr_rules.reading import Amount
from imr_rules.reading.letters.dates import DATE, read_date
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.summary.told import fact_of
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_scores"]

_INSTRUMENTS: list[tuple[str, str, int | None]] = [
    (
        "BDI-II",
        r"Beck Depression Inventory[- ](?:II|2)\b(?: \(BDI-?(?:II|2)\))?|(?-i:\bBDI)[- ]?(?:II|2)\b",
        63,
    ),
    ("BDI", r"Beck Depression Inventory(?![- ](?:II|2)\b)(?: \(BDI\))?|(?-i:\bBDI\b)(?![- ]?(?:II|2)\b)", 63),
    ("BAI", r"Beck Anxiety Inventory|(?-i:\bBAI\b)", 63),
    ("PHQ-9", r"(?-i:\bPHQ)-?9|Patient Health Questionnaire(?:-9)?", 27),
    ("GAD-7", r"(?-i:\bGAD)-?7", 21),
    ("GAF", r"Global Assessment of Functioning(?: \(GAF\))?|(?-i:\bGAF\b)", 100),
    ("Oswestry", r"Oswestry(?: (?:Low Back )?Disability (?:Index|Questionnaire))?|(?-i:\bODI\b)", 100),
    ("NDI", r"Neck Disability Index|(?-i:\bNDI\b)", None),
    ("QuickDASH", r"Quick ?DASH", 100),
    ("DASH", r"(?-i:\bDASH\b)|Disabilities of the Arm,? Shoulder,? and Hand", 100),
    ("LEFS", r"Lower Extremity Functional Scale|(?-i:\bLEFS\b)", 80),
    ("SPADI", r"(?-i:\bSPADI\b)", 100),
    ("WOMAC", r"(?-i:\bWOMAC\b)", None),
    ("Roland-Morris", r"Roland[- ]Morris", 24),
    ("FABQ", r"(?-i:\bFABQ\b)", None),
    ("PCS", r"Pain Catastrophizing Scale|(?-i:\bPCS\b)", 52),
    ("Epworth", r"Epworth(?: Sleepiness Scale)?", 24),
    ("MoCA", r"(?-i:\bMoCA\b)", 30),
]
_PAIN = re.compile(
    r"(?<![\d/.-])(?P<low>\d{1,2}(?:\.\d)?)(?:(?:/10)? ?(?:-|to) ?(?P<high>\d{1,2}(?:\.\d)?))? ?(?:/|(?:out"
    r" )?of(?: a possible)?|over|on a scale of (?:0|1)(?: ?-| ?to) ?) ?(?P<of>10)\b(?![/\d-]|\.\d)",
    re.I,
)
_PAIN_BARE = re.compile(
    r"\bpain\b[^.;]{0,60}?\b(?:rated|level|score|scale|VAS)\b[^.;\d/]{0,25}(?P<low>\d{1,2})(?: ?(?:-|to)"
    r" ?(?P<high>\d{1,2}))?(?![\d/%-])(?=[^.;]{0,12}\b(?:VAS|scale|level)|[ .,;]*$)",
    re.I,
)


def find_scores(letter: LetterText, sentence: Sentence, dates: list[str], carried: str | None) -> list[Fact]:
    """Return the scores of a sentence, dated by it or by the sentence before that gave a date."""
    if sentence.tells_of_utilization_review:
        return []
    text = sentence.text
    found: list[Fact] = []

    def when() -> tuple[str | None, str]:
        if len(dates) == 1:
            return dates[0], "stated, dated in the sentence"
        if not dates and carried is not None:
            return carried, "stated, date carried from an earlier sentence"
        return None, "stated"

    if re.search(r"\bpain|\bVAS\b|\bache|discomfort|sore|headache|symptoms|severity|intensity", text, re.I):
        matches = list(_PAIN.finditer(text)) or list(_PAIN_BARE.finditer(text))
        for match in matches:
            low = int(match["low"].split(".")[0])
            high = int(match["high"].split(".")[0]) if match["high"] else low
            if "." in match["low"] or max(low, high) > 10:
                continue
            day, method = when()
            found.append(
                fact_of(
                    letter,
                    sentence,
                    "score",
                    match.start(),
                    match.end(),
                    method,
                    amount=Amount(min(low, high), max(low, high)),
                    instrument="pain",
                    out_of=10,
                    date=day,
                )
            )
    for name, form, out_of in _INSTRUMENTS:
        dated = _dated_scores(text, form, out_of)
        if len(dated) > 1:
            found.extend(
                fact_of(
                    letter,
                    sentence,
                    "score",
                    start,
                    end,
                    "stated, each with its date",
                    amount=Amount(value, value),
                    instrument=name,
                    out_of=out_of,
                    date=day,
                )
                for value, start, end, day in dated
            )
            continue
        for match in re.finditer(
            rf"(?:{form})(?P<between>[^.;\d]{{0,60}}?)(?P<first>\d{{1,3}})(?![\d/-]\d|\d| (?:visit|session"
            rf"|week|month|year))%?(?P<rest>[^.;]{{0,40}}?\b(?:to|and then|now|->)\b[^.;\d]{{0"
            rf",15}}(?P<second>\d{{1,3}})(?![\d/-]))?",
            text,
            re.I,
        ):
            first = int(match["first"])
            second = int(match["second"]) if match["second"] else None
            if out_of is not None and max(first, second or 0) > out_of:
                continue
            day, method = when()
            trend = second is not None and re.search(
                r"\bfrom\b|decreas|reduc|improv|increas|drop|->|initial", text, re.I
            )
            found.append(
                fact_of(
                    letter,
                    sentence,
                    "score",
                    match.start("first"),
                    match.end("first"),
                    "stated, the earlier of two" if trend else method,
                    amount=Amount(first, first),
                    instrument=name,
                    out_of=out_of,
                    date=None if trend else day,
                )
            )
            if second is not None and trend:
                found.append(
                    fact_of(
                        letter,
                        sentence,
                        "score",
                        match.start("second"),
                        match.end("second"),
                        "stated, the later of two",
                        amount=Amount(second, second),
                        instrument=name,
                        out_of=out_of,
                        date=day,
                    )
                )
    return found


def _dated_scores(text: str, form: str, out_of: int | None) -> list[tuple[int, int, int, str]]:
    """Return each score of one instrument that stands right before its own date, and where."""
    named = re.search(form, text, re.I)
    if named is None:
        return []
    found = []
    for match in re.finditer(
        rf"(?<![\d/-])(?P<score>\d{{1,3}})%? (?:on|in|dated) (?P<date>{DATE})", text[named.end() :], re.I
    ):
        value, day = int(match["score"]), read_date(match["date"])
        if day is not None and (out_of is None or value <= out_of):
            start = named.end() + match.start("score")
            found.append((value, start, start + len(match["score"]), day))
    return found
