"""Letters that were cut and shuffled: nothing but LetterError, and no outcome the letter does not state."""

from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_rules.errors import LetterError
from imr_rules.reading.letters import Letter
from imr_rules.reading.letters.text import join_pages
from tests.reading.letters.reading import read_text
from tests.reading.letters.written import ALL, NOTICE, PROFESSIONAL

LETTERS = st.sampled_from(sorted(ALL.values()))
OUTCOME_WORDS = re.compile(r"upheld|overturned|medically necessary", re.I)


def read(pages: list[str]) -> Letter | None:
    with contextlib.suppress(LetterError):
        return read_text(pages)
    return None


def plain(words: str) -> str:
    return re.sub(r"\W+", " ", words).strip().lower()


def check(letter: Letter) -> None:
    """Whatever was read stands in the letter: titles, the words of each outcome, and every span."""
    text = letter.text.replace("\n", " ")
    for item in letter.items:
        assert plain(item.title) in plain(text)
        assert item.outcome in ("upheld", "overturned", None)
        if item.outcome is None:
            continue
        at = item.spans["outcome"]
        stated = text[at.start : at.end].lower()
        if stated.strip(" .") in ("upheld", "overturned"):
            assert stated.strip(" .") == item.outcome
            # the outcome follows its own title, with nothing but the form's words between
            title = item.spans["title"]
            assert re.fullmatch(r"[\s,;]*(?:is|are)?[ \s:]*", text[title.end : at.start])
        elif "medically necessary" in stated:
            denied = re.search(r"\bnot\s*medically necessary", stated) is not None
            assert item.outcome == ("upheld" if denied else "overturned")
        else:
            assert stated.startswith(("uph", "aff") if item.outcome == "upheld" else ("over", "rev"))
    for fact in (*letter.facts, *(finding for item in letter.items for finding in item.findings)):
        span = letter.place(fact)
        assert 0 <= span.start < span.end <= len(text)
        assert 1 <= span.page <= letter.pages
        amount = fact.amount
        if amount is not None and amount.at_least is not None and amount.at_most is not None:
            assert amount.at_least <= amount.at_most
    for item in letter.items:
        for by in (item.administrator, item.reviewer):
            for citation in by.citations:
                assert text[citation.span.start : citation.span.end].startswith(citation.text)
    letter.to_json()


@given(LETTERS, st.data())
def test_a_letter_cut_anywhere(letter: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(letter)))
    end = data.draw(st.integers(start, len(letter)))
    found = read([letter[start:end]])
    if found is not None:
        check(found)


@given(LETTERS, st.data())
def test_a_letter_with_its_lines_shuffled(letter: str, data: st.DataObject) -> None:
    found = read(["\n".join(data.draw(st.permutations(letter.splitlines())))])
    if found is not None:
        check(found)


@given(LETTERS, st.data())
def test_a_displaced_line_gives_no_item_the_outcome_of_another(letter: str, data: st.DataObject) -> None:
    """What still reads mostly like an item of the letter has that item's outcome, or none."""
    whole = [(set(plain(item.title).split()), item.outcome) for item in read_text([letter]).items]
    lines = letter.splitlines()
    for _ in range(data.draw(st.integers(1, 6))):
        line = lines.pop(data.draw(st.integers(0, len(lines) - 1)))
        lines.insert(data.draw(st.integers(0, len(lines))), line)
    found = read(["\n".join(lines)])
    for item in found.items if found is not None else ():
        words = set(plain(item.title).split())
        title, outcome = max(whole, key=lambda each: len(words & each[0]) / len(words | each[0]))
        if 2 * len(words & title) > len(words | title):
            assert item.outcome in (outcome, None), item.title


@given(LETTERS, st.data())
def test_a_letter_with_lines_dropped_and_doubled(letter: str, data: st.DataObject) -> None:
    lines = letter.splitlines()
    kept = data.draw(st.lists(st.integers(0, len(lines) - 1), max_size=2 * len(lines)))
    found = read(["\n".join(lines[index] for index in kept)])
    if found is not None:
        check(found)


@given(st.lists(LETTERS, min_size=2, max_size=3), st.data())
def test_letters_cut_into_one_another(letters: list[str], data: st.DataObject) -> None:
    parts = []
    for letter in letters:
        start = data.draw(st.integers(0, len(letter)))
        parts.append(letter[start : data.draw(st.integers(start, len(letter)))])
    found = read(parts)
    if found is not None:
        check(found)


@given(LETTERS)
def test_a_letter_without_the_words_of_outcomes_has_none(letter: str) -> None:
    found = read([OUTCOME_WORDS.sub("", letter)])
    assert found is None or all(item.outcome is None for item in found.items)


@given(st.sampled_from([NOTICE, PROFESSIONAL]), st.data())
def test_an_outcome_is_not_moved_from_one_item_to_another(letter: str, data: st.DataObject) -> None:
    """Drop any lines that state outcomes: what is left is as it was, or unknown."""
    whole = read_text([letter])
    outcomes = {item.title: item.outcome for item in whole.items}
    lines = letter.splitlines()
    dropped = data.draw(
        st.sets(st.sampled_from([n for n, line in enumerate(lines) if OUTCOME_WORDS.search(line)]))
    )
    found = read(["\n".join(line for n, line in enumerate(lines) if n not in dropped)])
    for item in found.items if found is not None else ():
        assert item.outcome is None or outcomes.get(item.title, item.outcome) == item.outcome


@given(LETTERS, st.integers(3, 60))
def test_where_pages_break_changes_no_outcome(letter: str, lines: int) -> None:
    rows = letter.splitlines()
    pages = ["\n".join(rows[at : at + lines]) for at in range(0, len(rows), lines)]
    if len(pages) > 60:
        return
    one, many = read_text([letter]), read_text(pages)
    assert [(i.title, i.outcome) for i in one.items] == [(i.title, i.outcome) for i in many.items]
    assert one.header == many.header


@given(st.lists(st.text(max_size=80), max_size=6))
def test_any_pages_are_joined(pages: list[str]) -> None:
    joined = join_pages(pages)
    assert len(joined.page_starts) == len(pages)
    assert list(joined.page_starts) == sorted(joined.page_starts)
    assert len(joined.flat) == len(joined.text)


@given(st.text(max_size=400))
def test_any_text_is_refused_with_one_problem(text: str) -> None:
    with pytest.raises(LetterError) as caught:
        read_text([text])
    assert len(caught.value.problems) == 1
