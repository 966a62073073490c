"""Cases as unknowns: one request for a treatment, with whatever findings.

What derivation makes of a finding is that finding, and of what is not said, what it makes of the bare request; only
sums follow from others, by the one table of them. Where derivation makes something else of a case,
:mod:`imr_rules.workbench.witness.search` finds out when it puts the case to the engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import z3
from msgspec.structs import replace

from imr_rules._dates import Period
from imr_rules.case import Case, DisputedItem
from imr_rules.engines.symbolic import SymbolicRow, SymbolicValue, Words
from imr_rules.engines.symbolic.values import all_of, any_of, negation
from imr_rules.expression.values import FactType
from imr_rules.facts.derive import derive
from imr_rules.facts.wording import completed
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.sums import SUMS, sum_in
from imr_rules.screening import PreparedItem, prepare_item
from imr_rules.workbench.fixtures import WHOLE_RECORD
from imr_rules.workbench.witness.findings import Finding

ITEM, PRINCIPAL = "item-1", "principal"
_FOLLOWS, _SUPPORTED = "follows_principal", "principal_supported"


class Cases:
    """Cases on one treatment, requested on the first day of a period, as one or more rulebooks read them.

    Args:
        rulebooks: each knows the treatment.
        treatment: its name.
        period: days of the request throughout which no rulebook changes its guidelines.
        words: the numbers of the words that choices may be.

    Attributes:
        constraints: what holds of every case.
        findings: what a case may say, by the name of the fact.
        follows: when the item follows another.
        bare: the question that each rulebook makes of a case without findings.
        rows: the facts of a case, as each rulebook has them.
    """

    def __init__(self, rulebooks: Sequence[Rulebook], treatment: str, period: Period, words: Words) -> None:
        self.treatment = rulebooks[0].vocabulary.treatments[treatment]
        self.words, self._day = words, period.first
        self._vocabulary = rulebooks[0].vocabulary
        counted = sum_in(self.treatment.unit)
        self.amount = counted.in_dispute if counted else None
        self._responses = {name for name, spec in rulebooks[0].vocabulary.facts.items() if spec.rests_on}
        self.constraints: list[z3.BoolRef] = []
        self.findings: dict[str, Finding] = {}
        self.follows = z3.Bool("follows")
        self.bare = tuple(self.asked(self.data({}), rulebook) for rulebook in rulebooks)
        self.rows: tuple[SymbolicRow, ...] = tuple(
            {spec.name: self._value(spec.name, spec, question) for spec in question.plan.facts}
            for question in self.bare
        )

    @property
    def facts(self) -> Mapping[str, FactSpec]:
        """The facts of the rows."""
        return {spec.name: spec for question in reversed(self.bare) for spec in question.plan.facts}

    def asked(self, data: Mapping[str, Any], rulebook: Rulebook) -> PreparedItem:
        """Return a case's item as a rulebook judges it.

        Raises:
            CaseError: the rulebook does not understand the case.
        """
        case = Case.from_data({**data})
        item = dict(case.named_items)[ITEM]
        question = prepare_item(case, ITEM, item, rulebook, "needs_review" if item.follows else None)
        assert isinstance(question, PreparedItem), question
        return question

    def data(self, said: Mapping[str, Any], follows: bool = False) -> dict[str, Any]:
        """Return a case as an editor would write it.

        Args:
            said: statements, by the name of the fact.
            follows: whether the item follows another.
        """
        findings = dict(sorted(said.items()))
        item: dict[str, Any] = {"id": ITEM, "service": self._service(), "treatment": self.treatment.name}
        if self.amount in findings:
            item["in_dispute"] = findings.pop(self.amount)
        items = [item]
        if follows:
            item["follows"] = PRINCIPAL
            items.append({"id": PRINCIPAL, "service": "the treatment that the first item follows"})
        if _SUPPORTED in findings:
            item["findings"] = {_SUPPORTED: findings.pop(_SUPPORTED)}
        found = {**WHOLE_RECORD, "request": {"date": str(self._day)}, "items": items}
        return found | ({"findings": findings} if findings else {})

    def _service(self) -> str:
        """Return the request in words that state nothing beside its treatment."""
        item = DisputedItem.model_construct(service=self.treatment.label)
        return item.service if completed(item, self._vocabulary) is item else "the treatment in dispute"

    @property
    def cost(self) -> list[tuple[z3.BoolRef, int]]:
        """What makes a case larger or odder, with its weight.

        Each thing said counts, more so what is not plainly a value; so does a request that does not say how
        much it asks for, and a response to care that was never given.
        """
        found: list[tuple[z3.BoolRef, int]] = [(self.follows, 2)]
        began = [
            self.findings[each.attended].given for each in SUMS.values() if each.attended in self.findings
        ]
        for name, finding in self.findings.items():
            found += [(finding.given, 2), (any_of((finding.undocumented, finding.missing)), 1)]
            if name == self.amount:
                found.append((negation(finding.given), 5))
            if name in self._responses:
                found.append((all_of((finding.stated, finding.high == 1, negation(any_of(began)))), 9))
            if finding.kind.kind == "integer":
                found.append((all_of((finding.stated, finding.low != finding.high)), 1))
        return found

    def finding(self, name: str, kind: FactType) -> Finding:
        """Return what a case may say of a fact."""
        if name not in self.findings:
            if name == self.amount:  # nothing in dispute is no request
                kind = FactType.integer(1, min(kind.high, 1_000), kind.unit)
            self.findings[name] = Finding.of(name, kind, self.words)
            self.constraints += self.findings[name].constraints
        return self.findings[name]

    def _value(self, name: str, spec: FactSpec, bare: PreparedItem) -> SymbolicValue:
        """Return a fact, read as ``spec`` has it."""
        if name in SUMS:
            parts = [part for part in SUMS[name].parts if part in bare.record.vocabulary.facts]
            return self._total([self._value(part, spec, bare) for part in parts], spec.type)
        if name == _FOLLOWS:
            return SymbolicValue.truth(self.follows, negation(self.follows))
        own = bare.record.vocabulary.facts[name]
        known = derive(bare.record, replace(own, type=spec.type, silence=spec.silence))
        unsaid = SymbolicValue.of(known, spec.type, self.words)
        if name in ("request_date", "authorized") or name.endswith("_authorized"):
            return unsaid
        if name == "prior_visits_claim":  # visits here are visits on the claim
            unsaid = self._value("prior_visits", spec, bare)
        if name == "first_course":
            counted = bare.record.vocabulary.facts["prior_visits"]
            prior = self._value("prior_visits", counted, bare)
            unsaid = SymbolicValue.truth(prior.high == 0, prior.low > 0, assumed=prior.assumed)
        return self.finding(name, own.type).value(spec.type, spec.silence, unsaid)

    def _total(self, parts: Sequence[SymbolicValue], kind: FactType) -> SymbolicValue:
        """Return the sum of counts: :func:`imr_rules.facts.merge.plus`, as terms."""
        low, most = z3.Sum([each.low for each in parts]), z3.Sum([each.high for each in parts])
        self.constraints.append(low <= kind.high)  # beyond its type a sum is not known, and flagged
        high = z3.If(most > kind.high, z3.IntVal(kind.high), most)
        open_ = low != high
        silent = all_of((open_, *(any_of((each.exact, each.silent)) for each in parts)))
        assumed = all_of((low == high, *(each.assumed for each in parts)))
        bounded = all_of((open_, negation(silent), any_of((low > kind.low, high < kind.high))))
        told = any_of((bounded, all_of((low == high, negation(assumed)))))
        return SymbolicValue.number(low, high, silent, assumed=assumed, told=told)
