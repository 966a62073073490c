"""``sources.yaml``: every document a rule can cite, and the citations that guidelines share."""

from __future__ import annotations

from imr_rules._validation import StrictModel
from imr_rules.rulebook.dictionary import CitationStatus
from imr_rules.rulebook.files.common import (
    InForce,
    Name,
    Pages,
    Slug,
    Strings,
    Words,
)

__all__ = ["NamedCitationFile", "SourceFile", "SourcesFile"]


class SourceFile(StrictModel):
    """An entry of the bibliography."""

    document: Words
    regulation: Words | None = None
    tier: Name
    family: Slug | None = None
    """Editions of one guideline share a family; no two of them govern one request."""
    edition: int | None = None
    in_force: InForce | None = None
    parts: dict[str, Words] = {}
    """Numbered parts of the document, where citing one tells the edition."""
    cited_as: Strings = ()
    """The words letters use for it."""
    note: Words | None = None
    stands_alone: bool = False
    """A determination that carries a practice without a second one beside it."""
    adapted: bool = False
    """Another edition, or an adaptation, of a guideline whose text in force was not read: it decides nothing."""


class NamedCitationFile(StrictModel):
    """A citation that several guidelines share, by name."""

    source: Slug
    section: Words | None = None
    pages: Pages = ()
    status: CitationStatus
    note: Words | None = None


class SourcesFile(StrictModel):
    """``sources.yaml``: the bibliography. That of a rulebook also says which rulebook it is."""

    rulebook: Slug | None = None
    """The name of the rulebook, by which layers and fixtures name it."""
    version: Words | None = None
    """The version the rulebook states of itself."""
    tiers: dict[Name, Words] = {}
    """The search sequence, in its order: each tier, and what readers are told that it is. Statutes stand outside it, and
    practice after it. A rulebook whose guidelines are all of one tier need not name it."""
    sources: dict[Slug, SourceFile] = {}
    citations: dict[Slug, NamedCitationFile] = {}
