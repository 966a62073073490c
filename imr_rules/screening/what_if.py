"""``what_if()``: which facts would decide an item, and which changes would flip its suggestion.

Every change is supposed, derived and judged again (:mod:`imr_rules.screening.suppositions`), so whatever is shown
is the engine's own word. The search goes on only by facts of what stands in the way, and tries one value for each
way the tests of a fact can come out, in both directions. Answers come smallest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product

from imr_rules.case import Case, Suggestion
from imr_rules.expression import AllOf, AnyOf, Leaf, Node, Not, names
from imr_rules.expression.reference import truth
from imr_rules.expression.values import Row, Value
from imr_rules.facts.derive import derive
from imr_rules.facts.whole_case import WholeCase
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.check import check
from imr_rules.rulebook.dictionary import FactSpec
from imr_rules.rulebook.model import STATUTE
from imr_rules.rulebook.plan import ALWAYS
from imr_rules.rulebook.suggestion import on_stated_facts
from imr_rules.rulebook.sums import SUMS, TOTALS_OF
from imr_rules.screening.answer import screen
from imr_rules.screening.prepared_item import PreparedItem, prepare_item
from imr_rules.screening.result import AskedFact, Change, ItemScreening, ItemWhatIf, Way
from imr_rules.screening.shown import ShownFact
from imr_rules.screening.suppositions import OUT_OF_THE_WAY, Part, State, Supposed, Suppositions

MOST_FACTS = 3
"""Largest set of facts that is tried together."""
MOST_STATES = 5_000
"""Most suppositions judged for one item in one direction; reaching it is reported."""

_Values = Callable[[str, Supposed, Sequence[int]], tuple[Value, ...]]
"""Gives the values of a fact to try, as :meth:`Suppositions.values` does."""

_GIVEN = frozenset(
    {"follows_principal", "first_course", "injury_date", "request_date", "surgery_date", "age", *SUMS}
)
"""Facts that are worked out from others, or that nothing done about the request can change."""

_WHOSE_CASE = frozenset({"body_region", "surgery_done", "postsurgical_procedure"})
"""What a case is about: once it is stated, supposing another would be another worker's case."""


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
    found, whole = [], WholeCase(case, rulebook.vocabulary)
    for name, disputed in case.named_items:
        if item is not None and name != item:
            continue
        stands = screened[name]
        principal = screened[disputed.follows].suggestion if disputed.follows else None
        prepared = prepare_item(case, name, disputed, rulebook, principal, whole=whole)
        if isinstance(prepared, str):
            found.append(
                ItemWhatIf(name, "needs_review", stands.headline, None, (), (), False, stands.missing)
            )
        else:
            found.append(_Search(prepared, rulebook, stands).run())
    return tuple(found)


def facts_to_change(prepared: PreparedItem, facts: Mapping[str, FactSpec]) -> list[str]:
    """Return the facts of an item that may be supposed otherwise: those a request, or what is read, can change."""
    row = prepared.row
    parts = {part for part, totals in TOTALS_OF.items() if any(each.total in row for each in totals)}

    def may_change(name: str) -> bool:
        if name not in facts or name in _GIVEN:
            return False
        if name in _WHOSE_CASE and name in row and row[name].exact and not row[name].assumed:
            return False
        if name.startswith(("weeks_since", "days_since", "months_since")):
            return not derive(prepared.record, facts[name]).exact
        return name != "principal_supported" or prepared.item.follows is not None

    return [name for name in dict.fromkeys((*row, *sorted(parts))) if may_change(name)]


