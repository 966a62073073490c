"""Sending many cases in: a JSON object a line, and one a line back, as they are done."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from typing import IO, Annotated, Literal

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
MOST_LINES = 100_000
"""Lines of a batch."""
MOST_IN_MEMORY = 1_000_000
"""Bytes of answers that wait in memory rather than in a file."""
MOST_SENT = 65_536
"""Bytes sent at a time."""


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
    return _Lines(stream, service.settings.request_seconds)


class _Lines(Response):
    """Sends lines as they come, and keeps those that the reader does not take yet, while the body is still coming.

    A sender who reads only when all is sent would otherwise wait for us while we wait for them. What is kept is
    bounded by the number of lines a batch may have, and lies in a file where it is much.
    """

    media_type = NDJSON

    def __init__(self, lines: AsyncIterator[bytes], seconds: float) -> None:
        super().__init__()
        del self.headers["content-length"]
        self._lines, self._seconds = lines, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, and then each line."""
        scope["state"]["patient"] = True  # how long a reader may take is seen to here
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with tempfile.SpooledTemporaryFile(MOST_IN_MEMORY) as kept:
            spool = _Spool(kept)
            collecting = asyncio.create_task(self._collect(spool))
            try:
                while piece := await spool.take(collecting):
                    await self._pass_on(send, piece, collecting)
                await collecting  # what went wrong with it
            finally:
                collecting.cancel()
        await send({"type": "http.response.body", "body": b""})

    async def _collect(self, spool: _Spool) -> None:
        async for lines in self._lines:
            spool.add(lines)

    async def _pass_on(self, send: Send, piece: bytes, collecting: asyncio.Task[None]) -> None:
        sending = asyncio.ensure_future(
            send({"type": "http.response.body", "body": piece, "more_body": True})
        )
        try:
            # While the body is coming, its sender is busy and need not read.
            await asyncio.wait((sending, collecting), return_when=asyncio.FIRST_COMPLETED)
            async with asyncio.timeout(self._seconds):
                await sending
        finally:
            sending.cancel()


class _Spool:
    """Bytes that wait to be sent, in their order."""

    def __init__(self, kept: IO[bytes]) -> None:
        self._kept = kept
        self._written = self._read = 0
        self._news = asyncio.Event()

    def add(self, content: bytes) -> None:
        """Add what is to be sent after all that was added before."""
        self._kept.seek(self._written)
        self._kept.write(content)
        self._written += len(content)
        self._news.set()

    async def take(self, adding: asyncio.Task[None]) -> bytes:
        """Return the next piece; nothing once whoever adds is done and all was taken."""
        while self._read == self._written and not adding.done():
            self._news.clear()
            waiting = asyncio.ensure_future(self._news.wait())
            await asyncio.wait((waiting, adding), return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
        self._kept.seek(self._read)
        piece = self._kept.read(MOST_SENT)
        self._read += len(piece)
        return piece


async def _answers(
    request: Request, service: Service, actor: Actor, whole: Once | None, *, full: bool
) -> AsyncIterator[bytes]:
    stored = refused = 0
    try:
        async for group in _groups(request, service):
            # A line counts as a request; a batch is slowed down rather than refused.
            await asyncio.sleep(request.app.state.rates.wait(actor.id, len(group)))
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
    """Yield lines as they come in, as many at a time as there are, and never more of them than is stored at once.

    Raises:
        TooLargeError: there are more than a batch may have.
    """
    number, rest, skipping = 0, bytearray(), False
    most = service.settings.max_body_bytes
    async for piece in pieces(request, service.settings.request_seconds):
        first, *others = piece.split(b"\n")
        if not skipping:
            rest += first
        lines: list[Line] = []
        for following in others:  # a line ended
            number += 1
            if rest.strip() and not skipping:
                lines.append(Line(number, bytes(rest)))
            rest, skipping = bytearray(following), False
        if len(rest) > most:
            # No more of it is kept than shows that it is too long; its number is counted when it ends.
            lines.append(Line(number + 1, bytes(rest)))
            rest, skipping = bytearray(), True
        taken = [line for line in lines if line.number <= MOST_LINES]
        for start in range(0, len(taken), MOST_AT_ONCE):
            yield taken[start : start + MOST_AT_ONCE]
        if number > MOST_LINES or (number == MOST_LINES and (skipping or rest.strip())):
            what = f"a batch has at most {MOST_LINES:,} lines; send the rest as another"
            raise TooLargeError(Problem("too-many-lines", what))
    if rest.strip() and not skipping:
        yield [Line(number + 1, bytes(rest))]


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
