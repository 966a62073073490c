"""Connections within limits: heads that end, bodies that come, clients that ask; whoever does not is let go of.

uvicorn's protocol bounds none of these. This one counts what it is given before any of it is looked at:

- a head of a request has at most :data:`MOST_HEAD_BYTES` and :data:`MOST_HEADERS` (so have the trailers of a body);
- it is whole within :data:`HEAD_SECONDS` of the connection, or of the answer before it;
- at most :data:`MOST_AHEAD` requests are sent ahead of their answers;
- there are at most so many connections. One more takes the place of the one that has been waited for the longest,
  those that never asked anything first; where all are being answered, it is turned away.

What happens between a head and its answer is bounded by the application (``request_seconds``).
"""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from imr_rules.errors import Problem
from imr_rules.server.problems import MEDIA_TYPE, answer, details

MOST_HEAD_BYTES = 65_536
"""Most bytes of a head, and of anything else that neither ends one nor is a body."""
MOST_HEADERS = 100
MOST_AHEAD = 16
HEAD_SECONDS = 10.0
"""Longest time for a head, and for what is left of a body that was answered before it had come."""
_SPARE_FILES = 256
"""Open files kept for everything but connections."""


class _RefusedError(Exception):
    """Raised within the parser: what is sent is not read any further."""


class Guarded(HttpToolsProtocol):
    """One connection."""

    most: ClassVar[int] = 1_000
    """Most connections at a time."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, in the place of another where there are too many."""
        super().connection_made(transport)
        self._unanswered_bytes = self._header_bytes = 0
        self._refused: Problem | None = None
        self._status = 400
        self.served = 0
        self.since = self.loop.time()
        self._closing = False
        self._watching = self.loop.call_later(HEAD_SECONDS, self._watch)
        if len(self.connections) > self.most:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._watching.cancel()
        super().connection_lost(exc)

    @property
    def waited_for(self) -> bool:
        """Whether it is the client's turn: nothing was asked yet, or all that was asked is answered, or a body is due."""
        return self.cycle is None or self.cycle.response_complete or self.cycle.more_body

    def _make_room(self) -> None:
        waiting = [
            each
            for each in self.connections
            if isinstance(each, Guarded) and each is not self and each.waited_for
        ]
        if waiting:
            min(waiting, key=lambda each: (each.served > 0, each.since)).transport.abort()
        else:
            self._refuse(503, Problem("too-many-connections", "there are too many connections"))

    def _watch(self) -> None:
        """Let go of a connection whose client has not asked in time, or that does not end."""
        wait = HEAD_SECONDS
        if self._closing:
            self.transport.abort()
            return
        if self.transport.is_closing():
            self._closing = True
        elif self.cycle is None or self.cycle.response_complete:
            wait = self.since + HEAD_SECONDS - self.loop.time()
            if wait <= 0:
                self.transport.close()
                self._closing, wait = True, HEAD_SECONDS
        self._watching = self.loop.call_later(wait, self._watch)

    def data_received(self, data: bytes) -> None:
        """Take what was sent, unless it goes on and on without being anything."""
        if self._refused is not None:
            return
        self._unanswered_bytes += len(data)
        super().data_received(data)
        if self._unanswered_bytes > MOST_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(431, _TOO_LARGE)

    # What the parser calls: each of these is progress.

    def on_message_begin(self) -> None:
        """Begin a request."""
        self.since = self.loop.time()
        self._header_bytes = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a trailer of a body."""
        super().on_header(name, value)
        self._count(len(name) + len(value))
        if len(self.headers) > MOST_HEADERS:
            raise self._stop(431, _TOO_LARGE)

    def _count(self, size: int) -> None:
        self._header_bytes += size
        if self._header_bytes > MOST_HEAD_BYTES:
            raise self._stop(431, _TOO_LARGE)

    def _stop(self, status: int, problem: Problem) -> _RefusedError:
        self._status, self._refused = status, problem
        return _RefusedError()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless too much is asked ahead."""
        self._unanswered_bytes = 0
        if len(self.pipeline) >= MOST_AHEAD:
            raise self._stop(429, Problem("too-many-ahead", "wait for answers before sending more"))
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Begin a chunk of a body."""
        self._unanswered_bytes = 0

    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        self._unanswered_bytes = 0
        self.since = self.loop.time() if not self.cycle.response_complete else self.since
        super().on_body(body)

    def on_message_complete(self) -> None:
        """End a request."""
        self._unanswered_bytes = 0
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request, for a while."""
        self.since = self.loop.time()
        self.served += 1
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read, or was refused while it was."""
        problem = self._refused or Problem("not-http", "what was sent is not an HTTP request")
        self._refuse(self._status, problem)

    def _refuse(self, status: int, problem: Problem) -> None:
        self._refused = problem
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()  # in the middle of an answer nothing else can be said
            return
        found = answer(details(status, [problem]), "0" * 16)
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in found.headers.items())
        head += f"Content-Length: {len(found.body)}\r\nConnection: close\r\n\r\n"
        self.transport.write(head.encode() + found.body)
        self.transport.close()


_TOO_LARGE = Problem(
    "head-too-large",
    f"the head of a request has at most {MOST_HEAD_BYTES:,} bytes and {MOST_HEADERS} headers",
)


def guarded(most: int) -> type[Guarded]:
    """Return the protocol for at most so many connections."""
    return type("Guarded", (Guarded,), {"most": most})


def room_for(connections: int) -> int:
    """Let this process open as many files as it may; return how many connections there is room for, at most as wanted."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return connections
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _SPARE_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return connections if soft == resource.RLIM_INFINITY else max(1, min(connections, soft - _SPARE_FILES))
