"""That durable-rules can hold every criterion, however many guidelines replace its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from imr_rules.durable import MOST_NUMBER, MOST_RULES, spread_of
from imr_rules.expression import Compare, leaves
from imr_rules.expression.normal_form import MOST_ALTERNATIVES, TooManyAlternatives, statuses
from imr_rules.expression.values import FactType
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import Planned, make_plan
from imr_rules.rulebook.vocabulary import Vocabulary

_HINT = "split it into several criteria"


def refuse_unmatchable(
    guidelines: Mapping[str, Guideline], vocabulary: Vocabulary, problems: Problems
) -> None:
    """Refuse criteria with more alternatives, or larger numbers, than durable-rules compares exactly."""
    replacing: dict[str, list[Guideline]] = {name: [] for name in guidelines}
    for guideline in guidelines.values():
        for each in guideline.supersedes:
            replacing[each.guideline].append(guideline)
    for name, guideline in guidelines.items():
        plan = make_plan([guideline, *replacing[name]], vocabulary)
        for planned in plan.criteria:
            if planned.guideline is guideline:
                for code, what in _faults(planned, plan.types):
                    problems.add(code, f"`{planned.criterion.name}` {what}", planned.criterion.place, _HINT)


def _faults(planned: Planned, types: Mapping[str, FactType]) -> Iterator[tuple[str, str]]:
    for tree in (planned.condition, planned.require):
        if any(_largest(leaf, types) > MOST_NUMBER for leaf in leaves(tree) if isinstance(leaf, Compare)):
            yield "too-large", "compares numbers too large to be exact"
            return
    try:
        every = [each for conjunctions in statuses(planned).values() for each in conjunctions]
    except TooManyAlternatives:
        yield "too-many-alternatives", f"has more than {MOST_ALTERNATIVES} alternatives"
        return
    if any(spread_of(each) > MOST_RULES for each in every):
        yield "too-many-alternatives", "asks of too many numbers that they differ (`!=`)"


def _largest(leaf: Compare, types: Mapping[str, FactType]) -> int:
    """Return the largest number a comparison may come to, whatever its signs."""
    ends = ((name, factor, types[name]) for name, factor in leaf.form.terms)
    return abs(leaf.form.constant) + sum(
        abs(factor) * max(abs(kind.low), abs(kind.high)) for _, factor, kind in ends
    )
