"""A rulebook as its lints read it: the text of its files, what they say, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from imr_rules._reading import Document, read_document, read_text
from imr_rules._validation import validate
from imr_rules.errors import RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import FactsFile, GuidelineFile, SourcesFile
from imr_rules.workbench.lint.finding import Finding

__all__ = ["Book", "Written"]


class Written(NamedTuple):
    """A guideline as it is written: its file with the place of everything in it, and its shape."""

    document: Document
    file: GuidelineFile


class Book:
    """One rulebook to be checked.

    Attributes:
        directory: where its files are.
        load_findings: what kept it from loading; none where it loaded.
    """

    def __init__(
        self, directory: Path, rulebook: Rulebook | None, load_findings: tuple[Finding, ...] = ()
    ) -> None:
        self.directory, self._rulebook, self.load_findings = directory, rulebook, load_findings

    @classmethod
    def open(cls, directory: Path) -> Book:
        """Read the rulebook in ``directory``, whether or not it can be loaded."""
        try:
            return cls(directory, Rulebook.load(directory))
        except RulebookError as error:
            found = (Finding(each.code, each.what, each.place, each.hint) for each in error.problems)
            return cls(directory, None, tuple(found))

    @property
    def loaded(self) -> bool:
        """Whether the rulebook could be loaded: only then is there anything but text."""
        return self._rulebook is not None

    @property
    def rulebook(self) -> Rulebook:
        """The rulebook, loaded."""
        assert self._rulebook is not None
        return self._rulebook

    @cached_property
    def texts(self) -> Mapping[Path, str]:
        """The text of each file that can be read, in order of path."""
        found = {}
        for path in sorted(self.directory.glob("**/*.yaml")):
            try:
                found[path] = read_text(path, RulebookError)
            except RulebookError:
                continue  # said already, as what kept the rulebook from loading
        return found

    @cached_property
    def written(self) -> Mapping[str, Written]:
        """Each guideline as it is written, by id. The rulebook must be loaded."""
        found = {}
        for path in sorted(self.directory.glob("*/**/*.yaml")):
            document = read_document(path, RulebookError)
            file = validate(GuidelineFile, document, RulebookError)
            found[file.guideline] = Written(document, file)
        return found

    @cached_property
    def facts(self) -> tuple[Document, FactsFile]:
        """The dictionary as it is written."""
        document = read_document(self.directory / "facts.yaml", RulebookError)
        return document, validate(FactsFile, document, RulebookError)

    @cached_property
    def sources(self) -> tuple[Document, SourcesFile]:
        """The bibliography as it is written."""
        document = read_document(self.directory / "sources.yaml", RulebookError)
        return document, validate(SourcesFile, document, RulebookError)
