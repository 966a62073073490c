"""``layer.yaml``: what a layer of a rulebook is called, and which rulebook it lies over."""

from __future__ import annotations

from imr_rules._validation import StrictModel
from imr_rules.rulebook.files.common import Slug, Words


class LayerFile(StrictModel):
    """``layer.yaml``. The other files of a layer are those of a rulebook; each may be left out."""

    layer: Slug
    """The name of the layer, in digests, citations and receipts."""
    over: Slug
    """The name of the rulebook it lies over: ``rulebook:`` in that one's sources.yaml."""
    version: Words
    """The version the layer states of itself."""
    title: Words
    """What readers call it."""
    note: Words | None = None
    """Our own words for whoever keeps the layer."""
