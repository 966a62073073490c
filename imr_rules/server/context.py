"""What every task works with: settings, store, rulebooks, clock, log and metrics of one service."""

from __future__ import annotations

from dataclasses import dataclass

from imr_rules.rulebook.in_use import in_use
from imr_rules.server.clock import Clock, utc_now
from imr_rules.server.keys import Authenticator
from imr_rules.server.logs import Log
from imr_rules.server.metrics import Metrics
from imr_rules.server.rulebooks import Rulebooks
from imr_rules.server.settings import Settings
from imr_rules.server.store import Store
from imr_rules.server.store.migrate import migrate

__all__ = ["Service"]


@dataclass(frozen=True)
class Service:
    """One running service. Its tasks are in :mod:`imr_rules.server.tasks`; HTTP is one face of it."""

    settings: Settings
    store: Store
    rulebooks: Rulebooks
    authenticator: Authenticator
    clock: Clock
    log: Log
    metrics: Metrics

    @classmethod
    def start(cls, settings: Settings, clock: Clock = utc_now) -> Service:
        """Open the store, bring its tables to this release, and load the rulebook.

        Raises:
            StoreError: the store cannot be opened, or is of a later release.
            RulebookError: the rulebook cannot be loaded.
        """
        log, store = Log(), Store(settings.database)
        try:
            migrate(store)
            rulebooks = Rulebooks(store, in_use(settings.rulebook, settings.layers), clock, log)
        except BaseException:
            store.close()
            raise
        if settings.reload_seconds:
            rulebooks.watch(settings.reload_seconds)
        return cls(settings, store, rulebooks, Authenticator(store, clock), clock, log, Metrics())

    def close(self) -> None:
        """Write what is waiting and let go of everything."""
        self.rulebooks.close()
        self.store.close()
