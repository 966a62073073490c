"""The audit's chain: any change, removal, addition or move is found, and the first bad event is named."""

from __future__ import annotations

import itertools
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from imr_rules.server import audit
from imr_rules.server.api import examples
from imr_rules.server.audit.event import GENESIS, Entry, Event, bound
from imr_rules.server.audit.verify import Verdict, check
from imr_rules.server.store import Store
from imr_rules.server.store.migrate import migrate
from tests.server.running import Running, SettableClock, started

THERAPY: dict[str, Any] = examples.CASES["continued therapy"]

unhurried = settings(deadline=None)
_WORDS = st.text("abc:/ é", max_size=8)
_ENTRIES = st.builds(
    Entry,
    st.sampled_from(["screened", "opened", "signed"]),
    _WORDS, _WORDS, _WORDS, st.none() | _WORDS, st.none() | _WORDS, st.none() | _WORDS,
    st.none() | st.dictionaries(_WORDS, st.integers() | _WORDS, max_size=2),
)  # fmt: skip


def chain(entries: list[Entry]) -> list[Event]:
    events: list[Event] = []
    previous = GENESIS
    for number, entry in enumerate(entries, 1):
        events.append(bound(number, f"2026-01-01T00:00:{number:02}.000000Z", entry, previous))
        previous = events[-1].digest
    return events


def verdict(events: list[Event], whole: list[Event]) -> Verdict:
    return check(events, (len(whole), whole[-1].digest if whole else GENESIS), {})


@unhurried
@given(st.lists(_ENTRIES, max_size=8))
def test_a_chain_as_it_was_made_is_whole(entries: list[Entry]) -> None:
    events = chain(entries)
    assert verdict(events, events).fault is None


@unhurried
@given(st.lists(_ENTRIES, min_size=1, max_size=8), st.data())
def test_a_changed_event_is_named(entries: list[Entry], data: st.DataObject) -> None:
    whole = chain(entries)
    place = data.draw(st.integers(0, len(whole) - 1))
    field = data.draw(st.sampled_from([*Entry._fields, "at", "previous", "digest", "number"]))
    event = whole[place]
    if field in Entry._fields:
        other: dict[str, Any] = {field: {"not": "it"} if field == "details" else "not it"}
        changed = event._replace(entry=event.entry._replace(**other))
    else:
        other = {field: 99 if field == "number" else "9999"}
        changed = event._replace(**other)
    found = verdict([*whole[:place], changed, *whole[place + 1 :]], whole)
    assert found.fault is not None
    assert found.fault.number == place + 1


@unhurried
@given(st.lists(_ENTRIES, min_size=1, max_size=8), st.data())
def test_a_removed_event_is_named(entries: list[Entry], data: st.DataObject) -> None:
    whole = chain(entries)
    place = data.draw(st.integers(0, len(whole) - 1))
    found = verdict(whole[:place] + whole[place + 1 :], whole)
    assert found.fault == (place + 1, "it is missing")


@unhurried
@given(st.lists(_ENTRIES, min_size=2, max_size=8, unique_by=str), st.data())
def test_an_event_put_elsewhere_is_named(entries: list[Entry], data: st.DataObject) -> None:
    whole = chain(entries)
    first, second = sorted(
        data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=2, max_size=2, unique=True))
    )
    moved = list(whole)
    moved[first], moved[second] = (
        whole[second]._replace(number=first + 1), whole[first]._replace(number=second + 1),
    )  # fmt: skip
    found = verdict(moved, whole)
    assert found.fault is not None
    assert found.fault.number == first + 1


@unhurried
@given(st.lists(_ENTRIES, min_size=1, max_size=6), st.lists(_ENTRIES, min_size=1, max_size=6))
def test_a_chain_written_anew_does_not_fit_what_was_kept_elsewhere(
    old: list[Entry], new: list[Entry]
) -> None:
    whole, forged = chain(old), chain(new)
    found = check(forged, (len(forged), forged[-1].digest), {len(whole): whole[-1].digest})
    assert (found.fault is None) == (forged[: len(whole)] == whole)


_TAMPERING = {
    "changed": ("UPDATE audit_events SET actor = 'someone' WHERE number = 3", 3, "its content was changed"),
    "removed": ("DELETE FROM audit_events WHERE number = 3", 3, "it is missing"),
    "last removed": ("DELETE FROM audit_events WHERE number = 5", 5, "it is missing"),
    "details damaged": (
        "UPDATE audit_events SET details = '{' WHERE number = 2",
        2,
        "its content was changed",
    ),
    "all removed": ("DELETE FROM audit_events", 1, "it is missing"),
}


@pytest.mark.parametrize("kind", _TAMPERING)
def test_tampering_with_the_database_is_found(running: Running, kind: str) -> None:
    for _ in range(4):
        running.posted(THERAPY)
    statement, number, what = _TAMPERING[kind]
    store = running.service.store
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text(statement))
    with store.reading() as connection:
        assert audit.verify(connection).fault is None
    _without_triggers(store, statement)
    with store.reading() as connection:
        assert audit.verify(connection).fault == (number, what)


def _without_triggers(store: Store, statement: str) -> None:
    with store.engine.begin() as connection:
        if store.embedded:
            connection.execute(text("DROP TRIGGER audit_events_no_update"))
            connection.execute(text("DROP TRIGGER audit_events_no_delete"))
        else:
            connection.execute(text("DROP TRIGGER audit_events_refuse ON audit_events"))
        connection.execute(text(statement))


def test_processes_that_append_at_once_make_one_chain(database: str) -> None:
    stores = [Store(database) for _ in range(3)]
    migrate(stores[0])

    def work(store: Store, name: str) -> None:
        for _ in range(20):
            store.write(
                lambda connection: audit.append(
                    connection, [Entry("opened", "t", name, "s")], "2026-01-01T00:00:00.000000Z"
                )
            )

    threads = [
        threading.Thread(target=work, args=(store, f"{place}-{number}"))
        for place, store in enumerate(stores)
        for number in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with stores[0].reading() as connection:
        found = audit.verify(connection)
    for store in stores:
        store.close()
    assert (found.events, found.fault) == (120, None)


def test_an_event_of_a_clock_that_stepped_back_says_so_and_keeps_its_place(embedded: str) -> None:
    clock = SettableClock()
    with started(embedded, clock=clock) as running:
        first = running.posted(THERAPY)
        clock.ahead = -86_400
        second = running.posted(THERAPY)
        clock.ahead = 10
        running.posted(THERAPY)
        assert second["created"] < first["created"]
        assert [each["id"] for each in running.client.get("/v1/screenings").json()["screenings"]][1:] == [
            second["id"], first["id"],
        ]  # fmt: skip
        with running.service.store.reading() as connection:
            events = list(audit.events(connection))
            assert audit.verify(connection).fault is None
        marks = [(event.entry.details or {}).get("clock") for event in events]
        earlier = [one.at > other.at for one, other in itertools.pairwise(events)]
        assert [mark == "behind" for mark in marks[1:]] == earlier
        assert sum(earlier) == 1
        assert [event.entry.details for event in events[-3:]] == [None, {"clock": "behind"}, None]


def test_every_deed_leaves_an_event_with_what_it_rested_on(local: Running) -> None:
    stored = local.posted(THERAPY)
    with local.service.store.reading() as connection:
        (event,) = audit.events(connection, subject=stored["id"])
    answer = stored["screening"]
    assert event.entry == Entry(
        "screened", "default", "local", stored["id"], answer["input_digest"], answer["rulebook"]["digest"],
        answer["engine"],
    )  # fmt: skip
