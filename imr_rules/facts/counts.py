"""What was attended, what is authorized and not yet used, and what it comes to if the request is granted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from imr_rules._units import UNITS
from imr_rules.case import Amount, Course
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import NO, NONE_RECORDED, YES, between, merge, missing, plus, reconcile
from imr_rules.facts.quantities import amount, granted, in_dispute
from imr_rules.facts.record import Derive, Record, both, exact_once
from imr_rules.facts.silence import none_recorded
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.sums import SUMS, Scope, sum_in

_Parts = list[tuple[tuple[Course, ...], Value]]
"""Courses that are counted as one, with their count."""


def _recorded(record: Record, kind: FactType, part: str, silence: str) -> _Parts:
    """Return each course that may count, with what the history says of it."""
    return [((course,), _of_course(record, course, kind, part, silence)) for course in record.discipline]


def _as_found_here(record: Record, kind: FactType, silence: str) -> _Parts:
    """Return the same of visits attended, the courses here as one where a finding counts them too."""
    each = _recorded(record, kind, "attended", silence)
    total = sum_in(str(kind.unit))
    given = record.finding(total.attended) if total else None
    if given is None or record.treatment is None:
        return each
    here = [entry for entry in each if record.here(entry[0][0])]
    counted = plus([value for _, value in here], kind) if here else NONE_RECORDED
    courses = tuple(course for (course,), _ in here)
    if not courses:
        courses = (Course.model_construct(treatment=record.treatment.name, body_part=record.item.body_part),)
    others = [entry for entry in each if entry not in here]
    return [(courses, reconcile(merge(given, kind, silence), counted)), *others]


def _counted_outright(record: Record, kind: FactType) -> bool:
    total = sum_in(str(kind.unit))
    return total is not None and record.finding(total.attended) is not None


def _of_course(record: Record, course: Course, kind: FactType, part: str, silence: str) -> Value:
    """Return the count of one course: of visits attended, or of those authorized and not yet used."""
    if part != "attended":
        statements = course.authorized_unused
        return NO if statements is None else amount(record, statements, kind, silence)
    if course.attended is None:
        found = missing(kind, "a course is recorded without its count")
    else:
        found = amount(record, course.attended, kind, silence)
    if found.low == 0 < found.high and _one_at_least(kind) and _begun(course):
        return found._replace(low=1, state="bounded" if found.state == "missing" else found.state)
    return found


def _since_surgery(record: Record, course: Course) -> bool | None:
    if course.after_surgery is not None:
        return course.after_surgery
    if record.surgery is None:  # none recorded, or one still to be done
        return False
    surgery = record.surgery_window
    since = course.since.window if course.since else None
    if surgery is None or since is None:
        until = course.until.window if course.until else None
        if surgery is not None and until is not None and until.last < surgery.first:
            return False
        return None
    if since.first >= surgery.last:
        return True
    until = course.until.window if course.until else None
    return False if until is not None and until.last < surgery.first else None


def _count(
    record: Record, kind: FactType, part: str, parts: _Parts, counts: Callable[[Course], bool | None]
) -> Value:
    """Return the visits of all courses that count; one that may count is bounded below by nothing."""
    values = []
    for courses, found in parts:
        verdicts = {both(record.alike(course), counts(course)) for course in courses}
        if verdicts == {False}:
            continue
        if verdicts != {True}:
            note = "a course is recorded that may or may not belong here"
            found = Value("bounded", 0, found.high, note=note, evidence=found.evidence)
        values.append(found)
    if not values:
        if part == "attended" and record.continues:
            return between(
                1, kind.high, kind, note="the request is a continuation, and no course is recorded"
            )
        # Visits counted outright speak of the courses too: what was left over from them would have been told.
        told = part == "unused" and _counted_outright(record, kind)
        return none_recorded(kind, record.read, first=told or record.item.course == "initial")
    total = plus(values, kind)
    continued = part == "attended" and record.continues and _one_at_least(kind)
    if continued and total.low == 0 < total.high:
        # Which of the courses is continued may be open; that one of them is, is not.
        total = total._replace(low=1, state="bounded" if total.state == "missing" else total.state)
    return total


def _outside_surgery(record: Record, course: Course) -> bool | None:
    """Whether a course counts towards the statutory cap: one given for a surgery does not.

    Labor Code 4604.5(c)(3): the cap does not apply to visits under the postsurgical guidelines.
    """
    if course.after_surgery is not None:
        return not course.after_surgery
    if not record.case.surgeries:
        return True
    surgeries = [each.date.window for each in record.case.surgeries if each.date and each.date.window]
    until = course.until.window if course.until else None
    if until is not None and len(surgeries) == len(record.case.surgeries):
        return True if all(until.last < surgery.first for surgery in surgeries) else None
    return None


@exact_once
def prior_visits(record: Record, spec: FactSpec) -> Value:
    """Return visits attended before: this discipline, this body region."""
    parts = _recorded(record, spec.type, "attended", spec.silence)
    return _count(record, spec.type, "attended", parts, record.for_region)


@exact_once
def prior_visits_claim(record: Record, spec: FactSpec) -> Value:
    """Return visits attended before: this discipline, the whole claim, courses after a surgery left out."""
    parts = _as_found_here(record, spec.type, spec.silence)
    return _count(record, spec.type, "attended", parts, partial(_outside_surgery, record))


@exact_once
def prior_visits_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return visits attended since the surgery: this discipline."""
    parts = _as_found_here(record, spec.type, spec.silence)
    return _count(record, spec.type, "attended", parts, partial(_since_surgery, record))


