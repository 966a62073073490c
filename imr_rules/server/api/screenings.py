"""Sending cases in, and reading what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from imr_rules.errors import Place, Problem, UnreadableError
from imr_rules.server.api import docs
from imr_rules.server.api.common import (
    IdempotencyKey,
    SentJson,
    ServiceOf,
    answered,
    etag,
    idempotent_request,
    needs,
    read,
    replied,
    result,
    take_in,
)
from imr_rules.server.clock import read_time, say_time
from imr_rules.server.keys import Actor
from imr_rules.server.messages import ScreeningList
from imr_rules.server.store.screenings import Filter
from imr_rules.server.tasks import intake, reading

router = APIRouter(prefix="/v1", tags=["screenings"])

_Name = Annotated[str | None, Query(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
_Time = Annotated[
    str | None,
    Query(
        description="A day, or a moment as RFC 3339 writes it (`2014-03-04T09:30:00Z`): from then on; until before then."
    ),
]


@router.post("/screenings", status_code=201, **docs.POST_SCREENING)
async def post_screening(
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("screen"))],
    sent: SentJson,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Screen a case and store it."""
    request = idempotent_request(actor, idempotency_key, b"screenings", sent.raw)
    return replied(await take_in(service, actor, sent.data, len(sent.raw), request), 201)


@router.post("/screenings:validate", **docs.VALIDATE)
async def validate(
    service: ServiceOf, actor: Annotated[Actor, Depends(needs("screen"))], sent: SentJson
) -> Response:
    """Screen a case and store nothing: what it would get, and what is wrong or missing."""
    rulebook, size = service.rulebooks.current, len(sent.raw)
    return answered(
        await result(service, service.judged(intake.validate, rulebook, sent.data, size, sent.data))
    )


@router.get("/screenings", **docs.LIST)
async def list_screenings(
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("read"))],
    cursor: Annotated[str | None, Query(pattern=r"^[0-9a-f]{32}$", description="As `next` gave it.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    case: Annotated[
        str | None, Query(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="The sender's id.")
    ] = None,
    suggestion: Annotated[Literal["uphold", "overturn", "needs_review"] | None, Query()] = None,
    treatment: _Name = None,
    signed: Annotated[bool | None, Query(description="Whether every item is signed.")] = None,
    amended: Annotated[bool | None, Query(description="Whether an amendment took its place.")] = None,
    rulebook: Annotated[str | None, Query(pattern=r"^sha256:[0-9a-f]{64}$")] = None,
    since: _Time = None,
    until: _Time = None,
) -> Response:
    """List screenings, the newest first."""
    begins, ends = _moment("since", since), _moment("until", until)
    wanted = Filter(case, suggestion, treatment, signed, amended, rulebook, begins, ends)
    found = await read(service, reading.page, service, actor, wanted, after=cursor, limit=limit + 1)
    more = found[limit - 1].id if len(found) > limit else None
    headers = {}
    if more is not None:
        asked = {
            "case": case, "suggestion": suggestion, "treatment": treatment, "signed": signed, "amended": amended,
            "rulebook": rulebook, "since": since, "until": until, "limit": limit, "cursor": more,
        }  # fmt: skip
        given = {
            name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()
        }
        query = urlencode({name: value for name, value in given.items() if value is not None})
        headers["Link"] = f'</v1/screenings?{query}>; rel="next"'
    return answered(ScreeningList(tuple(found[:limit]), more), headers)


def _moment(name: str, text: str | None) -> str | None:
    """Return a moment as the store writes it, so that texts compare as moments do."""
    if text is None:
        return None
    try:
        return say_time(read_time(text))
    except (ValueError, OverflowError):
        hint = "write a day, 2014-03-04, or a moment, 2014-03-04T09:30:00Z"
        what = f"the query parameter {name} is not a time there is"
        raise UnreadableError(Problem("not-a-time", what, Place(pointer=""), hint)) from None


@router.get("/screenings/{id}", **docs.GET_SCREENING)
async def get_screening(
    id: docs.ScreeningId,
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("read"))],
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", max_length=255)] = None,
) -> Response:
    """Read a screening and what was done about it since. The audit notes that it was opened."""
    if if_none_match is not None:
        now = await read(service, reading.look, service, actor, id)
        tag = etag(now.kept.version)
        if tag in [each.strip().removeprefix("W/") for each in if_none_match.split(",")]:
            return Response(status_code=304, headers={"ETag": tag})
    found = await read(service, reading.open_screening, service, actor, id)
    return replied(found.reply)


_Format = Literal["json", reading.ReportKind]
_REPORTS: Mapping[_Format, str] = {
    "json": "application/json",
    "markdown": "text/markdown",
    "html": "text/html",
    "pdf": "application/pdf",
}
"""Format of a report → its media type, the one first that is given where nothing is asked for."""


@router.get("/screenings/{id}/report", **docs.REPORT)
async def get_report(
    id: docs.ScreeningId,
    request: Request,
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("read"))],
    format: Annotated[
        _Format | None,
        Query(description="Else as `Accept` says; json first."),
    ] = None,
    everything: Annotated[
        bool, Query(alias="all", description="Every criterion, in what is not json.")
    ] = False,
) -> Response:
    """Read the answer alone: as JSON, byte for byte as it was made; as Markdown; with its pictures as HTML or PDF."""
    accepted = request.headers.get("accept", "")
    wanted: list[_Format] = [name for name, media in _REPORTS.items() if media in accepted]
    kind: _Format = (*wanted, "json")[0] if format is None else format
    if kind == "json":
        content = await read(service, reading.report_json, service, actor, id)
    else:
        content = await read(service, reading.report, service, actor, id, kind, everything=everything)
    # A page has its style in it, and its pictures; nothing else may it have.
    policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:"}
    return Response(content, media_type=_REPORTS[kind], headers=policy if kind == "html" else None)
