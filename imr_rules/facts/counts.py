"""What was attended, what is authorized and not yet used, and what it comes to if the request is granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace

from imr_rules._units import UNITS
from imr_rules.case import Amount, Course
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import NO, NONE_RECORDED, YES, between, missing, plus
from imr_rules.facts.quantities import amount, granted, in_dispute
from imr_rules.facts.record import Derive, Record, attended_once, authorized_once
from imr_rules.facts.scope import counts_in, courses_in
from imr_rules.facts.silence import none_recorded
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.sums import SCOPES, SUMS, Scope, sum_in


class _Group(NamedTuple):
    """Courses that are counted as one: whether they count in a scope (None where that is open), and their number."""

    counts: bool | None
    number: Value


def _attended(record: Record, spec: FactSpec, *, scope: Scope) -> Value:
    """Return what was attended before, in a scope and in the unit of a fact."""
    kind = spec.type
    course_total = sum_in(str(kind.unit))
    named = course_total.attended if course_total and scope != "course" else ""
    given = record.tells(named)
    here = [course for course in record.case.history if record.here(course)] if given else []
    groups = [
        _Group(counts, _of_course(record, course, kind, spec.silence))
        for course, counts in courses_in(record, scope)
        if not given or not record.here(course)
    ]
    if given and (counts := _count_together(record, here, scope)) is not False:
        # What a finding counts of this treatment and region is one number in every other sum.
        of_all = partial(_of_courses, courses=here)
        groups.insert(0, _Group(counts, record.reconciled(named, of_all, spec)))
    if not groups:
        return _none_counts(record, kind, scope)
    total = plus([_as_far_as_it_counts(each) for each in groups], kind)
    if scope == "course" and record.continues and _one_at_least(kind) and total.low == 0 < total.high:
        # Which of the courses is continued may be open; that one of them is, is not.
        total = replace(total, low=1, state="bounded" if total.state == "missing" else total.state)
    return total


def _count_together(record: Record, here: list[Course], scope: Scope) -> bool | None:
    """Whether what a finding counts here counts in another scope as well; None where some of it may not."""
    treatment = record.treatment.name if record.treatment else ""
    bare = Course.model_construct(treatment=treatment, body_part=record.item.body_part)
    verdicts = {counts_in(record, course, scope) for course in here or [bare]}
    return verdicts.pop() if len(verdicts) == 1 else None


def _as_far_as_it_counts(group: _Group) -> Value:
    if group.counts:
        return group.number
    note = "a course is recorded that may or may not belong here"
    return Value("bounded", 0, group.number.high, note=note, evidence=group.number.evidence)


def _none_counts(record: Record, kind: FactType, scope: Scope) -> Value:
    """Return what was attended where no recorded course counts in a scope."""
    if not record.continues:
        return none_recorded(kind, record.read, first=record.item.course == "initial")
    if scope == "course" or not record.courses_here:
        note = "the request is a continuation, and no course is recorded"
        return between(1, kind.high, kind, note=note)
    # It continues a course that is recorded, and that does not count here.
    return none_recorded(kind, record.read)


def _of_courses(record: Record, spec: FactSpec, *, courses: Sequence[Course]) -> Value:
    """Return what was attended of some courses together."""
    found = [_of_course(record, course, spec.type, spec.silence) for course in courses]
    return plus(found, spec.type) if found else NONE_RECORDED


def _of_course(record: Record, course: Course, kind: FactType, silence: str) -> Value:
    """Return what was attended of one course."""
    if course.attended is None:
        found = missing(kind, "a course is recorded without its count")
    else:
        found = amount(record, course.attended, kind, silence)
    if found.low == 0 < found.high and _one_at_least(kind) and _begun(course):
        return replace(found, low=1, state="bounded" if found.state == "missing" else found.state)
    return found


ATTENDED: Mapping[Scope, Derive] = {scope: attended_once(partial(_attended, scope=scope)) for scope in SCOPES}
"""Scope of a sum → how what was attended before is worked out, in the unit of a fact."""


@authorized_once
def authorized(record: Record, spec: FactSpec) -> Value:
    """Return visits authorized and not yet used: in this request, and left over from earlier ones."""
    return plus([granted(record, spec), *_left_over(record, spec.type, "course")], spec.type)


def _left_over(record: Record, kind: FactType, scope: Scope, *, elsewhere: bool = False) -> list[Value]:
    """Return what earlier authorizations left of each course in a scope; of those ``elsewhere`` alone where wanted."""
    courses = courses_in(record, scope)
    if not courses:
        # Visits counted outright speak of the courses too: what was left over from them would have been told.
        total = sum_in(str(kind.unit))
        told = total is not None and record.tells(total.attended)
        return [none_recorded(kind, record.read, first=told or record.item.course == "initial")]
    return [
        _as_far_as_it_counts(_Group(counts, amount(record, course.authorized_unused, kind)))
        for course, counts in courses
        if course.authorized_unused is not None and not (elsewhere and record.here(course))
    ]


def _authorized_in(record: Record, spec: FactSpec, *, scope: Scope) -> Value:
    """Return what is authorized and not yet used in the scope of a sum."""
    total = SUMS[spec.name]
    if scope == "course":
        return record.reconciled(total.authorized, authorized, spec)
    if not record.tells(total.authorized):
        return plus([granted(record, spec), *_left_over(record, spec.type, scope)], spec.type)
    # A finding counts what is authorized here; this very request's part of it counts in every scope.
    said = record.reconciled(total.authorized, authorized, spec)
    left = [course for course in record.case.history if record.here(course) and course.authorized_unused]
    if left and not _count_together(record, left, scope):
        least = min(granted(record, spec).low, said.low)
        said = Value("bounded", least, said.high, note=said.note, evidence=said.evidence)
    others = _left_over(record, spec.type, scope, elsewhere=True) if courses_in(record, scope) else []
    return plus([said, *others], spec.type)


_AUTHORIZED = {scope: authorized_once(partial(_authorized_in, scope=scope)) for scope in SCOPES}


def if_granted(record: Record, spec: FactSpec) -> Value:
    """Return what it comes to if the request is granted: attended, authorized and in dispute together."""
    return plus(parts_of(record, spec), spec.type)


def parts_of(record: Record, spec: FactSpec) -> tuple[Value, Value, Value]:
    """Return what a total is made of: attended, authorized and not yet used, and in dispute.

    Each part is as it was worked out, held against a finding of the same count.
    """
    total = SUMS[spec.name]
    return (
        record.reconciled(total.attended, ATTENDED[total.scope], spec),
        _AUTHORIZED[total.scope](record, spec),
        record.reconciled(total.in_dispute, in_dispute, spec),
    )


def first_course(record: Record, spec: FactSpec) -> Value:
    """Return whether no visit of this discipline and region was attended before."""
    counted = record.tells("prior_visits")
    if record.continues:
        return NO
    begun = () if counted else [each for each in record.courses_here if _was_begun(record, each)]
    if begun:
        return _ELSE_THE_FIRST if record.item.course == "initial" else NO
    visits = record.vocabulary.facts["prior_visits"]
    prior = record.reconciled("prior_visits", ATTENDED["course"], visits)
    if prior.low > 0:
        return NO
    if prior.high == 0:
        return replace(YES, assumed=prior.assumed and record.item.course != "initial", note=prior.note)
    return YES if record.item.course == "initial" else missing(spec.type, prior.note)


_ELSE_THE_FIRST = Value(
    "bounded", 0, 1, conflict=True, note="said to be the first course, and an earlier one is recorded"
)


def _was_begun(record: Record, course: Course) -> bool:
    """Whether a course of this discipline and region certainly began."""
    return record.here(course) is True and _begun(course)


def _begun(course: Course) -> bool:
    """Whether a course certainly began: a first day, an amount, or visits that nobody counted.

    A course of which nothing is stated, or that has visits authorized and not yet used, may lie ahead.
    """
    stated = course.attended
    if stated is None:
        return course.since is not None
    if all(statement.undocumented for statement in stated):
        return course.since is not None or course.authorized_unused is None
    return all(_least(statement) > 0 for statement in stated)


def _one_at_least(kind: FactType) -> bool:
    """Whether a course that began has had at least one of what is counted."""
    return UNITS[str(kind.unit)].begun_means_one


def _least(statement: Amount) -> int:
    return statement.at_least or 0 if statement.value is None else statement.value
