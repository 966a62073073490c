"""What fixtures and recorded determinations get from each of two rulebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from imr_rules.case import OUTCOME_OF, Case, Outcome, Suggestion
from imr_rules.errors import CaseError
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.check import check
from imr_rules.screening import prepare_item
from imr_rules.screening.turns import ChangeOf, Turn
from imr_rules.workbench.answers import Answer, judged, turn_between
from imr_rules.workbench.fixtures import Fixture


class Both(NamedTuple):
    """One item of a fixture, as both rulebooks answer it.

    Attributes:
        turn: how the answer changes; None where it does not.
        outcome: the recorded outcome of the real determination, where there is one.
        judged: the criteria that are heard and judged otherwise.
    """

    file: str
    item: str
    treatment: str | None
    old: Suggestion
    new: Suggestion
    turn: Turn | None
    outcome: Outcome | None
    judged: frozenset[str]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        turn = self.turn.to_dict() if self.turn else {"change": None, "from": self.old, "to": self.new}
        return {"file": self.file, "item": self.item, **turn, "outcome": self.outcome}


class Agreeing(NamedTuple):
    """How many of the decided items with a recorded outcome agree with it."""

    agree: int
    decided: int

    def __str__(self) -> str:
        return f"{self.agree} of {self.decided}"


class Answers(NamedTuple):
    """What all fixtures get.

    Attributes:
        files: how many fixtures were read.
        items: every item, as both rulebooks answer it.
        refused: fixtures that one of the rulebooks does not understand, because it lacks a fact or name.
    """

    files: int
    items: tuple[Both, ...]
    refused: tuple[str, ...]

    @property
    def flips(self) -> tuple[Both, ...]:
        """The items whose answer changes: the suggestion, the lean, or the grounds."""
        return tuple(each for each in self.items if each.turn is not None)

    def flipped(self, change: ChangeOf) -> int:
        """Return of how many items it is this that changes."""
        return sum(each.turn is not None and each.turn.change == change for each in self.items)

    @property
    def recorded(self) -> int:
        """How many items have a recorded outcome."""
        return sum(each.outcome is not None for each in self.items)

    @property
    def before(self) -> Agreeing:
        """Return the agreement of the old rulebook."""
        return _agreeing((each.old, each.outcome) for each in self.items)

    @property
    def after(self) -> Agreeing:
        """Return the agreement of the new rulebook."""
        return _agreeing((each.new, each.outcome) for each in self.items)


def _agreeing(answers: Iterable[tuple[Suggestion, Outcome | None]]) -> Agreeing:
    decided = [(OUTCOME_OF[each], outcome) for each, outcome in answers if outcome and each != "needs_review"]
    return Agreeing(sum(one == other for one, other in decided), len(decided))


def asked(fixtures: Iterable[Fixture], old: Rulebook, new: Rulebook) -> Answers:
    """Return what each item of some fixtures gets from each rulebook, by the reference."""
    files = 0
    items: list[Both] = []
    refused: list[str] = []
    for fixture in fixtures:
        files += 1
        name = fixture.path.stem
        try:
            check(fixture.case, old.vocabulary)
            check(fixture.case, new.vocabulary)
        except CaseError:
            refused.append(name)
            continue
        items += _both(name, fixture.case, old, new)
    return Answers(files, tuple(items), tuple(refused))


def _both(file: str, case: Case, old: Rulebook, new: Rulebook) -> Iterator[Both]:
    before, after = _answers(case, old), _answers(case, new)
    expected = case.expect.items if case.expect else {}
    for name, _ in case.named_items:
        (treatment, ours), (newer, theirs) = before[name], after[name]
        heard, hears = ours.statuses, theirs.statuses
        yield Both(
            file,
            name,
            newer or treatment,
            ours.suggestion,
            theirs.suggestion,
            turn_between(ours, theirs),
            expected[name].outcome if name in expected else None,
            frozenset(each for each in heard.keys() | hears.keys() if heard.get(each) != hears.get(each)),
        )


_NOT_JUDGED = Answer("needs_review", "none", (), (), {})


def _answers(case: Case, rulebook: Rulebook) -> dict[str, tuple[str | None, Answer]]:
    """Return each item's treatment and what it gets."""
    done: dict[str, tuple[str | None, Answer]] = {}
    whole = WholeCase(case, rulebook.vocabulary)
    for name, item in case.principals_first:
        principal = done[item.follows][1].suggestion if item.follows else None
        question = prepare_item(case, name, item, rulebook, principal, whole=whole)
        if isinstance(question, str):
            done[name] = item.treatment, _NOT_JUDGED
        else:
            done[name] = question.treatment.name, judged(question)
    return done
