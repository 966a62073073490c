"""Everything a rulebook holds, once its files are read and checked."""

from __future__ import annotations

from msgspec import Struct

from imr_rules.rulebook.model import Citation, Guideline, Layer, Source
from imr_rules.rulebook.vocabulary import Vocabulary

ANY_TREATMENT = "any"
"""A guideline that applies to ``any`` treatment governs all of the vocabulary."""


class Loaded(Struct, frozen=True):
    """Everything a rulebook holds."""

    version: str
    sources: dict[str, Source]
    citations: dict[str, Citation]
    vocabulary: Vocabulary
    guidelines: dict[str, Guideline]
    name: str | None = None
    """The name of the rulebook, by which layers and fixtures name it."""
    layers: tuple[Layer, ...] = ()
    """What was laid over it, the lowest first."""
