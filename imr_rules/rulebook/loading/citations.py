"""What carries each criterion of one guideline file: the guideline itself, another source, or practice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from imr_rules._reading import Document
from imr_rules.rulebook import files
from imr_rules.rulebook.loading.bibliography import period
from imr_rules.rulebook.loading.expressions import Path
from imr_rules.rulebook.loading.problems import Problems
from imr_rules.rulebook.model import Citation, Limit, Source, Strength, weakest


class Citations:
    """Reads the citations of one guideline file.

    Args:
        text, document: the file.
        source: what the guideline is taken from.
        sources, named: the bibliography, and the citations that several guidelines share.
        problems: where to note what is wrong.
        layer: the layer that the file belongs to, if any.
    """

    def __init__(
        self,
        text: files.GuidelineFile,
        document: Document,
        source: Source,
        sources: Mapping[str, Source],
        named: Mapping[str, Citation],
        problems: Problems,
        layer: str | None = None,
    ) -> None:
        self._text, self._document, self._source = text, document, source
        self._sources, self._named, self._problems = sources, named, problems
        self._layer = layer

    def own(
        self, status: files.CitationStatus, section: str | None = None, pages: tuple[int, ...] | None = None
    ) -> Citation:
        """Return a place in the guideline itself; its whole extent where no section or pages are given."""
        return Citation(
            self._source.id,
            self._source.document,
            self._source.regulation,
            section or self._text.section or self._text.title,
            self._text.pages if pages is None else pages,
            status,
            period(self._text.requests),
            layer=self._layer,
        )

    def of(
        self, criterion: files.CriterionFile, limits: Iterable[Limit], path: Path, *, whole: bool
    ) -> Citation:
        """Return what carries a criterion: what it cites, else the guideline, as sure as its limits are.

        ``whole`` is False where the requirement could not be read: then its limits are not known either.
        """
        return replace(self._of(criterion, limits, path, whole), layer=self._layer)

    def _of(
        self, criterion: files.CriterionFile, limits: Iterable[Limit], path: Path, whole: bool
    ) -> Citation:
        cites = criterion.cites
        if cites is None:
            return self._by_limits(criterion, list(limits), path, whole)
        if criterion.status is not None:
            place = self._document.place((*path, "status"), key=True)
            what = f"`{criterion.id}` says how it is known and cites something else"
            self._problems.add(
                "two-citations", what, place, "give the status inside `cites:`, or leave `cites:` out"
            )
        if isinstance(cites, str):
            found = self._named.get(cites)
            if found is None:
                place = self._document.place((*path, "cites"))
                self._problems.unknown("citation", cites, self._named, place)
            return found or self.own("recalled")
        if isinstance(cites, files.PracticeFile):
            return self._practice(cites, path)
        source = self._sources.get(cites.source)
        if source is None:
            place = self._document.place((*path, "cites", "source"))
            self._problems.unknown("source", cites.source, self._sources, place)
            return self.own("recalled")
        return Citation(
            source.id,
            source.document,
            source.regulation,
            cites.section,
            cites.pages,
            cites.status,
            source.in_force,
        )

    def strength(self, citation: Citation) -> Strength:
        """Return what a citation of this file weighs.

        Practice is what determinations are cited for; adapted, what stands in another edition than the one in
        force. A guideline that is one of these passes it on to all its criteria, whatever they cite.
        """
        sources = [self._source, *filter(None, [self._sources.get(citation.source)])]
        if citation.status == "practice" or any(source.tier == "practice" for source in sources):
            return "practice"
        return "adapted" if any(source.adapted for source in sources) else "text"

    def _by_limits(
        self, criterion: files.CriterionFile, limits: list[Limit], path: Path, whole: bool
    ) -> Citation:
        status = criterion.status or weakest(limit.status for limit in limits)
        if status is None and whole:
            self._problems.add(
                "no-citation", f"`{criterion.id}` does not say how it is known", self._document.place((*path, "id")),
                "add `status:` where the guideline itself carries it, or `cites:` where something else does",
            )  # fmt: skip
        pages = criterion.pages
        if pages is None and len(limits) == 1:
            pages = limits[0].pages
        return self.own(status or "recalled", criterion.section, pages)

    def _practice(self, cites: files.PracticeFile, path: Path) -> Citation:
        sources = []
        place = self._document.place((*path, "cites"), key=True)
        for name in cites.practice:
            source = self._sources.get(name)
            if source is None:
                where = self._document.place((*path, "cites", "practice"))
                self._problems.unknown("source", name, self._sources, where)
            elif source.tier != "practice":
                self._problems.add("not-practice", f"`{name}` is not a determination", place)
            else:
                sources.append(source)
        enough = len(set(cites.practice)) >= 2 or any(source.stands_alone for source in sources)
        if sources and not enough:
            self._problems.add(
                "one-determination",
                "one determination is not practice",
                place,
                "name two independent determinations",
            )
        document = "; ".join(source.document for source in sources)
        return Citation(", ".join(cites.practice), document, None, None, (), "practice")
