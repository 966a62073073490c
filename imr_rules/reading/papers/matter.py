"""Papers of one case put together: which item is which, what each paper says of it, and where they disagree."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from imr_rules.reading.papers.paper import Paper, PaperItem
from imr_rules.words.lexicon import word_group

if TYPE_CHECKING:
    from imr_rules.rulebook.vocabulary import Vocabulary

Said = tuple[Paper, PaperItem]
"""An item as one paper has it."""


class Item(Struct):
    """One treatment, as each paper has it."""

    asked_for: list[Said] = field(default_factory=list)
    decided: list[Said] = field(default_factory=list)
    disputed: list[Said] = field(default_factory=list)
    parted: bool = False
    """One line of the request became several decisions."""

    @property
    def all(self) -> list[Said]:
        """Every paper's item: the request's first, then the decision's, then the application's."""
        return [*self.asked_for, *self.decided, *self.disputed]

    @property
    def named(self) -> Said:
        """The paper whose words name the item: the request, unless its line was parted."""
        return (self.decided if self.parted else self.all)[0]

    @property
    def decision(self) -> str | None:
        """What was decided, where one paper says so or all agree; a decision's word before an application's."""
        for group in (self.decided, self.disputed):
            kinds = {item.decision.value for _, item in group if item.decision is not None}
            if kinds:
                return kinds.pop() if len(kinds) == 1 else None
        return None


class Matter(Struct):
    """The papers of one case, matched.

    Attributes:
        papers: in the order given.
        items: those in dispute, or, of a bare request, those asked for.
        settled: those approved or put off.
        cautions: what whoever confirms the draft should look at.
    """

    papers: Sequence[Paper]
    items: list[Item] = field(default_factory=list)
    settled: list[Item] = field(default_factory=list)
    cautions: list[str] = field(default_factory=list)


def put_together(papers: Sequence[Paper], vocabulary: Vocabulary) -> Matter:
    """Match the items of papers, and tell those in dispute from those settled.

    Items are matched by codes, then by treatment and part of the body, then by words; never by their order.
    """
    matter = Matter(papers)
    found: list[Item] = []
    for kind, name in (("rfa", "asked_for"), ("ur", "decided"), ("imr-application", "disputed")):
        for paper in papers:
            if paper.kind == kind:
                _match(found, [(paper, item) for item in paper.items], name, vocabulary, matter)
    kinds = {paper.kind for paper in papers}
    for item in found:
        decided = item.decision
        named = _name(item)
        if "ur" in kinds and not item.decided and item.asked_for:
            matter.cautions.append(f"{named}: no decision among these papers mentions it")
        if decided == "approved" and item.disputed and item.decided:
            matter.cautions.append(f"{named}: disputed in the application, and approved by the decision")
        if "imr-application" in kinds:
            if item.disputed:
                matter.items.append(item)
            elif decided in ("approved", "deferred"):
                matter.settled.append(item)
            elif item.decided:
                matter.cautions.append(f"{named}: refused, and not in the application")
        elif "ur" in kinds:
            if item.decided:
                (matter.settled if decided in ("approved", "deferred") else matter.items).append(item)
        else:
            matter.items.append(item)
    if "imr-application" in kinds and "ur" not in kinds:
        matter.cautions.append("no decision is among these papers")
    return matter


def _name(item: Item) -> str:
    paper, one = item.named
    return f"{one.service.where} of {paper.id}"


def _match(found: list[Item], said: list[Said], name: str, vocabulary: Vocabulary, matter: Matter) -> None:
    """Put the items of one paper beside those of the papers before it."""
    pairs = sorted(
        (
            (-likeness, place, index)
            for index, (_, item) in enumerate(said)
            for place, other in enumerate(found)
            if (likeness := _likeness(item, other, name, vocabulary)) > 0
        ),
    )
    taken: dict[int, int] = {}
    filled: set[int] = set()
    for _, place, index in pairs:
        if index not in taken and place not in filled:
            taken[index] = place
            filled.add(place)
    own = list(found)
    for index, (paper, item) in enumerate(said):
        if index in taken:
            getattr(own[taken[index]], name).append((paper, item))
            continue
        # a second decision about a line of the request that has one already: the line was parted
        whole = next(
            (
                other
                for other in own
                if name == "decided" and other.asked_for and _part_of(item, other, vocabulary)
            ),
            None,
        )
        if whole is not None:
            whole.parted = True
            matter.cautions.append(
                f"{whole.asked_for[0][1].service.where} of {whole.asked_for[0][0].id}: parted into several decisions"
            )
            found.append(Item(asked_for=list(whole.asked_for), decided=[(paper, item)], parted=True))
        else:
            new = Item()
            getattr(new, name).append((paper, item))
            found.append(new)


def _codes(item: PaperItem) -> set[str]:
    return set(item.codes.value) if item.codes is not None else set()


def _part_of(item: PaperItem, whole: Item, vocabulary: Vocabulary) -> bool:
    asked = whole.asked_for[0][1]
    if _codes(item) and _codes(item) < _codes(asked):
        return True
    return (
        _related(item, asked, vocabulary)
        and item.treatment != asked.treatment
        and not _elsewhere(item, asked)
    )


def _related(one: PaperItem, other: PaperItem, vocabulary: Vocabulary) -> bool:
    if one.treatment is None or other.treatment is None:
        return False
    first, second = vocabulary.treatments[one.treatment], vocabulary.treatments[other.treatment]
    if one.treatment in second.lineage or other.treatment in first.lineage:
        return True
    return first.discipline == second.discipline or (
        {"electromyography", "nerve_conduction_study"} & {one.treatment, other.treatment} != set()
        and "emg_and_ncs" in (one.treatment, other.treatment)
    )


def _elsewhere(one: PaperItem, other: PaperItem) -> bool:
    """Whether two items are of different parts or sides of the body."""
    first, second = one.body_part, other.body_part
    if not first or not second:
        return False
    if first["region"] != second["region"]:
        return True
    return all(part.get("side") for part in (first, second)) and first.get("side") != second.get("side")


def _likeness(item: PaperItem, other: Item, name: str, vocabulary: Vocabulary) -> float:
    if getattr(other, name):
        return 0  # one paper does not name an item twice
    best = 0.0
    for _, said in other.all:
        if _elsewhere(item, said) and item.treatment == said.treatment:
            continue
        words = _words(item.service.value), _words(said.service.value)
        shared = len(words[0] & words[1]) / max(1, min(len(words[0]), len(words[1])))
        codes = _codes(item) & _codes(said)
        if other.parted and said is other.asked_for[0][1]:
            shared, codes = shared / 2, set()
        if codes:
            best = max(best, 3 + shared)
        elif item.treatment is not None and item.treatment == said.treatment:
            if _codes(item) and _codes(said) and shared < 0.5:
                continue
            drug = vocabulary.treatments[item.treatment].unit == "tablet"
            best = max(best, 2 + shared if not drug or shared > 0.3 else 0)
        elif shared >= 0.6 and not (
            item.treatment and said.treatment and not _related(item, said, vocabulary)
        ):
            best = max(best, 1 + shared)
    return best


def _words(text: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]{4,}", text)} - word_group("no_likeness")
