"""The service against a plain one: requests a second and how long the slowest hundredth takes, in one run.

    python -m benchmarks.service [--store sqlite|postgresql|both] [--rounds N] [--seconds S] [--at-once N]

Both are one application in one process: ours is `POST /v1/screenings`; the plain endpoint, written as FastAPI's own
tutorial would, reads and validates the same body and commits the same number of rows of the same size, in a
transaction of its own, and screens nothing. They take turns, a slice each, so that whatever else the machine does
meets both. The target is 0.8 of the plain one's requests a second, and its time for 99 in 100 requests within 1/0.8.
PostgreSQL is one of the benchmark's own, in a temporary directory.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import io
import json
import multiprocessing
import os
import secrets
import socket
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Column, Integer, MetaData, String, Table, insert, update

from imr_rules import Case
from imr_rules.server import logs
from imr_rules.server.app import create_app
from imr_rules.server.clock import say_time, utc_now
from imr_rules.server.serving import configured
from imr_rules.server.settings import Settings
from imr_rules.server.store import tables
from tests.paths import ROOT
from tests.server.running import Postgres

TARGET = 0.8
OURS, PLAIN = "/v1/screenings", "/plain"


class Slice(NamedTuple):
    """What one slice of load came to: requests a second, and the times of each, in milliseconds."""

    rate: float
    times: list[float]


def serve(database: str, listening: socket.socket) -> None:
    """The application, in a process of its own."""
    logs.configure(io.StringIO())  # written, and read by nobody
    limits: dict[str, Any] = {"rate": 10**6, "burst": 10**6}
    settings = Settings(database=database, reload_seconds=0, **limits)
    app = create_app(settings)
    add_plain(app)
    gc.freeze()  # as imr-rules serve does
    uvicorn.Server(configured(app, settings)).run(sockets=[listening])


def add_plain(app: FastAPI) -> None:
    """Add the plain endpoint, with as many rows as a screening of one item makes."""
    engine = app.state.service.store.engine.execution_options(imr_rules_writing=True)
    sizes = {"result": b"x" * 2080}

    def commit(case: Case, body: bytes) -> dict[str, str]:
        id, now = secrets.token_hex(16), say_time(utc_now())
        with engine.begin() as connection:
            connection.execute(
                insert(tables.screenings),
                {
                    "id": id, "tenant": "plain", "created": now, "actor": "local", "input_digest": "", "version": 1,
                    "rulebook_digest": "", "engine": "", "held": False,
                },
            )  # fmt: skip
            connection.execute(
                insert(tables.records),
                {"screening": id, "tenant": "plain", "case_id": case.case, "body": body, **sizes},
            )
            connection.execute(
                insert(tables.items),
                [
                    {"screening": id, "position": place, "item": name, "suggestion": "none"}
                    for place, (name, _) in enumerate(case.named_items)
                ],
            )
            connection.execute(
                insert(plain_events),
                {"id": id, "at": now, "kind": "plain", "tenant": "plain", "actor": "local", "digest": id * 2},
            )
            connection.execute(update(plain_head).values(at=now, digest=id * 2))
        return {"id": id}

    metadata = MetaData()
    plain_events = Table(
        "plain_events", metadata, Column("id", String(32), primary_key=True),
        *(Column(name, String(80)) for name in ("at", "kind", "tenant", "actor", "digest")),
    )  # fmt: skip
    plain_head = Table(
        "plain_head", metadata, Column("id", Integer, primary_key=True), Column("at", String(27)),
        Column("digest", String(64)),
    )  # fmt: skip
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(plain_head), {"id": 1})

    @app.post(PLAIN, status_code=201)
    async def plain(request: Request) -> dict[str, str]:
        body = await request.body()
        case = Case.from_data(json.loads(body))
        return await run_in_threadpool(commit, case, body)


def sent(path: str, body: bytes, host: str) -> bytes:
    """A request, as its bytes."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def load(path: str, body: bytes, port: int, seconds: float, at_once: int) -> Slice:
    """Ask as fast as answers come, over some connections at once."""
    times: list[float] = []
    request = sent(path, body, f"127.0.0.1:{port}")
    end = time.perf_counter() + seconds

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (begun := time.perf_counter()) < end:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 201"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            times.append((time.perf_counter() - begun) * 1000)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    return Slice(len(times) / (time.perf_counter() - begun), times)


def p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def processor_seconds(process: int | None) -> float:
    """How long a process has kept processors busy."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(database: str, rounds: int, seconds: float, at_once: int) -> tuple[float, float]:
    """Print what both came to; return ours in parts of the plain one's rate, and plain's p99 in parts of ours."""
    seed = Case.from_file(ROOT / "fixtures" / "determinations" / "seed-cbt-relaxation.yaml")
    body = json.dumps(seed.model_dump(mode="json", exclude={"expect"}, exclude_defaults=True)).encode()
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(database, listening), daemon=True
    )
    process.start()
    listening.close()
    slices: dict[str, list[Slice]] = {OURS: [], PLAIN: []}
    busy: dict[str, float] = {OURS: 0, PLAIN: 0}
    try:
        for path in slices:  # warm
            asyncio.run(load(path, body, port, 1, at_once))
        for number in range(rounds):
            order = (OURS, PLAIN) if number % 2 == 0 else (PLAIN, OURS)
            for path in order:
                before = processor_seconds(process.pid)
                slices[path].append(asyncio.run(load(path, body, port, seconds, at_once)))
                busy[path] += processor_seconds(process.pid) - before
    finally:
        process.terminate()
        process.join()
    rates, slowest = {}, {}
    for path, found in slices.items():
        rates[path] = statistics.median(each.rate for each in found)
        times = [each for part in found for each in part.times]
        slowest[path] = p99(times)
        print(
            f"  {path:15} {rates[path]:7.0f} requests/s   median {statistics.median(times):6.1f} ms"
            f"   p99 {slowest[path]:6.1f} ms   {1000 * busy[path] / len(times):.2f} ms of a processor each"
        )
    return rates[OURS] / rates[PLAIN], slowest[PLAIN] / slowest[OURS]


@contextlib.contextmanager
def stores(wanted: str) -> Iterator[dict[str, str]]:
    """URLs of empty stores by kind; those that cannot be had here are named and left out."""
    found = {}
    server = None
    with tempfile.TemporaryDirectory() as folder:
        if wanted in ("sqlite", "both"):
            found["sqlite"] = f"sqlite:///{folder}/store.sqlite3"
        if wanted in ("postgresql", "both"):
            why = Postgres.missing()
            if why:
                print(f"SKIPPED LOUDLY: {why}")
            else:
                server = Postgres.start()
                found["postgresql"] = server.new_database()
        try:
            yield found
        finally:
            if server is not None:
                server.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--at-once", type=int, default=16, help="connections")
    options = parser.parse_args()
    missed = False
    with stores(options.store) as found:
        for kind, url in found.items():
            print(
                f"{kind}, {options.at_once} connections, {options.rounds} slices of {options.seconds:g} s each"
            )
            rate, slow = measure(url, options.rounds, options.seconds, options.at_once)
            missed |= rate < TARGET or slow < TARGET
            print(f"  ours in parts of the plain one: {rate:.2f} of the rate, {slow:.2f} of the speed at p99")
    print(f"the target, {TARGET} of both, is {'missed' if missed else 'met'}")


if __name__ == "__main__":
    main()
