"""What somebody may send who wants to stop the service, and how it feels meanwhile."""

from __future__ import annotations

import contextlib
import json
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx


class Felt(NamedTuple):
    """Milliseconds that others waited: the slowest look at its health, and the median of posted cases."""

    health: float
    post: float


def connected(url: str) -> socket.socket:
    """A connection of one's own."""
    where = urlsplit(url)
    made = socket.create_connection((where.hostname, where.port), timeout=30)
    made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def endless_header(url: str, stop: threading.Event) -> None:
    """One header that never ends."""
    _flood(url, stop, b"GET /healthz HTTP/1.1\r\nHost: x\r\nA: ", b"a" * 65_536)


def many_headers(url: str, stop: threading.Event) -> None:
    """Fifty megabytes of small headers."""
    _flood(url, stop, b"GET /healthz HTTP/1.1\r\n", b"a: b\r\n" * 10_000)


def endless_trailer(url: str, stop: threading.Event) -> None:
    """A body that ends, and a trailer that does not."""
    head = b"POST /v1/screenings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: "
    _flood(url, stop, head, b"a" * 65_536)


def endless_extension(url: str, stop: threading.Event) -> None:
    """A chunk whose extension never ends."""
    head = b"POST /v1/screenings HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;"
    _flood(url, stop, head, b"a" * 65_536)


def _flood(url: str, stop: threading.Event, begin: bytes, more: bytes) -> None:
    while not stop.is_set():
        with contextlib.suppress(OSError), connected(url) as made:
            made.sendall(begin)
            for _ in range(800):
                if stop.is_set():
                    return
                made.sendall(more)


def quoted_cookie(url: str, stop: threading.Event) -> None:
    """A cookie of as many quotes as a head may have."""
    headers = {"Cookie": 'a="' + '\\"' * 30_000 + '"'}
    with httpx.Client(base_url=url, timeout=120) as client:
        while not stop.is_set():
            with contextlib.suppress(httpx.HTTPError):
                client.get("/healthz", headers=headers)


def asked_ahead(url: str, stop: threading.Event) -> None:
    """Requests by the thousand without waiting for an answer."""
    _flood(url, stop, b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 2_000)


def idle(url: str, stop: threading.Event) -> None:
    """Connections that ask nothing, and others that only begin to."""
    made = []
    for number in range(1_100):
        with contextlib.suppress(OSError):
            made.append(connected(url))
            if number % 2:
                made[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\nA: ")
    stop.wait(60)
    for each in made:
        each.close()


def posts(
    *bodies: bytes, path: str = "/v1/screenings", kind: str = "application/json"
) -> Callable[..., None]:
    """Post bodies, one after the other, again and again."""

    def work(url: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=120) as client:
            while not stop.is_set():
                for body in bodies:
                    with contextlib.suppress(httpx.HTTPError):
                        client.post(path, content=body, headers={"Content-Type": kind})

    return work


def duplicate_keys(number: int = 60_000) -> bytes:
    """An object of many keys, the last of them twice."""
    keys = [f"k{each:x}" for each in range(number)]
    return ("{" + ",".join(f'"{key}":1' for key in [*keys, keys[-1]]) + "}").encode()


def unknown_keys(number: int = 40_000) -> bytes:
    """A case of keys that no case has, each close to one that it has."""
    return json.dumps({f"item{each:x}": 1 for each in range(number)}).encode()


def unknown_facts(number: int = 20_000) -> bytes:
    """An item with findings about facts that there are not."""
    item = {
        "service": "Physical therapy, 12 visits",
        "findings": {f"rationale{each:x}": True for each in range(number)},
    }
    return json.dumps({"request": {"date": "2014-03-04"}, "items": [item]}).encode()


def long_lines(words: str, number: int = 200) -> bytes:
    """Many items, each with as long a line as there may be, no two the same."""
    items = [{"service": f"{each} {words * 2_000}"[:1_990]} for each in range(number)]
    return json.dumps({"request": {"date": "2014-03-04"}, "items": items}).encode()


def wrong_items(number: int = 200, keys: int = 100) -> bytes:
    """Items that lack what they need, and have much that they do not."""
    return json.dumps({"items": [{f"servic{each:x}": 1 for each in range(keys)}] * number}).encode()


def nested(depth: int = 400_000) -> bytes:
    """Brackets within brackets."""
    return b"[" * depth


def fields(number: int = 2_900) -> bytes:
    """A form of many items."""
    return "&".join(f"item:{each}:service=Physical+therapy" for each in range(number)).encode()


@contextlib.contextmanager
def attacked(url: str, *attacks: Callable[[str, threading.Event], None]) -> Iterator[None]:
    """Attack while the block runs."""
    stop = threading.Event()
    threads = [threading.Thread(target=each, args=(url, stop), daemon=True) for each in attacks]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(150)


def felt(url: str, case: dict[str, Any], seconds: float = 3) -> Felt:
    """How long others wait, who ask now and then."""
    health: list[float] = []
    post: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with httpx.Client(base_url=url, timeout=60) as client:
            client.get("/healthz")  # whoever comes anew
            for _ in range(3):
                for times, ask in ((health, _health), (post, _post)):
                    begun = time.perf_counter()
                    ask(client, case)
                    times.append((time.perf_counter() - begun) * 1000)
                time.sleep(0.02)
    return Felt(max(health), statistics.median(post))


def _health(client: httpx.Client, _: dict[str, Any]) -> None:
    assert client.get("/healthz").status_code == 200


def _post(client: httpx.Client, case: dict[str, Any]) -> None:
    assert client.post("/v1/screenings", json=case).status_code == 201
