"""The edit receipt: what an edit of a rulebook changes, for whom, and what it provably does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from imr_rules._dates import Period
from imr_rules.case import Case
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening, screen
from imr_rules.screening.result import rulebook_name
from imr_rules.screening.turns import CHANGES, Turn
from imr_rules.workbench.answers import answer_of, turn_between
from imr_rules.workbench.diff.additions import Addition, additions
from imr_rules.workbench.diff.answers import Answers, Both, asked
from imr_rules.workbench.diff.edits import Edit, edits
from imr_rules.workbench.diff.moved import Moved, moved
from imr_rules.workbench.diff.region import Region, region_of
from imr_rules.workbench.diff.transitions import Open, Transition, transitions
from imr_rules.workbench.diff.unsearched import Bounded, unsearched
from imr_rules.workbench.fixtures import Fixture, as_written
from imr_rules.workbench.witness import Site, days_of, judged_alike, never_differ, periods, sites
from imr_rules.workbench.witness.cases import ITEM
from imr_rules.workbench.witness.parts import Unlike

if TYPE_CHECKING:
    from imr_rules.batch.replay import Replayed


class Witness(NamedTuple):
    """A smallest case that shows a change, with what each rulebook answers.

    Attributes:
        old_case: as the old rulebook was asked, where it lacks a fact of ``case``; else the same.
    """

    case: Case
    old_case: Case
    before: ItemScreening
    after: ItemScreening

    @property
    def data(self) -> dict[str, Any]:
        """Return the case as an editor would write it."""
        return as_written(self.case)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "case": self.data,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }


class Change(NamedTuple):
    """A way in which answers change.

    Attributes:
        guideline, criterion: what is judged otherwise; None where the change does not come from a criterion.
        criteria: full names of all that are judged otherwise.
        turn: from what to what.
        region: where.
        where: the treatments and periods.
        moved: at which counts its limit stands otherwise, where it is a limit that moved.
        requests: the days of the request, in words.
        fixtures: the items of fixtures in the region, each of which flips.
    """

    guideline: str | None
    criterion: str | None
    criteria: tuple[str, ...]
    turn: Turn
    region: Region
    requests: str
    where: tuple[tuple[str, Period], ...]
    witness: Witness
    moved: Moved | None
    fixtures: tuple[Both, ...]

    @property
    def treatments(self) -> tuple[str, ...]:
        """The treatments, each once."""
        return tuple(dict.fromkeys(name for name, _ in self.where))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "guideline": self.guideline, "criterion": self.criterion, **self.turn.to_dict(),
            "region": self.region._asdict(), "moved": self.moved.to_dict() if self.moved else None,
            "requests": self.requests, "witness": self.witness.to_dict(),
            "fixtures": [each.to_dict() for each in self.fixtures], "criteria": list(self.criteria),
            "treatments": list(self.treatments),
        }  # fmt: skip


class Unchanged(NamedTuple):
    """Where no answer can change, and how that is known.

    Attributes:
        because: ``same_rules``: both rulebooks judge by the same rules, whatever their files look like;
            ``proved``: the rules are written otherwise, and no row of facts is answered otherwise.
    """

    treatments: tuple[str, ...]
    requests: str
    because: str


class Receipt(NamedTuple):
    """What an edit changes.

    Attributes:
        additions: what added guidelines and treatments answer.
        corpus: what both rulebooks say of recorded items, where some were replayed.
    """

    old: Rulebook
    new: Rulebook
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    additions: tuple[Addition, ...]
    proven_unchanged: tuple[Unchanged, ...]
    bounded: tuple[Bounded, ...]
    answers: Answers
    corpus: Replayed | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data, as ``imr-rules diff --format json`` prints it."""
        answers = self.answers
        return {
            "changes": [each.to_dict() for each in self.changes],
            "additions": [each.to_dict() for each in self.additions],
            "proven_unchanged": [each._asdict() for each in self.proven_unchanged],
            "bounded": [each._asdict() for each in self.bounded],
            "edits": [each._asdict() for each in self.edits],
            "fixtures": {
                "files": answers.files,
                "items": len(answers.items),
                "recorded": answers.recorded,
                "flips": [each.to_dict() for each in answers.flips],
                "changed": {change: answers.flipped(change) for change in CHANGES},
                "refused": list(answers.refused),
                "agreement": {"before": answers.before._asdict(), "after": answers.after._asdict()},
            },
            "rulebooks": {
                name: rulebook_name(each).to_dict() for name, each in (("old", self.old), ("new", self.new))
            },
            **({"corpus": self.corpus.to_dict()} if self.corpus else {}),
        }


