"""Whether a case uses only names and values that the rulebook knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from imr_rules._dates import PartialDate
from imr_rules._reading import pointer
from imr_rules.case import Case, Recorded
from imr_rules.errors import CaseError, Place, Problem, nearest, printable_name
from imr_rules.facts.dictionary import FactSpec
from imr_rules.facts.values import FactType
from imr_rules.facts.vocabulary import Vocabulary

__all__ = ["check"]

_Path = tuple[str | int, ...]


def check(case: Case, vocabulary: Vocabulary) -> None:
    """Refuse a case that names a fact, treatment, body region or instrument nobody declared.

    An item's own treatment is not checked: one that nobody knows is a matter for review.

    Raises:
        CaseError: with a JSON pointer for each.
    """
    problems = list(_problems(case, vocabulary))
    if problems:
        raise CaseError(problems)


def _problems(case: Case, vocabulary: Vocabulary) -> Iterator[Problem]:
    yield from _findings(case.findings, ("findings",), vocabulary)
    for index, item in enumerate(case.items):
        yield from _findings(item.findings, ("items", index, "findings"), vocabulary)
        if item.body_part is not None and item.body_part.region not in vocabulary.regions:
            yield _unknown(
                "body region",
                item.body_part.region,
                vocabulary.regions,
                ("items", index, "body_part", "region"),
            )
    for index, part in enumerate(case.accepted_body_parts or ()):
        if part.region not in vocabulary.regions:
            yield _unknown(
                "body region", part.region, vocabulary.regions, ("accepted_body_parts", index, "region")
            )
    for index, course in enumerate(case.history):
        if course.treatment not in vocabulary.treatments:
            yield _unknown(
                "treatment", course.treatment, vocabulary.treatments, ("history", index, "treatment")
            )
        if course.body_part is not None and course.body_part.region not in vocabulary.regions:
            yield _unknown(
                "body region",
                course.body_part.region,
                vocabulary.regions,
                ("history", index, "body_part", "region"),
            )
    for index, surgery in enumerate(case.surgeries):
        if surgery.body_part is not None and surgery.body_part.region not in vocabulary.regions:
            yield _unknown(
                "body region",
                surgery.body_part.region,
                vocabulary.regions,
                ("surgeries", index, "body_part", "region"),
            )
        table = vocabulary.facts.get("postsurgical_procedure")
        if surgery.procedure is not None and table and surgery.procedure not in table.type.choices:
            yield _unknown(
                "procedure",
                surgery.procedure,
                table.type.choices,
                ("surgeries", index, "procedure"),
                "give `text` alone for an operation that the postsurgical table does not have",
            )
    for index, measurement in enumerate(case.measurements):
        instrument = vocabulary.instrument(measurement.instrument)
        path: _Path = ("measurements", index)
        if instrument is None:
            yield _unknown(
                "instrument", measurement.instrument, vocabulary.instruments, (*path, "instrument")
            )
            continue
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
    what = f"there is no {kind} {printable_name(name) or 'of this name'}"
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
            what = f"there is no fact {printable_name(name) or 'of this name'}"
            yield Problem("unknown-fact", what, Place(pointer=pointer((*path, name))), hint)
            continue
        for statement in statements:
            wrong = _wrong(statement, spec)
            if wrong:
                yield Problem("wrong-type", f"`{name}`: {wrong}", Place(pointer=pointer((*path, name))))


def _wrong(statement: Recorded, spec: FactSpec) -> str | None:
    """Return what is wrong with a statement of a fact, or None."""
    kind, value = spec.type, statement.value
    if value is None:
        bounds = [number for number in (statement.at_least, statement.at_most) if number is not None]
        if bounds and kind.kind != "integer":
            return "only a number has bounds"
        return next((wrong for number in bounds if (wrong := _wrong_number(number, kind))), None)
    if kind.kind == "boolean":
        return None if isinstance(value, bool) else "true or false belongs here"
    if kind.kind == "choice":
        if value in kind.choices:
            return None
        words = sorted(kind.choices)
        close = nearest(value, words)
        return close or (
            f"one of {', '.join(words)} belongs here" if len(words) <= 12 else "one of its words belongs here"
        )
    if kind.kind == "date":
        return _wrong_date(value)
    return _wrong_number(value, kind)


def _wrong_number(number: object, kind: FactType) -> str | None:
    if isinstance(number, bool) or not isinstance(number, int):
        return "a whole number belongs here"
    if not kind.low <= number <= kind.high:
        return f"this number must lie between {kind.low} and {kind.high}"
    return None


def _wrong_date(value: object) -> str | None:
    try:
        PartialDate.parse(str(value))
    except ValueError as error:
        return str(error)
    return None
