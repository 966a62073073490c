"""What a letter or records tell of the worker and the care, as a case records it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, get_args

from msgspec import Struct

from imr_rules.reading.sentences import Statement
from imr_rules.words import BodyPart, RequestLine
from imr_rules.words.amounts import Period, whole
from imr_rules.words.body_parts import meet

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

LONGEST = 2000
"""Characters of the longest text a case may hold."""

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
# Where pain of the spine is felt as well: relief there is relief of it.
_RADIATES = {
    "low_back": ("leg", "thigh", "foot", "buttock", "hip", "lower_extremity"),
    "neck": ("arm", "upper_arm", "forearm", "hand", "shoulder", "head", "upper_extremity"),
}
_ALSO = {"functional_improvement": ("functional_improvement", "objective_improvement")}


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


def pace_of(request: RequestLine) -> dict[str, Any]:
    """Return how often, how long and in which course a request asks for care, as a case states it; None is not said."""
    asked, rest = request.asked, request.in_dispute
    paced = asked if asked.frequency is not None else rest
    rate, length = paced.frequency, paced.duration
    times = whole(rate) if rate is not None and rate.every == 1 and rate.per != "year" else None
    long = whole(length) if length is not None and length.unit in get_args(Period) else {}
    initial = asked.initial and not asked.evaluation
    return {
        "frequency": {"times": times.get("value", times), "per": rate.per} if rate and times else None,
        "duration": {"value": long["value"], "unit": length.unit} if length and "value" in long else None,
        "course": "continuing" if asked.continuing or rest.continuing else "initial" if initial else None,
    }


def alike(vocabulary: Vocabulary, one: str | None, other: str | None, *, of_this_item: bool = False) -> bool:
    """Return whether visits of one kind of care may count for another.

    Plain "therapy" may be physical or occupational. Where the words stand in the reasons for this very item
    (``of_this_item``), reviewers write one for the other.
    """
    if one is None or other is None or one == other:
        return True
    lineages = [
        vocabulary.treatments[name].lineage if name in vocabulary.treatments else () for name in (one, other)
    ]
    if not all(lineages):
        return "physical_medicine" in (lineages[0] or lineages[1])
    same = vocabulary.treatments[one].discipline == vocabulary.treatments[other].discipline
    if same or one in lineages[1] or other in lineages[0]:
        return True
    return of_this_item and all("physical_medicine" in lineage for lineage in lineages)


class Concern(Struct, frozen=True):
    """An item, as far as it decides which statements are said of it.

    Attributes:
        treatment: what it asks for, as the rulebook calls it.
        disciplines: kinds of visit-counted care its words name.
        body_parts: where it is to be given.
        findings: what was found for this item alone: the reasons of a letter's reviewer.
    """

    treatment: str | None
    disciplines: tuple[str, ...]
    body_parts: tuple[BodyPart, ...]
    findings: tuple[Statement, ...] = ()


class Account(Struct, frozen=True):
    """The statements of one letter, or of the records of one case, and how a case writes them.

    Attributes:
        told: the statements of the whole case.
        items: the items in dispute.
        place: the place of a statement, as evidence of a case.
        searched: what was searched where a statement says that nothing is documented.
        vocabulary: the names the case may use.
    """

    told: Sequence[Statement]
    items: Sequence[Concern]
    place: Callable[[Statement], dict[str, Any]]
    searched: str
    vocabulary: Vocabulary

    def evidence(self, *told: Statement) -> list[dict[str, Any]]:
        """Return the place of each statement."""
        return [self.place(each) for each in told]

    def recorded(self, told: Statement) -> dict[str, Any]:
        """Return one statement as a case records it: a value, bounds, or that the record is silent."""
        evidence = {"evidence": self.evidence(told)}
        if told.status == "undocumented":
            return {"undocumented": [self.searched]} | evidence
        if told.amount is not None:
            return whole(told.amount) | evidence
        return {"value": told.value} | evidence

    def worker(self) -> dict[str, Any]:
        """Return the worker's age and sex, where the letter says them."""
        age = next((each for each in self.told if each.fact == "age"), None)
        sex = next((each.value for each in self.told if each.fact == "sex"), None)
        return {"age": self.recorded(age) if age is not None else None, "sex": sex}

    def diagnoses(self) -> list[dict[str, Any]]:
        """Return the diagnoses in the words that state them."""
        found: dict[str, dict[str, Any]] = {}
        for each in self.told:
            if each.fact != "diagnosis" or not isinstance(each.value, str):
                continue
            for words in pieces_of(each.value):
                found.setdefault(words.lower(), {"text": words, "evidence": self.evidence(each)})
        return list(found.values())

    def surgeries(self) -> list[dict[str, Any]]:
        """Return the operations done, each once: one told again without its day is the one whose day is known."""
        found: dict[tuple[str | None, str | None], dict[str, Any]] = {}
        rationales = [each for item in self.items for each in item.findings]
        for each in (*self.told, *rationales):
            if each.fact == "surgery" and isinstance(each.value, str):
                region = region_of(each.body_parts, self.vocabulary)
                written = {
                    "text": each.value[:LONGEST],
                    "body_part": region,
                    "date": each.date,
                    "evidence": self.evidence(each),
                }
                found.setdefault((each.date, region["region"] if region else None), written)
        for at, again in list(found.items()):
            dated = [other for (day, region), other in found.items() if day is not None and region == at[1]]
            same = [other for other in dated if _letters(again["text"]) <= _letters(other["text"])]
            if at[0] is None and same:
                same[0]["evidence"] = [*same[0]["evidence"], *again["evidence"]]
                del found[at]
        return list(found.values())

    def findings(self, item: Concern | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return the findings of the case, or those of one item: what was said of the care it asks for."""
        found: dict[str, list[dict[str, Any]]] = {}
        for each in self.told if item is None else (*self.told, *item.findings):
            of_worker = each.fact in _OF_THE_WORKER
            if (of_worker and each.section != "rationale") == (item is not None):
                continue
            if item is not None and not of_worker and not self._concerns(each, item):
                continue
            for name in _ALSO.get(each.fact, (each.fact,)):
                if name in self.vocabulary.facts and each.fact not in _ELSEWHERE:
                    found.setdefault(name, []).append(self.recorded(each))
        return {name: _settled(statements) for name, statements in found.items()}

    def _concerns(self, told: Statement, item: Concern) -> bool:
        """Return whether what is said of care is said of the care this item asks for, and of its part of the body."""
        parts = item.body_parts
        pain_from_here = told.fact == "response" and any(
            one.region in _RADIATES.get(other.region, ()) for one in told.body_parts for other in parts
        )
        if told.body_parts and parts and not pain_from_here and not meet(told.body_parts, parts):
            return False
        here = told.section == "rationale"
        if told.treatment is None:
            return here or bool(item.disciplines)
        named = item.disciplines or ((item.treatment,) if item.treatment else ())
        return any(alike(self.vocabulary, told.treatment, name, of_this_item=here) for name in named)

    def measurements(self) -> list[dict[str, Any]]:
        """Return the scores of scales the rulebook knows, in the order they are told.

        Two ratings of pain make a course only where each has its own day and both are of the same part of the
        body; else only the first is kept, because a knee is no better for hurting less than a back.
        """
        rationales = [each for item in self.items for each in item.findings]
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
            score = whole(each.amount)
            if score and all(instrument.low <= bound <= instrument.high for bound in score.values()):
                written = score | {"evidence": self.evidence(each)}
                found.append({"instrument": name, "date": each.date, "score": written})
        return found


def pieces_of(diagnoses: str) -> list[str]:
    """Return the diagnoses of a list; one that doubts some of them is taken apart."""
    doubtful = _DOUBT.search(diagnoses) is not None
    pieces = re.split(r"[,;]\s+(?![^()]*\))", diagnoses) if doubtful else [diagnoses]
    words = [re.sub(r"^(?:and|or) ", "", piece.strip(" .,;"))[:LONGEST] for piece in pieces]
    return [each for each in words if each]


_DOUBT = re.compile(
    r"\brul(?:e[sd]?|ing) out\b|\br/o\b|\bpossible\b|\bsuspected\b|\bhistory of\b|\bstatus post\b|\bs/p\b",
    re.I,
)
# Statements that have a place of their own in a case, though the dictionary knows their names too.
_ELSEWHERE = frozenset({"age", "surgery", "injury_date", "request_date", "prior_visits", "course", "score"})


def _letters(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


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
