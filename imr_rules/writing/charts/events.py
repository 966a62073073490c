"""The dates of a case: injury, surgery, courses, request, denial, application, and when an answer is due."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from imr_rules._dates import PartialDate, Window, say_date, say_day
from imr_rules.case import Case
from imr_rules.case.due import DueRule, apparent_due
from imr_rules.writing.words import capital

Kind = Literal["injury", "care", "dispute", "due"]


class Event(NamedTuple):
    """Something that happened on a day or over a time.

    Attributes:
        days: the days it may have happened on, or lasted; None where the year is not known.
        lasting: True where ``days`` is how long it lasted rather than what is not known of its date.
        said: its date in words.
    """

    kind: Kind
    name: str
    days: Window | None
    said: str
    lasting: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.said}"


def events(case: Case, name: str, due: DueRule | None) -> tuple[Event, ...]:
    """Return what is dated in a case, for one item, in its usual order; ``due`` says when a determination is due."""
    return tuple(_events(case, name, due))


def _events(case: Case, name: str, rule: DueRule | None) -> Iterator[Event]:
    injury = case.injury
    if injury.date is not None:
        if injury.until is not None:
            yield _lasting("injury", "Injury, cumulative", injury.date, injury.until)
        else:
            yield _dated("injury", "Injury", injury.date)
    for surgery in case.surgeries:
        if surgery.date is not None:
            what = (surgery.procedure or "").replace("_", " ") or surgery.text or "Surgery"
            yield _dated("care", capital(what), surgery.date)
    for course in case.history:
        what = course.treatment.replace("_", " ").capitalize()
        if course.since is not None and course.until is not None:
            yield _lasting("care", what, course.since, course.until)
        elif (when := course.since or course.until) is not None:
            yield _dated("care", what + (" begins" if course.since else " ends"), when)
    item = dict(case.named_items)[name]
    request = case.request.date or case.request.received
    review = item.utilization_review
    application = case.application.received or case.application.date
    for title, when in (
        ("Request", request),
        ("Denial", review.date if review else None),
        ("Application", application),
    ):
        if when is not None:
            yield _dated("dispute", title, when)
    due = apparent_due(case, rule)
    if due is not None:
        yield Event("due", "Apparently due", Window(due.day, due.day), say_day(due.day))


def _dated(kind: Kind, name: str, when: PartialDate) -> Event:
    return Event(kind, name, when.window, say_date(when))


def _lasting(kind: Kind, name: str, since: PartialDate, until: PartialDate) -> Event:
    first, last = since.window, until.window
    days = Window(first.first, last.last) if first and last and first.first <= last.last else None
    return Event(kind, name, days, f"{say_date(since)} to {say_date(until)}", lasting=True)
