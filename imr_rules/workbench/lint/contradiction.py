"""``contradiction``: guidelines of one tier of which a case cannot satisfy both; the case is shown."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from imr_rules._dates import Period
from imr_rules.expression import names
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.plan import Planned, make_plan
from imr_rules.workbench.lint.book import Book
from imr_rules.workbench.lint.finding import Finding, Lint

if TYPE_CHECKING:
    import z3


class _Pair(NamedTuple):
    """Two guidelines of one tier that can govern one item, with a treatment and period in which they do.

    ``one`` is to be checked.
    """

    one: Guideline
    other: Guideline
    treatment: str
    period: Period


def _check(book: Book) -> Iterator[Finding]:
    for pair in _pairs(book):
        for one, other in _contradicting(pair, book.rulebook):
            shown = _case(pair, one, other, book.rulebook)
            if shown is not None:
                label = book.rulebook.vocabulary.treatments[pair.treatment].label
                what = (
                    f"`{one.criterion.name}` and `{other.id}` contradict each other for {label}: where both are asked, "
                    f"never are both met; as in this case: {shown}"
                )
                hint = "let one supersede the other, or part them by `when`"
                yield Finding("contradiction", what, one.criterion.place, hint)


def _pairs(book: Book) -> Iterator[_Pair]:
    from imr_rules.workbench.lint.solved import plans

    ours = {guideline.id for guideline in book.guidelines}
    seen = set()
    for name, period, plan in plans(book):
        for one, other in combinations(plan.guidelines, 2):
            key = one.id, other.id
            if key not in seen and one.source.tier == other.source.tier and one.known and other.known:
                seen.add(key)
                if one.id in ours:
                    yield _Pair(one, other, name, period)
                elif other.id in ours:
                    yield _Pair(other, one, name, period)


def _contradicting(pair: _Pair, rulebook: Rulebook) -> Iterator[tuple[Planned, Planned]]:
    """Yield two criteria that can each be met, and never both where both are asked."""
    wanted = [
        (first, second)
        for first in pair.one.criteria
        for second in pair.other.criteria
        if {*names(first.require)} & {*names(second.require)} and "caution" not in (first.kind, second.kind)
    ]
    if not wanted:
        return
    from imr_rules.engines.symbolic import AnyRow, encode
    from imr_rules.engines.symbolic.values import any_of

    plan = make_plan([pair.one, pair.other], rulebook.vocabulary)
    rows = AnyRow()
    encoded = encode(plan, rows.row(plan.facts), rows.words)
    by_id = {planned.id: (planned, encoded.status(planned.id)) for planned in plan.criteria}

    def asked(statuses: Any) -> z3.BoolRef:
        return any_of(statuses[name] for name in ("met", "unmet", "undocumented"))

    for first, second in wanted:
        (one, ours), (other, theirs) = by_id[first.id], by_id[second.id]
        if (
            rows.never(ours["met"], theirs["met"])
            and not rows.never(ours["met"], asked(theirs))
            and not rows.never(asked(ours), theirs["met"])
        ):
            yield one, other


def _case(pair: _Pair, one: Planned, other: Planned, rulebook: Rulebook) -> str | None:
    """Return, on one line, the smallest case in which one criterion is met and the other is not; None for none."""
    import json

    from imr_rules.workbench.fixtures import as_written
    from imr_rules.workbench.witness import Search

    search = Search([rulebook], pair.treatment, pair.period)
    (encoded,) = search.encoded
    found = search.find(encoded.status(one.id)["met"], encoded.status(other.id)["unmet"])
    if found.cases is None:
        return None
    return json.dumps(as_written(found.cases[0]))


LINT = Lint("contradiction", "Guidelines of one tier of which no case satisfies both.", _check, requires="z3")
