"""What the routers share: who asks, what was sent, running a task in time, and the shape of answers."""

from __future__ import annotations

import asyncio
import functools
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Future
from typing import Annotated, Any, NamedTuple, ParamSpec, TypeVar

import anyio
import anyio.to_thread
from fastapi import Depends, Header, Request, Response
from starlette.requests import ClientDisconnect

from imr_rules._results import Result
from imr_rules.errors import (
    AuthenticationError,
    ForbiddenError,
    InputError,
    MediaTypeError,
    Place,
    PreconditionNeededError,
    Problem,
    StoreError,
    TooLargeError,
    TooSlowError,
    UnreadableError,
    nearest,
)
from imr_rules.server.clock import say_time
from imr_rules.server.context import Service
from imr_rules.server.keys import LOCAL, Actor, Scope
from imr_rules.server.messages import HumanReview, ScreeningReceipt
from imr_rules.server.reading import read_json
from imr_rules.server.store.replies import Once, Reply
from imr_rules.server.tasks import intake
from imr_rules.server.workers import OUT_OF_TIME, SMALL_BYTES

_P = ParamSpec("_P")
_T = TypeVar("_T")
_LOOPBACK = re.compile(r"(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?")


def service_of(request: Request) -> Service:
    """Return the service that a request is for."""
    found: Service = request.app.state.service
    return found


async def _service(request: Request) -> Service:
    return service_of(request)


ServiceOf = Annotated[Service, Depends(_service)]

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Any text of the sender's own. A request that is sent again with its key is done once: the same "
        "body gets the stored reply, another one a 422.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match", max_length=255, description="The ETag of the screening that the sender has seen."
    ),
]


async def run(
    service: Service,
    task: Callable[..., _T],
    *arguments: Any,
    limiter: anyio.CapacityLimiter | None = None,
    otherwise: Problem | None = None,
    **named: Any,
) -> _T:
    """Run a task that writes the store in a thread, and stop waiting for it when its time is over.

    The thread goes on and may still store something: an Idempotency-Key makes it safe to ask again.
    """
    work = functools.partial(task, *arguments, **named)
    waited_for = anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiter)
    return await _in_time(service, waited_for, otherwise or _PERHAPS_STORED)


async def read(service: Service, task: Callable[..., _T], *arguments: Any, **named: Any) -> _T:
    """Run a task as :func:`run` does, of one that stores nothing but who has read."""
    return await run(service, task, *arguments, otherwise=OUT_OF_TIME, **named)


async def result(service: Service, submitted: Future[_T]) -> _T:
    """Wait for what is done apart; it is ended when its time is over. What was done at once is here already."""
    if submitted.done():
        return submitted.result()
    return await _in_time(service, asyncio.wrap_future(submitted), OUT_OF_TIME)


async def computed(
    service: Service, size: int, work: Callable[_P, _T], /, *arguments: _P.args, **named: _P.kwargs
) -> _T:
    """Have so many bytes worked on: here and now where they are few, or else beside the service, ended in time."""
    if size <= SMALL_BYTES:
        return work(*arguments, **named)
    return await result(service, service.workers.submit(work, *arguments, **named))


_PERHAPS_STORED = Problem(
    "perhaps-stored",
    "this takes longer than a request may; what was to be stored may be stored all the same",
    hint="ask again with the same Idempotency-Key: the answer says what became of it",
)


async def _in_time(service: Service, waited_for: Awaitable[_T], otherwise: Problem) -> _T:
    try:
        async with asyncio.timeout(service.settings.request_seconds):
            return await waited_for
    except TimeoutError:
        raise StoreError(otherwise) from None


