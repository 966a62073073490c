"""What somebody may send who wants to stop the service, and how it feels meanwhile."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import statistics
import threading
import time
import zlib
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


def slow_bodies(url: str, stop: threading.Event) -> None:
    """Three hundred bodies that arrive a byte at a time."""
    head = b"POST /v1/screenings HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n"
    made: list[socket.socket] = []
    while not stop.is_set():
        while len(made) < 300:
            made.append(connected(url))
            made[-1].sendall(head)
        for each in list(made):
            try:
                each.sendall(b" ")
            except OSError:
                each.close()
                made.remove(each)
        stop.wait(0.5)


def slow_readers(url: str, stop: threading.Event) -> None:
    """A hundred senders of batches that read none of the answers."""
    line = json.dumps({"request": {"date": "2014-03-04"}, "items": [{"service": "MRI"}]}).encode() + b"\n"
    body = line * 200
    head = (
        b"POST /v1/screenings:batch?answers=full HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        b"Content-Length: " + str(len(body)).encode() + b"\r\n\r\n"
    )
    made = []
    for _ in range(100):
        with contextlib.suppress(OSError):
            made.append(connected(url))
            made[-1].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            made[-1].sendall(head + body)
    stop.wait(60)
    for each in made:
        each.close()


def endless_line(url: str, stop: threading.Event) -> None:
    """A batch of one line that never ends."""
    head = (
        b"POST /v1/screenings:batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
        b"Content-Length: 999999999\r\n\r\n"
    )
    _flood(url, stop, head, b"[" * 65_536)


def asks(*paths: str, case: bytes | None = None, **headers: str) -> Callable[..., None]:
    """Ask for addresses again and again, of a case that is posted before where one is given."""

    def work(url: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=120, headers=headers) as client:
            at = ""
            if case is not None:
                answer = client.post(
                    "/v1/screenings", content=case, headers={"Content-Type": "application/json"}
                )
                at = answer.json()["id"]
            while not stop.is_set():
                for path in paths:
                    with contextlib.suppress(httpx.HTTPError):
                        client.get(path.format(id=at))

    return work


def sends_forms(
    path: str, body: bytes, kind: str = "application/x-www-form-urlencoded"
) -> Callable[..., None]:
    """Send a form of the reviewer's pages again and again, as the page itself would."""

    def work(url: str, stop: threading.Event) -> None:
        with httpx.Client(base_url=url, timeout=120) as client:
            found = re.search(r'name="csrf" value="([^"]+)"', client.get("/new").text)
            assert found is not None
            headers = {"Content-Type": kind, "X-CSRF-Token": found[1]}
            while not stop.is_set():
                with contextlib.suppress(httpx.HTTPError):
                    client.post(path, content=body, headers=headers)

    return work


def upload(content: bytes, name: str = "letter") -> bytes:
    """A form with one file, its boundary ``b``."""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"; filename="a.pdf"\r\n'
    return head.encode() + b"Content-Type: application/pdf\r\n\r\n" + content + b"\r\n--b--\r\n"


def swollen_pdf(megabytes: int = 400) -> bytes:
    """A PDF whose one page unpacks to so much."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b"0 0 m 9 9 l S\n" * 74_899) for _ in range(megabytes)) + packer.flush()
    head = b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed)
    return _pdf(
        [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R>>", head + packed + b"\nendstream"],
        1,
    )


def many_pages(number: int = 100_000) -> bytes:
    """A PDF of one page, again and again."""
    return _pdf([b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>"], number)


def _pdf(objects: list[bytes], pages: int) -> bytes:
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, b"3 0 R " * pages)
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate([b"<</Type/Catalog/Pages 2 0 R>>", tree, *objects], 1):
        places.append(len(body))
        body += b"%d 0 obj" % number + each + b"endobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return body + head + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))


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


def numbers() -> list[bytes]:
    """Numbers that no count is: endless, not finite, tiny, and so large that to read them takes long."""
    found = [
        b"1" * 900_000,
        b"1e999999999",
        b"-0.0",
        b"1E-999999999",
        b"NaN",
        b"Infinity",
        b"9" * 4_000,
        b"0." + b"1" * 900_000,
    ]
    return [b'{"items": [{"service": "x", "asked": ' + each + b"}]}" for each in found]


def many_courses(items: int = 200, courses: int = 2_000) -> bytes:
    """A valid case of many items and many earlier courses: each item is judged by all of them."""
    treatment = "physical_therapy"
    case = {
        "request": {"date": "2014-03-04"},
        "items": [{"service": f"Physical therapy, {each + 1} visits"} for each in range(items)],
        "history": [{"treatment": treatment, "attended": each % 90 + 1} for each in range(courses)],
    }
    return json.dumps(case).encode()


def many_operations(number: int = 2_000) -> bytes:
    """A valid case of many courses, each of which may have been for any of many operations."""
    knee = {"region": "knee", "side": "left"}
    days = [f"20{10 + each % 4}-0{1 + each % 9}-{1 + each % 28:02d}" for each in range(number)]
    case = {
        "request": {"date": "2014-03-04"},
        "items": [{"service": "Postoperative physical therapy, 12 visits, left knee"}],
        "history": [
            {"treatment": "physical_therapy", "attended": 1, "since": day, "body_part": knee} for day in days
        ],
        "surgeries": [{"procedure": "knee_meniscectomy", "date": day, "body_part": knee} for day in days],
    }
    return json.dumps(case).encode()


def alike(number: int = 200) -> bytes:
    """A valid case of as many items as there may be, all alike."""
    return json.dumps(
        {"request": {"date": "2014-03-04"}, "items": [{"service": "Physical therapy, 12 visits"}] * number}
    ).encode()


def batch(lines: int = 20_000) -> bytes:
    """A batch of small cases."""
    return (
        json.dumps({"request": {"date": "2014-03-04"}, "items": [{"service": "MRI"}]}) + "\n"
    ).encode() * lines


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
