"""For how many days a drug or device was used, and for how many it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from imr_rules._units import TABLE
from imr_rules.case import Amount, Course, Evidence
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import between, known, merge, missing, plus
from imr_rules.facts.record import Record
from imr_rules.facts.silence import none_recorded
from imr_rules.rulebook.dictionary import FactSpec

_DAYS = {unit.name: unit.days for unit in TABLE if unit.days}


def days_of_use(record: Record, spec: FactSpec) -> Value:
    """Return for how many days a drug or device was used before: as counted, else from the course's dates."""
    values = []
    dated: list[_Dated] = []
    for course in record.discipline:
        belongs = record.here(course)
        if belongs is False:
            continue
        found = _days_of(record, course, spec)
        if isinstance(found, _Dated):
            dated.append(found if belongs else found._replace(least=None))
        else:
            values.append(found if belongs else Value("bounded", 0, found.high, evidence=found.evidence))
    if dated:
        values.append(_together(dated, spec))
    if values:
        return plus(values, spec.type)
    if record.item.course == "continuing":
        return between(
            1, spec.type.high, spec.type, note="the request is a continuation, and no course is recorded"
        )
    return none_recorded(spec.type, record.read, first=record.item.course == "initial")


class _Dated(NamedTuple):
    """The days of a course from its dates: those it surely was used on, None for none, and those it may have been."""

    least: tuple[date, date] | None
    most: tuple[date, date]
    evidence: tuple[Evidence, ...]


def _days_of(record: Record, course: Course, spec: FactSpec) -> Value | _Dated:
    if course.attended is not None and {each.unit for each in course.attended} <= _DAYS.keys():
        return _in_days(record, course.attended, spec)
    since = course.since.window if course.since else None
    until = course.until.window if course.until else record.as_of
    if since is None or until is None:
        return missing(spec.type, "a course is recorded without its length")
    if until.last < since.first:  # it would begin after it ended, or after the request
        return between(-1, -1, spec.type, evidence=course.evidence)
    return _Dated((since.last, until.first), (since.first, until.last), tuple(course.evidence))


def _together(dated: Sequence[_Dated], spec: FactSpec) -> Value:
    """Return the days of several courses: a day on which two of them ran counts once."""
    evidence = tuple(each for course in dated for each in course.evidence)
    least = _covered(course.least for course in dated if course.least is not None)
    return between(least, _covered(course.most for course in dated), spec.type, evidence=evidence)


def _covered(spans: Iterable[tuple[date, date]]) -> int:
    """Return how many days some spans of time cover together."""
    days, reached = 0, date.min
    for first, last in sorted(spans):
        days += max((last - max(first, reached)).days, 0)
        reached = max(reached, last)
    return days


def _in_days(record: Record, statements: Sequence[Amount], spec: FactSpec) -> Value:
    kind = spec.type
    units = {str(each.unit or record.unit) for each in statements}
    if len(units) != 1 or not units <= _DAYS.keys():
        return missing(kind, "stated in another unit")
    times = _DAYS[units.pop()]
    found = merge(statements, FactType.integer(0, kind.high // times), spec.silence)
    if found.state in ("missing", "undocumented"):
        return replace(found, low=kind.low, high=kind.high)
    return between(found.low * times, found.high * times, kind, evidence=found.evidence)


def days_requested(record: Record, spec: FactSpec) -> Value:
    """Return for how many days the whole request asks: its amounts in time, else its duration.

    What utilization review authorized of it counts too: a limit judges the course as it would be.
    """
    item = record.item
    if item.asked is not None and {str(each.unit or record.unit) for each in item.asked} <= _DAYS.keys():
        return _in_days(record, item.asked, spec)
    if item.duration is not None:
        return known(item.duration.value * _DAYS[item.duration.unit])
    if (
        item.in_dispute is not None
        and {str(each.unit or record.unit) for each in item.in_dispute} <= _DAYS.keys()
    ):
        parts = [_in_days(record, item.in_dispute, spec)]
        parts += [_in_days(record, item.authorized, spec)] if item.authorized is not None else []
        return plus(parts, spec.type)
    silent = [each for group in (item.asked, item.in_dispute) for each in group or () if each.undocumented]
    if silent:
        return merge(silent, spec.type, spec.silence)
    return missing(spec.type)