async def take_in(service: Service, actor: Actor, data: Any, size: int, done_once: Once | None) -> Reply:
    """Screen a case that was sent as so many bytes and store it, holding no thread meanwhile.

    What was answered before is answered the same again, before anything else. What waits for the disk waits together.
    """
    # What the key was used for before may be stored, so that this look says so too where it takes too long.
    before = await run(service, intake.answered_before, service, done_once) if done_once else None
    if before is not None:
        return before
    at, rulebook = say_time(service.clock()), service.rulebooks.current
    judged = service.judged(intake.prepare, rulebook, data, size, at, actor, data, done_once)
    prepared = await result(service, judged)
    with service.store.outcome():
        submitted = service.store.submit(intake.store, prepared)
        stored = await _in_time(service, asyncio.wrap_future(submitted), _PERHAPS_STORED)
    intake.count(service, [stored])
    return stored.reply


def needs(scope: Scope) -> Callable[[Request], Awaitable[Actor]]:
    """Return what finds out who asks, and whether their key has a scope."""

    async def actor(request: Request) -> Actor:
        found = await authenticate(request, scope)
        if request.method == "GET":  # any other may be one sent again, which is answered as it was
            _check_parameters(request)
        return found

    return actor


async def authenticate(request: Request, scope: Scope) -> Actor:
    """Return who asks.

    Raises:
        AuthenticationError: nobody who may.
        ForbiddenError: their key lacks the scope.
        RateError: they ask too often.
    """
    service = service_of(request)
    authenticator = service.authenticator
    if not authenticator.fresh():
        await run(service, authenticator.refresh)  # before a request that may be one sent again
    actor = (
        local_actor(request)
        if authenticator.open
        else authenticator.recognize(request.headers.get("authorization"))
    )
    admit(request, actor, scope)
    return actor


def admit(request: Request, actor: Actor, scope: Scope) -> None:
    """Note who asks, and let them go on.

    Raises:
        ForbiddenError: their key lacks the scope.
        RateError: they ask too often.
    """
    request.state.actor = actor
    request.app.state.rates.take(actor.id)
    if scope not in actor.scopes:
        hint = "its scopes are " + ", ".join(sorted(actor.scopes))
        raise ForbiddenError(Problem("scope-missing", f"this needs a key with the scope {scope}", hint=hint))


def _check_parameters(request: Request) -> None:
    """Refuse a parameter that the request does not have: a filter with a slip in its name would filter nothing.

    Raises:
        InputError: there is one. It is not repeated.
    """
    known = sorted(each.alias for each in request.scope["route"].dependant.query_params)
    for name in request.query_params:
        if name not in known:
            hint = nearest(name, known) or (f"it has {', '.join(known)}" if known else "it has none")
            raise InputError(
                Problem("unknown-parameter", "this request has no query parameter of that name", hint=hint)
            )


def local_actor(request: Request) -> Actor:
    """Return the one at this machine; no key was made yet, so that nobody else may ask.

    A name that is not this machine's, or a proxy's headers, mean that somebody else does.
    """
    client = request.client
    here = client is None or client.host in ("127.0.0.1", "::1", "testclient")
    named = _LOOPBACK.fullmatch(request.headers.get("host", ""))
    passed_on = any(name in request.headers for name in ("forwarded", "x-forwarded-for", "x-real-ip", "via"))
    if not here or not named or passed_on:
        hint = "imr-rules keys create makes one"
        raise AuthenticationError(
            Problem("no-keys-yet", "the service answers this machine alone until a key is made", hint=hint)
        )
    return LOCAL


class Sent(NamedTuple):
    """A JSON body as it came, and its data."""

    raw: bytes
    data: Any


async def _sent_json(request: Request) -> Sent:
    service = service_of(request)
    check_type(request, "application/json", "application/merge-patch+json")
    raw = await read_body(request, service.settings.max_body_bytes)
    most = service.settings.max_list
    return Sent(raw, await computed(service, len(raw), read_json, raw, max_list=most))


SentJson = Annotated[Sent, Depends(_sent_json)]


