"""What becomes of recorded items, as a part of a receipt: in text, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING

from imr_rules.workbench.diff.phrases import plain, treatments_of, ways, wrapped
from imr_rules.workbench.diff.receipts import Receipt

if TYPE_CHECKING:
    from imr_rules.batch.replay import Flip

__all__ = ["html", "markdown", "text"]

_MOST_GROUNDS = 4
"""Grounds told of one way in which a corpus flips."""
_MOST_FLIPS = 40
"""Ways in which a corpus flips that text and Markdown tell."""
_HEADS = ("treatment", "suggestion", "items", "grounds before", "grounds after", "the first")


def text(receipt: Receipt) -> Iterator[str]:
    """Yield the lines of text for a terminal; none where no corpus was replayed."""
    if receipt.corpus is None:
        return
    yield f"\nCorpus: {_summed(receipt)}"
    for flip in receipt.corpus.flips[:_MOST_FLIPS]:
        said = f"{_treatment(receipt, flip)}: {ways(flip)}: {_items(flip)}, the first in {_example(flip)}"
        yield wrapped(said, "  ", "    ")
        for when, grounds in (("before", flip.before), ("after", flip.after)):
            yield wrapped(f"grounds {when}: {'; '.join(_grounds(grounds))}", "    ", "      ")
    yield from _further(receipt)


def markdown(receipt: Receipt) -> Iterator[str]:
    """Yield the lines of Markdown; none where no corpus was replayed."""
    if receipt.corpus is None:
        return
    yield f"\n### Recorded items\n\n{_summed(receipt)}"
    if receipt.corpus.flips:
        yield f"\n| {' | '.join(_HEADS)} |\n|{'---|' * len(_HEADS)}"
    for flip in receipt.corpus.flips[:_MOST_FLIPS]:
        grounds = ("<br>".join(_grounds(each)) for each in (flip.before, flip.after))
        cells = [_treatment(receipt, flip), ways(flip), _items(flip), *grounds, _example(flip)]
        yield f"| {' | '.join(map(plain, cells))} |"
    yield from _further(receipt)


def html(receipt: Receipt) -> Iterator[str]:
    """Yield the section of a page; nothing where no corpus was replayed."""
    if receipt.corpus is None:
        return
    yield f"<h2>Recorded items</h2><p>{_summed(receipt)}</p>"
    if not receipt.corpus.flips:
        return
    yield "<table><tr>" + "".join(f'<th scope="col">{each}</th>' for each in _HEADS) + "</tr>"
    for flip in receipt.corpus.flips:
        grounds = ("<br>".join(map(escape, _grounds(each))) for each in (flip.before, flip.after))
        first = (escape(_treatment(receipt, flip)), ways(flip), _items(flip))
        cells = (*first, *grounds, escape(_example(flip)))
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _summed(receipt: Receipt) -> str:
    corpus = receipt.corpus
    assert corpus is not None
    read = f"{corpus.rejects:,} could not be read" if corpus.rejects else "all could be read"
    return f"{corpus.flipped:,} of {corpus.items:,} recorded items flip; {read}."


def _treatment(receipt: Receipt, flip: Flip) -> str:
    return treatments_of(receipt, [flip.treatment]) if flip.treatment else "not recognized"


def _items(flip: Flip) -> str:
    return f"{flip.items:,} of {flip.of:,}"


def _example(flip: Flip) -> str:
    file, record = flip.example
    return f"{file}, record {record:,}"


def _grounds(counts: Mapping[str, int]) -> list[str]:
    """Return in words the most frequent grounds; what needs review has none."""
    if not counts:
        return ["none"]
    said = [f"{name}, {count:,}" for name, count in list(counts.items())[:_MOST_GROUNDS]]
    return said + ([f"{len(counts) - _MOST_GROUNDS} more"] if len(counts) > _MOST_GROUNDS else [])


def _further(receipt: Receipt) -> Iterator[str]:
    assert receipt.corpus is not None
    left = receipt.corpus.flips[_MOST_FLIPS:]
    if left:
        count = sum(each.items for each in left)
        yield f"\n{count:,} items flip in {len(left):,} more ways: JSON and HTML tell them."
