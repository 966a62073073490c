"""Typography is taken out of a text once, whoever reads it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules.words import plain


@pytest.mark.parametrize("dash", "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043")
def test_every_dash_is_a_hyphen(dash: str) -> None:
    assert plain(f"6{dash}8 visits") == "6-8 visits"


@pytest.mark.parametrize("space", "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000")
def test_every_space_is_a_space(space: str) -> None:
    assert plain(f"12{space}visits") == "12 visits"


@pytest.mark.parametrize("nothing", "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e")
def test_what_has_no_width_does_not_part_a_number(nothing: str) -> None:
    assert plain(f"1{nothing}2 sessions") == "12 sessions"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2\u00bd hours", "2.5 hours"),
        ("2 \u00bd hours", "2.5 hours"),
        ("\u00bc tab", "0.25 tab"),
        ("1\u2153 cups", "1.333 cups"),
        ("3\u00d7/week", "3x/week"),
        ("\uff11\uff12 visits", "12 visits"),
        ("\u0661\u0662 visits", "12 visits"),
        ("\u201caqua therapy\u201d for pt\u2019s back", '"aqua therapy" for pt\'s back'),
        ("2&ndash;3 times &times; 4, neck &amp; back", "2-3 times x 4, neck & back"),
        ("of\ufb01ce visit", "office visit"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("line\none", "line\none"),
    ],
)
def test_typography_becomes_what_it_stands_for(written: str, read: str) -> None:
    assert plain(written) == read


@given(st.text(alphabet=st.characters(max_codepoint=127).filter(lambda each: each != "&")))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(text) is text


@given(st.text(alphabet=st.characters(exclude_characters="&")))
def test_what_is_plain_is_not_changed_again(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