ATTENDED: Mapping[Scope, Derive] = {
    "course": prior_visits,
    "claim": prior_visits_claim,
    "operation": prior_visits_since_surgery,
}
"""Scope of a sum → how what was attended before is worked out, in the unit of a fact."""


@exact_once
def authorized(record: Record, spec: FactSpec) -> Value:
    """Return visits authorized and not yet used: in this request, and left over from earlier ones."""
    return plus([granted(record, spec), _unused(record, spec.type, record.for_region)], spec.type)


@exact_once
def authorized_claim(record: Record, spec: FactSpec) -> Value:
    """Return visits authorized and not yet used on the whole claim, for no surgery."""
    unused = _unused(record, spec.type, partial(_outside_surgery, record))
    return plus([granted(record, spec), unused], spec.type)


def _unused(record: Record, kind: FactType, counts: Callable[[Course], bool | None]) -> Value:
    return _count(record, kind, "unused", _recorded(record, kind, "unused", "unknown"), counts)


def if_granted(record: Record, spec: FactSpec) -> Value:
    """Return what it comes to if the request is granted: attended, authorized and in dispute together."""
    return plus(parts_of(record, spec), spec.type)


def parts_of(record: Record, spec: FactSpec) -> tuple[Value, Value, Value]:
    """Return what a total is made of: attended, authorized and not yet used, and in dispute.

    Each part is as it was worked out, held against a finding of the same count.
    """
    total = SUMS[spec.name]
    attended = record.reconciled(total.attended, ATTENDED[total.scope](record, spec), spec)
    here = authorized(record, spec)
    unused = record.reconciled(total.authorized, here, spec)
    if total.scope == "claim":
        unused = _widened(authorized_claim(record, spec), here, unused)
    return attended, unused, record.reconciled(total.in_dispute, in_dispute(record, spec), spec)


def first_course(record: Record, spec: FactSpec) -> Value:
    """Return whether no visit of this discipline and region was attended before."""
    counted = record.finding("prior_visits") is not None
    if record.continues or (not counted and any(_was_begun(record, each) for each in record.discipline)):
        return NO
    visits = record.vocabulary.facts["prior_visits"]
    prior = record.reconciled("prior_visits", prior_visits(record, visits), visits)
    if prior.low > 0:
        return NO
    if prior.high == 0:
        return YES._replace(assumed=prior.assumed and record.item.course != "initial", note=prior.note)
    return YES if record.item.course == "initial" else missing(spec.type, prior.note)


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


def _widened(total: Value, part: Value, said: Value) -> Value:
    """Return a total where a finding says more, or less, of one of its parts."""
    low, high = total.low + min(0, said.low - part.low), total.high + max(0, said.high - part.high)
    if (low, high) == (total.low, total.high):
        return total
    return Value("bounded", max(0, low), high, conflict=said.conflict, note=said.note, evidence=said.evidence)
