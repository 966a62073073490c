"""What is read of a file, whichever way it is written."""

from __future__ import annotations

import pytest

from imr_rules._reading import MAX_DEPTH, parse
from imr_rules.errors import CaseError


@pytest.mark.parametrize("is_json", [True, False])
@pytest.mark.parametrize("innermost", ["", "1"])
def test_yaml_and_json_may_be_nested_as_deeply(is_json: bool, innermost: str) -> None:
    lists = (
        MAX_DEPTH if innermost else MAX_DEPTH + 1
    )  # what stands in the last of them is one level further down

    def nested(count: int) -> str:
        return "[" * count + innermost + "]" * count

    found = parse(nested(lists), CaseError, is_json=is_json).data
    for _ in range(lists - 1):
        (found,) = found
    assert found == ([1] if innermost else [])
    with pytest.raises(CaseError, match="nested deeper than 40 levels"):
        parse(nested(lists + 1), CaseError, is_json=is_json)
