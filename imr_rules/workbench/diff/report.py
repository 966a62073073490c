"""The receipt as a report: what was edited, which suggestions change, for whom, and what is proven unchanged."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from imr_rules.expression.reference import Status
from imr_rules.rulebook import Rulebook
from imr_rules.screening import ItemScreening
from imr_rules.screening.turns import CHANGES, ChangeOf
from imr_rules.workbench.diff.additions import Addition
from imr_rules.workbench.diff.answers import Both
from imr_rules.workbench.diff.edits import Edit
from imr_rules.workbench.diff.moved import Moved
from imr_rules.workbench.diff.receipts import Change, Receipt
from imr_rules.workbench.diff.region import Region
from imr_rules.workbench.fixtures import as_written, case_text
from imr_rules.writing.document import (
    Block,
    Bullets,
    Code,
    Details,
    Entry,
    Heading,
    Line,
    Paragraph,
    Report,
    SideBySide,
    Table,
    code,
    lines,
    quiet,
    strong,
)
from imr_rules.writing.screening_report import mark_of, matters, reason_entry
from imr_rules.writing.words import TITLES, capital, join, say_citation

if TYPE_CHECKING:
    from imr_rules.batch.replay import Flip, Replayed

_KINDS = {
    "added": "added",
    "removed": "removed",
    "meaning": "changed in meaning",
    "rewritten": "written differently, and proven to be judged the same",
    "reason": "changed in the reason given; no suggestion changes with it",
}
_SAME = {
    "same_rules": "the rules are the same",
    "proved": "the rules are written differently, and no record gets another answer",
}
_WAYS = {
    "overturn": "Supports overturning",
    "uphold": "Supports upholding",
    "lean_overturn": "Leans to overturning",
    "lean_uphold": "Leans to upholding",
}
_NEVER = {"overturn": "Nothing here can support overturning", "uphold": "Nothing here can support upholding"}
_MOST_TREATMENTS = 4
_MOST_GROUNDS = 4
"""Grounds named for one way in which recorded items flip."""
_MOST_FLIPS = 40
"""Ways in which recorded items flip that a short report names."""


def receipt_report(receipt: Receipt, old: str, new: str, *, everything: bool = False) -> Report:
    """Return a receipt as a report.

    Args:
        receipt: the receipt.
        old, new: what to call the rulebooks.
        everything: name every treatment and every way in which recorded items flip, and not only the first.
    """
    return Report(f"What the edit from {old} to {new} changes", tuple(_Writer(receipt, everything).blocks()))


def summary(receipt: Receipt) -> str:
    """Return in one sentence what changes."""
    left = receipt.bounded
    if not receipt.edits and not receipt.changes and not receipt.additions:
        said = ["no guideline is edited"]
    elif not receipt.changes:
        said = ["no answer to a request that both can judge was found to change"]
    else:
        ways = _each(lambda change: sum(each.turn.change == change for each in receipt.changes), "way")
        said = [f"answers change: {ways}"]
    if receipt.additions:
        named = dict.fromkeys(name for each in receipt.additions for name in each.guidelines or each.new)
        said.append(f"new: {join([f'`{name}`' for name in named])}")
    said.append(_fixtures_flip(receipt))
    if receipt.corpus:
        said.append(f"{receipt.corpus.flipped:,} of {receipt.corpus.items:,} recorded items flip")
    if left:
        said.append(f"{_count(len(left), 'question')} not searched to the end")
    return "; ".join(said)


def _fixtures_flip(receipt: Receipt) -> str:
    """Return how many items of fixtures flip, by what of their answer changes."""
    answers = receipt.answers
    if not answers.files:
        return "no fixtures were asked"
    if not answers.flips:
        return "no fixture flips"
    return f"fixtures flip: {_each(answers.flipped, 'item')}"


def _each(count: Callable[[ChangeOf], int], word: str) -> str:
    """Return counts by what changes, in words: ``the suggestion in 2 ways, the lean in 1 way``."""
    counted = ((change, count(change)) for change in CHANGES)
    return ", ".join(f"the {change} in {_count(number, word)}" for change, number in counted if number)


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


class _Writer:
    """Puts a receipt into blocks."""

    def __init__(self, receipt: Receipt, everything: bool) -> None:
        self._receipt, self._everything = receipt, everything
        vocabularies = receipt.old.vocabulary, receipt.new.vocabulary
        self._labels = {
            name: each.label for vocabulary in vocabularies for name, each in vocabulary.treatments.items()
        }

    def blocks(self) -> Iterator[Block]:
        receipt = self._receipt
        yield Paragraph(strong(f"{capital(summary(receipt))}."))
        if receipt.edits:
            yield Heading("Edited")
            yield Bullets(tuple(map(_edit, receipt.edits)))
        if receipt.additions:
            yield Heading("New: what it answers")
        for addition in receipt.additions:
            yield from self._addition(addition)
        for number, change in enumerate(receipt.changes, 1):
            yield from self._change(number, change)
        if receipt.proven_unchanged:
            yield Heading("Proven unchanged")
            yield Bullets.of(
                f"{self._treatments(each.treatments)}, requests {each.requests}: {_SAME[each.because]}"
                for each in receipt.proven_unchanged
            )
        if receipt.bounded:
            yield Heading("Not searched to the end")
            yield Bullets.of(f"{what}: {why}" for what, why in receipt.bounded)
        yield Heading("Fixtures")
        yield from map(Paragraph, self._fixtures())
        if receipt.corpus is not None:
            yield from self._recorded(receipt.corpus)
        for when, rulebook in (("before", receipt.old), ("after", receipt.new)):
            yield Paragraph(quiet(f"The rulebook {when}: {_called(rulebook)}, {rulebook.digest}."))

    def _treatments(self, names: Iterable[str]) -> str:
        labels = [self._labels[name] for name in names]
        most = len(labels) if self._everything else _MOST_TREATMENTS
        return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")

    def _change(self, number: int, change: Change) -> Iterator[Block]:
        by = f"{change.guideline}#{change.criterion}" if change.guideline else "no one criterion"
        witness = change.witness
        yield Heading(f"{number}. {change.turn}, by {by}")
        yield Paragraph(f"{self._treatments(change.treatments)}; requests {change.requests}.")
        if change.moved:
            yield from _picture(change.moved)
        yield from _where(change.region)
        yield Paragraph(f"Fixtures that flip: {_names(change.fixtures)}.")
        yield Details(
            "The smallest case, before and after",
            (
                Code(case_text(witness.data), "yaml"),
                SideBySide(
                    (
                        ("Before", _answer(witness.before, change.criteria)),
                        ("After", _answer(witness.after, change.criteria)),
                    )
                ),
            ),
        )

    def _addition(self, addition: Addition) -> Iterator[Block]:
        new = "a new treatment" if len(addition.new) == 1 else f"{len(addition.new)} new treatments"
        known = f"{self._treatments(addition.treatments)}{f', {new}' if addition.new else ''}"
        by = f", by {join(addition.guidelines)}" if addition.guidelines else ""
        yield Heading(f"{known}{by}; requests {addition.requests}", 3)
        for given in addition.given:
            yield Paragraph(strong(f"{_WAYS[given.way]}, on {given.criterion}"))
            yield from _where(given.region, "does")
            yield Details(
                "The smallest case, and its answer",
                (Code(case_text(as_written(given.case)), "yaml"), *_answer(given.item, {given.criterion})),
            )
        if not addition.given:
            yield Paragraph("No answer was found to rest on a criterion of it.")
        for way in addition.never:
            yield Paragraph(f"{_NEVER[way]}: proven for every record.")
        if addition.new:
            flips = [each for each in self._receipt.answers.flips if each.treatment in addition.new]
            yield Paragraph(f"Fixtures that flip: {_names(flips)}.")

    def _fixtures(self) -> Iterator[str]:
        answers = self._receipt.answers
        if not answers.files:
            yield "No fixtures were asked."
            return
        yield (
            f"{_count(answers.files, 'fixture')}, {_count(len(answers.items), 'item')}, {answers.recorded} of them with a "
            f"recorded outcome; {f'flips: {flips}' if (flips := _each(answers.flipped, 'item')) else 'none flips'}."
        )
        explained = {each for change in self._receipt.changes for each in change.fixtures}
        new = {name for each in self._receipt.additions for name in each.new}
        others = [each for each in answers.flips if each not in explained and each.treatment not in new]
        if others:
            yield f"Flips outside every region above: {_names(others)}."
        yield (
            f"Agreement with recorded outcomes, of the items decided: {answers.before} before, {answers.after} after."
        )
        if answers.refused:
            yield f"Not understood by one of the rulebooks: {', '.join(answers.refused)}."

    def _recorded(self, corpus: Replayed) -> Iterator[Block]:
        yield Heading("Recorded items")
        read = f"{corpus.rejects:,} could not be read" if corpus.rejects else "all could be read"
        yield Paragraph(f"{corpus.flipped:,} of {corpus.items:,} recorded items flip; {read}.")
        most = len(corpus.flips) if self._everything else _MOST_FLIPS
        if corpus.flips:
            heads = ("treatment", "answer", "items", "grounds before", "grounds after", "the first")
            yield Table(heads, tuple(map(self._flip, corpus.flips[:most])))
        left = corpus.flips[most:]
        if left:
            count = sum(each.items for each in left)
            yield Paragraph(f"{count:,} items flip in {len(left):,} more ways, which JSON and HTML name.")

    def _flip(self, flip: Flip) -> tuple[Line, ...]:
        file, record = flip.example
        return (
            self._treatments([flip.treatment]) if flip.treatment else "not recognized",
            str(flip.turn),
            f"{flip.items:,} of {flip.of:,}",
            lines(_grounds(flip.before)),
            lines(_grounds(flip.after)),
            f"{file}, record {record:,}",
        )


def _where(region: Region, does: str = "changes so") -> Iterator[Block]:
    """Yield for whom an answer changes, or is given: every condition on a line of its own."""
    if region.numbers:
        yield Bullets.of(region.numbers, f"Counts for which it {does}, where they are known exactly")
    if region.always or region.one_of:
        title = "Where all of this holds" if region.whole else "Among others, where all of this holds"
        yield Bullets.of(region.always or ["what one of the parts below says"], title)
    for number, part in enumerate(region.one_of, 1):
        yield Bullets.of(part or ["nothing more"], "and all of this" if number == 1 else "or all of this")
    if region.inexact:
        yield Paragraph(f"It {does}, too, where one of these numbers is known within bounds only.")
    if not (region.always or region.one_of):
        yield Paragraph("No region could be worked out; the case below shows it.")


def _picture(moved: Moved) -> Iterator[Block]:
    """Yield how a limit stands at each count around it, before and after."""
    yield Paragraph(f"{capital(moved.label)}, all else as in the smallest case below:")
    new = {**dict.fromkeys(moved.entering, strong("in")), **dict.fromkeys(moved.leaving, strong("out"))}
    yield Table(
        ("count", *map(str, moved.numbers)),
        (
            ("before", *(_stands(each) for each in moved.before)),
            ("after", *(_stands(each) for each in moved.after)),
            ("newly", *(new.get(number, "") for number in moved.numbers)),
        ),
    )
    said = [
        f"newly {word} the limit: {join([*map(str, numbers)])}"
        for word, numbers in (("within", moved.entering), ("outside", moved.leaving))
        if numbers
    ]
    if said:
        yield Paragraph(strong(f"{capital('; '.join(said))}."))


def _stands(status: Status | None) -> Line:
    return "·" if status in (None, "not_applicable") else mark_of(status)


def _called(rulebook: Rulebook) -> str:
    over = [f"{each.name} {each.version}" for each in rulebook.layers]
    return f"{rulebook.name} {rulebook.version}" + (f" with the layers {join(over)}" if over else "")


def _edit(edit: Edit) -> Entry:
    if edit.what == "criterion":
        name = str(edit.criterion)
    else:
        name = f"{edit.criterion}, {edit.what}" if edit.criterion else edit.what
    said = [
        (f"{word}: ", code(each)) for word, each in (("was", edit.was), ("is", edit.now)) if each is not None
    ]
    return Entry((code(edit.guideline), f" {name}: {_KINDS[edit.kind]}"), (Bullets.of(said),) if said else ())


def _answer(item: ItemScreening, criteria: Collection[str]) -> tuple[Block, ...]:
    """Return an answer: its headline, and the criteria that matter or that it is told for."""
    shown = (each for each in item.criteria if each.id in criteria or matters(each, item))
    entries = (
        reason_entry(each, item, (Bullets.of([quiet(say_citation(each.citation))]),)) for each in shown
    )
    lean = (Paragraph((strong("Lean: "), item.lean.headline)),) if item.lean else ()
    return (
        Paragraph((strong(f"{TITLES[item.suggestion]}."), f" {item.headline}")),
        *lean,
        Bullets(tuple(entries)),
    )


def _names(fixtures: Iterable[Both]) -> str:
    named = [
        f"{each.file} {each.item}: {each.turn}" + (f" (recorded: {each.outcome})" if each.outcome else "")
        for each in fixtures
    ]
    return "; ".join(named) or "none"


def _grounds(counts: Mapping[str, int]) -> list[str]:
    """Return in words the most frequent grounds; what needs review has none."""
    if not counts:
        return ["none"]
    said = [f"{name}, {count:,}" for name, count in list(counts.items())[:_MOST_GROUNDS]]
    return said + ([f"{len(counts) - _MOST_GROUNDS} more"] if len(counts) > _MOST_GROUNDS else [])
