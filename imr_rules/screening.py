"""``screen()``: from a case and a rulebook to a suggestion for each disputed item, with cited reasons.

The steps, in order: derive the facts, select the guidelines, evaluate the criteria twice and compare,
suggest, explain. It suggests; a physician decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from imr_rules._dates import Window
from imr_rules._version import __version__
from imr_rules.case import MOST, Case, DisputedItem, Evidence
from imr_rules.consistency import warnings_about
from imr_rules.errors import DisagreementError
from imr_rules.evaluators import durable, reference
from imr_rules.evaluators.reference import Status, open_facts, truth
from imr_rules.explanation import ShownFact, Working, ask_about, fact_as_data, reason_for, shown_facts
from imr_rules.expression import Compare
from imr_rules.facts.check import check
from imr_rules.facts.derive import Record
from imr_rules.facts.values import FactType, Row, Value
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.edition import Edition, edition_of
from imr_rules.rulebook.model import Citation, FactSpec, Treatment
from imr_rules.rulebook.plan import ALWAYS, Plan
from imr_rules.suggestion import ReviewReason, Suggested, Suggestion, replaced_by, suggest

__all__ = [
    "CriterionResult",
    "ItemScreening",
    "MissingFact",
    "Quantity",
    "Question",
    "Screening",
    "Superseded",
    "pose",
    "screen",
]


class Quantity(NamedTuple):
    """A count in a unit: exact, bounded, or not known (then ``low`` and ``high`` are None).

    ``assumed`` where the record says nothing and that means none.
    """

    low: int | None
    high: int | None
    unit: str
    assumed: bool = False

    def to_dict(self) -> dict[str, Any] | None:
        """Return it as plain data; None where it is not known."""
        if self.low is None and self.high is None:
            return None
        if self.low == self.high:
            return {"value": self.low, "unit": self.unit}
        bounds = {"at_least": self.low, "at_most": self.high, "unit": self.unit}
        return {name: each for name, each in bounds.items() if each is not None}


class CriterionResult(NamedTuple):
    """One criterion, judged.

    Attributes:
        id: ``<guideline>#<criterion>``.
        kind: a ``ground`` counts towards the suggestion; a ``caution`` only warns.
        by_analogy: how the case differs from the guideline's situation; None where it does not.
        working: the trees that were judged, and over which facts.
    """

    id: str
    status: Status
    kind: str
    reason: str
    citation: Citation
    facts: tuple[ShownFact, ...]
    require: str
    when: str | None
    by_analogy: str | None
    working: Working

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The statements of the record that this rests on."""
        found = dict.fromkeys(each for fact in self.facts for each in fact.value.evidence)
        return tuple(each for each in found if isinstance(each, Evidence))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "id": self.id,
            "status": self.status,
            "kind": self.kind,
            "reason": self.reason,
            "citation": citation_as_data(self.citation),
            "evidence": evidence_as_data(self.evidence),
            "facts": {fact.name: fact_as_data(fact.value, fact.type) for fact in self.facts},
            "require": self.require,
            "when": self.when,
            "by_analogy": self.by_analogy,
        }


class MissingFact(NamedTuple):
    """A fact that blocks a decision, with the question that supplies it."""

    fact: str
    label: str
    asks: str
    state: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return self._asdict()


class Superseded(NamedTuple):
    """A guideline that another one, which is cited, replaces here."""

    guideline: str
    by: str
    citation: Citation

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"guideline": self.guideline, "by": self.by, "citation": citation_as_data(self.citation)}


