"""What was read, and what silence then means: over random cases of the whole rulebook."""

from __future__ import annotations

import json
from collections import Counter
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from imr_rules import Case, Rulebook, screen
from imr_rules.facts.derive import derive
from imr_rules.screening import ItemScreening, PreparedItem, prepare_item
from tests.random_cases import MANY, CaseMaker, try_cases

FEW = 250
TRIAL = 12
"""No trial of any guideline is longer than so many visits."""


@pytest.fixture(scope="module")
def maker(rulebook: Rulebook) -> CaseMaker:
    return CaseMaker(rulebook)


def item_of(data: dict[str, Any], rulebook: Rulebook, read: str = "all") -> ItemScreening:
    (item,) = screen(Case.from_data({**data, "record": {"read": read}}), rulebook).items
    return item


def more_visits(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the same case with more visits attended, where a trial is over already: before, more may complete it."""
    more = deepcopy(data)
    for course in more.get("history", [])[:1]:
        if isinstance(course["attended"], int) and course["attended"] >= TRIAL:
            course["attended"] += 9
            return more
    return None


def more_benefit(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same case with every benefit of earlier care documented that it says nothing good of."""
    better = deepcopy(data)
    for name in ("activities_improved", "restrictions_reduced", "dependence_reduced", "measured_gain"):
        better["findings"][name] = True
    return better


def split(data: dict[str, Any]) -> dict[str, Any] | None:
    """Return the same case with its first course told as two."""
    parted = deepcopy(data)
    for course in parted.get("history", [])[:1]:
        if isinstance(course["attended"], int) and course["attended"] >= 2:
            rest = dict(course, attended=course["attended"] - 1)
            course["attended"] = 1
            parted["history"].insert(1, rest)
            return parted
    return None


def reordered(data: dict[str, Any]) -> dict[str, Any]:
    """Return the same case with all that it lists, and all its keys, the other way round."""

    def turned(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: turned(each) for key, each in reversed(part.items())}
        return [turned(each) for each in reversed(part)] if isinstance(part, list) else part

    other: dict[str, Any] = turned(data)
    return other


def named_by(data: dict[str, Any], words: str) -> dict[str, Any]:
    """Return the same case with its item named by words alone."""
    named = deepcopy(data)
    del named["items"][0]["treatment"]
    named["items"][0]["service"] = words
    return named


@cache
def synonyms(name: str, rulebook: Rulebook) -> list[str]:
    """Return words that name a treatment and say the same of it; where they tell of facts, none."""
    vocabulary = rulebook.vocabulary
    treatment = vocabulary.treatments[name]
    telling = [
        word
        for spec in vocabulary.facts.values()
        for word in (*spec.words, *spec.hints, *spec.requested, *spec.not_requested)
    ]
    plain = [words for words in treatment.words if not any(each in words for each in telling)]
    named = [words for words in plain if vocabulary.recognize(words) == treatment.name]
    said = {words: replace(vocabulary.line(words).asked, text="") for words in named}
    return [words for words in named if said[words] == said[named[0]]]


def answer(item: ItemScreening) -> tuple[Any, ...]:
    """Return what a reader is told of an item, without the places in the case that it rests on."""
    asked = tuple(each.fact for each in item.questions)
    return item.suggestion, item.grounds, item.review_reasons, item.lean, asked


class Properties:
    """What must hold of every case.

    Attributes:
        given: how often each answer was given.
    """

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.given: Counter[str] = Counter()

    def __call__(self, data: dict[str, Any]) -> None:
        """Hold a case to all of them."""
        none, part, whole = (item_of(data, self.rulebook, read) for read in ("none", "part", "all"))
        self.given[f"{none.suggestion}, {whole.suggestion}"] += 1
        self.reading_more(none, part, whole)
        for item in (none, part, whole):
            self.what_each_answer_rests_on(item)
        self.more_care(data, whole)
        self.told_otherwise(data, whole)

    def reading_more(self, none: ItemScreening, part: ItemScreening, whole: ItemScreening) -> None:
        """Reading more decides more, and takes back nothing but what practice or adapted content then speaks against."""
        assert part.suggestion == none.suggestion
        if none.suggestion != "needs_review" and whole.review_reasons != ("practice_against",):
            assert whole.suggestion == none.suggestion
        if none.suggestion == "uphold":
            assert whole.suggestion == "uphold"
        # Silence is a no nowhere but in a record that was read whole.
        assert all(
            fact.value.state != "undocumented" or fact.value.evidence or "progress notes" in fact.value.note
            for each in none.criteria
            for fact in each.facts
        )

    def what_each_answer_rests_on(self, item: ItemScreening) -> None:
        """An overturn rests on indications, a lean by silence is to uphold, and no more than five questions are asked."""
        assert item.lean is None or item.suggestion == "needs_review"
        if item.lean is not None and "silence" in item.lean.rests_on:
            assert item.lean.suggestion == "uphold"
        assert len(item.questions) <= 5
        kinds = {each.id: each.kind for each in item.criteria}
        if item.suggestion == "overturn":
            assert item.grounds
            assert {kinds[ground] for ground in item.grounds} == {"indication"}

    def more_care(self, data: dict[str, Any], whole: ItemScreening) -> None:
        """More prior visits never turn uphold into overturn, nor more benefit overturn into uphold."""
        if more := more_visits(data):
            after = item_of(more, self.rulebook)
            assert not (whole.suggestion == "uphold" and after.suggestion == "overturn")
        after = item_of(more_benefit(data), self.rulebook)
        assert not (whole.suggestion == "overturn" and after.suggestion == "uphold")

    def told_otherwise(self, data: dict[str, Any], whole: ItemScreening) -> None:
        """Order, synonyms, a course told as two, YAML or JSON change nothing."""
        if parted := split(data):
            assert answer(item_of(parted, self.rulebook)) == answer(whole)
        assert answer(item_of(reordered(data), self.rulebook)) == answer(whole)
        if len(words := synonyms(data["items"][0]["treatment"], self.rulebook)) > 1:
            first, *others = (answer(item_of(named_by(data, each), self.rulebook)) for each in words[:2])
            assert all(other == first for other in others)
        # The same case gives the same answer: threads and files are tried for that elsewhere.
        assert Case.from_text(yaml.dump(data, Dumper=yaml.CSafeDumper)) == Case.from_data(data)
        assert Case.from_text(json.dumps(data), is_json=True) == Case.from_data(data)


def test_silence_of_a_part_is_taken_as_that_of_the_whole(maker: CaseMaker, rulebook: Rulebook) -> None:
    """Whatever was worked out before: a count that is open where a part was read may be none where all was."""
    facts, changed = rulebook.vocabulary.facts.values(), 0
    for number in range(60):
        part, whole = (prepared(maker.case(number), rulebook, read) for read in ("part", "all"))
        if part is None or whole is None:
            continue
        before = {spec.name: part.value(spec) for spec in facts}
        silence = part.record_of_silence
        assert silence is not None and whole.record_of_silence is None
        after = {spec.name: derive(silence, spec) for spec in facts}
        assert after == {spec.name: whole.value(spec) for spec in facts}
        assert before == {spec.name: part.value(spec) for spec in facts}
        changed += before["prior_visits"] != after["prior_visits"]
    assert changed


def prepared(data: dict[str, Any], rulebook: Rulebook, read: str) -> PreparedItem | None:
    case = Case.from_data({**data, "record": {"read": read}})
    found = prepare_item(case, *case.named_items[0], rulebook, None)
    return found if isinstance(found, PreparedItem) else None


def test_reading_more_never_turns_a_question_into_a_no(maker: CaseMaker, rulebook: Rulebook) -> None:
    properties = Properties(rulebook)
    try_cases(properties, maker, FEW)
    assert {answer.split(", ")[1] for answer in properties.given} == {"uphold", "overturn", "needs_review"}


@pytest.mark.long
@pytest.mark.parametrize("half", [0, 1])  # one for each core
def test_it_never_does_in_many_cases(half: int, maker: CaseMaker, rulebook: Rulebook) -> None:
    try_cases(Properties(rulebook), maker, MANY // 2, first=1 + half * MANY)
