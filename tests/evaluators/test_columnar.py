"""The columnar evaluator says what the reference says, on every column, of random rulebooks and rows."""

from __future__ import annotations

import pytest

pa = pytest.importorskip("pyarrow", reason="SKIPPED LOUDLY: the extra `batch` is not installed")

import flat  # noqa: E402
from hypothesis import HealthCheck, Phase, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

from imr_rules.evaluators.columnar import ColumnarEvaluator  # noqa: E402


def run(rows: int, of: int, seed: int = 0) -> None:
    """Judge ``rows`` random rows, ``of`` of them under each random rulebook."""
    seen: set[str] = set()
    judged = 0

    @settings(max_examples=-(-rows // of), deadline=None, database=None, derandomize=True,
              suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate])  # fmt: skip
    @given(flat.rulebooks(), st.integers(0, 2**32))
    def agree(rulebook: object, chance: int) -> None:
        nonlocal judged
        items = flat.items(rulebook, chance + seed, of)  # type: ignore[arg-type]
        batch = flat.batch(rulebook, items)  # type: ignore[arg-type]
        found = ColumnarEvaluator(rulebook)(batch)  # type: ignore[arg-type]
        assert found.column("rejected").null_count == of
        wrong = next(flat.differences(rulebook, items, found), None)  # type: ignore[arg-type]
        assert wrong is None, (wrong, items[wrong[0]].facts)
        judged += of
        seen.update(status for row in found.column("statuses").to_pylist() for _, status in row)
        seen.update(found.column("suggestion").to_pylist())
        seen.update(reason for row in found.column("review_reasons").to_pylist() for reason in row)

    while judged < rows:
        agree()
    assert seen >= {
        "met",
        "unmet",
        "undocumented",
        "unknown",
        "not_applicable",
        "uphold",
        "overturn",
        "needs_review",
    }
    assert seen >= {
        "exceptional_factors", "rebuttal_documented", "facts_missing", "criteria_not_known", "nothing_governs",
        "nothing_met", "edition_not_settled", "edition_not_known", "treatment_not_recognised",
    }  # fmt: skip


def test_columns_agree_with_the_reference() -> None:
    run(9_000, 45)


@pytest.mark.long
@pytest.mark.parametrize("half", [1, 2])
def test_a_million_rows_agree_with_the_reference(half: int) -> None:
    run(500_000, 2_500, seed=half)
