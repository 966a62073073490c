"""Around every request: its id and trace, the log line, the metrics, the security headers."""

from __future__ import annotations

import asyncio
import random
import re
import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imr_rules.errors import Problem
from imr_rules.server.context import Service
from imr_rules.server.problems import MEDIA_TYPE, answer, details

_TRACE = re.compile(r"00-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})

_HEADERS = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
    b"content-security-policy": b"default-src 'none'; frame-ancestors 'none'",
    b"cache-control": b"no-store",
}
"""Security headers of every answer, unless it has its own."""


class RequestContextMiddleware:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        state = scope.setdefault("state", {})
        state["request"] = _random_hex(64)
        state["trace"] = _trace(scope)
        scope["headers"] = [
            (name, without_quoted(value) if name == b"cookie" else value) for name, value in scope["headers"]
        ]
        status = 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message, state["request"])
            # A reader who stops reading is not waited for: the server would hold on to all it has to say.
            seconds = None if state.get("patient") else self._service.settings.request_seconds
            async with asyncio.timeout(seconds):
                await send(message)

        try:
            await self._app(scope, receive, sent)
        except OSError:  # a reader who went away, or (TimeoutError) takes nothing
            self._service.log.say("reader went away", request=state["request"])
            if status:
                raise
        except Exception as error:
            self._service.log.fault(error, request=state["request"])
            if status == 0:
                await _send_fault(sent, state["request"])
        finally:
            self._note(scope, state, status, time.perf_counter() - begun)

    def _note(self, scope: Scope, state: dict[str, Any], status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", None) or "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        metrics = self._service.metrics
        metrics.requests.labels(method, route, str(status)).inc()
        metrics.seconds.labels(route).observe(seconds)
        actor = state.get("actor")
        self._service.log.say(
            "request",
            request=state["request"],
            trace=state["trace"],
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            key=actor.id if actor else None,
            error=state.get("problem"),
        )


def without_quoted(cookies: bytes) -> bytes:
    """Return a ``Cookie`` header without cookies in quotes, which none of ours is.

    Python before 3.11.10 and 3.12.6 takes quotes off in quadratic time, and FastAPI has every request's cookies read
    where everybody waits.
    """
    return b";".join(each for each in cookies.split(b";") if b'"' not in each)


def _trace(scope: Scope) -> str:
    """Return the trace that a request belongs to (W3C Trace Context), or a new one."""
    for name, value in scope["headers"]:
        if name == b"traceparent":
            found = _TRACE.fullmatch(value.decode("latin-1"))
            if found:
                return found["trace"]
    return _random_hex(128)


def _random_hex(bits: int) -> str:
    """Return a name for a request: it need not be hard to guess, so the system's randomness is not waited for."""
    return f"{random.getrandbits(bits):0{bits // 4}x}"


def _add_headers(message: Message, request: str) -> None:
    given = list(message.get("headers", ()))
    names = {name.lower() for name, _ in given}
    given += [(name, value) for name, value in _HEADERS.items() if name not in names]
    given.append((b"x-request-id", request.encode()))
    message["headers"] = given


async def _send_fault(send: Send, request: str) -> None:
    problem = Problem("fault", "something unforeseen happened; it is logged under this request's id")
    status, body, headers = answer(details(500, [problem]), request)
    fields = [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(body)).encode())]
    fields += [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
