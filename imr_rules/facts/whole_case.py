"""What a case says whichever of its items is asked about: worked out once, for all of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property, lru_cache

from imr_rules.case import BodyPart, Case, Diagnosis, DisputedItem, Measurement, Surgery
from imr_rules.facts.same_request import Request, request_of
from imr_rules.facts.wording import completed, part_named
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.words import find_body_parts

OPERATED = re.compile(
    r"\b(?:post[- ]?op(?:erative(?:ly)?)?|post[- ]?surg(?:ical|ery)|status[- ]post|s/p|after (?:\w+ ){0,3}(?:surgery|operation)"
    r"|(?!rhiz|neur)\w+(?:ectomy|otomy|plasty|desis)|(?:surgical|cuff|labral|tendon|ligament|meniscal|meniscus|hernia) repair|reconstruction|decompression|fusion)\b"
)
"""Words that tell of an operation."""

_DOUBT = re.compile(r"\b(?:rule[sd]? out|r/o|possible|suspected|history of|status post|s/p)\b")


class WholeCase:
    """What a case says whichever of its items is asked about.

    A case of many items, courses or operations costs in proportion to each of them only where this is shared
    between its items.

    Args:
        case: the case.
        vocabulary: the rulebook's names.
    """

    def __init__(self, case: Case, vocabulary: Vocabulary) -> None:
        self.case, self.vocabulary = case, vocabulary
        self._diagnosed: dict[str, Diagnosis | None] = {}
        self._told: dict[tuple[str, str | None], tuple[str, ...]] = {}

    @cached_property
    def requests(self) -> Mapping[Request, list[str]]:
        """What the items are compared by, with the names of those that are alike in all of it."""
        found: dict[Request, list[str]] = {}
        for name, item in self.case.named_items:
            found.setdefault(request_of(completed(item, self.vocabulary), self.vocabulary), []).append(name)
        return found

    @cached_property
    def regions_named(self) -> set[str]:
        """Every body region that the case speaks of."""
        parts: list[BodyPart | None] = [part_named(item, self.vocabulary) for item in self.case.items]
        parts += [course.body_part for course in self.case.history]
        parts += [*(self.case.accepted_body_parts or ())]
        return {part.region for part in parts if part is not None}

    @cached_property
    def parts_diagnosed(self) -> tuple[BodyPart, ...]:
        """The parts of the body that the words of the diagnoses name, without levels."""
        return tuple(
            BodyPart.model_construct(region=found.region, side=found.side)
            for diagnosis in self.case.diagnoses
            for found in _parts_in(diagnosis.text)
        )

    @cached_property
    def diagnoses(self) -> tuple[str, ...]:
        """The words of the diagnoses, in lower case."""
        return tuple(diagnosis.text.lower() for diagnosis in self.case.diagnoses)

    @cached_property
    def _sure_diagnoses(self) -> tuple[tuple[Diagnosis, str], ...]:
        """The diagnoses that are no mere suspicion, with their words."""
        told = zip(self.case.diagnoses, self.diagnoses, strict=True)
        return tuple((diagnosis, text) for diagnosis, text in told if not _DOUBT.search(text))

    @cached_property
    def speaks_of_an_operation(self) -> bool:
        """Whether a diagnosis tells of an operation that may have been done."""
        return any(map(OPERATED.search, self.diagnoses))

    def diagnosis_of(self, spec: FactSpec) -> Diagnosis | None:
        """Return the first diagnosis that is surely one of a fact's."""
        if spec.name not in self._diagnosed:
            self._diagnosed[spec.name] = self._find_diagnosis(spec)
        return self._diagnosed[spec.name]

    def _find_diagnosis(self, spec: FactSpec) -> Diagnosis | None:
        for diagnosis, text in self._sure_diagnoses:
            if (
                says(spec.words, text)
                or (diagnosis.icd9 and diagnosis.icd9.startswith(spec.icd9))
                or (diagnosis.icd10 and diagnosis.icd10.startswith(spec.icd10))
            ):
                return diagnosis
        return None

    def diagnosed_in(self, words: tuple[str, ...]) -> bool:
        """Whether the words of any diagnosis have one of some words."""
        return says(words, self._all_diagnoses)

    @cached_property
    def _all_diagnoses(self) -> str:
        return "\n".join(self.diagnoses)

    def procedures_told(self, text: str, region: str | None) -> tuple[str, ...]:
        """Return the rows of the postsurgical table that an operation's words tell of, found once."""
        if (text, region) not in self._told:
            self._told[text, region] = self.vocabulary.procedures_told(text, region)
        return self._told[text, region]

    @cached_property
    def measurements(self) -> Mapping[str, list[Measurement]]:
        """The scores by the name of their instrument, in the order the case gives them."""
        found: dict[str, list[Measurement]] = {}
        for each in self.case.measurements:
            instrument = self.vocabulary.instrument(each.instrument)
            if instrument is not None:
                found.setdefault(instrument.name, []).append(each)
        return found

    @cached_property
    def surgeries(self) -> tuple[Surgery, ...]:
        """The operations, each with the part of the body that its words name."""
        return tuple(map(self._with_its_part, self.case.surgeries))

    def _with_its_part(self, surgery: Surgery) -> Surgery:
        if surgery.body_part is not None or surgery.text is None:
            return surgery
        part = part_named(DisputedItem.model_construct(service=surgery.text), self.vocabulary)
        return surgery if part is None else surgery.model_copy(update={"body_part": part})


_parts_in = lru_cache(maxsize=256)(find_body_parts)
"""The parts of the body in the words of a diagnosis: one case after another has the same."""


def says(words: tuple[str, ...], text: str) -> bool:
    """Whether a text has one of some words. Most have not even the letters, which is seen soonest."""
    for word in words:
        if word in text:
            return _any_of(words).search(text) is not None
    return False


@lru_cache(maxsize=256)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
