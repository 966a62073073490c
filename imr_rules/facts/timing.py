"""Days and intervals: injury, request, operation, start of care."""

from __future__ import annotations

from datetime import date

from imr_rules._dates import Date, Window
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import between, missing
from imr_rules.facts.record import Record
from imr_rules.rulebook.dictionary import FactSpec


def _elapsed(record: Record, since: Window | None, kind: FactType, days: int) -> Value:
    if since is None or record.as_of is None:
        return missing(kind, "a date is not known")
    low = (record.as_of.first - since.last).days // days
    high = (record.as_of.last - since.first).days // days
    return between(low, high, kind)


def injury_date(record: Record, spec: FactSpec) -> Value:
    """Return the day of injury."""
    return _day(record.injury_window, spec.type, record.case.injury.evidence)


def request_date(record: Record, spec: FactSpec) -> Value:
    """Return the day of the request, as far as it was established for this item."""
    return _day(record.as_of, spec.type, record.case.request.evidence)


def surgery_date(record: Record, spec: FactSpec) -> Value:
    """Return the day of the operation that this item's courses follow."""
    surgery = record.surgery
    return _day(record.surgery_window, spec.type, surgery.evidence if surgery else ())


def weeks_since_injury(record: Record, spec: FactSpec) -> Value:
    """Return whole weeks from injury to request."""
    return _elapsed(record, record.injury_window, spec.type, 7)


def days_since_injury(record: Record, spec: FactSpec) -> Value:
    """Return days from injury to request."""
    return _elapsed(record, record.injury_window, spec.type, 1)


def weeks_since_start(record: Record, spec: FactSpec) -> Value:
    """Return whole weeks from the start of the first course of this discipline and region."""
    courses = [(course, record.here(course)) for course in record.discipline]
    starts = [
        course.since.window for course, here in courses if here and course.since and course.since.window
    ]
    if not starts:
        return missing(spec.type, "a date is not known")
    first = min(window.first for window in starts)
    undated = any(
        course.since is None or course.since.window is None or course.since.window.first < first
        for course, here in courses
        if here is not False
    )
    known_start = Window(first, min(window.last for window in starts))
    found = _elapsed(record, known_start, spec.type, 7)
    if not undated or found.state == "missing":
        return found
    return between(found.low, spec.type.high, spec.type, note="an earlier course may have begun before")


def days_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return days from the operation to the request."""
    return _elapsed(record, record.surgery_window, spec.type, 1)


def weeks_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return whole weeks from the operation to the request."""
    return _elapsed(record, record.surgery_window, spec.type, 7)


def months_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return whole calendar months from the operation to the request."""
    since = record.surgery_window
    if since is None or record.as_of is None:
        return missing(spec.type, "a date is not known")
    return between(
        _months(since.last, record.as_of.first), _months(since.first, record.as_of.last), spec.type
    )


def days_to_decision(record: Record, spec: FactSpec) -> Value:
    """Return days from the receipt of the request to the decision; missing where a day is not known."""
    review, request = record.item.utilization_review, record.case.request
    return _between(request.received or request.date, review.date if review else None, spec)


def days_to_application(record: Record, spec: FactSpec) -> Value:
    """Return days from the decision to the application for review; missing where a day is not known."""
    review, application = record.item.utilization_review, record.case.application
    return _between(review.date if review else None, application.received or application.date, spec)


def days_of_newest_report(record: Record, spec: FactSpec) -> Value:
    """Return how many days before the request the newest report is from; missing where a day is not known."""
    dated = [
        each.date for each in record.case.documents or () if each.kind in _REPORTS and each.date is not None
    ]
    whole = [each for each in dated if each.whole is not None]
    if not whole or len(whole) < len(dated):
        return missing(spec.type)
    newest = max(whole, key=lambda each: each.whole or date.min)
    return _between(newest, record.case.request.date, spec)


_REPORTS = ("progress_report", "first_report")


def _between(start: Date | None, end: Date | None, spec: FactSpec) -> Value:
    """Return the days between two whole days; missing where one of them is not known, or the second comes first."""
    first, last = (None if when is None else when.whole for when in (start, end))
    if first is None or last is None or last < first:
        return missing(spec.type)
    days = (last - first).days
    return between(days, days, spec.type)


def _day(window: Window | None, kind: FactType, evidence: tuple[object, ...]) -> Value:
    if window is None:
        return missing(kind)
    return between(window.first.toordinal(), window.last.toordinal(), kind, evidence=evidence)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
