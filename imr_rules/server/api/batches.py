"""Sending many cases in: a JSON object a line, and one a line back, as they are done."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.types import Receive, Scope, Send

from imr_rules.errors import EngineError, InputError, Problem, TooLargeError
from imr_rules.server.api import docs
from imr_rules.server.api.common import (
    IdempotencyKey,
    ServiceOf,
    check_type,
    idempotent_request,
    needs,
    pieces,
    run,
)
from imr_rules.server.context import Service
from imr_rules.server.keys import Actor
from imr_rules.server.messages import (
    BatchBroken,
    BatchDone,
    LineItem,
    LineRefused,
    LineStored,
    LineStoredWhole,
)
from imr_rules.server.problems import problem_for
from imr_rules.server.store.replies import Once
from imr_rules.server.tasks.batch import Answered, Line, take_in_lines

router = APIRouter(prefix="/v1", tags=["screenings"])

NDJSON = "application/x-ndjson"
MOST_AT_ONCE = 64
"""Lines stored in one transaction."""


@router.post("/screenings:batch", **docs.BATCH)
async def post_batch(
    request: Request,
    service: ServiceOf,
    actor: Annotated[Actor, Depends(needs("screen"))],
    idempotency_key: IdempotencyKey = None,
    answers: Annotated[
        Literal["brief", "full"],
        Query(description="brief: id and suggestions of each line; full: the whole screening as well."),
    ] = "brief",
) -> Response:
    """Screen and store a case a line; a line that is wrong answers for itself, and the rest goes on.

    Answers come in the order of the lines while these are still being sent, so read while you send. The last line
    says `done`; where it is missing, the batch broke off: sent again with its Idempotency-Key, it goes on from there.
    """
    check_type(request, NDJSON, "application/jsonl", "application/ndjson")
    whole = idempotent_request(actor, idempotency_key, b"screenings:batch")
    stream = _answers(request, service, actor, whole, full=answers == "full")
    return _Lines(stream)


class _Lines(Response):
    """Sends lines as they come. Starlette's own waits for the sender to go away, and so takes the body from us."""

    media_type = NDJSON

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._lines = lines

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, and then each line."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for line in self._lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _answers(
    request: Request, service: Service, actor: Actor, whole: Once | None, *, full: bool
) -> AsyncIterator[bytes]:
    stored = refused = 0
    try:
        async for group in _groups(request, service):
            found = await run(service, _take_in, service, actor, group, whole)
            stored += sum(each.error is None for each in found)
            refused += sum(each.error is not None for each in found)
            yield b"".join(_answer(each, full) for each in found)
    except InputError as error:  # what follows cannot be read: said in a last line of its own
        problem = problem_for(error)
        yield BatchBroken(False, problem.status, problem).to_json() + b"\n"
        return
    yield BatchDone(True, stored, refused).to_json() + b"\n"


def _take_in(service: Service, actor: Actor, lines: list[Line], whole: Once | None) -> list[Answered]:
    most = service.settings.max_body_bytes
    found = {line.number: line for line in lines if len(line.content) <= most}
    answers = {each.line.number: each for each in take_in_lines(service, actor, list(found.values()), whole)}
    too_large = TooLargeError(Problem("too-large", f"the line is larger than {most:,} bytes"))
    return [answers.get(line.number, Answered(line, None, too_large)) for line in lines]


async def _groups(request: Request, service: Service) -> AsyncIterator[list[Line]]:
    """Yield lines as they come in, as many at a time as there are, and never more of them than is stored at once."""
    number, rest, skipping = 0, b"", False
    most = service.settings.max_body_bytes
    async for piece in pieces(request, service.settings.request_seconds):
        *complete, rest = (rest + piece).split(b"\n")
        if skipping and complete:
            complete[0], skipping = b"", False
        lines = []
        for content in complete:
            number += 1
            if content.strip():
                lines.append(Line(number, content))
        if len(rest) > most:
            # No more of it is kept than shows that it is too long; its number is counted when it ends.
            if not skipping:
                lines.append(Line(number + 1, rest))
            rest, skipping = b"", True
        for start in range(0, len(lines), MOST_AT_ONCE):
            yield lines[start : start + MOST_AT_ONCE]
    if rest.strip() and not skipping:
        yield [Line(number + 1, rest)]


def _answer(answered: Answered, full: bool) -> bytes:
    line, reply = answered.line, answered.reply
    if reply is None:
        problem = problem_for(answered.error or EngineError())
        return LineRefused(line.number, problem.status, problem).to_json() + b"\n"
    document = json.loads(reply.body)
    if full:
        return LineStoredWhole(line.number, 201, reply.screening, document).to_json() + b"\n"
    items = tuple(LineItem(each["item"], each["suggestion"]) for each in document["screening"]["items"])
    return LineStored(line.number, 201, reply.screening, items).to_json() + b"\n"
