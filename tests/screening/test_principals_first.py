"""Items that follow another are judged after it, in whatever order they stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from imr_rules import Case


@given(st.permutations(range(6)), st.lists(st.integers(-1, 4), min_size=6, max_size=6))
def test_each_item_comes_once_and_after_the_one_it_follows(order: list[int], followed: list[int]) -> None:
    items = [
        {"id": f"i{number}", "service": "massage", **({"follows": f"i{at % number}"} if number and at >= 0 else {})}
        for number, at in enumerate(followed)
    ]  # fmt: skip
    case = Case.from_data({"items": [items[place] for place in order]})
    names = [name for name, _ in case.principals_first]
    assert sorted(names) == sorted(name for name, _ in case.named_items)
    for name, item in case.principals_first:
        assert item.follows is None or names.index(item.follows) < names.index(name)


def test_items_that_follow_none_keep_their_order() -> None:
    case = Case.from_data({"items": [{"service": "massage"}, {"service": "acupuncture"}]})
    assert case.principals_first == case.named_items
