"""From the structured parts of a case to the facts rules ask for: counts, intervals, trends.

One :class:`Record` reads one disputed item of one case. ``DERIVED`` names every fact worked out here; the
dictionary declares the same names, and loading a rulebook checks that the two agree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache, wraps
from typing import TYPE_CHECKING, Any

from imr_rules._dates import PartialDate, Window
from imr_rules.facts.values import FactType, State, Value, say_value

if TYPE_CHECKING:
    from imr_rules.case import Amount, BodyPart, Case, Course, DisputedItem, Measurement, Recorded, Surgery
    from imr_rules.rulebook.model import FactSpec, ImportantChange, Instrument, Treatment
    from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["DERIVED", "RESTS_ON", "Record", "known", "merge", "missing"]

_Derive = Callable[["Record", "FactSpec"], Value]

NO = Value("known", 0, 0)
YES = Value("known", 1, 1)
NONE_RECORDED = Value("known", 0, 0, note="none recorded", assumed=True)
VISITS = FactType.integer(0, 10_000, "visit")
_DOUBT = re.compile(r"\b(?:rule[sd]? out|r/o|possible|suspected|history of|status post|s/p)\b")


@lru_cache(maxsize=256)
def _any_word(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b{re.escape(word)}\b" for word in words))


def known(number: int, *, note: str = "", assumed: bool = False, evidence: tuple[object, ...] = ()) -> Value:
    """Return a number, date ordinal or truth that is known."""
    return Value("known", number, number, note=note, assumed=assumed, evidence=evidence)


def missing(kind: FactType, note: str = "") -> Value:
    """Return a fact that nobody has looked up."""
    return Value("missing", kind.low, kind.high, note=note)


def _between(
    low: int, high: int, kind: FactType, *, note: str = "", evidence: tuple[object, ...] = ()
) -> Value:
    """Return a number between two bounds, held within its type."""
    if low == high and kind.low <= low <= kind.high:
        return Value("known", low, high, note=note, evidence=evidence)
    low, high = max(low, kind.low), min(high, kind.high)
    if low > high:
        return Value("missing", kind.low, kind.high, conflict=True, note="outside what is possible")
    if (low, high) == (kind.low, kind.high) and low != high:
        return Value("missing", low, high, note=note, evidence=evidence)
    return Value("known" if low == high else "bounded", low, high, note=note, evidence=evidence)


def _plus(values: Sequence[Value], kind: FactType) -> Value:
    """Return the sum of counts: unknown parts make it bounded, and it is as silent as they are."""
    low = high = 0
    evidence: tuple[object, ...] = ()
    for value in values:
        low += value.low
        high += value.high
        evidence += value.evidence
    if low == high:
        total = _between(low, high, kind, evidence=evidence)
        return total._replace(assumed=True) if all(value.assumed for value in values) else total
    note = "; ".join(dict.fromkeys(value.note for value in values if value.note and not value.exact))
    total = _between(low, high, kind, note=note, evidence=evidence)
    if total.exact:
        return total
    open_parts = [value for value in values if not value.exact]
    silent = all(value.silent for value in open_parts)
    state: State = "undocumented" if all(v.state == "undocumented" for v in open_parts) else total.state
    return total._replace(silent=silent, state=state, conflict=any(value.conflict for value in values))


def merge(statements: Sequence[Recorded], kind: FactType, silence: str) -> Value:
    """Read all that the record says of one fact as one value.

    Statements that disagree give bounds over all of them, flagged as a conflict. Statements that the type
    does not allow were refused before, by :func:`imr_rules.facts.check.check`.
    """
    if len(statements) == 1 and kind.kind in ("integer", "boolean"):  # nearly always
        only = statements[0]
        if only.value is not None:
            number = int(only.value)
            return Value("known", number, number, evidence=only.evidence)
    low: int | None = None
    high: int | None = None
    words: set[str] = set()
    agreed = True
    evidence: tuple[object, ...] = ()
    searched: list[str] = []
    unseen = False
    for statement in statements:
        evidence += statement.evidence
        if statement.undocumented is not None:
            searched += statement.undocumented
        elif statement.missing is not None:
            unseen = True
        elif kind.kind == "choice":
            words.add(str(statement.value))
        else:
            first, last = _extent(statement, kind)
            agreed = agreed and low in (None, first) and high in (None, last)
            low = first if low is None else min(low, first)
            high = last if high is None else max(high, last)
    if words:
        if len(words) == 1:
            return Value("known", 0, 0, text=words.pop(), evidence=evidence)
        return Value("bounded", 0, 1, conflict=True, note="documents disagree", evidence=evidence)
    if low is not None and high is not None:
        state: State = "known" if low == high else "bounded"
        return Value(
            state,
            low,
            high,
            conflict=not agreed,
            note="" if agreed else "documents disagree",
            evidence=evidence,
        )
    if unseen:
        return missing(kind, "could not be read")._replace(evidence=evidence)
    if silence == "absent":
        return known(0, note="none recorded", assumed=True, evidence=evidence)
    note = "searched: " + "; ".join(dict.fromkeys(searched))
    return Value(
        "undocumented", kind.low, kind.high, silent=silence == "against_request", note=note, evidence=evidence
    )


def _extent(statement: Recorded, kind: FactType) -> tuple[int, int]:
    value = statement.value
    if value is None:
        low = kind.low if statement.at_least is None else statement.at_least
        high = kind.high if statement.at_most is None else statement.at_most
        return low, high
    if kind.kind == "date":
        window = PartialDate.parse(str(value)).window
        return (
            (kind.low, kind.high) if window is None else (window.first.toordinal(), window.last.toordinal())
        )
    return int(value), int(value)


def _exact_once(derive: _Derive) -> _Derive:
    """Work an exact count out once: it is the same for every fact in its unit, whatever that fact's range."""

    @wraps(derive)
    def remembered(self: Record, spec: FactSpec) -> Value:
        kind = spec.type
        key = derive, kind.unit
        found = self._counts.get(key)
        if found is None or found.high > kind.high:
            found = derive(self, spec)
            if found.low == found.high and found.state == "known":
                self._counts[key] = found
        return found

    return remembered


