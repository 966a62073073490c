"""What was attended, what is authorised and not yet used, and what it comes to if the request is granted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from imr_rules.case import Amount, Course
from imr_rules.facts.dictionary import FactSpec
from imr_rules.facts.merge import NO, NONE_RECORDED, YES, between, missing, plus
from imr_rules.facts.quantities import amount, granted, in_dispute
from imr_rules.facts.record import Record, both, exact_once
from imr_rules.facts.values import FactType, Value

__all__ = [
    "authorised",
    "authorised_claim",
    "first_course",
    "prior_visits",
    "prior_visits_claim",
    "prior_visits_since_surgery",
    "visits_if_granted",
    "visits_if_granted_claim",
    "visits_if_granted_since_surgery",
]

_VISITS = FactType.integer(0, 10_000, "visit")

_COUNTED = frozenset({"visit", "study", "block", "injection"})
"""Units of which a course that began has had at least one."""


def _courses(record: Record, unit: str | None) -> tuple[Course, ...]:
    """The courses to count in a unit; where none is recorded here, the one that a finding counts."""
    recorded = record.discipline
    given = record.finding(named("attended", unit))
    if given is None or record.treatment is None or any(record.here(each) is not False for each in recorded):
        return recorded
    attended = tuple(
        Amount.model_construct(**dict(each), unit=unit)  # type: ignore[arg-type]  # the unit of a fact
        for each in given
    )
    counted = Course.model_construct(
        treatment=record.treatment.name, body_part=record.item.body_part, attended=attended
    )
    return (*recorded, counted)


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
    record: Record,
    kind: FactType,
    part: str,
    counts: Callable[[Course], bool | None] = lambda course: True,
    silence: str = "unknown",
) -> Value:
    """Return the visits of all courses that count; one that may count is bounded below by nothing."""
    values = []
    for course in _courses(record, kind.unit):
        belongs = both(record.alike(course), counts(course))
        if belongs is False:
            continue
        statements = course.attended if part == "attended" else course.authorised_unused
        if statements is None:
            found = missing(kind, "a course is recorded without its count") if part == "attended" else NO
        else:
            found = amount(record, statements, kind, silence)
        if part == "attended" and found.low == 0 < found.high and kind.unit in _COUNTED and _begun(course):
            found = found._replace(low=1, state="bounded" if found.state == "missing" else found.state)
        if belongs is None:
            note = "a course is recorded that may or may not belong here"
            found = Value("bounded", 0, found.high, note=note, evidence=found.evidence)
        values.append(found)
    if not values:
        if part == "attended" and record.continues:
            return between(
                1, kind.high, kind, note="the request is a continuation, and no course is recorded"
            )
        return NONE_RECORDED
    total = plus(values, kind)
    continued = part == "attended" and record.continues and kind.unit in _COUNTED
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
    return _count(record, spec.type, "attended", record.for_region, spec.silence)


@exact_once
def prior_visits_claim(record: Record, spec: FactSpec) -> Value:
    """Return visits attended before: this discipline, the whole claim, courses after a surgery left out."""
    return _count(record, spec.type, "attended", partial(_outside_surgery, record), spec.silence)


@exact_once
def prior_visits_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return visits attended since the surgery: this discipline."""
    return _count(record, spec.type, "attended", partial(_since_surgery, record), spec.silence)


@exact_once
def authorised(record: Record, spec: FactSpec) -> Value:
    """Return visits authorised and not yet used: in this request, and left over from earlier ones."""
    unused = _count(record, spec.type, "unused", record.for_region)
    return plus([granted(record, spec), unused], spec.type)


@exact_once
def authorised_claim(record: Record, spec: FactSpec) -> Value:
    """Return visits authorised and not yet used on the whole claim, for no surgery."""
    return plus(
        [granted(record, spec), _count(record, spec.type, "unused", partial(_outside_surgery, record))],
        spec.type,
    )


def _if_granted(record: Record, spec: FactSpec, attended: Value, unused: Value) -> Value:
    disputed = _as_found(record, "in_dispute", in_dispute(record, spec), spec)
    return plus([attended, unused, disputed], spec.type)


def visits_if_granted(record: Record, spec: FactSpec) -> Value:
    """Return attended, authorised and disputed visits together: what totals and trials judge."""
    return _if_granted(record, spec, *_here_as_found(record, spec))


def visits_if_granted_claim(record: Record, spec: FactSpec) -> Value:
    """Return the same on the whole claim: what the statutory caps judge."""
    attended, unused = _here_as_found(record, spec)
    claim = _as_found(record, "prior_visits_claim", prior_visits_claim(record, spec), spec)
    return _if_granted(
        record,
        spec,
        _widened(claim, prior_visits(record, spec), attended),
        _widened(authorised_claim(record, spec), authorised(record, spec), unused),
    )


def visits_if_granted_since_surgery(record: Record, spec: FactSpec) -> Value:
    """Return the same since the surgery: what a postsurgical course judges."""
    attended, unused = _here_as_found(record, spec)
    since = _as_found(record, "prior_visits_since_surgery", prior_visits_since_surgery(record, spec), spec)
    return _if_granted(record, spec, _widened(since, prior_visits(record, spec), attended), unused)


def _here_as_found(record: Record, spec: FactSpec) -> tuple[Value, Value]:
    """Return what was attended here and what is authorised, as a finding has them too."""
    return (
        _as_found(record, "attended", prior_visits(record, spec), spec),
        _as_found(record, "authorised", authorised(record, spec), spec),
    )


def _as_found(record: Record, part: str, found: Value, spec: FactSpec) -> Value:
    """Return a part of a sum as it was worked out, held against a finding of the same count."""
    return record.reconciled(named(part, spec.type.unit), found, spec)


def first_course(record: Record, spec: FactSpec) -> Value:
    """Return whether no visit of this discipline and region was attended before."""
    if record.continues or any(_was_begun(record, course) for course in record.discipline):
        return NO
    prior = _count(record, _VISITS, "attended", record.for_region)
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

    A course of which nothing is stated, or that has visits authorised and not yet used, may lie ahead.
    """
    stated = course.attended
    if stated is None:
        return course.since is not None
    if all(statement.undocumented for statement in stated):
        return course.since is not None or course.authorised_unused is None
    return all(_least(statement) > 0 for statement in stated)


def _least(statement: Amount) -> int:
    return statement.at_least or 0 if statement.value is None else statement.value


def named(part: str, unit: str | None) -> str:
    """Return the fact that is one count in one unit: ``prior_visits``, or ``tablets_attended``."""
    if unit == "visit" or part.startswith("prior_visits"):
        return "prior_visits" if part == "attended" else part
    return f"{unit}s_{part}".replace("studys", "studies")


def _widened(total: Value, part: Value, said: Value) -> Value:
    """Return a total where a finding says more, or less, of one of its parts."""
    low, high = total.low + min(0, said.low - part.low), total.high + max(0, said.high - part.high)
    if (low, high) == (total.low, total.high):
        return total
    return Value("bounded", max(0, low), high, conflict=said.conflict, note=said.note, evidence=said.evidence)
