"""What to find out next: at most five questions for an item under review, the soonest to decide first.

Conflicts come first, with both sides. Then the facts that keep a criterion open, in the order of what an answer
would settle: each is supposed to be known, both ways, and the engine is asked what would follow. Beside them what
any reviewer of the treatment looks for, which is all there is to ask where no criteria are known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, NamedTuple, Protocol

from pydantic import Field

from imr_rules._results import Result
from imr_rules._units import count_in_words
from imr_rules.case import Evidence, Recorded
from imr_rules.expression import names
from imr_rules.expression.reference import Status, judge, open_facts
from imr_rules.expression.values import Row, Value, say_value
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.suggestion import ReviewReason, Suggested
from imr_rules.rulebook.sums import SUMS
from imr_rules.rulebook.vocabulary import Vocabulary

MOST = 5
"""More than this is not a question list but a form."""

_ANSWERED_BY = {
    "weeks_since_injury": "injury_date",
    "days_since_injury": "injury_date",
    "weeks_since_surgery": "surgery_date",
    "days_since_surgery": "surgery_date",
    "months_since_surgery": "surgery_date",
}
"""A fact that is worked out → the fact somebody can look up for it."""

_EARLIER = frozenset(each.attended for each in SUMS.values() if each.scope == "course")
"""How much was attended before, of one treatment for one part of the body."""

_OF_AN_OPERATION = frozenset({
    "surgery_date", "postsurgical_procedure", "prior_visits_since_surgery", "after_planned_surgery",
})  # fmt: skip
"""Facts that nobody need look up before it is known whether there was an operation."""


@dataclass(frozen=True, slots=True)
class Side(Result):
    """One of two things a record says that cannot both be so, and where it says it."""

    value: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenQuestion(Result):
    """A question whose answer helps to decide an item.

    Attributes:
        fact: the fact it asks for, or the part of the case.
        asks: the question in words.
        serves: the criteria, or the guidelines of unknown contents, that wait for it.
        conflict: what the record says in two ways; empty where it is merely not known.
    """

    fact: str
    asks: str
    serves: Annotated[tuple[str, ...], Field(alias="for")] = ()
    conflict: tuple[Side, ...] = ()


class Contradiction(NamedTuple):
    """What a case says in two ways, so that no answer can rest on it.

    Attributes:
        about: the fact it is about, or the part of the case.
        asks: the question that settles it.
        warning: the contradiction in one sentence, with both sides.
        sides: what is said, each with its place.
    """

    about: str
    asks: str
    warning: str
    sides: tuple[Side, ...]


FIRST: Mapping[ReviewReason, OpenQuestion] = {
    "record_holds_only_the_denial": OpenQuestion(
        "documents", "Which documents beside the denial and the application are in hand?"
    ),
    "treatment_not_recognized": OpenQuestion(
        "treatment", "Which treatment of the rulebook's vocabulary is asked for?"
    ),
    "edition_not_known": OpenQuestion("request_date", "When was the treatment requested?"),
}
"""What must be known before an item can be judged at all."""


Contradictions = tuple[Contradiction, ...]
"""What a case says in two ways that every answer turns on."""

UNTOLD: Contradictions = (Contradiction("", "", "", ()),)
"""Stands for what a case contradicts itself about where nothing tells what it is, as in flat facts."""


class Judged(Protocol):
    """What questions are asked about: an item of a case, or a row of flat facts."""

    @property
    def plan(self) -> Plan:
        """What can govern it."""

    @property
    def treatment(self) -> Treatment:
        """What is asked for."""

    @property
    def settled(self) -> bool:
        """False where its days fall under more than one edition."""

    @property
    def row(self) -> Row:
        """The facts that it was judged over."""

    @property
    def contradicted(self) -> Contradictions:
        """What its case says in two ways that every answer turns on."""

    def suggest(self, row: Row, statuses: Sequence[Status]) -> Suggested:
        """Return the suggestion over a row."""

    def value(self, spec: FactSpec) -> Value:
        """Return what is known of any fact."""

    def statements(self, name: str) -> Sequence[Recorded]:
        """Return what the case states of a fact, each with its place."""


def questions(
    question: Judged,
    statuses: Sequence[Status],
    suggested: Suggested,
    vocabulary: Vocabulary,
) -> tuple[OpenQuestion, ...]:
    """Return what to find out about an item that was judged; nothing where it is decided."""
    if suggested.suggestion != "needs_review":
        return ()
    conflicts = [OpenQuestion(each.about, each.asks, (), each.sides) for each in question.contradicted]
    if not question.settled:
        conflicts.append(FIRST["edition_not_known"])
    serves, later = _serves(question, statuses, suggested)
    open_ones: dict[str, _Candidate] = {}
    for name, criteria in serves.items():
        settles, decides = _would_settle(question, statuses, name)
        for asked in _to_look_up(name, question):
            (asked,) = _where_it_counts(asked, question, vocabulary)
            if asked not in vocabulary.facts or _is_known(asked, question, vocabulary):
                continue
            candidate = open_ones.setdefault(asked, _Candidate(asked))
            candidate.settles = max(candidate.settles, settles)
            candidate.decides = max(candidate.decides, decides)
            candidate.serves |= dict.fromkeys(criteria)
    for named in _looked_for(question, suggested, vocabulary):
        for name in _where_it_counts(named, question, vocabulary):
            if not _is_known(name, question, vocabulary):
                wanted = open_ones.setdefault(name, _Candidate(name)).serves
                wanted |= dict.fromkeys(guideline.id for guideline in suggested.unknown_contents)
    found: list[OpenQuestion] = []
    for name, criteria in later.items():
        for asked in _to_look_up(name, question):
            if (
                asked in vocabulary.facts
                and asked not in open_ones
                and not _is_known(asked, question, vocabulary)
            ):
                open_ones[asked] = _Candidate(asked, criteria, later=True)
    for candidate in sorted(open_ones.values(), key=lambda each: each.order(vocabulary)):
        spec = vocabulary.facts[candidate.fact]
        value = question.row.get(spec.name)
        sides = _sides(question, spec, value) if value is not None and _disagree(value, spec) else None
        asked_now = OpenQuestion(spec.name, spec.asks, tuple(candidate.serves), sides or ())
        (found if sides is None else conflicts).append(asked_now)
    return tuple((*conflicts, *found)[:MOST])


def facts_asked_about(plan: Plan, treatment: Treatment, vocabulary: Vocabulary) -> Iterator[FactSpec]:
    """Yield the facts beside a plan's own that a question about an item may be about."""
    wanted = dict.fromkeys(treatment.ask)
    for guideline in plan.guidelines:
        if not guideline.known:
            wanted |= dict.fromkeys(guideline.looks_for(treatment))
    named = {spec.name for spec in plan.facts}
    wanted.update((part, None) for name in (*named, *wanted) if name in SUMS for part in SUMS[name].parts)
    wanted.update((_ANSWERED_BY[name], None) for name in (*named, *wanted) if name in _ANSWERED_BY)
    wanted["prior_visits"] = wanted["surgery_done"] = wanted["body_region"] = None
    for name in wanted:
        if name not in named and name in vocabulary.facts:
            yield vocabulary.facts[name]


