"""What was asked, what was authorized of it, and what remains in dispute: three numbers, never one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from imr_rules._units import counted_as, say_unit
from imr_rules.case import Amount
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.merge import NONE_RECORDED, between, known, merge, missing, plus, reconcile
from imr_rules.facts.record import Record, asked_once
from imr_rules.facts.wording import WORDS, amounts_in_words
from imr_rules.rulebook.dictionary import FactSpec

_STATED = ("known", "bounded")


def amount(
    record: Record, statements: Sequence[Amount] | None, kind: FactType, silence: str = "unknown"
) -> Value:
    """Return one of the item's quantities in the unit of ``kind``; nothing converts by itself."""
    if statements is None:
        return missing(kind)
    default = record.unit
    for statement in statements:
        unit = counted_as(statement.unit or default)
        if unit != counted_as(kind.unit):
            return _converted(record, statements, str(unit), kind)
    return merge(statements, kind, silence)


def _converted(record: Record, statements: Sequence[Amount], unit: str, kind: FactType) -> Value:
    lineage = record.treatment.lineage if record.treatment else ()
    conversion = record.vocabulary.conversion(unit, str(kind.unit), lineage, record.as_of)
    if conversion is None or any(counted_as(each.unit or unit) != unit for each in statements):
        return missing(kind, f"stated in another unit ({say_unit(unit)})")
    found = merge(statements, FactType.integer(0, 10 * kind.high, unit), "unknown")
    times, per = conversion.numerator, conversion.denominator
    if found.state in ("missing", "undocumented"):
        return replace(found, low=kind.low, high=kind.high)
    low, high = -(-found.low * times // per), -(-found.high * times // per)
    return between(low, high, kind, note=f"converted from {say_unit(unit)}", evidence=found.evidence)


@asked_once
def asked(record: Record, spec: FactSpec) -> Value:
    """Return the amount first asked for, else worked out: from frequency and duration, or from timed codes."""
    if record.item.asked is not None:
        return amount(record, record.item.asked, spec.type, spec.silence)
    if record.item.in_dispute is not None and record.item.authorized is None:
        return missing(spec.type)
    paced = _paced(record, spec.type)
    return _timed(record, spec.type) if paced.state == "missing" else paced


def _timed(record: Record, kind: FactType) -> Value:
    """Return what the item's codes come to, where each of them stands for a length of time."""
    minutes = record.vocabulary.minutes(record.item.codes)
    lineage = record.treatment.lineage if record.treatment else ()
    conversion = record.vocabulary.conversion("unit15", str(kind.unit), lineage, record.as_of)
    if minutes is None or conversion is None:
        return missing(kind)
    count = -(-minutes * conversion.numerator // (15 * conversion.denominator))
    return between(count, count, kind, note=f"{minutes} minutes by the codes")


def _paced(record: Record, kind: FactType) -> Value:
    frequency, duration = record.item.frequency, record.item.duration
    if (
        frequency is None
        or duration is None
        or frequency.per != duration.unit
        or counted_as(kind.unit) != counted_as(record.unit)
    ):
        return missing(kind)
    times = merge(frequency.times, FactType.integer(0, 1000, kind.unit), "unknown")
    return between(
        times.low * duration.value, times.high * duration.value, kind, note="frequency times duration"
    )


_DAYS_A_WEEK = (5, 7)
"""A daily visit may or may not leave out the weekend."""


def visits_per_week(record: Record, spec: FactSpec) -> Value:
    """Return how many visits a week are asked for, where the request states a frequency by the week or day."""
    frequency = record.item.frequency
    if frequency is None or frequency.per == "month":
        return missing(spec.type)
    times = merge(frequency.times, FactType.integer(0, spec.type.high, spec.type.unit), spec.silence)
    if frequency.per == "week" or times.state in ("missing", "undocumented"):
        return times
    fewest, most = _DAYS_A_WEEK
    return between(
        times.low * fewest, times.high * most, spec.type, note="stated by the day", evidence=times.evidence
    )


@asked_once
def granted(record: Record, spec: FactSpec) -> Value:
    """Return what utilization review authorized of this very request: stated, or what was asked less what is in dispute."""
    item = record.item
    if item.authorized is not None:
        return amount(record, item.authorized, spec.type)
    if item.asked is not None and item.in_dispute is not None:
        whole, rest = asked(record, spec), amount(record, item.in_dispute, spec.type, spec.silence)
        if whole.state in _STATED and rest.state in _STATED and whole.low > rest.high:
            return between(
                whole.low - rest.high,
                whole.high - rest.low,
                spec.type,
                note="what was asked less what is in dispute",
                evidence=whole.evidence + rest.evidence,
            )
    review = item.utilization_review
    if review is None or review.decision != "modified":
        return NONE_RECORDED
    return missing(spec.type, "review approved part of the request, and how much is not stated")


@asked_once
def in_dispute(record: Record, spec: FactSpec) -> Value:
    """Return the amount still in dispute: stated, or what was asked less what was authorized.

    Where what is stated, what it should come to and the request's own words do not agree, it lies between them.
    """
    item = record.item
    if item.in_dispute is not None:
        stated = amount(record, item.in_dispute, spec.type, spec.silence)
        if stated.state in _STATED and item.asked is not None and item.authorized is not None:
            whole, allowed = asked(record, spec), granted(record, spec)
            if whole.state == allowed.state == "known":
                remaining = max(0, whole.low - allowed.low)
                stated = reconcile(stated, known(remaining, evidence=whole.evidence + allowed.evidence))
        return _held_against_the_words(record, stated, spec)
    whole, allowed = asked(record, spec), granted(record, spec)
    if whole.state in ("undocumented", "missing"):
        return whole
    rest = between(
        whole.low - allowed.high,
        whole.high - allowed.low,
        spec.type,
        note=whole.note,
        evidence=whole.evidence,
    )
    return _held_against_the_words(record, rest, spec)


def _held_against_the_words(record: Record, stated: Value, spec: FactSpec) -> Value:
    """Return an amount in dispute, bounded by what the request's words say where that is something else."""
    if stated.state not in _STATED or WORDS[0] in stated.evidence:
        return stated
    stated = _held_against_the_pace(record, stated, spec)
    whole_in_words, rest_in_words = amounts_in_words(record.item, record.vocabulary)
    if rest_in_words is not None:
        said = amount(record, rest_in_words, spec.type)
        return reconcile(stated, said) if said.state in _STATED else stated
    if whole_in_words is None:
        return stated
    allowed, said = granted(record, spec), amount(record, whole_in_words, spec.type)
    whole = asked(record, spec) if record.item.asked is not None else plus([stated, allowed], spec.type)
    if said.state not in _STATED or (whole.low <= said.high and said.low <= whole.high):
        return stated
    left = between(
        max(0, said.low - allowed.high), max(0, said.high - allowed.low), spec.type, evidence=WORDS
    )
    return reconcile(stated, left)


def _held_against_the_pace(record: Record, stated: Value, spec: FactSpec) -> Value:
    """Return an amount in dispute, bounded by what frequency and duration come to where the amount asked is another."""
    if record.item.asked is None:
        return stated
    whole, paced = asked(record, spec), _paced(record, spec.type)
    if paced.state not in _STATED or whole.state not in _STATED:
        return stated
    if whole.low <= paced.high and paced.low <= whole.high:
        return stated
    allowed = granted(record, spec)
    left = between(
        max(0, paced.low - allowed.high), max(0, paced.high - allowed.low), spec.type, evidence=paced.evidence
    )
    return reconcile(stated, left)
