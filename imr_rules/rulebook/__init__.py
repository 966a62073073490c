"""The rulebook: guidelines as dated, cited, declarative files, and which of them govern an item."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from imr_rules._dates import Window
from imr_rules.case import Case
from imr_rules.durable import DurableEvaluator, available
from imr_rules.expression import Node
from imr_rules.rulebook import cache
from imr_rules.rulebook.check import check
from imr_rules.rulebook.dictionary import FactSpec, Treatment
from imr_rules.rulebook.digest import rulebook_digest
from imr_rules.rulebook.in_use import found
from imr_rules.rulebook.loaded import ANY_TREATMENT, Loaded
from imr_rules.rulebook.model import Citation, Guideline, Layer, Source
from imr_rules.rulebook.plan import Plan, make_plan
from imr_rules.rulebook.vocabulary import Vocabulary

__all__ = ["Rulebook", "Selection"]


class Selection(NamedTuple):
    """The guidelines for one treatment and time: those that govern, and those that may.

    ``open`` holds guidelines in force on some but not all of the days the request may date from.
    """

    plan: Plan
    open: tuple[Guideline, ...]


class Rulebook:
    """A loaded rulebook. It never changes, may be shared by threads, and serves for ever.

    Attributes:
        digest: SHA-256 over the files' names and bytes, those of its layers too, as ``sha256:...``.
        version: the version its ``sources.yaml`` states.
        directories: where it was read from: its own directory, then those of its layers; none where it was not
            read from files.
    """

    def __init__(self, loaded: Loaded, digest: str, directories: tuple[Path, ...] = ()) -> None:
        self._loaded = loaded
        self.digest = digest
        self.directories = directories
        self._plans: dict[tuple[str, ...], Plan] = {}
        self._second: dict[tuple[str, ...], DurableEvaluator] = {}
        self._lock = threading.Lock()

    @classmethod
    def load(cls, directory: str | Path | None = None, *layers: str | Path, cached: bool = True) -> Rulebook:
        """Read and check a rulebook with the layers over it; the one shipped with its layers unless one is named.

        Args:
            directory: where its files are; or a directory that holds one rulebook, with layers that lie over it.
            layers: directories of further layers, the lowest first.
            cached: whether files that were checked before, byte for byte, may be taken from the user's cache
                (:mod:`imr_rules.rulebook.cache`), and kept there for the next time.

        Raises:
            RulebookError: with a file, line and column for each thing that is wrong.
        """
        paths = found(None if directory is None else Path(directory), map(Path, layers)).directories
        digest = rulebook_digest(*paths)
        loaded = cache.fetch(digest, paths) if cached else None
        if loaded is None:
            # Reading from source takes the shapes of the files and the parser: only then are they imported.
            from imr_rules.rulebook.loading import load

            loaded = load(*paths)
            if cached and rulebook_digest(*paths) == digest:  # nobody edited it meanwhile
                cache.keep(digest, paths, loaded)
        return cls(loaded, digest, paths)

    def with_guideline(self, guideline: Guideline) -> Rulebook:
        """Return a rulebook that is this one but for the guideline of one id; it has no files and no digest."""
        guidelines = {**self.guidelines, guideline.id: guideline}
        return Rulebook(replace(self._loaded, guidelines=guidelines), "")

    @property
    def version(self) -> str:
        """Return the version the rulebook states of itself."""
        return self._loaded.version

    @property
    def name(self) -> str | None:
        """Return the name the rulebook gives itself, by which layers and fixtures name it."""
        return self._loaded.name

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Return what was laid over it, the lowest first."""
        return self._loaded.layers

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the names a case or a guideline may use."""
        return self._loaded.vocabulary

    @property
    def guidelines(self) -> Mapping[str, Guideline]:
        """Return the guidelines by id."""
        return self._loaded.guidelines

    @property
    def sources(self) -> Mapping[str, Source]:
        """Return the bibliography by id."""
        return self._loaded.sources

    @property
    def citations(self) -> Mapping[str, Citation]:
        """Return the citations that several guidelines share, by name."""
        return self._loaded.citations

    def check(self, case: Case) -> None:
        """Refuse a case that names a fact, treatment, body region or instrument nobody declared, or absurd counts.

        Raises:
            CaseError: with a JSON pointer for each.
        """
        check(case, self.vocabulary)

    @cached_property
    def _by_treatment(self) -> Mapping[str, tuple[Guideline, ...]]:
        found: dict[str, list[Guideline]] = {}
        for guideline in self.guidelines.values():
            for treatment in guideline.treatments:
                found.setdefault(treatment, []).append(guideline)
        return {
            name: tuple(
                dict.fromkeys(
                    each for step in (*treatment.lineage, ANY_TREATMENT) for each in found.get(step, ())
                )
            )
            for name, treatment in self.vocabulary.treatments.items()
        }

    def for_treatment(self, treatment: Treatment) -> tuple[Guideline, ...]:
        """Return every guideline that speaks of a treatment, whatever the date."""
        return self._by_treatment[treatment.name]

    def facts_for(self, treatment: Treatment) -> tuple[FactSpec, ...]:
        """Return the facts that rules on a treatment ask for, of any edition, in the order they are asked.

        A fact worked out from others is followed by those.
        """
        plan = make_plan(self.for_treatment(treatment), self.vocabulary)
        facts = self.vocabulary.facts
        wanted = [name for spec in plan.facts for name in (spec.name, *spec.rests_on)]
        return tuple(facts[name] for name in dict.fromkeys(wanted) if name in facts)

    def select(
        self, treatment: Treatment, window: Window, holds: Callable[[Node], bool] | None = None
    ) -> Selection:
        """Return what governs a treatment requested within ``window``.

        Args:
            treatment, window: the request.
            holds: whether a situation is known to hold; without it, remarks that are left out elsewhere are selected too.
        """
        chosen: list[Guideline] = []
        undecided: list[Guideline] = []
        for guideline in self._by_treatment[treatment.name]:
            if not guideline.requests.meets(*window):
                continue
            if guideline.left_out and holds is not None and not holds(guideline.applies_when):
                continue
            (chosen if guideline.requests.covers(*window) else undecided).append(guideline)
        return Selection(self._plan(chosen), tuple(undecided))

    def _plan(self, guidelines: list[Guideline]) -> Plan:
        key = tuple(guideline.id for guideline in guidelines)
        plan = self._plans.get(key)
        if plan is None:
            with self._lock:
                plan = self._plans.setdefault(key, make_plan(guidelines, self.vocabulary))
        return plan

    def second_evaluator(self, plan: Plan) -> DurableEvaluator | None:
        """Return durable-rules compiled for a plan, or None where it cannot be used on this machine."""
        if not available():
            return None
        key = tuple(guideline.id for guideline in plan.guidelines)
        evaluator = self._second.get(key)
        if evaluator is None:
            with self._lock:
                evaluator = self._second.setdefault(key, DurableEvaluator(plan.criteria))
        return evaluator

    def __reduce__(self) -> tuple[object, ...]:
        return Rulebook, (self._loaded, self.digest, self.directories)

    def __repr__(self) -> str:
        return f"<Rulebook {self.version}, {len(self.guidelines)} guidelines, {self.digest[:19]}>"
