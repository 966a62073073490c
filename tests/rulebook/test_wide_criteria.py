"""A criterion with many ways to be met: more alternatives than one ruleset of durable-rules holds."""

from itertools import product

import pytest

from imr_rules import durable
from imr_rules.expression import parse
from imr_rules.expression.reference import judge
from imr_rules.expression.values import FactType, Value

pytestmark = pytest.mark.skipif(not durable.available(), reason=durable.why_unavailable())

YES, NO = Value("known", 1, 1), Value("known", 0, 0)
SILENT, OPEN = Value("undocumented", 0, 1, silent=True), Value("missing", 0, 1)
NAMES = [f"way_{letter}" for letter in "abcdefg"]


class Wide:
    """Seven facts, any of which is enough."""

    id = "wide"
    condition = parse("here", lambda name: (name, FactType.boolean()), ["here"])
    require = parse(" or ".join(NAMES), lambda name: (name, FactType.boolean()), NAMES)


def test_the_two_evaluators_agree_on_many_alternatives() -> None:
    evaluator = durable.DurableEvaluator([Wide()])
    seen = set()
    for values in product([NO, SILENT, OPEN], repeat=3):
        for rest in (NO, SILENT, YES):
            row = dict.fromkeys(NAMES, rest) | dict(zip(NAMES, values, strict=False)) | {"here": YES}
            status = judge(Wide(), row)
            seen.add(status)
            assert evaluator.judge(row) == [status]
    assert seen == {"met", "unmet", "undocumented", "unknown"}
