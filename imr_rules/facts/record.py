"""What one case says about one disputed item: what is stated of it, and which courses and operations bear on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, wraps
from typing import Any, NamedTuple

from imr_rules._dates import Window
from imr_rules.case import BodyPart, Case, Course, DisputedItem, Measurement, Recorded, Surgery
from imr_rules.expression.values import FactType, Value
from imr_rules.facts.drug_list import listed
from imr_rules.facts.merge import known, merge, missing, reconcile
from imr_rules.facts.silence import Read, unmentioned
from imr_rules.facts.whole_case import OPERATED, WholeCase, says
from imr_rules.facts.wording import completed, details, part_named
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.sums import ATTENDED_COUNTS, AUTHORIZED_COUNTS, Scope
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.words import same_region
from imr_rules.words.names import MEDICATION
from imr_rules.words.plain import plain

SURGERY = "surgery"
"""The treatment of the vocabulary that every operation is a kind of."""

Derive = Callable[["Record", "FactSpec"], Value]
"""Works one fact out from a record."""

_Counts = dict[tuple[Derive, str | None, str | None], Value]
"""Counts that were worked out: by how, in which unit, and for which fact; exact ones for every fact in the unit."""


class Operated(NamedTuple):
    """Operations that courses for one part of the body may have been for, as far as a course's days tell them apart.

    Attributes:
        any: whether there is one.
        dated: whether the day of each is known.
        first: the first day that one of them may have been on, of those whose day is known.
    """

    any: bool
    dated: bool
    first: date | None

    def all_after(self, course: Course) -> bool:
        """Whether a course certainly ended before each whose day is known."""
        ended = course.until.window if course.until is not None else None
        return self.first is None or (ended is not None and ended.last < self.first)

    def went_on(self, course: Course) -> bool:
        """Whether there is one that a course may not have ended before."""
        return self.any and not (self.dated and self.all_after(course))


class Record:
    """What one case says about one disputed item, before any fact is worked out from it.

    Args:
        case: the case.
        item: the disputed item, kept as ``given``; in ``item`` what it leaves out is read from its own words.
        treatment: what is asked for, where it was recognized.
        as_of: the days the request may date from, where they are known.
        vocabulary: the rulebook's names.
        principal: what was suggested for the item this one follows; None where it follows none.
        whole: what the case says whichever item is asked about, where that was worked out already.
    """

    def __init__(
        self,
        case: Case,
        item: DisputedItem,
        treatment: Treatment | None,
        as_of: Window | None,
        vocabulary: Vocabulary,
        principal: str | None = None,
        whole: WholeCase | None = None,
    ) -> None:
        self.case, self.given, self.item = (
            case,
            item,
            _for_its_operation(completed(item, vocabulary), case, vocabulary),
        )
        self.treatment = treatment
        self.whole = whole or WholeCase(case, vocabulary)
        self.as_of, self.vocabulary, self.principal = as_of, vocabulary, principal
        self.read: Read = case.record.read
        self.supposed: Mapping[str, Value] = {}
        self._findings = {
            **details(item, vocabulary),
            **self._listed(),
            **case.findings,
            **self.item.findings,
        }
        # Which courses count in a scope, and after which operations (facts/scope.py): worked out once, whatever is supposed.
        self.counting: dict[Scope, list[tuple[Course, bool | None]]] = {}
        self.operated: dict[Hashable, Operated] = {}
        self._asked: _Counts = {}
        self._attended: _Counts = {}
        self._authorized: _Counts = {}
        self._counts_where: dict[Hashable, _Counts] = {}

    def _listed(self) -> Mapping[str, tuple[Recorded, ...]]:
        if self.treatment is None or MEDICATION not in self.treatment.lineage:
            return {}
        return listed(self.item.service, self.as_of, self.vocabulary)

    def supposing(self, supposed: Mapping[str, Value]) -> Record:
        """Return the record as it would be if some facts were otherwise, whatever it says of them."""
        attended = {name: value for name, value in supposed.items() if name in ATTENDED_COUNTS}
        authorized = {name: value for name, value in supposed.items() if name in AUTHORIZED_COUNTS}
        other = self._but(supposed=supposed)
        if attended:
            other._attended = self._counts_where.setdefault(frozenset(attended.items()), {})
        if attended or authorized:
            where = frozenset(authorized.items()), frozenset(attended)
            other._authorized = self._counts_where.setdefault(where, {})
        return other

    def as_if_read_whole(self) -> Record:
        """Return the record with its silence taken as that of one that was read whole."""
        # What was attended and authorized before turns on it; what the item itself states, and which courses count, does not.
        return self._but(read="all", _attended={}, _authorized={}, _counts_where={})

    def _but(self, **changed: Any) -> Record:
        other = object.__new__(Record)
        other.__dict__.update(self.__dict__, **changed)
        return other

    def tells(self, name: str) -> bool:
        """Whether a fact is said outright, or supposed."""
        return name in self.supposed or name in self._findings

    def stated(self, spec: FactSpec) -> Value:
        """Return what is said of a fact: in the findings, else in the diagnoses, else as its silence means."""
        if spec.name in self.supposed:
            return self.supposed[spec.name]
        given = self.finding(spec.name)
        if given is not None:
            return merge(given, spec.type, spec.silence)
        if spec.requested or spec.not_requested:
            worded = self._worded(spec)
            if worded is not None:
                return worded
        if spec.words or spec.icd9 or spec.icd10:
            diagnosed = self._diagnosed(spec)
            if diagnosed is not None:
                return diagnosed
        return self.unmentioned(spec)

    def _worded(self, spec: FactSpec) -> Value | None:
        for words, number in ((spec.requested, 1), (spec.not_requested, 0)):
            if words and says(words, self._service):
                return known(number, note="in the words of the request")
        return None

    def unmentioned(self, spec: FactSpec) -> Value:
        """Return a fact that the case does not mention: missing where its words may speak of it all the same."""
        if spec.told_by is not None and self._is_stated(spec.told_by):
            return missing(spec.type, "another finding speaks of it")
        if (spec.words and self._may_speak_of(spec.words)) or (spec.hints and self._may_speak_of(spec.hints)):
            return missing(spec.type, "the words of the request or a diagnosis may speak of it")
        return unmentioned(spec.type, spec.silence, "all" if spec.in_request else self.read)

    def _is_stated(self, name: str) -> bool:
        given = self.finding(name)
        return given is not None and merge(given, FactType.boolean(), "unknown").low == 1

    def _may_speak_of(self, words: tuple[str, ...]) -> bool:
        return says(words, self._service) or self.whole.diagnosed_in(words)

    @cached_property
    def _service(self) -> str:
        """The words of the request, in lower case and plain letters: "0.0375 %" is "0.0375%"."""
        return plain(self.item.service).lower().replace(" %", "%")

    @cached_property
    def speaks_of_an_operation(self) -> bool:
        """Whether the words of the request, or a diagnosis, tell of an operation that may have been done."""
        if self.whole.speaks_of_an_operation:
            return True
        # a request for an operation names that one
        asked_for = self.treatment is not None and SURGERY in self.treatment.lineage
        return not asked_for and OPERATED.search(self._service) is not None

    def _diagnosed(self, spec: FactSpec) -> Value | None:
        diagnosis = self.whole.diagnosis_of(spec)
        return None if diagnosis is None else known(1, note="diagnosed", evidence=diagnosis.evidence)

    @cached_property
    def unit(self) -> str:
        """The unit a bare number of the item is in: as its other amounts state, else the treatment's own."""
        item = self.item
        stated = (
            each.unit for group in (item.in_dispute, item.asked, item.authorized) for each in group or ()
        )
        return next((unit for unit in stated if unit), self.treatment.unit if self.treatment else "item")

    def reconciled(self, name: str, work_out: Derive, spec: FactSpec) -> Value:
        """Return a fact as it is worked out, held against a finding of that ``name``, read as ``spec`` says."""
        if name in self.supposed:
            return self.supposed[name]
        given, found = self.finding(name), work_out(self, spec)
        return found if given is None else reconcile(merge(given, spec.type, spec.silence), found)

    def held_against(self, opposites: Iterable[str], found: Value) -> Value:
        """Return a fact, or that documents disagree about it, where the record says outright that an opposite is so."""
        for name in opposites:
            if self.tells(name):
                other = self.stated(self.vocabulary.facts[name])
                if other.low == 1:
                    return reconcile(known(0, evidence=other.evidence), found)
        return found

    def finding(self, name: str) -> tuple[Recorded, ...] | None:
        """Return what is said outright of a fact: of the item, else of the whole case."""
        return self._findings.get(name)

    @cached_property
    def continues(self) -> bool:
        """Whether the request is said to continue earlier care."""
        if self.item.course == "continuing":
            return True
        given = self.finding("first_course")
        return given is not None and merge(given, FactType.boolean(), "unknown").high == 0

    @property
    def measurements(self) -> Mapping[str, list[Measurement]]:
        """The scores by the name of their instrument, in the order the case gives them."""
        return self.whole.measurements

    @cached_property
    def discipline(self) -> tuple[Course, ...]:
        """The courses that are, or may be, of the item's discipline."""
        return tuple(course for course in self.case.history if self.alike(course) is not False)

    @cached_property
    def courses_here(self) -> tuple[Course, ...]:
        """The courses that are, or may be, of the item's discipline and for its body region."""
        return tuple(course for course in self.case.history if self.here(course) is not False)

    def alike(self, course: Course) -> bool | None:
        """Whether a course was of the item's discipline; None where its name is too broad to tell.

        An item that asks for several kinds at once (physical or occupational therapy) counts the courses of
        each; a course recorded only by such a broader name may have been of the item's kind.
        """
        if self.treatment is None:
            return False
        given = self.vocabulary.treatments[course.treatment]
        if given.discipline == self.treatment.discipline or self.treatment.name in given.lineage:
            return True
        return None if given.name in self.treatment.lineage else False

    def alike_after_surgery(self, course: Course) -> bool | None:
        """Whether a course counts beside the item after an operation: all of physical medicine counts together."""
        given = self.vocabulary.treatments[course.treatment]
        if self.treatment is not None and self.treatment.postsurgical and given.postsurgical:
            return True
        return self.alike(course)

    def here(self, course: Course) -> bool | None:
        """Whether a course was of the item's discipline and for its body region."""
        return both(self.alike(course), self.same_region(course.body_part))

    def same_region(self, part: BodyPart | None) -> bool | None:
        """Whether a part of the body is the item's; None where the record leaves it open."""
        named = self.item.body_part or part
        if named is None:
            return True
        if part is None or self.item.body_part is None:
            return True if self.whole.regions_named <= {named.region} else None
        return same_region(part.region, self.item.body_part.region)

    @cached_property
    def operations(self) -> tuple[Surgery, ...]:
        """The operations of the case, but for those that certainly came after the request, each with the part its words name."""
        return tuple(each for each in self.whole.surgeries if not self._after_the_request(each))

    def _after_the_request(self, surgery: Surgery) -> bool:
        day = surgery.date.window if surgery.date else None
        return day is not None and self.as_of is not None and day.first > self.as_of.last

    def _of_its_part(self, surgery: Surgery) -> bool:
        """Whether an operation may be one on the item's part of the body."""
        part = surgery.body_part
        return self.same_region(part) is not False and not other_side(part, self.item.body_part)

    @cached_property
    def surgery(self) -> Surgery | None:
        """The latest operation on the item's part of the body, or the latest of all where it names none."""
        fitting = [each for each in self.operations if self._of_its_part(each)]
        dated = [each for each in fitting if each.date and each.date.window]
        if dated:
            return max(dated, key=lambda each: each.date.window.last)  # type: ignore[union-attr]
        return fitting[-1] if fitting else None

    @property
    def surgery_window(self) -> Window | None:
        """The days that operation may have been on."""
        surgery = self.surgery
        return surgery.date.window if surgery is not None and surgery.date else None

    @cached_property
    def injury_window(self) -> Window | None:
        """The days the injury may have been on."""
        injury = self.case.injury
        return injury.date.window if injury.date else None

    def rows_of(self, surgery: Surgery) -> tuple[str, ...]:
        """Return the row of the postsurgical table that an operation belongs to: as stated, else as its words tell."""
        if surgery.procedure is not None:
            return (surgery.procedure,)
        if surgery.text is None:
            return ()
        part = surgery.body_part or self.item.body_part
        return self.whole.procedures_told(surgery.text, part.region if part else None)

    def operations_with(self, surgery: Surgery) -> Iterator[Surgery]:
        """Yield the operations of ``surgery``'s day that bear on the item, itself included."""
        for each in self.operations:
            if self._of_its_part(each) and surgery.date is not None and each.date == surgery.date:
                yield each


