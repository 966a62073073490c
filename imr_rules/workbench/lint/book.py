"""A rulebook as its lints read it: the text of its files, what they say, and what that means."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from imr_rules._reading import Document, read_document, read_text
from imr_rules._validation import validate
from imr_rules.errors import Place, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.files import FactsFile, GuidelineFile, SourcesFile
from imr_rules.rulebook.model import Guideline
from imr_rules.workbench.lint.finding import Finding

_M = TypeVar("_M", bound=BaseModel)


class Written(NamedTuple):
    """A guideline as it is written: its file with the place of everything in it, and its shape."""

    document: Document
    file: GuidelineFile


class Book:
    """One rulebook to be checked, or one layer over its rulebook.

    Attributes:
        directory: where the files to be checked are.
        directories: those of the rulebook and, where a layer is checked, of the layer.
        load_findings: what kept it from loading; none where it loaded.
    """

    def __init__(
        self,
        directory: Path,
        directories: tuple[Path, ...],
        rulebook: Rulebook | None,
        load_findings: tuple[Finding, ...] = (),
    ) -> None:
        self.directory, self.directories = directory, directories
        self._rulebook, self.load_findings = rulebook, load_findings

    @classmethod
    def open(cls, directory: Path, over: Path | None = None) -> Book:
        """Read the rulebook in ``directory``, or the layer in it over another one, whether or not it can be loaded."""
        directories = (directory,) if over is None else (over, directory)
        try:
            return cls(directory, directories, Rulebook.load(*directories))
        except RulebookError as error:
            found = (Finding(each.code, each.what, each.place, each.hint) for each in error.problems)
            return cls(directory, directories, None, tuple(found))

    def holds(self, finding: Finding) -> bool:
        """Whether a finding is about the files to be checked, and not about the rulebook a layer lies over."""
        return self._is_here(finding.place)

    def _is_here(self, place: Place) -> bool:
        return (
            place.file is None
            or len(self.directories) == 1
            or Path(place.file).is_relative_to(self.directory)
        )

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
    def guidelines(self) -> tuple[Guideline, ...]:
        """The guidelines that are to be checked: of a layer its own, those of the rulebook below not."""
        return tuple(each for each in self.rulebook.guidelines.values() if self._is_here(each.place))

    def ours(self, *guidelines: Guideline) -> Guideline:
        """Return the first of some guidelines that is to be checked: what is found of all of them stands there."""
        return next((each for each in guidelines if self._is_here(each.place)), guidelines[0])

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
        """Each guideline as it is written, by id, those of the rulebook below too. It must be loaded."""
        found = {}
        for path in (each for where in self.directories for each in sorted(where.glob("*/**/*.yaml"))):
            document = read_document(path, RulebookError)
            file = validate(GuidelineFile, document, RulebookError)
            found[file.guideline] = Written(document, file)
        return found

    @cached_property
    def facts(self) -> tuple[Document, FactsFile]:
        """The dictionary as it is written; empty where a layer has none."""
        return self._file("facts.yaml", FactsFile)

    @cached_property
    def sources(self) -> tuple[Document, SourcesFile]:
        """The bibliography as it is written; empty where a layer has none."""
        return self._file("sources.yaml", SourcesFile)

    def treatment_place(self, name: str, path: tuple[str | int, ...] = ()) -> Place:
        """Return the place of a part of a treatment, in the uppermost file that writes it."""
        for directory in reversed(self.directories):
            if (directory / "treatments.yaml").exists():
                document = read_document(directory / "treatments.yaml", RulebookError)
                if name in (document.data.get("treatments") or {}):
                    return document.place(("treatments", name, *path))
        return Place(str(self.directory / "treatments.yaml"))

    def _file(self, name: str, model: type[_M]) -> tuple[Document, _M]:
        path = self.directory / name
        document = read_document(path, RulebookError) if path.exists() else Document({}, str(path))
        return document, validate(model, document, RulebookError)