class ItemScreening(NamedTuple):
    """What is suggested for one disputed item, and why.

    Attributes:
        grounds: ids of criteria: unmet and undocumented ones for uphold, met ones for overturn.
        headline: the suggestion in words, never as a verdict.
        missing: facts that block a decision.
        ask_for: what a request would have to document, where a ground is silence.
        tier: the tier of the search sequence that decided.
        quantity_within_limits: how much would be within the limits; None where that cannot be said.
        rebuttals: exceptional factors and rebuttals of the guidelines that the record documents.
    """

    item: str
    service: str
    treatment: str | None
    suggestion: Suggestion
    headline: str
    grounds: tuple[str, ...]
    review_reasons: tuple[ReviewReason, ...]
    criteria: tuple[CriterionResult, ...]
    superseded: tuple[Superseded, ...]
    missing: tuple[MissingFact, ...]
    ask_for: tuple[MissingFact, ...]
    warnings: tuple[str, ...]
    asked: Quantity
    authorised: Quantity
    in_dispute: Quantity
    quantity_within_limits: Quantity | None
    edition: Edition
    tier: str | None
    guidelines: tuple[str, ...]
    rebuttals: tuple[ShownFact, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        within = self.quantity_within_limits
        return {
            "item": self.item,
            "service": self.service,
            "treatment": self.treatment,
            "suggestion": self.suggestion,
            "headline": self.headline,
            "grounds": list(self.grounds),
            "review_reasons": list(self.review_reasons),
            "criteria": [each.to_dict() for each in self.criteria],
            "superseded": [each.to_dict() for each in self.superseded],
            "missing": [each.to_dict() for each in self.missing],
            "ask_for": [each.to_dict() for each in self.ask_for],
            "warnings": list(self.warnings),
            "asked": self.asked.to_dict(),
            "authorised": self.authorised.to_dict(),
            "in_dispute": self.in_dispute.to_dict(),
            "quantity_within_limits": within.to_dict() if within else None,
            "edition": {
                "basis": self.edition.basis,
                "from": str(self.edition.window.first) if self.edition.window else None,
                "to": _end(self.edition.window),
                "sources": list(self.edition.sources),
            },
            "tier": self.tier,
            "guidelines": list(self.guidelines),
            "rebuttals": [
                {"fact": each.name, "label": each.label, "evidence": evidence_as_data(each.value.evidence)}
                for each in self.rebuttals
            ],
        }


class Screening(NamedTuple):
    """The screening of a case: one entry an item, and what made it.

    The same case and rulebook always give the same screening, to the byte of its JSON.
    """

    items: tuple[ItemScreening, ...]
    rulebook_digest: str
    rulebook_version: str
    input_digest: str
    engine: str
    case: str | None = None
    as_of: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``imr-rules screen --format json`` prints it."""
        return {
            "case": self.case,
            "items": [each.to_dict() for each in self.items],
            "human_review": "required",
            "as_of": self.as_of,
            "rulebook": {"digest": self.rulebook_digest, "version": self.rulebook_version},
            "input_digest": self.input_digest,
            "engine": self.engine,
        }


def citation_as_data(citation: Citation) -> dict[str, Any]:
    """Return a citation as plain data."""
    period = citation.in_force
    return {
        "source": citation.source,
        "document": citation.document,
        "regulation": citation.regulation,
        "section": citation.section,
        "pages": list(citation.pages),
        "status": citation.status,
        "in_force": {"from": str(period.first), "to": str(period.last) if period.last else None}
        if period
        else None,
        "note": citation.note,
    }


def evidence_as_data(evidence: Iterable[object]) -> list[dict[str, Any]]:
    """Return statements of the record as plain data."""
    return [
        each.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
        for each in evidence
        if isinstance(each, Evidence)
    ]


def _end(window: Window | None) -> str | None:
    return str(window.last) if window is not None and window.last < date.max else None


def engine_name() -> str:
    """Return which evaluators made an answer."""
    if durable.available():
        return f"imr-rules {__version__}; reference and durable-rules, compared"
    return f"imr-rules {__version__}; reference alone, durable-rules {durable.why_unavailable()}"


class Question(NamedTuple):
    """One disputed item, ready to be judged: what :func:`screen` and :func:`what_if` have in common."""

    name: str
    item: DisputedItem
    treatment: Treatment
    edition: Edition
    plan: Plan
    settled: bool
    record: Record
    row: Row

    def judge(self, row: Row) -> list[Status]:
        """Return the status of each criterion of the plan, by the reference alone."""
        return [reference.judge(criterion, row) for criterion in self.plan.criteria]

    def suggest(self, row: Row) -> Suggested:
        """Return the suggestion over ``row``, by the reference alone."""
        return suggest(self.plan, self.judge(row), row, settled=self.settled)


def screen(case: Case, rulebook: Rulebook) -> Screening:
    """Return a suggestion, with its grounds, for each disputed item of a case.

    Items that follow another are judged after it. Every criterion is evaluated by the reference and by
    durable-rules; where the two differ there is no answer.

    Args:
        case: the case.
        rulebook: the rulebook to judge by.

    Raises:
        CaseError: the case names a fact, treatment, body region or instrument that the rulebook does not.
        DisagreementError: the two evaluators differ.
    """
    check(case, rulebook.vocabulary)
    done: dict[str, ItemScreening] = {}
    waiting = dict(case.named_items)
    while waiting:
        for name, item in list(waiting.items()):
            if item.follows is None or item.follows in done:
                principal = done[item.follows].suggestion if item.follows else None
                done[name] = _screen_item(case, name, item, rulebook, principal)
                del waiting[name]
    return Screening(
        items=tuple(done[name] for name, _ in case.named_items),
        rulebook_digest=rulebook.digest,
        rulebook_version=rulebook.version,
        input_digest=case.digest,
        engine=engine_name(),
        case=case.case,
        as_of=str(case.as_of) if case.as_of else None,
    )


def recognise(item: DisputedItem, rulebook: Rulebook) -> Treatment | None:
    """Return the treatment an item asks for: as given, or recognised from its words and codes."""
    vocabulary = rulebook.vocabulary
    name = item.treatment or vocabulary.recognise(item.service, item.codes)
    return vocabulary.treatments.get(name) if name else None


def pose(
    case: Case, name: str, item: DisputedItem, rulebook: Rulebook, principal: str | None
) -> Question | ReviewReason:
    """Return an item ready to be judged, or why it cannot be."""
    if record_holds_only_the_denial(case):
        return "record_holds_only_the_denial"
    treatment = recognise(item, rulebook)
    if treatment is None:
        return "treatment_not_recognised"
    edition = edition_of(case, item, rulebook.sources)
    if edition.window is None:
        return "edition_not_known"
    selection = rulebook.select(treatment, edition.window)
    dated = edition.window if edition.basis != "cited_edition" else None
    record = Record(case, item, treatment, dated, rulebook.vocabulary, principal)
    plan = selection.plan
    row = plan.complete({spec.name: record.value(spec) for spec in plan.facts})
    return Question(name, item, treatment, edition, plan, not selection.open, record, row)


def record_holds_only_the_denial(case: Case) -> bool:
    """Whether the listed documents hold nothing but the denial and the application.

    8 CCR 9792.10.6(b)(2): no determination rests on the utilization-review decision alone.
    """
    kinds = {document.kind for document in case.documents} if case.documents is not None else {"other"}
    return kinds <= {"utilization_review", "imr_application"}


def _screen_item(
    case: Case, name: str, item: DisputedItem, rulebook: Rulebook, principal: str | None
) -> ItemScreening:
    question = pose(case, name, item, rulebook, principal)
    if isinstance(question, str):
        return _not_judged(case, name, item, rulebook, question)
    plan, row = question.plan, question.row
    statuses = question.judge(row)
    cross_check(rulebook, plan, row, statuses)
    suggested = suggest(plan, statuses, row, settled=question.settled)
    criteria = _results(question, statuses, suggested, rulebook)
    grounds = tuple(plan.criteria[place].id for place in suggested.grounds)
    silence = bool(grounds) and all(statuses[place] == "undocumented" for place in suggested.grounds)
    cautions = tuple(
        result.reason
        for result in criteria
        if result.kind == "caution" and result.status in ("unmet", "undocumented")
    )
    amounts = _amounts(question.record)
    return ItemScreening(
        item=name,
        service=item.service,
        treatment=question.treatment.name,
        suggestion=suggested.suggestion,
        headline=_headline(suggested, silence),
        grounds=grounds,
        review_reasons=suggested.reasons,
        criteria=criteria,
        superseded=_superseded(plan, row),
        missing=_missing(question, statuses, suggested, rulebook),
        ask_for=_silent(question, statuses, suggested, rulebook),
        warnings=(*warnings_about(case, item), *_conflicts(criteria), *cautions),
        asked=amounts[0],
        authorised=amounts[1],
        in_dispute=amounts[2],
        quantity_within_limits=_within_limits(question, statuses, suggested),
        edition=question.edition,
        tier=suggested.tier,
        guidelines=tuple(guideline.id for guideline in plan.guidelines),
        rebuttals=tuple(
            ShownFact(spec.name, spec.label, spec.type, row[spec.name])
            for spec in plan.facts
            if spec.name in ALWAYS and row[spec.name].low == 1
        ),
    )


def cross_check(rulebook: Rulebook, plan: Plan, row: Row, statuses: list[Status]) -> None:
    """Hold the reference's statuses against those of durable-rules, where it can be used.

    Raises:
        DisagreementError: naming each criterion on which they differ.
    """
    evaluator = rulebook.second_evaluator(plan)
    if evaluator is None:
        return
    theirs = evaluator.judge(row)
    if theirs != statuses:
        raise DisagreementError(
            {
                criterion.id: (ours, other)
                for criterion, ours, other in zip(plan.criteria, statuses, theirs, strict=True)
                if ours != other
            }
        )


def _results(
    question: Question, statuses: list[Status], suggested: Suggested, rulebook: Rulebook
) -> tuple[CriterionResult, ...]:
    plan, row, vocabulary = question.plan, question.row, rulebook.vocabulary
    results = []
    analogies: dict[str, str | None] = {}
    for place in suggested.governing:
        planned, status = plan.criteria[place], statuses[place]
        guideline = planned.guideline
        if guideline.id not in analogies:
            outside = guideline.by_analogy and truth(guideline.applies_when, row) is not True
            analogies[guideline.id] = _how_it_differs(row) if outside else None
        analogy = analogies[guideline.id]
        replaced = replaced_by(plan, guideline, row) if status == "not_applicable" else None
        reason, citation = reason_for(
            planned, status, plan, row, vocabulary, analogy=analogy, replaced=replaced
        )
        results.append(
            CriterionResult(
                planned.id,
                status,
                planned.criterion.kind,
                reason,
                citation,
                shown_facts(planned, row),
                planned.criterion.require_text,
                planned.criterion.when_text,
                analogy,
                Working(planned.condition, planned.require, row, plan.types),
            )
        )
    return tuple(results)


def _how_it_differs(row: Row) -> str:
    weeks = row.get("weeks_since_injury")
    if weeks is not None and weeks.state == "known":
        count = "one week" if weeks.low == 1 else f"{weeks.low} weeks"
        return f"injury {count} old"
    return "the guideline's situation is not shown"


def _headline(suggested: Suggested, silence: bool) -> str:
    count = len(suggested.grounds)
    words = ("no ground", "one ground", "two grounds", "three grounds", "four grounds", "five grounds")
    number = words[count] if count < len(words) else f"{count} grounds"
    if suggested.suggestion == "uphold":
        if silence:
            return f"The criteria support upholding on absence of documentation alone, on {number}."
        return f"The limits and criteria support upholding, on {number}."
    if suggested.suggestion == "overturn":
        return f"The limits and criteria support overturning, on {number}."
    said = [_REVIEW[reason] for reason in suggested.reasons]
    if suggested.unknown_contents:
        titles = dict.fromkeys(
            f"{guideline.title} ({guideline.source.regulation or guideline.source.document})"
            for guideline in suggested.unknown_contents
        )
        said.append(f"See: {'; '.join(titles)}.")
    return " ".join(said)


_REVIEW: Mapping[ReviewReason, str] = {
    "record_holds_only_the_denial": "The documents listed hold nothing but the denial and the application: nothing is suggested (8 CCR 9792.10.6(b)(2)).",
    "treatment_not_recognised": "The treatment is not recognised; no guideline was consulted.",
    "edition_not_known": "Neither a date nor the citations tell which edition of the guidelines governs.",
    "edition_not_settled": "The request may fall under more than one edition of the guidelines.",
    "exceptional_factors": "A criterion is not met, and exceptional factors are documented: a physician weighs them.",
    "rebuttal_documented": "A criterion is not met, and a rebuttal is documented: the MTUS is presumed correct, not conclusive.",
    "facts_missing": "Facts are missing that would decide.",
    "principal_needs_review": "The item this one follows needs review first.",
    "criteria_not_known": "A guideline governs whose criteria this rulebook does not know.",
    "nothing_governs": "No guideline of this rulebook has a criterion for this request.",
    "nothing_met": "No criterion speaks for the request, and none against it.",
}


_FIRST: Mapping[ReviewReason, MissingFact] = {
    "record_holds_only_the_denial": MissingFact(
        "documents",
        "documents",
        "Which documents beside the denial and the application are in hand?",
        "missing",
    ),
    "treatment_not_recognised": MissingFact(
        "treatment", "treatment", "Which treatment of the rulebook's vocabulary is asked for?", "missing"
    ),
    "edition_not_known": MissingFact(
        "request_date", "date of the request", "When was the treatment requested?", "missing"
    ),
}
"""What must be known before an item can be judged at all."""


def _not_judged(
    case: Case, name: str, item: DisputedItem, rulebook: Rulebook, reason: ReviewReason
) -> ItemScreening:
    treatment = recognise(item, rulebook)
    amounts = _amounts(Record(case, item, treatment, None, rulebook.vocabulary))
    return ItemScreening(
        name, item.service, treatment.name if treatment else None, "needs_review", _REVIEW[reason], (), (reason,),
        (), (), (_FIRST[reason],), (), warnings_about(case, item), *amounts, None,
        edition_of(case, item, rulebook.sources), None, (),
    )  # fmt: skip


def _amounts(record: Record) -> tuple[Quantity, Quantity, Quantity]:
    """Return what was asked, authorised and remains in dispute, in the treatment's unit."""
    unit = record.unit
    spec = _amount_in(unit)
    return tuple(  # type: ignore[return-value]  # three of them
        _quantity(derive(spec), unit) for derive in (record.asked, record.granted, record.in_dispute)
    )


@cache
def _amount_in(unit: str) -> FactSpec:
    """Return an amount in a unit as if it were a fact of the dictionary."""
    return FactSpec("amount", "amount", FactType.integer(0, 100_000, unit), "", "unknown", "", True)


def _quantity(value: Value, unit: str) -> Quantity:
    if value.state in ("missing", "undocumented"):
        return Quantity(None, None, unit)
    high = None if value.high >= MOST else value.high
    return Quantity(value.low, high, unit, value.assumed)


def _superseded(plan: Plan, row: Row) -> tuple[Superseded, ...]:
    citations = {guideline.id: guideline.citation for guideline in plan.guidelines}
    found = []
    for guideline in plan.guidelines:
        other = replaced_by(plan, guideline, row)
        if other is not None:
            found.append(Superseded(guideline.id, other, citations[other]))
    return tuple(found)


def _missing(
    question: Question, statuses: list[Status], suggested: Suggested, rulebook: Rulebook
) -> tuple[MissingFact, ...]:
    if suggested.suggestion != "needs_review":
        return ()
    plan, row = question.plan, question.row
    found: dict[str, None] = {}
    for place in suggested.governing:
        planned = plan.criteria[place]
        if statuses[place] == "unknown" and planned.criterion.kind == "ground":
            found.update((name, None) for name in open_facts(planned.condition, row))
            if truth(planned.condition, row) is not False:
                found.update((name, None) for name in open_facts(planned.require, row))
    if not question.settled:
        found["request_date"] = None
    return _facts(found, plan, row, rulebook)


def _silent(
    question: Question, statuses: list[Status], suggested: Suggested, rulebook: Rulebook
) -> tuple[MissingFact, ...]:
    found = {
        name: None
        for place in suggested.grounds
        if statuses[place] == "undocumented"
        for name in open_facts(question.plan.criteria[place].require, question.row)
    }
    return _facts(found, question.plan, question.row, rulebook)


def _facts(wanted: Mapping[str, None], plan: Plan, row: Row, rulebook: Rulebook) -> tuple[MissingFact, ...]:
    vocabulary = rulebook.vocabulary
    return tuple(
        MissingFact(name, spec.label, spec.asks, row[name].state if name in row else "missing")
        for name in ask_about(list(wanted), plan, vocabulary)
        for spec in (vocabulary.facts[name],)
        if name not in row or not row[name].exact
    )


def _conflicts(criteria: tuple[CriterionResult, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(
        f"The record disagrees with itself about {fact.label}."
        for result in criteria
        for fact in result.facts
        if fact.value.conflict
    )
    return tuple(found)


def _within_limits(question: Question, statuses: list[Status], suggested: Suggested) -> Quantity | None:
    """Return how much of what is in dispute the limits leave room for, or None where that cannot be said."""
    plan, row = question.plan, question.row
    least: int | None = None
    unit = ""
    for place in suggested.governing:
        planned = plan.criteria[place]
        if statuses[place] in ("not_applicable", "unknown") or planned.criterion.kind != "ground":
            continue
        if planned.quantity is None:
            continue
        tree = planned.require
        assert isinstance(tree, Compare)
        low, high = reference.bounds(tree.form, row)
        if low != high:
            return None
        unit = str(plan.types[planned.quantity].unit)
        disputed = question.record.in_dispute(_amount_in(unit))
        times = dict(tree.form.terms)[planned.quantity]
        if not disputed.exact:
            return None
        over = -(-max(0, high + (tree.op == "<")) // times)
        room = max(0, disputed.low - over)
        least = room if least is None else min(least, room)
    return None if least is None else Quantity(least, least, unit)
