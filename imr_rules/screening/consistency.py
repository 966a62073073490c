"""Whether a case agrees with itself: contradictions that make an item a review, and warnings beside an answer.

Real determinations were reversed over these. A contradiction is something that every answer turns on, such as
a request dated before the injury: nothing can be suggested before somebody has said which of the two is right.
Amounts that do not agree are no contradiction by themselves: the count is then bounded by what is said, and the
criteria say whether that matters (:mod:`imr_rules.facts.quantities`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise

from imr_rules._dates import PartialDate, say_date
from imr_rules.case import Amount, BodyPart, Case, DisputedItem
from imr_rules.facts.record import Record
from imr_rules.facts.same_request import request_of, same_request
from imr_rules.facts.whole_case import WholeCase
from imr_rules.facts.wording import part_named
from imr_rules.rulebook.dictionary import Treatment
from imr_rules.rulebook.questions import Contradiction, Side
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening.wording import unclear_words
from imr_rules.words import BodyPart as ReadPart
from imr_rules.words import RequestLine, overlap, same_region

YOUNGEST, OLDEST = 14, 100
"""The ages between which somebody may have been hurt at work."""


def contradictions(whole: WholeCase, name: str, item: DisputedItem) -> tuple[Contradiction, ...]:
    """Return what a case says in two ways that every answer for one item turns on."""
    case, vocabulary = whole.case, whole.vocabulary
    return (
        *_before_the_injury(case, item),
        *_against_its_own_words(item, vocabulary),
        *_elsewhere_on_the_body(whole, item),
        *_asked_twice(whole, name, item),
        *_impossible_age(case),
    )


def _before_the_injury(case: Case, item: DisputedItem) -> Iterator[Contradiction]:
    injury, review = case.injury.date, item.utilization_review
    requested = case.request.date or case.request.received
    steps = (
        ("request", "request_date", requested, case.request.evidence),
        ("denial", "utilization_review", review.date if review else None, review.evidence if review else ()),
    )
    for name, about, when, evidence in steps:
        if not (injury and injury.window and when and when.window and when.window.last < injury.window.first):
            continue
        dated, injured = say_date(when), say_date(injury)
        yield Contradiction(
            about,
            f"Which date is right: the {name}'s ({dated}) or the injury's ({injured})?",
            f"The {name} is dated {dated}, before the injury of {injured}.",
            (Side(str(when), evidence), Side(str(injury), case.injury.evidence)),
        )


_UPPER = frozenset({"neck", "upper_back", "shoulder", "upper_arm", "elbow", "forearm", "wrist", "hand", "thumb", "finger", "arm", "upper_extremity", "trapezius", "head"})  # fmt: skip
_LOWER = frozenset({"low_back", "sacrum", "sacroiliac_joint", "hip", "pelvis", "groin", "buttock", "thigh", "knee", "leg", "ankle", "foot", "toe", "lower_extremity"})  # fmt: skip


_PLACED = _UPPER | _LOWER


def _elsewhere_on_the_body(whole: WholeCase, item: DisputedItem) -> Iterator[Contradiction]:
    """Yield that everything else in the case speaks of the other side, or of the other half of the body."""
    case, asked = whole.case, part_named(item, whole.vocabulary)
    if asked is None:
        return
    others = []
    for part in _parts_of(whole):
        if part.region in _PLACED:
            if _agrees(part, asked):
                return
            others.append(part)
    if not others:
        return
    here = f"{_said(asked)} in the request"
    same = [part for part in others if same_region(part.region, asked.region) is not False]
    sided = [part for part in same if part.side]
    if asked.side and sided:
        yield Contradiction(
            "body_part",
            f"Which side is right: {here}, or {_said(sided[0])}, as everything else says?",
            f"The request is for the {_said(asked)}; everything else in the case speaks of the {_said(sided[0])}.",
            (Side(_said(asked), item.evidence), Side(_said(sided[0]))),
        )
    half = _UPPER if asked.region in _UPPER else _LOWER if asked.region in _LOWER else None
    # One word of another part may be an injury of its own; more than one, and nothing of this half, is a slip.
    far_off = half is not None and len(others) > 1 and all(part.region not in half for part in others)
    if not same and (case.accepted_body_parts or far_off):
        yield Contradiction(
            "body_part",
            f"Which part of the body is right: {here}, or {_said(others[0])}, as everything else says?",
            f"The request is for the {_said(asked)}; everything else in the case speaks of the {_said(others[0])}.",
            (Side(_said(asked), item.evidence), Side(_said(others[0]))),
        )


def _agrees(part: BodyPart, asked: BodyPart) -> bool:
    """Whether a part of the body may be the one asked for, the side too where one is asked for."""
    if same_region(part.region, asked.region) is False:
        return False
    return not asked.side or (part.side is not None and overlap(_read(asked), _read(part)))


def _against_its_own_words(item: DisputedItem, vocabulary: Vocabulary) -> Iterator[Contradiction]:
    """Yield what an item's fields say and the request's words say otherwise: treatment, part of the body, course."""
    line = vocabulary.line(item.service)
    named = vocabulary.recognize(item.service)
    mine, theirs = vocabulary.treatments.get(item.treatment or ""), vocabulary.treatments.get(named or "")
    if mine and theirs and mine.lineage[-1] != theirs.lineage[-1] and not _names(item.service, mine):
        yield Contradiction(
            "treatment",
            f"Which treatment is asked for: {mine.label}, or {theirs.label}, as the request's words say?",
            f"The item's treatment is {mine.label}; the request's words say {theirs.label}.",
            (Side(mine.label, item.evidence), Side(theirs.label)),
        )
    if item.course is not None and line.asked.continuing != line.asked.initial:
        words = "continuing" if line.asked.continuing else "initial"
        if words != item.course:
            yield Contradiction(
                "first_course",
                f"Is this course {item.course}, or {words}, as the request's words say?",
                f"The item's course is {item.course}; the request's words say {words}.",
                (Side(item.course, item.evidence), Side(words)),
            )
    yield from _elsewhere_in_its_words(item, line, mine or theirs)


def _names(text: str, treatment: Treatment) -> bool:
    """Whether a text has words of a treatment, among whatever others."""
    return any(words.lower() in text.lower() for words in (treatment.label, *treatment.words))


def _elsewhere_in_its_words(
    item: DisputedItem, line: RequestLine, treatment: Treatment | None
) -> Iterator[Contradiction]:
    named = line.in_dispute.body_parts or line.asked.body_parts
    part, study = item.body_part, treatment is not None and treatment.unit == "study"
    if part is None or not named or any(_may_be_meant(part, each, study) for each in named):
        return
    words = ", ".join(_said(each) for each in named)
    yield Contradiction(
        "body_part",
        f"Which part of the body is right: {_said(part)}, or {words}, as the request's words say?",
        f"The item's body part is the {_said(part)}; the request's words say {words}.",
        (Side(_said(part), item.evidence), Side(words)),
    )


_SPINE_OF = {"neck": _UPPER, "upper_back": _UPPER, "low_back": _LOWER}
"""A part of the spine → the half of the body its nerves go to: a study of the one may be asked for the other."""
_OF_THE_SPINE_ITSELF = frozenset({"arm", "leg", "upper_extremity", "lower_extremity", "head", "trapezius", "sacrum", "sacroiliac_joint", "pelvis", "buttock"})  # fmt: skip
"""Whole limbs, and what lies next to the spine: words name these and mean the spine, whatever the treatment."""


def _may_be_meant(part: BodyPart, named: ReadPart, study: bool) -> bool:
    """Whether a part of the body may be the one that words name, or the spine or limb of the same nerves.

    Pain that goes into a limb is treated at the spine; for one joint of the limb only a study looks at the spine.
    """
    if overlap(_read(part), named):
        return True
    one, other = part.region, named.region
    if not study and not {one, other} & _OF_THE_SPINE_ITSELF:
        return False
    return other in _SPINE_OF.get(one, ()) or one in _SPINE_OF.get(other, ())


def _parts_of(whole: WholeCase) -> Iterator[BodyPart]:
    """Yield every part of the body that the case names beside its items: two sides in dispute are no slip."""
    case = whole.case
    yield from case.accepted_body_parts or ()
    for part in (
        *(course.body_part for course in case.history),
        *(each.body_part for each in case.surgeries),
    ):
        if part is not None:
            yield part
    yield from whole.parts_diagnosed


_LISTED = 5
"""How many items that dispute the same are named; of more, only how many there are is said."""


def _asked_twice(whole: WholeCase, name: str, item: DisputedItem) -> Iterator[Contradiction]:
    """Yield that another item disputes the very same: one request, or two that happen to be alike."""
    if len(whole.case.items) == 1:
        return
    mine = request_of(item, whole.vocabulary)
    alike = (names for other, names in whole.requests.items() if same_request(mine, other))
    twins = [each for names in alike for each in names if each != name]
    if twins:
        listed = ", ".join(twins[:_LISTED])
        if len(twins) > _LISTED:
            listed += f" and {len(twins) - _LISTED} more"
        yield Contradiction(
            "items",
            f"Is this the same request as {listed}, listed twice, or another one like it?",
            f"The same treatment, body part and amount are in dispute as {listed} too: counted once.",
            (Side("one request"), Side("two requests")),
        )


def _impossible_age(case: Case) -> Iterator[Contradiction]:
    for stated in case.worker.age or ():
        if isinstance(stated.value, int) and not YOUNGEST <= stated.value <= OLDEST:
            yield Contradiction(
                "age",
                "How old is the worker?",
                f"A worker's age of {stated.value} cannot be right.",
                (Side(str(stated.value), stated.evidence),),
            )


def warnings_about(record: Record) -> tuple[str, ...]:
    """Return what does not fit together in a case, as far as it bears on one item."""
    case, item = record.case, record.item
    line = record.vocabulary.line(item.service)
    return tuple(
        dict.fromkeys(
            [
                *_documents(case),
                *_dates(case, item),
                *_body(case, item),
                *_quantities(item),
                *unclear_words(record.given, line),
            ]
        )
    )


def _documents(case: Case) -> Iterator[str]:
    if case.documents is None:
        yield "The case lists no documents."


def _dates(case: Case, item: DisputedItem) -> Iterator[str]:
    review = item.utilization_review
    steps: list[tuple[str, PartialDate | None]] = [
        ("request", case.request.date or case.request.received),
        ("utilization-review decision", review.date if review else None),
        ("application for review", case.application.date or case.application.received),
    ]
    dated = [(name, when.window) for name, when in steps if when is not None and when.window is not None]
    for (earlier, first), (later, second) in pairwise(dated):
        if first is not None and second is not None and second.last < first.first:
            yield f"Dates out of order: the {later} is dated before the {earlier}."
    injury = case.injury.date.window if case.injury.date else None
    until = case.injury.until.window if case.injury.until else None
    if injury and until and until.last < injury.first:
        yield "Dates out of order: the injury ends before it begins."
    for course in case.history:
        since, ended = course.since, course.until
        if since and ended and since.window and ended.window and ended.window.last < since.window.first:
            yield "Dates out of order: a course of treatment ends before it begins."
    months: list[date] = [
        measurement.date.window.first
        for measurement in case.measurements
        if measurement.date and measurement.date.window
    ]
    if injury and any(when < injury.first for when in months):
        yield "Dates out of order: a score is dated before the injury."


def _body(case: Case, item: DisputedItem) -> Iterator[str]:
    part, accepted = item.body_part, case.accepted_body_parts
    if part is None or not accepted:
        return
    same = [each for each in accepted if each.region == part.region]
    if not same:
        yield "The body region in dispute is not among the accepted body parts."
        return
    levels = {each.level for each in same}
    if part.level and None not in levels and part.level not in levels:
        yield "The spinal level in dispute is not an accepted level."


def _quantities(item: DisputedItem) -> Iterator[str]:
    asked, granted, disputed = (_exact(each) for each in (item.asked, item.authorized, item.in_dispute))
    if asked is not None and granted is not None and disputed is not None and asked != granted + disputed:
        yield (
            f"The amounts do not add up: {asked} asked, {granted} authorized and {disputed} in dispute. "
            f"Taken as {_between(disputed, asked - granted)} in dispute."
        )
    elif asked is not None and disputed is not None and disputed > asked:
        yield f"The amounts do not add up: {disputed} in dispute is more than the {asked} asked."
    frequency, duration = item.frequency, item.duration
    if (
        frequency is not None
        and duration is not None
        and frequency.per == duration.unit
        and asked is not None
        and {each.unit for each in item.asked or ()} <= {None, "visit", "session"}
    ):
        times = _exact(frequency.times)
        if times is not None and times * duration.value != asked:
            yield f"{asked} asked is not {times} a {frequency.per} for {duration.value} {duration.unit}s ({times * duration.value})."


def _between(*counts: int) -> str:
    low, high = max(0, min(counts)), max(counts)
    return f"{low}" if low == high else f"{low} to {high}"


def _exact(statements: tuple[Amount, ...] | None) -> int | None:
    values = {statement.value for statement in statements or ()}
    return values.pop() if len(values) == 1 else None


def _read(part: BodyPart) -> ReadPart:
    return ReadPart(part.region, part.side)


def _said(part: BodyPart | ReadPart) -> str:
    words: Iterable[str | None] = (part.side, part.region.replace("_", " "))
    return " ".join(word for word in words if word)
