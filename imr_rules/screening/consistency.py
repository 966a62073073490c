"""Whether a case agrees with itself: warnings, because real determinations were reversed over these."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from imr_rules._dates import PartialDate
from imr_rules.case import Amount, Case, DisputedItem
from imr_rules.facts.wording import unread
from imr_rules.reading import BodyPart, overlap, same_region

__all__ = ["warnings_about"]


def warnings_about(case: Case, item: DisputedItem) -> tuple[str, ...]:
    """Return what does not fit together in a case, as far as it bears on one item."""
    return tuple(
        dict.fromkeys(
            [*_documents(case), *_dates(case, item), *_body(case, item), *_quantities(item), *_wording(item)]
        )
    )


def _documents(case: Case) -> Iterator[str]:
    if case.documents is None:
        yield "No list of documents was given: nothing shows what the record holds."


def _dates(case: Case, item: DisputedItem) -> Iterator[str]:
    review = item.utilization_review
    steps: list[tuple[str, PartialDate | None]] = [
        ("injury", case.injury.date),
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
    same_region = [each for each in accepted if each.region == part.region]
    if not same_region:
        yield "The body region in dispute is not among the accepted body parts."
        return
    sides = {each.side for each in same_region}
    if part.side and None not in sides and "bilateral" not in sides and part.side not in sides:
        yield "The side in dispute is not the accepted side."
    levels = {each.level for each in same_region}
    if part.level and None not in levels and part.level not in levels:
        yield "The spinal level in dispute is not an accepted level."


def _quantities(item: DisputedItem) -> Iterator[str]:
    asked, granted, disputed = (_exact(each) for each in (item.asked, item.authorized, item.in_dispute))
    if asked is not None and granted is not None and disputed is not None and asked != granted + disputed:
        yield "The quantities do not add up: asked is not authorized plus in dispute."
    elif asked is not None and disputed is not None and disputed > asked:
        yield "The quantities do not add up: more is in dispute than was asked."
    frequency, duration = item.frequency, item.duration
    if (
        frequency is not None
        and duration is not None
        and frequency.per == duration.unit
        and asked is not None
    ):
        times = _exact(frequency.times)
        if times is not None and times * duration.value != asked:
            yield f"The quantity asked is not frequency times duration ({times * duration.value})."


def _wording(item: DisputedItem) -> Iterator[str]:
    """Hold the item's fields against the words of the request, as a header is held against its letter."""
    if unread(item):
        yield "The request's words hold numbers that were not understood: give `asked` and `in_dispute`."
    read = item.wording.asked
    said, asked = read.quantity, _exact(item.asked)
    units = {"visit" if each.unit == "session" else each.unit for each in item.asked or ()}
    if said is not None and said.value is not None and asked is not None and not read.cautions:
        remaining = item.wording.in_dispute.quantity
        if units <= {said.unit, None} and asked not in (said.value, remaining and remaining.value):
            yield f"The quantity asked is not the one in the request's words ({said.value})."
    if item.body_part is not None and read.body_parts:
        region, side = item.body_part.region, item.body_part.side
        same = [part for part in read.body_parts if same_region(region, part.region) is not False]
        if not same:
            yield "The body region in dispute is not one that the request's words name."
        elif not any(overlap(BodyPart(region, side), part) for part in same):
            yield "The side in dispute is not the one in the request's words."


def _exact(statements: tuple[Amount, ...] | None) -> int | None:
    values = {statement.value for statement in statements or ()}
    return values.pop() if len(values) == 1 else None
