"""What a letter tells of the worker, the injury and the care, as a case records it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from imr_rules.reading import Amount, BodyPart, overlap
from imr_rules.reading.letters.item import Item, alike
from imr_rules.reading.sentences import Statement

if TYPE_CHECKING:
    from imr_rules.reading.letters.letter import Letter
    from imr_rules.rulebook.vocabulary import Vocabulary

LETTER = "letter"
"""How the case file calls the letter among its documents."""
HEADER = {"document": LETTER, "page": 1, "place": "header"}
"""Where the header's dates stand."""
LONGEST = 2000
"""Characters of the longest text a case may hold."""

_PLACES = {"summary": "clinical case summary", "title": "title", "rationale": "rationale"}

# What is true of the worker, whatever care is asked for; all else is said of some care.
_OF_THE_WORKER = frozenset(
    [
        "flare_up",
        "home_program",
        "no_remaining_deficit",
        "homebound",
        "failed_conservative_care",
        "red_flags",
        "nerve_compromise",
    ]
)
_ALSO = {"functional_improvement": ("functional_improvement", "objective_improvement")}


def stated(amount: Amount) -> dict[str, Any]:
    """Return a whole number as ``value``, or else its bounds; nothing where it is not whole."""
    if isinstance(amount.value, int):
        return {"value": amount.value}
    bounds = {"at_least": amount.at_least, "at_most": amount.at_most}
    return {name: bound for name, bound in bounds.items() if isinstance(bound, int)}


# Finer parts of the body than the rulebook's regions, and what they belong to.
_WIDER = {
    "thumb": "hand",
    "finger": "hand",
    "toe": "foot",
    "sacrum": "low_back",
    "sacroiliac_joint": "low_back",
    "back": "spine",
    "face": "head",
}


def region_of(parts: Sequence[BodyPart], vocabulary: Vocabulary) -> dict[str, Any] | None:
    """Return the one region that some parts of the body make; ``None`` where they make several, or none known.

    A finger is of the hand. The neck and the low back are two regions, as they are in a case's own words.
    """
    regions = list(dict.fromkeys(_WIDER.get(part.region, part.region) for part in parts))
    if len(regions) != 1 or regions[0] not in vocabulary.regions:
        return None
    sides = {part.side for part in parts}
    side = sides.pop() if len(sides) == 1 else "bilateral" if {"left", "right"} <= sides else None
    return {"region": regions[0], "side": side}


