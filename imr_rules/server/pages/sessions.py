"""Who is reading: sessions kept in memory, over after half an hour without a request."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Container
from typing import Literal

from msgspec import Struct, field

COOKIE = "imr_rules_session"
IDLE_SECONDS = 30 * 60
"""A session without a request for this long is over."""
LONGEST_SECONDS = 12 * 60 * 60
"""No session lasts longer, whatever it does."""
MOST = 10_000
"""Most sessions at once; beyond that the one that was quiet longest is over."""

Lean = Literal["uphold", "overturn"]


PAGE_SECONDS = 600.0
"""How long the parts of a page go with it: whoever asks for one later, or without the page, opens the case anew."""


class Session(Struct):
    """One reader's session.

    Attributes:
        token: what the cookie holds.
        csrf: what a form must send to be ours.
        key: the API key signed in with; None where none is needed on this machine.
        blind: whether the suggestion is hidden until the reader has given a lean.
        leans: (screening, item) → the reader's own lean, given before the suggestion was shown.
        first_seen: screening → when it was first opened, for the effort that a sign-off records.
        evidence: screening → places of the record that were opened.
        opened: screening → when the audit last noted that this session opened it.
        search: what the worklist is searched, filtered and sorted by.
        reviewer: what the reader's letters say of them: ``states``, ``specialty``, ``id``.
    """

    token: str
    csrf: str
    began: float
    seen: float
    key: str | None = None
    blind: bool = False
    leans: dict[tuple[str, str], Lean] = field(default_factory=dict)
    first_seen: dict[str, float] = field(default_factory=dict)
    evidence: dict[str, dict[tuple[str, int | None], None]] = field(default_factory=dict)
    opened: dict[str, float] = field(default_factory=dict)
    search: dict[str, str] = field(default_factory=dict)
    reviewer: dict[str, str] = field(default_factory=dict)

    def opens(self, screening: str, now: float) -> bool:
        """Whether something of a screening is opened anew, rather than one more part of a page that was opened lately."""
        before = self.opened.get(screening, float("-inf"))
        if now - before < PAGE_SECONDS:
            return False
        self.opened[screening] = now
        return True

    def hides(self, screening: str, item: str, signed: Container[str]) -> bool:
        """Whether an item's suggestion is hidden: until a reader who asked for that has given a lean, or it is signed."""
        return self.blind and (screening, item) not in self.leans and item not in signed

    def carry(self, before: str, after: str) -> None:
        """Take what was done about a screening along to the one that amends it."""
        leans = {item: lean for (screening, item), lean in self.leans.items() if screening == before}
        self.leans.update({(after, item): lean for item, lean in leans.items()})
        if before in self.first_seen:
            self.first_seen[after] = self.first_seen[before]
        self.evidence[after] = dict(self.evidence.get(before, {}))

    def ours(self, given: str | None) -> bool:
        """Whether a form's token is this session's."""
        return given is not None and hmac.compare_digest(self.csrf.encode(), given.encode())


class Sessions:
    """Every session there is."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_token: OrderedDict[str, Session] = OrderedDict()

    def begin(self, key: str | None = None) -> Session:
        """Return a new session; whoever signs in always gets one."""
        now = self._clock()
        session = Session(secrets.token_urlsafe(32), secrets.token_urlsafe(32), now, now, key)
        with self._lock:
            self._by_token[session.token] = session
            while len(self._by_token) > MOST:
                self._by_token.popitem(last=False)
        return session

    def find(self, token: str | None) -> Session | None:
        """Return the session of a cookie, or None where it is over."""
        with self._lock:
            session = self._by_token.get(token or "")
            if session is None:
                return None
            now = self._clock()
            if now - session.seen > IDLE_SECONDS or now - session.began > LONGEST_SECONDS:
                del self._by_token[session.token]
                return None
            session.seen = now
            self._by_token.move_to_end(session.token)
            return session

    def end(self, session: Session) -> None:
        """End a session."""
        with self._lock:
            self._by_token.pop(session.token, None)
