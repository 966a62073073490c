"""The injury, its diagnoses, and the day of the request."""

from __future__ import annotations

import re

from imr_rules.reading import find_body_parts
from imr_rules.reading.letters.dates import DATE, read_date
from imr_rules.reading.letters.facts import Fact
from imr_rules.reading.letters.prose import Sentence
from imr_rules.reading.letters.summary.told import fact_of
from imr_rules.reading.letters.text import LetterText

__all__ = ["find_diagnoses", "find_injury", "find_request_date"]

_INJURY = re.compile(
    rf"(?<!report of )(?<!report of an )\b(?:industrial|work[- ]related|occupational|work|reported)[- ]"
    rf"(?:injury|injuries|claim|illness|trauma|accident)\b(?! or illness)[^.;]{{0,70}}?\b(?:on|of|from|dated?|is|was)\b:? ?(?P<date>{DATE})"
    rf"|\bdate of injury(?: of| on| is| was|:)? ?(?P<doi>{DATE})|\b(?:was|were|got) injured on ?(?P<hurt>{DATE})",
    re.I,
)
_MECHANISM = re.compile(
    r"mechanism of injury (?:is|was)(?: (?:detailed|described|documented|noted|reported) as| from)?"
    r" (?P<how>[^.;]{3,200})|\binjur(?:y|ed)\b[^.;]{0,60}? (?P<when>when|while|after) (?P<then>[^.;]{3"
    r",200})",
    re.I,
)


def find_injury(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return the day of injury and how it happened."""
    found = []
    if (match := _INJURY.search(sentence.text)) is not None and not sentence.tells_of_utilization_review:
        name = next(each for each in ("date", "doi", "hurt") if match[each])
        day = read_date(match[name])
        if day is not None:
            found.append(
                fact_of(
                    letter, sentence, "injury_date", match.start(name), match.end(name), "stated", date=day
                )
            )
    if (match := _MECHANISM.search(sentence.text)) is not None:
        name = "how" if match["how"] else "then"
        at = match.span(name)
        said: dict[str, object]
        if re.match(r"(?:not|un(?:known|clear|documented|specified))\b", match[name], re.I):
            method, said = "said to be missing from the record", {"status": "undocumented"}
        else:
            method, said = "stated", {"value": match[name].strip()}
        found.append(fact_of(letter, sentence, "mechanism", at[0], at[1], method, **said))
    return found


_REQUESTED_ON = re.compile(
    rf"\b(?:requests? for authori[sz]ation|authori[sz]ation request|RFA)s?\b(?: \(RFA\))?(?: form)?(?: was| were)?"
    rf"(?: dated| submitted| received| made| signed| completed| provided)?,? (?:on |of |for |from )?(?P<date>{DATE})"
    rf"|\bon (?P<day>{DATE}),? (?:an? |the )?(?:requests?|RFA)(?: for authori[sz]ation)? (?:was|were) "
    rf"(?:received|submitted|made|noted)",
    re.I,
)


def find_request_date(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return the day of the request for authorization, where the sentence names it."""
    match = _REQUESTED_ON.search(sentence.text)
    if match is None:
        return []
    name = "date" if match["date"] else "day"
    day = read_date(match[name])
    if day is None:
        return []
    return [fact_of(letter, sentence, "request_date", match.start(name), match.end(name), "stated", date=day)]


_DIAGNOSIS = re.compile(
    r"(?:\bdiagnos(?:is|es)(?: codes?)?(?: (?:is|are|were|was))?(?: (?:documented|noted|listed))?(?:"
    r" to)?(?: includ(?:e[sd]?|ing))?(?: as| of)?:? |\bdiagnosed (?:as having|with|as) |\bundergoing"
    r" treatments? for |\bbeing treated for |\bbeen treated for |\bfiled a claim for |\breceiving"
    r" treatment for )(?P<what>.{3,600}?)(?=\.(?: |$)|$| reportedly associated)",
    re.I,
)


def find_diagnoses(letter: LetterText, sentence: Sentence) -> list[Fact]:
    """Return the diagnoses in the letter's words, one fact a list."""
    if sentence.tells_of_utilization_review:
        return []
    found = []
    for match in _DIAGNOSIS.finditer(sentence.text):
        words = match["what"].strip(" .\"'")
        if words and not re.match(r"(?:study|studies|testing|and|not)\b", words):
            found.append(
                fact_of(
                    letter,
                    sentence,
                    "diagnosis",
                    match.start("what"),
                    match.start("what") + len(match["what"].rstrip()),
                    "stated",
                    value=words,
                    body_parts=find_body_parts(words),
                )
            )
    return found
