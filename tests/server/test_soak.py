"""Many screenings through the batch endpoint: memory stays flat.

20,000 with the long tests; IMR_TEST_SOAK=1000000 makes it a million.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.api.batches import MOST_LINES
from imr_rules.server.store import Store
from tests.server.running import Process

SCREENINGS = int(os.environ.get("IMR_TEST_SOAK", "20000"))
THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def resident(process: int) -> int:
    """The memory of a process, in kilobytes."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def batch(url: str, lines: list[bytes], number: int) -> Iterator[dict[str, Any]]:
    """Send so many lines, taken in turn, and yield the answers while they come."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        connection.sendall(
            b"POST /v1/screenings:batch HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )

        def send() -> None:
            for sent in range(0, number, 200):
                some = b"".join(lines[(sent + each) % len(lines)] for each in range(min(200, number - sent)))
                connection.sendall(b"%x\r\n%s\r\n" % (len(some), some))
            connection.sendall(b"0\r\n\r\n")

        sender = threading.Thread(target=send)
        sender.start()
        with connection.makefile("rb") as answers:
            assert answers.readline().startswith(b"HTTP/1.1 200")
            for line in answers:
                if line.startswith((b'{"line"', b'{"done"')):
                    yield json.loads(line)
                if line.startswith(b'{"done"'):
                    break
        sender.join()


@pytest.mark.long
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="SKIPPED LOUDLY: no /proc to measure memory by"
)
def test_memory_stays_flat_through_many_screenings(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/store.sqlite3"
    lines = [json.dumps({**THERAPY, "case": f"kind-{number}"}).encode() + b"\n" for number in range(50)]
    lines.append(json.dumps(examples.CASES["only the request"]).encode() + b"\n")
    memory: list[tuple[int, int]] = []
    answered = 0
    with Process(database, log=tmp_path / "log") as service:
        for before in range(0, SCREENINGS, MOST_LINES):
            number = min(MOST_LINES, SCREENINGS - before)
            for answer in batch(service.url, lines, number):
                if "done" in answer:
                    assert answer == {"done": True, "stored": number, "refused": 0}
                    continue
                answered += 1
                if answered % (SCREENINGS // 50) == 0:
                    memory.append((answered, resident(service.process.pid)))
        service.stop()
    assert answered == SCREENINGS
    # From a tenth of the way on nothing is added: the first tenth fills caches and pools.
    early = [kilobytes for count, kilobytes in memory if SCREENINGS // 10 <= count <= SCREENINGS // 4]
    late = [kilobytes for count, kilobytes in memory if count >= SCREENINGS * 3 // 4]
    print(f"memory: {max(early)} kB early, {max(late)} kB late")
    assert max(late) < max(early) * 1.1, memory
    store = Store(database)
    with store.reading() as reading:
        assert audit.verify(reading).events == SCREENINGS + 1
    store.close()