async def read_body(request: Request, most: int) -> bytes:
    """Return a body of at most so many bytes, that came within the time of a request.

    Raises:
        TooLargeError: it is larger.
        TooSlowError: it did not come in time.
        UnreadableError: the sender broke off.
    """
    declared = request.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    content = bytearray()
    seconds = service_of(request).settings.request_seconds
    try:
        async with asyncio.timeout(seconds):
            async for piece in pieces(request, seconds):
                content += piece
                if len(content) > most:
                    raise _too_large(most)
    except TimeoutError:
        raise _too_slow() from None
    return bytes(content)


def check_type(request: Request, *types: str) -> None:
    """Raise :class:`~imr_rules.errors.MediaTypeError` unless the body is of one of these types, and not packed."""
    found = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found not in types:
        raise MediaTypeError(Problem("wrong-media-type", f"send it as Content-Type: {types[0]}"))
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeError(Problem("packed", "send the body as it is, without Content-Encoding"))


def _too_large(most: int) -> TooLargeError:
    return TooLargeError(Problem("too-large", f"the body is larger than {most:,} bytes"))


def _too_slow() -> TooSlowError:
    return TooSlowError(Problem("too-slow", "the body did not arrive in time"))


async def pieces(request: Request, seconds: float) -> AsyncIterator[bytes]:
    """Yield a body as it comes; each piece must come in time.

    Raises:
        TooSlowError: it did not.
        UnreadableError: the sender broke off.
    """
    stream = aiter(request.stream())
    while True:
        try:
            async with asyncio.timeout(seconds):
                piece = await anext(stream)
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise _too_slow() from None
        except ClientDisconnect:
            raise UnreadableError(Problem("broken-off", "the body broke off")) from None
        yield piece


def idempotent_request(actor: Actor, key: str | None, *request: bytes) -> Once | None:
    """Return a request that is to be done once, where it came with a key."""
    return None if key is None else Once.of(actor.tenant, key, *request)


def etag(version: int) -> str:
    """Return the entity tag of a version of a screening."""
    return f'"{version}"'


def if_match_version(if_match: str | None) -> int | None:
    """Return the version that an ``If-Match`` header names: 0, which is none, where it names no version of ours.

    Raises:
        PreconditionNeededError: it is ``*`` or no ETag, which says nothing of what the sender has seen.
    """
    if if_match is None:
        return None
    if '"' not in if_match:
        raise PreconditionNeededError(_name_the_version())
    # A proxy that packs an answer makes its tag weak.
    found = re.fullmatch(r'\s*(?:W/)?"(\d{1,9})"\s*', if_match)
    return int(found.group(1)) if found else 0


def required_version(if_match: str | None) -> int:
    """Return the version that an ``If-Match`` header names.

    Raises:
        PreconditionNeededError: there is no such header.
    """
    version = if_match_version(if_match)
    if version is None:
        raise PreconditionNeededError(_name_the_version())
    return version


def _name_the_version() -> Problem:
    hint = "send If-Match with the ETag of the screening as you have read it, with its quotes"
    return Problem("if-match-needed", "say which version was looked at", Place(), hint)


def answered(result: Result, headers: Mapping[str, str] | None = None) -> Response:
    """Return a result as a response."""
    return Response(result.to_json(), headers=headers, media_type="application/json")


def changed(reply: Reply, actor: Actor) -> Response:
    """Return what came of changing a stored screening: its document, or a receipt where the key may not read it."""
    if "read" in actor.scopes:
        return replied(reply, 201)
    found = json.loads(reply.body)
    review = HumanReview(status=found["human_review"]["status"])
    receipt = ScreeningReceipt(id=reply.screening, version=reply.version, human_review=review)
    return replied(reply._replace(body=receipt.to_json()), 201)


def replied(reply: Reply, status: int = 200) -> Response:
    """Return the document of a screening as a response; of one that is new, with its place."""
    headers = {"ETag": etag(reply.version)}
    if status == 201:
        headers["Location"] = f"/v1/screenings/{reply.screening}"
    return Response(reply.body, status, headers, "application/json")
