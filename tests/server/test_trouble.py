"""The store is full, gone, locked or replaced: clear errors, nothing half done, and it goes on by itself after."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.store import Store
from tests.server.running import Postgres, Process, Running, started, until

pytestmark = pytest.mark.long

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def whole(running: Running, ids: list[str]) -> None:
    """Everything acknowledged is there once, and the chain verifies."""
    found: list[str] = []
    url: str | None = "/v1/screenings?limit=200"
    while url:
        answer = running.client.get(url)
        found += [each["id"] for each in answer.json()["screenings"]]
        url = answer.links["next"]["url"] if "next" in answer.links else None
    assert sorted(found) == sorted(ids)
    with running.service.store.reading() as connection:
        assert audit.verify(connection).fault is None


def test_a_store_that_may_not_grow_is_full_and_then_is_not(embedded: str) -> None:
    with started(embedded) as running:
        store = running.service.store
        ids = [running.posted(THERAPY)["id"]]

        def limit(pages: int) -> None:
            def work(connection: Any) -> None:
                connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

            store.write(work)

        with store.reading() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        limit(pages + 3)
        refused = running.client.post("/v1/screenings", json=THERAPY)
        while refused.status_code == 201:
            ids.append(refused.json()["id"])
            refused = running.client.post("/v1/screenings", json=THERAPY)
        assert code(refused) == (507, "store-full")
        assert refused.headers["retry-after"] == "5"
        assert running.client.get("/healthz").status_code == 200
        assert running.client.get("/v1/screenings").status_code == 200
        limit(1_000_000)
        ids.append(running.posted(THERAPY)["id"])
        whole(running, ids)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("SKIPPED LOUDLY: no file system can be mounted here, so no disk was filled")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    with started(f"sqlite:///{small_disk}/store.sqlite3") as running:
        ids = [running.posted(THERAPY)["id"]]
        ballast = small_disk / "ballast"
        with pytest.raises(OSError, match="No space left"):
            ballast.write_bytes(b"x" * 4_000_000)
        refused = running.client.post("/v1/screenings", json=THERAPY)
        while refused.status_code == 201:
            ids.append(refused.json()["id"])
            refused = running.client.post("/v1/screenings", json=THERAPY)
        assert code(refused) == (507, "store-full")
        assert running.client.get("/healthz").status_code == 200
        ballast.unlink()
        until(lambda: running.client.get("/readyz").status_code == 200)
        ids.append(running.posted(THERAPY)["id"])
        whole(running, ids)


def test_a_store_whose_file_is_taken_away_and_put_back(embedded: str, tmp_path: Path) -> None:
    with started(embedded) as running:
        ids = [running.posted(THERAPY)["id"]]
        path = running.service.store.file
        assert path is not None
        away = tmp_path / "away"
        away.mkdir()
        for file in path.parent.glob(path.name + "*"):
            shutil.move(file, away / file.name)
        for _ in range(2):
            assert code(running.client.post("/v1/screenings", json=THERAPY)) == (503, "store-unavailable")
            assert code(running.client.get("/v1/screenings")) == (503, "store-unavailable")
            assert code(running.client.get("/readyz")) == (503, "store-unavailable")
        assert running.client.get("/healthz").status_code == 200
        assert not path.exists(), "an empty store was made in its place"
        for file in away.iterdir():
            shutil.move(file, path.parent / file.name)
        until(lambda: running.client.get("/readyz").status_code == 200)
        ids.append(running.posted(THERAPY)["id"])
        whole(running, ids)


def test_a_store_that_another_process_writes_to_for_long(embedded: str) -> None:
    with started(embedded, request_seconds=60) as running:
        path = running.service.store.file
        assert path is not None
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            assert code(running.client.post("/v1/screenings", json=THERAPY)) == (503, "store-unavailable")
            assert running.client.get("/v1/screenings").status_code == 200
        finally:
            other.close()
        whole(running, [running.posted(THERAPY)["id"]])


def test_postgresql_goes_away_and_comes_back() -> None:
    why = Postgres.missing()
    if why:
        pytest.skip(f"SKIPPED LOUDLY: {why}")
    server = Postgres.start()  # its own: others are at work on the shared one
    try:
        with started(server.new_database()) as running:
            ids = [running.posted(THERAPY)["id"]]
            server.halt()
            for _ in range(2):
                assert code(running.client.post("/v1/screenings", json=THERAPY)) == (503, "store-unavailable")
                assert code(running.client.get("/readyz")) == (503, "store-unavailable")
            assert running.client.get("/healthz").status_code == 200
            server.resume()
            until(lambda: running.client.get("/readyz").status_code == 200)
            ids.append(running.posted(THERAPY)["id"])
            whole(running, ids)
    finally:
        server.stop()


def test_a_failing_piece_of_work_does_not_take_its_neighbors_along(database: str) -> None:
    with started(database) as running:
        store = running.service.store
        gate = threading.Event()
        results: list[Any] = []

        def waits(_: Any) -> None:
            gate.wait(30)

        def fails(_: Any) -> None:
            raise KeyError("this one alone")

        def attempt(work: Any) -> None:
            try:
                results.append(store.write(work))
            except KeyError as error:
                results.append(error)

        def notes(connection: Any) -> str:
            entry = audit.Entry("opened", "t", "a", "s")
            audit.append(connection, [entry], "2026-01-01T00:00:00.000000Z")
            return "done"

        with store.reading() as connection:
            before = audit.head(connection)[0]
        threads = [
            threading.Thread(target=attempt, args=(work,))
            for work in (waits, notes, fails, notes, fails, notes)
        ]
        for thread in threads:
            thread.start()
        gate.set()
        for thread in threads:
            thread.join()
        assert sorted(map(str, results)) == ["'this one alone'"] * 2 + ["None"] + ["done"] * 3
        with store.reading() as connection:
            assert audit.head(connection)[0] == before + 3
            assert audit.verify(connection).fault is None


def test_who_stops_waiting_does_not_stop_the_writing(embedded: str) -> None:
    with started(embedded, request_seconds=1) as running:
        store = running.service.store
        gate = threading.Event()
        holding = threading.Thread(target=store.write, args=(lambda _: gate.wait(30),))
        holding.start()
        headers = {"Idempotency-Key": "k"}
        late = running.client.post("/v1/screenings", json=THERAPY, headers=headers)
        assert code(late) == (503, "perhaps-stored")
        gate.set()
        holding.join()
        whole(running, [running.posted(THERAPY, **headers)["id"]])


def test_two_services_on_one_store_do_a_request_once(database: str) -> None:
    with started(database) as one, started(database) as other:
        answers: list[bytes] = []

        def ask(running: Running, key: str) -> None:
            answers.append(
                running.client.post("/v1/screenings", json=THERAPY, headers={"Idempotency-Key": key}).content
            )

        for number in range(6):
            threads = [threading.Thread(target=ask, args=(each, f"k{number}")) for each in (one, other)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert answers[-1] == answers[-2]
            assert answers[-1].startswith(b'{"id":')
        whole(one, [each["id"] for each in one.client.get("/v1/screenings").json()["screenings"]])
        assert len(one.client.get("/v1/screenings").json()["screenings"]) == 6


def test_what_was_begun_is_finished_when_it_is_told_to_stop(embedded: str, tmp_path: Path) -> None:
    done: list[str] = []
    refused: list[int] = []
    with Process(embedded, log=tmp_path / "log") as service:

        def load() -> None:
            with httpx.Client(base_url=service.url, timeout=60) as client:
                while True:
                    try:
                        answer = client.post("/v1/screenings", json=THERAPY)
                    except httpx.TransportError:
                        return
                    if answer.status_code != 201:
                        refused.append(answer.status_code)
                    else:
                        done.append(answer.json()["id"])

        threads = [threading.Thread(target=load) for _ in range(3)]
        for thread in threads:
            thread.start()
        until(lambda: len(done) > 10)
        service.stop()
        for thread in threads:
            thread.join()
    assert refused == []
    store = Store(embedded)
    with store.reading() as connection:
        events = [event.entry.subject for event in audit.events(connection)]
        assert audit.verify(connection).fault is None
    store.close()
    assert set(done) <= set(events)
