"""The words of the field: facts, treatments, body regions, instruments, codes and conversions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from imr_rules._dates import Window
from imr_rules.case import DisputedItem
from imr_rules.rulebook.dictionary import Code, Conversion, FactSpec, Instrument, Treatment

WORD = re.compile(r"[a-z0-9]+")
"""A word of a request, in lower case; what a treatment is called begins with one and ends where one ends."""

_BEFORE_A_SERVICE = (
    "(?:in-)?home|outpatient|post-?op(?:erative)?|post op|additional|more|further|continued?|continuation of|initial|supervised|sessions? of"
    r"|visits? of|treatments? of|course of|trial of|\d+|land-?based"
)
_AFTER_A_SERVICE = (
    "times|visits?|sessions?|treatments?|tx|eval(?:uation)?|evaluate|once|twice|daily|weekly|and|one|two|three|four|five|six"
    "|eight|nine|ten|twelve"
)
_SIDES_OF_A_PART = "(?:left|right|bilateral|both|lt|rt|l|r|b/l)[. ] ?"
_NOT_A_SERVICE = re.compile(r"\b(?:pt/ptt|pt/inr|pt(?:,| and|/) ?(?:ptt|inr)|ot/ht)\b")
"""A blood's clotting time, and the like: abbreviations in company that makes them something else."""


@dataclass(frozen=True)
class Vocabulary:
    """Every name a case or a guideline may use.

    Attributes:
        facts: the dictionary: those of its file, and those that the engine works out.
        treatments: by name.
        regions: name → (label, words).
        instruments: by name.
        codes: CPT or HCPCS number → its treatment and minutes; empty where the file was removed.
        conversions: the cited conversions of units, in the order tried.
    """

    facts: Mapping[str, FactSpec]
    treatments: Mapping[str, Treatment]
    regions: Mapping[str, tuple[str, tuple[str, ...]]]
    instruments: Mapping[str, Instrument]
    codes: Mapping[str, Code] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()

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

    @cached_property
    def _treatment_words(self) -> Mapping[str, list[tuple[str, str]]]:
        """What treatments are called, with their names, by the first word of it; the longest come first."""
        by_words = {words: name for name, treatment in self.treatments.items() for words in treatment.words}
        found: dict[str, list[tuple[str, str]]] = {}
        for words in sorted(by_words, key=len, reverse=True):
            first = WORD.match(words)
            if first is not None:
                found.setdefault(first.group(), []).append((words, by_words[words]))
        return found

    @cached_property
    def _short(self) -> re.Pattern[str] | None:
        """The pattern of abbreviations where a service must stand: alone, or before a number or body part."""
        short = [re.escape(each) for treatment in self.treatments.values() for each in treatment.short]
        if not short:
            return None
        parts = "|".join(
            sorted((re.escape(word) for _, words in self.regions.values() for word in words), key=len)
        )
        return re.compile(
            rf"(?:^\(?|\b(?:{_BEFORE_A_SERVICE})[ -]|[/&+,]|\band |\bwith )\s*(?P<short>{'|'.join(short)})"
            rf"(?=\s*(?:$|[/&+,;:(#-]|\)\s*\d|\d|[x×]\s?\d|(?:{_AFTER_A_SERVICE})\b"
            rf"|(?:(?:for|to|of|on) )?(?:the |his |her )?(?:{_SIDES_OF_A_PART})?(?:{parts})\b))"
        )

    @cached_property
    def _short_names(self) -> Mapping[str, str]:
        return {each: name for name, treatment in self.treatments.items() for each in treatment.short}

    def _abbreviated(self, text: str) -> list[str]:
        """Return the treatments named by abbreviations that mean other things elsewhere (``pt``: patient)."""
        if self._short is None or not any(each in text for each in self._short_names):
            return []
        return [
            self._short_names[each["short"]] for each in self._short.finditer(_NOT_A_SERVICE.sub(" ", text))
        ]

    def _named(self, text: str) -> Iterator[str]:
        """Yield the treatments named in lower-case text, left to right, each time by the longest words that fit.

        One pattern of all the words would say the same, and take longer to build than to screen a case.
        """
        end = 0
        for word in WORD.finditer(text):
            start = word.start()
            if start < end:
                continue
            for words, name in self._treatment_words.get(word.group(), ()):
                after = start + len(words)
                if text.startswith(words, start) and not WORD.match(text, after):
                    yield name
                    end = after
                    break

    def recognize(self, service: str, codes: Iterable[str] = ()) -> str | None:
        """Return the treatment that a request's words and codes name, or None.

        Where they name several kinds of one treatment, that broader treatment; where they name treatments
        that have nothing in common, None. Words that decide come before all others.
        """
        text = " ".join(service.lower().split())
        found = [*self._named(text), *self._abbreviated(text)]
        found += [self.codes[code].treatment for code in codes if code in self.codes]
        found = [name for name in found if self.treatments[name].decides] or found
        if not found:
            return None
        shared = [
            step
            for step in self.treatments[found[0]].lineage
            if all(step in self.treatments[other].lineage for other in found)
        ]
        # The most specific, where one of them is a kind of each other one.
        for name in found:
            if all(other in self.treatments[name].lineage for other in found):
                return name
        return shared[0] if shared else None

    def treatment_of(self, item: DisputedItem) -> Treatment | None:
        """Return the treatment an item asks for: as given, or recognized from its words and codes."""
        name = item.treatment or self.recognize(item.service, item.codes)
        return self.treatments.get(name) if name else None

    def minutes(self, codes: Iterable[str]) -> int | None:
        """Return how many minutes timed codes stand for together, a code billed twice given twice; else None."""
        found = [self.codes[code].minutes if code in self.codes else None for code in codes]
        return sum(filter(None, found)) if found and None not in found else None

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
