"""Scores on the scales a rulebook knows, and ratings of pain, with their dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from imr_rules.reading.sentences.claims import claim
from imr_rules.reading.sentences.statement import Statement
from imr_rules.reading.sentences.told import Told
from imr_rules.words.amounts import Amount
from imr_rules.words.dates import DATE, read_date
from imr_rules.words.numbers import WORDS

if TYPE_CHECKING:
    from imr_rules.rulebook.dictionary import Instrument
    from imr_rules.rulebook.vocabulary import Vocabulary

PAIN = "pain"
_PAIN = re.compile(
    r"(?<![\d/.-])(?P<low>\d{1,2}(?:\.\d)?)(?:(?:/10)? ?(?:-|to|and) ?(?P<high>\d{1,2}(?:\.\d)?))? ?(?:/|(?:out"
    r" )?of(?: a possible)?|over|on a scale of (?:0|1)(?: ?-| ?to) ?) ?(?P<of>10)\b(?![/\d-]|\.\d)",
    re.I,
)
_PAIN_BARE = re.compile(
    r"\bpain\b[^.;]{0,60}?\b(?:rated|level|score|scale|VAS)\b[^.;\d/]{0,25}(?P<low>\d{1,2})(?: ?(?:-|to)"
    r" ?(?P<high>\d{1,2}))?(?![\d/%-])(?=[^.;]{0,12}\b(?:VAS|scale|level)|[ .,;]*$)",
    re.I,
)
_ABOUT_PAIN = re.compile(r"\bpain|\bVAS\b|\bache|discomfort|sore|headache|symptoms|severity|intensity", re.I)
# What a scale is like, rather than what this worker scored on it.
_GENERAL = re.compile(
    r"(?<!severe )(?<!moderate )(?<!mild )(?<!minimal )(?<!normal )\brang(?:es?|ing)\b|\b(?:indicat|suggest)(?:es?|s|ing)\b|\b\d+ or (?:more|higher|greater|above)\b|\bis (?:considered|defined|scored)\b|\b\d+ ?(?:to|-) ?\d+ (?:is|are|means?|indicates?)\b|\bminimal(?:ly)? (?:clinically )?(?:important|detectable)\b|\bcut-?off\b"
    r"|\bthreshold\b|\bscores? (?:above|below|over|under|of \d+ (?:or|to))\b|\bmaximum\b|\bpoints? (?:is|are) (?:considered|needed|required)\b",
    re.I,
)
_SPELLED = "|".join(WORDS)
_SCORE = re.compile(
    rf"(?:(?<![\d/.-])(?P<low>\d{{1,3}})|(?<=\bto )(?P<word>{_SPELLED})\b)(?: ?- ?(?P<high>\d{{1,3}}))?(?! ?(?:visits?|sessions?|weeks?|months?|years?|days?|mg|points? (?:change|lower|higher)))(?!\d|-\d|\.\d|/\d+/)(?: ?%)?(?: ?(?:/|out of) ?(?P<of>\d{{1,3}}))?",
    re.I,
)
_CHANGED = re.compile(
    r"\b(?:from|previously|prior|earlier|compared|versus|vs|fell|rose|dropped|came|went|improved|(?:de|in)creased)\b",
    re.I,
)
_TIED = re.compile(
    r"(?:(?!\b(?:since|from|than|versus|vs|compared|was|and|to|fell|rose|then)\b)[^\d;.]){0,30}"
)


class Scales:
    """The scales of one vocabulary, found by their names."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        own = [each for each in vocabulary.instruments.values() if not _OF_PAIN.match(each.names[0])]
        self._instruments = vocabulary.instruments
        self._by_letters = {_letters(name): scale for scale in own for name in scale.names}
        names = sorted((name for scale in own for name in scale.names), key=len, reverse=True)
        words = "|".join(re.sub(r"(?:\\ |\\-)", "[ -]?", re.escape(name)) for name in names)
        self._words = (
            re.compile(rf"\b(?:{words})\b(?P<second>[- ]?(?:[Il]{{2}}|2)\b)?", re.I) if words else None
        )

    def find(self, text: str) -> list[tuple[int, int, Instrument]]:
        """Return where a text names scales, and which; "Beck Depression Inventory (BDI)" names one."""
        found: list[tuple[int, int, Instrument]] = []
        for match in self._words.finditer(text) if self._words is not None else ():
            scale = self._by_letters[_letters(match[0].removesuffix(match["second"] or ""))]
            if match["second"]:
                seconds = (self._instruments[name] for name in scale.editions if name in self._instruments)
                scale = next((each for each in seconds if each.names[0].endswith("ii")), scale)
            if found and found[-1][2] is scale and not re.search(r"\d", text[found[-1][1] : match.start()]):
                continue
            found.append((*match.span(), scale))
        return found


