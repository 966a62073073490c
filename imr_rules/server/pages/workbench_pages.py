"""For guideline editors: what the fixtures see of a guideline, and the receipt of a proposed edit."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Query, Request, Response

from imr_rules.errors import NotFoundError, Place, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.screening import screen
from imr_rules.server.api.common import read
from imr_rules.server.pages.gate import PageRoute, Posted, Reader, posted
from imr_rules.workbench.coverage import GuidelineCoverage, measure
from imr_rules.workbench.fixtures import Fixture, fixtures_in

router = APIRouter(route_class=PageRoute)


class Met(NamedTuple):
    """An item of a fixture that met a guideline: its suggestion, and the criteria that were its grounds."""

    fixture: str
    item: str
    suggestion: str
    grounds: tuple[str, ...]


class Seen(NamedTuple):
    """What the fixtures beside a rulebook see of it."""

    coverage: Mapping[str, GuidelineCoverage]
    met: Mapping[str, list[Met]]


def fixtures_beside(rulebook: Rulebook) -> Path | None:
    """Return the fixtures that lie beside a rulebook in a checkout, or None: a package ships none."""
    if not rulebook.directories:
        return None
    found = rulebook.directories[0].resolve().parents[1] / "fixtures"
    return found if found.is_dir() else None


def _fixtures(rulebook: Rulebook) -> list[Fixture]:
    path = fixtures_beside(rulebook)
    return list(fixtures_in(path, rulebook)) if path else []


def _seen(request: Request, rulebook: Rulebook) -> Seen | None:
    """Return what the fixtures see, worked out once for each rulebook."""
    if fixtures_beside(rulebook) is None:
        return None
    kept: dict[str, Seen] = request.app.state.seen_by_fixtures
    found = kept.get(rulebook.digest)
    if found is None:
        fixtures = _fixtures(rulebook)
        met: dict[str, list[Met]] = {}
        for fixture in fixtures:
            for item in screen(fixture.case, rulebook).items:
                heard = {
                    each.id.partition("#")[0] for each in item.criteria if each.status != "not_applicable"
                }
                for name in heard:
                    grounds = tuple(
                        each.partition("#")[2] for each in item.grounds if each.startswith(f"{name}#")
                    )
                    met.setdefault(name, []).append(
                        Met(fixture.path.stem, item.item, item.suggestion, grounds)
                    )
        coverage = {each.id: each for each in measure(rulebook, fixtures).guidelines}
        kept.clear()
        found = kept[rulebook.digest] = Seen(coverage, met)
    return found


def guideline_called(rulebook: Rulebook, name: str) -> Guideline:
    """Return a guideline of a rulebook.

    Raises:
        NotFoundError: there is none of this name.
    """
    found = rulebook.guidelines.get(name)
    if found is None:
        raise NotFoundError(Problem("not-found", "the rulebook has no guideline of this name"))
    return found


@router.get("/rulebook/seen")
async def seen(visit: Reader, guideline: Annotated[str, Query(max_length=200)]) -> Response:
    """Return what the fixtures see of a guideline, as part of its page."""
    rulebook = visit.service.rulebooks.current
    name = guideline_called(rulebook, guideline).id
    found = await read(visit.service, _seen, visit.request, rulebook)
    return await visit.show(
        "_seen.html",
        there=found is not None,
        coverage=found.coverage.get(name) if found else None,
        met=found.met.get(name, []) if found else [],
    )


def can_prove() -> bool:
    """Whether receipts can be made here: they need the extra ``workbench``."""
    return find_spec("z3") is not None


def file_of(guideline: Guideline, rulebook: Rulebook) -> Path | None:
    """Return the file of a guideline, or None where the rulebook's files are no longer there."""
    if not rulebook.directories or guideline.place.file is None:
        return None
    path = Path(guideline.place.file)
    return path if path.is_file() else None


@router.post("/rulebook/receipt")
async def receipt_of_edit(sent: Annotated[Posted, Depends(posted("admin"))]) -> Response:
    """Say what a proposed edit of one guideline's file would change. Nothing is stored, and no file is touched."""
    visit = sent.visit
    rulebook = visit.service.rulebooks.current
    guideline = guideline_called(rulebook, sent.form.text("guideline") or "")
    edited = (sent.form.text("text") or "") + "\n"

    # In a thread, where fixtures and what was read of them are at hand: a process of its own would begin with nothing.
    said, problems = await read(visit.service, _receipt, rulebook, guideline, edited)
    return await visit.show("_receipt.html", said=said, problems=problems)


def _receipt(rulebook: Rulebook, guideline: Guideline, edited: str) -> tuple[str, tuple[Problem, ...]]:
    from imr_rules.workbench.diff import edited_rulebook, receipt, receipt_report
    from imr_rules.writing.terminal import terminal

    file = file_of(guideline, rulebook)
    if file is None:
        raise NotFoundError(Problem("not-found", "the files of this rulebook are not here"))
    try:
        with tempfile.TemporaryDirectory() as folder:
            proposed = edited_rulebook(rulebook, file, edited.encode(), Path(folder) / "edited")
            found = receipt(rulebook, proposed, _fixtures(rulebook))
            return terminal(receipt_report(found, "in use", "as edited"), width=100, color=False), ()
    except RulebookError as error:
        return "", tuple(_within(each) for each in error.problems)


def _within(problem: Problem) -> Problem:
    """Return a problem without the temporary file it was found in."""
    place = problem.place
    name = Path(place.file).name if place.file else None
    return Problem(
        problem.code, problem.what, Place(name, place.line, place.column, place.pointer), problem.hint
    )
