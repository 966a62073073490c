"""The answer an item gets, as far as the workbench compares it; and what is another answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from imr_rules.case import Suggestion
from imr_rules.expression.reference import Status
from imr_rules.rulebook.suggestion import Lean, RestsOn, Suggested
from imr_rules.screening import ItemScreening, PreparedItem
from imr_rules.screening.turns import ChangeOf, LeanWord, Turn


class Answer(NamedTuple):
    """What an item got.

    Attributes:
        grounds: full names of the criteria that a suggestion rests on; none where the item needs review.
        lean_grounds, lean_rests_on: the same of a lean, and on what beside guideline text it rests.
        statuses: of each criterion that was heard.
    """

    suggestion: Suggestion
    lean: LeanWord
    grounds: tuple[str, ...]
    review_reasons: tuple[str, ...]
    statuses: Mapping[str, Status]
    lean_grounds: tuple[str, ...] = ()
    lean_rests_on: tuple[RestsOn, ...] = ()


def change_of(before: Answer, after: Answer) -> ChangeOf | None:
    """Return what changes from one answer to another: the first of suggestion, lean and grounds; None for nothing."""
    if before.suggestion != after.suggestion:
        return "suggestion"
    one, other = (
        (each.lean, sorted(each.lean_grounds), sorted(each.lean_rests_on)) for each in (before, after)
    )
    if one != other:
        return "lean"
    return "grounds" if sorted(before.grounds) != sorted(after.grounds) else None


def turn_between(before: Answer, after: Answer) -> Turn | None:
    """Return how one answer differs from another; None where it does not."""
    change = change_of(before, after)
    if change is None:
        return None
    leans = (before.lean, after.lean) if change == "lean" else ()
    return Turn(change, before.suggestion, after.suggestion, *leans)


def said_differences(before: Answer, after: Answer) -> list[str]:
    """Return in words what two answers differ in: how the answer changes, and which criteria stand otherwise."""
    turn = turn_between(before, after)
    found = [str(turn)] if turn else []
    if sorted(before.review_reasons) != sorted(after.review_reasons) and turn is None:
        found.append("needs review, for another reason")
    for name in dict.fromkeys((*before.statuses, *after.statuses)):
        was, now = (each.statuses.get(name) for each in (before, after))
        if was != now:
            found.append(f"{name}: {_status(was)} → {_status(now)}")
    return found


def _status(status: Status | None) -> str:
    return "not asked" if status is None else status.replace("_", " ")


def answer_of(item: ItemScreening) -> Answer:
    """Return the answer in an item's screening."""
    statuses = {result.id: result.status for result in item.criteria}
    lean = item.lean
    return Answer(
        item.suggestion, lean.suggestion if lean else "none", item.grounds, item.review_reasons, statuses,
        lean.grounds if lean else (), lean.rests_on if lean else (),
    )  # fmt: skip


def judged(question: PreparedItem, statuses: Sequence[Status] | None = None) -> Answer:
    """Return the answer to an item, by the reference alone.

    Args:
        question: the item.
        statuses: of the criteria of its plan, where they were worked out already.
    """
    if statuses is None:
        statuses = question.judge(question.row)
    suggested = question.suggest(question.row, statuses)
    return _as_answer(question, statuses, suggested, question.lean(statuses, suggested))


def _as_answer(
    question: PreparedItem, statuses: Sequence[Status], suggested: Suggested, lean: Lean | None
) -> Answer:
    ids = [planned.id for planned in question.plan.criteria]
    return Answer(
        suggested.suggestion,
        lean.suggestion if lean else "none",
        tuple(ids[place] for place in suggested.grounds),
        suggested.reasons,
        {ids[place]: statuses[place] for place in suggested.governing},
        tuple(ids[place] for place in lean.grounds) if lean else (),
        lean.rests_on if lean else (),
    )