class _Candidate:
    """A fact that might be asked for, and what an answer would do.

    Args:
        fact: its name.
        serves: what waits for it.
        later: what waits for it may not apply at all.
    """

    def __init__(self, fact: str, serves: Iterable[str] = (), *, later: bool = False) -> None:
        self.fact, self.later = fact, later
        self.settles = self.decides = 0
        self.serves = dict.fromkeys(serves)

    def order(self, vocabulary: Vocabulary) -> tuple[bool, int, bool, int]:
        """Return what sorts it: what settles the item comes first, a mere exception after what is usual."""
        exception = vocabulary.facts[self.fact].silence == "absent"
        return self.later, -self.settles, exception, -self.decides


def _looked_for(question: Judged, suggested: Suggested, vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the facts to find out whatever the criteria say, or where there are none.

    Where no guideline governs because nobody said for what the treatment is, that comes first; then what the
    guidelines of unknown contents are known to look for, and what any reviewer of the treatment does.
    """
    plan, treatment, facts = question.plan, question.treatment, vocabulary.facts
    if "nothing_governs" in suggested.reasons:
        for guideline in plan.guidelines:
            for name in open_facts(guideline.applies_when, question.row):
                if name in facts and facts[name].silence == "unknown":
                    yield name
    for guideline in suggested.unknown_contents:
        yield from guideline.looks_for(treatment)
    yield from treatment.ask


def _is_known(name: str, question: Judged, vocabulary: Vocabulary) -> bool:
    """Whether the case states a fact: what is only assumed may be asked for."""
    value = question.row.get(name)
    if value is None:
        value = question.value(vocabulary.facts[name])
    return value.exact and not value.assumed


def _where_it_counts(name: str, question: Judged, vocabulary: Vocabulary) -> tuple[str]:
    """Return what to ask for: the part of the body where a count was told, and only its part of the body is open."""
    region = "body_region"
    if name in _EARLIER and name in vocabulary.facts and region in vocabulary.facts:
        value = question.row.get(name) or question.value(vocabulary.facts[name])
        told = value.state == "bounded" and not value.conflict
        if told and value.low == 0 and not _is_known(region, question, vocabulary):
            return (region,)
    return (name,)


def _serves(
    question: Judged, statuses: Sequence[Status], suggested: Suggested
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return each open fact of the row, with the criteria it keeps open: those of guideline text first.

    Apart from these, the facts of criteria of which it is open whether they apply.
    """
    plan, row = question.plan, question.row
    places = [place for place in suggested.governing if plan.criteria[place].criterion.kind != "caution"]
    behind = _Behind(question)
    found: dict[str, list[str]] = {}
    later: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda each: plan.criteria[each].criterion.strength != "text"):
        planned, status = plan.criteria[place], statuses[place]
        if status == "unknown":
            wanted = open_facts(planned.condition, row)
            required = open_facts(planned.require, row)
            for name in behind.tables(required if wanted else ()):
                later.setdefault(name, []).append(planned.id)
            wanted = wanted or required
        elif status == "met" and planned.criterion.kind == "indication":
            wanted = [name for name in names(planned.require) if row[name].assumed]
        else:
            continue
        for name in behind.tables(wanted):
            found.setdefault(name, []).append(planned.id)
    return found, later


