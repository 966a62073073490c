"""Which rulebook answers now, and every one that ever did.

The one in use is exchanged whole: a request that began with the old one ends with it, and no request waits.
"""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection

from imr_rules.errors import InputError, NotFoundError, Problem, RulebookError
from imr_rules.rulebook import Rulebook
from imr_rules.rulebook.digest import rulebook_digest
from imr_rules.rulebook.in_use import InUse
from imr_rules.server import audit
from imr_rules.server.audit import Entry
from imr_rules.server.clock import Clock, say_time
from imr_rules.server.logs import Log
from imr_rules.server.store import Store, archive

MOST_LOADED = 4
"""Older rulebooks kept loaded, for replays."""


class Rulebooks:
    """The rulebook in use, watched for changes, and the archive of those used before."""

    def __init__(
        self, store: Store, files: InUse, clock: Clock, log: Log, hold: Callable[[Rulebook], None]
    ) -> None:
        self._store, self._clock, self._log, self._hold = store, clock, log, hold
        self._directories = files.directories
        self._loading = threading.Lock()
        self._older: OrderedDict[str, Rulebook] = OrderedDict()
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None
        self._refused = ""
        self.current = self._load()
        self._keep(self.current)

    @property
    def stale(self) -> bool:
        """Whether the files hold a rulebook that cannot be used, so that the one before answers."""
        return bool(self._refused)

    def get(self, digest: str) -> Rulebook:
        """Return the rulebook of a digest, from the archive if need be.

        Raises:
            NotFoundError: none of this digest was ever used here.
        """
        if digest == self.current.digest:
            return self.current
        with self._loading:
            found = self._older.get(digest)
            if found is None:
                found = self._older[digest] = self._from_archive(digest)
                while len(self._older) > MOST_LOADED:
                    self._older.popitem(last=False)
            self._older.move_to_end(digest)
            return found

    def reload(self) -> bool:
        """Take up the files as they are now; return whether another rulebook answers since.

        Files that make no rulebook leave the one in use where it is, and are logged.
        """
        with self._loading:
            digest = rulebook_digest(*self._directories)
            if digest in (self.current.digest, self._refused):
                if digest == self.current.digest:
                    self._refused = ""
                return False
            try:
                loaded = self._load()
                self._keep(loaded)
                self._hold(loaded)
            except InputError as error:
                self._refused = digest
                self._log.say("rulebook refused", rulebook=digest, error=error.problems[0].code)
                return False
            self.current, self._refused = loaded, ""
        self._log.say("rulebook in use", rulebook=loaded.digest)
        return True

    def watch(self, seconds: float) -> None:
        """Look at the files every so often from now on."""
        self._watcher = threading.Thread(
            target=self._watch, args=(seconds,), name="imr-rules rulebook", daemon=True
        )
        self._watcher.start()

    def close(self) -> None:
        """Stop watching."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join()

    def _watch(self, seconds: float) -> None:
        seen: frozenset[tuple[str, int, int]] = (
            frozenset()
        )  # so that what changed since it was loaded is seen
        while not self._stop.wait(seconds):
            try:
                stamp = _stamp(self._directories)
                if stamp != seen or self._refused:
                    self.reload()
                    seen = stamp
            except (
                Exception
            ) as error:  # half-written files, a store that is away, no open files left: try again
                self._log.say("rulebook not reloaded", error=type(error).__name__)

    def _load(self) -> Rulebook:
        loaded = Rulebook.load(*self._directories)
        if rulebook_digest(*self._directories) != loaded.digest:
            raise RulebookError(Problem("changed-meanwhile", "the rulebook was changed while it was read"))
        return loaded

    def _keep(self, loaded: Rulebook) -> None:
        files = archive.pack(self._directories)
        at = say_time(self._clock())
        entry = Entry("rulebook_loaded", "", "local", loaded.digest, rulebook_digest=loaded.digest)
        if archive.digest(files) != loaded.digest:  # what is kept is what was loaded, to the byte
            raise RulebookError(Problem("changed-meanwhile", "the rulebook was changed while it was read"))

        def work(connection: Connection) -> None:
            if archive.keep(connection, loaded.digest, loaded.version, files, at):
                audit.append(connection, [entry], at)

        self._store.write(work)

    def _from_archive(self, digest: str) -> Rulebook:
        with self._store.reading() as connection:
            files = archive.fetch(connection, digest)
        with tempfile.TemporaryDirectory() as folder:
            found = Rulebook.load(*archive.unpack(files, Path(folder)), cached=False)
        if found.digest != digest:
            raise NotFoundError(Problem("archive-damaged", "the rulebook in the archive is not what it was"))
        return found


def _stamp(directories: tuple[Path, ...]) -> frozenset[tuple[str, int, int]]:
    """Return what changes whenever a file of a rulebook does, without reading one."""
    found = set()
    for path in (each for directory in directories for each in directory.glob("**/*.yaml")):
        try:
            about = path.stat()
        except OSError:
            continue
        found.add((str(path), about.st_size, about.st_mtime_ns))
    return frozenset(found)
