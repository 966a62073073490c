"""The rulebook as pages, for those who edit the guidelines."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from imr_rules.errors import NotFoundError, Problem
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.model import Guideline
from imr_rules.rulebook.overview import GuidelineShown
from imr_rules.server.api.common import read
from imr_rules.server.pages.gate import PageRoute, Reader
from imr_rules.server.pages.workbench_pages import can_prove, file_of, guideline_called
from imr_rules.writing.charts.canvas import Scheme
from imr_rules.writing.charts.limits import draw_limits, limits_over_time
from imr_rules.writing.words import say_citation

router = APIRouter(route_class=PageRoute)


@router.get("/rulebook")
async def rulebook(
    visit: Reader,
    q: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[str, Query(pattern="^(|read|secondary|recalled|practice)$")] = "",
) -> Response:
    """List the guidelines."""
    rules = visit.service.rulebooks.current
    words = q.casefold().split()
    found = [
        GuidelineShown.of(each, status or None)
        for each in rules.guidelines.values()
        if all(word in _words(each) for word in words)
    ]
    shown = [each for each in found if not status or each.limits or each.criteria]
    return await visit.show("rulebook.html", rules=rules, guidelines=shown, q=q, known=status)


def _words(guideline: Guideline) -> str:
    said = (guideline.id, guideline.title, *guideline.treatments, guideline.source.document)
    return " ".join(said).casefold().replace("_", " ").replace("-", " ")


@router.get("/rulebook/limits.svg")
async def limits_picture(
    visit: Reader,
    guideline: Annotated[str, Query(max_length=200)],
    scheme: Annotated[Scheme, Query()] = "light",
    narrow: Annotated[bool, Query()] = False,
) -> Response:
    """Draw the limits on a guideline's treatments over time."""
    rules = visit.service.rulebooks.current
    found = limits_over_time(guideline_called(rules, guideline), rules)
    if not found:
        raise NotFoundError(Problem("not-found", "there is no limit to draw"))
    svg = await read(visit.service, draw_limits, found, scheme, narrow=narrow)
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
    return Response(svg, 200, headers, "image/svg+xml")


@router.get("/rulebook/guidelines/{name:path}")
async def guideline_page(name: str, visit: Reader) -> Response:
    """Show one guideline: limits, criteria, citations, what it replaces, and its limits over time."""
    rules = visit.service.rulebooks.current
    guideline = guideline_called(rules, name)
    file = file_of(guideline, rules) if can_prove() and "admin" in visit.actor.scopes else None
    return await visit.show(
        "guideline.html",
        guideline=guideline,
        source=file.read_text(encoding="utf-8") if file else None,
        data=GuidelineShown.of(guideline),
        citations={each.id: say_citation(each.citation) for each in guideline.criteria},
        over_time=limits_over_time(guideline, rules),
        others=_others(guideline, rules),
    )


def _others(guideline: Guideline, rules: Rulebook) -> list[GuidelineShown]:
    """Return the other guidelines that speak of the same treatments, the earliest first."""
    mine = set(guideline.treatments)
    found = [
        each for each in rules.guidelines.values() if each.id != guideline.id and mine & set(each.treatments)
    ]
    return [GuidelineShown.of(each) for each in sorted(found, key=lambda each: each.requests.first)]
