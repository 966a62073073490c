"""One disputed item, ready to be judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from imr_rules.case import Case, DisputedItem, Recorded
from imr_rules.expression import reference
from imr_rules.expression.reference import Status, truth
from imr_rules.expression.values import Row, Value
from imr_rules.facts.derive import derive
from imr_rules.facts.record import Record
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.edition import Edition, edition_of
from imr_rules.rulebook.plan import Plan
from imr_rules.rulebook.questions import Contradiction
from imr_rules.rulebook.suggestion import Lean, ReviewReason, Suggested, lean_towards, suggest
from imr_rules.screening.consistency import contradictions


class PreparedItem(NamedTuple):
    """One disputed item, ready to be judged: what :func:`~imr_rules.screening.screen` and :func:`~imr_rules.screening.what_if` have in common."""

    name: str
    item: DisputedItem
    treatment: Treatment
    edition: Edition
    plan: Plan
    settled: bool
    record: Record
    row: Row
    contradicted: tuple[Contradiction, ...]

    def judge(self, row: Row) -> list[Status]:
        """Return the status of each criterion of the plan, by the reference alone."""
        return [reference.judge(criterion, row) for criterion in self.plan.criteria]

    def suggest(self, row: Row, statuses: Sequence[Status] | None = None) -> Suggested:
        """Return the suggestion over ``row``, by the reference alone."""
        if statuses is None:
            statuses = self.judge(row)
        return suggest(self.plan, statuses, row, settled=self.settled, contradicted=bool(self.contradicted))

    def lean(
        self,
        statuses: Sequence[Status],
        suggested: Suggested,
        judge: Callable[[Row], Sequence[Status]] | None = None,
    ) -> Lean | None:
        """Return which way the item leans, where it needs review; None where nothing read so far leans either way.

        Args:
            statuses, suggested: what the item's row came to.
            judge: gives the statuses where silence in what was read is taken as silence; by default the reference.
        """
        if suggested.suggestion != "needs_review" or self.contradicted or not self.settled:
            return None
        row = self._row_of_silence()
        silence = None if row is None else ((judge or self.judge)(row), row)
        return lean_towards(self.plan, statuses, self.row, silence)

    def value(self, spec: FactSpec) -> Value:
        """Return what the case says of any fact, whether a criterion asks for it or not."""
        return derive(self.record, spec)

    def statements(self, name: str) -> Sequence[Recorded]:
        """Return what the case states of a fact, each with its place."""
        return self.record.finding(name) or ()

    def _row_of_silence(self) -> Row | None:
        record = self.record_of_silence
        if record is None:
            return None
        return self.plan.complete({spec.name: derive(record, spec) for spec in self.plan.facts})

    @property
    def record_of_silence(self) -> Record | None:
        """The record with silence in what was read taken as silence; None where that is no different."""
        return self.record.as_if_read_whole() if self.record.read == "part" else None


def prepare_item(
    case: Case,
    name: str,
    item: DisputedItem,
    rulebook: Rulebook,
    principal: str | None,
    *,
    tables: bool = True,
    whole: WholeCase | None = None,
) -> PreparedItem | ReviewReason:
    """Return an item ready to be judged, or why it cannot be.

    Args:
        case, name, item: the item.
        rulebook: the rulebook to judge by.
        principal: what was suggested for the item that it follows.
        tables: whether to work out the limits that have rows too; whoever judges the facts elsewhere does that there.
        whole: what the case says whichever item is asked about, where that was worked out already.
    """
    if case.holds_only_the_denial:  # 8 CCR 9792.10.6(b)(2): no determination rests on the denial alone
        return "record_holds_only_the_denial"
    treatment = rulebook.vocabulary.treatment_of(item)
    if treatment is None:
        return "treatment_not_recognized"
    edition = edition_of(case, item, rulebook.sources)
    if edition.window is None:
        return "edition_not_known"
    dated = edition.window if edition.basis != "cited_edition" else None
    record = Record(case, item, treatment, dated, rulebook.vocabulary, principal, whole=whole)
    known = _AsAsked(record)
    selection = rulebook.select(treatment, edition.window, lambda situation: truth(situation, known) is True)
    plan = selection.plan
    row = {spec.name: known[spec.name] if spec.name in known else derive(record, spec) for spec in plan.facts}
    if tables:
        plan.complete(row)
    contradicted = contradictions(record.whole, name, record.item)
    return PreparedItem(
        name, record.item, treatment, edition, plan, not selection.open, record, row, contradicted
    )


class _AsAsked(dict[str, Value]):
    """The facts of a record, each worked out when it is asked for."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def __missing__(self, name: str) -> Value:
        value = self[name] = derive(self._record, self._record.vocabulary.facts[name])
        return value
