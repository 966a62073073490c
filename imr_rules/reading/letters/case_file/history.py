"""Earlier courses of care, as a case's history records them.

A letter tells of one course several times, in its summary and in its rationale, so statements of one kind of
care and one part of the body are read together: they bound one another, and where they disagree each stands
for itself and the engine flags the conflict.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from imr_rules.reading import overlap
from imr_rules.reading.letters.case_file.evidence import evidence_of, recorded, region_of, stated
from imr_rules.reading.letters.disciplines import same_discipline
from imr_rules.reading.letters.facts import merge_counts

if TYPE_CHECKING:
    from imr_rules.reading import BodyPart
    from imr_rules.reading.letters.facts import Fact
    from imr_rules.reading.letters.letter import Item, Letter
    from imr_rules.rulebook.dictionary import Treatment
    from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["history_of", "treatment_of"]


def treatment_of(discipline: str, vocabulary: Vocabulary) -> str | None:
    """Return the treatment of the rulebook that a discipline of a letter is."""
    if discipline in vocabulary.treatments:
        return discipline
    if discipline == "therapy":
        return next((name for name in ("physical_medicine",) if name in vocabulary.treatments), None)
    return vocabulary.recognize(discipline.replace("_", " "))


def history_of(
    letter: Letter, facts: Sequence[Fact], vocabulary: Vocabulary, *, with_rationale: bool
) -> list[dict[str, Any]]:
    """Return the courses of care that a letter tells of.

    Args:
        letter: the letter, for its items.
        facts: its facts, from the sections that may be used.
        vocabulary: the names of treatments and regions.
        with_rationale: count what the items' rationales say as well.
    """
    courses = [fact for fact in facts if fact.fact in ("course", "prior_visits")]
    if with_rationale:
        courses += [
            _of_item(fact, item)
            for item in letter.items
            for fact in item.findings
            if fact.fact in ("course", "prior_visits")
        ]
    by_treatment: dict[str, list[Fact]] = {}
    for fact in courses:
        treatment = treatment_of(fact.discipline, vocabulary) if fact.discipline else None
        if treatment is not None and fact.count_of != "requested":
            by_treatment.setdefault(treatment, []).append(fact)
    found = [
        course
        for treatment, told in by_treatment.items()
        for course in _courses(treatment, told, letter, vocabulary)
    ]
    known = {vocabulary.treatments[name].discipline or name for name in by_treatment}
    for item in letter.items:
        given = vocabulary.treatments[item.treatment] if item.treatment is not None else None
        if (
            given is None
            or (given.discipline or given.name) in known
            or by_treatment.keys() & set(given.lineage)
        ):
            continue
        course = _of_silence(given, item, facts, vocabulary, with_rationale=with_rationale)
        if course is not None:
            known.add(given.discipline or given.name)
            found.append({"treatment": given.name} | course)
    return found


def _of_silence(
    given: Treatment,
    item: Item,
    facts: Sequence[Fact],
    vocabulary: Vocabulary,
    *,
    with_rationale: bool,
) -> dict[str, Any] | None:
    """Return what is known of earlier care of a kind that no sentence counts.

    A summary is not the record: its silence shows only that earlier visits are missing from it. A reviewer who
    went through the record and tells of no visit is taken at that word. Earlier use of drugs, devices and studies
    is read from lists of what was received alone, so where none names them it is missing either way.
    """
    if item.disciplines:
        reason = "the summary does not tell whether there was earlier care of this kind"
        return None if with_rationale else {"attended": {"missing": reason}}
    received = [
        fact
        for fact in facts
        if fact.fact == "treatment_received"
        and isinstance(fact.value, str)
        and (name := vocabulary.recognize(fact.value)) is not None
        and (vocabulary.treatments[name].discipline or name) == (given.discipline or given.name)
    ]
    if given.unit == "item":
        return None
    if received and given.unit in _COUNTED:
        return {"attended": {"at_least": 1, "evidence": evidence_of(*received)}}
    return {
        "attended": {"missing": "the letter does not tell of earlier use"},
        "evidence": evidence_of(*received),
    }


_COUNTED = frozenset({"visit", "tablet", "study", "injection", "block"})


def _of_item(fact: Fact, item: Item) -> Fact:
    """Return a reviewer's finding with the kind of care it is about: the item's own, where none is named.

    A reviewer writes "therapy", or physical for occupational, and means the care in dispute.
    """
    own = next(
        (name for name in item.disciplines if same_discipline(fact.discipline, name, of_this_item=True)), None
    )
    if own is None:
        return fact
    return replace(fact, discipline=own, body_parts=fact.body_parts or item.body_parts)


def _courses(
    treatment: str, told: list[Fact], letter: Letter, vocabulary: Vocabulary
) -> list[dict[str, Any]]:
    """Return the courses of one kind of care: one for each part of the body that statements keep apart."""
    places: list[tuple[BodyPart, ...]] = []
    for fact in told:
        if fact.body_parts and not any(_meet(fact.body_parts, place) for place in places):
            places.append(fact.body_parts)
    if not places:
        places = [()]
    found = []
    for place in places:
        here = [fact for fact in told if not fact.body_parts or _meet(fact.body_parts, place)]
        if len(places) > 1 and any(fact.body_parts for fact in here):
            here = [fact for fact in here if fact.body_parts]
        course = _course(here)
        if course is not None:
            found.append(
                {"treatment": treatment, "body_part": _region(place, treatment, letter, vocabulary)} | course
            )
    loose = [fact for fact in told if not fact.body_parts]
    elsewhere = any(
        item.treatment == treatment and item.body_parts and not any(_meet(item.body_parts, p) for p in places)
        for item in letter.items
    )
    if loose and places != [()] and elsewhere:
        # care without its body part, beside care of another one: it may have been of the part in dispute
        found.append(
            {"treatment": treatment, "attended": {"missing": "where it was given is not told"}}
            | {"evidence": evidence_of(*loose)}
        )
    return found


def _meet(some: tuple[BodyPart, ...], others: tuple[BodyPart, ...]) -> bool:
    return any(overlap(one, other) for one in some for other in others)


def _region(
    place: tuple[BodyPart, ...], treatment: str, letter: Letter, vocabulary: Vocabulary
) -> dict[str, Any] | None:
    """Return where a course was given, in the words of the items it overlaps: an arm's course is the elbow's.

    Where such an item names several parts, or several such items name different ones, it is left open.
    """
    regions = [
        region_of(item.body_parts, vocabulary)
        for item in letter.items
        if item.treatment == treatment and _meet(place, item.body_parts)
    ]
    if not regions:
        return region_of(place, vocabulary)
    return regions[0] if all(each == regions[0] for each in regions) else None


def _course(told: list[Fact]) -> dict[str, Any] | None:
    """Return what was attended, or at least authorized, by all the statements of one course."""
    attended = [fact for fact in told if fact.count_of == "attended" and fact.amount is not None]
    authorized = [fact for fact in told if fact.count_of == "authorized" and fact.amount is not None]
    silent = [fact for fact in told if fact.fact == "prior_visits"]
    counted = any(
        fact.amount is not None and (fact.amount.at_most is not None or (fact.amount.at_least or 0) > 1)
        for fact in attended
    )
    begun = [fact for fact in told if fact.date is not None and fact.count_of == "attended"]
    since = {"since": min(str(fact.date) for fact in begun)} if begun else {}
    if counted:
        merged = merge_counts(fact.amount for fact in attended if fact.amount is not None)
        assert merged is not None
        amount, conflict = merged
        if conflict:
            return {"attended": _disagreeing(attended)} | since
        return {"attended": stated(amount) | {"evidence": evidence_of(*attended)}} | since
    if attended and silent:
        searched = {"undocumented": ["the record, by the letter"], "evidence": evidence_of(*silent)}
        return {"attended": searched, "evidence": evidence_of(*attended)} | since
    if attended:
        return {"attended": {"at_least": 1, "evidence": evidence_of(*attended)}} | since
    if authorized:
        # how many of them were used is not said: any number may have been, and the rest is left
        most = max(fact.amount.at_most or 0 for fact in authorized if fact.amount is not None)
        if most:
            bound = {"at_most": most, "evidence": evidence_of(*authorized)}
            return {"attended": bound, "authorized_unused": dict(bound)}
    return None


def _disagreeing(attended: list[Fact]) -> list[dict[str, Any]]:
    """Return each count that was stated, once."""
    found: dict[tuple[object, object], dict[str, Any]] = {}
    for fact in attended:
        amount = fact.amount
        if amount is not None and (amount.at_most is not None or (amount.at_least or 0) > 1):
            found.setdefault((amount.at_least, amount.at_most), recorded(fact))
    figures = [bound for low, high in found for bound in (low, high) if isinstance(bound, int)]
    if any(None in bounds for bounds in found):
        # "at least 5" beside "4": the figures themselves are the bounds, as for the item
        return [{"at_least": min(figures), "at_most": max(figures), "evidence": evidence_of(*attended)}]
    return list(found.values())
