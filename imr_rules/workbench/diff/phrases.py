"""Words that every form of a receipt shares."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING

from imr_rules.workbench.diff.receipts import Change, Receipt

if TYPE_CHECKING:
    from imr_rules.batch.replay import Flip

__all__ = ["WIDTH", "plain", "treatments_of", "ways", "wrapped"]

WIDTH = 100
"""Columns of text."""
_SHORT = {"uphold": "uphold", "overturn": "overturn", "needs_review": "needs review"}


def treatments_of(receipt: Receipt, names: Iterable[str], most: int = 4) -> str:
    """Return some treatments in words."""
    known = receipt.old.vocabulary.treatments | receipt.new.vocabulary.treatments  # type: ignore[operator]
    labels = [known[name].label for name in names]
    return ", ".join(labels[:most]) + (f" and {len(labels) - most} more" if len(labels) > most else "")


def ways(change: Change | Flip) -> str:
    """Return in words from what to what suggestions change."""
    return f"{_SHORT[change.old]} → {_SHORT[change.new]}"


def wrapped(words: str, indent: str, hanging: str | None = None) -> str:
    """Return words in lines of text, those after the first indented by ``hanging``."""
    return textwrap.fill(
        words, WIDTH, initial_indent=indent, subsequent_indent=indent if hanging is None else hanging,
        break_on_hyphens=False, break_long_words=False,
    )  # fmt: skip


def plain(words: str) -> str:
    """Return words as a cell of a table of Markdown."""
    return words.replace("|", "\\|").replace("\n", " ")
