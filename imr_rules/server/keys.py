"""API keys: making, replacing and revoking them, and who a request comes from.

A key is ``imr_<id>_<secret>``: the id names it in logs and the audit, the secret holds 256 random bits, and the
store keeps SHA-256 of the whole. That is enough for a secret nobody could guess; a slow hash is for passwords.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal, NamedTuple, get_args

from sqlalchemy import Connection

from imr_rules.errors import (
    AuthenticationError,
    ConflictError,
    NotFoundError,
    Place,
    Problem,
    ServiceError,
    nearest,
)
from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import Clock, say_time, utc_now
from imr_rules.server.store import Store
from imr_rules.server.store import keys as stored
from imr_rules.server.store.keys import Key

Scope = Literal["screen", "read", "sign", "admin"]
"""``screen``: send cases. ``read``: read what is stored. ``sign``: sign off. ``admin``: see the service's metrics."""

SCOPES: tuple[Scope, ...] = get_args(Scope)
DEFAULT_TENANT = "default"
SECONDS = 1.0
"""How long the keys read from the store hold: a key that is revoked opens nothing after that."""

_TENANT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_KEY = re.compile(r"imr_(?P<id>[0-9a-f]{16})_[A-Za-z0-9_-]{43}")


class Actor(NamedTuple):
    """Who asks: a key's tenant, its id and what it may do."""

    tenant: str
    id: str
    scopes: frozenset[str]


LOCAL = Actor(DEFAULT_TENANT, "local", frozenset(SCOPES))
"""Whoever sits at this machine, while there is no key at all."""


class Authenticator:
    """Tells who asks, by the keys in the store as they were at most :data:`SECONDS` ago."""

    def __init__(self, store: Store, clock: Clock = utc_now) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._by_secret: dict[str, Key] = {}

    def fresh(self) -> bool:
        """Whether :meth:`refresh` need not be called before :meth:`recognize`."""
        return time.monotonic() - self._read_at < SECONDS

    def refresh(self) -> None:
        """Read the keys from the store.

        Raises:
            StoreError: it cannot be read.
        """
        with self._lock:
            if self.fresh():
                return
            now = time.monotonic()
            with self._store.reading() as connection:
                self._by_secret = {key.secret: key for key in stored.every(connection)}
            self._read_at = now

    @property
    def open(self) -> bool:
        """Whether there is no key yet, so that none is asked for on this machine."""
        return not self._by_secret

    def recognize(self, authorization: str | None) -> Actor:
        """Return who an ``Authorization`` header speaks for.

        Raises:
            AuthenticationError: nobody who may ask.
        """
        scheme, _, token = (authorization or "").partition(" ")
        hint = "send Authorization: Bearer <key>; imr-rules keys create makes one"
        if scheme.lower() != "bearer" or not token:
            raise AuthenticationError(Problem("no-key", "a key is needed", hint=hint))
        key = self._by_secret.get(_digest(token.strip()))
        if key is None or not key.valid(say_time(self._clock())):
            raise AuthenticationError(Problem("bad-key", "this key is not valid", hint=hint))
        return Actor(key.tenant, key.id, frozenset(key.scopes))


def create(
    store: Store,
    *,
    scopes: Iterable[str],
    tenant: str = DEFAULT_TENANT,
    name: str = "",
    days: int | None = None,
    clock: Clock = utc_now,
) -> tuple[Key, str]:
    """Make a key; return it and its text, which is kept nowhere.

    Raises:
        ServiceError: a scope or a tenant's name that cannot be.
    """
    chosen = _scopes(scopes)
    if not _TENANT.fullmatch(tenant):
        what = "a tenant is named with small letters, digits, dots and dashes, at most 64"
        raise ServiceError(Problem("not-a-tenant", what, Place("--tenant")))
    key, text = _new(tenant, name[:64], chosen, days, clock)

    def work(connection: Connection) -> None:
        stored.add(connection, key)
        _note(connection, "key_created", key, clock)

    store.write(work)
    return key, text


def listed(store: Store) -> list[Key]:
    """Return every key there ever was, oldest first."""
    with store.reading() as connection:
        return stored.every(connection)


def rotate(store: Store, id: str, *, hours: int = 24, clock: Clock = utc_now) -> tuple[Key, str]:
    """Make a key that may do what another one may; that one opens nothing ``hours`` from now.

    Raises:
        NotFoundError: there is no key of this id.
        ConflictError: it is no longer valid.
    """
    old = _find(store, id)
    now = clock()
    if not old.valid(say_time(now)):
        hint = "make a new one with imr-rules keys create"
        raise ConflictError(Problem("key-not-valid", "this key is no longer valid", Place("ID"), hint))
    key, text = _new(old.tenant, old.name, old.scopes, None, clock)
    key = key._replace(expires=old.expires, replaces=old.id)

    def work(connection: Connection) -> None:
        stored.add(connection, key)
        _note(connection, "key_created", key, clock)
        if stored.revoke(connection, old.id, say_time(now + timedelta(hours=hours))):
            _note(connection, "key_revoked", old, clock)

    store.write(work)
    return key, text


def revoke(store: Store, id: str, *, clock: Clock = utc_now) -> Key:
    """Revoke a key now.

    Raises:
        NotFoundError: there is no key of this id.
        ConflictError: it is revoked already.
    """
    key = _find(store, id)

    def work(connection: Connection) -> bool:
        done = stored.revoke(connection, key.id, say_time(clock()))
        if done:
            _note(connection, "key_revoked", key, clock)
        return done

    if not store.write(work):
        raise ConflictError(Problem("key-revoked", "this key is revoked already", Place("ID")))
    return key


def _find(store: Store, id: str) -> Key:
    known = {key.id: key for key in listed(store)}
    if id not in known:
        hint = nearest(id, known) or "imr-rules keys list lists them"
        raise NotFoundError(Problem("not-found", "there is no key of this id", Place("ID"), hint))
    return known[id]


def _new(tenant: str, name: str, scopes: tuple[str, ...], days: int | None, clock: Clock) -> tuple[Key, str]:
    id = secrets.token_hex(8)
    text = f"imr_{id}_{secrets.token_urlsafe(32)}"
    now = clock()
    expires = None if days is None else say_time(now + timedelta(days=days))
    return Key(id, tenant, name, scopes, _digest(text), say_time(now), expires), text


def _note(
    connection: Connection, kind: Literal["key_created", "key_revoked"], key: Key, clock: Clock
) -> None:
    details = {"scopes": list(key.scopes)}
    audit.append(connection, [Entry(kind, key.tenant, "local", key.id, details=details)], say_time(clock()))


def _scopes(given: Iterable[str]) -> tuple[str, ...]:
    wanted = list(dict.fromkeys(given))
    for each in wanted:
        if each not in SCOPES:
            hint = nearest(each, SCOPES) or "there are " + ", ".join(SCOPES)
            raise ServiceError(Problem("not-a-scope", "there is no such scope", Place("--scopes"), hint))
    if not wanted:
        raise ServiceError(Problem("no-scope", "a key needs at least one scope", Place("--scopes")))
    return tuple(each for each in SCOPES if each in wanted)


def _digest(text: str) -> str:
    # What is compared are digests, looked up in a table: how long that takes says nothing about the key.
    return hashlib.sha256(text.encode()).hexdigest() if _KEY.fullmatch(text) else ""
