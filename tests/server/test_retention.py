"""A purge removes what is about people, and leaves a chain that still proves what happened."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from imr_rules.errors import GoneError
from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.tasks.retention import forget_replies, purge, set_hold
from tests.server.running import Running, SettableClock, started

CANARY = "Zebulon Quist of Ferndale"
THERAPY: dict[str, Any] = {**examples.CASES["continued therapy"], "about": CANARY}
DAY = 86_400


def test_what_is_about_people_goes_and_the_proof_stays(database: str) -> None:
    clock = SettableClock()
    with started(database, clock=clock) as running:
        store = running.service.store
        old = running.posted(THERAPY, **{"Idempotency-Key": "k"})
        held = running.posted(THERAPY)
        signed = running.client.post(
            f"/v1/screenings/{old['id']}/signoffs",
            json={**examples.SIGNOFFS["overrides"], "reason": CANARY},
            headers={"If-Match": '"1"'},
        )
        assert signed.status_code == 201
        set_hold(store, "default", held["id"], held=True, clock=clock)
        clock.ahead = 10 * DAY
        young = running.posted(THERAPY)

        assert purge(store, days=20, clock=clock) == 0
        assert purge(store, days=5, dry_run=True, clock=clock) == 1
        assert purge(store, days=5, tenant="another", clock=clock) == 0
        assert purge(store, days=5, clock=clock) == 1

        gone = running.client.get(f"/v1/screenings/{old['id']}")
        assert (gone.status_code, gone.json()["type"]) == (410, "urn:imr-rules:problem:purged")
        for kept in (held, young):
            assert running.client.get(f"/v1/screenings/{kept['id']}").status_code == 200
        line = running.client.get("/v1/screenings").json()["screenings"][2]
        assert (line["id"], line["case"], line["items"]) == (old["id"], None, [])
        assert (line["human_review"]["status"], line["input_digest"]) == (
            "purged", old["screening"]["input_digest"],
        )  # fmt: skip
        # The key that was answered with it is free again.
        assert running.posted(THERAPY, **{"Idempotency-Key": "k"})["id"] != old["id"]

        with store.reading() as connection:
            assert audit.verify(connection).fault is None
            events = [event.entry for event in audit.events(connection, subject=old["id"])]
        assert [entry.kind for entry in events] == ["screened", "overridden", "purged"]
        assert events[-1].input_digest == old["screening"]["input_digest"]
        with pytest.raises(GoneError):
            set_hold(store, "default", old["id"], held=True, clock=clock)

        set_hold(store, "default", held["id"], held=False, clock=clock)
        assert purge(store, days=5, clock=clock) == 1
        clock.ahead = 60 * DAY
        assert purge(store, days=1, clock=clock) == 2
        with store.reading() as connection:
            for table in ("records", "items", "signoffs", "replies"):
                assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0, table


def test_nothing_of_a_purged_case_is_left_in_the_file(local: Running) -> None:
    local.posted(THERAPY, **{"Idempotency-Key": "k"})
    store = local.service.store
    assert store.file is not None
    with store.reading() as connection:
        (packed,) = connection.execute(text("SELECT body FROM records")).one()
    beside = store.file.with_name(store.file.name + "-wal")
    assert packed in store.file.read_bytes() + beside.read_bytes()
    purge(store, days=1, clock=lambda: datetime(2999, 1, 1, tzinfo=UTC))
    assert packed not in store.file.read_bytes() + beside.read_bytes()


def test_replies_are_forgotten_when_their_time_is_over(embedded: str) -> None:
    clock = SettableClock()
    with started(embedded, clock=clock) as running:
        first = running.posted(THERAPY, **{"Idempotency-Key": "k"})
        clock.ahead = 31 * DAY
        assert forget_replies(running.service.store, days=30, clock=clock) == 1
        assert running.posted(THERAPY, **{"Idempotency-Key": "k"})["id"] != first["id"]
