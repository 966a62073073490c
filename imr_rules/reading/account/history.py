"""Earlier courses of care, as a case's history records them.

One course is told several times, in the summary and the rationale of a letter or in several records, so
statements of one kind of care and one part of the body are read together: they bound one another, and where they
disagree each stands for itself and the engine flags the conflict.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from imr_rules.reading.account.account import Account, Concern, alike, region_of
from imr_rules.reading.sentences import Statement, merge_counts
from imr_rules.words import Amount, BodyPart
from imr_rules.words.amounts import whole
from imr_rules.words.body_parts import meet

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary


def history_of(account: Account) -> list[dict[str, Any]]:
    """Return the courses of care that an account tells of."""
    return [
        course
        for treatment, told in courses_told(account).items()
        for course in _courses(treatment, told, account)
    ]


def courses_told(account: Account) -> dict[str, list[Statement]]:
    """Return the statements of courses by the treatment they are of, without those that are only asked for."""
    vocabulary, items = account.vocabulary, account.items
    courses = [each for each in account.told if each.fact in ("course", "prior_visits")]
    kinds = {name for item in items for name in item.disciplines}
    if (
        len(kinds) == 1
    ):  # visits of no named care, where only one kind is in dispute and no other one is told of
        (only,) = kinds
        if all(alike(vocabulary, each.treatment, only) for each in courses):
            courses = [each if each.treatment else replace(each, treatment=only) for each in courses]
    courses += [
        _of_item(each, item, vocabulary)
        for item in items
        for each in item.findings
        if each.fact in ("course", "prior_visits")
    ]
    by_treatment: dict[str, list[Statement]] = {}
    for each in courses:
        treatment = _treatment_of(each, vocabulary)
        if treatment is None or each.count_of == "requested":
            continue
        if vocabulary.treatments[treatment].unit not in _TAKEN_OR_WORN or any(
            item.treatment is not None and alike(vocabulary, treatment, item.treatment) for item in items
        ):
            by_treatment.setdefault(treatment, []).append(each)
    return by_treatment


_TAKEN_OR_WORN = frozenset({"tablet", "item", "month"})
"""Units of what is no course of care beside another: drugs and devices are told of in every record."""


def _treatment_of(told: Statement, vocabulary: Vocabulary) -> str | None:
    """Return the treatment of the rulebook that a course is of; plain therapy is physical or occupational."""
    if told.treatment in vocabulary.treatments:
        return told.treatment
    return "physical_medicine" if told.treatment and "physical_medicine" in vocabulary.treatments else None


def _of_item(told: Statement, item: Concern, vocabulary: Vocabulary) -> Statement:
    """Return a reviewer's finding with the kind of care it is about: the item's own, where none is named.

    A reviewer writes "therapy", or physical for occupational, and means the care in dispute.
    """
    own = next(
        (name for name in item.disciplines if alike(vocabulary, told.treatment, name, of_this_item=True)),
        None,
    )
    if own is None:
        return told
    return replace(told, treatment=own, body_parts=told.body_parts or item.body_parts)


def _courses(treatment: str, told: list[Statement], account: Account) -> list[dict[str, Any]]:
    """Return the courses of one kind of care: one for each part of the body that statements keep apart."""
    items = [item for item in account.items if item.treatment == treatment]
    places: list[tuple[BodyPart, ...]] = []
    for each in told:
        if each.body_parts and not any(meet(each.body_parts, place) for place in places):
            places.append(each.body_parts)
    found = []
    for place in places or [()]:
        here = [each for each in told if not each.body_parts or meet(each.body_parts, place)]
        if len(places) > 1 and any(each.body_parts for each in here):
            here = [each for each in here if each.body_parts]
        course = _course(here, account)
        if course is not None:
            # in the words of the items it overlaps, where they agree: an arm's course is the elbow's
            regions = [
                region_of(item.body_parts, account.vocabulary)
                for item in items
                if meet(place, item.body_parts)
            ]
            region = (
                region_of(place, account.vocabulary)
                if not regions
                else regions[0]
                if all(each == regions[0] for each in regions)
                else None
            )
            found.append({"treatment": treatment, "body_part": region} | course)
    loose = [each for each in told if not each.body_parts]
    if (
        loose
        and places
        and any(
            item.body_parts and not any(meet(item.body_parts, place) for place in places) for item in items
        )
    ):
        # care without its body part, beside care of another one: it may have been of the part in dispute
        missing = {"missing": "where it was given is not told"}
        found.append({"treatment": treatment, "attended": missing, "evidence": account.evidence(*loose)})
    return found


def _course(told: list[Statement], account: Account) -> dict[str, Any] | None:
    """Return what was attended, or at least authorized, by all the statements of one course."""
    told = [*_by_days(told)]
    attended, authorized, left = (
        [each for each in told if each.count_of == count_of and each.amount is not None]
        for count_of in ("attended", "authorized", "left")
    )
    uncounted = [each for each in told if each.fact == "prior_visits"]
    silent = uncounted if attended else [each for each in told if each.status == "undocumented"]
    counted = [each for each in attended if each.amount is not None and each.amount.counted]
    begun = [str(each.date) for each in attended if each.date is not None]
    more: dict[str, Any] = {"since": min(begun)} if begun else {}
    if left and left[-1].amount is not None:
        more["authorized_unused"] = whole(left[-1].amount) | {"evidence": account.evidence(left[-1])}
    if counted:
        merged = merge_counts(each.amount for each in attended if each.amount is not None)
        assert merged is not None
        amount, conflict = merged
        if conflict:
            return {"attended": _disagreeing(counted, account)} | more
        return {"attended": whole(amount) | {"evidence": account.evidence(*attended)}} | more
    if silent and (attended or not authorized):
        searched = {"undocumented": [account.searched], "evidence": account.evidence(*silent)}
        return {"attended": searched, "evidence": account.evidence(*attended)} | more
    if attended:
        return {"attended": {"at_least": 1, "evidence": account.evidence(*attended)}} | more
    # how many of those authorized were used is not said: any number may have been, and the rest is left
    together: dict[tuple[int, int], int] = {}
    for each in authorized:  # what one sentence authorizes in parts adds up
        if each.amount is not None and isinstance(each.amount.at_most, int):
            together[each.sentence] = together.get(each.sentence, 0) + each.amount.at_most
    most = max(together.values(), default=0)
    if not most:
        return None
    bound = {"at_most": most, "evidence": account.evidence(*authorized)}
    return {"attended": bound, "authorized_unused": dict(bound)}


BY_ITS_DAY = "a visit, by its day of service"
"""The method of a course that one dated note tells of."""


def _by_days(told: list[Statement]) -> Iterator[Statement]:
    """Yield statements of one course; those of single visits, each with its day, count as so many in all."""
    visits = {each.date: each for each in told if each.method == BY_ITS_DAY}
    for each in told:
        if each.method != BY_ITS_DAY:
            yield each
        elif visits[each.date] is each:  # a note filed twice is of one visit
            yield replace(
                each,
                amount=Amount(len(visits), None, "visit", BY_ITS_DAY),
                date=None,  # the first note is not the first visit
            )


def _disagreeing(counted: list[Statement], account: Account) -> list[dict[str, Any]]:
    """Return each count that was stated, once."""
    found: dict[tuple[object, object], dict[str, Any]] = {}
    for each in counted:
        assert each.amount is not None
        found.setdefault((each.amount.at_least, each.amount.at_most), account.recorded(each))
    figures = [bound for low, high in found for bound in (low, high) if isinstance(bound, int)]
    if any(None in bounds for bounds in found):
        # "at least 5" beside "4": the figures themselves are the bounds, as for the item
        return [{"at_least": min(figures), "at_most": max(figures), "evidence": account.evidence(*counted)}]
    return list(found.values())
