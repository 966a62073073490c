"""What a case says whichever of its items is asked about: worked out once, for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, cached_property, lru_cache

from imr_rules.case import BodyPart, Case, Diagnosis, DisputedItem, Measurement, Surgery
from imr_rules.facts.same_request import Request, request_of
from imr_rules.facts.wording import completed, part_named
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.vocabulary import Vocabulary

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
        return self._diagnosis_of(spec.words, spec.icd9, spec.icd10)

    @cached_property
    def _diagnosis_of(
        self,
    ) -> Callable[[tuple[str, ...], tuple[str, ...], tuple[str, ...]], Diagnosis | None]:
        return cache(self._find_diagnosis)

    def _find_diagnosis(
        self, words: tuple[str, ...], icd9: tuple[str, ...], icd10: tuple[str, ...]
    ) -> Diagnosis | None:
        for diagnosis, text in self._sure_diagnoses:
            if (
                (words and any_word(words).search(text))
                or (diagnosis.icd9 and diagnosis.icd9.startswith(icd9))
                or (diagnosis.icd10 and diagnosis.icd10.startswith(icd10))
            ):
                return diagnosis
        return None

    @cached_property
    def diagnosed_in(self) -> Callable[[tuple[str, ...]], bool]:
        """Whether the words of any diagnosis have one of some words."""
        return cache(lambda words: any(map(any_word(words).search, self.diagnoses)))

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


@lru_cache(maxsize=256)
def any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern of any of some words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)")
