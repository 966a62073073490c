"""``what_if()``: which facts would decide an item, and which changes would flip its suggestion.

It works on the row of facts that the criteria asked for, with counts kept consistent: a change of the
visits attended changes every sum they are part of. Answers come smallest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product
from typing import Any

from imr_rules.case import Case, Suggestion
from imr_rules.expression import Compare, OneOf, leaves
from imr_rules.expression.reference import bounds
from imr_rules.expression.values import Row, Value
from imr_rules.facts.check import check
from imr_rules.facts.derive import derive
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.sums import TOTALS_OF
from imr_rules.screening.answer import screen
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.screening.result import AskedFact, Change, ItemScreening, ItemWhatIf, Way
from imr_rules.screening.shown import ShownFact

MOST_FACTS = 3
"""Largest set of facts that is tried together."""
MOST_TRIALS = 6_000
"""Most suggestions worked out for one item; reaching it is reported."""

_GROWN_BY: Mapping[str, tuple[str, ...]] = {
    part: tuple(each.total for each in sums)
    for part, sums in TOTALS_OF.items()
    if part != "prior_visits_claim"
} | {"prior_visits": ("visits_if_granted", "visits_if_granted_claim", "prior_visits_claim")}
"""Count → the sums it is part of."""

_SUMS = frozenset(total for totals in _GROWN_BY.values() for total in totals) - {"prior_visits_claim"}
_GIVEN = (
    frozenset({"follows_principal", "first_course", "injury_date", "request_date", "surgery_date", "age"})
    | _SUMS
)
"""Facts that are worked out from others, or that nothing done about the request can change."""


def what_if(case: Case, rulebook: Rulebook, *, item: str | None = None) -> tuple[ItemWhatIf, ...]:
    """Return, for each item, what would decide it and what would flip its suggestion.

    Args:
        case, rulebook: as :func:`~imr_rules.screening.screen` takes them.
        item: the id of one item, to search for that alone.

    Raises:
        CaseError, DisagreementError: as :func:`~imr_rules.screening.screen` does.
    """
    check(case, rulebook.vocabulary)
    screened = {each.item: each for each in screen(case, rulebook).items}
    found = []
    for name, disputed in case.named_items:
        if item is not None and name != item:
            continue
        principal = screened[disputed.follows].suggestion if disputed.follows else None
        question = prepare_item(case, name, disputed, rulebook, principal)
        if isinstance(question, str):
            stands = screened[name]
            found.append(
                ItemWhatIf(name, "needs_review", stands.headline, None, (), (), False, stands.missing)
            )
        else:
            found.append(_Search(question, rulebook, screened[name]).run())
    return tuple(found)


class _Search:
    """Tries changes of one item's facts, smallest first."""

    def __init__(self, question: PreparedItem, rulebook: Rulebook, stands: ItemScreening) -> None:
        self.question, self.suggestion, self.headline = question, stands.suggestion, stands.headline
        self.facts = rulebook.vocabulary.facts
        self.row = dict(question.row)
        for name in _GROWN_BY:
            spec = self.facts.get(name)
            if (
                name not in self.row
                and spec is not None
                and any(total in self.row for total in _GROWN_BY[name])
            ):
                self.row[name] = derive(question.record, spec)
        self.trials = 0
        self.candidates = {name: self._candidates(name) for name in self._names()}

    def run(self) -> ItemWhatIf:
        undecided = self.suggestion == "needs_review"
        open_names = [name for name in self.candidates if not self.row[name].exact]
        every = self.candidates
        self.candidates = {name: self._still_possible(name) for name in open_names}
        settles = self._settling(open_names) if undecided else None
        decides = tuple(self._ways(open_names)) if undecided else ()
        self.candidates = every
        flips = tuple(self._ways(list(every)))
        return ItemWhatIf(
            self.question.name, self.suggestion, self.headline, settles, decides, flips,
            self.trials >= MOST_TRIALS,
        )  # fmt: skip

    def _shown(self, name: str, value: Value) -> ShownFact:
        spec = self.facts[name]
        return ShownFact(name, spec.label, spec.type, value)

    def _still_possible(self, name: str) -> tuple[Value, ...]:
        """Return the candidates that what is known of an open fact allows."""
        now, every = self.row[name], self.candidates[name]
        if self.facts[name].type.kind == "choice":
            return every
        return tuple(each for each in every if now.low <= each.low <= now.high)

    def _names(self) -> Iterator[str]:
        tables = {table.name for table in self.question.plan.tables}
        for name in self.row:
            if name in tables or name in _GIVEN or name not in self.facts:
                continue
            if name.startswith(("weeks_since", "days_since", "months_since")) and self.row[name].exact:
                continue
            if name == "principal_supported" and not self.question.item.follows:
                continue
            yield name

    def _candidates(self, name: str) -> tuple[Value, ...]:
        """Return the values worth trying for a fact: those at which some criterion turns."""
        kind, now = self.facts[name].type, self.row[name]
        if kind.kind == "boolean":
            return tuple(Value("known", each, each) for each in (1, 0) if (now.low, now.high) != (each, each))
        trees = [
            tree for planned in self.question.plan.criteria for tree in (planned.condition, planned.require)
        ]
        trees += [row.when for table in self.question.plan.tables for row in table.limit.rows]
        found: dict[Any, None] = {}
        for tree in trees:
            for leaf in leaves(tree):
                if isinstance(leaf, OneOf) and leaf.name == name:
                    found.update(dict.fromkeys(leaf.values))
                elif isinstance(leaf, Compare):
                    found.update(dict.fromkeys(self._turning_points(leaf, name)))
        if kind.kind == "choice":
            return tuple(Value("known", 0, 0, text=each) for each in found if each != now.text)
        low = 1 if name.endswith("in_dispute") else kind.low  # nothing in dispute is no request
        numbers = {each for each in found if low <= each <= kind.high}
        return tuple(
            Value("known", each, each) for each in sorted(numbers) if (each, each) != (now.low, now.high)
        )

    def _turning_points(self, leaf: Compare, name: str) -> Iterator[int]:
        named = {name, *_GROWN_BY.get(name, ())}
        factor = sum(each for term, each in leaf.form.terms if term in named)
        if not factor:
            return
        now = self.row[name]
        at_zero = dict(self.row)
        self._set(at_zero, name, Value("known", 0, 0))
        if now.state == "missing" and any(term in _SUMS for term, _ in leaf.form.terms):
            at_zero = self._with(((name, Value("known", 0, 0)),))
        for rest in set(bounds(leaf.form, at_zero)):
            turn = -rest // factor
            yield from (turn - 1, turn, turn + 1)

    def _set(self, row: Row, name: str, value: Value) -> None:
        """Put ``value`` in the row, and move every sum the fact is part of along with it."""
        before = row[name]
        row[name] = value
        for total in _GROWN_BY.get(name, ()):
            if total not in row:
                continue
            spec = self.facts[total]
            parts = [part for part, totals in _GROWN_BY.items() if total in totals and part in row]
            if total == "visits_if_granted_claim":
                others = self._outside_claim(row)
            else:
                others = (0, 0)
            if total == "prior_visits_claim":
                low = max(0, row[total].low + value.low - before.low)
                high = max(low, min(spec.type.high, row[total].high + value.high - before.high))
            else:
                low = sum(row[part].low for part in parts) + others[0]
                high = min(spec.type.high, sum(row[part].high for part in parts) + others[1])
            row[total] = Value("known" if low == high else "bounded", low, high)
        if name == "prior_visits" and "first_course" in row:
            first = 0 if value.low > 0 else 1 if value.high == 0 else None
            row["first_course"] = (
                Value("known", first, first) if first is not None else Value("missing", 0, 1)
            )

    def _outside_claim(self, row: Row) -> tuple[int, int]:
        """Return visits on the claim for other body regions, as the unchanged record has them."""
        record, facts = self.question.record, self.facts
        if "prior_visits_claim" not in facts or "prior_visits" not in facts:
            return 0, 0
        claim, here = derive(record, facts["prior_visits_claim"]), derive(record, facts["prior_visits"])
        return max(0, claim.low - here.low), max(0, claim.high - here.high)

    def _with(self, changes: Iterable[tuple[str, Value]]) -> Row:
        row = dict(self.row)
        for name, value in changes:
            self._set(row, name, value)
        return self.question.plan.complete(row)

    def _outcome(self, changes: Iterable[tuple[str, Value]]) -> Suggestion:
        self.trials += 1
        return self.question.suggest(self._with(changes)).suggestion

    def _sets(self, names: list[str]) -> Iterator[tuple[str, ...]]:
        usable = [name for name in names if self.candidates[name]]
        for size in range(1, MOST_FACTS + 1):
            yield from combinations(usable, size)

    def _settling(self, names: list[str]) -> tuple[AskedFact, ...] | None:
        for chosen in self._sets(names):
            if self.trials >= MOST_TRIALS // 3:
                return None
            values = product(*(self.candidates[name] for name in chosen))
            if all(self._outcome(zip(chosen, each, strict=True)) != "needs_review" for each in values):
                return tuple(
                    AskedFact(name, spec.label, spec.asks) for name in chosen for spec in (self.facts[name],)
                )
        return None

    def _ways(self, names: list[str]) -> list[Way]:
        """Return the smallest sets of changes to another decided suggestion, nearest values first."""
        found: list[tuple[int, int, Way, frozenset[str]]] = []
        for chosen in self._sets(names):
            for values in product(*(self.candidates[name] for name in chosen)):
                if self.trials >= MOST_TRIALS:
                    break
                outcome = self._outcome(zip(chosen, values, strict=True))
                if outcome in (self.suggestion, "needs_review"):
                    continue
                if any(way.suggestion == outcome and names_ < frozenset(chosen) for *_, way, names_ in found):
                    continue
                changes = tuple(
                    Change(
                        name,
                        self.facts[name].label,
                        self._shown(name, self.row[name]),
                        self._shown(name, value),
                    )
                    for name, value in zip(chosen, values, strict=True)
                )
                distance = sum(abs(each.then.value.low - each.now.value.low) for each in changes)
                found.append((len(chosen), distance, Way(outcome, changes), frozenset(chosen)))
        nearest: dict[tuple[Suggestion, frozenset[str]], Way] = {}
        for _, _, way, names_ in sorted(found, key=lambda each: each[:2]):
            nearest.setdefault((way.suggestion, names_), way)
        return list(nearest.values())
