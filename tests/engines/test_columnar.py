"""The columnar evaluator says what the reference says, on every column, of random rulebooks and rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytest

pa = pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")

from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from imr_rules._dates import Window  # noqa: E402
from imr_rules.engines.columnar import ColumnarEvaluator, bindings, blocks  # noqa: E402
from imr_rules.engines.shape import shape_of  # noqa: E402
from imr_rules.rulebook import Rulebook  # noqa: E402
from tests.engines import alike, flat  # noqa: E402

STATUSES = ("met", "unmet", "undocumented", "unknown", "not_applicable")
SUGGESTIONS = ("uphold", "overturn", "needs_review")
REASONS = {
    "exceptional_factors", "rebuttal_documented", "facts_missing", "criteria_not_known", "nothing_governs",
    "no_indication", "practice_against", "contradiction", "edition_not_settled", "edition_not_known", "treatment_not_recognized",
}  # fmt: skip


LEANS = {"leans to uphold", "leans to overturn", "rests on silence", "rests on practice", "rests on adapted"}


def run(rows: int, of: int, rulebooks: st.SearchStrategy[Rulebook], seed: int = 0) -> set[str]:
    """Judge ``rows`` random rows, ``of`` of them under each random rulebook; half of the batches are sorted, one way
    or the other, and of half of these every row can be judged.

    Returns:
        every status, suggestion and reason that was met.
    """
    seen: set[str] = set()
    judged = 0

    @settings(max_examples=-(-rows // of), deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])  # fmt: skip
    @given(rulebooks, st.integers(0, 2**32))
    def agree(rulebook: Rulebook, chance: int) -> None:
        nonlocal judged
        items = flat.items(rulebook, chance + seed, of)
        if chance % 4 == 3:
            items = [item.judgeable() for item in items]
        if chance % 2:
            items.sort(
                key=lambda item: (item.treatment or "", item.first or date.min), reverse=chance % 8 > 4
            )
        batch = flat.batch(rulebook, items)
        found = ColumnarEvaluator(rulebook)(batch)
        assert found.column("rejected").null_count == of
        wrong = next(flat.differences(rulebook, items, found), None)
        assert wrong is None, (wrong, items[wrong[0]].facts)
        judged += of
        seen.update(status for row in found.column("statuses").to_pylist() for _, status in row)
        seen.update(found.column("suggestion").to_pylist())
        seen.update(f"leans to {lean}" for lean in found.column("lean").to_pylist() if lean)
        seen.update(f"rests on {each}" for row in found.column("lean_rests_on").to_pylist() for each in row)
        seen.update(reason for row in found.column("review_reasons").to_pylist() for reason in row)

    while judged < rows:
        agree()
    assert seen >= {*STATUSES, *SUGGESTIONS}
    return seen


@pytest.mark.long
def test_columns_agree_with_the_reference() -> None:
    assert run(9_000, 45, flat.rulebooks()) >= REASONS | LEANS


@pytest.mark.parametrize(("rows", "facts"), [(65_536, 8), (7, 8), (65_536, 1)])
def test_treatments_that_ask_alike_agree_with_the_reference(
    rows: int, facts: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many rows are judged at once, and however many facts take turns."""
    monkeypatch.setattr(blocks, "ROWS", rows)
    monkeypatch.setattr(bindings, "MOST_FACTS", facts)
    run(2_000, 40, alike.rulebooks(), seed=rows)


def test_treatments_that_ask_alike_share_shapes() -> None:
    plans, shapes = 0, 0
    numbers: dict[str, int] = defaultdict(int)

    @settings(max_examples=60, deadline=None, database=None, derandomize=True,
              phases=[Phase.generate])  # fmt: skip
    @given(alike.rulebooks())
    def count(rulebook: Rulebook) -> None:
        nonlocal plans, shapes
        for day in flat.DAYS:
            found = [
                rulebook.select(each, Window(day, day)).plan
                for each in rulebook.vocabulary.treatments.values()
            ]
            plans += len(found)
            shapes += len({shape_of(plan, True, numbers, numbers)[0] for plan in found})

    count()
    assert shapes < 0.6 * plans, (shapes, plans)


@pytest.mark.long
@pytest.mark.parametrize("half", [1, 2])
def test_a_million_rows_agree_with_the_reference(half: int) -> None:
    assert run(500_000, 2_500, flat.rulebooks(), seed=half) >= REASONS


@pytest.mark.long
def test_many_rows_of_treatments_that_ask_alike_agree_with_the_reference() -> None:
    run(250_000, 1_000, alike.rulebooks(), seed=3)
