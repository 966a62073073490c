"""The audit: append-only, hash-chained events. It knows nothing of what the store holds."""

from imr_rules.server.audit.chain import append, events, head, touch
from imr_rules.server.audit.event import Entry, Event
from imr_rules.server.audit.verify import Fault, Verdict, verify

__all__ = ["Entry", "Event", "Fault", "Verdict", "append", "events", "head", "touch", "verify"]