class Draft:
    """A letter on its way to a case: the statements that may be used, and how a case writes them.

    Attributes:
        letter, vocabulary: the letter, and the names the case may use.
        with_rationale: what the reviewer found is used as well.
        told: the statements of the whole case.
    """

    def __init__(self, letter: Letter, vocabulary: Vocabulary, *, with_rationale: bool) -> None:
        self.letter, self.vocabulary, self.with_rationale = letter, vocabulary, with_rationale
        self.told = [each for each in letter.facts if with_rationale or each.section != "rationale"]

    def own(self, item: Item) -> list[Statement]:
        """Return what the reviewer found for one item, where it may be used."""
        return [*item.findings] if self.with_rationale else []

    def evidence(self, *told: Statement) -> list[dict[str, Any]]:
        """Return the place of each statement: page, section, and the characters of the letter's text."""
        spans = [(each.section, self.letter.place(each)) for each in told]
        return [
            {
                "document": LETTER,
                "page": span.page,
                "place": f"{_PLACES[section]}, characters {span.start} to {span.end}",
            }
            for section, span in spans
        ]

    def recorded(self, told: Statement) -> dict[str, Any]:
        """Return one statement as a case records it: a value, bounds, or that the record is silent."""
        evidence = {"evidence": self.evidence(told)}
        if told.status == "undocumented":
            return {"undocumented": ["the record, by the letter"]} | evidence
        if told.amount is not None:
            return stated(told.amount) | evidence
        return {"value": told.value} | evidence

    def worker(self) -> dict[str, Any]:
        """Return the worker's age and sex, where the letter says them."""
        age = next((each for each in self.told if each.fact == "age"), None)
        sex = next((each.value for each in self.told if each.fact == "sex"), None)
        return {"age": self.recorded(age) if age is not None else None, "sex": sex}

    def injury(self) -> dict[str, Any]:
        """Return the day of injury; where the summary tells of another day, the month or year they share."""
        day = self.letter.header.date_of_injury
        told = [
            each.date
            for each in self.told
            if (each.fact, each.section) == ("injury_date", "summary") and each.date
        ]
        if day is not None and told and not any(day.startswith(other) for other in told):
            day = next((day[:length] for length in (7, 4) if told[0][:length] == day[:length]), None)
        return {} if day is None else {"date": day, "evidence": HEADER}

    def diagnoses(self) -> list[dict[str, Any]]:
        """Return the diagnoses in the letter's words; a list that doubts one of them is taken apart."""
        found: dict[str, dict[str, Any]] = {}
        for each in self.told:
            if each.fact != "diagnosis" or not isinstance(each.value, str):
                continue
            doubtful = _DOUBT.search(each.value) is not None
            for piece in re.split(r"[,;]\s+(?![^()]*\))", each.value) if doubtful else [each.value]:
                words = re.sub(r"^(?:and|or) ", "", piece.strip(" .,;"))[:LONGEST]
                if words:
                    found.setdefault(words.lower(), {"text": words, "evidence": self.evidence(each)})
        return list(found.values())

    def request(self) -> dict[str, Any]:
        """Return the day of the request, where the letter gives one day that the denied request can be of."""
        told = [each for each in self.told if each.fact == "request_date" and each.date is not None]
        days = {str(each.date) for each in told}
        if len(days) != 1:
            return {}
        (day,) = days
        injury, denial = self.letter.header.date_of_injury, self.letter.header.ur_denial_date
        if (denial is not None and day > denial) or (injury is not None and day < injury[: len(day)]):
            return {}
        return {"date": day, "evidence": self.evidence(*told)}

    def surgeries(self) -> list[dict[str, Any]]:
        """Return the operations done, each once."""
        found: dict[object, dict[str, Any]] = {}
        rationales = [each for item in self.letter.items for each in self.own(item)]
        for each in (*self.told, *rationales):
            if each.fact == "surgery" and isinstance(each.value, str):
                region = region_of(each.body_parts, self.vocabulary)
                written = {
                    "text": each.value[:LONGEST],
                    "body_part": region,
                    "date": each.date,
                    "evidence": self.evidence(each),
                }
                found.setdefault((each.date, region and region["region"]), written)
        return list(found.values())

    def findings(self, item: Item | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return the findings of the case, or those of one item: what was said of the care it asks for."""
        found: dict[str, list[dict[str, Any]]] = {}
        for each in self.told if item is None else (*self.told, *self.own(item)):
            of_worker = each.fact in _OF_THE_WORKER
            if (of_worker and each.section != "rationale") == (item is not None):
                continue
            if item is not None and not of_worker and not self._concerns(each, item):
                continue
            for name in _ALSO.get(each.fact, (each.fact,)):
                if name in self.vocabulary.facts and each.fact not in _ELSEWHERE:
                    found.setdefault(name, []).append(self.recorded(each))
        return {name: _settled(statements) for name, statements in found.items()}

    def _concerns(self, told: Statement, item: Item) -> bool:
        """Return whether what is said of care is said of the care this item asks for, and of its part of the body."""
        parts = item.body_parts
        if (
            told.body_parts
            and parts
            and not any(overlap(one, other) for one in told.body_parts for other in parts)
        ):
            return False
        here = told.section == "rationale"
        if told.treatment is None:
            return here or bool(item.disciplines)
        named = item.disciplines or ((item.treatment,) if item.treatment else ())
        return any(alike(self.vocabulary, told.treatment, name, of_this_item=here) for name in named)

    def measurements(self) -> list[dict[str, Any]]:
        """Return the scores of scales the rulebook knows, in the letter's order.

        Two ratings of pain make a course only where each has its own day and both are of the same part of the
        body; else only the first is kept, because a knee is no better for hurting less than a back.
        """
        rationales = [each for item in self.letter.items for each in self.own(item)]
        scores = {
            (each.instrument, each.date, each.amount): each
            for each in (*self.told, *rationales)
            if each.fact == "score" and each.amount is not None and each.instrument
        }
        pain = [each for each in scores.values() if each.instrument == "pain"]
        days = [each.date for each in pain]
        one_course = (
            None not in days
            and len(set(days)) == len(days)
            and len({frozenset(part.region for part in each.body_parts) for each in pain}) == 1
        )
        kept = pain if one_course else pain[:1]
        found = []
        for each in scores.values():
            name = "nrs" if each.instrument == "pain" else str(each.instrument)
            instrument = self.vocabulary.instrument(name)
            if instrument is None or each.amount is None or (each.instrument == "pain" and each not in kept):
                continue
            score = stated(each.amount)
            if score and all(instrument.low <= bound <= instrument.high for bound in score.values()):
                written = score | {"evidence": self.evidence(each)}
                found.append({"instrument": name, "date": each.date, "score": written})
        return found


_DOUBT = re.compile(
    r"\brul(?:e[sd]?|ing) out\b|\br/o\b|\bpossible\b|\bsuspected\b|\bhistory of\b|\bstatus post\b|\bs/p\b",
    re.I,
)
# Statements that have a place of their own in a case, though the dictionary knows their names too.
_ELSEWHERE = frozenset({"age", "surgery", "injury_date", "request_date", "prior_visits", "course", "score"})


def _settled(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a statement that says something rather than those that found nothing, and each answer once."""
    said: dict[object, dict[str, Any]] = {}
    silent: dict[str, Any] | None = None
    for each in statements:
        if "undocumented" not in each:
            said.setdefault(each["value"], each)
        elif silent is None:
            silent = each
        else:
            silent["evidence"] = [*silent["evidence"], *each["evidence"]]
    return list(said.values()) or ([silent] if silent is not None else [])
