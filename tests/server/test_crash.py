"""Killed under load, without a chance to do anything about it: what was acknowledged is there, none of it twice.

Ten times on each store with the long tests; IMR_TEST_KILLS=100 has it done as often as that.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.store import Store
from tests.server.running import Process, until

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]
KILLS = int(os.environ.get("IMR_TEST_KILLS", "10"))


class Client(threading.Thread):
    """Sends cases one after another, each until it is acknowledged, and keeps the ids it was told."""

    def __init__(self, number: int, service: Process, stop: threading.Event) -> None:
        super().__init__()
        self.number, self.service, self.stop = number, service, stop
        self.acknowledged: dict[str, str] = {}
        self.wrong: list[str] = []

    def run(self) -> None:
        sent = 0
        while not self.stop.is_set():
            case = f"client-{self.number}-{sent}"
            while case not in self.acknowledged and not self.stop.is_set():
                try:
                    # A batch every so often: its lines are done once each, whenever it broke off.
                    answer = self._batch(case) if sent % 10 == 9 else self._single(case)
                except httpx.TransportError:
                    time.sleep(0.05)
                    continue
                if answer is None:
                    continue
                self.acknowledged.update(answer)
            sent += 1

    def _single(self, case: str) -> dict[str, str] | None:
        answer = httpx.post(
            f"{self.service.url}/v1/screenings", json={**THERAPY, "case": case}, timeout=60,
            headers={"Idempotency-Key": case},
        )  # fmt: skip
        if answer.status_code != 201:
            self.wrong.append(answer.text)
            return None
        return {case: answer.json()["id"]}

    def _batch(self, case: str) -> dict[str, str] | None:
        names = [case, *(f"{case}-{line}" for line in range(1, 20))]
        content = "".join(json.dumps({**THERAPY, "case": name}) + "\n" for name in names)
        answer = httpx.post(
            f"{self.service.url}/v1/screenings:batch", content=content, timeout=60,
            headers={"Idempotency-Key": case, "Content-Type": "application/x-ndjson"},
        )  # fmt: skip
        lines = [json.loads(line) for line in answer.text.splitlines()]
        if not lines or not lines[-1].get("done"):
            return None  # broke off: again
        return {names[line["line"] - 1]: line["id"] for line in lines[:-1]}


def wait_for_more(clients: list[Client]) -> None:
    """Wait until more than five further posts were acknowledged."""
    before = sum(len(client.acknowledged) for client in clients)
    until(lambda: sum(len(client.acknowledged) for client in clients) > before + 5)


@pytest.mark.long
def test_what_was_acknowledged_survives_any_death(database: str, tmp_path: Path) -> None:
    dice = random.Random(20091103)
    stop = threading.Event()
    with Process(database, log=tmp_path / "log") as service:
        clients = [Client(number, service, stop) for number in range(4)]
        for client in clients:
            client.start()
        try:
            for _ in range(KILLS):
                wait_for_more(clients)
                time.sleep(dice.uniform(0, 0.2))
                service.kill()
                service.start()
            wait_for_more(clients)
        finally:
            stop.set()
            for client in clients:
                client.join()
        assert [text for client in clients for text in client.wrong] == []
        acknowledged = {case: id for client in clients for case, id in client.acknowledged.items()}
        stored: dict[str, list[str]] = {}
        url: str | None = "/v1/screenings?limit=200"
        while url:
            answer = httpx.get(service.url + url, timeout=60)
            for each in answer.json()["screenings"]:
                stored.setdefault(each["case"], []).append(each["id"])
            url = answer.links["next"]["url"] if "next" in answer.links else None
        service.stop()
    assert len(acknowledged) > 6 * KILLS
    assert {case: ids for case, ids in stored.items() if len(ids) > 1} == {}
    assert {case: stored.get(case) for case in acknowledged} == {
        case: [id] for case, id in acknowledged.items()
    }
    store = Store(database)
    with store.reading() as connection:
        assert audit.verify(connection).fault is None
        screened = [each.entry.subject for each in audit.events(connection) if each.entry.kind == "screened"]
    store.close()
    assert sorted(screened) == sorted(id for ids in stored.values() for id in ids)
