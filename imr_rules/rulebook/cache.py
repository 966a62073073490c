"""Checked rulebooks kept on disk, so that a process need not read and check their files again.

An entry is the pickle of a :class:`~imr_rules.rulebook.loaded.Loaded` behind its own SHA-256. Its name says all
that it depends on: the rulebook's bytes and place, this package's code, and the Python that wrote it; an
entry is never out of date, only no longer asked for.

Unpickling runs what the pickle says, so nothing is read but what this user alone could have written: the
directory and the file belong to the user, nobody else may enter or write them, and neither is a link. Where
that does not hold, where it cannot be told (Windows), or where anything at all goes wrong, there is no cache
and the rulebook is read from its files.

The directory is ``imr-rules`` in ``$XDG_CACHE_HOME``, or in ``~/.cache``. The environment variable
``IMR_RULES_CACHE`` names another one, which must be private to the user (mode 0700; it is made where it is
missing), or switches the cache off: ``IMR_RULES_CACHE=off``.
"""

from __future__ import annotations

import gc
import hashlib
import os
import pickle
import stat
import sys
from pathlib import Path

from imr_rules._version import __version__
from imr_rules.rulebook.loaded import Loaded

ENVIRONMENT = "IMR_RULES_CACHE"
MOST_ENTRIES = 8
"""Entries kept; those written longest ago make room."""

_PACKAGE = Path(__file__).resolve().parents[1]
_ENDING = ".rulebook"
_MADE_OF = (".py", ".yaml", ".csv")
"""What the files of this package end in that a loaded rulebook is made by: its modules, and the words they know."""


def fetch(digest: str, directories: tuple[Path, ...]) -> Loaded | None:
    """Return the rulebook of this digest that was read from these directories before, or None."""
    folder = _folder()
    if folder is None:
        return None
    try:
        content = _read_own(folder / _name(digest, directories))
        checksum, payload = content[:32], content[32:]
        if hashlib.sha256(payload).digest() != checksum:
            return None
        found = _unpickled(payload)
        return found if isinstance(found, Loaded) else None
    except Exception:  # not there, not ours, or not readable by this Python: read the files instead
        return None


def _unpickled(payload: bytes) -> object:
    """Return what was pickled; nothing of it is garbage, so that it is not looked through for any meanwhile."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return pickle.loads(payload)
    finally:
        if collecting:
            gc.enable()


def keep(digest: str, directories: tuple[Path, ...], loaded: Loaded) -> None:
    """Keep a rulebook for the next process. That it could not be kept is nobody's concern."""
    folder = _folder(make=True)
    if folder is None:
        return
    import tempfile

    try:
        payload = pickle.dumps(loaded, pickle.HIGHEST_PROTOCOL)
        handle, unfinished = tempfile.mkstemp(dir=folder)  # readable and writable by the user alone
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(hashlib.sha256(payload).digest() + payload)
            os.replace(unfinished, folder / _name(digest, directories))
        except BaseException:
            os.unlink(unfinished)
            raise
        entries = sorted(folder.glob(f"*{_ENDING}"), key=lambda path: path.stat().st_mtime_ns)
        for path in entries[:-MOST_ENTRIES]:
            path.unlink(missing_ok=True)
    except (OSError, pickle.PicklingError):
        return


def _folder(*, make: bool = False) -> Path | None:
    """Return the directory of the cache where it is there and private to this user, else None."""
    wanted = os.environ.get(ENVIRONMENT)
    if wanted == "off" or not hasattr(os, "geteuid"):
        return None
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    folder = Path(wanted) if wanted else Path(home) / "imr-rules"
    if not folder.is_absolute():
        return None
    try:
        if make:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return None
    private = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return folder if private else None


def _read_own(path: Path) -> bytes:
    """Return the bytes of a plain file that this user alone may write."""
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as stream:
        found = os.fstat(stream.fileno())
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
            raise PermissionError(path)
        return stream.read()


def _name(digest: str, directories: tuple[Path, ...]) -> str:
    """Return the name of an entry, from all that it depends on."""
    parts = [digest, *map(str, directories), __version__, sys.version, sys.implementation.cache_tag, *_code()]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest() + _ENDING


def _code() -> list[str]:
    """Return what changes whenever a file of this package does: a checkout is edited without a new version."""
    found = []
    for folder, _, names in os.walk(_PACKAGE):
        for name in names:
            if name.endswith(_MADE_OF):
                about = os.stat(os.path.join(folder, name))
                found.append(f"{folder}/{name} {about.st_size} {about.st_mtime_ns}")
    return sorted(found)
