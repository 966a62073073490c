"""Whether the chain is whole: no event changed, removed, added between or put elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import NamedTuple

from sqlalchemy import Connection

from imr_rules.server.audit.chain import events, head
from imr_rules.server.audit.event import GENESIS, Event, digest_of


class Fault(NamedTuple):
    """The first event that is not as it was appended: its number, and what is wrong with it."""

    number: int
    what: str


class Verdict(NamedTuple):
    """How many events were found whole, the digest of the last of them, and the first fault, if any."""

    events: int
    digest: str
    fault: Fault | None


def verify(connection: Connection, *, number: int | None = None, digest: str | None = None) -> Verdict:
    """Check the whole chain.

    Args:
        connection: over which it is read.
        number, digest: how many events there were at some earlier time, and the digest of the last one, as
            kept outside the store. A chain rewritten from its beginning fits itself; it does not fit these.
    """
    kept = {number: digest} if number is not None else {}
    end = head(connection)
    with closing(events(connection)) as chain:  # one that is not whole is not read to its end
        return check(chain, end, kept)


def check(chain: Iterable[Event], end: tuple[int, str], kept: dict[int, str | None]) -> Verdict:
    """Check events in their order against the head of the chain and digests kept outside the store."""
    count, previous, last = 0, GENESIS, ""
    for event in chain:
        fault = _fault(event, count + 1, previous, last) or (
            "it is not the event that was here when its digest was noted"
            if kept.get(event.number, event.digest) != event.digest
            else None
        )
        if fault:
            return Verdict(count, previous, Fault(count + 1, fault))
        count, previous, last = event.number, event.digest, event.at
    if (count, previous) != end:
        what = "it is missing" if count < end[0] else "the head of the chain is not its last event"
        return Verdict(count, previous, Fault(count + 1, what))
    missing = [number for number in kept if number > count]
    if missing:
        return Verdict(count, previous, Fault(count + 1, "it is missing"))
    return Verdict(count, previous, None)


def _fault(event: Event, number: int, previous: str, last: str) -> str | None:
    if event.number != number:
        return "it is missing"
    if event.previous != previous:
        return "it does not follow the event before it"
    if event.digest != digest_of(event.number, event.at, event.entry, event.previous):
        return "its content was changed"
    if event.at < last and (event.entry.details or {}).get("clock") != "behind":
        return "it is earlier than the event before it"
    return None
