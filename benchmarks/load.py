"""The service under what happens to services: killed, run twice, filled up, left alone by its database, attacked.

    python -m benchmarks.load [kills] [two] [full] [gone] [many] [lines] [attacked]
        [--kills N] [--screenings N] [--seconds N] [--only WORDS]

Each part prints what was acknowledged, what of it is there once, and whether the audit is whole; a part that finds
anything lost or doubled ends with status 1. Without a name, all parts are run. PostgreSQL and disks are the
benchmark's own; what cannot be had here is named and left out. docs/reliability.md has figures.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import math
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.store import Store
from tests.server import hostile
from tests.server.running import Postgres, Process

PER_BATCH = 2_000
CASE: dict[str, Any] = examples.CASES["continued therapy"]


class Load:
    """Senders that post with a key of their own for each case, and send again what got no answer."""

    def __init__(self, *services: Process, senders: int = 8) -> None:
        self._services, self._stop = services, threading.Event()
        self.acknowledged: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.seconds: list[float] = []
        self._threads = [threading.Thread(target=self._send, args=(number,)) for number in range(senders)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait(self) -> None:
        """Wait until more was stored, and then for any moment of the next half second."""
        before, end = len(self.acknowledged), time.monotonic() + 60
        while len(self.acknowledged) < before + 4 * len(self._threads):
            assert time.monotonic() < end, "nothing is stored any more"
            time.sleep(0.01)
        time.sleep(random.uniform(0, 0.5))

    def _send(self, sender: int) -> None:
        with httpx.Client(timeout=60) as client:
            for number in itertools.count():
                key = {"Idempotency-Key": f"{sender}-{number}"}
                service = self._services[(sender + number) % len(self._services)]
                while not self._post(client, service, key):
                    time.sleep(0.1)
                if self._stop.is_set():
                    return

    def _post(self, client: httpx.Client, service: Process, key: dict[str, str]) -> bool:
        """Whether a case is answered for now: stored, or nobody waits for it any more."""
        if self._stop.is_set() or not service.url:
            return self._stop.is_set()
        begun = time.perf_counter()
        try:
            answer = client.post(service.url + "/v1/screenings", json=CASE, headers=key)
        except httpx.HTTPError:
            return False
        self.statuses[answer.status_code] += 1
        if answer.status_code != 201:
            return False
        self.acknowledged.append(answer.json()["id"])
        self.seconds.append(time.perf_counter() - begun)
        return True


def checked(database: str, load: Load) -> bool:
    """Print and return whether everything acknowledged is there once, and the audit whole."""
    store = Store(database)
    with store.reading() as connection:
        verdict = audit.verify(connection)
        there = Counter(
            event.entry.subject for event in audit.events(connection) if event.entry.kind == "screened"
        )
    store.close()
    lost = [each for each in load.acknowledged if each not in there]
    doubled = [each for each, count in there.items() if count > 1]
    extra = len(there) - len(set(load.acknowledged))
    print(
        f"  {len(load.acknowledged):,} acknowledged, {len(lost)} lost, {len(doubled)} doubled, {extra} stored without an "
        f"answer that arrived; answers {dict(sorted(load.statuses.items()))}; the audit is "
        f"{'whole' if verdict.fault is None else 'NOT WHOLE'} ({verdict.events:,} events)",
        flush=True,
    )
    return not lost and not doubled and verdict.fault is None


def kills(database: str, folder: Path, number: int) -> bool:
    """Kill a service again and again under load."""
    with Process(database, log=folder / "log") as service, Load(service) as load:
        for _ in range(number):
            load.wait()
            service.kill()
            service.start()
        load.wait()
    return checked(database, load)


def two(database: str, folder: Path, number: int) -> bool:
    """Kill two services over one store in turn, under load."""
    with (
        Process(database, log=folder / "a") as one,
        Process(database, log=folder / "b") as other,
        Load(one, other) as load,
    ):
        for turn in range(number):
            load.wait()
            service = (one, other)[turn % 2]
            service.kill()
            service.start()
        load.wait()
    return checked(database, load)


def many(database: str, folder: Path, number: int, most: float = math.inf) -> bool:
    """Post as many cases as wanted, in no more than so many seconds, and watch memory and the slowest."""
    limits = {"IMR_RULES_RATE": "1000000", "IMR_RULES_BURST": "1000000"}
    with Process(database, log=folder / "log", **limits) as service:
        begun, before = time.monotonic(), memory(service)
        with Load(service, senders=16) as load:
            while len(load.acknowledged) < number and time.monotonic() - begun < most:
                time.sleep(0.2)
        seconds = time.monotonic() - begun
        slow = sorted(load.seconds)[int(len(load.seconds) * 0.99)]
        print(
            f"  {len(load.acknowledged) / seconds:.0f} a second, p99 {1000 * slow:.0f} ms, memory {before} then "
            f"{memory(service)} MB"
        )
    return checked(database, load)


def lines(database: str, folder: Path, number: int, most: float = math.inf) -> bool:
    """Send as many cases as wanted in batches, four at a time, in no more than about so many seconds."""
    limits = {"IMR_RULES_RATE": "1000000", "IMR_RULES_BURST": "1000000"}
    line = (json.dumps(CASE) + "\n").encode()
    with Process(database, log=folder / "log", **limits) as service:
        begun, before = time.monotonic(), memory(service)
        load = Load()

        def send(sender: int) -> None:
            kind = {"Content-Type": "application/x-ndjson"}
            with httpx.Client(base_url=service.url, timeout=600) as client:
                for turn in itertools.count():
                    if len(load.acknowledged) >= number or time.monotonic() - begun > most:
                        return
                    key = {"Idempotency-Key": f"{sender}-{turn}"}
                    answer = client.post("/v1/screenings:batch", content=line * PER_BATCH, headers=kind | key)
                    answers = [json.loads(each) for each in answer.content.splitlines()]
                    load.statuses.update(each["status"] for each in answers if "line" in each)
                    load.acknowledged += [each["id"] for each in answers if each.get("status") == 201]

        senders = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
        for each in senders:
            each.start()
        for each in senders:
            each.join()
        seconds = time.monotonic() - begun
        print(f"  {len(load.acknowledged) / seconds:.0f} a second, memory {before} then {memory(service)} MB")
    return checked(database, load)


def memory(service: Process) -> int:
    text = Path(f"/proc/{service.process.pid}/status").read_text()
    return int(next(line for line in text.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def full(folder: Path) -> bool:
    """Fill the disk of a store under load, and make room again."""
    disk = folder / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        print("  SKIPPED LOUDLY: no file system can be mounted here")
        return True
    database = f"sqlite:///{disk}/store.sqlite3"
    try:
        with Process(database, log=folder / "log") as service, Load(service) as load:
            for _ in range(5):
                time.sleep(1)
                with contextlib.suppress(OSError):
                    (disk / "ballast").write_bytes(b"x" * 16_000_000)
                time.sleep(2)
                ready = httpx.get(service.url + "/readyz", timeout=30).status_code
                print(
                    f"  full: /readyz {ready}, /healthz {httpx.get(service.url + '/healthz').status_code}",
                    flush=True,
                )
                (disk / "ballast").unlink()
            time.sleep(2)
        return checked(database, load)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)


def gone(server: Postgres, folder: Path) -> bool:
    """Take the database away under load, and bring it back."""
    database = server.new_database()
    with Process(database, log=folder / "log") as service, Load(service) as load:
        for _ in range(6):
            time.sleep(1)
            server.halt()
            time.sleep(1)
            health = httpx.get(service.url + "/healthz", timeout=30).status_code
            print(
                f"  away: /readyz {httpx.get(service.url + '/readyz', timeout=30).status_code}, /healthz {health}",
                flush=True,
            )
            server.resume()
        time.sleep(2)
    return checked(database, load)


FORM, NDJSON = "multipart/form-data; boundary=b", "application/x-ndjson"
ATTACKS: dict[str, Callable[[], Callable[[str, threading.Event], None]]] = {
    "an endless header": lambda: hostile.endless_header,
    "50 MB of small headers": lambda: hostile.many_headers,
    "an endless trailer": lambda: hostile.endless_trailer,
    "an endless chunk extension": lambda: hostile.endless_extension,
    "a cookie of quotes": lambda: hostile.quoted_cookie,
    "requests without waiting for answers": lambda: hostile.asked_ahead,
    "1,100 idle and half-open connections": lambda: hostile.idle,
    "300 bodies of a byte at a time": lambda: hostile.slow_bodies,
    "keys that are guessed": lambda: hostile.asks("/v1/screenings", Authorization="Bearer imr_0_x"),
    "60,000 duplicate keys": lambda: hostile.posts(hostile.duplicate_keys()),
    "40,000 unknown keys": lambda: hostile.posts(hostile.unknown_keys()),
    "20,000 unknown facts": lambda: hostile.posts(hostile.unknown_facts()),
    "200 lines of commas": lambda: hostile.posts(hostile.long_lines(", ")),
    "200 lines of treatments": lambda: hostile.posts(hostile.long_lines("MRI ")),
    "200 lines of bait for patterns": lambda: hostile.posts(
        *(hostile.long_lines(each) for each in ("5'-", "left knee ", "2x/wk x 6 ", "per ", "1-", "aaaa@", "( "))
    ),
    "hostile numbers": lambda: hostile.posts(*hostile.numbers()),
    "items that lack all": lambda: hostile.posts(hostile.wrong_items()),
    "400,000 brackets": lambda: hostile.posts(hostile.nested()),
    "200 items alike": lambda: hostile.posts(hostile.alike()),
    "200 items, 2,000 courses": lambda: hostile.posts(hostile.many_courses()),
    "2,000 courses, 2,000 operations": lambda: hostile.posts(hostile.many_operations()),
    "batches of 20,000 lines": lambda: hostile.posts(hostile.batch(), path="/v1/screenings:batch", kind=NDJSON),
    "a batch of one endless line": lambda: hostile.endless_line,
    "100 batches that nobody reads": lambda: hostile.slow_readers,
    "a form of 2,900 fields": lambda: hostile.sends_forms("/new", hostile.fields()),
    "questions about 2,900 fields": lambda: hostile.sends_forms("/new/questions", hostile.fields()),
    "a PDF that swells to 400 MB": lambda: hostile.sends_forms("/new/papers", hostile.upload(hostile.swollen_pdf()), FORM),
    "a PDF of 100,000 pages": lambda: hostile.sends_forms("/new/papers", hostile.upload(hostile.many_pages(), "rfa"), FORM),
    "a case of 200 items as HTML and PDF": lambda: hostile.asks(
        "/v1/screenings/{id}/report?format=html", "/v1/screenings/{id}/report?format=pdf", case=hostile.alike()
    ),
    "the pages of a case of 200 items": lambda: hostile.asks("/cases/{id}", "/cases/{id}/edit", "/cases/{id}/determination", case=hostile.alike()),
}  # fmt: skip


def attack(url: str, name: str) -> None:
    """Attack until ended, from a process of its own."""
    ATTACKS[name]()(url, threading.Event())


def attacked(database: str, folder: Path, only: str = "") -> bool:
    """Measure what others feel during each attack, beside what they feel before and after it."""
    held = True
    print(
        "  | attack | `/healthz` during / else | a post during / else | times as long | memory |\n  |---|---|---|---|---|"
    )
    with Process(database, log=folder / "log") as service:
        hostile.felt(service.url, CASE)
        before = hostile.felt(service.url, CASE)
        for name in ATTACKS:
            if only not in name:
                continue
            attacker = multiprocessing.get_context("fork").Process(
                target=attack, args=(service.url, name), daemon=True
            )
            attacker.start()
            time.sleep(2)
            during = hostile.felt(service.url, CASE, seconds=6)
            assert attacker.is_alive(), f"the attack {name!r} ended by itself"
            attacker.kill()
            attacker.join()
            time.sleep(3)
            after = hostile.felt(service.url, CASE)
            health, post = (max(pair) for pair in zip(before, after, strict=True))
            held &= during.health < 250 and during.post < 2 * post
            print(
                f"  | {name} | {during.health:.0f} / {health:.0f} ms | {during.post:.0f} / {post:.0f} ms "
                f"| {during.post / post:.1f} | {memory(service)} MB |",
                flush=True,
            )
            before = after
    return held


@contextlib.contextmanager
def databases(folder: Path, server: Postgres | None) -> Iterator[dict[str, Callable[[], str]]]:
    number = itertools.count()
    found: dict[str, Callable[[], str]] = {"sqlite": lambda: f"sqlite:///{folder}/{next(number)}.sqlite3"}
    if server is not None:
        found["postgresql"] = server.new_database
    yield found


def main() -> None:
    parts = ("kills", "two", "full", "gone", "many", "lines", "attacked")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="which; all unless given")
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--screenings", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=math.inf, help="at most, for each of many and lines")
    parser.add_argument("--only", default="", help="the attacks whose names hold these words")
    options = parser.parse_args()
    wanted = options.parts or parts
    why = Postgres.missing()
    if why:
        print(f"SKIPPED LOUDLY: {why}")
    server = None if why else Postgres.start()
    held = True
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            with databases(folder, server) as kinds:
                for kind, fresh in kinds.items():
                    for part, work, number in (
                        ("kills", kills, options.kills),
                        ("two", two, options.kills),
                        ("many", partial(many, most=options.seconds), options.screenings),
                        ("lines", partial(lines, most=options.seconds), options.screenings),
                    ):
                        if part in wanted:
                            print(f"{part}, {number:,}, {kind}", flush=True)
                            held &= work(fresh(), folder, number)
                if "full" in wanted:
                    print("full, sqlite", flush=True)
                    held &= full(folder)
                if "gone" in wanted and server is not None:
                    print("gone, postgresql", flush=True)
                    held &= gone(server, folder)
                if "attacked" in wanted:
                    print(
                        f"attacked, sqlite, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}",
                        flush=True,
                    )
                    held &= attacked(kinds["sqlite"](), folder, options.only)
    finally:
        if server is not None:
            server.stop()
    print("held" if held else "DID NOT HOLD")
    sys.exit(not held)


if __name__ == "__main__":
    main()
