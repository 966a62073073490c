"""``screen()``: from a case and a rulebook to a suggestion for each disputed item, with cited reasons.

The steps, in order: derive the facts, select the guidelines, evaluate the criteria twice and compare,
suggest, explain. It suggests; a physician decides.
"""

from __future__ import annotations

from imr_rules._version import __version__
from imr_rules.case import Case, DisputedItem
from imr_rules.durable import available, why_unavailable
from imr_rules.errors import DisagreementError
from imr_rules.expression import names
from imr_rules.expression.reference import Status, truth
from imr_rules.expression.values import Row
from imr_rules.facts.record import Record
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.check import check
from imr_rules.rulebook.edition import edition_of
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import AGE_OF_INJURY, ALWAYS, Plan, governing_rows
from imr_rules.rulebook.questions import FIRST, OpenQuestion, questions
from imr_rules.rulebook.suggestion import ReviewReason, Suggested, may_govern, replaced_by
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening.amounts import amounts, within_limits
from imr_rules.screening.consistency import warnings_about
from imr_rules.screening.explanation import reason_for, shown_facts
from imr_rules.screening.headline import REVIEW, headline, lean_headline
from imr_rules.screening.missing import missing_facts, silent_facts
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.screening.result import (
    CriterionResult,
    ItemScreening,
    LeanResult,
    MissingFact,
    Rebuttal,
    Screening,
    Superseded,
    rulebook_name,
)
from imr_rules.screening.shown import ShownFact, Working, evidence_for


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
    whole = WholeCase(case, rulebook.vocabulary)
    done: dict[str, ItemScreening] = {}
    for name, item in case.principals_first:
        principal = done[item.follows].suggestion if item.follows else None
        done[name] = _screen_item(whole, name, item, rulebook, principal)
    return Screening(
        items=tuple(done[name] for name, _ in case.named_items),
        rulebook=rulebook_name(rulebook),
        input_digest=case.digest,
        engine=engine_name(),
        case=case.case,
        as_of=str(case.as_of) if case.as_of else None,
    )


def _screen_item(
    whole: WholeCase, name: str, item: DisputedItem, rulebook: Rulebook, principal: str | None
) -> ItemScreening:
    question = prepare_item(whole.case, name, item, rulebook, principal, whole=whole)
    if isinstance(question, str):
        return _not_judged(whole, name, item, rulebook, question)
    return answer(whole.case, question, rulebook)


def answer(case: Case, question: PreparedItem, rulebook: Rulebook) -> ItemScreening:
    """Return what is suggested for an item that is ready to be judged, and why.

    Raises:
        DisagreementError: the two evaluators differ.
    """
    plan, row = question.plan, question.row
    statuses = question.judge(row)
    cross_check(rulebook, plan, row, statuses)
    suggested = question.suggest(row, statuses)
    lean = _lean(question, statuses, suggested, rulebook)
    criteria = _results(question, statuses, suggested, rulebook)
    grounds = tuple(plan.criteria[place].id for place in suggested.grounds)
    silence = bool(grounds) and all(statuses[place] == "undocumented" for place in suggested.grounds)
    cautions = tuple(
        result.reason
        for result in criteria
        if result.kind == "caution" and result.status in ("unmet", "undocumented")
    )
    may_govern_here = len(may_govern(plan, row)) if "nothing_governs" in suggested.reasons else 0
    asked, authorized, in_dispute = amounts(question.record)
    return ItemScreening(
        item=question.name,
        service=question.item.service,
        treatment=question.treatment.name,
        suggestion=suggested.suggestion,
        headline=headline(suggested, silence, may_govern_here, rulebook.vocabulary.law),
        grounds=grounds,
        review_reasons=suggested.reasons,
        criteria=criteria,
        superseded=_superseded(plan, row),
        missing=missing_facts(question, statuses, suggested, rulebook.vocabulary),
        ask_for=silent_facts(question, statuses, suggested, rulebook.vocabulary),
        warnings=(
            *(each.warning for each in question.contradicted),
            *warnings_about(question.record),
            *_conflicts(criteria),
            *cautions,
        ),
        asked=asked,
        authorized=authorized,
        in_dispute=in_dispute,
        quantity_within_limits=within_limits(question, statuses, suggested),
        edition=question.edition,
        tier=suggested.tier,
        judged_by=rulebook.vocabulary.tiers[suggested.tier] if suggested.tier else None,
        guidelines=tuple(guideline.id for guideline in plan.guidelines),
        rebuttals=tuple(
            Rebuttal(fact.name, fact.label, evidence_for([fact]))
            for name in ALWAYS
            if name in row and row[name].low == 1
            for spec in (rulebook.vocabulary.facts[name],)
            for fact in (ShownFact(name, spec.label, spec.type, row[name]),)
        ),
        lean=lean,
        questions=questions(question, statuses, suggested, rulebook.vocabulary),
    )


