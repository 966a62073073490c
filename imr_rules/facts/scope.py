"""Which earlier courses count in a sum: of this treatment here, on the whole claim, or since the operation.

A course belongs to one operation or to none. Where its dates and its flag ``after_surgery`` differ, the dates
hold: visits before an operation are not visits since it (8 CCR 9792.24.3). Each answer is True, False, or None
where the record leaves it open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from imr_rules._dates import PartialDate, Window
from imr_rules.case import Course, Surgery
from imr_rules.facts.record import Operated, Record, both, other_side
from imr_rules.rulebook.sums import Scope
from imr_rules.words import same_region


def courses_in(record: Record, scope: Scope) -> list[tuple[Course, bool | None]]:
    """Return the courses that count in a scope, or may, each with whether it does."""
    if scope not in record.counting:
        verdicts = ((course, counts_in(record, course, scope)) for course in record.case.history)
        record.counting[scope] = [(course, verdict) for course, verdict in verdicts if verdict is not False]
    return record.counting[scope]


def counts_in(record: Record, course: Course, scope: Scope) -> bool | None:
    """Return whether a course counts in a scope; None where the record leaves it open."""
    return _COUNTS[scope](record, course)


def _claim(record: Record, course: Course) -> bool | None:
    return both(record.alike(course), _outside_surgery(record, course))


def _outside_surgery(record: Record, course: Course) -> bool | None:
    """Whether a course counts towards the statutory cap: one given for an operation does not.

    Labor Code 4604.5(c)(3): the cap does not apply to visits under the postsurgical guidelines.
    """
    if course.after_surgery is False:
        return True
    operations = _operations_for(record, course)
    if not operations.any:
        return not course.after_surgery  # flagged, it was for an operation that the case does not list
    before_all = not operations.went_on(course)
    if course.after_surgery:
        return None if before_all else False
    return True if before_all else None


def _since_operation(record: Record, course: Course) -> bool | None:
    """Whether a course was given for the operation that the item's care follows, and after it.

    Every discipline of physical medicine counts: a visit is a day of service billed under that section,
    8 CCR 9792.24.3(a)(5).
    """
    operation = record.surgery
    if course.after_surgery is False:
        return False
    if operation is None:
        # Flagged, it was for an operation that the case does not list; else there was none, or it lies ahead.
        where = record.same_region(course.body_part) if course.after_surgery else False
    elif not _may_be_for(course, operation) or _over_before(course, operation):
        return False
    elif course.after_surgery and record.operations == (operation,):
        where = True
    else:
        where = record.same_region(course.body_part)
    after = True if operation is None else _after(record, course, operation)
    return both(record.alike_after_surgery(course), both(where, after))


def _after(record: Record, course: Course, operation: Surgery) -> bool | None:
    """Whether a course that was not over before an operation was given after it, if it was for one of its part."""
    day, began = _window(operation.date), _window(course.since)
    others = _operations_for(record, course, but=operation)
    if day is None or began is None:
        return True if course.after_surgery and not others.went_on(course) else None
    if began.first >= day.last:
        return True
    if began.last >= day.first:  # of the same month, or year
        return True if course.after_surgery else None
    # It began before: it was for an earlier operation, or it went on through this one.
    earlier = others.first is not None and others.first <= began.last and not others.all_after(course)
    return False if course.after_surgery and earlier else None


def _operations_for(record: Record, course: Course, but: Surgery | None = None) -> Operated:
    """Return the operations that a course may have been for, those of one day left out."""
    part = course.body_part
    key = (part and (part.region, part.side), but is not None)
    found = record.operated.get(key)
    if found is None:
        operations = [
            each
            for each in record.operations
            if _may_be_for(course, each) and not (but and each.date == but.date)
        ]
        windows = [_window(each.date) for each in operations]
        days = [window.first for window in windows if window is not None]
        found = Operated(bool(operations), None not in windows, min(days, default=None))
        record.operated[key] = found
    return found


def _may_be_for(course: Course, operation: Surgery) -> bool:
    """Whether a course may have been for the part of the body that was operated on."""
    given, operated = course.body_part, operation.body_part
    if given is None or operated is None:
        return True
    return same_region(given.region, operated.region) is not False and not other_side(given, operated)


def _over_before(course: Course, operation: Surgery) -> bool:
    """Whether a course certainly ended before the day of an operation."""
    ended, day = _window(course.until), _window(operation.date)
    return ended is not None and day is not None and ended.last < day.first


def _window(when: PartialDate | None) -> Window | None:
    return None if when is None else when.window


_COUNTS: Mapping[Scope, Callable[[Record, Course], bool | None]] = {
    "course": Record.here,
    "claim": _claim,
    "operation": _since_operation,
}
