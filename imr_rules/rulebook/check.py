"""Whether a case uses only names and values that the rulebook knows."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from imr_rules._dates import PartialDate
from imr_rules._reading import pointer
from imr_rules._units import UNITS, say_unit
from imr_rules.case import Amount, BodyPart, Case, DisputedItem, Measurement, Recorded
from imr_rules.errors import CaseError, Place, Problem, nearest
from imr_rules.expression.values import FactType
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.vocabulary import Vocabulary

_Path = tuple[str | int, ...]
_ALWAYS_POSSIBLE = min(unit.most for unit in UNITS.values())
_MOST_TIMES = 100
"""Most times a day, week or month that anything is asked for."""


def check(case: Case, vocabulary: Vocabulary) -> None:
    """Refuse a case that names a fact, treatment, body region or instrument nobody declared, or absurd counts.

    An item's own treatment is not checked: one that nobody knows is a matter for review.

    Raises:
        CaseError: with a JSON pointer for each.
    """
    problems = _problems(case, vocabulary)
    first = next(problems, None)
    if first is not None:
        raise CaseError(itertools.chain((first,), problems))


def _problems(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    yield from _findings(case.findings, ("findings",), vocabulary)
    if case.worker.age is not None:
        yield from _amounts(case.worker.age, "year", ("worker", "age"))
    for index, part in enumerate(case.accepted_body_parts or ()):
        yield from _body_part(part, ("accepted_body_parts", index), vocabulary)
    for index, item in enumerate(case.items):
        yield from _item(item, ("items", index), vocabulary)
    for index, course in enumerate(case.history):
        path: _Path = ("history", index)
        yield from _body_part(course.body_part, (*path, "body_part"), vocabulary)
        treatment = vocabulary.treatments.get(course.treatment)
        if treatment is None:
            yield _unknown("treatment", course.treatment, vocabulary.treatments, (*path, "treatment"))
            continue
        for key, amounts in (("attended", course.attended), ("authorized_unused", course.authorized_unused)):
            yield from _amounts(amounts or (), treatment.unit, (*path, key))
    for index, surgery in enumerate(case.surgeries):
        path = ("surgeries", index)
        yield from _body_part(surgery.body_part, (*path, "body_part"), vocabulary)
        table = vocabulary.facts.get("postsurgical_procedure")
        if surgery.procedure is not None and table and surgery.procedure not in table.type.choices:
            hint = "give `text` alone for an operation that the postsurgical table does not have"
            known = table.type.choices
            yield _unknown("procedure", surgery.procedure, known, (*path, "procedure"), hint)
    for index, measurement in enumerate(case.measurements):
        yield from _measurement(measurement, ("measurements", index), vocabulary)


def _item(item: DisputedItem, path: _Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    yield from _findings(item.findings, (*path, "findings"), vocabulary)
    yield from _body_part(item.body_part, (*path, "body_part"), vocabulary)
    amounts = {"asked": item.asked, "authorized": item.authorized, "in_dispute": item.in_dispute}
    for key, statements in amounts.items():
        if statements is not None and _large(statements):
            treatment = vocabulary.treatment_of(item)
            yield from _amounts(statements, treatment.unit if treatment else "item", (*path, key))
    if item.frequency is not None and any(_numbers(each, _MOST_TIMES) for each in item.frequency.times):
        what = f"this is more often than anything is asked for: at most {_MOST_TIMES} times"
        yield Problem("out-of-range", what, Place(pointer=pointer((*path, "frequency", "times"))))
    if item.duration is not None:
        length = Amount.model_construct(value=item.duration.value, unit=item.duration.unit)
        yield from _amounts((length,), item.duration.unit, (*path, "duration", "value"))


class _Reason(NamedTuple):
    """Why a statement cannot be one of a fact, and what to write instead."""

    what: str
    hint: str | None = None


def _large(amounts: Iterable[Recorded]) -> bool:
    return any(_numbers(each, _ALWAYS_POSSIBLE) for each in amounts)


def _numbers(statement: Recorded, above: int) -> list[int]:
    stated = (statement.value, statement.at_least, statement.at_most)
    return [number for number in stated if isinstance(number, int) and number > above]


def _amounts(amounts: Iterable[Amount], unit: str, path: _Path) -> Iterator[Problem]:
    """Refuse more of anything than there can be; ``unit`` is that of a bare number."""
    for amount in amounts:
        counted = amount.unit or unit
        most = UNITS[counted].most
        if _numbers(amount, most):
            what = f"this is more than there can be: at most {most:,} {say_unit(counted)}"
            yield Problem("out-of-range", what, Place(pointer=pointer(path)), "check the number and its unit")


def _body_part(part: BodyPart | None, path: _Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    if part is not None and part.region not in vocabulary.regions:
        yield _unknown("body region", part.region, vocabulary.regions, (*path, "region"))


def _measurement(measurement: Measurement, path: _Path, vocabulary: Vocabulary) -> Iterator[Problem]:
    instrument = vocabulary.instrument(measurement.instrument)
    if instrument is None:
        known = vocabulary.instruments
        yield _unknown("instrument", measurement.instrument, known, (*path, "instrument"))
        return
    for score in measurement.score:
        for number in (score.value, score.at_least, score.at_most):
            if number is not None and not instrument.low <= number <= instrument.high:
                what = f"a {instrument.label} score lies between {instrument.low} and {instrument.high}"
                yield Problem("out-of-range", what, Place(pointer=pointer((*path, "score"))))


def _unknown(
    kind: str,
    name: str,
    known: Iterable[str],
    path: _Path,
    otherwise: str = "imr-rules schema case lists them",
) -> Problem:
    what = f"there is no {kind} of this name"  # which is not repeated: values may be about a person
    hint = nearest(name, known) or otherwise
    return Problem(f"unknown-{kind.replace(' ', '-')}", what, Place(pointer=pointer(path)), hint)


def _findings(
    findings: Mapping[str, tuple[Recorded, ...]], path: _Path, vocabulary: Vocabulary
) -> Iterator[Problem]:
    for name, statements in findings.items():
        spec = vocabulary.facts.get(name)
        if spec is None:
            given = [known for known, each in vocabulary.facts.items() if not each.derived]
            hint = nearest(name, given) or "imr-rules facts lists what can be given"
            yield Problem(
                "unknown-fact", "there is no fact of this name", Place(pointer=pointer((*path, name))), hint
            )
            continue
        for statement in statements:
            wrong = _wrong(statement, spec)
            if wrong:
                place = Place(pointer=pointer((*path, name)))
                yield Problem("wrong-type", f"`{name}`: {wrong.what}", place, wrong.hint)


def _wrong(statement: Recorded, spec: FactSpec) -> _Reason | None:
    """Return what is wrong with a statement of a fact, or None."""
    kind, value = spec.type, statement.value
    if kind.kind == "choice" and not kind.choices:
        return _Reason("this fact is shown and cannot be given", "give scores under `measurements`")
    if value is None:
        bounds = [number for number in (statement.at_least, statement.at_most) if number is not None]
        if bounds and kind.kind != "integer":
            return _Reason("only a number has bounds")
        return next((wrong for number in bounds if (wrong := _wrong_number(number, kind))), None)
    if kind.kind == "boolean":
        return None if isinstance(value, bool) else _Reason("true or false belongs here")
    if kind.kind == "choice":
        if value in kind.choices:
            return None
        words = sorted(kind.choices)
        listed = f"it is one of {', '.join(words)}" if len(words) <= 12 else "imr-rules facts lists its words"
        return _Reason("this is not one of its words", nearest(value, words) or listed)
    if kind.kind == "date":
        return _wrong_date(value)
    return _wrong_number(value, kind)


def _wrong_number(number: object, kind: FactType) -> _Reason | None:
    if isinstance(number, bool) or not isinstance(number, int):
        return _Reason("a whole number belongs here")
    if not kind.low <= number <= kind.high:
        return _Reason(f"this number must lie between {kind.low} and {kind.high}")
    return None


def _wrong_date(value: object) -> _Reason | None:
    try:
        PartialDate.parse(str(value))
    except ValueError as error:
        return _Reason(str(error))
    return None
