"""Mutate a rulebook: guideline by guideline, in several processes where that is asked for."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Literal, NamedTuple

from imr_rules._reading import Document, read_document
from imr_rules.errors import RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.workbench.answers import judged, said_differences
from imr_rules.workbench.fixtures import Fixture, as_written
from imr_rules.workbench.mutation.boundaries import Boundaries, boundary_path
from imr_rules.workbench.mutation.grafts import grafts
from imr_rules.workbench.mutation.judging import Bench, Posed, Trial, posed_items
from imr_rules.workbench.mutation.mutants import Mutant, Mutation, mutants

_BATCH = 8
"""Guidelines that a process takes at a time: the fixtures are posed anew for each batch."""


class Survivor(NamedTuple):
    """A mutant that no fixture notices, and that is not proven to change nothing.

    Attributes:
        mutation: what was changed.
        outcome: ``differs``: ``case`` shows what it changes; ``open``: neither shown nor proven;
            ``not examined``: nobody looked, for want of Z3 or because it was not asked for.
        case: the smallest case on which it shows, as an editor would write it.
        shows: in words, how the answer to it changes.
    """

    mutation: Mutation
    outcome: Literal["differs", "open", "not examined"]
    case: dict[str, Any] | None = None
    shows: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        mutation = self.mutation
        return {
            "guideline": mutation.guideline, "kind": mutation.kind, "place": str(mutation.place),
            "part": mutation.part, "before": mutation.before, "after": mutation.after,
            "outcome": self.outcome, "case": self.case, "shows": list(self.shows),
        }  # fmt: skip


class Tally(NamedTuple):
    """What became of the mutants of one guideline."""

    guideline: str
    mutants: int
    killed: int
    equivalent: tuple[Mutation, ...]
    survivors: tuple[Survivor, ...]


class MutationResult(NamedTuple):
    """What became of every mutant.

    Attributes:
        tallies: by guideline.
        examined: whether those that no fixture notices were looked into.
    """

    tallies: tuple[Tally, ...]
    examined: bool

    @property
    def mutants(self) -> int:
        """How many there were."""
        return sum(each.mutants for each in self.tallies)

    @property
    def killed(self) -> int:
        """How many some fixture notices."""
        return sum(each.killed for each in self.tallies)

    @property
    def equivalent(self) -> tuple[Mutation, ...]:
        """Those proven to change no answer."""
        return tuple(mutation for each in self.tallies for mutation in each.equivalent)

    @property
    def survivors(self) -> tuple[Survivor, ...]:
        """Those that are neither killed nor proven to change no answer."""
        return tuple(survivor for each in self.tallies for survivor in each.survivors)

    @property
    def score(self) -> float:
        """Percent killed, of those that can be told from the rulebook at all."""
        telling = self.mutants - len(self.equivalent)
        return 100 * self.killed / telling if telling else 100.0

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``imr-rules mutate --format json`` prints it."""
        return {
            "mutants": self.mutants,
            "killed": self.killed,
            "equivalent": len(self.equivalent),
            "survivors": [each.to_dict() for each in self.survivors],
            "score": round(self.score, 2),
        }


def mutate(
    rulebook: Rulebook,
    fixtures: Sequence[Fixture],
    *,
    only: Sequence[Path] = (),
    examine: bool = True,
    write_to: Path | None = None,
    jobs: int = 1,
    progress: Callable[[Tally, int], None] = lambda tally, of: None,
) -> MutationResult:
    """Return what becomes of every mutant of a rulebook's guidelines.

    Args:
        rulebook: the rulebook, as read from files.
        fixtures: the cases with their answers.
        only: guideline files to mutate; all of them where none is named.
        examine: whether survivors are proven or shown; it takes Z3, and most of the time.
        write_to: where the cases that kill survivors are to be kept, in one file a guideline.
        jobs: how many processes.
        progress: told of each guideline when it is done, and of how many there are.

    Raises:
        RulebookError: a file cannot be read, or its guideline is not one of the rulebook's.
    """
    written = {Path(each.place.file) for each in rulebook.guidelines.values() if each.place.file}
    files = [read_document(path, RulebookError) for path in only or sorted(written)]
    examine = examine and importlib.util.find_spec("z3") is not None
    arguments = (rulebook, list(fixtures), examine, write_to)
    tallies: list[Tally] = []
    if jobs > 1:
        batches = [files[start : start + _BATCH] for start in range(0, len(files), _BATCH)]
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for done in [pool.submit(_batch, *arguments, batch) for batch in batches]:
                for tally in done.result():
                    tallies.append(tally)
                    progress(tally, len(files))
    else:
        worker = _Worker(*arguments)
        for file in files:
            tallies.append(worker.guideline(file))
            progress(tallies[-1], len(files))
    return MutationResult(tuple(tallies), examine)


def _batch(
    rulebook: Rulebook,
    fixtures: list[Fixture],
    examine: bool,
    write_to: Path | None,
    files: Sequence[Document],
) -> list[Tally]:
    worker = _Worker(rulebook, fixtures, examine, write_to)
    return [worker.guideline(file) for file in files]