_OF_PAIN = re.compile(r"vas|visual|pain|nrs|numeric", re.I)


def _letters(name: str) -> str:
    return re.sub(r"[ -]", "", name.lower())


def find_scores(told: Told, scales: Scales, carried: str | None) -> Iterator[Statement]:
    """Yield the scores of a sentence, dated by it or by the sentence before that gave a date."""
    text = told.sentence.text
    days = [
        (match.start(), match.end(), day)
        for match in re.finditer(DATE, text)
        if (day := read_date(match[0])) is not None
    ]
    if _ABOUT_PAIN.search(text):
        for match in list(_PAIN.finditer(text)) or list(_PAIN_BARE.finditer(text)):
            low = int(match["low"].split(".")[0])
            high = int(match["high"].split(".")[0]) if match["high"] else low
            if "." in match["low"] or max(low, high) > 10 or not claim(told.sentence, *match.span()).counts:
                continue
            day, method = _when(text, days, match.start(), match.end(), carried, alone=True)
            yield told.statement(
                "score",
                match.start(),
                match.end(),
                method,
                amount=Amount(min(low, high), max(low, high)),
                instrument=PAIN,
                out_of=10,
                date=day,
            )
    named = scales.find(text)
    if not named or _GENERAL.search(text):
        return
    for (_, start, scale), stop in zip(
        named, [*(begin for begin, _, _ in named[1:]), len(text)], strict=True
    ):
        scores = [
            match
            for match in _SCORE.finditer(text, start, stop)
            if scale.low <= _figure(match) <= scale.high
            and match["of"] in (None, str(scale.high))
            and not any(begin <= match.start() < end for begin, end, _ in days)
        ]
        alone = len(scores) == 1 and [each for _, _, each in named].count(scale) == 1
        for match in scores[: max(len(days), 2 if not days or _CHANGED.search(text, start, stop) else 1)]:
            if claim(told.sentence, *match.span()).counts:
                day, method = _when(text, days, match.start(), match.end(), carried, alone=alone)
                low = _figure(match)
                high = int(match["high"] or low)
                yield told.statement(
                    "score",
                    match.start(),
                    match.start() + len(match[0].rstrip()),
                    method,
                    amount=Amount(min(low, high), max(low, high)),
                    instrument=scale.name,
                    out_of=scale.high,
                    date=day,
                )


def _figure(match: re.Match[str]) -> int:
    return int(match["low"]) if match["low"] else WORDS[match["word"].lower()]


def _when(
    text: str, days: Sequence[tuple[int, int, str]], start: int, end: int, carried: str | None, *, alone: bool
) -> tuple[str | None, str]:
    """Return the day of a score: right behind it, right before it, or the only one there is."""
    if len(days) > 1 or not alone:
        behind = [day for begin, _, day in days if begin >= end and _TIED.fullmatch(text, end, begin)]
        before = [day for _, stop, day in days if 0 <= start - stop <= 40 and ";" not in text[stop:start]]
        if behind or before:
            return (behind or [before[-1]])[0], "stated, each with its date"
    if len(days) == 1 and alone:
        return days[0][2], "stated, dated in the sentence"
    if not days and carried is not None and alone:
        return carried, "stated, date carried from an earlier sentence"
    return None, "stated"
