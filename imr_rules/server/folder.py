"""A folder of one running service in the system's temporary directory, and the end of those that were left behind.

A process that is killed removes nothing. So each folder is locked by the process it belongs to, for as long as that
lives: the system lets go of the lock, however the process ends. Whoever starts next removes what nobody holds.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import weakref
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such lock: there nothing that was left is removed
    fcntl = None  # type: ignore[assignment]

PREFIX = "imr-rules-service-"
_UNFINISHED = ".imr-rules-service-"


class Folder:
    """A folder that this user alone may read.

    Attributes:
        path: where it is.
        remove: removes it with all that is in it, once; the end of the process does so too, unless it is killed.
    """

    def __init__(self) -> None:
        for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
            _remove_if_left(left)
        made = Path(tempfile.mkdtemp(prefix=_UNFINISHED))
        lock = None
        if fcntl is not None:
            lock = os.open(made, os.O_RDONLY)
            fcntl.flock(lock, fcntl.LOCK_EX)
        # Nobody ever finds it under its name without its lock.
        self.path = made.rename(made.with_name(PREFIX + made.name.removeprefix(_UNFINISHED)))
        self.remove = weakref.finalize(self, _remove, self.path, lock)


def _remove(path: Path, lock: int | None) -> None:
    shutil.rmtree(path, ignore_errors=True)
    if lock is not None:
        os.close(lock)


def _remove_if_left(folder: Path) -> None:
    """Remove a folder of this user's that no process holds."""
    if fcntl is None:
        return
    with contextlib.suppress(OSError):  # it is another user's, or held, or was removed meanwhile
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            if os.fstat(opened).st_uid != os.geteuid():
                return
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(opened)
