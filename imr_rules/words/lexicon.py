"""The words that every reader shares: numbers, units, frequencies, parts of the body, drugs, operations, cues.

The words are data: ``lexicon.yaml`` and ``drugs.csv`` beside this module. Treatments are not among them; the
rulebook names those. All words are in small letters, and a plural in -s counts as its singular.

>>> drug = lexicon().drug("flexeril")
>>> drug.ingredient, drug.treatment, drug.form
('cyclobenzaprine', 'cyclobenzaprine', 'tablet')
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import yaml
from msgspec import Struct

from imr_rules.words.numbers import WORDS
from imr_rules.words.tokens import words_of

T = TypeVar("T")
_WORDS, _DRUGS = (Path(__file__).with_name(name) for name in ("lexicon.yaml", "drugs.csv"))


class Drug(Struct, frozen=True):
    """A drug by its ingredient.

    Attributes:
        ingredient: its name; of a compound, the one it is known by.
        brands: what it is sold as.
        treatment: its class, by the name the rulebook's treatment has where there is one.
        form: how it usually comes: ``tablet``, ``patch``, ``cream``, ``injection`` ...
        route: ``oral``, ``topical``, ``injected`` or empty.
        strengths: as written, in mg unless a unit stands there: ``10/325``, ``0.025%``.
    """

    ingredient: str
    brands: tuple[str, ...]
    treatment: str
    form: str
    route: str
    strengths: tuple[str, ...]


class Region(Struct, frozen=True):
    """A region of the body: ``axial`` where it has no side of its own; ``within`` what else it holds."""

    name: str
    axial: bool
    within: frozenset[str]


class Frequency(NamedTuple):
    """So many ``times`` in ``every`` periods ``per``: every other day is 1, day, 2. Unclear words say why."""

    times: int
    per: str
    every: int = 1
    unclear: str | None = None


class Word(NamedTuple):
    """What a phrase is: the section of the lexicon, and what stands there for it."""

    kind: str
    value: Any


class Phrases(Generic[T]):
    """Phrases of one or more words, found the longest first wherever a text has them."""

    def __init__(self, entries: Iterable[tuple[str, T]]) -> None:
        self._table: dict[str, dict[tuple[str, ...], T]] = {}
        for phrase, meaning in entries:
            words = words_of(phrase)
            for first in (words[0], *_plurals(words[0])):
                self._table.setdefault(first, {}).setdefault((*words[1:],), meaning)
        # Most first words never come up in a process: their phrases are laid out when they do.
        self._by_first: dict[str, list[tuple[list[frozenset[str]], T]]] = {}

    def longest(self, words: Sequence[str], at: int) -> tuple[T, int] | None:
        """Return the meaning of the longest phrase that begins at a word, and where it ends; or None."""
        entries = self._by_first.get(words[at])
        if entries is None:
            found = self._table.get(words[at])
            if found is None:
                return None
            laid_out = [([*map(_forms, rest)], meaning) for rest, meaning in found.items()]
            entries = self._by_first[words[at]] = sorted(laid_out, key=lambda entry: -len(entry[0]))
        for rest, meaning in entries:
            end = at + 1 + len(rest)
            # no generator: this is asked of every word of every line
            if end <= len(words) and all(map(frozenset.__contains__, rest, words[at + 1 : end])):
                return meaning, end
        return None


def _plurals(word: str) -> tuple[str, ...]:
    if not word.isalpha() or len(word) < 2 or (word.endswith("s") and len(word) < 4):
        return ()  # "les", the legs, are not "less"
    if word.endswith("y"):
        return f"{word}s", f"{word[:-1]}ies"
    return f"{word}s", f"{word}es"


def _forms(word: str) -> frozenset[str]:
    return frozenset((word, *_plurals(word)))


class Lexicon(Struct, frozen=True, dict=True):
    """The words of the lexicon, by what they are."""

    numbers: Mapping[str, int]
    regions: Mapping[str, Region]
    drugs: Mapping[str, Drug]
    operations: Mapping[str, str | None]
    """An operation's name and, where its name tells, the region of the body."""
    entries: tuple[tuple[str, Word], ...]
    forms: Mapping[str, frozenset[str]]
    """The forms of drugs, and the single words that name each: its own, and those of its usual route."""
    abbreviations: Mapping[str, str]
    """Short words, and the words they stand for in the names of services."""
    groups: Mapping[str, frozenset[str]]
    """Single words that matter beside others, by what the reader uses them for."""

    @cached_property
    def phrases(self) -> Phrases[Word]:
        """Every phrase of the lexicon, the names of drugs among them."""
        return Phrases(self.entries)

    def drug(self, name: str) -> Drug | None:
        """Return the drug of this ingredient or brand, or None."""
        words = words_of(name)
        found = self.phrases.longest(words, 0) if words else None
        return found[0].value if found and found[0].kind == "drug" and found[1] == len(words) else None


