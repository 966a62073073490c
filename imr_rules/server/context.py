"""What every task works with: settings, store, rulebooks, clock, log and metrics of one service."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Concatenate, ParamSpec, TypeVar

from msgspec import Struct

from imr_rules.errors import StoreError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.in_use import in_use
from imr_rules.server.clock import Clock, utc_now
from imr_rules.server.keys import Authenticator
from imr_rules.server.logs import Log
from imr_rules.server.metrics import Metrics
from imr_rules.server.rulebooks import Rulebooks
from imr_rules.server.settings import Settings
from imr_rules.server.store import Store
from imr_rules.server.store.migrate import migrate
from imr_rules.server.workers import OUT_OF_TIME, Workers, is_small

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Service(Struct, frozen=True):
    """One running service. Its tasks are in :mod:`imr_rules.server.tasks`; HTTP is one face of it."""

    settings: Settings
    store: Store
    rulebooks: Rulebooks
    authenticator: Authenticator
    clock: Clock
    log: Log
    metrics: Metrics
    workers: Workers

    @classmethod
    def start(cls, settings: Settings, clock: Clock = utc_now) -> Service:
        """Open the store, bring its tables to this release, and load the rulebook.

        Raises:
            StoreError: the store cannot be opened, or is of a later release.
            RulebookError: the rulebook cannot be loaded.
        """
        log, store, workers = Log(), Store(settings.database), Workers()
        try:
            migrate(store)
            files = in_use(settings.rulebook, settings.layers)
            rulebooks = Rulebooks(store, files, clock, log, workers.hold)
        except BaseException:
            workers.close()
            store.close()
            raise
        if settings.reload_seconds:
            rulebooks.watch(settings.reload_seconds)
        return cls(settings, store, rulebooks, Authenticator(store, clock), clock, log, Metrics(), workers)

    def apart(
        self,
        work: Callable[Concatenate[Rulebook, _P], _T],
        rulebook: Rulebook,
        /,
        *arguments: _P.args,
        **named: _P.kwargs,
    ) -> Future[_T]:
        """Have work that computes and stores nothing done in a process of its own.

        Whoever waits for it ends it when its time is over: :meth:`result` in a thread, ``common.result`` on the loop.
        """
        return self.workers.submit_with(rulebook, work, *arguments, **named)

    def judged(
        self,
        work: Callable[Concatenate[Rulebook, _P], _T],
        rulebook: Rulebook,
        data: Any,
        size: int,
        /,
        *arguments: _P.args,
        **named: _P.kwargs,
    ) -> Future[_T]:
        """Have work about a case of so many bytes done: at once where it is small, else apart."""
        if not is_small(data, size):
            return self.apart(work, rulebook, *arguments, **named)
        done: Future[_T] = Future()
        done.set_result(work(rulebook, *arguments, **named))
        return done

    def result(self, submitted: Future[_T]) -> _T:
        """Wait in a thread for what is done apart.

        Raises:
            StoreError: it takes longer than a request may; the process is ended.
        """
        try:
            return submitted.result(self.settings.request_seconds)
        except TimeoutError:
            submitted.cancel()
            raise StoreError(OUT_OF_TIME) from None

    def close(self) -> None:
        """Write what is waiting and let go of everything."""
        self.rulebooks.close()
        self.workers.close()
        self.store.close()