def receipt(
    old: Rulebook, new: Rulebook, fixtures: Iterable[Fixture] = (), corpus: Replayed | None = None
) -> Receipt:
    """Return what changes from one rulebook to another.

    Args:
        old, new: the rulebooks.
        fixtures: cases to ask both, such as recorded determinations.
        corpus: what both say of recorded items, as :func:`~imr_rules.batch.replay.replayed` found it.
    """
    answers = asked(fixtures, old, new)
    differing = sites(old, new)
    proved: list[Site] = []
    bounded = list(unsearched(old, new))
    found: dict[tuple[object, ...], list[Transition]] = {}
    alike: dict[Unlike, bool] = {}
    told: set[tuple[object, ...]] = set()
    for site in differing:
        if judged_alike(site.old, site.new, alike):
            proved.append(site)
            continue
        hit = False
        for each in transitions(old, new, site, told):
            hit = True
            if isinstance(each, Open):
                why = "the search for a case ended at its bound"
                bounded.append(Bounded(f"{_where(site, new)}: {each.turn}", why))
            else:
                found.setdefault((each.criteria, each.turn), []).append(each)
        if not hit and never_differ(site.old, site.new, "reasons", alike):
            proved.append(site)
        elif not hit:
            why = "the rules differ; no case was found whose answer does, and none is proven impossible"
            bounded.append(Bounded(_where(site, new), why))
    changes = tuple(_change(same, old, new, answers) for same in found.values())
    for same in found.values():
        bounded += _unfinished(same, new)
    added, unfinished = additions(old, new)
    bounded += unfinished
    return Receipt(
        old, new, edits(old, new), changes, added, tuple(_unchanged(old, new, differing, proved)),
        tuple(dict.fromkeys(bounded)), answers, corpus,
    )  # fmt: skip


def _change(same: list[Transition], old: Rulebook, new: Rulebook, answers: Answers) -> Change:
    first = same[0]
    where = tuple(dict.fromkeys(place for each in same for place in each.site.where))
    guideline, _, criterion = first.criteria[0].partition("#") if first.criteria else (None, None, None)
    treatments = {name for name, _ in where}
    assert first.found.cases
    before, after = (
        next(item for item in screen(case, rulebook).items if item.item == ITEM)
        for case, rulebook in zip(first.found.cases, (old, new), strict=True)
    )
    assert turn_between(answer_of(before), answer_of(after)) == first.turn
    return Change(
        guideline, criterion, first.criteria, first.turn,
        region_of(
            first.boxes, (first.site.old, first.site.new), first.numbers, first.whole and len(same) == 1, first.inexact
        ),
        days_of(where), where,
        Witness(first.found.cases[1], first.found.cases[0], before, after),
        moved(first),
        tuple(
            each
            for each in answers.flips
            if each.turn == first.turn
            and each.treatment in treatments
            and (not first.criteria or each.judged & {*first.criteria})
        ),
    )  # fmt: skip


def _where(site: Site, rulebook: Rulebook) -> str:
    """Return a site in words: its first treatments, and the days of the request."""
    names = dict.fromkeys(rulebook.vocabulary.treatments[name].label for name, _ in site.where)
    shown = list(names)
    more = f" and {len(shown) - 3} more treatments" if len(shown) > 3 else ""
    return f"{', '.join(shown[:3])}{more}, requests {days_of(site.where)}"


def _unfinished(same: list[Transition], rulebook: Rulebook) -> Iterator[Bounded]:
    """Yield what a region leaves out; every case it tells of is real all the same."""
    first = same[0]
    name = first.criteria[0] if first.criteria else "what is no one criterion's"
    region = f"{first.turn}, by {name}"
    if len(same) > 1:
        yield Bounded(
            region,
            f"described for {_where(first.site, rulebook)}; it was shown to happen elsewhere too, but not for which cases",
        )
    if not first.whole:
        told = "one group of cases is" if len(first.boxes) == 1 else f"{len(first.boxes)} groups of cases are"
        yield Bounded(
            region, f"{told} described; there are more" if first.boxes else "no group could be proven"
        )


def _unchanged(
    old: Rulebook, new: Rulebook, differing: tuple[Site, ...], proved: list[Site]
) -> Iterator[Unchanged]:
    touched = {place for site in differing for place in site.where}
    by_period: dict[str, list[str]] = {}
    for name in old.vocabulary.treatments:
        if name not in new.vocabulary.treatments:
            continue
        every = list(periods((old, new), name))
        same = [each for each in every if (name, each) not in touched]
        if len(same) == len(every):
            by_period.setdefault("of any day", []).append(name)
        elif same:
            by_period.setdefault(days_of((name, each) for each in same), []).append(name)
    for requests, treatments in by_period.items():
        yield Unchanged(tuple(treatments), requests, "same_rules")
    for site in proved:
        yield Unchanged(tuple(dict.fromkeys(name for name, _ in site.where)), days_of(site.where), "proved")