def attended_once(derive: Derive) -> Derive:
    """Work out once what was attended before; an exact count is the same for every fact in its unit, whatever its range.

    No fact that is supposed changes it, but for another count of what was attended.
    """
    return _once(derive, lambda record: record._attended)


def authorized_once(derive: Derive) -> Derive:
    """Work out once what is authorized and not yet used, as :func:`attended_once`.

    No fact that is supposed changes it, but for another such count, and that some count of what was attended is told.
    """
    return _once(derive, lambda record: record._authorized)


def asked_once(derive: Derive) -> Derive:
    """Work an amount of the request out once, as :func:`attended_once`: no fact that is supposed changes it."""
    return _once(derive, lambda record: record._asked)


def _once(derive: Derive, kept: Callable[[Record], _Counts]) -> Derive:
    @wraps(derive)
    def remembered(self: Record, spec: FactSpec) -> Value:
        kind, counts = spec.type, kept(self)
        found = counts.get((derive, kind.unit, None))
        if found is None or found.high > kind.high:
            found = counts.get((derive, kind.unit, spec.name))
        if found is None:
            found = derive(self, spec)
            exact = found.low == found.high and found.state == "known"
            counts[derive, kind.unit, None if exact else spec.name] = found
        return found

    return remembered


def _for_its_operation(item: DisputedItem, case: Case, vocabulary: Vocabulary) -> DisputedItem:
    """Return an item that follows another and names no part of the body as one for that one's part."""
    principal = case.principal_of(item) if item.body_part is None else None
    part = part_named(principal, vocabulary) if principal is not None else None
    return item if part is None else item.model_copy(update={"body_part": part})


def other_side(one: BodyPart | None, other: BodyPart | None) -> bool:
    """Whether two parts of the body are certainly on different sides."""
    sides = {part.side for part in (one, other) if part is not None and part.side}
    return len(sides) == 2 and "bilateral" not in sides


def both(one: bool | None, other: bool | None) -> bool | None:
    """Return ``one and other`` over three values."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True