class _Worker:
    def __init__(
        self, rulebook: Rulebook, fixtures: list[Fixture], examine: bool, write_to: Path | None
    ) -> None:
        self.rulebook, self.examine, self.write_to = rulebook, examine, write_to
        self.bench = Bench(rulebook, fixtures)

    def guideline(self, document: Document) -> Tally:
        """Mutate the guideline in one file."""
        name = document.data["guideline"]
        every = list(mutants(document, self.rulebook))
        unnoticed = [each for each in every if self.bench.killer(each.guideline) is None]
        killed = len(every) - len(unnoticed)
        if not self.examine:
            survivors = [Survivor(each.mutation, "not examined") for each in unnoticed]
            return Tally(name, len(every), killed, (), tuple(survivors))
        found = list(_Examination(self, name).of(unnoticed))
        equivalent = tuple(each for each in found if isinstance(each, Mutation))
        left = tuple(each for each in found if isinstance(each, Survivor))
        return Tally(name, len(every), len(every) - len(equivalent) - len(left), equivalent, left)


def examined(rulebook: Rulebook, mutant: Mutant) -> Mutation | Survivor:
    """Return what was changed where no answer changes with it, by proof; else a survivor. Needs Z3."""
    from imr_rules.workbench.witness import tell_apart

    verdict = tell_apart(rulebook, rulebook.with_guideline(mutant.guideline), "recorded")
    if verdict.outcome == "same":
        return mutant.mutation
    if verdict.found is None or verdict.found.cases is None:
        return Survivor(mutant.mutation, "open")
    shows = said_differences(*map(judged, verdict.found.posed))
    return Survivor(mutant.mutation, "differs", as_written(verdict.found.cases[0]), tuple(shows))


class _Examination:
    """Of one guideline's unnoticed mutants, what each changes; with a file to write to, cases that kill them."""

    def __init__(self, worker: _Worker, guideline: str) -> None:
        self.worker, self.rulebook = worker, worker.rulebook
        self.boundaries: Boundaries | None = None
        self.posed: dict[str, Posed] = {}
        if worker.write_to is not None:
            path = boundary_path(worker.write_to, guideline)
            self.boundaries = Boundaries.read(path, guideline)
            if self.boundaries.items:
                self._pose()

    def of(self, unnoticed: Sequence[Mutant]) -> Iterator[Mutation | Survivor]:
        """Yield the mutants that change nothing, and those that are left."""
        for mutant in unnoticed:
            if self.boundaries is not None and (
                self._noticed(self.boundaries, mutant) or self._grafted(self.boundaries, mutant)
            ):
                continue
            found = examined(self.rulebook, mutant)
            if isinstance(found, Survivor) and self._added(mutant, found):
                continue
            yield found
        if self.boundaries is not None and self.boundaries.items:
            self.boundaries.write()

    def _noticed(self, boundaries: Boundaries, mutant: Mutant) -> bool:
        """Whether a boundary case notices the mutant, or would with more expected of it; then it is."""
        trial = Trial(self.rulebook, mutant.guideline)
        for name, posed in self.posed.items():
            unlike = trial.difference(posed)
            if unlike is None:
                continue
            if unlike:
                boundaries.extend(name, mutant.mutation, unlike)
                self._pose(name)
            return True
        return False

    def _grafted(self, boundaries: Boundaries, mutant: Mutant) -> bool:
        """Whether a case of another row of a table, carried over, notices the mutant."""
        original = self.rulebook.guidelines[mutant.guideline.id]
        items = {item["id"]: item for item in boundaries.items}
        for name, posed in list(self.posed.items()):
            for item in grafts(original, mutant.guideline, items[name], posed):
                if self._kept(boundaries, mutant, boundaries.add_item(mutant.mutation, item)):
                    return True
        return False

    def _added(self, mutant: Mutant, survivor: Survivor) -> bool:
        """Whether a case that tells a survivor could be kept among the boundaries, and notices it there."""
        if self.boundaries is None or survivor.case is None:
            return False
        return self._kept(self.boundaries, mutant, self.boundaries.add(mutant.mutation, survivor.case))

    def _kept(self, boundaries: Boundaries, mutant: Mutant, name: str) -> bool:
        """Whether the boundary case added last notices the mutant; it is taken out again where it does not."""
        boundaries.part(name, self.rulebook)
        posed = list(posed_items(boundaries.alone(name), self.rulebook))
        unlike = None
        if posed:
            boundaries.expect(name, posed[0].answer)
            self._pose(name)
            unlike = Trial(self.rulebook, mutant.guideline).difference(self.posed[name])
        if unlike is None:
            boundaries.drop_last(name)
            self.posed.pop(name, None)
            return False
        if unlike:
            boundaries.extend(name, mutant.mutation, unlike)
            self._pose(name)
        return True

    def _pose(self, *names: str) -> None:
        """Pose the boundary cases of some names anew, with all that is expected of them by now."""
        assert self.boundaries is not None
        for name in names or self.boundaries.expected:
            (self.posed[name],) = posed_items(self.boundaries.alone(name), self.rulebook)