class _Search:
    """Tries changes of one item's facts, smallest first."""

    def __init__(self, prepared: PreparedItem, rulebook: Rulebook, stands: ItemScreening) -> None:
        self.prepared, self.stands = prepared, stands
        self.bounded = False
        self.facts = rulebook.vocabulary.facts
        self.suppositions = Suppositions(prepared, self.facts)
        row = prepared.row
        self.usable = facts_to_change(prepared, self.facts)
        self._behind = {name: self._facts_behind(name) for name in row}
        plan = prepared.plan
        first = next(
            (tier for tier in plan.tiers if any(tier == g.source.tier for g in plan.guidelines)), None
        )
        self._heard_first = [
            place
            for place, planned in enumerate(plan.criteria)
            if planned.criterion.kind != "caution"
            and planned.criterion.strength == "text"
            and planned.tier in (STATUTE, first)
            and planned.situation is None
        ]
        self._of_leaf: dict[Leaf, tuple[str, ...]] = {}
        self._of_criterion: dict[tuple[object, ...], list[tuple[str, ...]]] = {}

    def _facts_behind(self, name: str) -> tuple[str, ...]:
        """Return the facts that may be supposed so that a fact of the row changes."""
        return tuple(
            each for each in self.usable if name == each or name in self.suppositions.followers(each)
        )

    def run(self) -> ItemWhatIf:
        """Return what was found."""
        stands, now = self.stands, self.suppositions.now
        settles: tuple[AskedFact, ...] | None = None
        decides: tuple[Way, ...] = ()
        flips: tuple[Way, ...] = ()
        if self.prepared.settled and not self.prepared.contradicted:  # no fact changes these
            if stands.suggestion == "needs_review":
                open_facts = [name for name in self.usable if not self.suppositions.value(name, now).exact]
                settles = self._settling(open_facts)
                decides = self._ways(open_facts, self._still_possible)
            flips = self._ways(self.usable, self.suppositions.values)
        return ItemWhatIf(
            stands.item, stands.suggestion, stands.headline, settles, decides, flips, self.bounded
        )

    def _still_possible(
        self, name: str, supposed: Supposed, lifting: Sequence[int] = ()
    ) -> tuple[Value, ...]:
        """Return the values worth trying that what is known of an open fact allows."""
        now = self.suppositions.value(name, self.suppositions.now)
        values = self.suppositions.values(name, supposed, lifting)
        if self.facts[name].type.kind == "choice":
            return values
        return tuple(each for each in values if now.low <= each.low <= now.high)

    # --- ways to another suggestion --------------------------------------------------------------------------------

    def _ways(self, usable: Iterable[str], values: _Values) -> tuple[Way, ...]:
        """Return the smallest sets of changes to each other decided suggestion, nearest values first."""
        allowed = frozenset(usable)
        found: list[tuple[int, int, Way]] = []
        targets: tuple[Suggestion, ...] = ("overturn", "uphold")
        for target in targets:
            if target == self.stands.suggestion:
                continue
            goals: list[int | None] = [None]
            if target == "uphold":
                goals = [*self._grounds()]
            best: dict[frozenset[str], tuple[int, Supposed]] = {}
            most = self.suppositions.judged + MOST_STATES
            for size in range(1, MOST_FACTS + 1):  # smallest first, whatever the goal
                for goal in goals:
                    self._search(target, goal, allowed, values, best, size, most)
            minimal = [chosen for chosen in best if not any(other < chosen for other in best)]
            found += [
                (len(chosen), best[chosen][0], self._way(target, best[chosen][1])) for chosen in minimal
            ]
        return tuple(way for _, _, way in sorted(found, key=lambda each: each[:2]))

    def _search(
        self,
        target: Suggestion,
        goal: int | None,
        allowed: frozenset[str],
        values: _Values,
        best: dict[frozenset[str], tuple[int, Supposed]],
        size: int,
        most: int,
    ) -> None:
        """Gather the nearest supposition for each smallest set of facts that leads to a suggestion."""
        frontier: list[Supposed] = [()]
        seen: set[frozenset[tuple[str, Value]]] = set()
        for _ in range(size):
            following: list[Supposed] = []
            for supposed in frontier:
                chosen = frozenset(name for name, _ in supposed)
                state = self.suppositions.under(supposed)
                left = size - len(supposed)
                blocking = self._surely_in_the_way(state) if left == 1 and target == "overturn" else ()
                for name in self._in_the_way(state, target, goal, left):
                    names_now = chosen | {name}
                    if name not in allowed or name in chosen or any(each < names_now for each in best):
                        continue
                    now = self.suppositions.value(name, self.suppositions.now)
                    for value in values(name, supposed, blocking):
                        if (value.low, value.high, value.text) == (now.low, now.high, now.text) and now.exact:
                            continue
                        tried = (*supposed, (name, value))
                        key = frozenset(tried)
                        if key in seen:
                            continue
                        seen.add(key)
                        if self.suppositions.judged >= most:
                            self.bounded = True
                            return
                        if self.suppositions.under(tried).suggested.suggestion == target:
                            away = self._away(tried)
                            if names_now not in best or away < best[names_now][0]:
                                best[names_now] = (away, tried)
                        else:
                            following.append(tried)
            frontier = [each for each in following if not any(b <= {n for n, _ in each} for b in best)]

    def _surely_in_the_way(self, state: State) -> list[int]:
        """Return the criteria that rule overturning out for as long as they stand as they do, whatever else does.

        They are of guideline text and heard: a statute's, or of the first tier, which decides where one of its own
        criteria speaks.
        """
        found = [place for place in self._heard_first if state.statuses[place] not in OUT_OF_THE_WAY]
        return sorted(found, key=lambda place: len(state.bearing.get(place, ())))

    def _grounds(self) -> Iterator[int]:
        """Yield the criteria that may become a ground for upholding."""
        for place, planned in enumerate(self.prepared.plan.criteria):
            if planned.criterion.kind != "caution" and planned.criterion.strength == "text":
                yield place

    def _in_the_way(self, state: State, target: Suggestion, goal: int | None, left: int) -> tuple[str, ...]:
        """Return the facts of one thing that stands between a state and a suggestion: one of them must change.

        Args:
            state: what is supposed so far.
            target: the suggestion that is looked for.
            goal: the criterion that is to become a ground, for upholding.
            left: how many facts may still change; nothing is returned where more would have to.
        """
        if goal is not None:
            return self._between(state, goal, left)
        next_of_them = _next_to_change(self._to_overturn(state), left)
        return tuple(dict.fromkeys((*next_of_them, *self._of_the_tier(state, left))))

    def _to_overturn(self, state: State) -> Iterator[tuple[str, ...]]:
        """Yield sets of facts, of each of which one must change for the tier that decides to support overturning."""
        for place in state.suggested.governing:
            criterion, status = self.prepared.plan.criteria[place].criterion, state.statuses[place]
            stands = ("unmet", "undocumented", *(("unknown",) if criterion.strength == "text" else ()))
            if criterion.kind != "caution" and status in stands:
                yield self._to_lift(place, state)
        yield from self._to_show(state)

    def _to_lift(self, place: int, state: State) -> tuple[str, ...]:
        """Return the facts of which one must change for a criterion to be met, or not to apply."""
        not_to_apply = _fewest(self._needed(place, "condition", False, state))
        to_be_met = _fewest(self._needed(place, "require", True, state))
        return tuple(dict.fromkeys((*not_to_apply, *to_be_met)))

    def _to_show(self, state: State) -> list[tuple[str, ...]]:
        """Return the facts of which one must change for an indication to be met on a stated fact, where none is."""
        found: dict[str, None] = {}
        for place in state.suggested.governing:
            planned, status = self.prepared.plan.criteria[place], state.statuses[place]
            if planned.criterion.kind != "indication" or planned.criterion.strength != "text":
                continue
            if status != "met":
                to_apply = self._needed(place, "condition", True, state)
                found |= dict.fromkeys(_fewest([*to_apply, *self._needed(place, "require", True, state)]))
            elif planned.carries and on_stated_facts(self.prepared.plan, planned.carries, state.row):
                return []
            else:  # met on what is assumed alone
                found |= dict.fromkeys(self._usable_of(self.suppositions.asked_by(place)))
        return [tuple(found)]

    def _between(self, state: State, goal: int, left: int) -> tuple[str, ...]:
        """Return the facts of what keeps one criterion from being a ground for upholding."""
        if state.statuses[goal] in ("unmet", "undocumented"):
            heard = goal in state.suggested.governing
            return self._usable_of(ALWAYS) if heard else self._of_the_tier(state, left)
        to_apply = self._needed(goal, "condition", True, state)
        to_be_unmet = self._needed(goal, "require", False, state, silence=False)
        return _next_to_change([*to_apply, *to_be_unmet], left)

    def _to_make(
        self, tree: Node, wanted: bool, row: Row, *, silence: bool | None = None, positive: bool = True
    ) -> list[tuple[str, ...]]:
        """Return sets of facts, of each of which one must change for a tree to become true, or false; none where it is.

        ``silence`` and ``positive`` are as :func:`~imr_rules.expression.reference.truth` takes them: a criterion is
        a ground for upholding also where only silence keeps its requirement from being true.
        """
        if isinstance(tree, Not):
            return self._to_make(tree.inner, not wanted, row, silence=silence, positive=not positive)
        if isinstance(tree, (AllOf, AnyOf)):
            needed = (
                self._to_make(part, wanted, row, silence=silence, positive=positive) for part in tree.parts
            )
            if isinstance(tree, AllOf) is wanted:  # every part must change
                return [each for part in needed for each in part]
            found: dict[str, None] = {}
            for part in needed:
                if not part:  # it has come out so
                    return []
                found |= dict.fromkeys(_fewest(part))
            return [tuple(found)]
        if truth(tree, row, silence=silence, positive=positive) is wanted:
            return []
        if tree not in self._of_leaf:
            self._of_leaf[tree] = self._usable_of(self.suppositions.reach(names(tree)))
        return [self._of_leaf[tree]]

    def _needed(
        self, place: int, part: Part, wanted: bool, state: State, *, silence: bool | None = None
    ) -> list[tuple[str, ...]]:
        """Return what :meth:`_to_make` does for a part of a criterion: once for all that bears on it."""
        key = place, part, wanted, silence, self.suppositions.bearing_on(place, part, state)
        if key not in self._of_criterion:
            tree = getattr(self.prepared.plan.criteria[place], part)
            self._of_criterion[key] = self._to_make(tree, wanted, state.row, silence=silence)
        return self._of_criterion[key]

    def _of_the_tier(self, state: State, left: int) -> tuple[str, ...]:
        """Return the facts by which an earlier tier would speak, or the one that decides would fall silent."""
        decides, row, tiers = state.suggested.tier, state.row, self.prepared.plan.tiers
        earlier = tiers[: tiers.index(decides)] if decides else tiers
        found: dict[str, None] = {}
        if earlier:
            for place, planned in enumerate(self.prepared.plan.criteria):
                if planned.tier in earlier:
                    needed = self._needed(place, "condition", True, state)
                    found |= dict.fromkeys(_next_to_change(needed, left))
            for guideline in self.prepared.plan.guidelines:
                if not guideline.known and guideline.source.tier in earlier:
                    needed = self._to_make(guideline.applies_when, True, row)
                    found |= dict.fromkeys(_next_to_change(needed, left))
        return tuple(found | dict.fromkeys(_next_to_change(self._to_silence(state), left)))

    def _to_silence(self, state: State) -> Iterator[tuple[str, ...]]:
        """Yield sets of facts, of each of which one must change for the tier that decides to fall silent."""
        for place, planned in enumerate(self.prepared.plan.criteria):
            decides = planned.tier == state.suggested.tier
            if decides and state.statuses[place] != "not_applicable":
                yield from self._needed(place, "condition", False, state)
        for guideline in state.suggested.unknown_contents:
            if guideline.by_analogy:
                yield ()
            else:
                yield from self._to_make(guideline.applies_when, False, state.row)

    def _usable_of(self, asked: Iterable[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each for name in asked for each in self._behind.get(name, ())))

    def _away(self, supposed: Supposed) -> int:
        now = self.suppositions.now
        return sum(abs(value.low - self.suppositions.value(name, now).low) for name, value in supposed)

    def _way(self, target: Suggestion, supposed: Supposed) -> Way:
        order = {name: place for place, name in enumerate(self.usable)}
        return Way(
            target, tuple(self._change(*each) for each in sorted(supposed, key=lambda each: order[each[0]]))
        )

    def _change(self, name: str, value: Value) -> Change:
        spec, now = self.facts[name], self.suppositions.value(name, self.suppositions.now)
        return Change(
            name,
            spec.label,
            ShownFact(name, spec.label, spec.type, now),
            ShownFact(name, spec.label, spec.type, value),
        )

    # --- what settles an item ----------------------------------------------------------------------------------------

    def _settling(self, open_facts: list[str]) -> tuple[AskedFact, ...] | None:
        """Return the fewest open facts that decide the item whatever they turn out to be, or None."""
        now = self.suppositions.now
        plan = self.prepared.plan
        bearing: dict[str, None] = {}
        for place in now.suggested.governing:
            if plan.criteria[place].criterion.kind != "caution" and now.statuses[place] == "unknown":
                bearing.update(dict.fromkeys(self._usable_of(self.suppositions.asked_by(place))))
        for guideline in now.suggested.unknown_contents:
            bearing.update(dict.fromkeys(self._usable_of(names(guideline.applies_when))))
        useful = [name for name in open_facts if name in bearing and self._still_possible(name, ())]
        most = self.suppositions.judged + MOST_STATES
        for size in range(1, MOST_FACTS + 1):
            for chosen in combinations(useful, size):
                if self.suppositions.judged >= most:
                    self.bounded = True
                    return None
                if self._decided_whatever(chosen):
                    return tuple(
                        AskedFact(name, self.facts[name].label, self.facts[name].asks) for name in chosen
                    )
        return None

    def _decided_whatever(self, chosen: tuple[str, ...]) -> bool:
        values = [self._still_possible(name, ()) for name in chosen]
        return all(
            self.suppositions.under(tuple(zip(chosen, each, strict=True))).suggested.suggestion
            != "needs_review"
            for each in product(*values)
        )


def _fewest(needed: list[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the smallest of some sets of facts; an empty one where there are none."""
    return min(needed, key=len, default=())


def _in_each(needed: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the facts that are in each of some sets; none where there are no sets."""
    remaining = iter(needed)
    common = next(remaining, ())
    while common:
        each = next(remaining, None)
        if each is None:
            break
        common = tuple(name for name in common if name in each)
    return common


def _next_to_change(needed: Iterable[tuple[str, ...]], left: int) -> tuple[str, ...]:
    """Return the facts one of which must change next, where one of each set must; none where ``left`` are too few."""
    if left == 1:
        return _in_each(needed)
    needed = list(needed)
    count, taken = 0, set[str]()
    for each in sorted(needed, key=len):  # sets that share nothing need a change each
        if taken.isdisjoint(each):
            count += 1
            taken.update(each)
    return _fewest(needed) if count <= left else ()
