"""Why a criterion stands as it does: reasons in plain language, with the numbers in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from imr_rules.expression.reference import Status, open_facts
from imr_rules.expression.values import FactType, Row, Value, say_value
from imr_rules.rulebook.model import Citation, Limit, LimitRow
from imr_rules.rulebook.plan import Plan, Planned
from imr_rules.rulebook.template import fill
from imr_rules.rulebook.vocabulary import Vocabulary
from imr_rules.screening.shown import ShownFact


def shown_facts(planned: Planned, row: Row) -> tuple[ShownFact, ...]:
    """Return the facts a criterion asks for, tables of limits left out."""
    return tuple([ShownFact(spec.name, spec.label, spec.type, row[spec.name]) for spec in planned.shown])


Governing = Mapping[Limit, tuple[LimitRow | None, tuple[LimitRow, ...]]]
"""A limit with rows → the one that governs, and those that fit, as :func:`~imr_rules.rulebook.plan.governing_rows`."""


def citation_of(planned: Planned, governing: Governing) -> tuple[Citation, dict[str, LimitRow | None], str]:
    """Return what carries a criterion here: where a limit has rows, by the row that governs.

    Also returns those rows by limit, and a remark where several fit.
    """
    citation = planned.criterion.citation
    if not planned.tables:
        return citation, {}, ""
    rows: dict[str, LimitRow | None] = {}
    remark = ""
    for limit in planned.tables:
        governs, fitting = governing[limit]
        rows[limit.name] = governs
        if governs is not None and citation.source == planned.guideline.source.id:
            citation = replace(citation, status=governs.status, pages=governs.pages or citation.pages)
        if len(fitting) > 1:
            labels = ", ".join(each.label for each in fitting)
            remark = f"Several rows fit ({labels}); the larger governs."
        elif governs is not None and governs.label != "otherwise":
            remark = f"The row for {governs.label} governs."
    return citation, rows, remark


def reason_for(
    planned: Planned,
    status: Status,
    plan: Plan,
    row: Row,
    vocabulary: Vocabulary,
    governing: Governing,
    *,
    analogy: str | None = None,
    replaced: str | None = None,
) -> tuple[str, Citation]:
    """Return the reason for a status and the citation that carries it.

    Args:
        planned: the criterion.
        status: what it came to.
        plan, row, vocabulary: what it was judged with.
        governing: of each of its limits with rows, which one governs.
        analogy: how the case differs from the guideline's situation, where it is applied by analogy.
        replaced: the guideline that supersedes this one here.
    """
    citation, rows, remark = citation_of(planned, governing)
    if status == "not_applicable":
        words = f"Superseded here by {replaced}." if replaced else "Does not apply here."
        return words, citation
    template = planned.says.get(status)
    if template is not None:
        words = fill(template, row, plan.types, planned.guideline.limits, rows)
    else:
        words = _plain(planned, status, row, vocabulary)
    notes = [words]
    if status != "unknown":
        if remark:
            notes.append(remark)
        if analogy:
            notes.append(f"Applied by analogy: {analogy}.")
        if _is_a_cap(planned) and status == "unmet":
            notes.append("A statutory cap; the employer may authorize more in writing.")
        if citation.status == "recalled":
            notes.append(
                "The rule is recalled from memory and still to be verified against the official text."
            )
        elif citation.status == "practice":
            notes.append("Reviewers reason so; no guideline text says it.")
    return " ".join(notes), citation


def _is_a_cap(planned: Planned) -> bool:
    criterion = planned.criterion
    return planned.guideline.source.tier == "statute" and criterion.kind == "limit" and bool(criterion.limits)


def _plain(planned: Planned, status: Status, row: Row, vocabulary: Vocabulary) -> str:
    """Return a reason where the guideline gives no words of its own."""
    if planned.criterion.recommendation:
        return f"{planned.guideline.title}: " + (
            "recommended."
            if status == "met"
            else "not recommended here."
            if status == "unmet"
            else "not settled."
        )
    facts = shown_facts(planned, row)
    if status == "unknown":
        tree = planned.condition
        unknown = open_facts(tree, row) or open_facts(planned.require, row)
        said = [
            _open_fact(vocabulary.facts[name].label, row[name], vocabulary.facts[name].type)
            for name in unknown
            if name in vocabulary.facts
        ]
        return f"Cannot be decided yet. Not known: {', '.join(said) or 'which limit applies'}."
    if status == "undocumented":
        silent = [fact for fact in facts if fact.value.silent]
        searched = "; ".join(dict.fromkeys(fact.value.note for fact in silent if fact.value.note))
        listed = ", ".join(fact.label for fact in silent)
        return f"Not documented: {listed}" + (f" ({searched})." if searched else ".")
    listed = "; ".join(map(str, facts))
    name = planned.criterion.name.replace("-", " ")
    return f"{name[0].upper()}{name[1:]}: {'met' if status == 'met' else 'not met'} ({listed})."


def _open_fact(label: str, value: Value, kind: FactType) -> str:
    """Name a fact that is not settled, with its bounds where it has some."""
    bounded = value.state == "bounded" and kind.kind in ("integer", "date")
    return f"{label} ({say_value(value, kind)})" if bounded else label