@cache
def lexicon() -> Lexicon:
    """Return the lexicon; its files are read once."""
    data = yaml.load(_WORDS.read_bytes(), Loader=_loader())
    rows = csv.DictReader(_DRUGS.read_text(encoding="utf-8").splitlines())
    drugs = {
        row["ingredient"]: Drug(
            row["ingredient"],
            _listed(row["brands"]),
            row["class"],
            row["form"],
            row["route"],
            _listed(row["strengths"]),
        )
        for row in rows
    }
    regions = {
        name: Region(name, bool(each.get("axial")), frozenset(data["wider"].get(name, ())))
        for name, each in data["regions"].items()
    }
    operations = {name: each.get("region") for name, each in data["operations"].items()}
    return Lexicon(
        WORDS,
        regions,
        drugs,
        operations,
        tuple(_entries(data, drugs)),
        _forms_of_drugs(data),
        data["abbreviations"],
        {name: frozenset(words) for name, words in data["groups"].items()},
    )


@cache
def word_group(name: str) -> frozenset[str]:
    """Return the words of one of the lexicon's groups."""
    return lexicon().groups[name]


_BY_ROUTE = {"tablet": "oral", "cream": "topical", "injection": "injected"}


def _forms_of_drugs(data: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    named = {**data["counted_forms"], **data["forms"]}
    words = {form: [*own, *data["routes"].get(_BY_ROUTE.get(form), ())] for form, own in named.items()}
    return {
        form: frozenset(each for word in own if " " not in word for each in _forms(word))
        for form, own in words.items()
    }


_SECTIONS = {
    "periods": "period",
    "units": "unit",
    "sides": "side",
    "acquisition": "acquisition",
    "approaches": "approach",
    "guidance": "guidance",
    "forms": "form",
    "routes": "route",
}


def _entries(data: Mapping[str, Any], drugs: Mapping[str, Drug]) -> Iterator[tuple[str, Word]]:
    for drug in drugs.values():
        for name in (drug.ingredient, *drug.brands):
            yield name, Word("drug", drug)
    for name, each in data["regions"].items():
        yield from ((form, Word("region", name)) for form in each["forms"])
    for limb, (region, side) in data["limbs"].items():
        yield limb, Word("limb", (region, side))
    for phrase, each in data["frequencies"].items():
        unclear = each.get("unclear")
        frequency = Frequency(each.get("times", 0), each.get("per", ""), each.get("every", 1), unclear)
        yield phrase, Word("frequency", frequency)
    for name, each in data["operations"].items():
        yield from ((form, Word("operation", name)) for form in each["forms"])
    for section, kind in _SECTIONS.items():
        for name, forms in data[section].items():
            yield from ((form, Word(kind, name)) for form in forms)
    yield from ((word, Word("once", times)) for word, times in data["repeats"].items())
    yield from ((form, Word("aside", form)) for form in data["asides"])
    yield from ((form, Word("strength", form)) for form in data["strengths"])
    for name, forms in data["cues"].items():
        yield from ((form, Word(name, form)) for form in forms)


def _listed(written: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in written.split(";") if each.strip())


def _loader() -> Any:
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)
