"""The words of the field: facts, treatments, body regions, instruments, codes and conversions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache, partial
from typing import Any

from msgspec import Struct, field

from imr_rules._dates import Window
from imr_rules.case import DisputedItem
from imr_rules.rulebook.dictionary import (
    Code,
    Conversion,
    DrugList,
    FactSpec,
    Instrument,
    Law,
    Treatment,
)
from imr_rules.words import RequestLine, TreatmentNames, read_line

_LINES_KEPT = 256


class Vocabulary(Struct, frozen=True, dict=True):
    """Every name a case or a guideline may use.

    Attributes:
        facts: the dictionary: those of its file, and those that the engine works out.
        treatments: by name.
        regions: name → (label, words).
        instruments: by name.
        codes: CPT or HCPCS number → its treatment and minutes; empty where the file was removed.
        conversions: the cited conversions of units, in the order tried.
        drug_lists: what lists say of drugs, the lowest layer first; empty where there is none.
        procedures: the rows of the postsurgical table, by name, each with the words that tell of it.
        tiers: the search sequence, in the order tried → what readers are told of each; statutes stand outside it.
        law: the law that the engine speaks of itself.
    """

    facts: Mapping[str, FactSpec]
    treatments: Mapping[str, Treatment]
    regions: Mapping[str, tuple[str, tuple[str, ...]]]
    instruments: Mapping[str, Instrument]
    codes: Mapping[str, Code] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    tiers: Mapping[str, str] = field(default_factory=dict)
    law: Law = field(default_factory=Law)
    drug_lists: tuple[DrugList, ...] = ()
    procedures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def schedule(self) -> str:
        """What readers are told that the first tier of the search sequence is: in California the MTUS."""
        return next(iter(self.tiers.values()))

    def conversion(
        self, unit: str, to: str, lineage: Iterable[str], requested: Window | None
    ) -> Conversion | None:
        """Return the cited conversion of one unit into another for a treatment, or None.

        Args:
            unit, to: the units.
            lineage: the treatment and each broader one.
            requested: the days the request may date from; a dated conversion must hold on all of them.
        """
        names = set(lineage)
        for each in self.conversions:
            if (each.unit, each.to) != (unit, to) or (each.treatments and names.isdisjoint(each.treatments)):
                continue
            if each.requests is None or (requested and each.requests.covers(*requested)):
                return each
        return None

    def opposites(self, spec: FactSpec) -> tuple[str, ...]:
        """Return the facts that a fact is the opposite of, and those that are its opposite."""
        return self._opposites.get(spec.name, ())

    @cached_property
    def _opposites(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for each in self.facts.values():
            other = self.facts.get(each.opposite_of or "")
            if other is not None:
                found[each.name] = (*found.get(each.name, ()), other.name)
                found[other.name] = (*found.get(other.name, ()), each.name)
        return found

    @cached_property
    def names(self) -> TreatmentNames:
        """What requests call the treatments."""
        return TreatmentNames(
            self.treatments, {number: code.treatment for number, code in self.codes.items()}
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # The names go along: reading them takes a fraction of the time that sorting them takes.
        fields = tuple(getattr(self, name) for name in self.__struct_fields__)
        return Vocabulary, fields, {"names": self.names}

    @cached_property
    def _lines(self) -> Callable[[str], RequestLine]:
        return lru_cache(maxsize=_LINES_KEPT)(partial(read_line, names=self.names))

    def line(self, service: str) -> RequestLine:
        """Return what the words of a request say. Deriving, warning and asking read the same few lines again."""
        return self._lines(service)

    def recognize(self, service: str, codes: Iterable[str] = ()) -> str | None:
        """Return the treatment that a request's words and codes name, or None.

        Where they name several kinds of one treatment, that broader treatment; where they name treatments
        that have nothing in common, None. Words that decide come before all others.
        """
        line = self.line(service).asked
        by_code = [self.codes[code].treatment for code in codes if code in self.codes]
        return self.names.recognize([*line.mentions, *by_code]) if by_code else line.treatment

    def treatment_of(self, item: DisputedItem) -> Treatment | None:
        """Return the treatment an item asks for: as given, or recognized from its words and codes."""
        name = item.treatment or self.recognize(item.service, item.codes)
        return self.treatments.get(name) if name else None

    def minutes(self, codes: Iterable[str]) -> int | None:
        """Return how many minutes timed codes stand for together, a code billed twice given twice; else None."""
        found = [self.codes[code].minutes if code in self.codes else None for code in codes]
        return sum(filter(None, found)) if found and None not in found else None

    def procedures_told(self, text: str, region: str | None) -> tuple[str, ...]:
        """Return the rows of the postsurgical table that an operation's own words tell of.

        Of rows of which one asks for more of the words than another, that one: a repair of a flexor tendon in zone 2.

        Args:
            text: the words.
            region: where the operation was, as the case states it.
        """
        where = " ".join(self.regions[region][1]) if region is not None and region in self.regions else ""
        said = f"{text.lower()} | {where}"
        found: dict[str, set[str]] = {}
        for name, alternatives in self._procedures:
            for parts in alternatives:
                # Most operations have not even the letters, which is seen soonest.
                if all(words in said and pattern.search(said) for words, pattern in parts):
                    found.setdefault(name, set()).update(words for words, _ in parts)
        return tuple(
            name for name in found if not any(_is_less(found[name], other) for other in found.values())
        )

    @cached_property
    def _procedures(self) -> list[tuple[str, list[list[tuple[str, re.Pattern[str]]]]]]:
        return [
            (
                name,
                [
                    [(each, re.compile(rf"\b{re.escape(each)}\b")) for each in words.split(" + ")]
                    for words in told
                ],
            )
            for name, told in self.procedures.items()
        ]

    @cached_property
    def _instrument_names(self) -> Mapping[str, str]:
        names = {name: name for name in self.instruments}
        names.update((alias, name) for name, each in self.instruments.items() for alias in each.names)
        return names

    def instrument(self, name: str) -> Instrument | None:
        """Return the instrument a record calls ``name``, or None."""
        found = self._instrument_names.get(name.lower().replace("_", "-")) or self._instrument_names.get(
            name.lower()
        )
        return None if found is None else self.instruments[found]


def _is_less(words: set[str], others: set[str]) -> bool:
    """Whether some words say less than others: each of them is within one of the others."""
    return words != others and all(any(each in other for other in others) for each in words)
