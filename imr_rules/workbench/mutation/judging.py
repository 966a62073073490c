"""Do fixtures notice a mutant? Their items are posed once, and only those that the mutant bears on are judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from imr_rules.case import ExpectedItem
from imr_rules.expression import reference
from imr_rules.expression.reference import Status
from imr_rules.expression.values import Row
from imr_rules.facts.derive import derive
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.loaded import ANY_TREATMENT
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import Plan, make_plan
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.workbench.answers import Answer, judged
from imr_rules.workbench.fixtures import Fixture, compare


class Posed(NamedTuple):
    """An item of a fixture, posed and judged by the rulebook as it is.

    Attributes:
        fixture: what the fixture is called.
        expected: what it must get.
        question: the item, ready to be judged.
        statuses: what each criterion of its plan came to, by full name.
        answer: what it gets.
    """

    fixture: str
    expected: ExpectedItem
    question: PreparedItem
    statuses: Mapping[str, Status]
    answer: Answer


class Bench:
    """Fixtures, ready to be held against mutants of the rulebook that gives them their answers."""

    def __init__(self, rulebook: Rulebook, fixtures: Iterable[Fixture] = ()) -> None:
        self.rulebook = rulebook
        self._by_treatment: dict[str, list[Posed]] = {}
        for fixture in fixtures:
            self.add(fixture)

    def add(self, fixture: Fixture) -> list[Posed]:
        """Take a fixture in; return its items that guidelines can have a say on."""
        found = list(posed_items(fixture, self.rulebook))
        for each in found:
            self._by_treatment.setdefault(each.question.treatment.name, []).append(each)
        return found

    def about(self, guideline: Guideline) -> Iterator[Posed]:
        """Yield the items that a guideline may speak of, those of its own treatments first."""
        seen = set()
        for treatment in guideline.treatments:
            seen.add(treatment)
            yield from self._by_treatment.get(treatment, ())
        for name, items in self._by_treatment.items():
            lineage = self.rulebook.vocabulary.treatments[name].lineage
            broader = ANY_TREATMENT in guideline.treatments or not seen.isdisjoint(lineage)
            if name not in seen and broader:
                yield from items

    def killer(self, mutant: Guideline) -> Posed | None:
        """Return an item whose recorded answer the mutant changes, or None where none notices it."""
        trial = Trial(self.rulebook, mutant)
        return next((each for each in self.about(mutant) if trial.kills(each)), None)


class Trial:
    """One mutant, held against items. Plans are made once for all items that share one."""

    def __init__(self, rulebook: Rulebook, mutant: Guideline) -> None:
        self.rulebook, self.mutant = rulebook, mutant
        self.original = rulebook.guidelines[mutant.id]
        self._plans: dict[tuple[str, ...], Plan] = {}
        # Only the criteria of the mutant, and of what it replaces or replaced, can stand otherwise.
        self._touched = {mutant.id} | {
            each.guideline for one in (mutant, self.original) for each in one.supersedes
        }

    def kills(self, posed: Posed) -> bool:
        """Whether the recorded answer of an item changes."""
        answer = self.answer(posed)
        if answer is None:
            return False
        return next(compare(posed.question.name, posed.expected, answer), None) is not None

    def difference(self, posed: Posed) -> dict[str, Status] | None:
        """Return what an item has to record beside what it does, to notice the mutant; None where it cannot."""
        answer = self.answer(posed)
        if answer is None:
            return None
        if next(compare(posed.question.name, posed.expected, answer), None) is not None:
            return {}
        unlike = {
            name: status
            for name, status in posed.answer.statuses.items()
            if answer.statuses.get(name) != status
        }
        own = [name for name in unlike if name.startswith(f"{self.mutant.id}#")]
        return {name: unlike[name] for name in (own or list(unlike))[:1]} or None

    def answer(self, posed: Posed) -> Answer | None:
        """Return what an item gets with the mutant, or None where the mutant has no say on it."""
        question = posed.question
        window = question.edition.window
        assert window is not None
        was, now = self.original.requests, self.mutant.requests
        governed, governs = was.covers(*window), now.covers(*window)
        opened = now.meets(*window) and not governs
        if not (governed or governs) and opened == (was.meets(*window) and not governed):
            return None
        plan = self._plan(question, governs)
        row = self._row(question, plan)
        others = self.rulebook.select(question.treatment, window).open
        settled = not opened and all(each.id == self.mutant.id for each in others)
        statuses: list[Status] = [
            posed.statuses[planned.id]
            if planned.guideline.id not in self._touched and planned.id in posed.statuses
            else reference.judge(planned, row)
            for planned in plan.criteria
        ]
        return judged(question._replace(plan=plan, row=row, settled=settled), statuses)

    def _plan(self, question: PreparedItem, governs: bool) -> Plan:
        kept = [each for each in question.plan.guidelines if each.id != self.mutant.id]
        key = (*(each.id for each in kept), *([self.mutant.id] if governs else []))
        if key not in self._plans:
            chosen = [*kept, self.mutant] if governs else kept
            self._plans[key] = make_plan(chosen, self.rulebook.vocabulary)
        return self._plans[key]

    def _row(self, question: PreparedItem, plan: Plan) -> Row:
        row = question.row
        missing = [spec for spec in plan.facts if spec.name not in row]
        if missing or plan.tables:
            row = dict(row)
            row.update({spec.name: derive(question.record, spec) for spec in missing})
            plan.complete(row)
        return row


def posed_items(fixture: Fixture, rulebook: Rulebook) -> Iterator[Posed]:
    """Yield the items of a fixture, principals first, as :func:`~imr_rules.screening.screen` asks them."""
    case = fixture.case
    expected = case.expect.items if case.expect else {}
    suggestions: dict[str, str] = {}
    whole = WholeCase(case, rulebook.vocabulary)
    for name, item in case.principals_first:
        principal = suggestions[item.follows] if item.follows else None
        question = prepare_item(case, name, item, rulebook, principal, whole=whole)
        if isinstance(question, str):
            suggestions[name] = "needs_review"
            continue
        statuses = question.judge(question.row)
        answer = judged(question, statuses)
        suggestions[name] = answer.suggestion
        if name in expected:
            by_name = {each.id: status for each, status in zip(question.plan.criteria, statuses, strict=True)}
            yield Posed(str(fixture.path), expected[name], question, by_name, answer)
