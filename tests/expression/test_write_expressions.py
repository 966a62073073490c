"""A tree written back as text is read again as the same tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules.expression import AllOf, AnyOf, Compare, Linear, Node, Not, OneOf, Truth, parse, write
from imr_rules.expression.values import FactType

TYPES = {
    "ready": FactType.boolean(),
    "done": FactType.boolean(),
    "visits": FactType.integer(0, 100, "visit"),
    "asked": FactType.integer(0, 100, "visit"),
    "injured": FactType.date(),
    "requested": FactType.date(),
    "region": FactType.choice(frozenset({"neck", "knee", "hip"})),
}


def resolve(name: str) -> tuple[str, FactType] | None:
    return (name, TYPES[name]) if name in TYPES else None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("visits <= 10", "visits <= 10"),
        ("10 >= visits", "10 >= visits"),
        ("visits + 2 * asked - 3 > 0", "2 * asked + visits > 3"),
        ("visits >= asked", "visits >= asked"),
        ("visits == 0", "visits == 0"),
        ("injured + 180 >= requested", "injured + 180 >= requested"),
        ("injured >= 2014-01-31", "injured >= 2014-01-31"),
        ("2014-01-31 - 30 < injured", "2014-01-01 < injured"),
        ("injured + 999999999 >= 2014-01-31", "injured + 999264736 >= 0001-01-01"),
        ("region in [neck, hip]", "region in [hip, neck]"),
        ("visits in [3, 1]", "visits in [1, 3]"),
        ("region != knee", "not region in [knee]"),
        ("not (ready and done) or true", "not (ready and done) or true"),
        ("ready and (done or visits > 1)", "ready and (done or visits > 1)"),
    ],
)
def test_a_tree_is_written_as_a_reader_would(text: str, written: str) -> None:
    tree = parse(text, resolve)
    assert write(tree, TYPES) == written
    assert parse(written, resolve) == tree


def comparisons() -> st.SearchStrategy[Node]:
    factors = st.integers(-9, 9).filter(bool)
    forms = st.dictionaries(st.sampled_from(["visits", "asked"]), factors, min_size=1).flatmap(
        lambda terms: st.builds(Linear, st.just(tuple(sorted(terms.items()))), st.integers(-999, 999))
    )
    return st.builds(Compare, st.sampled_from(["<", "<=", ">", ">="]), forms)


def trees() -> st.SearchStrategy[Node]:
    leaves = st.one_of(
        st.builds(Truth, st.sampled_from(["ready", "done"])),
        comparisons(),
        st.builds(
            OneOf,
            st.just("region"),
            st.sets(st.sampled_from(["neck", "knee", "hip"]), min_size=1).map(frozenset),
        ),
    )

    def grow(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(st.builds(Not, inner), st.builds(AllOf, parts), st.builds(AnyOf, parts))

    return st.recursive(leaves, grow, max_leaves=8)


@given(trees())
def test_what_is_written_is_read_again(tree: Node) -> None:
    assert parse(write(tree, TYPES), resolve) == tree