class Record:
    """What one case says about one disputed item, fact by fact.

    Args:
        case: the case.
        item: the disputed item.
        treatment: what is asked for, where it was recognised.
        as_of: the days the request may date from, where they are known.
        vocabulary: the rulebook's names.
        principal: what was suggested for the item this one follows; None where it follows none.
    """

    def __init__(
        self,
        case: Case,
        item: DisputedItem,
        treatment: Treatment | None,
        as_of: Window | None,
        vocabulary: Vocabulary,
        principal: str | None = None,
    ) -> None:
        self.case, self.item, self.treatment = case, item, treatment
        self.as_of, self.vocabulary, self.principal = as_of, vocabulary, principal
        self._counts: dict[tuple[_Derive, str | None], Value] = {}

    def value(self, spec: FactSpec) -> Value:
        """Return what is known of one fact."""
        given = self._finding(spec.name)
        if spec.derived:
            derive = DERIVED.get(spec.name)
            found = derive(self, spec) if derive else self._instrument_fact(spec)
            if given is None:
                return found
            return _reconcile(merge(given, spec.type, spec.silence), found)
        if given is not None:
            return merge(given, spec.type, spec.silence)
        if spec.words or spec.icd9 or spec.icd10:
            diagnosed = self._diagnosed(spec)
            if diagnosed is not None:
                return diagnosed
        if spec.silence == "absent":
            return NONE_RECORDED
        return missing(spec.type)

    # -- diagnoses ---------------------------------------------------------------------------------

    def _diagnosed(self, spec: FactSpec) -> Value | None:
        for diagnosis in self.case.diagnoses:
            text = diagnosis.text.lower()
            if _DOUBT.search(text):
                continue
            if (
                (spec.words and _any_word(spec.words).search(text))
                or (diagnosis.icd9 and diagnosis.icd9.startswith(spec.icd9))
                or (diagnosis.icd10 and diagnosis.icd10.startswith(spec.icd10))
            ):
                return known(1, note="diagnosed", evidence=diagnosis.evidence)
        return None

    @cached_property
    def unit(self) -> str:
        """The unit a bare number of the item is in: as its other amounts state, else the treatment's own."""
        item = self.item
        stated = (
            each.unit for group in (item.in_dispute, item.asked, item.authorised) for each in group or ()
        )
        return next((unit for unit in stated if unit), self.treatment.unit if self.treatment else "item")

    # -- amounts -----------------------------------------------------------------------------------

    def amount(self, statements: Sequence[Amount] | None, kind: FactType, silence: str = "unknown") -> Value:
        """Return one of the item's quantities in the unit of ``kind``; nothing converts by itself."""
        if statements is None:
            return missing(kind)
        default = self.unit
        for statement in statements:
            unit = statement.unit or default
            if unit != kind.unit:
                return self._converted(statements, str(unit), kind)
        return merge(statements, kind, silence)

    def _converted(self, statements: Sequence[Amount], unit: str, kind: FactType) -> Value:
        lineage = self.treatment.lineage if self.treatment else ()
        conversion = self.vocabulary.conversion(unit, str(kind.unit), lineage, self.as_of)
        if conversion is None or any((each.unit or unit) != unit for each in statements):
            return missing(kind, f"stated in another unit ({unit})")
        found = merge(statements, FactType.integer(0, 10 * kind.high, unit), "unknown")
        times, per = conversion.numerator, conversion.denominator
        if found.state in ("missing", "undocumented"):
            return found._replace(low=kind.low, high=kind.high)
        low, high = -(-found.low * times // per), -(-found.high * times // per)
        return _between(low, high, kind, note=f"converted from {unit}s", evidence=found.evidence)

    @_exact_once
    def asked(self, spec: FactSpec) -> Value:
        """Return the amount first asked for, else worked out: from frequency and duration, or from timed codes."""
        if self.item.asked is not None:
            return self.amount(self.item.asked, spec.type, spec.silence)
        if self.item.in_dispute is not None and self.item.authorised is None:
            return missing(spec.type)
        paced = self._paced(spec.type)
        return self._timed(spec.type) if paced.state == "missing" else paced

    def _timed(self, kind: FactType) -> Value:
        """Return what the item's codes come to, where each of them stands for a length of time."""
        minutes = self.vocabulary.minutes(self.item.codes)
        lineage = self.treatment.lineage if self.treatment else ()
        conversion = self.vocabulary.conversion("unit15", str(kind.unit), lineage, self.as_of)
        if minutes is None or conversion is None:
            return missing(kind)
        count = -(-minutes * conversion.numerator // (15 * conversion.denominator))
        return _between(count, count, kind, note=f"{minutes} minutes by the codes")

    def _paced(self, kind: FactType) -> Value:
        frequency, duration = self.item.frequency, self.item.duration
        if frequency is None or duration is None or frequency.per != duration.unit or kind.unit != self.unit:
            return missing(kind)
        times = merge(frequency.times, FactType.integer(0, 1000, kind.unit), "unknown")
        return _between(
            times.low * duration.value, times.high * duration.value, kind, note="frequency times duration"
        )

    @_exact_once
    def granted(self, spec: FactSpec) -> Value:
        """Return what utilization review authorised of this very request."""
        if self.item.authorised is not None:
            return self.amount(self.item.authorised, spec.type)
        review = self.item.utilization_review
        if review is None or review.decision != "modified":
            return NONE_RECORDED
        return missing(spec.type, "review approved part of the request, and how much is not stated")

    @_exact_once
    def in_dispute(self, spec: FactSpec) -> Value:
        """Return the amount still in dispute: stated, or what was asked less what was authorised."""
        if self.item.in_dispute is not None:
            return self.amount(self.item.in_dispute, spec.type, spec.silence)
        asked, granted = self.asked(spec), self.granted(spec)
        if asked.state == "undocumented":
            return asked
        if not asked.exact and asked.state == "missing":
            return asked
        return _between(
            asked.low - granted.high,
            asked.high - granted.low,
            spec.type,
            note=asked.note,
            evidence=asked.evidence,
        )

    # -- earlier courses ---------------------------------------------------------------------------

    @cached_property
    def _discipline(self) -> tuple[Course, ...]:
        """The courses that are, or may be, of the item's discipline."""
        return tuple(course for course in self.case.history if self._alike(course) is not False)

    def _courses(self, unit: str | None) -> tuple[Course, ...]:
        """The courses to count in a unit; where none is recorded here, the one that a finding counts."""
        recorded = self._discipline
        given = self._finding(_named("attended", unit))
        if given is None or self.treatment is None or any(self._here(each) is not False for each in recorded):
            return recorded
        from imr_rules.case import Amount, Course

        attended = tuple(
            Amount.model_construct(**dict(each), unit=unit)  # type: ignore[arg-type]  # the unit of a fact
            for each in given
        )
        counted = Course.model_construct(
            treatment=self.treatment.name, body_part=self.item.body_part, attended=attended
        )
        return (*recorded, counted)

    def _alike(self, course: Course) -> bool | None:
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

    def _here(self, course: Course) -> bool | None:
        """Whether a course was of the item's discipline and for its body region."""
        return _both(self._alike(course), self._same_region(course.body_part))

    def _for_region(self, course: Course) -> bool | None:
        """Whether a course was for the item's body region; None where the record leaves it open."""
        return self._same_region(course.body_part)

    @cached_property
    def _regions_named(self) -> set[str]:
        parts: list[BodyPart | None] = [item.body_part for item in self.case.items]
        parts += [course.body_part for course in self.case.history]
        parts += [*(self.case.accepted_body_parts or ())]
        return {part.region for part in parts if part is not None}

    def _same_region(self, part: BodyPart | None) -> bool | None:
        """Whether a part of the body is the item's; None where the record leaves it open."""
        if self.item.body_part is None:
            return True
        if part is None:
            return True if self._regions_named <= {self.item.body_part.region} else None
        return part.region == self.item.body_part.region

    def _since_surgery(self, course: Course) -> bool | None:
        if course.after_surgery is not None:
            return course.after_surgery
        if self._surgery is None:  # none recorded, or one still to be done
            return False
        surgery = self._surgery_window
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
        self,
        kind: FactType,
        part: str,
        counts: Callable[[Course], bool | None] = lambda course: True,
        silence: str = "unknown",
    ) -> Value:
        """Return the visits of all courses that count; one that may count is bounded below by nothing."""
        values = []
        for course in self._courses(kind.unit):
            belongs = _both(self._alike(course), counts(course))
            if belongs is False:
                continue
            statements = course.attended if part == "attended" else course.authorised_unused
            if statements is None:
                found = missing(kind, "a course is recorded without its count") if part == "attended" else NO
            else:
                found = self.amount(statements, kind, silence)
            if (
                part == "attended"
                and found.low == 0 < found.high
                and kind.unit in _COUNTED
                and self._begun(course)
            ):
                found = found._replace(low=1, state="bounded" if found.state == "missing" else found.state)
            if belongs is None:
                note = "a course is recorded that may or may not belong here"
                found = Value("bounded", 0, found.high, note=note, evidence=found.evidence)
            values.append(found)
        if not values:
            if part == "attended" and self._continues:
                return _between(
                    1, kind.high, kind, note="the request is a continuation, and no course is recorded"
                )
            return NONE_RECORDED
        total = _plus(values, kind)
        continued = part == "attended" and self._continues and kind.unit in _COUNTED
        if continued and total.low == 0 < total.high:
            # Which of the courses is continued may be open; that one of them is, is not.
            total = total._replace(low=1, state="bounded" if total.state == "missing" else total.state)
        return total

    def _outside_surgery(self, course: Course) -> bool | None:
        """Whether a course counts towards the statutory cap: one given for a surgery does not.

        Labor Code 4604.5(c)(3): the cap does not apply to visits under the postsurgical guidelines.
        """
        if course.after_surgery is not None:
            return not course.after_surgery
        if not self.case.surgeries:
            return True
        surgeries = [each.date.window for each in self.case.surgeries if each.date and each.date.window]
        until = course.until.window if course.until else None
        if until is not None and len(surgeries) == len(self.case.surgeries):
            return True if all(until.last < surgery.first for surgery in surgeries) else None
        return None

    @_exact_once
    def prior_visits(self, spec: FactSpec) -> Value:
        """Return visits attended before: this discipline, this body region."""
        return self._count(spec.type, "attended", self._for_region, spec.silence)

    @_exact_once
    def prior_visits_claim(self, spec: FactSpec) -> Value:
        """Return visits attended before: this discipline, the whole claim, courses after a surgery left out."""
        return self._count(spec.type, "attended", self._outside_surgery, spec.silence)

    @_exact_once
    def prior_visits_since_surgery(self, spec: FactSpec) -> Value:
        """Return visits attended since the surgery: this discipline."""
        return self._count(spec.type, "attended", self._since_surgery, spec.silence)

    @_exact_once
    def authorised(self, spec: FactSpec) -> Value:
        """Return visits authorised and not yet used: in this request, and left over from earlier ones."""
        unused = self._count(spec.type, "unused", self._for_region)
        return _plus([self.granted(spec), unused], spec.type)

    @_exact_once
    def authorised_claim(self, spec: FactSpec) -> Value:
        """Return visits authorised and not yet used on the whole claim, for no surgery."""
        return _plus([self.granted(spec), self._count(spec.type, "unused", self._outside_surgery)], spec.type)

    def _if_granted(self, spec: FactSpec, attended: Value, authorised: Value) -> Value:
        disputed = self._as_found("in_dispute", self.in_dispute(spec), spec)
        return _plus([attended, authorised, disputed], spec.type)

    def visits_if_granted(self, spec: FactSpec) -> Value:
        """Return attended, authorised and disputed visits together: what totals and trials judge."""
        return self._if_granted(spec, *self._here_as_found(spec))

    def visits_if_granted_claim(self, spec: FactSpec) -> Value:
        """Return the same on the whole claim: what the statutory caps judge."""
        attended, authorised = self._here_as_found(spec)
        claim = self._as_found("prior_visits_claim", self.prior_visits_claim(spec), spec)
        return self._if_granted(
            spec,
            _widened(claim, self.prior_visits(spec), attended),
            _widened(self.authorised_claim(spec), self.authorised(spec), authorised),
        )

    def visits_if_granted_since_surgery(self, spec: FactSpec) -> Value:
        """Return the same since the surgery: what a postsurgical course judges."""
        attended, authorised = self._here_as_found(spec)
        since = self._as_found("prior_visits_since_surgery", self.prior_visits_since_surgery(spec), spec)
        return self._if_granted(spec, _widened(since, self.prior_visits(spec), attended), authorised)

    def _here_as_found(self, spec: FactSpec) -> tuple[Value, Value]:
        """Return what was attended here and what is authorised, as a finding has them too."""
        return (
            self._as_found("attended", self.prior_visits(spec), spec),
            self._as_found("authorised", self.authorised(spec), spec),
        )

    def _as_found(self, part: str, found: Value, spec: FactSpec) -> Value:
        """Return a part of a sum as it was worked out, held against a finding of the same count."""
        given = self._finding(_named(part, spec.type.unit))
        return found if given is None else _reconcile(merge(given, spec.type, spec.silence), found)

    def _finding(self, name: str) -> tuple[Recorded, ...] | None:
        return self.item.findings.get(name) or self.case.findings.get(name)

    @cached_property
    def _continues(self) -> bool:
        """Whether the request is said to continue earlier care."""
        if self.item.course == "continuing":
            return True
        given = self._finding("first_course")
        return given is not None and merge(given, FactType.boolean(), "unknown").high == 0

    def first_course(self, spec: FactSpec) -> Value:
        """Return whether no visit of this discipline and region was attended before."""
        if self._continues or any(map(self._was_begun, self._discipline)):
            return NO
        prior = self._count(VISITS, "attended", self._for_region)
        if prior.low > 0:
            return NO
        if prior.high == 0:
            return YES._replace(assumed=prior.assumed and self.item.course != "initial", note=prior.note)
        return YES if self.item.course == "initial" else missing(spec.type, prior.note)

    def _was_begun(self, course: Course) -> bool:
        """Whether a course of this discipline and region certainly began."""
        return self._here(course) is True and self._begun(course)

    def _begun(self, course: Course) -> bool:
        """Whether a course certainly began: a first day, an amount, or visits that nobody counted.

        A course of which nothing is stated, or that has visits authorised and not yet used, may lie ahead.
        """
        stated = course.attended
        if stated is None:
            return course.since is not None
        if all(statement.undocumented for statement in stated):
            return course.since is not None or course.authorised_unused is None
        return all(self._least(statement) > 0 for statement in stated)

    @staticmethod
    def _least(statement: Amount) -> int:
        return statement.at_least or 0 if statement.value is None else statement.value

    def days_of_use(self, spec: FactSpec) -> Value:
        """Return for how many days a drug or device was used before: as counted, else from the course's dates."""
        values = []
        for course in self._discipline:
            belongs = self._here(course)
            if belongs is False:
                continue
            found = self._days_of(course, spec.type)
            values.append(found if belongs else Value("bounded", 0, found.high, evidence=found.evidence))
        if values:
            return _plus(values, spec.type)
        if self.item.course == "continuing":
            return _between(
                1, spec.type.high, spec.type, note="the request is a continuation, and no course is recorded"
            )
        return NONE_RECORDED

    def _days_of(self, course: Course, kind: FactType) -> Value:
        if course.attended is not None and {each.unit for each in course.attended} <= _DAYS.keys():
            return self._in_days(course.attended, kind)
        since = course.since.window if course.since else None
        until = course.until.window if course.until else self.as_of
        if since is None or until is None:
            return missing(kind, "a course is recorded without its length")
        return _between(
            (until.first - since.last).days, (until.last - since.first).days, kind, evidence=course.evidence
        )

    def _in_days(self, statements: Sequence[Amount], kind: FactType) -> Value:
        units = {str(each.unit or self.unit) for each in statements}
        if len(units) != 1 or not units <= _DAYS.keys():
            return missing(kind, "stated in another unit")
        times = _DAYS[units.pop()]
        found = merge(statements, FactType.integer(0, kind.high // times), "against_request")
        if found.state in ("missing", "undocumented"):
            return found._replace(low=kind.low, high=kind.high)
        return _between(found.low * times, found.high * times, kind, evidence=found.evidence)

    def days_requested(self, spec: FactSpec) -> Value:
        """Return for how many days the whole request asks: its amounts in time, else its duration.

        What utilization review authorised of it counts too: a limit judges the course as it would be.
        """
        item = self.item
        if item.asked is not None and {str(each.unit or self.unit) for each in item.asked} <= _DAYS.keys():
            return self._in_days(item.asked, spec.type)
        if item.duration is not None:
            return known(item.duration.value * _DAYS[item.duration.unit])
        if (
            item.in_dispute is not None
            and {str(each.unit or self.unit) for each in item.in_dispute} <= _DAYS.keys()
        ):
            parts = [self._in_days(item.in_dispute, spec.type)]
            parts += [self._in_days(item.authorised, spec.type)] if item.authorised is not None else []
            return _plus(parts, spec.type)
        silent = [
            each for group in (item.asked, item.in_dispute) for each in group or () if each.undocumented
        ]
        if silent:
            return merge(silent, spec.type, spec.silence)
        return missing(spec.type)

    # -- time --------------------------------------------------------------------------------------

    def _elapsed(self, since: Window | None, kind: FactType, days: int) -> Value:
        if since is None or self.as_of is None:
            return missing(kind, "a date is not known")
        low = (self.as_of.first - since.last).days // days
        high = (self.as_of.last - since.first).days // days
        return _between(low, high, kind)

    @cached_property
    def _injury_window(self) -> Window | None:
        injury = self.case.injury
        return injury.date.window if injury.date else None

    @cached_property
    def _surgery(self) -> Surgery | None:
        """The latest operation on the item's body region, or the latest of all where it names none."""
        fitting = [each for each in self.case.surgeries if self._same_region(each.body_part) is not False]
        dated = [each for each in fitting if each.date and each.date.window]
        if dated:
            return max(dated, key=lambda each: each.date.window.last)  # type: ignore[union-attr]
        return fitting[-1] if fitting else None

    def _together(self, surgery: Surgery) -> Iterator[Surgery]:
        """Yield the operations of ``surgery``'s day that bear on the item, itself included."""
        for each in self.case.surgeries:
            if (
                self._same_region(each.body_part) is not False
                and surgery.date is not None
                and each.date == surgery.date
            ):
                yield each

    @property
    def _surgery_window(self) -> Window | None:
        surgery = self._surgery
        return surgery.date.window if surgery is not None and surgery.date else None

    def injury_date(self, spec: FactSpec) -> Value:
        """Return the day of injury."""
        return _day(self._injury_window, spec.type, self.case.injury.evidence)

    def request_date(self, spec: FactSpec) -> Value:
        """Return the day of the request, as far as it was established for this item."""
        return _day(self.as_of, spec.type, self.case.request.evidence)

    def surgery_date(self, spec: FactSpec) -> Value:
        """Return the day of the operation that this item's courses follow."""
        surgery = self._surgery
        return _day(self._surgery_window, spec.type, surgery.evidence if surgery else ())

    def weeks_since_injury(self, spec: FactSpec) -> Value:
        """Return whole weeks from injury to request."""
        return self._elapsed(self._injury_window, spec.type, 7)

    def days_since_injury(self, spec: FactSpec) -> Value:
        """Return days from injury to request."""
        return self._elapsed(self._injury_window, spec.type, 1)

    def weeks_since_start(self, spec: FactSpec) -> Value:
        """Return whole weeks from the start of the first course of this discipline and region."""
        courses = [(course, self._here(course)) for course in self._discipline]
        starts = [
            course.since.window for course, here in courses if here and course.since and course.since.window
        ]
        if not starts:
            return missing(spec.type, "a date is not known")
        first = min(window.first for window in starts)
        undated = any(
            course.since is None or course.since.window is None or course.since.window.first < first
            for course, here in courses
            if here is not False
        )
        known_start = Window(first, min(window.last for window in starts))
        found = self._elapsed(known_start, spec.type, 7)
        if not undated or found.state == "missing":
            return found
        return _between(found.low, spec.type.high, spec.type, note="an earlier course may have begun before")

    def weeks_since_surgery(self, spec: FactSpec) -> Value:
        """Return whole weeks from the operation to the request."""
        return self._elapsed(self._surgery_window, spec.type, 7)

    def months_since_surgery(self, spec: FactSpec) -> Value:
        """Return whole calendar months from the operation to the request."""
        since = self._surgery_window
        if since is None or self.as_of is None:
            return missing(spec.type, "a date is not known")
        return _between(
            _months(since.last, self.as_of.first), _months(since.first, self.as_of.last), spec.type
        )

    def surgery_done(self, spec: FactSpec) -> Value:
        """Return whether the record holds an operation on the item's body region."""
        surgery = self._surgery
        if surgery is None:
            return NONE_RECORDED
        if self._same_region(surgery.body_part) is None:
            return missing(spec.type, "an operation is recorded without its body part")
        return known(1, evidence=surgery.evidence)

    def postsurgical_procedure(self, spec: FactSpec) -> Value:
        """Return the row of the postsurgical table that the operation belongs to."""
        surgery = self._surgery
        if surgery is None or surgery.procedure is None:
            return missing(spec.type)
        if surgery.procedure not in spec.type.choices:
            return missing(spec.type, "the operation is not in the table")
        if any(each.procedure != surgery.procedure for each in self._together(surgery)):
            return missing(spec.type, "several operations of one day")
        return Value("known", 0, 0, text=surgery.procedure, evidence=surgery.evidence)

    # -- worker and body part ----------------------------------------------------------------------

    def age(self, spec: FactSpec) -> Value:
        """Return the worker's age at the request."""
        given = self.case.worker.age
        return missing(spec.type) if given is None else merge(given, spec.type, spec.silence)

    def body_region(self, spec: FactSpec) -> Value:
        """Return the body region the request names."""
        part = self.item.body_part
        return missing(spec.type) if part is None else Value("known", 0, 0, text=part.region)

    # -- principal ---------------------------------------------------------------------------------

    def follows_principal(self, spec: FactSpec) -> Value:
        """Return whether this item stands or falls with another."""
        return YES if self.item.follows else NO

    def principal_supported(self, spec: FactSpec) -> Value:
        """Return whether the item this one follows is supported: unknown while that one is under review."""
        if self.principal in ("overturn", "uphold"):
            return YES if self.principal == "overturn" else NO
        return missing(spec.type, "the principal item needs review" if self.item.follows else "")

    # -- response ----------------------------------------------------------------------------------

    def _scores(self, instrument: Instrument) -> list[tuple[Measurement, Value]]:
        """Return one instrument's scores in the order measured."""
        kind = FactType.integer(instrument.low, instrument.high, "point")
        found = []
        for each in self.case.measurements:
            if self.vocabulary.instrument(each.instrument) is instrument:
                score = merge(each.score, kind, "unknown")
                found.append((each, score._replace(evidence=score.evidence + each.evidence)))
        windows = [each.date.window if each.date else None for each, _ in found]
        if all(window is not None for window in windows):
            order = sorted(range(len(found)), key=lambda index: windows[index])  # type: ignore[arg-type,return-value]
            return [found[index] for index in order]
        return found

    def _scores_in_words(self, spec: FactSpec) -> Value:
        said: list[str] = []
        evidence: tuple[object, ...] = ()
        for instrument in self.vocabulary.instruments.values():
            scores = self._scores(instrument)
            if scores:
                (first, baseline), (_, latest) = scores[0], scores[-1]
                kind = FactType.integer(instrument.low, instrument.high)
                label = first.instrument
                said.append(
                    f"{label} {say_value(baseline, kind)}"
                    + (f" to {say_value(latest, kind)}" if len(scores) > 1 else "")
                )
                evidence += baseline.evidence + (latest.evidence if len(scores) > 1 else ())
        if not said:
            return missing(spec.type, "none recorded")
        return Value("known", 0, 0, text=", ".join(said), evidence=evidence)

    def _instrument_fact(self, spec: FactSpec) -> Value:
        if spec.name == "scores":
            return self._scores_in_words(spec)
        name, _, part = spec.name.rpartition("_")
        instrument = self.vocabulary.instruments[name]
        scores = self._scores(instrument)
        if not scores:
            return missing(spec.type)
        baseline, latest = scores[0][1], scores[-1][1]
        if part == "baseline":
            return baseline
        if part == "latest":
            return latest
        if part == "band":
            return self._band(instrument, latest, spec.type)
        if len(scores) < 2:
            return missing(spec.type, "one score alone shows no change")
        change = _gain(instrument, baseline, latest, spec.type if part == "change" else _span(instrument))
        change = change._replace(evidence=baseline.evidence + latest.evidence)
        if part == "change":
            return change
        return _trend(change, spec.type)

    def _band(self, instrument: Instrument, score: Value, kind: FactType) -> Value:
        editions = [self.vocabulary.instruments[name] for name in instrument.editions] or [instrument]
        names = {
            band
            for edition in editions
            for band, low, high in edition.bands
            if low <= score.high and score.low <= high
        }
        if not all(edition.bands for edition in editions):
            return missing(kind, "not every reading has bands")
        if score.state in ("known", "bounded") and len(names) == 1:
            return Value("known", 0, 0, text=names.pop(), evidence=score.evidence)
        return missing(kind, "published readings differ" if instrument.editions else "")

    def measured_response(self, spec: FactSpec) -> Value:
        """Return whether some instrument gained its minimal important difference, and none got worse.

        An instrument whose edition is not stated counts only where every published reading agrees.
        """
        return self._gained(self.vocabulary.instruments.values(), spec)

    def measured_function(self, spec: FactSpec) -> Value:
        """Return the same of the instruments that measure function alone."""
        return self._gained(
            (each for each in self.vocabulary.instruments.values() if each.measures == "function"), spec
        )

    def _gained(self, instruments: Iterable[Instrument], spec: FactSpec) -> Value:
        verdicts: set[bool | None] = set()
        shown, worse = [], []
        evidence: tuple[object, ...] = ()
        for instrument in instruments:
            scores = self._scores(instrument)
            if len(scores) < 2:
                continue
            baseline, latest = scores[0][1], scores[-1][1]
            gain = _gain(instrument, baseline, latest, _span(instrument))
            readings = [self.vocabulary.instruments[name] for name in instrument.editions] or [instrument]
            found = {_important(change, baseline, gain) for reading in readings for change in reading.changes}
            verdict = found.pop() if len(found) == 1 else None
            verdicts.add(verdict)
            if verdict:
                shown.append(instrument.label)
            elif gain.high < 0:
                worse.append(instrument.label)
            evidence += baseline.evidence + latest.evidence
        if not verdicts:
            return missing(spec.type)
        if shown and worse:
            return Value("bounded", 0, 1, conflict=True, note="instruments differ", evidence=evidence)
        if shown:
            return known(1, note=", ".join(shown), evidence=evidence)
        if verdicts == {False}:
            return known(0, note="no important difference measured", evidence=evidence)
        return Value("bounded", 0, 1, note="published readings differ", evidence=evidence)

    def _any_of(self, spec: FactSpec) -> Value:
        """Return whether one of the facts it rests on holds; silent where all that is open is silent."""
        values = [self.value(self.vocabulary.facts[name]) for name in RESTS_ON[spec.name]]
        for value in values:
            if value.low == 1:
                return value
        evidence = tuple(each for value in values for each in value.evidence)
        open_values = [value for value in values if value.low != value.high]
        if not open_values:
            return known(0, evidence=evidence)
        searched = [value for value in open_values if value.state == "undocumented"]
        if len(searched) == len(open_values):
            return searched[0]._replace(silent=spec.silence == "against_request", evidence=evidence)
        return Value("missing", 0, 1, conflict=any(value.conflict for value in values), evidence=evidence)

    def _after_care(self, spec: FactSpec) -> Value:
        """Return whether one of the facts it rests on holds as a response to earlier care of this kind.

        Where no visit was attended yet there is nothing to respond to. A gain that is recorded although no
        earlier visit is leaves it open: one of the two is not in the record.
        """
        found = self._any_of(spec)
        first = self.first_course(self.vocabulary.facts["first_course"])
        if first.low == 0:
            return self._as_silent_as_any_response(found, spec) if found.state == "missing" else found
        if found.low == 1 and first.assumed:
            return missing(spec.type, "a gain is recorded, and no earlier visit")._replace(
                evidence=found.evidence
            )
        return known(0, note="no visit attended yet", assumed=first.assumed)

    def _as_silent_as_any_response(self, found: Value, spec: FactSpec) -> Value:
        """Return what the record says of any response at all, where that denies a special one or is silent."""
        given = self.item.findings.get("response") or self.case.findings.get("response")
        if given is None or spec.name == "response" or found.conflict:
            return found
        response = merge(given, spec.type, spec.silence)
        return response if response.state == "undocumented" or response.high == 0 else found

    def response(self, spec: FactSpec) -> Value:
        """Return whether earlier care helped: an instrument, a measured gain, activities, or a lifted restriction."""
        return self._after_care(spec)

    def objective_improvement(self, spec: FactSpec) -> Value:
        """Return whether function improved objectively: relief of pain alone is a response, and not this."""
        return self._after_care(spec)

    def functional_improvement(self, spec: FactSpec) -> Value:
        """Return the first limb of functional improvement: activities of daily living, or work restrictions.

        8 CCR 9792.20 asks for this limb and for less dependence on care; the second is a fact of its own.
        """
        return self._after_care(spec)


def _named(part: str, unit: str | None) -> str:
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


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Return ``one and other`` over three values."""
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _reconcile(given: Value, found: Value) -> Value:
    """Return what was given, unless what was worked out contradicts it: then both stay possible."""
    if given.state not in ("known", "bounded"):
        return found if found.state in ("known", "bounded") and not found.assumed else given
    if found.state not in ("known", "bounded") or found.assumed:
        return given
    if given.text == found.text and given.low <= found.high and found.low <= given.high:
        return given
    both = given.evidence + found.evidence
    if given.text is not None:
        return Value(
            "bounded", 0, 1, conflict=True, note="the finding and the record disagree", evidence=both
        )
    low, high = min(given.low, found.low), max(given.high, found.high)
    return Value(
        "bounded", low, high, conflict=True, note="the finding and the record disagree", evidence=both
    )


def _day(window: Window | None, kind: FactType, evidence: tuple[object, ...]) -> Value:
    if window is None:
        return missing(kind)
    return _between(window.first.toordinal(), window.last.toordinal(), kind, evidence=evidence)


def _months(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def _span(instrument: Instrument) -> FactType:
    width = instrument.high - instrument.low
    return FactType.integer(-width, width, "point")


def _gain(instrument: Instrument, baseline: Value, latest: Value, kind: FactType) -> Value:
    """Return points gained, counted so that more is better."""
    low, high = baseline.low - latest.high, baseline.high - latest.low
    return _between(low, high, kind) if instrument.lower_is_better else _between(-high, -low, kind)


def _trend(change: Value, kind: FactType) -> Value:
    words = {
        "improved" if change.low > 0 else "",
        "worse" if change.high < 0 else "",
        "unchanged" if change.low == change.high == 0 else "",
    }
    words.discard("")
    if len(words) == 1:
        return Value("known", 0, 0, text=words.pop(), evidence=change.evidence)
    return missing(kind)


def _important(change: ImportantChange, baseline: Value, gain: Value) -> bool | None:
    """Return whether a gain reaches a minimal important difference; None where bounds leave it open."""
    if "missing" in (gain.state, baseline.state):
        return None
    verdicts = {
        (change.points is None or points >= change.points)
        and (change.permille is None or points * 1000 >= change.permille * start)
        for start in (baseline.low, baseline.high)
        for points in (gain.low, gain.high)
    }
    return verdicts.pop() if len(verdicts) == 1 else None


RESTS_ON: Mapping[str, tuple[str, ...]] = {
    "response": ("measured_response", "measured_gain", "activities_improved", "restrictions_reduced"),
    "objective_improvement": (
        "measured_function",
        "measured_gain",
        "activities_improved",
        "restrictions_reduced",
    ),
    "functional_improvement": ("activities_improved", "restrictions_reduced"),
}
"""Derived fact → the facts of which one must hold, for those that are a response to earlier care."""

_COUNTED = frozenset({"visit", "study", "block", "injection"})
"""Units of which a course that began has had at least one."""

_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
"""Days in each unit of time; a month's supply is dispensed as thirty days."""

_OTHER_UNITS = ("hour", "day", "week", "month", "tablet", "study", "block", "level", "injection", "item")

DERIVED: Mapping[str, Callable[[Record, Any], Value]] = {
    name: getattr(Record, name)
    for name in (
        "asked", "in_dispute", "authorised", "prior_visits", "prior_visits_claim", "prior_visits_since_surgery",
        "visits_if_granted", "visits_if_granted_claim", "visits_if_granted_since_surgery", "first_course",
        "injury_date", "request_date", "surgery_date", "weeks_since_injury", "days_since_injury",
        "weeks_since_start", "weeks_since_surgery", "months_since_surgery", "surgery_done",
        "postsurgical_procedure", "age", "body_region", "follows_principal", "principal_supported",
        "measured_response", "measured_function", "response", "objective_improvement", "functional_improvement",
        "days_of_use", "days_requested",
    )
} | {
    # The same counts in other units: an amount is only ever read in the unit of the fact that asks for it.
    f"{unit}s_{part}".replace("studys", "studies"): derive
    for unit in _OTHER_UNITS
    for part, derive in (
        ("in_dispute", Record.in_dispute),
        ("attended", Record.prior_visits),
        ("if_granted", Record.visits_if_granted),
    )
}  # fmt: skip
"""Fact name → how it is worked out, for every derived fact but those of the instruments."""