def _lean(
    question: PreparedItem, statuses: list[Status], suggested: Suggested, rulebook: Rulebook
) -> LeanResult | None:
    """Return which way an item under review leans; None where nothing read so far leans either way.

    Raises:
        DisagreementError: the two evaluators differ over silence taken as silence.
    """

    def judge(row: Row) -> list[Status]:
        found = question.judge(row)
        cross_check(rulebook, question.plan, row, found)
        return found

    found = question.lean(statuses, suggested, judge)
    if found is None:
        return None
    grounds = tuple(question.plan.criteria[place].id for place in found.grounds)
    return LeanResult(found.suggestion, found.rests_on, grounds, lean_headline(found))


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
    question: PreparedItem, statuses: list[Status], suggested: Suggested, rulebook: Rulebook
) -> tuple[CriterionResult, ...]:
    plan, row, vocabulary = question.plan, question.row, rulebook.vocabulary
    results = []
    analogies: dict[str, str | None] = {}
    tables = {limit for place in suggested.governing for limit in plan.criteria[place].tables}
    governing = {limit: governing_rows(limit, row) for limit in tables}
    for place in suggested.governing:
        planned, status = plan.criteria[place], statuses[place]
        guideline = planned.guideline
        if guideline.id not in analogies:
            outside = guideline.by_analogy and truth(guideline.applies_when, row) is not True
            analogies[guideline.id] = _how_it_differs(guideline, row, vocabulary) if outside else None
        analogy = analogies[guideline.id]
        replaced = replaced_by(plan, guideline, row) if status == "not_applicable" else None
        reason, citation = reason_for(
            planned, status, plan, row, vocabulary, governing, analogy=analogy, replaced=replaced
        )
        facts = shown_facts(planned, row)
        results.append(
            CriterionResult(
                planned.id,
                status,
                planned.criterion.kind,
                reason,
                citation,
                evidence_for(facts),
                facts,
                planned.criterion.require_text,
                planned.criterion.when_text,
                analogy,
                Working(planned.condition, planned.require, row, plan.types),
            )
        )
    return tuple(results)


def _how_it_differs(guideline: Guideline, row: Row, vocabulary: Vocabulary) -> str:
    """Return in what the case is not the guideline's situation: how old the injury is, and what is not recorded."""
    weeks = row.get(AGE_OF_INJURY)
    said = []
    if weeks is not None and weeks.state == "known":
        said.append(f"injury {'one week' if weeks.low == 1 else f'{weeks.low} weeks'} old")
    wanted = [vocabulary.facts[name] for name in dict.fromkeys(names(guideline.applies_when))]
    if all(spec.type.kind == "boolean" for spec in wanted):
        said += [f"{spec.label} not recorded" for spec in wanted if row[spec.name].low != 1]
    return ", ".join(said) or "the guideline is for another situation"


def _not_judged(
    whole: WholeCase, name: str, item: DisputedItem, rulebook: Rulebook, reason: ReviewReason
) -> ItemScreening:
    treatment = rulebook.vocabulary.treatment_of(item)
    record = Record(whole.case, item, treatment, None, rulebook.vocabulary, whole=whole)
    asked, authorized, in_dispute = amounts(record)
    return ItemScreening(
        item=name,
        service=item.service,
        treatment=treatment.name if treatment else None,
        suggestion="needs_review",
        headline=REVIEW[reason],
        review_reasons=(reason,),
        missing=(_as_missing(FIRST[reason]),),
        questions=(FIRST[reason],),
        warnings=warnings_about(record),
        asked=asked,
        authorized=authorized,
        in_dispute=in_dispute,
        edition=edition_of(whole.case, item, rulebook.sources),
    )


def _as_missing(asked: OpenQuestion) -> MissingFact:
    return MissingFact(asked.fact, asked.fact.replace("_", " "), asked.asks, "missing")


def _superseded(plan: Plan, row: Row) -> tuple[Superseded, ...]:
    others = {guideline.id: guideline for guideline in plan.guidelines}
    return tuple(
        Superseded(name, other, others[other].citation)
        for name in others
        if name in plan.superseded and (other := replaced_by(plan, others[name], row)) is not None
    )


def _conflicts(criteria: tuple[CriterionResult, ...]) -> tuple[str, ...]:
    found = dict.fromkeys(
        f"The record disagrees with itself about {fact.label}."
        for result in criteria
        for fact in result.facts
        if fact.value.conflict
    )
    return tuple(found)


def engine_name() -> str:
    """Return which evaluators made an answer."""
    if available():
        return f"imr-rules {__version__}; reference and durable-rules, compared"
    return f"imr-rules {__version__}; reference alone, durable-rules {why_unavailable()}"