class _Behind:
    """What stands behind the tables of limits of an item, worked out once for each."""

    def __init__(self, question: Judged) -> None:
        self._row = question.row
        self._tables = {table.name: table for table in question.plan.tables}
        self._open: dict[str, tuple[str, ...]] = {}

    def tables(self, wanted: Sequence[str]) -> Iterator[str]:
        """Yield facts; a table of limits stands for the open facts that its rows ask for."""
        for name in wanted:
            if name not in self._tables:
                yield name
                continue
            if name not in self._open:
                rows = self._tables[name].limit.rows
                every = (fact for row in rows for fact in open_facts(row.when, self._row))
                self._open[name] = tuple(dict.fromkeys(every))
            yield from self._open[name]


def _to_look_up(name: str, question: Judged) -> tuple[str, ...]:
    """Return the facts that somebody can look up for one that is worked out from them."""
    row = question.row
    if name == "first_course" and question.treatment.unit == "visit":
        return ("prior_visits",)
    if name in SUMS:
        parts = [part for part in SUMS[name].parts if part not in row or not row[part].exact]
        return tuple(each for part in parts for each in _to_look_up(part, question))
    name = _ANSWERED_BY.get(name, name)
    operated = row.get("surgery_done")
    if name in _OF_AN_OPERATION and operated is not None and not operated.exact:
        return ("surgery_done",)
    return (name,)


def _would_settle(question: Judged, statuses: Sequence[Status], name: str) -> tuple[int, int]:
    """Return how many of a fact's extremes would settle the item, and how many criteria they decide."""
    plan, row = question.plan, question.row
    settles = decides = 0
    for supposed in _extremes(row[name], plan.types[name].choices):
        changed = plan.complete(row | {name: supposed}, name)
        after = list(statuses)
        for place in plan.touched[name]:
            if statuses[place] == "unknown":
                after[place] = judge(plan.criteria[place], changed)
                decides += after[place] != "unknown"
        settles += question.suggest(changed, after).suggestion != "needs_review"
    return settles, decides


def _extremes(value: Value, choices: frozenset[str]) -> Iterator[Value]:
    if choices:
        yield from (Value("known", 0, 0, text=word) for word in sorted(choices)[:3])
    else:
        yield from (Value("known", each, each) for each in dict.fromkeys((value.low, value.high)))


def _disagree(value: Value, spec: FactSpec) -> bool:
    """Whether documents disagree about a fact, and leave it open between what they say."""
    bounded = (value.low, value.high) != (spec.type.low, spec.type.high)
    open_ = value.state == "bounded" and not value.silent
    return value.conflict and open_ and (bounded or spec.type.kind in ("boolean", "choice"))


def _sides(question: Judged, spec: FactSpec, value: Value) -> tuple[Side, ...]:
    """Return the two or more things a record says of one fact that is in conflict."""
    given = question.statements(spec.name)
    sides = [Side(_statement(each), each.evidence) for each in given if each.missing is None]
    if len(sides) < 2 and (value.low > spec.type.low or value.high < spec.type.high):
        sides.append(Side(say_value(value, spec.type), _places(value.evidence)))
    return tuple(sides)


def _statement(stated: Recorded) -> str:
    if stated.undocumented is not None:
        return "not documented"
    if stated.value is None:
        return count_in_words(stated.at_least, stated.at_most)
    if isinstance(stated.value, bool):
        return "yes" if stated.value else "no"
    return str(stated.value).replace("_", " ")


def _places(evidence: Iterable[object]) -> tuple[Evidence, ...]:
    return tuple(each for each in evidence if isinstance(each, Evidence))
